package io.sallyport.crypto.jce;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sallyport.base.Octets;
import io.sallyport.base.Secret;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.util.Random;
import javax.crypto.Mac;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// RFC 3566, 4.6, and RFC 4493, 4.
class CipherMacTest {
    private static final String XCBC_KEY = "000102030405060708090a0b0c0d0e0f";
    private static final String CMAC_KEY = "2b7e151628aed2a6abf7158809cf4f3c";
    private static final String TEXT =
            "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51"
                    + "30c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710";

    private static Mac mac(String name, String key) throws GeneralSecurityException {
        Mac mac = CipherMac.find(name);
        mac.init(RawKey.of("AES", Secret.of(Octets.hex(key))));
        return mac;
    }

    @ParameterizedTest
    @CsvSource({
        "0, 75f0251d528ac01c4573dfd584d79f29",
        "3, 5b376580ae2f19afe7219ceef172756f",
        "16, d2a246fa349b68a79998a4394ff7a263",
        "20, 47f51b4564966215b8985c63055ed308",
        "32, f54f0ec8d2b9f3d36807734bd5283fd4",
        "34, becbb3bccdb518a30677d5481fb6b4d8",
    })
    void xcbcOfTheRfc(int octets, String tag) throws GeneralSecurityException {
        byte[] counting = new byte[octets];
        for (int i = 0; i < octets; i++) {
            counting[i] = (byte) i;
        }
        assertEquals(tag, Octets.owned(mac(CipherMac.XCBC, XCBC_KEY).doFinal(counting)).hex());
    }

    @Test
    void xcbcOfAThousandZeros() throws GeneralSecurityException {
        assertEquals(
                "f0dafee895db30253761103b5d84528f",
                Octets.owned(mac(CipherMac.XCBC, XCBC_KEY).doFinal(new byte[1000])).hex());
    }

    @ParameterizedTest
    @CsvSource({
        "0, bb1d6929e95937287fa37d129b756746",
        "16, 070a16b46b4d4144f79bdd9dd04a287c",
        "40, dfa66747de9ae63030ca32611497c827",
        "64, 51f0bebf7e3b9d92fc49741779363cfe",
    })
    void cmacOfTheRfc(int octets, String tag) throws GeneralSecurityException {
        byte[] text = Octets.hex(TEXT).slice(0, octets).toArray();
        assertEquals(tag, Octets.owned(mac(CipherMac.CMAC, CMAC_KEY).doFinal(text)).hex());
    }

    /// However a message is cut, and whatever went before it.
    @ParameterizedTest
    @ValueSource(strings = {CipherMac.XCBC, CipherMac.CMAC})
    void aMessageInPartsIsThatMessage(String name) throws GeneralSecurityException {
        Random random = new Random(3566);
        Mac used = mac(name, CMAC_KEY);
        for (int n = 0; n < 500; n++) {
            byte[] message = new byte[random.nextInt(n < 400 ? 70 : 4000)];
            random.nextBytes(message);
            byte[] whole = mac(name, CMAC_KEY).doFinal(message);
            int at = 0;
            while (at < message.length) {
                int count = 1 + random.nextInt(message.length - at);
                used.update(message, at, count);
                at += count;
            }
            assertEquals(Octets.owned(whole), Octets.owned(used.doFinal()), "message " + n);
            if (n % 3 == 0) {
                used.update(message);
                used.reset(); // a message that was given up leaves nothing behind
            }
        }
    }

    @Test
    void onlyAKeyOf128Bits() {
        assertThrows(InvalidKeyException.class, () -> mac(CipherMac.CMAC, CMAC_KEY + "00"));
    }
}
