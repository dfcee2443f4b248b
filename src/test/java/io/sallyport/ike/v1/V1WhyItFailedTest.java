package io.sallyport.ike.v1;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.crypto.suite.Group;
import io.sallyport.ike.TestCrypto;
import io.sallyport.model.event.Cause;
import io.sallyport.model.event.Event;
import io.sallyport.model.event.Failure;
import io.sallyport.model.spec.ConnectionSpec;
import io.sallyport.model.spec.Identity;
import io.sallyport.testkit.Specs;
import io.sallyport.testkit.TwoPeers;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Every failed exchange leaves one record on each side, with what both sides said: IKEv1.
class V1WhyItFailedTest {
    private static final long SECOND = TwoPeers.SECOND;
    private static final Identity MOON = Identity.fqdn("moon.example");
    private static final Identity SUN = Identity.fqdn("sun.example");

    private static Specs a() {
        return new Specs().between("192.0.2.1", "192.0.2.2").keyingTries(1).ids(MOON, SUN);
    }

    private static Specs b() {
        return new Specs().between("192.0.2.2", "192.0.2.1").passive().ids(SUN, MOON);
    }

    private static TwoPeers run(ConnectionSpec ofA, ConnectionSpec ofB) {
        return run(new TwoPeers(7, TestCrypto.CRYPTO, ofA, ofB));
    }

    private static TwoPeers run(TwoPeers p) {
        p.b.load();
        p.a.load();
        p.run(600 * SECOND);
        assertFalse(p.a.told(Event.InternalError.class::isInstance), p.a.events::toString);
        assertFalse(p.b.told(Event.InternalError.class::isInstance), p.b.events::toString);
        return p;
    }

    private static Failure first(TwoPeers.Peer peer) {
        return peer.events(Event.Failed.class).findFirst().orElseThrow().failure();
    }

    @Test
    void phase1Proposals() {
        TwoPeers p = run(a().build(), b().ike(List.of(Specs.ikeWith(Group.MODP_2048))).build());
        Failure atB = first(p.b);
        assertEquals(Cause.NO_PROPOSAL, atB.cause());
        assertFalse(atB.account().proven() || atB.account().initiator());
        assertEquals("aes128-sha1-modp2048", atB.account().us().proposals());
        assertEquals("aes128-sha1-modp1024", atB.account().them().proposals());
        assertEquals(
                Cause.NO_PROPOSAL,
                p.a.events(Event.Suspected.class).findFirst().orElseThrow().failure().cause());
        Failure atA = first(p.a);
        assertEquals(Cause.NO_PROPOSAL, atA.cause());
        assertTrue(atA.reason().contains("NO-PROPOSAL-CHOSEN"), atA.reason());
        assertEquals("aes128-sha1-modp1024", atA.account().us().proposals());
    }

    /// RFC 2409, 5: with another key message 5 is nothing but noise to the responder.
    @Test
    void preSharedKeys() {
        TwoPeers p = new TwoPeers(7, TestCrypto.CRYPTO, a().build(), b().build());
        p.b.psk("another");
        run(p);
        Failure suspected = p.b.events(Event.Suspected.class).findFirst().orElseThrow().failure();
        assertEquals(Cause.SECRET, suspected.cause());
        assertEquals("moon.example", suspected.account().us().wanted());
        assertEquals(Cause.SECRET, first(p.b).cause());
        Failure atA = first(p.a);
        assertEquals(Cause.SECRET, atA.cause());
        assertTrue(atA.reason().contains("message 5"), atA.reason());
        assertEquals("aes128-sha1-modp1024", atA.account().them().proposals());
        assertFalse((atA + "" + suspected).contains("aM6ktTm3pv5etv9eC"));
    }

    @Test
    void identities() {
        TwoPeers p = run(a().build(), b().ids(SUN, Identity.fqdn("mars.example")).build());
        Failure atB = first(p.b);
        assertEquals(Cause.IDENTITY, atB.cause());
        assertEquals("mars.example", atB.account().us().wanted());
        assertEquals("moon.example", atB.account().them().identity());
        assertTrue(atB.account().proven());
    }

    @Test
    void selectors() {
        TwoPeers p =
                run(
                        a().selectors("10.1.0.0/16", "10.2.0.0/16").build(),
                        b().selectors("10.9.0.0/16", "10.1.0.0/16").build());
        Failure atB = first(p.b);
        assertEquals(Cause.SELECTORS, atB.cause());
        assertTrue(atB.account().proven());
        assertEquals("sun.example", atB.account().us().identity());
        assertEquals("moon.example", atB.account().them().identity());
        assertEquals("10.9.0.0/16 === 10.1.0.0/16", atB.account().us().selectors());
        assertEquals("10.1.0.0/16 === 10.2.0.0/16", atB.account().them().selectors());
        assertEquals("aes128-sha1-modp1024", atB.account().them().proposals());
        Failure atA = first(p.a);
        assertEquals(Cause.SELECTORS, atA.cause());
        assertEquals("Tunnel1", atA.account().child());
    }

    @Test
    void phase2Proposals() {
        TwoPeers p =
                run(a().build(), b().esp(List.of(Specs.espWith(List.of(Group.MODP_2048)))).build());
        Failure atB = first(p.b);
        assertEquals(Cause.NO_PROPOSAL, atB.cause());
        assertEquals("Tunnel1", atB.account().child());
        assertEquals("aes128-sha1-modp2048", atB.account().us().proposals());
        assertTrue(
                atB.account().them().proposals().startsWith("aes128-sha1-modp1024"),
                atB.account().them().proposals());
        assertEquals(Cause.NO_PROPOSAL, first(p.a).cause());
    }

    @Test
    void silence() {
        TwoPeers p = new TwoPeers(7, TestCrypto.CRYPTO, a().build(), b().build());
        p.middle(_ -> TwoPeers.LOST);
        run(p);
        Failure atA = first(p.a);
        assertEquals(Cause.SILENCE, atA.cause());
        assertTrue(atA.reason().contains("message 1 (SA)"), atA.reason());
    }

    @Test
    void thePeerBeganAndDidNotGoOn() {
        TwoPeers p = new TwoPeers(7, TestCrypto.CRYPTO, a().build(), b().build());
        p.middle(f -> f.from() == p.b ? TwoPeers.LOST : f);
        run(p);
        assertEquals(Cause.UNFINISHED, first(p.b).cause());
        assertEquals("aes128-sha1-modp1024", first(p.b).account().them().proposals());
    }

    @Test
    void noConnectionForThePeer() {
        TwoPeers p =
                run(a().build(), new Specs().between("192.0.2.2", "192.0.2.7").passive().build());
        Failure atB = first(p.b);
        assertEquals(Cause.NO_CONNECTION, atB.cause());
        assertEquals("192.0.2.1:500", atB.peer());
        assertEquals("aes128-sha1-modp1024", atB.account().them().proposals());
    }

    @Test
    void noPreSharedKey() {
        TwoPeers p = new TwoPeers(7, TestCrypto.CRYPTO, a().build(), b().build());
        p.a.psk("");
        run(p);
        assertEquals(Cause.OURSELVES, first(p.a).cause());
    }
}
