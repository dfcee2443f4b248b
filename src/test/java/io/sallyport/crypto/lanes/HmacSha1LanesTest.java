package io.sallyport.crypto.lanes;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

/// Against JCE's HMAC-SHA1, which knows nothing of it.
class HmacSha1LanesTest {
    private final Random random = new Random(2104);

    private byte[] octets(int count) {
        byte[] octets = new byte[count];
        random.nextBytes(octets);
        return octets;
    }

    @Test
    void everyMessageHasTheHmacThatJceGives() throws GeneralSecurityException {
        for (int n = 0; n < 40; n++) {
            byte[] key = octets(1 + random.nextInt(64));
            HmacSha1Lanes lanes = new HmacSha1Lanes(Secret.of(key));
            Mac mac = Mac.getInstance("HmacSHA1");
            mac.init(new SecretKeySpec(key, "HmacSHA1"));
            try (Arena arena = Arena.ofConfined()) {
                PacketBatch batch = new PacketBatch(arena, 64, 1600, 3);
                int count = 1 + random.nextInt(64);
                lanes.clear();
                for (int i = 0; i < count; i++) {
                    // Short ones first: the padding takes a block of its own, or not
                    int length = 4 * (i < 40 ? i : random.nextInt(390));
                    batch.add();
                    batch.fill(i, octets(length), 0, length);
                    lanes.add(batch.start(i), length, n % 2 == 0, i);
                }
                lanes.run(batch.memory());
                for (int i = 0; i < count; i++) {
                    mac.update(batch.copy(i));
                    if (n % 2 == 0) {
                        mac.update(ByteBuffer.allocate(4).putInt(i).array());
                    }
                    ByteBuffer got = ByteBuffer.allocate(20);
                    for (int k = 0; k < 5; k++) {
                        got.putInt(lanes.word(i, k));
                    }
                    assertEquals(
                            Octets.owned(mac.doFinal()),
                            Octets.owned(got.array()),
                            "message " + i + " of " + batch.length(i));
                }
            }
        }
    }

    /// The engine with and the one without open each other's packets.
    @Test
    void packetsAreThoseOfTheEngineWithoutLanes() {
        CryptoEngine with = new JceEngine(true);
        assertTrue(EngineChooser.choose(with).offers(suite(Encryption.AES_CBC, 128, true)));
        for (boolean esn : new boolean[] {false, true}) {
            for (EspSuite suite :
                    List.of(
                            suite(Encryption.AES_CBC, 256, esn),
                            suite(Encryption.TRIPLE_DES_CBC, 192, esn))) {
                exchange(suite, with, new JceEngine());
                exchange(suite, new JceEngine(), with);
            }
        }
    }

    private static EspSuite suite(Encryption encryption, int bits, boolean esn) {
        return new EspSuite(Cipher.of(encryption, bits), Integrity.HMAC_SHA1_96, Group.NONE, esn);
    }

    private void exchange(EspSuite suite, CryptoEngine one, CryptoEngine other) {
        Secret key = Secret.owned(octets(suite.cipher().keyOctets()));
        Secret integrityKey = Secret.owned(octets(20));
        int front = 8 + suite.cipher().encryption().ivOctets();
        try (Arena arena = Arena.ofConfined();
                PacketCipher sealer = one.sealer(suite, key, integrityKey);
                PacketCipher opener = other.opener(suite, key, integrityKey)) {
            PacketBatch batch = new PacketBatch(arena, 64, 2048, 3);
            for (int run : new int[] {2, 16, 17, 64}) {
                batch.clear();
                byte[][] clear = new byte[run][];
                for (int i = 0; i < run; i++) {
                    clear[i] = octets(front + 16 * random.nextInt(90) + 12);
                    batch.add();
                    batch.fill(i, clear[i], 0, clear[i].length);
                    batch.sequenceHigh(i, suite.esn() ? 9 : 0);
                }
                sealer.seal(batch, 0, run);
                int broken = random.nextInt(run);
                byte[] bad = batch.copy(broken);
                bad[random.nextInt(bad.length)] ^= 8;
                batch.fill(broken, bad, 0, bad.length);
                int odd = (broken + 1) % run;
                byte[] wrong = octets(front + 21 + 12); // no whole blocks
                batch.fill(odd, wrong, 0, wrong.length);
                long all = -1L >>> (64 - run);
                assertEquals(
                        all & ~(1L << broken) & ~(1L << odd),
                        opener.open(batch, 0, run),
                        suite.toString());
                assertArrayEquals(bad, batch.copy(broken), "left as it came");
                assertArrayEquals(wrong, batch.copy(odd), "left as it came");
                for (int i = 0; i < run; i++) {
                    if (i != broken && i != odd) {
                        int end = clear[i].length - 12;
                        assertArrayEquals(
                                Arrays.copyOfRange(clear[i], front, end),
                                Arrays.copyOfRange(batch.copy(i), front, end));
                    }
                }
            }
        }
    }
}
