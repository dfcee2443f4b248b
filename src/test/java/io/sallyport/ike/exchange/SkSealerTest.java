package io.sallyport.ike.exchange;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.base.Octets;
import io.sallyport.base.Secret;
import io.sallyport.crypto.kdf.Ikev2Keys;
import io.sallyport.crypto.suite.Cipher;
import io.sallyport.crypto.suite.Encryption;
import io.sallyport.crypto.suite.Group;
import io.sallyport.crypto.suite.IkeSuite;
import io.sallyport.crypto.suite.Integrity;
import io.sallyport.crypto.suite.Prf;
import io.sallyport.ike.TestCrypto;
import io.sallyport.testkit.ScriptedRandom;
import io.sallyport.wire.ike.IkeHeader;
import io.sallyport.wire.ike.MalformedException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Sealed messages and fragments, of every kind of suite.
class SkSealerTest {
    private static final List<IkeSuite> SUITES =
            List.of(
                    suite(Encryption.AES_GCM_16, 256, Integrity.NONE),
                    suite(Encryption.AES_GCM_8, 128, Integrity.NONE),
                    suite(Encryption.CHACHA20_POLY1305, 256, Integrity.NONE),
                    suite(Encryption.AES_CBC, 256, Integrity.HMAC_SHA2_512_256),
                    suite(Encryption.AES_CTR, 128, Integrity.HMAC_SHA1_96));

    private static IkeSuite suite(Encryption e, int bits, Integrity integrity) {
        return new IkeSuite(Cipher.of(e, bits), integrity, Prf.HMAC_SHA2_256, Group.CURVE_25519);
    }

    private static Ikev2Keys keys(IkeSuite suite) {
        Octets nonce = Octets.owned(new byte[32]);
        return Ikev2Keys.derive(
                TestCrypto.CRYPTO.prf(suite.prf()),
                suite,
                Secret.utf8("a shared secret"),
                new Ikev2Keys.Seed(nonce, nonce, 1, 2));
    }

    private static SkSealer sealer(IkeSuite suite, boolean initiator) {
        return new SkSealer(
                TestCrypto.CRYPTO, suite, keys(suite), initiator, 1, 2, new ScriptedRandom(3));
    }

    /// Padding that is longer than what is sealed is the peer's own doing: that is not said before
    /// the message is known to be authentic.
    @Test
    void paddingThatIsTooLong() throws Exception {
        IkeSuite suite = SUITES.getFirst();
        Octets head = sealer(suite, true).seal(35, false, 1, 35, Octets.owned(new byte[3]));
        head = head.slice(0, IkeHeader.LENGTH + 4);
        Octets iv = Octets.ofLong(1);
        Octets body =
                TestCrypto.CRYPTO
                        .messageAead(suite.cipher())
                        .seal(
                                keys(suite).encryption(true),
                                iv,
                                head,
                                Octets.of((byte) 0, (byte) 0, (byte) 0, (byte) 4));
        Octets message = Octets.concat(head, iv, body);
        SkSealer b = sealer(suite, false);
        IkeHeader header = IkeHeader.parse(message);
        assertThrows(MalformedInsideException.class, () -> b.open(header, message));
        byte[] forged = message.toArray();
        forged[forged.length - 1] ^= 1;
        assertEquals(Optional.empty(), b.open(header, Octets.owned(forged)));
    }

    private static Octets chain(int length) {
        byte[] octets = new byte[length];
        new Random(length).nextBytes(octets);
        return Octets.owned(octets);
    }

    @Test
    void whatIsSealedOpensAndNoOtherBitDoes() throws Exception {
        for (IkeSuite suite : SUITES) {
            SkSealer a = sealer(suite, true);
            SkSealer b = sealer(suite, false);
            for (int length : new int[] {0, 1, 15, 16, 17, 400}) {
                Octets message = a.seal(35, false, 1, 35, chain(length));
                IkeHeader header = IkeHeader.parse(message);
                assertEquals(
                        Optional.of(new SkSealer.Opened(35, chain(length), 0, 0)),
                        b.open(header, message));
                assertEquals(Optional.empty(), a.open(header, message), "one's own");
                for (int bit = 0; bit < 8 * message.length(); bit += 13) {
                    byte[] flipped = message.toArray();
                    flipped[bit / 8] ^= (byte) (1 << bit % 8);
                    Octets other = Octets.owned(flipped);
                    try {
                        assertEquals(
                                Optional.empty(),
                                b.open(IkeHeader.parse(other), other),
                                suite + ", bit " + bit);
                    } catch (MalformedException e) {
                        assertTrue(e.at() < 36 + 20, e.toString());
                    }
                }
            }
        }
    }

    /// Every IV is another one.
    @Test
    void noIvTwice() {
        for (IkeSuite suite : SUITES) {
            SkSealer a = sealer(suite, true);
            int iv = suite.cipher().encryption().ivOctets();
            List<Octets> seen = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                seen.add(a.seal(37, false, i, 0, Octets.EMPTY).slice(32, 32 + iv));
            }
            assertEquals(50, seen.stream().distinct().count());
        }
    }

    /// RFC 7383: in any order, doubled, and with a greater total in between.
    @Test
    void fragmentsComeTogether() throws Exception {
        for (IkeSuite suite : SUITES) {
            SkSealer a = sealer(suite, true);
            SkSealer b = sealer(suite, false);
            List<Octets> parts = new ArrayList<>(a.seal(35, false, 1, 35, chain(5000), 600));
            assertTrue(parts.size() > 8 && parts.stream().allMatch(m -> m.length() <= 600));
            parts.addAll(parts.subList(0, 3));
            Collections.shuffle(parts, new Random(5));
            Fragments fragments = new Fragments();
            Octets late = a.seal(35, false, 1, 35, chain(900), 600).getFirst();
            List<SkSealer.Opened> whole = new ArrayList<>();
            for (Octets part : parts) {
                fragments
                        .add(1, b.open(IkeHeader.parse(part), part).orElseThrow())
                        .ifPresent(whole::add);
                if (whole.isEmpty()) {
                    // of a smaller total: an attempt that came before
                    assertEquals(
                            Optional.empty(),
                            fragments.add(1, b.open(IkeHeader.parse(late), late).orElseThrow()));
                }
            }
            assertEquals(List.of(new SkSealer.Opened(35, chain(5000), 0, 0)), whole);
        }
    }

    @Test
    void fragmentsHaveLimits() {
        Fragments fragments = new Fragments();
        for (int i = 1; i <= 256; i++) {
            fragments.add(1, new SkSealer.Opened(35, chain(1000), i, 257));
        }
        assertEquals(0, fragments.held());
        for (int i = 1; i < 200; i++) {
            fragments.add(1, new SkSealer.Opened(35, chain(1000), i, 200));
        }
        assertTrue(fragments.held() <= 1 << 16);
    }

    @Test
    void whatIsNoSealedMessage() throws Exception {
        SkSealer a = sealer(SUITES.getFirst(), true);
        Octets message = a.seal(35, false, 1, 35, chain(3));
        byte[] clear = message.toArray();
        clear[16] = 33;
        Octets other = Octets.owned(clear);
        assertThrows(MalformedException.class, () -> a.open(IkeHeader.parse(other), other));
    }
}
