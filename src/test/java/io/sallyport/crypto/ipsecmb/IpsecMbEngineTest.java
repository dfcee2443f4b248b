package io.sallyport.crypto.ipsecmb;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sallyport.base.Secret;
import io.sallyport.base.packet.PacketBatch;
import io.sallyport.crypto.choose.EngineChooser;
import io.sallyport.crypto.engine.CryptoEngine;
import io.sallyport.crypto.engine.PacketCipher;
import io.sallyport.crypto.jce.JceEngine;
import io.sallyport.crypto.suite.Cipher;
import io.sallyport.crypto.suite.Encryption;
import io.sallyport.crypto.suite.EspSuite;
import io.sallyport.crypto.suite.Group;
import io.sallyport.crypto.suite.Integrity;
import io.sallyport.testkit.AllocatedOctets;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Against JCE, which knows nothing of it. Skipped where the library is not installed.
class IpsecMbEngineTest {
    private final Random random = new Random(4106);

    private static CryptoEngine engine() {
        assumeTrue(IpsecMbEngine.find().isPresent(), "libIPSec_MB is not installed");
        return IpsecMbEngine.find().orElseThrow();
    }

    private static EspSuite suite(Encryption encryption, int bits, boolean esn) {
        return new EspSuite(Cipher.of(encryption, bits), Integrity.NONE, Group.NONE, esn);
    }

    @Test
    void givesItsKnownAnswersAndIsChosenForGcmOnly() {
        CryptoEngine engine = engine();
        var crypto = EngineChooser.choose(engine, new JceEngine());
        assertEquals(
                engine.name(),
                crypto.engineOf(suite(Encryption.AES_GCM_16, 128, false)).orElseThrow());
        assertEquals(
                "jce",
                crypto.engineOf(
                                new EspSuite(
                                        Cipher.of(Encryption.AES_CBC, 128),
                                        Integrity.HMAC_SHA1_96,
                                        Group.NONE,
                                        false))
                        .orElseThrow());
        assertEquals(List.of(), crypto.proveAll());
    }

    @Test
    void packetsAreThoseOfJceOctetForOctet() {
        CryptoEngine engine = engine();
        CryptoEngine jce = new JceEngine();
        for (Encryption encryption :
                List.of(Encryption.AES_GCM_8, Encryption.AES_GCM_12, Encryption.AES_GCM_16)) {
            for (int bits : List.of(128, 192, 256)) {
                for (boolean esn : new boolean[] {false, true}) {
                    compare(suite(encryption, bits, esn), engine, jce);
                }
            }
        }
    }

    private void compare(EspSuite suite, CryptoEngine engine, CryptoEngine jce) {
        Secret key = Secret.owned(octets(suite.cipher().keyingOctets()));
        try (Arena arena = Arena.ofConfined();
                PacketCipher ours = engine.sealer(suite, key, Secret.EMPTY);
                PacketCipher theirs = jce.sealer(suite, key, Secret.EMPTY);
                PacketCipher opener = engine.opener(suite, key, Secret.EMPTY)) {
            PacketBatch a = new PacketBatch(arena, 64, 2048, 3);
            PacketBatch b = new PacketBatch(arena, 64, 2048, 3);
            fill(a, b, suite.icvOctets());
            byte[][] clear = copies(a);
            ours.seal(a, 0, 64);
            theirs.seal(b, 0, 64);
            for (int i = 0; i < 64; i++) {
                assertArrayEquals(b.copy(i), a.copy(i), suite + " packet " + i);
            }
            int broken = 1 + random.nextInt(62);
            byte[] flipped = a.copy(broken);
            flipped[random.nextInt(flipped.length)] ^= 4;
            a.fill(broken, flipped, 0, flipped.length);
            assertEquals(~(1L << broken), opener.open(a, 0, 64), suite.toString());
            assertArrayEquals(flipped, a.copy(broken), "left as it came");
            for (int i = 0; i < 64; i++) {
                if (i != broken) {
                    byte[] opened = a.copy(i);
                    int end = opened.length - suite.icvOctets();
                    for (int k = 16; k < end; k++) {
                        assertEquals(clear[i][k], opened[k], suite + " packet " + i);
                    }
                }
            }
        }
    }

    @Test
    void nothingIsAllocatedAndAClosedCipherSealsNoMore() {
        CryptoEngine engine = engine();
        EspSuite suite = suite(Encryption.AES_GCM_16, 128, true);
        Secret key = Secret.owned(octets(20));
        try (Arena arena = Arena.ofConfined()) {
            PacketBatch batch = new PacketBatch(arena, 64, 2048, 3);
            fill(batch, new PacketBatch(arena, 64, 2048, 3), 16);
            PacketCipher sealer = engine.sealer(suite, key, Secret.EMPTY);
            for (int i = 0; i < 2_000; i++) {
                sealer.seal(batch, 0, 64);
            }
            assertEquals(0, AllocatedOctets.of(200, () -> sealer.seal(batch, 0, 64)));
            sealer.close();
            assertThrows(IllegalStateException.class, () -> sealer.seal(batch, 0, 1));
            assertTrue(batch.count() == 64);
        }
    }

    private void fill(PacketBatch a, PacketBatch b, int icv) {
        for (int i = 0; i < 64; i++) {
            byte[] packet = octets(16 + icv + (i < 4 ? i : random.nextInt(1500)));
            packet[4] = 0;
            packet[5] = 0;
            packet[6] = 0;
            packet[7] = (byte) (i + 1); // JCE refuses a nonce that comes twice
            for (PacketBatch batch : List.of(a, b)) {
                batch.add();
                batch.fill(i, packet, 0, packet.length);
                batch.sequenceHigh(i, 5);
            }
        }
    }

    private static byte[][] copies(PacketBatch batch) {
        byte[][] all = new byte[batch.count()][];
        for (int i = 0; i < all.length; i++) {
            all[i] = batch.copy(i);
        }
        return all;
    }

    private byte[] octets(int count) {
        byte[] octets = new byte[count];
        random.nextBytes(octets);
        return octets;
    }
}
