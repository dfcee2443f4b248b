package io.sallyport.ike;

import static io.sallyport.ike.SignedPeers.MOON;
import static io.sallyport.ike.SignedPeers.SUN;
import static io.sallyport.ike.SignedPeers.keys;
import static io.sallyport.ike.SignedPeers.pair;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.base.Octets;
import io.sallyport.crypto.suite.SignatureScheme;
import io.sallyport.ike.machine.Input;
import io.sallyport.ike.machine.Output;
import io.sallyport.model.command.Command;
import io.sallyport.model.event.Cause;
import io.sallyport.model.event.Event;
import io.sallyport.model.spec.ConnectionSpec;
import io.sallyport.model.spec.Identity;
import io.sallyport.model.spec.VpnSpec;
import io.sallyport.testkit.RawKeys;
import io.sallyport.testkit.Specs;
import io.sallyport.testkit.TwoPeers;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// S4-13, S4-16: main mode by signatures (RFC 2409, 5.1), as dialogues.
class MainSignatureTest {
    private static TwoPeers rsa(int seed) {
        return SignedPeers.main(seed, "rsa", MOON, SUN);
    }

    private static boolean suspects(TwoPeers.Peer peer, Cause cause, String text) {
        return peer.events(Event.Suspected.class)
                .map(Event.Suspected::failure)
                .anyMatch(f -> f.cause() == cause && f.toString().contains(text));
    }

    private static void nothing(TwoPeers p) {
        assertEquals(0, p.a.ikeSas(), () -> "" + p.a.events);
        assertEquals(0, p.a.backend.size() + p.b.backend.size());
        for (TwoPeers.Peer peer : List.of(p.a, p.b)) {
            assertFalse(peer.told(Event.InternalError.class::isInstance), () -> "" + peer.events);
        }
    }

    @Test
    void sixMessages() {
        TwoPeers p = rsa(1).establish();
        assertTrue(p.exchange());
        // 1, 3, 5 and the two of quick mode; 2, 4, 6 and its answer
        assertEquals(5, p.a.sent.size());
        assertEquals(4, p.b.sent.size());
        assertEquals(MOON.toString(), p.b.engine().views().getFirst().peer().remoteId());
        assertEquals(SUN.toString(), p.a.engine().views().getFirst().peer().remoteId());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void onABadLine(int seed) {
        TwoPeers p = rsa(seed);
        p.wire.faults(15, 20, 20);
        p.b.load();
        p.a.load();
        assertTrue(
                p.runUntil(() -> p.a.isUp() && p.b.isUp(), 600 * TwoPeers.SECOND),
                () -> p.a.events + " / " + p.b.events);
        p.run(5 * TwoPeers.SECOND);
        assertFalse(p.a.told(Event.InternalError.class::isInstance), () -> "" + p.a.events);
        assertFalse(p.b.told(Event.InternalError.class::isInstance), () -> "" + p.b.events);
    }

    /// A new main mode before the old one's time is over: signatures again.
    @Test
    void itIsRenewed() {
        TwoPeers p = rsa(3).establish();
        p.run(31 * 60 * TwoPeers.SECOND);
        assertTrue(p.a.isUp() && p.b.isUp());
        assertTrue(p.exchange());
        assertTrue(
                p.a.events(Event.IkeEstablished.class).count() >= 2, () -> "" + p.a.events.size());
    }

    @Test
    void theInitiatorHasAnotherKey() {
        TwoPeers p = rsa(4);
        RawKeys liar = keys("mallory", "rsa", SUN, pair("sun", "rsa"));
        p.a.notary(liar, (_, _) -> liar.ownKeys(List.of()), List.of());
        p.b.load();
        p.a.load();
        p.run(20 * TwoPeers.SECOND);
        nothing(p);
        assertEquals(0, p.b.ikeSas());
        assertTrue(suspects(p.b, Cause.CERTIFICATE, "moon.example"), () -> "" + p.b.events);
        assertTrue(
                suspects(p.a, Cause.NOT_BELIEVED, "AUTHENTICATION-FAILED"), () -> "" + p.a.events);
        p.run(40 * TwoPeers.SECOND);
        assertTrue(
                p.b.events(Event.Failed.class)
                        .anyMatch(f -> f.failure().cause() == Cause.CERTIFICATE),
                () -> "" + p.b.events);
    }

    @Test
    void theResponderHasAnotherKey() {
        TwoPeers p = rsa(5);
        RawKeys liar = keys("mallory", "rsa", MOON, pair("moon", "rsa"));
        p.b.notary(liar, (_, _) -> liar.ownKeys(List.of()), List.of());
        p.b.load();
        p.a.load();
        p.run(20 * TwoPeers.SECOND);
        nothing(p);
        assertTrue(suspects(p.a, Cause.CERTIFICATE, "sun.example"), () -> "" + p.a.events);
        assertTrue(
                p.runUntil(() -> p.a.told(Event.Failed.class::isInstance), 300 * TwoPeers.SECOND));
        assertEquals(
                Cause.CERTIFICATE,
                p.a.events(Event.Failed.class).findFirst().orElseThrow().failure().cause());
        nothing(p);
    }

    /// The peer proves to be somebody, but not whom we want.
    @Test
    void anotherIdentityThanWanted() {
        Identity other = Identity.fqdn("other.example");
        TwoPeers p =
                new TwoPeers(
                        6,
                        TestCrypto.CRYPTO,
                        SignedPeers.main(true, MOON, SUN),
                        SignedPeers.main(false, other, SUN));
        RawKeys a = keys("moon", "rsa", SUN, pair("sun", "rsa"));
        RawKeys b = keys("sun", "rsa", MOON, pair("moon", "rsa"));
        p.a.notary(a, (_, _) -> a.ownKeys(List.of()), List.of());
        p.b.notary(b, (_, _) -> b.ownKeys(List.of()), List.of());
        p.b.load();
        p.a.load();
        p.run(5 * TwoPeers.SECOND);
        nothing(p);
        assertTrue(
                p.b.events(Event.Failed.class).anyMatch(f -> f.failure().cause() == Cause.IDENTITY),
                () -> "" + p.b.events);
        assertTrue(
                suspects(p.a, Cause.NOT_BELIEVED, "AUTHENTICATION-FAILED"), () -> "" + p.a.events);
    }

    /// Neither is a substitute for the other.
    @Test
    void aKeyForASignatureAndASignatureForAKey() {
        for (boolean signs : new boolean[] {false, true}) {
            Specs first = new Specs().between("192.0.2.1", "192.0.2.2").ids(MOON, SUN);
            Specs second = new Specs().between("192.0.2.2", "192.0.2.1").ids(SUN, MOON).passive();
            TwoPeers p =
                    new TwoPeers(
                            7,
                            TestCrypto.CRYPTO,
                            signs ? SignedPeers.main(true, MOON, SUN) : first.build(),
                            signs ? second.build() : SignedPeers.main(false, MOON, SUN));
            RawKeys a = keys("moon", "rsa", SUN, pair("sun", "rsa"));
            RawKeys b = keys("sun", "rsa", MOON, pair("moon", "rsa"));
            p.a.notary(a, (_, _) -> a.ownKeys(List.of()), List.of());
            p.b.notary(b, (_, _) -> b.ownKeys(List.of()), List.of());
            p.b.load();
            p.a.load();
            p.run(20 * TwoPeers.SECOND);
            nothing(p);
            assertTrue(
                    p.b.events(Event.Failed.class).anyMatch(f -> f.toString().contains("-rsasig")),
                    () -> "" + p.b.events);
        }
    }

    /// Both kinds for one address: the method of the offer chooses.
    @Test
    void theMethodChoosesTheConnection() {
        for (boolean signs : new boolean[] {false, true}) {
            TwoPeers p =
                    new TwoPeers(
                            8,
                            TestCrypto.CRYPTO,
                            signs
                                    ? SignedPeers.main(true, MOON, SUN)
                                    : new Specs()
                                            .between("192.0.2.1", "192.0.2.2")
                                            .ids(MOON, SUN)
                                            .build(),
                            SignedPeers.main(false, MOON, SUN));
            ConnectionSpec byKey =
                    new Specs()
                            .name("ByKey")
                            .between("192.0.2.2", "192.0.2.1")
                            .ids(SUN, MOON)
                            .passive()
                            .build();
            RawKeys a = keys("moon", "rsa", SUN, pair("sun", "rsa"));
            RawKeys b = keys("sun", "rsa", MOON, pair("moon", "rsa"));
            p.a.notary(a, (_, _) -> a.ownKeys(List.of()), List.of());
            p.b.notary(b, (_, _) -> b.ownKeys(List.of()), List.of());
            p.b.input(
                    new Input.Asked(
                            new Command.Load(
                                    new VpnSpec(
                                            List.of(SignedPeers.main(false, MOON, SUN), byKey),
                                            List.of()))));
            p.a.load();
            assertTrue(
                    p.runUntil(() -> p.a.isUp() && p.b.ikeSas() == 1, 10 * TwoPeers.SECOND),
                    () -> "" + p.b.events);
            assertEquals(
                    signs ? "Tunnel1" : "ByKey",
                    p.b.engine().views().getFirst().connection(),
                    () -> "" + p.b.events);
        }
    }

    /// While the notary thinks, message 5 comes again and again: one job, no answer, no harm.
    @Test
    void theVerdictIsAwaited() {
        TwoPeers p = rsa(9);
        int[] asked = {0};
        p.b.withhold(o -> {
            asked[0] += o instanceof Output.Judge ? 1 : 0;
            return o instanceof Output.Judge;
        });
        p.b.load();
        p.a.load();
        p.run(20 * TwoPeers.SECOND);
        nothing(p);
        assertEquals(1, asked[0]);
        assertEquals("JudgingR", p.b.engine().views().getFirst().state());
        assertEquals(2, p.b.sent.size(), "messages 2 and 4");
        p.run(60 * TwoPeers.SECOND);
        p.b.withhold(_ -> false);
        assertTrue(p.runUntil(() -> p.a.isUp() && p.b.isUp(), 600 * TwoPeers.SECOND));
    }

    /// Somebody on the way spoils the first message 5, and the first message 6: the true ones that
    /// follow are taken.
    @Test
    void aSpoiltSignatureEndsNothing() {
        for (boolean five : new boolean[] {true, false}) {
            TwoPeers p = rsa(10);
            int[] spoilt = {0};
            p.middle(f -> {
                boolean last =
                        five
                                ? f.from() == p.a && p.a.sent.size() == 3
                                : f.from() == p.b && p.b.sent.size() == 3;
                if (!last || spoilt[0]++ > 0) {
                    return f;
                }
                byte[] octets = f.octets().toArray();
                // in the middle of the signature: the rest can still be read
                octets[28 + 96] ^= 1;
                return new TwoPeers.Flying(f.from(), f.path(), Octets.owned(octets));
            });
            TwoPeers.Peer target = five ? p.b : p.a;
            p.establish();
            assertTrue(
                    suspects(target, Cause.CERTIFICATE, "by signature"), () -> "" + target.events);
            assertEquals(0, target.events(Event.Failed.class).count());
            assertTrue(p.exchange());
        }
    }

    /// IKEv1's scheme is nothing to IKEv2, even where a key says that it can.
    @Test
    void ikev2NeverSignsSo() {
        TwoPeers p =
                new TwoPeers(
                        11,
                        TestCrypto.CRYPTO,
                        SignedPeers.spec(true, List.of()),
                        SignedPeers.spec(false, List.of()));
        RawKeys a = keys("moon", "rsa", SUN, pair("sun", "rsa"));
        RawKeys b = keys("sun", "rsa", MOON, pair("moon", "rsa"));
        p.a.notary(a, (_, _) -> a.ownKeys(List.of(SignatureScheme.RSA_BARE)), List.of());
        p.b.notary(b, (_, _) -> b.ownKeys(List.of()), List.of());
        p.b.load();
        p.a.load();
        p.run(5 * TwoPeers.SECOND);
        nothing(p);
        assertTrue(
                p.a.events(Event.Failed.class).anyMatch(f -> f.toString().contains("scheme")),
                () -> "" + p.a.events);
    }
}
