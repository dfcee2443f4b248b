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
/// A published packet is opened: that proves decryption, AAD and tag. The HMAC over it is that of
/// the engine's own PRF, which has to give its known answers first. Then what the engine seals is
/// opened again, with and without one flipped bit: that proves sealing.
final class PacketAnswers {
    private static final int SLOT = 512;
    private static final int HEADER = 8;

    private PacketAnswers() {}

    static void check(CryptoEngine engine, EspSuite suite) throws WrongAnswer {
        try (Arena arena = Arena.ofConfined()) {
            PacketBatch batch = new PacketBatch(arena, 2, SLOT, 0);
            published(engine, suite, batch);
            roundTrip(engine, suite, batch);
        }
    }

    private static Secret counting(int octets) {
        byte[] key = new byte[octets];
        for (int i = 0; i < octets; i++) {
            key[i] = (byte) (i + 1);
        }
        return Secret.owned(key);
    }

    private static void published(CryptoEngine engine, EspSuite asked, PacketBatch batch)
            throws WrongAnswer {
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
        try (Secret key = vector.key();
                Secret macKey = counting(suite.integrity().keyOctets())) {
            Octets packet;
            if (suite.integrity() == Integrity.NONE) {
                packet = body.slice(0, body.length() - 16 + suite.icvOctets());
            } else {
                Prf prf = Prf.of(suite.integrity());
                PrfAnswers.check(engine, prf);
                Octets icv = engine.prf(prf).hash(macKey, body).slice(0, suite.icvOctets());
                packet = Octets.concat(body, icv);
            }
            fill(batch, packet, high);
            try (PacketCipher opener = engine.opener(suite, key, macKey)) {
                WrongAnswer.unless(
                        opener.open(batch, 0, 1) == 1, vector.source() + " was not authentic");
            }
            int at = HEADER + vector.iv().length();
            Octets opened =
                    Octets.owned(
                            Arrays.copyOfRange(batch.copy(0), at, at + vector.plain().length()));
            WrongAnswer.unlessEqual(vector.plain(), opened, vector.source());
        }
    }

    private static void roundTrip(CryptoEngine engine, EspSuite suite, PacketBatch batch)
            throws WrongAnswer {
        Encryption encryption = suite.cipher().encryption();
        int plain = 7 * Math.max(4, encryption.blockOctets());
        int payload = HEADER + encryption.ivOctets();
        byte[] clear = new byte[payload + plain + suite.icvOctets()];
        ByteBuffer.wrap(clear).putInt(0x4321).putInt(7);
        for (int i = 0; i < plain; i++) {
            clear[payload + i] = (byte) i;
        }
        Octets packet = Octets.of(clear);
        int high = suite.esn() ? 0x0a0b0c0d : 0;
        try (Secret key = counting(suite.cipher().keyingOctets());
                Secret macKey = counting(suite.integrity().keyOctets());
                PacketCipher sealer = engine.sealer(suite, key, macKey);
                PacketCipher opener = engine.opener(suite, key, macKey)) {
            fill(batch, packet, high);
            sealer.seal(batch, 0, 1);
            Octets sealed = Octets.owned(batch.copy(0));
            for (int flipped : new int[] {0, 4, HEADER, payload, clear.length - 1}) {
                fill(batch, sealed, high);
                MemorySegment memory = batch.memory();
                byte octet = memory.get(PacketBatch.U8, flipped);
                memory.set(PacketBatch.U8, flipped, (byte) (octet ^ 1));
                WrongAnswer.unless(
                        opener.open(batch, 0, 1) == 0, "took a packet with a flipped bit");
            }
            fill(batch, sealed, high);
            WrongAnswer.unless(opener.open(batch, 0, 1) == 1, "refused its own packet");
            WrongAnswer.unless(
                    Arrays.equals(
                            clear,
                            payload,
                            payload + plain,
                            batch.copy(0),
                            payload,
                            payload + plain),
                    "did not get its own packet back");
            WrongAnswer.unless(
                    encryption == Encryption.NULL
                            || !Arrays.equals(
                                    clear,
                                    payload,
                                    payload + plain,
                                    sealed.toArray(),
                                    payload,
                                    payload + plain),
                    "did not encrypt");
        }
    }

    private static void fill(PacketBatch batch, Octets packet, int sequenceHigh) {
        batch.clear();
        int i = batch.add();
        batch.fill(i, packet.toArray(), 0, packet.length());
        batch.sequenceHigh(i, sequenceHigh);
    }
}
