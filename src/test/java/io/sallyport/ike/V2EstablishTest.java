package io.sallyport.ike;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.base.Octets;
import io.sallyport.base.net.Endpoint;
import io.sallyport.base.net.IpAddress;
import io.sallyport.base.net.IpPrefix;
import io.sallyport.base.net.Path;
import io.sallyport.base.net.TrafficSelector;
import io.sallyport.crypto.suite.Encryption;
import io.sallyport.crypto.suite.EspProposal;
import io.sallyport.crypto.suite.Group;
import io.sallyport.ike.machine.EngineSettings;
import io.sallyport.ike.machine.Input;
import io.sallyport.model.command.Command;
import io.sallyport.model.event.Event;
import io.sallyport.model.sa.ChildSa;
import io.sallyport.model.spec.ConnectionSpec;
import io.sallyport.model.spec.Identity;
import io.sallyport.model.spec.Mode;
import io.sallyport.model.spec.SelectorPair;
import io.sallyport.model.spec.VpnSpec;
import io.sallyport.testkit.Specs;
import io.sallyport.testkit.TwoPeers;
import io.sallyport.wire.ike.IkeHeader;
import io.sallyport.wire.ike.v2.ExchangeType;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// IKE_SA_INIT and IKE_AUTH between two whole engines, and what happens when the two do not agree.
class V2EstablishTest {
    private static final long SECOND = TwoPeers.SECOND;

    private static Specs a() {
        return new Specs().between("192.0.2.1", "192.0.2.2").v2();
    }

    private static Specs b() {
        return new Specs().between("192.0.2.2", "192.0.2.1").v2().passive();
    }

    private static TwoPeers peers(ConnectionSpec ofA, ConnectionSpec ofB) {
        return new TwoPeers(7, TestCrypto.CRYPTO, ofA, ofB);
    }

    /// S1-04: A -> B IKE_SA_INIT, B -> A; A -> B IKE_AUTH, B -> A: an IKE SA with its first child.
    @Test
    void fourMessagesMakeATunnel() throws Exception {
        TwoPeers p = peers(a().build(), b().build()).establish();
        assertEquals(2, p.a.sent.size());
        assertEquals(2, p.b.sent.size());
        IkeHeader init = IkeHeader.parse(p.a.sent.get(0));
        IkeHeader auth = IkeHeader.parse(p.b.sent.get(1));
        assertEquals(34, init.exchangeType());
        assertEquals(0, init.messageId());
        assertEquals(0, init.responderSpi());
        assertEquals(35, auth.exchangeType());
        assertEquals(1, auth.messageId());
        assertTrue(auth.response() && !auth.fromInitiator());
        assertEquals(46, auth.nextPayload());
        assertTrue(p.exchange());
        ChildSa atA = p.a.backend.active("Tunnel1").orElseThrow();
        ChildSa atB = p.b.backend.active("Tunnel1").orElseThrow();
        assertEquals(atA.outbound(), atB.inbound());
        assertEquals(atA.inbound(), atB.outbound());
        assertEquals("IKEv2", p.a.engine().views().getFirst().keys().version());
    }

    /// Every kind of suite: AEAD, CBC and CTR with an HMAC.
    @Test
    void everyKindOfSuite() {
        for (Encryption e :
                List.of(
                        Encryption.AES_GCM_8,
                        Encryption.AES_GCM_12,
                        Encryption.CHACHA20_POLY1305,
                        Encryption.AES_CBC,
                        Encryption.AES_CTR,
                        Encryption.TRIPLE_DES_CBC)) {
            var suite = List.of(Specs.ike2(e, Group.ECP_256));
            TwoPeers p = peers(a().ike(suite).build(), b().ike(suite).build()).establish();
            assertTrue(p.exchange(), e.toString());
        }
    }

    @Test
    void esnIsNegotiated() {
        var esn =
                List.of(
                        new EspProposal(
                                Specs.ESP.ciphers(), Specs.ESP.integrity(), List.of(), true));
        TwoPeers p = peers(a().esp(esn).build(), b().esp(esn).build()).establish();
        assertTrue(p.b.backend.active("Tunnel1").orElseThrow().suite().esn());
    }

    /// RFC 7296, 1.2: the responder wants another group of those that were offered.
    @Test
    void theOtherGroup() {
        TwoPeers p =
                peers(
                                a().ike(
                                                List.of(
                                                        Specs.ike2(
                                                                Encryption.AES_GCM_16,
                                                                Group.CURVE_25519,
                                                                Group.ECP_256)))
                                        .build(),
                                b().ike(List.of(Specs.ike2(Encryption.AES_GCM_16, Group.ECP_256)))
                                        .build())
                        .establish();
        assertEquals(3, p.a.sent.size());
        assertTrue(p.exchange());
    }

    /// RFC 7296, 2.6: above the threshold the responder keeps nothing before a cookie is shown.
    @Test
    void aCookieIsDemandedAndShown() {
        TwoPeers p = peers(a().build(), b().build());
        EngineSettings d = EngineSettings.DEFAULT;
        p.b.settings(
                new EngineSettings(
                        d.retransmit(),
                        d.halfOpenTimeout(),
                        d.halfOpenLimit(),
                        d.halfOpenPerPeer(),
                        0,
                        0,
                        d.handover(),
                        d.keepalive(),
                        false));
        p.establish();
        assertEquals(3, p.a.sent.size());
        assertTrue(p.b.sent.getFirst().length() < p.a.sent.getFirst().length());
        assertTrue(p.exchange());
    }

    @Test
    void noIkeProposalInCommonNamesBothSides() {
        TwoPeers p =
                peers(
                        a().build(),
                        b().ike(List.of(Specs.ike2(Encryption.AES_CBC, Group.MODP_2048))).build());
        p.b.load();
        p.a.load();
        p.run(5 * SECOND);
        Event.Failed atB = p.b.events(Event.Failed.class).findFirst().orElseThrow();
        assertEquals("no IKE proposal in common", atB.failure().reason());
        assertEquals("aes256-sha256-modp2048", atB.failure().ours());
        assertEquals("aes256gcm16-prfsha256-x25519", atB.failure().theirs());
        assertEquals("test.conf:7", atB.failure().origin().toString());
        assertTrue(atB.byStranger());
        assertTrue(p.a.told(e -> e.toString().contains("NO_PROPOSAL_CHOSEN")));
    }

    @Test
    void wrongPreSharedKey() {
        TwoPeers p = peers(a().keyingTries(1).build(), b().build());
        p.b.psk("another");
        p.b.load();
        p.a.load();
        p.run(5 * SECOND);
        assertEquals(0, p.a.ikeSas() + p.b.ikeSas() + p.a.backend.size() + p.b.backend.size());
        assertTrue(p.b.told(e -> e.toString().contains("pre-shared key")), p.b.events.toString());
        assertTrue(
                p.a.told(e -> e.toString().contains("AUTHENTICATION_FAILED")),
                p.a.events.toString());
        assertEquals(0, p.a.engine().sessionsHeld() + p.b.engine().sessionsHeld());
    }

    @Test
    void anotherIdentityThanConfigured() {
        TwoPeers p =
                peers(
                        a().ids(Identity.fqdn("a.example"), Identity.ANY).keyingTries(1).build(),
                        b().ids(Identity.ANY, Identity.fqdn("c.example")).build());
        p.b.load();
        p.a.load();
        p.run(5 * SECOND);
        Event.Failed failed = p.b.events(Event.Failed.class).findFirst().orElseThrow();
        assertTrue(failed.failure().ours().contains("c.example"), failed.toString());
        assertTrue(failed.failure().theirs().contains("a.example"), failed.toString());
        assertEquals(0, p.b.ikeSas());
    }

    /// RFC 7296, 2.9: several selectors a side, narrowed to what both have.
    @Test
    void selectorsAreNarrowed() {
        TwoPeers p =
                peers(
                                a().selectors(pair("10.1.0.0/16,10.3.0.0/16", "10.2.0.0/16"))
                                        .build(),
                                b().selectors(pair("10.2.7.0/24", "10.1.5.0/24,10.3.0.0/16"))
                                        .build())
                        .establish();
        assertEquals(
                "10.1.5.0/24, 10.3.0.0/16 === 10.2.7.0/24",
                p.a.backend.active("Tunnel1").orElseThrow().selectors().toString());
        assertEquals(
                "10.2.7.0/24 === 10.1.5.0/24, 10.3.0.0/16",
                p.b.backend.active("Tunnel1").orElseThrow().selectors().toString());
    }

    /// Two connections to one peer with the same identities: the selectors say which is meant,
    /// whatever their order.
    @Test
    void amongConnectionsOfOnePeerTheSelectorsChoose() {
        TwoPeers p = peers(a().build(), b().build());
        ConnectionSpec one = a().selectors(pair("10.1.0.0/16", "10.2.0.0/16")).build();
        ConnectionSpec two =
                a().name("Tunnel2").selectors(pair("10.1.0.0/16", "10.7.0.0/16")).build();
        p.b.command(
                new Command.Load(
                        new VpnSpec(
                                List.of(
                                        b().passive()
                                                .selectors(pair("10.2.0.0/16", "10.1.0.0/16"))
                                                .build(),
                                        b().name("Tunnel2")
                                                .passive()
                                                .selectors(pair("10.7.0.0/16", "10.1.0.0/16"))
                                                .build()),
                                List.of())));
        p.a.command(new Command.Load(new VpnSpec(List.of(two, one), List.of())));
        assertTrue(
                p.runUntil(
                        () ->
                                p.b.backend.active("Tunnel1").isPresent()
                                        && p.b.backend.active("Tunnel2").isPresent(),
                        10 * SECOND));
        assertEquals(
                "10.7.0.0/16 === 10.1.0.0/16",
                p.b.backend.active("Tunnel2").orElseThrow().selectors().toString());
        assertEquals(
                "10.2.0.0/16 === 10.1.0.0/16",
                p.b.backend.active("Tunnel1").orElseThrow().selectors().toString());
    }

    /// What a connection says of one peer by name is not to be had otherwise by asking for the
    /// selectors of one that takes anybody.
    @Test
    void aConnectionThatNamesThePeerComesBeforeOneThatTakesAnybody() {
        TwoPeers p = peers(a().build(), b().build());
        p.b.command(
                new Command.Load(
                        new VpnSpec(
                                List.of(
                                        b().passive()
                                                .ids(
                                                        Identity.ANY,
                                                        Identity.of(IpAddress.of("192.0.2.1")))
                                                .selectors(pair("10.2.0.0/16", "10.1.0.0/16"))
                                                .build(),
                                        b().name("Anybody")
                                                .passive()
                                                .selectors(pair("10.0.0.0/8", "10.1.0.0/16"))
                                                .build()),
                                List.of())));
        p.a.command(
                new Command.Load(
                        new VpnSpec(
                                List.of(a().selectors(pair("10.1.0.0/16", "10.7.0.0/16")).build()),
                                List.of())));
        p.run(5 * SECOND);
        assertEquals(1, p.b.ikeSas());
        assertTrue(p.b.backend.active("Anybody").isEmpty());
        assertTrue(p.b.backend.active("Tunnel1").isEmpty());
    }

    private static SelectorPair pair(String local, String remote) {
        return new SelectorPair(list(local), list(remote));
    }

    private static List<TrafficSelector> list(String text) {
        return List.of(text.split(",")).stream()
                .map(t -> TrafficSelector.of(IpPrefix.of(t)))
                .toList();
    }

    /// RFC 7296, 2.21.2: a child that cannot be leaves the IKE SA up; both ends say why.
    @Test
    void selectorsThatNoChildHas() {
        TwoPeers p =
                peers(
                        a().selectors("10.1.0.0/16", "10.2.0.0/16").build(),
                        b().selectors("10.9.0.0/16", "10.1.0.0/16").build());
        p.b.load();
        p.a.load();
        p.run(5 * SECOND);
        Event.Failed atB = p.b.events(Event.Failed.class).findFirst().orElseThrow();
        assertTrue(atB.failure().ours().contains("10.9.0.0/16 === 10.1.0.0/16"), atB.toString());
        assertEquals("10.2.0.0/16 === 10.1.0.0/16", atB.failure().theirs());
        assertTrue(p.a.told(e -> e.toString().contains("TS_UNACCEPTABLE")), p.a.events.toString());
        assertEquals(1, p.a.ikeSas());
        assertEquals(1, p.b.ikeSas());
        assertEquals(0, p.a.backend.size() + p.b.backend.size());
    }

    @Test
    void transportMode() {
        TwoPeers p = peers(a().transport().build(), b().transport().build()).establish();
        ChildSa sa = p.a.backend.active("Tunnel1").orElseThrow();
        assertEquals(Mode.TRANSPORT, sa.handling().mode());
        assertEquals("192.0.2.1/32 === 192.0.2.2/32", sa.selectors().toString());
    }

    /// S3-30: behind a NAT both ends see it, go on at port 4500, and ESP goes in UDP.
    @Test
    void natIsFoundAndPortsFloat() {
        TwoPeers p =
                peers(
                        a().ids(Identity.fqdn("left"), Identity.fqdn("right")).build(),
                        b().between("192.0.2.2", "198.51.100.9")
                                .ids(Identity.fqdn("right"), Identity.fqdn("left"))
                                .build());
        p.middle(new Nat(p));
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
        assertTrue(p.exchange());
    }

    @Test
    void forcedEncapsulationNeedsNoNat() {
        TwoPeers p = peers(a().forceEncapsulation().build(), b().build()).establish();
        assertTrue(p.a.backend.active("Tunnel1").orElseThrow().carriage().udp());
        assertTrue(p.b.backend.active("Tunnel1").orElseThrow().carriage().udp());
        assertEquals(4500, p.a.engine().views().getFirst().path().local().port());
    }

    /// A bad line: loss, duplication and reordering, many seeds.
    @Test
    void aBadLine() {
        for (int seed = 1; seed <= 40; seed++) {
            TwoPeers p = new TwoPeers(seed, TestCrypto.CRYPTO, a().build(), b().build());
            p.wire.faults(30, 20, 30);
            p.establish();
            assertTrue(p.exchange(), "seed " + seed);
        }
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
                            new Specs().between("192.0.2.2", "192.0.2.1").v2().build());
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
        assertEquals(0, p.a.engine().sessionsHeld() + p.b.engine().sessionsHeld());
    }

    /// A peer that rekeyed the IKE SA and closed the old one has the new one: it is told, too.
    @Test
    void takenDownAfterThePeersRekeyingTellsThePeer() {
        TwoPeers p = peers(a().build(), b().build()).establish();
        p.b.command(new Command.Rekey("Tunnel1", ""));
        p.run(10 * SECOND);
        assertEquals(1, p.a.ikeSas());
        p.a.command(new Command.Terminate("Tunnel1"));
        p.run(SECOND);
        assertEquals(0, p.a.ikeSas() + p.b.ikeSas());
        assertEquals(0, p.a.backend.size() + p.b.backend.size());
    }

    @Test
    void triesForEver() {
        TwoPeers p = peers(a().build(), b().build());
        p.a.load();
        p.run(600 * SECOND);
        assertFalse(p.a.isUp());
        p.b.load();
        assertTrue(p.runUntil(() -> p.a.isUp() && p.b.isUp(), 12 * SECOND));
    }

    /// RFC 7383: what does not fit a packet goes in several, and a bad line does not matter.
    @Test
    void aLongMessageGoesInFragments() throws Exception {
        String many = many(1);
        String others = many(2);
        for (int seed = 1; seed <= 10; seed++) {
            TwoPeers p =
                    new TwoPeers(
                            seed,
                            TestCrypto.CRYPTO,
                            a().selectors(pair(many, others)).build(),
                            b().selectors(pair(others, many)).build());
            p.wire.faults(15, 20, 30);
            p.establish();
            assertTrue(p.exchange(), "seed " + seed);
            assertEquals(
                    60, p.b.backend.active("Tunnel1").orElseThrow().selectors().remote().size());
            assertTrue(p.a.sent.stream().allMatch(m -> m.length() <= 1248));
            assertTrue(p.a.sent.stream().anyMatch(m -> m.at(16) == 53));
        }
    }

    private static String many(int net) {
        List<String> all = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            all.add("10." + net + "." + i + ".0/24");
        }
        return String.join(",", all);
    }

    /// A NAT that forgets: the peer's packets come from another port, it is asked there, and only
    /// then the SAs move. An address that does not answer moves nothing.
    @Test
    void natRebindingIsCheckedBeforeItIsBelieved() {
        TwoPeers p =
                peers(
                        a().ids(Identity.fqdn("left"), Identity.fqdn("right")).build(),
                        b().between("192.0.2.2", "198.51.100.9")
                                .ids(Identity.fqdn("right"), Identity.fqdn("left"))
                                .build());
        Nat nat = new Nat(p);
        p.middle(nat);
        p.establish();
        long child = p.b.backend.active("Tunnel1").orElseThrow().id();
        Path real = p.b.engine().views().getFirst().path();
        p.b.input(
                new Input.PeerMoved(
                        child,
                        new Path(real.local(), new Endpoint(IpAddress.of("203.0.113.66"), 9))));
        p.middle(f ->
                f.path().remote().address().toString().equals("203.0.113.66")
                        ? TwoPeers.LOST
                        : nat.apply(f));
        p.run(20 * SECOND);
        assertEquals(real, p.b.engine().views().getFirst().path(), "a liar moves nothing");
        p.run(60 * SECOND);
        assertEquals(1, p.b.ikeSas(), p.b.events.toString());
        assertEquals(
                0,
                p.b.events(Event.PathChanged.class).count(),
                () ->
                        "the question goes to the peer at last, whose answer is of another path: "
                                + p.b.events);
        nat.shift = 40_000;
        p.run(40 * SECOND);
        assertTrue(
                p.b.told(e -> e instanceof Event.PathChanged c && c.is().remote().port() == 44_500),
                p.b.events.toString());
        assertTrue(p.exchange());
    }

    private static TwoPeers throughNat() {
        TwoPeers p =
                peers(
                        a().ids(Identity.fqdn("left"), Identity.fqdn("right")).build(),
                        b().between("192.0.2.2", "198.51.100.9")
                                .ids(Identity.fqdn("right"), Identity.fqdn("left"))
                                .build());
        p.middle(new Nat(p));
        return p.establish();
    }

    private static void movedTo(TwoPeers p, int port) {
        long child = p.b.backend.active("Tunnel1").orElseThrow().id();
        Path real = p.b.engine().views().getFirst().path();
        p.b.input(
                new Input.PeerMoved(
                        child,
                        new Path(real.local(), new Endpoint(IpAddress.of("203.0.113.66"), port))));
    }

    /// It is asked where its last packet came from, then where it was before, and then no more.
    @Test
    void aPeerThatDiesWhileItIsAskedElsewhereIsFoundDead() {
        TwoPeers p = throughNat();
        p.middle(_ -> TwoPeers.LOST);
        movedTo(p, 9);
        assertTrue(p.runUntil(() -> p.b.ikeSas() == 0, 120 * SECOND), p.b.events::toString);
    }

    /// Whoever copies a peer's packets can have it seen at ever new places: of those that wait to
    /// be asked at, the latest counts, and a rekey waits for one silence only.
    @Test
    void manyPlacesDoNotHoldUpARekey() {
        TwoPeers p = throughNat();
        var nat = new Nat(p);
        p.middle(f ->
                f.path().remote().address().toString().equals("203.0.113.66")
                        ? TwoPeers.LOST
                        : nat.apply(f));
        for (int port = 9; port < 69; port++) {
            movedTo(p, port);
        }
        long before = p.b.backend.active("Tunnel1").orElseThrow().id();
        p.b.command(new Command.Rekey("Tunnel1", "Tunnel1"));
        assertTrue(
                p.runUntil(
                        () -> p.b.backend.active("Tunnel1").orElseThrow().id() != before,
                        90 * SECOND),
                p.b.events::toString);
        assertTrue(p.exchange());
    }

    /// Whoever saw a request can repeat it from anywhere.
    @Test
    void aRequestThatIsRepeatedWithoutEndIsNotAnsweredWithoutEnd() {
        TwoPeers p = peers(a().build(), b().build());
        p.establish();
        Octets request = p.a.sent.get(1);
        assertEquals(ExchangeType.IKE_AUTH, request.at(18));
        Path victim =
                new Path(
                        new Endpoint(IpAddress.of("192.0.2.2"), 500),
                        new Endpoint(IpAddress.of("203.0.113.66"), 500));
        int before = p.b.sent.size();
        for (int i = 0; i < 1000; i++) {
            p.deliver(p.b, victim, request);
        }
        assertTrue(p.b.sent.size() > before, "it is answered again");
        assertTrue(p.b.sent.size() <= before + 16, "answers: " + (p.b.sent.size() - before));
        assertTrue(p.exchange());
    }
}
