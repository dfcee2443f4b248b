package io.sallyport.ike.v2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.base.Octets;
import io.sallyport.base.Secret;
import io.sallyport.ike.TestCrypto;
import io.sallyport.model.command.Command;
import io.sallyport.model.event.Event;
import io.sallyport.model.spec.AuthSpec;
import io.sallyport.model.spec.ConnectionSpec;
import io.sallyport.model.spec.Identity;
import io.sallyport.model.spec.PeerSpec;
import io.sallyport.model.spec.TrustSpec;
import io.sallyport.model.spec.ike.HandshakeSpec.Ppk;
import io.sallyport.testkit.Downgrade;
import io.sallyport.testkit.RawKeys;
import io.sallyport.testkit.Specs;
import io.sallyport.testkit.TwoPeers;
import io.sallyport.wire.ike.MalformedException;
import io.sallyport.wire.ike.v2.Message;
import io.sallyport.wire.ike.v2.number.NotifyType;
import java.security.KeyPair;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Post-quantum preshared keys (RFC 8784), as dialogues.
class PpkTest {
    private static final long SECOND = TwoPeers.SECOND;
    private static final Octets ID = Octets.utf8("PPK_MOON");
    private static final Identity MOON = Identity.fqdn("moon.example");
    private static final Identity SUN = Identity.fqdn("sun.example");

    private static ConnectionSpec a(boolean required) {
        return new Specs()
                .between("192.0.2.1", "192.0.2.2")
                .v2()
                .keyingTries(1)
                .build(h -> h.ppk(new Ppk(ID, required)));
    }

    private static ConnectionSpec b(boolean required) {
        return new Specs()
                .between("192.0.2.2", "192.0.2.1")
                .v2()
                .passive()
                .build(h -> h.ppk(new Ppk(Octets.EMPTY, required)));
    }

    private static TwoPeers peers(long seed, boolean requiredByA, boolean requiredByB) {
        return new TwoPeers(seed, TestCrypto.CRYPTO, a(requiredByA), b(requiredByB));
    }

    private static void know(TwoPeers.Peer peer, String key) {
        peer.ppks.put(ID, Secret.utf8(key));
    }

    private static void refused(TwoPeers p, TwoPeers.Peer who, String why) {
        p.b.load();
        p.a.load();
        p.run(20 * SECOND);
        assertEquals(0, p.a.ikeSas() + p.b.ikeSas());
        assertEquals(0, p.a.backend.size() + p.b.backend.size());
        assertTrue(
                who.events(Event.Failed.class).anyMatch(e -> e.toString().contains(why)),
                () -> p.a.events + " / " + p.b.events);
        assertFalse(p.a.told(Event.InternalError.class::isInstance), p.a.events::toString);
        assertFalse(p.b.told(Event.InternalError.class::isInstance), p.b.events::toString);
    }

    private static boolean says(Octets message, NotifyType type) {
        try {
            return Message.parse(message).chain().notify(type.number()).isPresent();
        } catch (MalformedException e) {
            throw new AssertionError(e);
        }
    }

    /// Both have the key: keys of children and successors come out of it, whoever requires it.
    @ParameterizedTest
    @CsvSource({"false, false", "true, false", "false, true", "true, true"})
    void bothHaveIt(boolean requiredByA, boolean requiredByB) {
        TwoPeers p = peers(5, requiredByA, requiredByB);
        know(p.a, "quantum");
        know(p.b, "quantum");
        assertTrue(p.establish().exchange());
        assertTrue(says(p.a.sent.getFirst(), NotifyType.USE_PPK));
        assertTrue(says(p.b.sent.getFirst(), NotifyType.USE_PPK));
        p.a.command(new Command.Rekey("Tunnel1", "Tunnel1"));
        p.run(5 * SECOND);
        assertTrue(p.exchange());
        p.b.command(new Command.Rekey("Tunnel1", ""));
        p.run(5 * SECOND);
        p.a.command(new Command.Rekey("Tunnel1", "Tunnel1"));
        p.run(5 * SECOND);
        assertTrue(p.exchange());
        assertEquals(1, p.a.backend.size());
    }

    /// The key is in the child's keys: the same dialogue without it comes to others.
    @Test
    void itChangesTheKeys() {
        TwoPeers with = peers(5, false, false);
        know(with.a, "quantum");
        know(with.b, "quantum");
        with.establish();
        TwoPeers other = peers(5, false, false);
        know(other.a, "other");
        know(other.b, "other");
        other.establish();
        assertNotEquals(
                with.a.backend.active("Tunnel1").orElseThrow().outbound(),
                other.a.backend.active("Tunnel1").orElseThrow().outbound());
    }

    /// The responder has keys, but not this one: NO_PPK_AUTH is what counts.
    @Test
    void anotherKeyThere() {
        TwoPeers p = peers(5, false, false);
        know(p.a, "quantum");
        p.b.ppks.put(Octets.utf8("PPK_OTHER"), Secret.utf8("quantum"));
        assertTrue(p.establish().exchange());
        p.a.command(new Command.Rekey("Tunnel1", ""));
        p.run(5 * SECOND);
        assertTrue(p.exchange());
    }

    /// Who has none says nothing, and is taken without where nobody requires it.
    @ParameterizedTest
    @CsvSource({"true, false", "false, true", "false, false"})
    void onlyOneHasIt(boolean hasA, boolean hasB) {
        TwoPeers p = peers(5, false, false);
        if (hasA) {
            know(p.a, "quantum");
        }
        if (hasB) {
            know(p.b, "quantum");
        }
        assertTrue(p.establish().exchange());
        assertEquals(hasA, says(p.a.sent.getFirst(), NotifyType.USE_PPK));
        assertFalse(says(p.b.sent.getFirst(), NotifyType.USE_PPK));
    }

    /// The same PPK_ID, another key: AUTH is wrong, and NO_PPK_AUTH no way round it.
    @ParameterizedTest
    @CsvSource({"false, false", "true, true"})
    void anotherKeyOfThatName(boolean requiredByA, boolean requiredByB) {
        TwoPeers p = peers(5, requiredByA, requiredByB);
        know(p.a, "quantum");
        know(p.b, "other");
        refused(p, p.b, "the peer's AUTH is wrong");
    }

    @Test
    void requiredAndNotLoaded() {
        TwoPeers p = peers(5, true, false);
        know(p.b, "quantum");
        refused(p, p.a, "no post-quantum key for ppk_id PPK_MOON");
        assertEquals(List.of(), p.a.sent);
    }

    @Test
    void requiredAndThePeerHasNone() {
        TwoPeers p = peers(5, true, false);
        know(p.a, "quantum");
        refused(p, p.a, "the peer has no post-quantum key");
    }

    @Test
    void requiredAndThePeerHasAnother() {
        TwoPeers p = peers(5, true, false);
        know(p.a, "quantum");
        p.b.ppks.put(Octets.utf8("PPK_OTHER"), Secret.utf8("quantum"));
        refused(p, p.b, "no post-quantum key with the peer's PPK_ID");
    }

    @ParameterizedTest
    @CsvSource({"false", "true"})
    void requiredByTheResponder(boolean hasAnother) {
        TwoPeers p = peers(5, false, true);
        know(p.a, "quantum");
        if (hasAnother) {
            p.b.ppks.put(Octets.utf8("PPK_OTHER"), Secret.utf8("quantum"));
        }
        refused(p, p.b, "without a post-quantum key");
    }

    /// Somebody in between takes USE_PPK out of either message: AUTH covers them.
    @ParameterizedTest
    @CsvSource({"true", "false"})
    void nobodyTalksThemDown(boolean request) {
        TwoPeers p = peers(5, false, false);
        know(p.a, "quantum");
        know(p.b, "quantum");
        TwoPeers.Peer deceived = request ? p.b : p.a;
        p.middle(f -> f.from() == deceived ? f : Downgrade.without(NotifyType.USE_PPK, f));
        p.b.load();
        p.a.load();
        p.run(20 * SECOND);
        assertEquals(0, deceived.ikeSas());
        assertEquals(0, deceived.backend.size());
        assertTrue(
                deceived.events(Event.Failed.class)
                        .anyMatch(e -> e.toString().contains("the peer's AUTH is wrong")),
                deceived.events::toString);
    }

    /// Two signatures where it is not required, one where it is.
    @ParameterizedTest
    @CsvSource({"false, true", "false, false", "true, true"})
    void withSignatures(boolean required, boolean sameKey) {
        KeyPair moon = RawKeys.pair("ed25519");
        KeyPair sun = RawKeys.pair("ed25519");
        TwoPeers p =
                new TwoPeers(
                        5,
                        TestCrypto.CRYPTO,
                        signed(a(required), MOON, SUN),
                        signed(b(false), SUN, MOON));
        RawKeys ofA = new RawKeys(TestCrypto.CRYPTO).own(moon).knows(SUN, sun.getPublic());
        RawKeys ofB = new RawKeys(TestCrypto.CRYPTO).own(sun).knows(MOON, moon.getPublic());
        p.a.notary(ofA, (_, _) -> ofA.ownKeys(List.of()), List.of());
        p.b.notary(ofB, (_, _) -> ofB.ownKeys(List.of()), List.of());
        know(p.a, "quantum");
        if (sameKey) {
            know(p.b, "quantum");
        } else {
            p.b.ppks.put(Octets.utf8("PPK_OTHER"), Secret.utf8("quantum"));
        }
        assertTrue(p.establish().exchange());
    }

    private static ConnectionSpec signed(ConnectionSpec base, Identity local, Identity remote) {
        return new ConnectionSpec(
                base.name(),
                end(base.local(), local),
                end(base.remote(), remote),
                base.ike(),
                base.children(),
                base.origin());
    }

    private static PeerSpec end(PeerSpec base, Identity who) {
        return new PeerSpec(
                List.of(base.address()),
                500,
                List.of(new AuthSpec.Pubkey(who, List.of(), List.of(), TrustSpec.ANY)));
    }

    @Test
    void onABadLine() {
        for (long seed = 1; seed <= 20; seed++) {
            TwoPeers p = peers(seed, seed % 2 == 0, false);
            know(p.a, "quantum");
            know(p.b, "quantum");
            p.wire.faults(20, 20, 20);
            assertTrue(p.establish().exchange(), "seed " + seed);
        }
    }
}
