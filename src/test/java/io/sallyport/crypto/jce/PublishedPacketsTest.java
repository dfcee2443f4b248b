package io.sallyport.crypto.jce;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sallyport.base.Octets;
import io.sallyport.base.Secret;
import io.sallyport.base.packet.PacketBatch;
import io.sallyport.crypto.engine.PacketCipher;
import io.sallyport.crypto.suite.Encryption;
import io.sallyport.crypto.suite.EspSuite;
import io.sallyport.crypto.suite.Integrity;
import io.sallyport.crypto.suite.Prf;
import java.lang.foreign.Arena;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

/// Whole packets and messages that others have published, through sealer and opener. The files name
/// their sources.
class PublishedPacketsTest {
    private final Arena arena = Arena.ofConfined();
    private final PacketBatch batch = new PacketBatch(arena, 1, 512, 0);

    @AfterEach
    void free() {
        arena.close();
    }

    /// RFC 3602, cases 5 to 8: ESP packets without an ICV, octet for octet; behind them stands
    /// ours, which is an HMAC of exactly those octets.
    @ParameterizedTest(name = "{0}")
    @CsvFileSource(files = "src/test/vectors/rfc/rfc3602-esp.csv", delimiter = '|')
    void cbc(String name, String key, String esp, String plain) {
        Octets published = Octets.hex(esp);
        Secret secret = Secret.of(Octets.hex(key));
        for (Integrity integrity : Integrity.values()) {
            if (integrity != Integrity.NONE) {
                EspSuite suite = Sealed.suite(Encryption.AES_CBC, 128, integrity, false);
                Secret mac = Sealed.integrityKey(suite);
                Octets icv =
                        Sealed.JCE
                                .prf(Prf.of(integrity))
                                .hash(mac, published)
                                .slice(0, integrity.icvOctets());
                bothWays(
                        suite,
                        secret,
                        mac,
                        published.slice(0, 24),
                        Octets.hex(plain),
                        Octets.concat(published, icv),
                        0);
            }
        }
    }

    /// draft-mcgrew-gcm-test-01, all 14 cases with AES-GCM: keys of 128, 192 and 256 bits, ESN and
    /// not. The shorter ICVs are the first octets of the published ones (SP 800-38D, 7.1).
    @ParameterizedTest(name = "case {0}")
    @CsvFileSource(files = "src/test/vectors/rfc/mcgrew-gcm-test-01.csv")
    void gcm(
            int number,
            String key,
            String nonce,
            String plain,
            String aad,
            String text,
            String tag) {
        Octets header = Octets.hex(aad);
        boolean esn = header.length() == 12;
        int high = esn ? header.buffer().getInt(4) : 0;
        Octets front =
                Octets.concat(
                        header.slice(0, 4),
                        header.slice(header.length() - 4, header.length()),
                        Octets.hex(nonce).slice(4, 12));
        Secret secret = Secret.of(Octets.hex(key + nonce.substring(0, 8)));
        for (Encryption gcm :
                new Encryption[] {
                    Encryption.AES_GCM_8, Encryption.AES_GCM_12, Encryption.AES_GCM_16
                }) {
            bothWays(
                    Sealed.suite(gcm, 4 * key.length(), Integrity.NONE, esn),
                    secret,
                    Secret.EMPTY,
                    front,
                    Octets.hex(plain),
                    Octets.concat(
                            front, Octets.hex(text), Octets.hex(tag).slice(0, gcm.icvOctets())),
                    high);
        }
    }

    /// RFC 7634, appendix A. (Appendix B is a message of IKEv2.)
    @ParameterizedTest(name = "{0}")
    @CsvFileSource(files = "src/test/vectors/rfc/rfc7634-esp.csv", delimiter = '|')
    void chacha(String name, String key, String esp, String plain) {
        Octets published = Octets.hex(esp);
        bothWays(
                Sealed.suite(Encryption.CHACHA20_POLY1305, 256, Integrity.NONE, false),
                Secret.of(Octets.hex(key)),
                Secret.EMPTY,
                published.slice(0, 16),
                Octets.hex(plain),
                published,
                0);
    }

    /// RFC 3686, 6: its nine vectors, in packets with an ICV of ours.
    @ParameterizedTest(name = "vector {0}")
    @CsvFileSource(files = "src/test/vectors/rfc/rfc3686-ctr.csv")
    void ctr(int number, String key, String nonce, String iv, String plain, String text) {
        EspSuite suite =
                Sealed.suite(Encryption.AES_CTR, 4 * key.length(), Integrity.HMAC_SHA1_96, false);
        Secret mac = Sealed.integrityKey(suite);
        Octets front = Octets.hex("0000432100000001" + iv);
        Octets body = Octets.concat(front, Octets.hex(text));
        Octets icv = Sealed.JCE.prf(Prf.HMAC_SHA1).hash(mac, body).slice(0, 12);
        bothWays(
                suite,
                Secret.of(Octets.hex(key + nonce)),
                mac,
                front,
                Octets.hex(plain),
                Octets.concat(body, icv),
                0);
    }

    private void bothWays(
            EspSuite suite,
            Secret key,
            Secret mac,
            Octets front,
            Octets plain,
            Octets sealed,
            int high) {
        batch.clear();
        Sealed.add(
                batch,
                Octets.concat(front, plain, Octets.owned(new byte[suite.icvOctets()])),
                high);
        try (PacketCipher sealer = Sealed.sealerKeepingIvs(suite, key, mac)) {
            sealer.seal(batch, 0, 1);
        }
        assertEquals(sealed.hex(), Sealed.packet(batch, 0).hex(), suite.toString());
        try (PacketCipher opener = Sealed.JCE.opener(suite, key, mac)) {
            assertEquals(1, opener.open(batch, 0, 1), suite.toString());
        }
        assertEquals(plain.hex(), Sealed.payload(batch, 0, suite).hex(), suite.toString());
    }
}
