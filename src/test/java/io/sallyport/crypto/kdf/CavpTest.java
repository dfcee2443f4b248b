package io.sallyport.crypto.kdf;

import static io.sallyport.crypto.engine.PrfFunction.part;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sallyport.base.Octets;
import io.sallyport.base.Secret;
import io.sallyport.crypto.engine.PrfFunction;
import io.sallyport.crypto.jce.JceEngine;
import io.sallyport.crypto.suite.Cipher;
import io.sallyport.crypto.suite.Encryption;
import io.sallyport.crypto.suite.Group;
import io.sallyport.crypto.suite.IkeSuite;
import io.sallyport.crypto.suite.Integrity;
import io.sallyport.crypto.suite.Prf;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

/// Key schedules against NIST's own numbers (src/test/vectors/nist/SOURCE.md), for each HMAC.
class CavpTest {
    private static Secret secret(String hex) {
        return Secret.of(Octets.hex(hex));
    }

    private static String hex(Secret secret) {
        return Octets.owned(secret.expose()).hex();
    }

    private static long spi(String hex) {
        return Octets.hex(hex).buffer().getLong();
    }

    private static IkeSuite suite(Prf prf) {
        return new IkeSuite(
                Cipher.of(Encryption.AES_CBC, 128), Integrity.HMAC_SHA1_96, prf, Group.MODP_1024);
    }

    private static String seven(Ikev2Keys keys) {
        return hex(keys.d())
                + hex(keys.integrity(true))
                + hex(keys.integrity(false))
                + hex(keys.encryption(true))
                + hex(keys.encryption(false))
                + hex(keys.proof(true))
                + hex(keys.proof(false));
    }

    @ParameterizedTest
    @CsvFileSource(files = "src/test/vectors/nist/cavp-ikev2.csv", maxCharsPerColumn = 10_000)
    void ikev2(
            Prf prf,
            String ni,
            String nr,
            String shared,
            String sharedNew,
            String spiI,
            String spiR,
            String skeyseed,
            String keyMaterial,
            String skeyseedOfHeir) {
        PrfFunction f = new JceEngine().prf(prf);
        Ikev2Keys.Seed seed =
                new Ikev2Keys.Seed(Octets.hex(ni), Octets.hex(nr), spi(spiI), spi(spiR));
        assertEquals(
                keyMaterial,
                hex(expand(f, skeyseed, ni, nr, spiI, spiR)).substring(0, keyMaterial.length()));
        Ikev2Keys keys = Ikev2Keys.derive(f, suite(prf), secret(shared), seed);
        assertEquals(keyMaterial, seven(keys).substring(0, keyMaterial.length()));
        Ikev2Keys heir = keys.rekeyed(f, suite(prf), List.of(secret(sharedNew)), seed);
        String all = seven(heir);
        assertEquals(
                hex(expand(f, skeyseedOfHeir, ni, nr, spiI, spiR)).substring(0, all.length()), all);
    }

    private static Secret expand(
            PrfFunction f, String skeyseed, String ni, String nr, String spiI, String spiR) {
        return PrfPlus.expand(
                f,
                secret(skeyseed),
                400,
                part(Octets.hex(ni)),
                part(Octets.hex(nr)),
                part(Octets.hex(spiI)),
                part(Octets.hex(spiR)));
    }

    @ParameterizedTest
    @CsvFileSource(files = "src/test/vectors/nist/cavp-ikev1-psk.csv")
    void ikev1(Prf prf, String psk, String ni, String nr, String skeyid) {
        try (Ikev1Keys keys =
                Ikev1Keys.derive(
                        new JceEngine().prf(prf),
                        secret(psk),
                        Octets.hex(ni),
                        Octets.hex(nr),
                        secret("00"),
                        1,
                        2)) {
            assertEquals(skeyid, hex(keys.skeyid()));
        }
    }
}
