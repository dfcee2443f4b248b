package io.sallyport.ike;

import static io.sallyport.ike.SignedPeers.MOON;
import static io.sallyport.ike.SignedPeers.SUN;
import static io.sallyport.ike.SignedPeers.keys;
import static io.sallyport.ike.SignedPeers.pair;
import static io.sallyport.ike.SignedPeers.spec;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.base.Octets;
import io.sallyport.crypto.suite.SignatureScheme;
import io.sallyport.ike.machine.Output;
import io.sallyport.model.event.Event;
import io.sallyport.model.port.Notary;
import io.sallyport.model.trust.PeerProof;
import io.sallyport.model.trust.Verdict;
import io.sallyport.testkit.RawKeys;
import io.sallyport.testkit.Specs;
import io.sallyport.testkit.TwoPeers;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// IKE_AUTH by signatures (RFC 7296, 2.15; RFC 7427; RFC 4754), as dialogues.
class SignatureAuthTest {
    private static TwoPeers peers(RawKeys moon, RawKeys sun, List<SignatureScheme> only) {
        return peers(moon, sun, only, List.of());
    }

    private static TwoPeers peers(
            RawKeys moon, RawKeys sun, List<SignatureScheme> only, List<String> demanded) {
        TwoPeers p =
                new TwoPeers(11, TestCrypto.CRYPTO, spec(true, List.of()), spec(false, demanded));
        p.a.notary(moon, (_, _) -> moon.ownKeys(only), List.of());
        p.b.notary(sun, (_, _) -> sun.ownKeys(only), List.of());
        return p;
    }

    private static String sortOf(SignatureScheme s) {
        return switch (s.kind()) {
            case RSA_PKCS1, RSA_PSS, RSA_BARE -> "rsa";
            case ECDSA ->
                    switch (s) {
                        case ECDSA_SHA2_384 -> "ecdsa-384";
                        case ECDSA_SHA2_512 -> "ecdsa-521";
                        default -> "ecdsa-256";
                    };
            case ECDSA_RAW, EDDSA -> s.toString();
        };
    }

    private static TwoPeers right(String sort, List<SignatureScheme> only) {
        return peers(
                keys("moon", sort, SUN, pair("sun", sort)),
                keys("sun", sort, MOON, pair("moon", sort)),
                only);
    }

    private static void refused(TwoPeers p, String why) {
        p.b.load();
        p.a.load();
        p.run(20 * TwoPeers.SECOND);
        assertEquals(0, p.a.ikeSas() + p.b.ikeSas(), why);
        assertEquals(0, p.a.backend.size() + p.b.backend.size(), why);
        assertFalse(p.a.told(Event.InternalError.class::isInstance), why + p.a.events);
        assertFalse(p.b.told(Event.InternalError.class::isInstance), why + p.b.events);
    }

    private static boolean says(TwoPeers.Peer peer, String text) {
        return peer.events(Event.Failed.class).anyMatch(e -> e.toString().contains(text));
    }

    /// Each scheme that is not broken and belongs to IKEv2, in both directions.
    @ParameterizedTest
    @EnumSource(
            value = SignatureScheme.class,
            mode = EnumSource.Mode.EXCLUDE,
            names = {"RSA_BARE", "RSA_PKCS1_SHA1", "ECDSA_SHA1"})
    void eachScheme(SignatureScheme scheme) {
        TwoPeers p = right(sortOf(scheme), List.of(scheme)).establish();
        assertTrue(p.exchange());
    }

    @Test
    void anotherKeyThanTheKnownOne() {
        for (String sort : List.of("rsa", "ecdsa-256", "ed25519")) {
            RawKeys liar = keys("mallory", sort, SUN, pair("sun", sort));
            TwoPeers p = peers(liar, keys("sun", sort, MOON, pair("moon", sort)), List.of());
            refused(p, sort);
            assertTrue(says(p.b, "moon.example"), () -> sort + p.b.events);
            TwoPeers back =
                    peers(
                            keys("moon", sort, SUN, pair("sun", sort)),
                            keys("mallory", sort, MOON, pair("moon", sort)),
                            List.of());
            // The responder answered who proved himself; that its own proof is wrong is known to
            // the
            // initiator alone, who has no SA and no child.
            back.b.load();
            back.a.load();
            back.run(20 * TwoPeers.SECOND);
            assertEquals(0, back.a.ikeSas(), sort);
            assertEquals(0, back.a.backend.size(), sort);
            assertTrue(says(back.a, "sun.example"), () -> sort + back.a.events);
        }
    }

    @Test
    void nobodyKnowsTheKey() {
        RawKeys ignorant = new RawKeys(TestCrypto.CRYPTO).own(pair("sun", "ed25519"));
        refused(
                peers(keys("moon", "ed25519", SUN, pair("sun", "ed25519")), ignorant, List.of()),
                "unknown key");
    }

    @Test
    void noKeyOfOurOwn() {
        RawKeys empty = new RawKeys(TestCrypto.CRYPTO);
        TwoPeers p = peers(empty, keys("sun", "ed25519", MOON, pair("moon", "ed25519")), List.of());
        refused(p, "no key");
        assertTrue(says(p.a, "no private key"), () -> "" + p.a.events);
    }

    /// The configuration of the responder wants better than what the initiator has.
    @Test
    void aSchemeThatIsNotAllowed() {
        String sort = "ecdsa-256";
        TwoPeers p =
                peers(
                        keys("moon", sort, SUN, pair("sun", sort)),
                        keys("sun", sort, MOON, pair("moon", sort)),
                        List.of(SignatureScheme.ECDSA_SHA2_256),
                        List.of("ike:ecdsa", "sha384"));
        refused(p, "scheme");
        assertTrue(says(p.b, "does not allow"), () -> "" + p.b.events);
    }

    /// Somebody takes the list of hashes out of IKE_SA_INIT, hoping for SHA-1: AUTH covers it.
    @Test
    void theListOfHashesIsProtected() {
        TwoPeers p = right("rsa", List.of());
        p.middle(f -> {
            byte[] octets = f.octets().toArray();
            if (octets[18] != 34) {
                return f;
            }
            // 16431: the notify becomes one of a private type
            for (int i = 28; i + 1 < octets.length; i++) {
                if (octets[i] == 0x40 && octets[i + 1] == 0x2f) {
                    octets[i] = (byte) 0xc0;
                    return new TwoPeers.Flying(f.from(), f.path(), Octets.owned(octets));
                }
            }
            return f;
        });
        refused(p, "downgrade");
    }

    /// A signature that was heard in another dialogue, and one that is moved to the other end, are
    /// over other octets: the notary is given ours, never the peer's word for them.
    @Test
    void aSignatureOfAnotherDialogue() {
        for (boolean ofB : new boolean[] {false, true}) {
            RawKeys moon = keys("moon", "ed25519", SUN, pair("sun", "ed25519"));
            RawKeys sun = keys("sun", "ed25519", MOON, pair("moon", "ed25519"));
            peers(moon, sun, List.of()).establish();
            PeerProof heard = (ofB ? moon : sun).judged.getFirst();
            Notary replayer =
                    new Notary() {
                        @Override
                        public Octets sign(Octets key, SignatureScheme scheme, Octets data) {
                            return heard.signature();
                        }

                        @Override
                        public Verdict judge(PeerProof proof) {
                            return moon.judge(proof);
                        }
                    };
            TwoPeers p =
                    new TwoPeers(
                            12, TestCrypto.CRYPTO, spec(true, List.of()), spec(false, List.of()));
            p.a.notary(replayer, (_, _) -> moon.ownKeys(List.of()), List.of());
            p.b.notary(sun, (_, _) -> sun.ownKeys(List.of()), List.of());
            refused(p, "replayed signature of " + (ofB ? "b" : "a"));
        }
    }

    /// A verdict that never comes holds nothing but a half-open session, which ends with its time.
    @Test
    void aVerdictThatNeverComes() {
        TwoPeers p = right("ed25519", List.of());
        p.b.withhold(Output.Judge.class::isInstance);
        refused(p, "no verdict");
        p.run(200 * TwoPeers.SECOND);
        assertEquals(0, p.b.engine().sessionsHeld());
        assertEquals(0, p.b.ikeSas() + p.b.backend.size());
    }

    /// A pre-shared key is no substitute where a signature is demanded, and the other way round.
    @Test
    void anotherMethodThanDemanded() {
        TwoPeers p =
                new TwoPeers(
                        13,
                        TestCrypto.CRYPTO,
                        new Specs()
                                .between("192.0.2.1", "192.0.2.2")
                                .v2()
                                .keyingTries(1)
                                .ids(MOON, SUN)
                                .build(),
                        spec(false, List.of()));
        RawKeys sun = keys("sun", "ed25519", MOON, pair("moon", "ed25519"));
        p.b.notary(sun, (_, _) -> sun.ownKeys(List.of()), List.of());
        refused(p, "psk for a signature");
        RawKeys moon = keys("moon", "ed25519", SUN, pair("sun", "ed25519"));
        TwoPeers back =
                new TwoPeers(
                        13,
                        TestCrypto.CRYPTO,
                        spec(true, List.of()),
                        new Specs()
                                .between("192.0.2.2", "192.0.2.1")
                                .v2()
                                .passive()
                                .ids(SUN, MOON)
                                .build());
        back.a.notary(moon, (_, _) -> moon.ownKeys(List.of()), List.of());
        refused(back, "signature for a psk");
    }
}
