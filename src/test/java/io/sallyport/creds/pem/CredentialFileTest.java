package io.sallyport.creds.pem;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.base.Octets;
import io.sallyport.base.Secret;
import io.sallyport.creds.Fixtures;
import java.math.BigInteger;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.interfaces.ECPrivateKey;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Files made by OpenSSL 3 and strongSwan's pki are read as what they are.
class CredentialFileTest {
    private static final Secret PASSPHRASE = Secret.utf8("secret");

    private static KeyPair key(String file) throws BadCredential {
        return CredentialFile.keyPair(Fixtures.octets(file), PASSPHRASE);
    }

    private static PublicKey publicKey(String file) throws BadCredential {
        return assertInstanceOf(
                        Credential.PublicKey.class,
                        CredentialFile.read(Fixtures.octets(file), Secret.EMPTY).getFirst())
                .key();
    }

    private static String refusal(Octets file, Secret passphrase) {
        return assertThrows(BadCredential.class, () -> CredentialFile.read(file, passphrase)).why();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "moon-pkcs1.pem",
                "moon-pkcs1.der",
                "moon-pkcs8.der",
                "moon-dek.pem",
                "moon-des3.pem",
                "moon-pbes2.pem",
                "moon-pbes1.pem",
                "moon.p12"
            })
    void oneKeyInEveryForm(String file) throws BadCredential {
        KeyPair expected = key("moon.key");
        assertEquals(expected.getPrivate(), key(file).getPrivate());
        assertEquals(publicKey("moon.pub"), key(file).getPublic());
    }

    /// The public half is computed by us; OpenSSL says what it is.
    @ParameterizedTest
    @ValueSource(strings = {"moon", "ec", "p384", "ed", "ed448"})
    void publicHalf(String name) throws BadCredential {
        KeyPair pair = key(name + ".key");
        assertEquals(publicKey(name + ".pub"), pair.getPublic());
        assertEquals(Fixtures.certificate(name).getPublicKey(), pair.getPublic());
    }

    @Test
    void ecOfSec1() throws BadCredential {
        for (String file : List.of("ec-sec1.pem", "ec-sec1.der")) {
            assertEquals(scalar("ec.key"), scalar(file));
            assertEquals(publicKey("ec.pub"), key(file).getPublic());
        }
    }

    private static BigInteger scalar(String file) throws BadCredential {
        return assertInstanceOf(ECPrivateKey.class, key(file).getPrivate()).getS();
    }

    @Test
    void keysOfStrongSwan() throws BadCredential {
        assertEquals(publicKey("swan-ec.pub"), key("swan-ec.pem").getPublic());
        assertEquals("EdDSA", key("swan-ed.pem").getPrivate().getAlgorithm());
        assertEquals("RSA", key("swan-rsa.der").getPrivate().getAlgorithm());
    }

    @Test
    void rsaPublicOfPkcs1() throws BadCredential {
        assertEquals(publicKey("moon.pub"), publicKey("moon-pkcs1.pub"));
    }

    @Test
    void certificatesInPemAndDer() throws BadCredential {
        assertEquals(
                Fixtures.certificate("moon"),
                CredentialFile.certificate(Fixtures.octets("moon.der")));
    }

    @Test
    void requestsAreToldFromCertificates() throws BadCredential {
        assertInstanceOf(
                Credential.Request.class,
                CredentialFile.read(Fixtures.octets("moon-req.der"), Secret.EMPTY).getFirst());
        assertEquals(
                "it is a certificate request; an X.509 certificate is expected",
                assertThrows(
                                BadCredential.class,
                                () -> CredentialFile.certificate(Fixtures.octets("moon-req.der")))
                        .why());
    }

    @Test
    void containersHoldTheirChain() throws BadCredential {
        List<Credential> all = CredentialFile.read(Fixtures.octets("moon.p12"), PASSPHRASE);
        assertInstanceOf(Credential.KeyPair.class, all.getFirst());
        assertEquals(new Credential.Certificate(Fixtures.certificate("moon")), all.get(1));
        assertTrue(all.contains(new Credential.Certificate(Fixtures.certificate("ca"))));
    }

    // ---- refusals

    @ParameterizedTest
    @ValueSource(
            strings = {
                "moon-dek.pem",
                "moon-des3.pem",
                "moon-pbes2.pem",
                "moon-pbes1.pem",
                "moon.p12"
            })
    void wrongPassphrases(String file) {
        assertTrue(
                refusal(Fixtures.octets(file), Secret.utf8("wrong"))
                        .endsWith("the passphrase is wrong, or the file is damaged"));
        assertTrue(
                refusal(Fixtures.octets(file), Secret.EMPTY)
                        .endsWith("it is encrypted, and no passphrase is configured for it"));
    }

    @Test
    void strangers() {
        assertEquals("it is empty", refusal(Octets.EMPTY, Secret.EMPTY));
        assertEquals("it is neither PEM nor DER", refusal(Octets.utf8("hello"), Secret.EMPTY));
        assertEquals(
                "line 1: a PEM block that does not end",
                refusal(Octets.utf8("-----BEGIN CERTIFICATE-----\nAAAA\n"), Secret.EMPTY));
        assertEquals(
                "BEGIN OPENSSH PRIVATE KEY: no key and no certificate that is known to us",
                refusal(
                        Octets.utf8(
                                "-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n"
                                        + "-----END OPENSSH PRIVATE KEY-----\n"),
                        Secret.EMPTY));
    }

    /// Whatever is done to a file, it is read or refused: nothing else is thrown.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "moon.der",
                "moon.p12",
                "moon-pkcs8.der",
                "moon-pkcs1.der",
                "ec-sec1.der",
                "moon-req.der",
                "moon-pbes2.pem",
                "moon-dek.pem",
                "ec-sec1.pem",
                "ed.pub"
            })
    void damagedFiles(String file) {
        Random random = new Random(7);
        byte[] good = Fixtures.octets(file).toArray();
        int refused = 0;
        int rounds = file.endsWith("p12") ? 60 : 400;
        for (int i = 0; i < rounds; i++) {
            byte[] bad = good.clone();
            for (int flips = random.nextInt(1, 4); flips > 0; flips--) {
                bad[random.nextInt(i % 2 == 0 ? Math.min(64, bad.length) : bad.length)] =
                        (byte) random.nextInt(256);
            }
            int length = i % 5 == 0 ? random.nextInt(bad.length) : bad.length;
            try {
                CredentialFile.read(Octets.of(bad).slice(0, length), PASSPHRASE);
            } catch (BadCredential _) {
                refused++;
            }
        }
        assertTrue(refused > rounds / 4, "refused " + refused);
    }
}
