package io.sallyport.creds.revocation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.base.Octets;
import io.sallyport.base.name.DistinguishedName;
import io.sallyport.creds.issue.AnswerOrder;
import io.sallyport.creds.issue.CertificateOrder;
import io.sallyport.creds.issue.CertificateOrder.Flag;
import io.sallyport.creds.issue.ListOrder;
import io.sallyport.creds.issue.NewKey;
import io.sallyport.creds.issue.Seal;
import io.sallyport.creds.x509.Certificates;
import io.sallyport.creds.x509.RevocationCheck.State;
import io.sallyport.creds.x509.RevocationCheck.Status;
import io.sallyport.crypto.choose.Crypto;
import io.sallyport.crypto.choose.EngineChooser;
import io.sallyport.crypto.engine.Signer.CannotSign;
import io.sallyport.crypto.jce.JceEngine;
import io.sallyport.crypto.suite.SignatureScheme;
import io.sallyport.model.port.Entropy;
import io.sallyport.model.port.Fetcher;
import io.sallyport.model.trust.Evidence;
import java.math.BigInteger;
import java.security.KeyPair;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// An authority with a list at `LIST`, deltas at `DELTA` and a responder at `OCSP`, all of them on
/// a network that a map is.
class RevocationDeskTest {
    private static final Crypto CRYPTO = EngineChooser.choose(new JceEngine());
    private static final Instant NOW = Instant.parse("2027-01-01T00:00:00Z");
    private static final Duration DAY = Duration.ofDays(1);
    private static final String LIST = "http://ca.example/ca.crl";
    private static final String DELTA = "http://ca.example/delta.crl";
    private static final String OCSP = "http://ca.example/ocsp";
    private static final BigInteger MOON = BigInteger.valueOf(0x4711);

    private final Seal seal = seal();
    private final X509Certificate ca = authority("CN=Root", seal);
    private final Map<String, Answering> network = new HashMap<>();
    private final List<Fetcher.Request> asked = new ArrayList<>();
    private final AnswerCache cache = new AnswerCache();
    private Instant time = NOW;
    private List<X509CRL> configured = List.of();
    private List<X509Certificate> known = List.of(ca);
    private List<X509Certificate> responders = List.of();

    private interface Answering {
        Octets answer(Fetcher.Request request) throws Fetcher.Unfetched, CannotSign;
    }

    private static Seal seal() {
        try {
            return Seal.of(CRYPTO, NewKey.make("ed25519", 0), Optional.empty(), false);
        } catch (CannotSign e) {
            throw new AssertionError(e);
        }
    }

    private static Octets name(String text) {
        return DistinguishedName.encode(text).orElseThrow();
    }

    private static CertificateOrder order(String subject, Seal seal, BigInteger serial) {
        return new CertificateOrder(
                name(subject),
                seal.pair().getPublic(),
                serial,
                NOW.minus(DAY.multipliedBy(100)),
                NOW.plus(DAY.multipliedBy(100)));
    }

    private static X509Certificate authority(String subject, Seal seal) {
        try {
            return order(subject, seal, BigInteger.ONE).authority(-1).selfSigned(seal);
        } catch (CannotSign e) {
            throw new AssertionError(e);
        }
    }

    private X509Certificate moon(List<String> lists, List<String> ocsp) throws CannotSign {
        return order("CN=moon", seal(), MOON)
                .lists(lists, List.of())
                .responders(ocsp)
                .issuedBy(ca, seal);
    }

    private static ListOrder list(long number, Instant made, long... revoked) {
        return ordered(number, Optional.empty(), made, 1, List.of(), Optional.empty(), revoked);
    }

    private static ListOrder ordered(
            long number,
            Optional<BigInteger> base,
            Instant made,
            int reason,
            List<String> freshest,
            Optional<String> point,
            long... revoked) {
        List<ListOrder.Revoked> all = new ArrayList<>();
        for (long serial : revoked) {
            all.add(new ListOrder.Revoked(BigInteger.valueOf(serial), made, reason));
        }
        return new ListOrder(
                BigInteger.valueOf(number), base, made, made.plus(DAY), all, freshest, point);
    }

    private X509CRL signed(ListOrder order) throws CannotSign {
        return order.signedBy(ca, seal);
    }

    private static Octets der(X509CRL list) {
        try {
            return Crl.of(list).der();
        } catch (Unbelieved e) {
            throw new AssertionError(e);
        }
    }

    private void serve(String uri, X509CRL list) {
        network.put(uri, _ -> der(list));
    }

    private RevocationDesk desk() {
        Fetcher fetcher =
                request -> {
                    asked.add(request);
                    Answering there = network.get(request.uri());
                    if (there == null) {
                        throw new Fetcher.Unfetched(request.uri() + ": nobody answers");
                    }
                    try {
                        return there.answer(request);
                    } catch (CannotSign e) {
                        throw new AssertionError(e);
                    }
                };
        Entropy entropy =
                new Entropy() {
                    private byte next = 1;

                    @Override
                    public Octets octets(int count) {
                        byte[] octets = new byte[count];
                        octets[0] = next++;
                        return Octets.owned(octets);
                    }

                    @Override
                    public long below(long bound) {
                        return 0;
                    }
                };
        Sources sources =
                new Sources() {
                    @Override
                    public List<X509Certificate> authorities() {
                        return known;
                    }

                    @Override
                    public List<X509Certificate> responders() {
                        return responders;
                    }

                    @Override
                    public List<X509CRL> lists() {
                        return configured;
                    }

                    @Override
                    public Places places(X509Certificate authority) {
                        return Places.NONE;
                    }
                };
        return new RevocationDesk(CRYPTO, fetcher, entropy, sources, cache, () -> time);
    }

    private Status ask(X509Certificate certificate, Evidence... sent) {
        return desk().of(certificate, ca, List.of(sent), NOW);
    }

    private static void assertStatus(State state, String words, Status status) {
        assertEquals(state, status.state(), status.line());
        assertTrue(status.line().contains(words), status.line());
    }

    // ---- lists

    @Test
    void nobodyToAsk() throws Exception {
        assertStatus(State.NOBODY_TO_ASK, "4711", ask(moon(List.of(), List.of())));
        assertEquals(List.of(), asked);
    }

    @Test
    void aListIsFetchedOnceAndKept() throws Exception {
        serve(LIST, signed(list(7, NOW, 5)));
        X509Certificate moon = moon(List.of(LIST), List.of());
        assertStatus(State.GOOD, "not on the list of 'CN=Root' (number 7", ask(moon));
        assertStatus(State.GOOD, "not on the list", ask(moon));
        assertEquals(1, asked.size());
    }

    @Test
    void listedIsRevokedWithWhichWhenAndWhy() throws Exception {
        serve(LIST, signed(list(7, NOW, MOON.longValue())));
        Status status = ask(moon(List.of(LIST), List.of()));
        assertStatus(State.REVOKED, "serial 4711 is on the list of 'CN=Root' (number 7", status);
        assertStatus(State.REVOKED, "revoked at 2027-01-01T00:00:00Z, key compromise", status);
    }

    @Test
    void anOldListStillRevokesButClearsNobody() throws Exception {
        Instant old = NOW.minus(DAY.multipliedBy(3));
        configured = List.of(signed(list(7, old, MOON.longValue())));
        assertStatus(State.REVOKED, "4711", ask(moon(List.of(), List.of())));
        configured = List.of(signed(list(7, old, 5)));
        assertStatus(State.NOBODY_TO_ASK, "was valid until", ask(moon(List.of(), List.of())));
        serve(LIST, signed(list(7, old, 5)));
        assertStatus(State.NO_ANSWER, "was valid until", ask(moon(List.of(LIST), List.of())));
    }

    /// A responder that is silent until the time of the verdict is over: nobody else is asked in
    /// that verdict, and the next one has time of its own.
    @Test
    void aVerdictHasSoMuchTimeAndNoMore() throws Exception {
        network.put(
                OCSP,
                _ -> {
                    time = time.plus(RevocationDesk.PATIENCE);
                    throw new Fetcher.Unfetched(OCSP + ": no answer");
                });
        serve(LIST, signed(list(7, NOW, 5)));
        X509Certificate moon = moon(List.of(LIST), List.of(OCSP));
        assertStatus(State.NO_ANSWER, LIST + ": not asked, 15 s are over", ask(moon));
        assertEquals(1, asked.size());
        assertStatus(State.GOOD, "not on the list", desk().of(moon, ca, List.of(), time));
        assertEquals(2, asked.size());
    }

    /// A certificate that was on hold, and is not any more.
    @Test
    void aNewerListTakesThePlaceOfAnOlder() throws Exception {
        configured =
                List.of(signed(list(7, NOW.minus(DAY), MOON.longValue())), signed(list(8, NOW)));
        assertStatus(State.GOOD, "number 8", ask(moon(List.of(), List.of())));
    }

    @Test
    void aStrangersListIsNotBelieved() throws Exception {
        Seal stranger = seal();
        network.put(
                LIST, _ -> der(list(7, NOW).signedBy(authority("CN=Root", stranger), stranger)));
        assertStatus(
                State.NO_ANSWER, "not signed by that key", ask(moon(List.of(LIST), List.of())));
        assertEquals(List.of(), cache.lists());
    }

    @Test
    void aListOfTheFutureIsNotBelieved() throws Exception {
        serve(LIST, signed(list(9, NOW.plus(DAY))));
        assertStatus(State.NO_ANSWER, "of the future", ask(moon(List.of(LIST), List.of())));
        assertEquals(List.of(), cache.lists());
    }

    @Test
    void anotherKeyOfTheSameAuthorityMaySign() throws Exception {
        Seal other = seal();
        X509Certificate signer =
                order("CN=Root", other, BigInteger.TWO)
                        .flags(Set.of(Flag.CRL_SIGN))
                        .issuedBy(ca, seal);
        configured = List.of(list(7, NOW).signedBy(signer, other));
        assertStatus(State.NOBODY_TO_ASK, "not signed", ask(moon(List.of(), List.of())));
        known = List.of(ca, signer);
        assertStatus(State.GOOD, "number 7", ask(moon(List.of(), List.of())));
        X509Certificate without = order("CN=Root", other, BigInteger.TWO).issuedBy(ca, seal);
        known = List.of(ca, without);
        assertStatus(State.NOBODY_TO_ASK, "cRLSign", ask(moon(List.of(), List.of())));
    }

    @Test
    void aListOfOneDistributionPointClearsOnlyThoseThatNameIt() throws Exception {
        configured =
                List.of(signed(ordered(7, Optional.empty(), NOW, 1, List.of(), Optional.of(LIST))));
        assertStatus(State.NOBODY_TO_ASK, "is not about", ask(moon(List.of(), List.of())));
        assertStatus(State.GOOD, "number 7", ask(moon(List.of(LIST), List.of())));
    }

    @Test
    void aDeltaAddsAndRemoves() throws Exception {
        Optional<BigInteger> seven = Optional.of(BigInteger.valueOf(7));
        X509Certificate moon = moon(List.of(LIST), List.of());
        serve(
                LIST,
                signed(
                        ordered(
                                7,
                                Optional.empty(),
                                NOW.minusSeconds(60),
                                1,
                                List.of(DELTA),
                                Optional.empty())));
        serve(
                DELTA,
                signed(ordered(8, seven, NOW, 6, List.of(), Optional.empty(), MOON.longValue())));
        assertStatus(State.REVOKED, "delta list", ask(moon));
        assertStatus(State.REVOKED, "certificate hold", ask(moon));
        cache.flush();
        serve(LIST, signed(list(7, NOW.minusSeconds(60), MOON.longValue())));
        configured =
                List.of(
                        signed(list(7, NOW.minusSeconds(60), MOON.longValue())),
                        signed(
                                ordered(
                                        8,
                                        seven,
                                        NOW,
                                        Reasons.REMOVE_FROM_CRL,
                                        List.of(),
                                        Optional.empty(),
                                        MOON.longValue())));
        assertStatus(State.GOOD, "upon the list", ask(moon));
    }

    /// A delta that is upon a later list than ours tells nothing of what lies between.
    @Test
    void aDeltaWithAGapRemovesNothing() throws Exception {
        configured =
                List.of(
                        signed(list(5, NOW.minusSeconds(60), MOON.longValue())),
                        signed(
                                ordered(
                                        8,
                                        Optional.of(BigInteger.valueOf(7)),
                                        NOW,
                                        Reasons.REMOVE_FROM_CRL,
                                        List.of(),
                                        Optional.empty(),
                                        MOON.longValue())));
        assertStatus(State.REVOKED, "number 5", ask(moon(List.of(), List.of())));
    }

    @Test
    void aPlaceThatFailsIsNotAskedAgainAtOnce() throws Exception {
        X509Certificate moon = moon(List.of(LIST), List.of());
        assertStatus(State.NO_ANSWER, "nobody answers", ask(moon));
        assertStatus(State.NO_ANSWER, "nobody answers", ask(moon));
        assertEquals(1, asked.size());
    }

    @Test
    void rubbishIsNoList() throws Exception {
        network.put(LIST, _ -> Octets.utf8("<html>"));
        assertStatus(State.NO_ANSWER, LIST, ask(moon(List.of(LIST), List.of())));
    }

    // ---- OCSP

    private static AnswerOrder.Single single(
            X509Certificate certificate, X509Certificate issuer, AnswerOrder.Status status) {
        return new AnswerOrder.Single(CertId.of(certificate, issuer), status, NOW, 1);
    }

    private Octets answer(
            X509Certificate about,
            AnswerOrder.Status status,
            Octets nonce,
            Instant made,
            X509Certificate signer,
            Seal by)
            throws CannotSign {
        return new AnswerOrder(
                        List.of(single(about, ca, status)),
                        nonce,
                        made,
                        Optional.of(made.plus(DAY)))
                .signedBy(signer, by);
    }

    private static Octets nonce(Fetcher.Request request) {
        try {
            return OcspRequest.parse(request.body()).nonce();
        } catch (io.sallyport.creds.der.BadDer e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void theIssuerAnswersAndItIsKept() throws Exception {
        X509Certificate moon = moon(List.of(), List.of(OCSP));
        network.put(OCSP, r -> answer(moon, AnswerOrder.Status.GOOD, nonce(r), NOW, ca, seal));
        assertStatus(State.GOOD, "is good, says the responder 'CN=Root'", ask(moon));
        assertStatus(State.GOOD, "is good", ask(moon));
        assertEquals(1, asked.size());
        assertEquals("application/ocsp-request", asked.getFirst().type());
        cache.flush();
        network.put(OCSP, r -> answer(moon, AnswerOrder.Status.REVOKED, nonce(r), NOW, ca, seal));
        assertStatus(State.REVOKED, "key compromise", ask(moon));
    }

    /// Whoever is revoked has an answer of before, and it is valid still: that we asked since
    /// counts more than what the peer staples, and of two answers the later one.
    @Test
    void anEarlierAnswerThatIsStapledClearsNobody() throws Exception {
        X509Certificate moon = moon(List.of(), List.of(OCSP));
        Octets before =
                answer(
                        moon,
                        AnswerOrder.Status.GOOD,
                        Octets.EMPTY,
                        NOW.minus(java.time.Duration.ofHours(1)),
                        ca,
                        seal);
        assertStatus(State.GOOD, "stapled", ask(moon, new Evidence.OcspAnswer(before)));
        network.put(OCSP, r -> answer(moon, AnswerOrder.Status.REVOKED, nonce(r), NOW, ca, seal));
        assertStatus(State.REVOKED, "key compromise", ask(moon));
        assertStatus(State.REVOKED, "key compromise", ask(moon, new Evidence.OcspAnswer(before)));
        cache.flush();
        network.put(OCSP, r -> answer(moon, AnswerOrder.Status.GOOD, nonce(r), NOW, ca, seal));
        assertStatus(State.GOOD, "as of " + NOW, ask(moon));
        assertStatus(State.GOOD, "as of " + NOW, ask(moon, new Evidence.OcspAnswer(before)));
    }

    @Test
    void aReplayedNonceIsRefused() throws Exception {
        X509Certificate moon = moon(List.of(), List.of(OCSP));
        Octets replayed = answer(moon, AnswerOrder.Status.GOOD, Octets.hex("aabb"), NOW, ca, seal);
        network.put(OCSP, _ -> replayed);
        assertStatus(State.NO_ANSWER, "another nonce", ask(moon));
    }

    @Test
    void anOldAnswerIsRefusedFetchedOrStapled() throws Exception {
        X509Certificate moon = moon(List.of(), List.of(OCSP));
        Octets old =
                answer(
                        moon,
                        AnswerOrder.Status.GOOD,
                        Octets.EMPTY,
                        NOW.minus(DAY.multipliedBy(2)),
                        ca,
                        seal);
        network.put(OCSP, _ -> old);
        assertStatus(
                State.NO_ANSWER,
                "the answer was valid until",
                ask(moon, new Evidence.OcspAnswer(old)));
    }

    @Test
    void anAnswerAboutAnotherIsRefused() throws Exception {
        X509Certificate moon = moon(List.of(), List.of(OCSP));
        X509Certificate sun = order("CN=sun", seal(), BigInteger.TEN).issuedBy(ca, seal);
        network.put(OCSP, r -> answer(sun, AnswerOrder.Status.GOOD, nonce(r), NOW, ca, seal));
        assertStatus(State.NO_ANSWER, "not about serial 4711", ask(moon));
    }

    @Test
    void onlyThoseWhomTheIssuerAllowsMayAnswer() throws Exception {
        X509Certificate moon = moon(List.of(), List.of(OCSP));
        Seal other = seal();
        for (boolean allowed : new boolean[] {false, true}) {
            X509Certificate responder =
                    order("CN=ocsp", other, BigInteger.TWO)
                            .flags(allowed ? Set.of(Flag.OCSP_SIGNING) : Set.of())
                            .issuedBy(ca, seal);
            Octets stapled =
                    answer(moon, AnswerOrder.Status.GOOD, Octets.EMPTY, NOW, responder, other);
            assertStatus(
                    allowed ? State.GOOD : State.NO_ANSWER,
                    allowed ? "stapled" : "no OCSPSigning",
                    ask(moon, new Evidence.OcspAnswer(stapled)));
        }
        // Of another authority it may not, but if the configuration trusts it
        X509Certificate stranger =
                order("CN=ocsp", other, BigInteger.TWO)
                        .flags(Set.of(Flag.OCSP_SIGNING))
                        .selfSigned(other);
        Octets stapled = answer(moon, AnswerOrder.Status.GOOD, Octets.EMPTY, NOW, stranger, other);
        assertStatus(
                State.NO_ANSWER,
                "no certificate of the authority",
                ask(moon, new Evidence.OcspAnswer(stapled)));
        responders = List.of(stranger);
        assertStatus(State.GOOD, "CN=ocsp", ask(moon, new Evidence.OcspAnswer(stapled)));
    }

    /// Who may answer or list for an authority has its word for that, by a signature that can be
    /// believed.
    @Test
    void aCertificateSignedByABrokenAlgorithmAllowsNobodyAnything() throws Exception {
        KeyPair rsa = NewKey.make("rsa", 2048);
        for (SignatureScheme scheme :
                List.of(SignatureScheme.RSA_PKCS1_SHA1, SignatureScheme.RSA_PKCS1_SHA2_256)) {
            Seal sealed = new Seal(CRYPTO, rsa, scheme);
            X509Certificate root = authority("CN=Rsa", sealed);
            X509Certificate responder =
                    order("CN=ocsp", seal(), BigInteger.TWO).issuedBy(root, sealed);
            assertEquals(
                    scheme != SignatureScheme.RSA_PKCS1_SHA1,
                    ListSigners.isSignedBy(CRYPTO, responder, root),
                    scheme.toString());
        }
    }

    @Test
    void anAnswerSignedByNobodyIsRefused() throws Exception {
        X509Certificate moon = moon(List.of(), List.of());
        Octets good = answer(moon, AnswerOrder.Status.GOOD, Octets.EMPTY, NOW, ca, seal());
        assertStatus(
                State.NOBODY_TO_ASK,
                "not signed by that key",
                ask(moon, new Evidence.OcspAnswer(good)));
    }

    /// Whatever is handed to us, a list of the issuer that revokes goes before it.
    @Test
    void aListThatRevokesBeatsAStapledAnswer() throws Exception {
        X509Certificate moon = moon(List.of(), List.of());
        configured = List.of(signed(list(7, NOW, MOON.longValue())));
        Octets good = answer(moon, AnswerOrder.Status.GOOD, Octets.EMPTY, NOW, ca, seal);
        assertStatus(State.REVOKED, "4711", ask(moon, new Evidence.OcspAnswer(good)));
    }

    @Test
    void everyOctetOfAnAnswerCounts() throws Exception {
        X509Certificate moon = moon(List.of(), List.of());
        byte[] good = answer(moon, AnswerOrder.Status.GOOD, Octets.EMPTY, NOW, ca, seal).toArray();
        int certificates = good.length - Certificates.der(ca).length() - 16;
        for (int i = 0; i < certificates; i++) {
            byte[] bent = good.clone();
            bent[i] ^= 1;
            Status status = ask(moon, new Evidence.OcspAnswer(Octets.owned(bent)));
            assertEquals(State.NOBODY_TO_ASK, status.state(), "octet " + i + ": " + status.line());
        }
    }
}
