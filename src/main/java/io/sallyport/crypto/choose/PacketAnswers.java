package io.sallyport.crypto.choose;

import io.sallyport.base.Octets;
import io.sallyport.base.Secret;
import io.sallyport.base.packet.PacketBatch;
import io.sallyport.crypto.engine.CryptoEngine;
import io.sallyport.crypto.engine.PacketCipher;
import io.sallyport.crypto.suite.Encryption;
import io.sallyport.crypto.suite.EspSuite;
import io.sallyport.crypto.suite.Group;
import io.sallyport.crypto.suite.Integrity;
import io.sallyport.crypto.suite.Prf;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.Arrays;

/// Known answers of the packet ciphers.
///
/// A published packet is opened: that proves decryption, AAD and tag. The HMAC over it is that of a
/// PRF that has given its known answers. Then what the engine seals is opened again, with and
/// without one flipped bit: that proves sealing. All of it once with one packet and once with a run
/// of them, for which an engine may have another way.
final class PacketAnswers {
    private static final int SLOT = 512;
    private static final int HEADER = 8;
    private static final int RUN = 21;

    private PacketAnswers() {}

    /// @param prfs has the PRF of the suite's integrity
    static void check(CryptoEngine engine, CryptoEngine prfs, EspSuite suite) throws WrongAnswer {
        try (Arena arena = Arena.ofConfined()) {
            PacketBatch batch = new PacketBatch(arena, RUN, SLOT, 0);
            Published published = published(prfs, suite);
            for (int packets : new int[] {1, RUN}) {
                open(engine, published, packets, batch);
                roundTrip(engine, suite, packets, batch);
            }
        }
    }

    private static Secret counting(int octets) {
        byte[] key = new byte[octets];
        for (int i = 0; i < octets; i++) {
            key[i] = (byte) (i + 1);
        }
        return Secret.owned(key);
    }

    /// A packet as it stands in an RFC, with the ICV of this suite behind it.
    private record Published(EspSuite suite, CipherVector vector, Octets packet, int high) {}

    private static Published published(CryptoEngine prfs, EspSuite asked) throws WrongAnswer {
        CipherVector vector = CipherVector.of(asked.cipher());
        Octets header = vector.header();
        boolean esn = header.length() == 12;
        EspSuite suite = new EspSuite(asked.cipher(), asked.integrity(), Group.NONE, esn);
        int high = 0;
        if (esn) {
            high = header.buffer().getInt(4);
            header = Octets.concat(header.slice(0, 4), header.slice(8, 12));
        }
        Octets body = Octets.concat(header, vector.iv(), vector.sealed());
        if (suite.integrity() == Integrity.NONE) {
            return new Published(
                    suite, vector, body.slice(0, body.length() - 16 + suite.icvOctets()), high);
        }
        Prf prf = Prf.of(suite.integrity());
        WrongAnswer.unless(prfs.offers(prf), "nobody knows " + prf);
        try (Secret macKey = counting(suite.integrity().keyOctets())) {
            Octets hashed = esn ? Octets.concat(body, Octets.ofInt(high)) : body;
            Octets icv = prfs.prf(prf).hash(macKey, hashed).slice(0, suite.icvOctets());
            return new Published(suite, vector, Octets.concat(body, icv), high);
        }
    }

    private static void open(
            CryptoEngine engine, Published published, int packets, PacketBatch batch)
            throws WrongAnswer {
        CipherVector vector = published.vector();
        batch.clear();
        for (int i = 0; i < packets; i++) {
            add(batch, published.packet(), published.high());
        }
        try (Secret key = vector.key();
                Secret macKey = counting(published.suite().integrity().keyOctets());
                PacketCipher opener = engine.opener(published.suite(), key, macKey)) {
            WrongAnswer.unless(
                    opener.open(batch, 0, packets) == (1L << packets) - 1,
                    vector.source() + " was not authentic");
        }
        int at = HEADER + vector.iv().length();
        for (int i = 0; i < packets; i++) {
            Octets opened =
                    Octets.owned(
                            Arrays.copyOfRange(batch.copy(i), at, at + vector.plain().length()));
            WrongAnswer.unlessEqual(vector.plain(), opened, vector.source());
        }
    }

    private static void roundTrip(
            CryptoEngine engine, EspSuite suite, int packets, PacketBatch batch)
            throws WrongAnswer {
        Encryption encryption = suite.cipher().encryption();
        int payload = HEADER + encryption.ivOctets();
        int high = suite.esn() ? 0x0a0b0c0d : 0;
        byte[][] clear = new byte[packets][];
        batch.clear();
        for (int n = 0; n < packets; n++) {
            // Of several lengths, for a burst has to keep them apart
            int plain = (7 + n * 5 % 11) * Math.max(4, encryption.blockOctets());
            clear[n] = new byte[payload + plain + suite.icvOctets()];
            ByteBuffer.wrap(clear[n]).putInt(0x4321).putInt(7 + n);
            for (int i = 0; i < plain; i++) {
                clear[n][payload + i] = (byte) (i + n);
            }
            add(batch, Octets.of(clear[n]), high);
        }
        try (Secret key = counting(suite.cipher().keyingOctets());
                Secret macKey = counting(suite.integrity().keyOctets());
                PacketCipher sealer = engine.sealer(suite, key, macKey);
                PacketCipher opener = engine.opener(suite, key, macKey)) {
            sealer.seal(batch, 0, packets);
            byte[][] sealed = new byte[packets][];
            for (int n = 0; n < packets; n++) {
                sealed[n] = batch.copy(n);
            }
            int broken = packets / 2;
            for (int flipped : new int[] {0, 4, HEADER, payload, clear[broken].length - 1}) {
                refill(batch, sealed, high);
                MemorySegment memory = batch.memory();
                int at = batch.start(broken) + flipped;
                memory.set(PacketBatch.U8, at, (byte) (memory.get(PacketBatch.U8, at) ^ 1));
                WrongAnswer.unless(
                        opener.open(batch, 0, packets) == ((1L << packets) - 1 & ~(1L << broken)),
                        "took a packet with a flipped bit");
            }
            refill(batch, sealed, high);
            WrongAnswer.unless(
                    opener.open(batch, 0, packets) == (1L << packets) - 1,
                    "refused its own packet");
            for (int n = 0; n < packets; n++) {
                int end = clear[n].length - suite.icvOctets();
                WrongAnswer.unless(
                        Arrays.equals(clear[n], payload, end, batch.copy(n), payload, end),
                        "did not get its own packet back");
                WrongAnswer.unless(
                        encryption == Encryption.NULL
                                || !Arrays.equals(clear[n], payload, end, sealed[n], payload, end),
                        "did not encrypt");
            }
        }
    }

    private static void refill(PacketBatch batch, byte[][] packets, int sequenceHigh) {
        batch.clear();
        for (byte[] packet : packets) {
            add(batch, Octets.of(packet), sequenceHigh);
        }
    }

    private static void add(PacketBatch batch, Octets packet, int sequenceHigh) {
        int i = batch.add();
        batch.fill(i, packet.toArray(), 0, packet.length());
        batch.sequenceHigh(i, sequenceHigh);
    }
}
