package io.sallyport.creds.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.base.Octets;
import io.sallyport.base.Secret;
import io.sallyport.creds.Fixtures;
import io.sallyport.creds.der.DerWriter;
import io.sallyport.creds.pem.BadCredential;
import io.sallyport.creds.x509.Certificates;
import io.sallyport.creds.x509.Judge;
import io.sallyport.creds.x509.RevocationCheck;
import io.sallyport.crypto.choose.Crypto;
import io.sallyport.crypto.choose.EngineChooser;
import io.sallyport.crypto.jce.JceEngine;
import io.sallyport.crypto.suite.SignatureScheme;
import io.sallyport.model.port.Fetcher;
import io.sallyport.model.spec.AuthSpec;
import io.sallyport.model.spec.AuthoritySpec;
import io.sallyport.model.spec.Identity;
import io.sallyport.model.spec.KeySource;
import io.sallyport.model.spec.Origin;
import io.sallyport.model.spec.PrivateKeySpec;
import io.sallyport.model.spec.TrustSpec;
import io.sallyport.model.spec.VpnSpec;
import io.sallyport.model.trust.Evidence;
import io.sallyport.model.trust.OwnKey;
import io.sallyport.model.trust.PeerProof;
import io.sallyport.model.trust.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Certificates by hash and URL, on a network that a map is.
class LocatedCertificatesTest {
    private static final Crypto CRYPTO = EngineChooser.choose(new JceEngine());
    private static final String BASE = "http://ca.example/certs/";
    private static final Octets SIGNED = Octets.ascii("what both signed");

    private final Map<String, Octets> network = new HashMap<>();
    private final List<String> asked = new ArrayList<>();
    private final Instant began = Instant.parse("2027-01-01T00:00:00Z");
    private Instant now = began;
    private final LocatedCertificates.Kept kept = new LocatedCertificates.Kept();

    private Octets fetch(Fetcher.Request request) throws Fetcher.Unfetched {
        asked.add(request.uri());
        Octets there = network.get(request.uri());
        if (there == null) {
            throw new Fetcher.Unfetched(request.uri() + ": the server answers 404");
        }
        return there;
    }

    private LocatedCertificates locator(String... bases) {
        return new LocatedCertificates(this::fetch, () -> now, List.of(bases), kept);
    }

    private static Octets der(String name) throws BadCredential {
        return Certificates.der(Fixtures.certificate(name));
    }

    private static Evidence.Located place(Octets content, boolean bundle) {
        Octets hash = Certificates.sha1(content);
        return new Evidence.Located(hash, BASE + hash.hex(), bundle);
    }

    /// It lies where it is said to.
    private Evidence.Located published(String name) throws BadCredential {
        Evidence.Located place = place(der(name), false);
        network.put(place.url(), der(name));
        return place;
    }

    private String refusal(LocatedCertificates locator, Evidence.Located place) {
        return assertThrows(BadCredential.class, () -> locator.fetch(place, began)).why();
    }

    @Test
    void whatIsThereIsFetchedOnce() throws Exception {
        Evidence.Located moon = published("moon");
        assertEquals(List.of(Fixtures.certificate("moon")), locator(BASE).fetch(moon, began));
        network.clear();
        assertEquals(List.of(Fixtures.certificate("moon")), locator(BASE).fetch(moon, began));
        assertEquals(List.of(moon.url()), asked);
    }

    @Test
    void nobodySendsUsElsewhere() throws Exception {
        Evidence.Located moon = published("moon");
        for (LocatedCertificates locator :
                List.of(locator(), locator("http://ca.example/other/"))) {
            assertEquals(
                    "a certificate behind a URL that is below no cert_uri_base of ours",
                    refusal(locator, moon));
        }
        assertEquals(
                "a certificate behind a URL that is below no cert_uri_base of ours",
                refusal(
                        locator(BASE),
                        new Evidence.Located(moon.sha1(), BASE + "../admin", false)));
        assertEquals(List.of(), asked);
    }

    @Test
    void whatIsNotWhatTheHashSaysIsRefused() throws Exception {
        Evidence.Located moon = published("moon");
        network.put(moon.url(), der("other"));
        assertEquals(
                "a certificate behind a URL where something else lies",
                refusal(locator(BASE), moon));
        network.put(moon.url(), der("moon"));
        assertEquals(
                "a certificate behind a URL where something else lies",
                refusal(locator(BASE), moon),
                "it is not asked again at once");
        assertEquals(1, asked.size());
        now = now.plus(Duration.ofSeconds(61));
        assertEquals(
                "a certificate behind a URL, and the time for it is over",
                refusal(locator(BASE), moon),
                "this verdict has waited long enough");
        assertEquals(List.of(Fixtures.certificate("moon")), locator(BASE).fetch(moon, now));
        assertEquals(2, asked.size());
    }

    @Test
    void aBundleHoldsAChain() throws Exception {
        Octets bundle =
                DerWriter.sequence(
                        DerWriter.tagged(0, der("moon")), DerWriter.tagged(0, der("ca")));
        Evidence.Located place = place(bundle, true);
        network.put(place.url(), bundle);
        assertEquals(
                List.of(Fixtures.certificate("moon"), Fixtures.certificate("ca")),
                locator(BASE).fetch(place, began));
        Evidence.Located empty = place(DerWriter.sequence(), true);
        network.put(empty.url(), DerWriter.sequence());
        assertEquals("a bundle without certificates", refusal(locator(BASE), empty));
    }

    // ---- with a judge

    private static KeySource inline(String name) {
        return new KeySource.Inline(Fixtures.octets(name), Origin.NONE);
    }

    private static Vault vault(String base) {
        return VaultLoader.load(
                        new VpnSpec(
                                List.of(),
                                List.of(),
                                List.of(
                                        new PrivateKeySpec(
                                                PrivateKeySpec.Kind.ANY,
                                                inline("moon.key"),
                                                Secret.EMPTY)),
                                List.of(),
                                List.of(),
                                List.of(
                                        new AuthoritySpec(
                                                "ca",
                                                inline("ca.crt"),
                                                List.of(),
                                                List.of(),
                                                base,
                                                Origin.NONE))))
                .vault();
    }

    private Verdict judged(List<Evidence> evidence) throws Exception {
        AuthSpec.Pubkey demand =
                new AuthSpec.Pubkey(Identity.ANY, List.of(), List.of(), TrustSpec.ANY);
        SignatureScheme scheme = SignatureScheme.RSA_PKCS1_SHA2_256;
        PeerProof proof =
                new PeerProof(
                        Certificates.subject(Fixtures.certificate("moon")),
                        demand,
                        evidence,
                        scheme,
                        CRYPTO.signer(scheme).sign(Fixtures.pair("moon").getPrivate(), SIGNED),
                        SIGNED);
        return new Judge(CRYPTO, vault(BASE), RevocationCheck.NONE, locator(BASE))
                .judge(proof, began);
    }

    @Test
    void aPeerIsBelievedByWhatLiesThere() throws Exception {
        assertInstanceOf(Verdict.Trusted.class, judged(List.of(published("moon"))));
    }

    /// RFC 7296, 3.6: the first certificate is the one that AUTH is checked by, also where it
    /// cannot be had.
    @Test
    void noOtherTakesThePlaceOfTheFirst() throws Exception {
        Evidence.Located missing = place(der("other"), false);
        assertInstanceOf(
                Verdict.Refused.class,
                judged(List.of(missing, new Evidence.Certificate(der("moon")))));
    }

    @Test
    void aPeerMakesUsAskFourTimesAtMost() throws Exception {
        List<Evidence> many = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            many.add(place(Octets.ofInt(i), false));
        }
        assertInstanceOf(Verdict.Refused.class, judged(many));
        assertEquals(4, asked.size());
    }

    @Test
    void ourOwnAreBelowTheBaseByTheirHash() throws Exception {
        AuthSpec.Pubkey local =
                new AuthSpec.Pubkey(
                        Identity.ANY, List.of(inline("moon.crt")), List.of(), TrustSpec.ANY);
        for (String base : List.of(BASE, "")) {
            VpnSpec vpn =
                    new VpnSpec(
                            List.of(),
                            List.of(),
                            List.of(
                                    new PrivateKeySpec(
                                            PrivateKeySpec.Kind.ANY,
                                            inline("moon.key"),
                                            Secret.EMPTY)),
                            List.of(
                                    new io.sallyport.model.spec.CertificateSpec(
                                            io.sallyport.model.spec.CertificateSpec.Kind.X509,
                                            inline("moon.crt"))),
                            List.of(),
                            List.of(
                                    new AuthoritySpec(
                                            "ca",
                                            inline("ca.crt"),
                                            List.of(),
                                            List.of(),
                                            base,
                                            Origin.NONE)));
            CredentialStore store = new CredentialStore(List.of(), VaultLoader.load(vpn).vault());
            OwnKey key = store.ownKeys(local, List.of()).getFirst();
            assertEquals(!base.isEmpty(), store.fetchesCertificates());
            assertEquals(
                    base.isEmpty() ? Map.of() : Map.of(der("moon"), place(der("moon"), false)),
                    key.places());
        }
        assertTrue(asked.isEmpty());
    }
}
