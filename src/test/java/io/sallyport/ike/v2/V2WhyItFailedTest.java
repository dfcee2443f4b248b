package io.sallyport.ike.v2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.base.Octets;
import io.sallyport.crypto.suite.Encryption;
import io.sallyport.crypto.suite.Group;
import io.sallyport.ike.TestCrypto;
import io.sallyport.model.event.Account;
import io.sallyport.model.event.Cause;
import io.sallyport.model.event.Event;
import io.sallyport.model.event.Failure;
import io.sallyport.model.spec.ConnectionSpec;
import io.sallyport.model.spec.Identity;
import io.sallyport.testkit.Specs;
import io.sallyport.testkit.TwoPeers;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Every failed exchange leaves one record on each side, with what both sides said: IKEv2.
class V2WhyItFailedTest {
    private static final long SECOND = TwoPeers.SECOND;
    private static final Identity MOON = Identity.fqdn("moon.example");
    private static final Identity SUN = Identity.fqdn("sun.example");

    private static Specs a() {
        return new Specs().between("192.0.2.1", "192.0.2.2").v2().keyingTries(1).ids(MOON, SUN);
    }

    private static Specs b() {
        return new Specs().between("192.0.2.2", "192.0.2.1").v2().passive().ids(SUN, MOON);
    }

    private static TwoPeers run(ConnectionSpec ofA, ConnectionSpec ofB) {
        return run(new TwoPeers(7, TestCrypto.CRYPTO, ofA, ofB), 600);
    }

    private static TwoPeers run(TwoPeers p, int seconds) {
        p.b.load();
        p.a.load();
        p.run(seconds * SECOND);
        assertFalse(p.a.told(Event.InternalError.class::isInstance), p.a.events::toString);
        assertFalse(p.b.told(Event.InternalError.class::isInstance), p.b.events::toString);
        return p;
    }

    /// The one failure that was told, but for the end of all attempts.
    private static Failure only(TwoPeers.Peer peer) {
        List<Failure> all =
                peer.events(Event.Failed.class)
                        .map(Event.Failed::failure)
                        .filter(f -> f.cause() != Cause.GIVEN_UP)
                        .toList();
        assertEquals(1, all.size(), all::toString);
        return all.getFirst();
    }

    @Test
    void ikeProposals() {
        TwoPeers p =
                run(
                        a().build(),
                        b().ike(List.of(Specs.ike2(Encryption.AES_CBC, Group.MODP_2048))).build());
        Failure atB = p.b.events(Event.Failed.class).findFirst().orElseThrow().failure();
        assertEquals(Cause.NO_PROPOSAL, atB.cause());
        assertFalse(atB.account().initiator() || atB.account().proven());
        assertEquals("aes256-sha256-modp2048", atB.account().us().proposals());
        assertEquals("aes256gcm16-prfsha256-x25519", atB.account().them().proposals());
        assertEquals("sun.example", atB.account().us().identity());
        assertEquals("moon.example", atB.account().us().wanted());
        // what A hears proves nothing: it is told at once as a suspicion, and at the end as the
        // cause
        Failure suspected = p.a.events(Event.Suspected.class).findFirst().orElseThrow().failure();
        assertEquals(Cause.NO_PROPOSAL, suspected.cause());
        Failure atA = only(p.a);
        assertEquals(Cause.NO_PROPOSAL, atA.cause());
        assertTrue(atA.reason().contains("NO_PROPOSAL_CHOSEN"), atA.reason());
        assertTrue(atA.account().initiator());
        assertEquals("aes256gcm16-prfsha256-x25519", atA.account().us().proposals());
    }

    /// RFC 7296, 1.2: B wants a group that A did not offer.
    @Test
    void aKeyExchangeThatWasNotOffered() {
        // what B's INVALID_KE_PAYLOAD names must be no group of A's: a middle box changes it
        TwoPeers p =
                new TwoPeers(
                        7,
                        TestCrypto.CRYPTO,
                        a().ike(
                                        List.of(
                                                Specs.ike2(
                                                        Encryption.AES_GCM_16,
                                                        Group.CURVE_25519,
                                                        Group.ECP_256)))
                                .build(),
                        b().ike(List.of(Specs.ike2(Encryption.AES_GCM_16, Group.ECP_256))).build());
        p.middle(f -> {
            byte[] octets = f.octets().toArray();
            boolean invalidKe =
                    f.from() == p.b && octets.length == 38 && octets[34] == 0 && octets[35] == 17;
            if (invalidKe) {
                octets[37] = 14;
                return new TwoPeers.Flying(f.from(), f.path(), Octets.of(octets));
            }
            return f;
        });
        run(p, 600);
        Failure suspected = p.a.events(Event.Suspected.class).findFirst().orElseThrow().failure();
        assertEquals(Cause.KEY_EXCHANGE, suspected.cause());
        assertTrue(suspected.reason().contains("modp2048"), suspected.reason());
        assertEquals(Cause.KEY_EXCHANGE, only(p.a).cause());
    }

    @Test
    void preSharedKeys() {
        TwoPeers p = new TwoPeers(7, TestCrypto.CRYPTO, a().build(), b().build());
        p.b.psk("another");
        run(p, 60);
        Failure atB = only(p.b);
        assertEquals(Cause.SECRET, atB.cause());
        Account b = atB.account();
        assertFalse(b.proven());
        assertEquals(
                "sun.example takes moon.example", b.us().identity() + " takes " + b.us().wanted());
        assertEquals(
                "moon.example takes sun.example",
                b.them().identity() + " takes " + b.them().wanted());
        assertTrue(b.verdict().contains("another pre-shared key"), b.verdict());
        Failure atA = only(p.a);
        assertEquals(Cause.NOT_BELIEVED, atA.cause());
        assertEquals("moon.example", atA.account().us().identity());
        assertFalse((atA + "" + atB).contains("aM6ktTm3pv5etv9eC"), atB.toString());
    }

    @Test
    void identities() {
        TwoPeers p = run(a().build(), b().ids(SUN, Identity.fqdn("mars.example")).build());
        Failure atB = only(p.b);
        assertEquals(Cause.IDENTITY, atB.cause());
        assertEquals("mars.example", atB.account().us().wanted());
        assertEquals("moon.example", atB.account().them().identity());
        assertEquals(Cause.NOT_BELIEVED, only(p.a).cause());
    }

    /// A wildcard is not sent as IDr, so the responder does not know better.
    @Test
    void theRespondersIdentity() {
        TwoPeers p =
                run(
                        a().ids(MOON, Identity.fqdn("*.example")).build(),
                        b().ids(Identity.fqdn("sun.elsewhere"), MOON).build());
        Failure atA = only(p.a);
        assertEquals(Cause.IDENTITY, atA.cause());
        assertEquals("*.example", atA.account().us().wanted());
        assertEquals("sun.elsewhere", atA.account().them().identity());
        Failure atB = only(p.b);
        assertEquals(Cause.NOT_BELIEVED, atB.cause());
        assertTrue(atB.account().proven(), "A had proved who it is");
    }

    @Test
    void selectors() {
        TwoPeers p =
                run(
                        a().selectors("10.1.0.0/16", "10.2.0.0/16").build(),
                        b().selectors("10.9.0.0/16", "10.1.0.0/16").build());
        Failure atB = only(p.b);
        assertEquals(Cause.SELECTORS, atB.cause());
        assertTrue(atB.account().proven());
        assertEquals("10.9.0.0/16 === 10.1.0.0/16", atB.account().us().selectors());
        assertEquals("10.1.0.0/16 === 10.2.0.0/16", atB.account().them().selectors());
        Failure atA = p.a.events(Event.Failed.class).findFirst().orElseThrow().failure();
        assertEquals(Cause.SELECTORS, atA.cause());
        assertEquals("Tunnel1", atA.account().child());
        assertTrue(atA.account().proven() && atA.account().initiator());
        assertEquals("10.1.0.0/16 === 10.2.0.0/16", atA.account().us().selectors());
    }

    @Test
    void espProposals() {
        TwoPeers p =
                run(a().build(), b().esp(List.of(Specs.espWith(List.of(Group.MODP_2048)))).build());
        Failure atB = only(p.b);
        assertEquals(Cause.NO_PROPOSAL, atB.cause());
        assertEquals("Tunnel1", atB.account().child());
        assertEquals("aes128-sha1-modp2048", atB.account().us().proposals());
        assertEquals(
                Cause.NO_PROPOSAL,
                p.a.events(Event.Failed.class).findFirst().orElseThrow().failure().cause());
    }

    @Test
    void silence() {
        TwoPeers p = new TwoPeers(7, TestCrypto.CRYPTO, a().build(), b().build());
        p.a.load();
        p.middle(_ -> TwoPeers.LOST);
        p.run(600 * SECOND);
        Failure atA = only(p.a);
        assertEquals(Cause.SILENCE, atA.cause());
        assertEquals("IKE_SA_INIT", atA.exchange());
        assertTrue(atA.reason().startsWith("no answer, sent "), atA.reason());
        assertEquals("moon.example", atA.account().us().identity());
    }

    @Test
    void thePeerBeganAndDidNotGoOn() {
        TwoPeers p = new TwoPeers(7, TestCrypto.CRYPTO, a().build(), b().build());
        p.middle(f -> f.from() == p.b ? TwoPeers.LOST : f);
        run(p, 600);
        Failure atB = p.b.events(Event.Failed.class).findFirst().orElseThrow().failure();
        assertEquals(Cause.UNFINISHED, atB.cause());
        assertEquals("aes256gcm16-prfsha256-x25519", atB.account().them().proposals());
    }

    @Test
    void noConnectionForThePeer() {
        TwoPeers p =
                run(
                        a().build(),
                        new Specs().between("192.0.2.2", "192.0.2.7").v2().passive().build());
        Failure atB = p.b.events(Event.Failed.class).findFirst().orElseThrow().failure();
        assertEquals(Cause.NO_CONNECTION, atB.cause());
        assertEquals("", atB.connection());
        assertEquals("192.0.2.1:500", atB.peer());
        assertEquals("aes256gcm16-prfsha256-x25519", atB.account().them().proposals());
    }
}
