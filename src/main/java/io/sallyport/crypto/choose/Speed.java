package io.sallyport.crypto.choose;

import io.sallyport.base.Secret;
import io.sallyport.base.packet.PacketBatch;
import io.sallyport.crypto.engine.CryptoEngine;
import io.sallyport.crypto.engine.PacketCipher;
import io.sallyport.crypto.suite.EspSuite;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.function.LongSupplier;

/// How long an engine takes for one packet of one suite, in nanoseconds; the least of several
/// rounds, because whatever disturbs makes it longer.
///
/// @param octets of the payload, without header, IV and ICV
/// @param burst packets of a run
public record Speed(int octets, int burst, double sealNanos, double openNanos) {
    private static final int HEADER = 8;

    /// Rounds of the time given.
    private static final int ROUNDS = 8;

    /// A figure is trusted when this many rounds made it no better by [#BETTER]: the compiler is
    /// done then.
    private static final int STEADY = 4;

    private static final double BETTER = 0.97;

    /// It is given up waiting for after so many times the time given.
    private static final int PATIENCE = 20;

    /// Seals and opens packets under keys of no meaning for at least `budgetNanos`.
    ///
    /// @param clock a monotonic one, in nanoseconds
    public static Speed measure(
            CryptoEngine engine,
            EspSuite suite,
            int octets,
            int burst,
            long budgetNanos,
            LongSupplier clock) {
        int block = Math.max(4, suite.cipher().encryption().blockOctets());
        int length =
                HEADER
                        + suite.cipher().encryption().ivOctets()
                        + (octets + block - 1) / block * block
                        + suite.icvOctets();
        try (Arena arena = Arena.ofConfined();
                Secret key = counting(suite.cipher().keyingOctets());
                Secret integrityKey = counting(suite.integrity().keyOctets());
                PacketCipher sealer = engine.sealer(suite, key, integrityKey);
                PacketCipher opener = engine.opener(suite, key, integrityKey)) {
            PacketBatch batch = new PacketBatch(arena, burst, length + 64 & -64, 0);
            long whole = burst == 64 ? -1L : (1L << burst) - 1;
            long begin = clock.getAsLong();
            double sealing = Double.MAX_VALUE;
            double opening = Double.MAX_VALUE;
            int sequence = 0;
            int steady = 0;
            for (int round = 1; round <= ROUNDS * PATIENCE; round++) {
                double before = sealing + opening;
                long roundEnd = clock.getAsLong() + budgetNanos / ROUNDS;
                do {
                    fill(batch, length, sequence);
                    sequence += burst;
                    long begun = clock.getAsLong();
                    sealer.seal(batch, 0, burst);
                    long sealed = clock.getAsLong();
                    long authentic = opener.open(batch, 0, burst);
                    long opened = clock.getAsLong();
                    if (authentic != whole) {
                        throw new IllegalStateException(engine.name() + " refused its own packet");
                    }
                    sealing = Math.min(sealing, (double) (sealed - begun) / burst);
                    opening = Math.min(opening, (double) (opened - sealed) / burst);
                } while (clock.getAsLong() < roundEnd);
                steady = sealing + opening < before * BETTER ? 0 : steady + 1;
                if (round >= ROUNDS && steady >= STEADY
                        || clock.getAsLong() - begin > PATIENCE * budgetNanos) {
                    break;
                }
            }
            return new Speed(octets, burst, sealing, opening);
        }
    }

    private static void fill(PacketBatch batch, int length, int sequence) {
        batch.clear();
        MemorySegment memory = batch.memory();
        for (int n = 0; n < batch.capacity(); n++) {
            int i = batch.add();
            batch.place(i, batch.slotStart(i), length);
            memory.set(PacketBatch.BE32, batch.start(i), 0x4321);
            memory.set(PacketBatch.BE32, batch.start(i) + 4, sequence + n + 1);
        }
    }

    private static Secret counting(int octets) {
        byte[] key = new byte[octets];
        for (int i = 0; i < octets; i++) {
            key[i] = (byte) (i + 1);
        }
        return Secret.owned(key);
    }
}
