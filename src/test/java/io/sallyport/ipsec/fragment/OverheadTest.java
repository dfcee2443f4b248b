package io.sallyport.ipsec.fragment;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sallyport.crypto.suite.Cipher;
import io.sallyport.crypto.suite.Encryption;
import io.sallyport.crypto.suite.EspSuite;
import io.sallyport.crypto.suite.Group;
import io.sallyport.crypto.suite.Integrity;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OverheadTest {
    /// The MTU table of AWS's site-to-site VPN guide (SHA1 and SHA2-256 share a line there).
    @ParameterizedTest
    @CsvSource({
        "AES_GCM_16, NONE, 1446, 1438",
        "AES_CBC, HMAC_SHA1_96, 1438, 1422",
        "AES_CBC, HMAC_SHA2_256_128, 1438, 1422",
        "AES_CBC, HMAC_SHA2_384_192, 1422, 1422",
        "AES_CBC, HMAC_SHA2_512_256, 1422, 1406"
    })
    void agreesWithTheTableOfAws(
            Encryption encryption, Integrity integrity, int nativeMtu, int udpMtu) {
        for (int bits : new int[] {128, 256}) {
            EspSuite suite =
                    new EspSuite(Cipher.of(encryption, bits), integrity, Group.NONE, false);
            assertEquals(nativeMtu, Overhead.innerMtu(1500, false, false, suite));
            assertEquals(udpMtu, Overhead.innerMtu(1500, false, true, suite));
        }
    }

    @Test
    void ipv6OutsideCostsTwentyMore() {
        EspSuite gcm =
                new EspSuite(
                        Cipher.of(Encryption.AES_GCM_16, 128), Integrity.NONE, Group.NONE, true);
        assertEquals(1426, Overhead.innerMtu(1500, true, false, gcm));
    }

    /// The largest packet fits and the next does not, for every outer MTU.
    @Test
    void isExact() {
        EspSuite cbc =
                new EspSuite(
                        Cipher.of(Encryption.AES_CBC, 128),
                        Integrity.HMAC_SHA2_384_192,
                        Group.NONE,
                        false);
        for (int outer = 1280; outer < 1600; outer++) {
            int inner = Overhead.innerMtu(outer, false, true, cbc);
            assertEquals(true, outerOf(inner) <= outer);
            assertEquals(true, outerOf(inner + 1) > outer);
        }
    }

    private static int outerOf(int inner) {
        int padded = (inner + 2 + 15) / 16 * 16;
        return 20 + 8 + 8 + 16 + padded + 24;
    }
}
