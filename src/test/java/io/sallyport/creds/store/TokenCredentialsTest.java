package io.sallyport.creds.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.base.Octets;
import io.sallyport.base.Secret;
import io.sallyport.creds.Fixtures;
import io.sallyport.creds.pem.BadCredential;
import io.sallyport.creds.x509.Certificates;
import io.sallyport.creds.x509.Locator;
import io.sallyport.creds.x509.RevocationCheck;
import io.sallyport.crypto.choose.Crypto;
import io.sallyport.crypto.choose.EngineChooser;
import io.sallyport.crypto.engine.Signer.CannotSign;
import io.sallyport.crypto.jce.JceEngine;
import io.sallyport.crypto.suite.SignatureScheme;
import io.sallyport.model.spec.AuthSpec;
import io.sallyport.model.spec.CertificateSpec;
import io.sallyport.model.spec.Identity;
import io.sallyport.model.spec.KeySource;
import io.sallyport.model.spec.ModuleSpec;
import io.sallyport.model.spec.Origin;
import io.sallyport.model.spec.PrivateKeySpec;
import io.sallyport.model.spec.TrustSpec;
import io.sallyport.model.spec.VpnSpec;
import io.sallyport.model.trust.OwnKey;
import io.sallyport.testkit.MemoryTokens;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Keys that stay on a token beside those of files: who has the key of the fixture `moon` there.
class TokenCredentialsTest {
    private static final Crypto CRYPTO = EngineChooser.choose(new JceEngine());
    private static final Identity MOON = Identity.fqdn("moon.lab.example");
    private static final Octets MESSAGE = Octets.utf8("message, nonce and MACed identity");

    private final MemoryTokens tokens = new MemoryTokens();

    @BeforeEach
    void give() throws BadCredential {
        tokens.holds("0a01", Fixtures.pair("moon"))
                .shows("0a01", Certificates.der(Fixtures.certificate("moon")));
    }

    private static KeySource.Token at(String module) {
        return new KeySource.Token("0a01", "7", module, new Origin("/etc/swanctl.conf", 12));
    }

    private VaultLoader.Loaded load(String pin, String module, CertificateSpec... certificates) {
        List<ModuleSpec> modules =
                List.of(
                        new ModuleSpec("hsm", "/lib/hsm.so", Origin.NONE),
                        new ModuleSpec("card", "/lib/card.so", Origin.NONE));
        VpnSpec vpn =
                new VpnSpec(
                        List.of(),
                        List.of(),
                        List.of(
                                new PrivateKeySpec(
                                        PrivateKeySpec.Kind.TOKEN, at(module), Secret.utf8(pin))),
                        List.of(certificates),
                        List.of(),
                        List.of(),
                        modules);
        return VaultLoader.load(vpn, new OnTokens(tokens, vpn.modules()));
    }

    private static AuthSpec.Pubkey us(List<KeySource> certificates) {
        return new AuthSpec.Pubkey(MOON, certificates, List.of(), TrustSpec.ANY);
    }

    private static OwnKey only(VaultLoader.Loaded loaded, List<KeySource> certificates) {
        assertEquals(List.of(), loaded.findings());
        List<OwnKey> keys =
                new CredentialStore(List.of(), loaded.vault()).ownKeys(us(certificates), List.of());
        assertEquals(1, keys.size(), keys.toString());
        return keys.getFirst();
    }

    private CertificateNotary notary(VaultLoader.Loaded loaded) {
        return new CertificateNotary(
                CRYPTO,
                loaded.vault(),
                RevocationCheck.NONE,
                Locator.NONE,
                () -> Instant.parse("2027-01-01T00:00:00Z"));
    }

    @Test
    void aKeyOnATokenSignsAsOneOfAFile() throws Exception {
        VaultLoader.Loaded loaded =
                load(
                        MemoryTokens.PIN,
                        "hsm",
                        new CertificateSpec(CertificateSpec.Kind.X509, at("hsm")));
        OwnKey key = only(loaded, List.of(at("hsm")));
        assertEquals(
                List.of(Certificates.der(Fixtures.certificate("moon"))),
                key.chain(),
                "the certificate that the connection names by its handle");
        CertificateNotary notary = notary(loaded);
        assertTrue(notary.waitsToSign(key.id()));
        for (SignatureScheme scheme : key.schemes()) {
            if (scheme != SignatureScheme.RSA_BARE) {
                CRYPTO.verifier(scheme)
                        .verify(
                                Fixtures.pair("moon").getPublic(),
                                notary.sign(key.id(), scheme, MESSAGE),
                                MESSAGE);
            }
        }
        assertFalse(
                key.schemes().contains(SignatureScheme.RSA_PSS_SHA2_256),
                "the token cannot, and that is known before a peer is told");
        assertTrue(key.schemes().contains(SignatureScheme.RSA_PKCS1_SHA2_256));
    }

    /// As charon loads the certificates of a token: a connection need not name them.
    @Test
    void theCertificateBesideAKeyIsFoundByItsIdentity() {
        OwnKey key = only(load(MemoryTokens.PIN, "hsm"), List.of());
        assertFalse(key.isRaw());
    }

    @Test
    void aModuleIsFoundByNameByPathOrNotAtAll() {
        only(load(MemoryTokens.PIN, "card"), List.of());
        assertEquals(List.of("/lib/card.so"), tokens.asked.orElseThrow().modules());
        assertEquals(7, tokens.asked.orElseThrow().slot().getAsLong());
        only(load(MemoryTokens.PIN, ""), List.of());
        assertEquals(List.of("/lib/hsm.so", "/lib/card.so"), tokens.asked.orElseThrow().modules());
        only(load(MemoryTokens.PIN, "/opt/its.so"), List.of());
        assertEquals(List.of("/opt/its.so"), tokens.asked.orElseThrow().modules());
        assertEquals(
                List.of(
                        "/etc/swanctl.conf:12: private key 0a01 on a token in slot 7 of module smart:"
                                + " no module is called 'smart': say module = /path/of/its/library,"
                                + " or give it a name in a section pkcs11 of swanctl.conf"),
                load(MemoryTokens.PIN, "smart").findings().stream()
                        .map(Finding::toString)
                        .toList());
    }

    @Test
    void aWrongPinIsToldWithItsPlaceAndWithoutThePin() {
        List<String> told =
                load("314159", "hsm").findings().stream().map(Finding::toString).toList();
        assertEquals(
                List.of(
                        "/etc/swanctl.conf:12: private key 0a01 on a token in slot 7 of module hsm:"
                                + " slot 1 refuses the PIN (C_Login: CKR_PIN_INCORRECT)"),
                told);
    }

    @Test
    void aTokenThatIsGoneMakesNoSignature() {
        VaultLoader.Loaded loaded = load(MemoryTokens.PIN, "hsm");
        OwnKey key = only(loaded, List.of());
        tokens.gone = true;
        CannotSign why =
                assertThrows(
                        CannotSign.class,
                        () ->
                                notary(loaded)
                                        .sign(
                                                key.id(),
                                                SignatureScheme.RSA_PKCS1_SHA2_256,
                                                MESSAGE));
        assertEquals("slot 1: C_SignInit: CKR_TOKEN_NOT_PRESENT", why.getMessage());
        assertEquals(1, load(MemoryTokens.PIN, "hsm").findings().size());
    }
}
