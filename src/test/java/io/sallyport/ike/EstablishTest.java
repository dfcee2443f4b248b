package io.sallyport.ike;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.base.Octets;
import io.sallyport.base.net.Endpoint;
import io.sallyport.base.net.IpAddress;
import io.sallyport.base.net.Path;
import io.sallyport.crypto.suite.Group;
import io.sallyport.ike.machine.EngineSettings;
import io.sallyport.model.command.Command;
import io.sallyport.model.event.Event;
import io.sallyport.model.sa.ChildSa;
import io.sallyport.model.spec.ConnectionSpec;
import io.sallyport.model.spec.Identity;
import io.sallyport.testkit.Specs;
import io.sallyport.testkit.TwoPeers;
import io.sallyport.wire.ike.IkeHeader;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Main mode and quick mode between two whole engines, and what happens when the two do not agree.
class EstablishTest {
    private static final long SECOND = TwoPeers.SECOND;

    private static Specs a() {
        return new Specs().between("192.0.2.1", "192.0.2.2");
    }

    private static Specs b() {
        return new Specs().between("192.0.2.2", "192.0.2.1").passive();
    }

    private static TwoPeers peers(ConnectionSpec ofA, ConnectionSpec ofB) {
        return new TwoPeers(7, TestCrypto.CRYPTO, ofA, ofB);
    }

    /// S4-21: messages 1 to 6, of which 5 and 6 bear the encryption flag; S4-25: then three of
    /// quick mode.
    @Test
    void nineMessagesMakeATunnel() throws Exception {
        TwoPeers p = peers(a().build(), b().build()).establish();
        assertEquals(5, p.a.sent.size());
        assertEquals(4, p.b.sent.size());
        for (int i = 0; i < 5; i++) {
            IkeHeader header = IkeHeader.parse(p.a.sent.get(i));
            assertEquals(i < 3 ? 2 : 32, header.exchangeType());
            assertEquals(i < 2 ? 0 : IkeHeader.FLAG_ENCRYPTION, header.flags(), "message " + i);
        }
        assertTrue(p.exchange());
    }

    /// S4-27 and S4-30: the SA out at A is the SA in at B: same SPI, same keys; and the two
    /// directions differ.
    @Test
    void anSaIsUnidirectionalAndEqualAtBothEnds() {
        TwoPeers p = peers(a().build(), b().build()).establish();
        ChildSa atA = p.a.backend.active("Tunnel1").orElseThrow();
        ChildSa atB = p.b.backend.active("Tunnel1").orElseThrow();
        assertEquals(atA.outbound(), atB.inbound());
        assertEquals(atA.inbound(), atB.outbound());
        assertFalse(atA.inbound().encryptionKey().equals(atA.outbound().encryptionKey()));
    }

    /// S4-26: without PFS there is no KE payload in quick mode, and it works all the same.
    @Test
    void withoutPfs() {
        List<io.sallyport.crypto.suite.EspProposal> plain = List.of(Specs.espWith(List.of()));
        TwoPeers p = peers(a().esp(plain).build(), b().esp(plain).build()).establish();
        assertEquals(Group.NONE, p.a.backend.active("Tunnel1").orElseThrow().suite().group());
        assertTrue(p.exchange());
    }

    /// S4-26: one side wants PFS, the other not: no proposal chosen, and both sides' offers are
    /// named.
    @Test
    void pfsOnOneSideOnly() {
        TwoPeers p = peers(a().build(), b().esp(List.of(Specs.espWith(List.of()))).build());
        p.b.load();
        p.a.load();
        p.run(5 * SECOND);
        assertFalse(p.a.isUp());
        assertEquals(0, p.b.backend.size());
        Event.Failed atB = p.b.events(Event.Failed.class).findFirst().orElseThrow();
        assertTrue(atB.failure().ours().contains("aes128-sha1"), atB.toString());
        assertTrue(atB.failure().theirs().contains("aes128-sha1-modp1024"), atB.toString());
        Event.Failed atA = p.a.events(Event.Failed.class).findFirst().orElseThrow();
        assertTrue(atA.failure().reason().contains("NO-PROPOSAL-CHOSEN"), atA.toString());
        assertEquals(1, p.a.ikeSas(), "phase 1 stays");
    }

    @Test
    void noIkeProposalInCommonNamesBothSides() {
        TwoPeers p = peers(a().build(), b().ike(List.of(Specs.ikeWith(Group.MODP_2048))).build());
        p.b.load();
        p.a.load();
        p.run(5 * SECOND);
        Event.Failed atB = p.b.events(Event.Failed.class).findFirst().orElseThrow();
        assertEquals("no IKE proposal in common", atB.failure().reason());
        assertEquals("aes128-sha1-modp2048", atB.failure().ours());
        assertEquals("aes128-sha1-modp1024", atB.failure().theirs());
        assertEquals("test.conf:7", atB.failure().origin().toString());
        assertTrue(atB.byStranger());
        assertTrue(p.a.told(e -> e.toString().contains("NO-PROPOSAL-CHOSEN")));
    }

    /// S0-03: a wrong pre-shared key makes no SA, and the reason is told, at both ends.
    @Test
    void wrongPreSharedKey() {
        TwoPeers p = peers(a().build(), b().build());
        p.b.psk("another");
        p.b.load();
        p.a.load();
        p.run(45 * SECOND);
        assertEquals(0, p.a.ikeSas() + p.b.ikeSas());
        assertTrue(p.b.told(e -> e.toString().contains("pre-shared key")), p.b.events.toString());
        assertTrue(
                p.a.told(e -> e.toString().contains("another pre-shared key")),
                p.a.events.toString());
    }

    @Test
    void noPreSharedKeyAtAll() {
        TwoPeers p = peers(a().build(), b().build());
        p.a.psk("");
        p.b.load();
        p.a.load();
        p.run(5 * SECOND);
        Event.Failed failed = p.a.events(Event.Failed.class).findFirst().orElseThrow();
        assertTrue(failed.failure().reason().contains("no pre-shared key"), failed.toString());
    }

    @Test
    void anotherIdentityThanConfigured() {
        TwoPeers p =
                peers(
                        a().ids(Identity.fqdn("a.example"), Identity.ANY).build(),
                        b().ids(Identity.ANY, Identity.fqdn("c.example")).build());
        p.b.load();
        p.a.load();
        p.run(5 * SECOND);
        Event.Failed failed = p.b.events(Event.Failed.class).findFirst().orElseThrow();
        assertEquals("c.example", failed.failure().ours());
        assertEquals("a.example", failed.failure().theirs());
        assertEquals(0, p.b.ikeSas());
    }

    @Test
    void selectorsThatNoChildHas() {
        TwoPeers p =
                peers(
                        a().selectors("10.1.0.0/16", "10.2.0.0/16").build(),
                        b().selectors("10.9.0.0/16", "10.1.0.0/16").build());
        p.b.load();
        p.a.load();
        p.run(5 * SECOND);
        Event.Failed failed = p.b.events(Event.Failed.class).findFirst().orElseThrow();
        assertTrue(
                failed.failure().ours().contains("10.9.0.0/16 === 10.1.0.0/16"), failed.toString());
        assertEquals("10.2.0.0/16 === 10.1.0.0/16", failed.failure().theirs());
        assertTrue(p.a.told(e -> e.toString().contains("INVALID-ID-INFORMATION")));
    }

    /// S3-30: behind a NAT both ends see it, float to port 4500, and ESP goes in UDP; the end
    /// behind it keeps it open.
    @Test
    void natIsFoundAndPortsFloat() {
        TwoPeers p =
                peers(
                        a().ids(Identity.fqdn("left"), Identity.fqdn("right")).build(),
                        b().between("192.0.2.2", "198.51.100.9")
                                .ids(Identity.fqdn("right"), Identity.fqdn("left"))
                                .build());
        Nat nat = new Nat(p);
        p.middle(nat);
        p.establish();
        ChildSa atA = p.a.backend.active("Tunnel1").orElseThrow();
        ChildSa atB = p.b.backend.active("Tunnel1").orElseThrow();
        assertTrue(atA.carriage().udp() && atB.carriage().udp());
        assertEquals(4500, atA.carriage().path().local().port());
        assertEquals("198.51.100.9:34500", atB.carriage().path().remote().toString());
        assertTrue(p.a.events(Event.NatFound.class).findFirst().orElseThrow().us());
        assertTrue(p.b.events(Event.NatFound.class).findFirst().orElseThrow().peer());
        p.run(61 * SECOND);
        assertEquals(3, p.a.keepalives());
        assertEquals(0, p.b.keepalives());
        assertTrue(p.exchange());
    }

    /// A NAT that forgets: authentic messages from the new port move the SAs, at the end that sees
    /// it.
    @Test
    void natRebinding() {
        TwoPeers p =
                peers(
                        a().ids(Identity.fqdn("left"), Identity.fqdn("right")).build(),
                        b().between("192.0.2.2", "198.51.100.9")
                                .ids(Identity.fqdn("right"), Identity.fqdn("left"))
                                .build());
        Nat nat = new Nat(p);
        p.middle(nat);
        p.establish();
        nat.shift = 40_000;
        p.run(15 * SECOND);
        assertTrue(
                p.b.told(
                        e -> e instanceof Event.PathChanged c && c.is().remote().port() == 44_500));
        assertEquals(1, p.b.ikeSas());
    }

    @Test
    void forcedEncapsulationNeedsNoNat() {
        TwoPeers p = peers(a().forceEncapsulation().build(), b().build()).establish();
        assertTrue(p.a.backend.active("Tunnel1").orElseThrow().carriage().udp());
        assertTrue(p.b.backend.active("Tunnel1").orElseThrow().carriage().udp());
        assertEquals(4500, p.a.engine().views().getFirst().path().local().port());
    }

    /// S3-16: the peer is away for ten minutes, then there: the tunnel comes up by itself.
    @Test
    void triesForEver() {
        TwoPeers p = peers(a().build(), b().build());
        p.a.load();
        p.run(600 * SECOND);
        assertFalse(p.a.isUp());
        p.b.load();
        assertTrue(p.runUntil(() -> p.a.isUp() && p.b.isUp(), 12 * SECOND));
    }

    @Test
    void triesAsOftenAsConfigured() {
        TwoPeers p = peers(a().keyingTries(2).build(), b().build());
        p.a.load();
        p.run(600 * SECOND);
        assertTrue(
                p.a.told(e -> e.toString().contains("given up after 2 attempts")),
                p.a.events.toString());
        p.b.load();
        p.run(60 * SECOND);
        assertFalse(p.a.isUp());
    }

    /// Both ends begin at the same moment: one IKE SA and one child SA are left.
    @Test
    void bothBeginAtOnce() {
        for (int seed = 1; seed <= 20; seed++) {
            TwoPeers p =
                    new TwoPeers(
                            seed,
                            TestCrypto.CRYPTO,
                            a().build(),
                            new Specs().between("192.0.2.2", "192.0.2.1").build());
            p.a.load();
            p.b.load();
            p.run(30 * SECOND);
            assertTrue(p.exchange(), "seed " + seed);
            assertEquals(1, p.a.ikeSas(), "seed " + seed);
            assertEquals(1, p.b.ikeSas(), "seed " + seed);
            assertEquals(1, p.a.backend.size(), "seed " + seed);
            assertEquals(1, p.b.backend.size(), "seed " + seed);
        }
    }

    @Test
    void takenDownTellsThePeer() {
        TwoPeers p = peers(a().build(), b().build()).establish();
        p.a.command(new Command.Terminate("Tunnel1"));
        p.run(SECOND);
        assertEquals(0, p.a.backend.size() + p.b.backend.size());
        assertEquals(0, p.a.ikeSas() + p.b.ikeSas());
        p.run(120 * SECOND);
        assertFalse(p.a.isUp(), "what a person took down stays down");
    }

    /// A configuration that changes nothing about a connection leaves its SAs alone.
    @Test
    void reloadKeepsWhatDidNotChange() {
        TwoPeers p = peers(a().build(), b().build()).establish();
        long id = p.a.backend.active("Tunnel1").orElseThrow().id();
        p.a.load();
        p.run(SECOND);
        assertEquals(id, p.a.backend.active("Tunnel1").orElseThrow().id());
        p.a.load(a().keyingTries(5).build());
        assertTrue(p.runUntil(() -> p.a.isUp() && p.exchange(), 10 * SECOND));
        assertTrue(p.a.backend.active("Tunnel1").orElseThrow().id() > id);
    }

    @Test
    void keysAreTellableOnlyOnRequest() {
        TwoPeers p = peers(a().build(), b().build());
        p.a.settings(EngineSettings.DEFAULT.withExportKeys(true));
        p.establish();
        Event.IkeKeysForExport keys =
                p.a.events(Event.IkeKeysForExport.class).findFirst().orElseThrow();
        assertEquals(32, keys.encryptionKeyHex().length());
        assertFalse(keys.toString().contains(keys.encryptionKeyHex()));
        assertEquals(0, p.b.events(Event.IkeKeysForExport.class).count());
        String all = p.a.events.toString() + p.b.events + p.a.engine().views();
        assertFalse(all.contains("aM6ktTm3pv5etv9eC"));
        assertFalse(all.contains(Octets.utf8("aM6ktTm3pv5etv9eC").hex()));
    }

    /// Message 5 comes again and again, from wherever: the answer does not.
    @Test
    void aMessageThatIsRepeatedWithoutEndIsNotAnsweredWithoutEnd() {
        TwoPeers p = peers(a().build(), b().build());
        p.b.load();
        p.a.load();
        assertTrue(p.runUntil(() -> p.b.sent.size() == 3, 5 * SECOND));
        Path victim =
                new Path(
                        new Endpoint(IpAddress.of("192.0.2.2"), 500),
                        new Endpoint(IpAddress.of("203.0.113.66"), 500));
        Octets fifth = p.a.sent.get(2);
        for (int i = 0; i < 1000; i++) {
            p.deliver(p.b, victim, fifth);
        }
        assertTrue(p.b.sent.size() > 3, "it is answered again");
        assertTrue(p.b.sent.size() <= 3 + 16, "answers: " + (p.b.sent.size() - 3));
        assertTrue(p.runUntil(() -> p.a.isUp() && p.b.isUp(), 10 * SECOND));
    }
}
