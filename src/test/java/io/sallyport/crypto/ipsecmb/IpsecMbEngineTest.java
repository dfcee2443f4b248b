package io.sallyport.crypto.ipsecmb;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sallyport.base.Octets;
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
import io.sallyport.ffi.ipsecmb.Bursts;
import io.sallyport.testkit.AllocatedOctets;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
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

    private static EspSuite suite(
            Encryption encryption, int bits, Integrity integrity, boolean esn) {
        return new EspSuite(Cipher.of(encryption, bits), integrity, Group.NONE, esn);
    }

    /// CBC, CTR and NULL with the HMACs that come in bursts.
    private static List<EspSuite> burstSuites() {
        List<EspSuite> suites = new ArrayList<>();
        for (Encryption encryption :
                List.of(Encryption.AES_CBC, Encryption.AES_CTR, Encryption.NULL)) {
            for (int bits : encryption.keyBits()) {
                for (Integrity integrity :
                        List.of(
                                Integrity.HMAC_SHA1_96,
                                Integrity.HMAC_SHA2_256_128,
                                Integrity.HMAC_SHA2_384_192,
                                Integrity.HMAC_SHA2_512_256)) {
                    suites.add(suite(encryption, bits, integrity, false));
                    suites.add(suite(encryption, bits, integrity, true));
                }
            }
        }
        return suites;
    }

    @Test
    void givesItsKnownAnswersAndIsChosenForWhatItHas() {
        CryptoEngine engine = engine();
        var crypto = EngineChooser.choose(engine, new JceEngine());
        assertEquals(
                engine.name(),
                crypto.engineOf(suite(Encryption.AES_GCM_16, 128, false)).orElseThrow());
        assumeTrue(Bursts.areThere(), "a version whose jobs we do not know");
        for (EspSuite suite : burstSuites()) {
            assertEquals(engine.name(), crypto.engineOf(suite).orElseThrow(), suite.toString());
        }
        assertEquals(
                "jce",
                crypto.engineOf(suite(Encryption.AES_CBC, 128, Integrity.HMAC_MD5_96, false))
                        .orElseThrow());
        assertEquals(List.of(), crypto.proveAll());
    }

    @Test
    void burstsAndJceOpenEachOthersPackets() {
        CryptoEngine engine = engine();
        assumeTrue(Bursts.areThere(), "a version whose jobs we do not know");
        CryptoEngine jce = new JceEngine();
        for (EspSuite suite : burstSuites()) {
            exchange(suite, engine, jce);
            exchange(suite, jce, engine);
        }
    }

    /// Runs of every length, of packets of every length, one of which is broken on the way.
    private void exchange(EspSuite suite, CryptoEngine one, CryptoEngine other) {
        Secret key = Secret.owned(octets(suite.cipher().keyingOctets()));
        Secret integrityKey = Secret.owned(octets(suite.integrity().keyOctets()));
        int front = 8 + suite.cipher().encryption().ivOctets();
        try (Arena arena = Arena.ofConfined();
                PacketCipher sealer = one.sealer(suite, key, integrityKey);
                PacketCipher opener = other.opener(suite, key, integrityKey)) {
            PacketBatch batch = new PacketBatch(arena, 64, 2048, 3);
            for (int run : new int[] {1, IpsecMbEngine.FEWEST, 17, 64}) {
                batch.clear();
                for (int i = 0; i < run; i++) {
                    int blocks = i < 3 ? i : random.nextInt(90);
                    byte[] packet = octets(front + 16 * blocks + suite.icvOctets());
                    batch.add();
                    batch.fill(i, packet, 0, packet.length);
                    batch.sequenceHigh(i, suite.esn() ? 5 : 0);
                }
                byte[][] clear = copies(batch);
                sealer.seal(batch, 0, run);
                int broken = random.nextInt(run);
                byte[] flipped = batch.copy(broken);
                flipped[random.nextInt(flipped.length)] ^= 4;
                batch.fill(broken, flipped, 0, flipped.length);
                long all = run == 64 ? -1L : (1L << run) - 1;
                assertEquals(all & ~(1L << broken), opener.open(batch, 0, run), suite.toString());
                assertArrayEquals(flipped, batch.copy(broken), "left as it came");
                for (int i = 0; i < run; i++) {
                    int end = clear[i].length - suite.icvOctets();
                    if (i != broken) {
                        assertArrayEquals(
                                Arrays.copyOfRange(clear[i], front, end),
                                Arrays.copyOfRange(batch.copy(i), front, end),
                                suite + " packet " + i);
                    }
                }
            }
        }
    }

    @Test
    void aBurstWithPacketsThatCannotBeOursOpensTheOthers() {
        CryptoEngine engine = engine();
        assumeTrue(Bursts.areThere(), "a version whose jobs we do not know");
        EspSuite suite = suite(Encryption.AES_CBC, 128, Integrity.HMAC_SHA1_96, true);
        Secret key = Secret.owned(octets(16));
        Secret integrityKey = Secret.owned(octets(20));
        try (Arena arena = Arena.ofConfined();
                PacketCipher sealer = engine.sealer(suite, key, integrityKey);
                PacketCipher opener = engine.opener(suite, key, integrityKey)) {
            PacketBatch batch = new PacketBatch(arena, 8, 256, 0);
            for (int i = 0; i < 8; i++) {
                batch.add();
                batch.fill(i, octets(8 + 16 + 32 + 12), 0, 68);
            }
            sealer.seal(batch, 0, 8);
            byte[] odd = octets(8 + 16 + 33 + 12);
            batch.fill(2, odd, 0, odd.length);
            byte[] small = octets(36); // no payload at all
            batch.fill(5, small, 0, small.length);
            assertEquals(0b11011011, opener.open(batch, 0, 8));
            assertArrayEquals(odd, batch.copy(2), "left as it came");
            assertArrayEquals(small, batch.copy(5), "left as it came");
        }
    }

    /// RFC 3602, 3: unpredictable, so certainly never the same and not the sequence number.
    @Test
    void everyPacketOfABurstHasAnIvOfItsOwn() {
        CryptoEngine engine = engine();
        assumeTrue(Bursts.areThere(), "a version whose jobs we do not know");
        EspSuite suite = suite(Encryption.AES_CBC, 128, Integrity.HMAC_SHA1_96, false);
        Secret key = Secret.owned(octets(16));
        Secret integrityKey = Secret.owned(octets(20));
        Set<Octets> ivs = new HashSet<>();
        try (Arena arena = Arena.ofConfined()) {
            PacketBatch batch = new PacketBatch(arena, 64, 256, 0);
            for (int sa = 0; sa < 4; sa++) {
                try (PacketCipher sealer = engine.sealer(suite, key, integrityKey)) {
                    for (int run : new int[] {64, 1, 63, 3, 64}) {
                        batch.clear();
                        for (int i = 0; i < run; i++) {
                            batch.add();
                            batch.fill(i, new byte[68], 0, 68);
                        }
                        sealer.seal(batch, 0, run);
                        for (int i = 0; i < run; i++) {
                            assertTrue(ivs.add(Octets.owned(batch.copy(i)).slice(8, 24)));
                        }
                    }
                }
            }
        }
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
        nothingIsAllocated(suite(Encryption.AES_GCM_16, 128, true), engine);
        if (Bursts.areThere()) {
            nothingIsAllocated(
                    suite(Encryption.AES_CBC, 128, Integrity.HMAC_SHA1_96, true), engine);
            nothingIsAllocated(
                    suite(Encryption.AES_CTR, 256, Integrity.HMAC_SHA2_256_128, false), engine);
        }
    }

    private void nothingIsAllocated(EspSuite suite, CryptoEngine engine) {
        Secret key = Secret.owned(octets(suite.cipher().keyingOctets()));
        Secret integrityKey = Secret.owned(octets(suite.integrity().keyOctets()));
        try (Arena arena = Arena.ofConfined()) {
            PacketBatch batch = new PacketBatch(arena, 64, 2048, 3);
            int length = 8 + suite.cipher().encryption().ivOctets() + 1024 + suite.icvOctets();
            for (int i = 0; i < 64; i++) {
                batch.add();
                batch.fill(i, octets(length), 0, length);
            }
            PacketCipher sealer = engine.sealer(suite, key, integrityKey);
            PacketCipher opener = engine.opener(suite, key, integrityKey);
            Runnable burst =
                    () -> {
                        sealer.seal(batch, 0, 64);
                        if (opener.open(batch, 0, 64) != -1L) {
                            throw new AssertionError("refused its own packets");
                        }
                    };
            for (int i = 0; i < 1_000; i++) {
                burst.run();
            }
            assertEquals(0, AllocatedOctets.of(200, burst), suite.toString());
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
