package io.sallyport.ike.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.base.Octets;
import io.sallyport.crypto.suite.SignatureHash;
import io.sallyport.crypto.suite.SignatureRules;
import io.sallyport.crypto.suite.SignatureScheme;
import io.sallyport.ike.TestCrypto;
import io.sallyport.ike.auth.Announcements.Demand;
import io.sallyport.model.spec.AuthSpec;
import io.sallyport.model.spec.Identity;
import io.sallyport.model.spec.TrustSpec;
import io.sallyport.model.trust.OwnKey;
import io.sallyport.testkit.RawKeys;
import io.sallyport.wire.ike.MalformedException;
import io.sallyport.wire.ike.v2.CertificateRequest;
import io.sallyport.wire.ike.v2.Notify;
import io.sallyport.wire.ike.v2.Payload;
import io.sallyport.wire.ike.v2.PayloadChain;
import io.sallyport.wire.ike.v2.notify.AuthAnnouncement;
import io.sallyport.wire.ike.v2.number.CertificateEncoding;
import io.sallyport.wire.ike.v2.number.NotifyType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// What is announced of methods, octet by octet, and what is made of it (RFC 9593).
class AnnouncedTest {
    private static final Octets ED25519 = SignatureScheme.ED25519.algorithmIdentifier();
    private static final Octets PSS = SignatureScheme.RSA_PSS_SHA2_256.algorithmIdentifier();
    private static final Octets CA1 = Octets.hex("11".repeat(20));
    private static final Octets CA2 = Octets.hex("22".repeat(20));
    private static final Octets CA3 = Octets.hex("33".repeat(20));

    private static AuthSpec pubkey(String... schemes) {
        return new AuthSpec.Pubkey(
                Identity.ANY, List.of(), List.of(), TrustSpec.ANY.schemes(List.of(schemes)));
    }

    private static List<AuthAnnouncement> ours(List<Octets> listed, Demand... demands) {
        return Announcements.of(List.of(demands), listed, TestCrypto.CRYPTO);
    }

    private static Notify said(String hex) {
        return Notify.of(NotifyType.SUPPORTED_AUTH_METHODS, Octets.hex(hex));
    }

    private static PayloadChain chain(Payload... payloads) {
        List<Payload> all = List.of(payloads);
        try {
            return PayloadChain.parseInner(PayloadChain.firstType(all), PayloadChain.emit(all));
        } catch (MalformedException e) {
            throw new AssertionError(e);
        }
    }

    private static Announced heard(String hex, Payload... requests) {
        List<Payload> all = new ArrayList<>(List.of(requests));
        all.add(said(hex));
        return Announced.of(chain(all.toArray(Payload[]::new)), List.of());
    }

    private static CertificateRequest certReq(Octets... authorities) {
        return CertificateRequest.of(CertificateEncoding.X509_SIGNATURE, List.of(authorities));
    }

    private static OwnKey key(String sort, Octets... ways) {
        OwnKey raw =
                new RawKeys(TestCrypto.CRYPTO)
                        .own(RawKeys.pair(sort))
                        .ownKeys(List.of())
                        .getFirst();
        return new OwnKey(
                raw.id(),
                raw.kind(),
                raw.bits(),
                raw.publicKey(),
                raw.chain(),
                raw.places(),
                List.of(ways),
                raw.subject(),
                raw.schemes());
    }

    private static Optional<SchemeChoice.Choice> choice(OwnKey key, Announced announced) {
        return SchemeChoice.ours(
                key,
                SignatureRules.ANY,
                Set.of(
                        SignatureHash.SHA2_256,
                        SignatureHash.SHA2_384,
                        SignatureHash.SHA2_512,
                        SignatureHash.IDENTITY),
                announced,
                TestCrypto.CRYPTO);
    }

    // ---- ours

    @Test
    void whereThereIsNothingToChooseNothingIsSaid() {
        Demand psk = new Demand(new AuthSpec.Psk(Identity.ANY), List.of());
        assertEquals(List.of(), ours(List.of(), psk));
        assertEquals(List.of(), ours(List.of(), psk, psk));
        assertEquals(List.of(), ours(List.of()));
    }

    /// 3.2.1: two octets where no public key is concerned.
    @Test
    void twoOctets() {
        Demand psk = new Demand(new AuthSpec.Psk(Identity.ANY), List.of());
        Demand nobody = new Demand(new AuthSpec.Null(Identity.ANY), List.of());
        assertEquals(
                Octets.hex("0202 020d"),
                AuthAnnouncement.emit(ours(List.of(), psk, nobody)).data());
    }

    /// 3.2.2 and 3.2.3: three octets with a link, or more with an AlgorithmIdentifier.
    @Test
    void threeOctetsAndMore() {
        Demand ecdsa = new Demand(pubkey("ike:ecdsa", "sha256"), List.of());
        assertEquals(
                Octets.hex("0f0e00 300a06082a8648ce3d040302 030900"),
                AuthAnnouncement.emit(ours(List.of(), ecdsa)).data());
        Demand ed = new Demand(pubkey("ike:ed25519"), List.of());
        assertEquals(
                Octets.hex("0a0e00 300506032b6570"),
                AuthAnnouncement.emit(ours(List.of(), ed)).data());
    }

    @Test
    void brokenSchemesOnlyWhereTheyAreNamed() {
        Demand any = new Demand(pubkey(), List.of());
        assertTrue(ours(List.of(), any).stream().noneMatch(a -> a.method() == 1));
        Demand named = new Demand(pubkey("ike:rsa", "sha1"), List.of());
        assertTrue(ours(List.of(), named).stream().anyMatch(a -> a.method() == 1));
    }

    /// Two demands with other CAs: each scheme points at those that may be proved by it.
    @Test
    void linksPointIntoOurRequest() {
        List<AuthAnnouncement> all =
                ours(
                        List.of(CA1, CA2, CA3),
                        new Demand(pubkey("ike:ed25519"), List.of(CA2, CA3)),
                        new Demand(pubkey("ike:rsa/pss", "sha256"), List.of(CA1)));
        assertEquals(
                List.of(
                        new AuthAnnouncement(14, 2, ED25519),
                        new AuthAnnouncement(14, 3, ED25519),
                        new AuthAnnouncement(14, 1, PSS)),
                all);
        // One demand alone, or one that takes raw keys or any CA, needs none
        assertEquals(
                List.of(new AuthAnnouncement(14, 0, ED25519)),
                ours(List.of(CA1), new Demand(pubkey("ike:ed25519"), List.of(CA1))));
        assertEquals(
                0,
                ours(
                                List.of(CA1),
                                new Demand(pubkey("ike:ed25519"), List.of()),
                                new Demand(pubkey("ike:rsa/pss", "sha256"), List.of(CA1)))
                        .getFirst()
                        .certificateLink());
    }

    // ---- theirs

    @Test
    void formsThatDoNotGoWithTheirMethodAreNobodys() {
        for (String wrong :
                List.of("030200", "0209", "0a0900 300506032b6570", "020e", "030e00", "030d00")) {
            assertFalse(heard(wrong).names(), wrong);
        }
        // Lengths that lie take all of it with them
        for (String wrong : List.of("00", "01", "0302", "020205", "0202 0a0e00 3005")) {
            assertFalse(heard(wrong).said(), wrong);
        }
    }

    @Test
    void withoutDataItIsAPromise() {
        assertTrue(heard("").isPromised());
        assertFalse(heard("0202").isPromised());
        assertFalse(Announced.of(chain(), List.of()).isPromised());
    }

    /// 3.2.2: all CERTREQs are one list; without any the link counts for nothing.
    @Test
    void linksAreReadByPlace() {
        String second = "0a0e02" + ED25519.hex();
        OwnKey ofSecond = key("ed25519", CA2);
        OwnKey ofFirst = key("ed25519", CA1);
        Payload ocsp = CertificateRequest.of(CertificateEncoding.OCSP_CONTENT, List.of(CA3));
        for (List<Payload> requests :
                List.<List<Payload>>of(
                        List.of(certReq(CA1, CA2)),
                        List.of(certReq(CA1), certReq(CA2)),
                        List.of(ocsp, certReq(CA1), certReq(CA2, CA3)))) {
            Announced a = heard(second, requests.toArray(Payload[]::new));
            assertTrue(choice(ofSecond, a).isPresent());
            assertTrue(choice(ofFirst, a).isEmpty());
        }
        assertTrue(choice(ofFirst, heard(second)).isPresent());
        // A place that is none
        assertFalse(heard(second, certReq(CA1)).names());
        // In IKE_INTERMEDIATE, without a CERTREQ of its own
        Announced later = Announced.of(chain(said(second)), List.of(CA1, CA2));
        assertTrue(choice(ofSecond, later).isPresent());
        assertTrue(choice(ofFirst, later).isEmpty());
    }

    @Test
    void theKeySignsAsItIsAnnounced() {
        OwnKey rsa = key("rsa");
        Announced pss = heard("%02x0e00%s".formatted(3 + PSS.length(), PSS.hex()));
        assertEquals(SignatureScheme.RSA_PSS_SHA2_256, choice(rsa, pss).orElseThrow().scheme());
        assertTrue(choice(key("ed25519"), pss).isEmpty());
        Announced p256 = heard("030900");
        SchemeChoice.Choice plain = choice(key("ecdsa-256"), p256).orElseThrow();
        assertEquals(SignatureScheme.ECDSA_P256_RAW, plain.scheme());
        assertFalse(plain.named());
        assertTrue(choice(key("ecdsa-384"), p256).isEmpty());
    }

    /// What nobody here knows leaves everything as it was.
    @Test
    void unknownMethodsSayNothing() {
        assertFalse(heard("0263 056400 0500 0a0e00 30050603550405").names());
        assertTrue(choice(key("rsa"), heard("0263")).isPresent());
    }
}
