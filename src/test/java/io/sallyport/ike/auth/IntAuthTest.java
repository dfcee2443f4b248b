package io.sallyport.ike.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.base.Octets;
import io.sallyport.base.Secret;
import io.sallyport.crypto.engine.PrfFunction;
import io.sallyport.crypto.suite.Prf;
import io.sallyport.ike.TestCrypto;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

/// RFC 9242, 3.3.2, octet by octet: no vector of another implementation is known to us, so the
/// layout is written out here by hand and hashed by JCE's own HMAC.
class IntAuthTest {
    private static final PrfFunction PRF = TestCrypto.CRYPTO.prf(Prf.HMAC_SHA2_256);
    private static final Secret PI1 = Secret.utf8("pi1 of 32 octets................");
    private static final Secret PR1 = Secret.utf8("pr1 of 32 octets................");
    private static final Secret PI2 = Secret.utf8("pi2 of 32 octets................");
    private static final Secret PR2 = Secret.utf8("pr2 of 32 octets................");

    /// SPIs, SK, 2.0, exchange 43.
    private static final String HEADER =
            "0102030405060708" + "1112131415161718" + "2e" + "20" + "2b";

    private static Octets hmac(Secret key, String... hex) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key.expose(), "HmacSHA256"));
            return Octets.owned(mac.doFinal(HexFormat.of().parseHex(String.join("", hex))));
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static IntAuth fresh() {
        return new IntAuth(0x0102030405060708L, 0x1112131415161718L);
    }

    @Test
    void withoutTheExchangeThereIsNothing() {
        assertTrue(fresh().with(1).isEmpty());
    }

    @Test
    void twoExchangesOfWhichOneIsEmpty() {
        Octets ke = Octets.hex("0000000c" + "00240000" + "deadbeef");
        IntAuth it = fresh();
        it.add(PRF, PI1, true, 1, 34, ke);
        it.add(PRF, PR1, false, 1, 34, ke);
        it.add(PRF, PI2, true, 2, 0, Octets.EMPTY);
        it.add(PRF, PR2, false, 2, 0, Octets.EMPTY);
        // flags, message ID, length of the message; next payload, flags, length of SK; inside
        String tail1 = "00000001" + "0000002c" + "22000010" + ke.hex();
        String tail2 = "00000002" + "00000020" + "00000004";
        Octets i1 = hmac(PI1, HEADER, "08", tail1);
        Octets r1 = hmac(PR1, HEADER, "20", tail1);
        Octets i2 = hmac(PI2, i1.hex(), HEADER, "08", tail2);
        Octets r2 = hmac(PR2, r1.hex(), HEADER, "20", tail2);
        assertEquals(Octets.concat(i2, r2, Octets.hex("00000003")), it.with(3));
    }

    @Test
    void eachOctetCounts() {
        IntAuth one = fresh();
        one.add(PRF, PI1, true, 1, 34, Octets.hex("00"));
        one.add(PRF, PR1, false, 1, 34, Octets.hex("00"));
        IntAuth other = fresh();
        other.add(PRF, PI1, true, 1, 34, Octets.hex("00"));
        other.add(PRF, PR1, false, 1, 34, Octets.hex("01"));
        assertNotEquals(one.with(2), other.with(2));
        assertNotEquals(one.with(2), one.with(3));
    }
}
