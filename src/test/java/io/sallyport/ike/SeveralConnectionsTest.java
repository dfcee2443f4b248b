package io.sallyport.ike;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.model.command.Command;
import io.sallyport.model.command.IkeSaView;
import io.sallyport.model.event.Event;
import io.sallyport.model.spec.ConnectionSpec;
import io.sallyport.model.spec.Identity;
import io.sallyport.model.spec.VpnSpec;
import io.sallyport.testkit.Specs;
import io.sallyport.testkit.TwoPeers;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// IKEv1, as responder: several connections with one peer, which main mode cannot tell apart. The
/// selectors of the first quick mode choose.
class SeveralConnectionsTest {
    private static final long SECOND = TwoPeers.SECOND;
    private static final Identity PEER = Identity.of(ip("192.0.2.1"));

    private static io.sallyport.base.net.IpAddress ip(String text) {
        return io.sallyport.base.net.IpAddress.of(text);
    }

    private static Specs a() {
        return new Specs().between("192.0.2.1", "192.0.2.2");
    }

    private static Specs b() {
        return new Specs().between("192.0.2.2", "192.0.2.1").passive();
    }

    private static ConnectionSpec ofA(String name, String theirs) {
        return a().name(name).selectors("10.1.0.0/16", theirs).passive().build();
    }

    private static ConnectionSpec ofB(String name, String ours) {
        return b().name(name).selectors(ours, "10.1.0.0/16").build();
    }

    private static TwoPeers peers(List<ConnectionSpec> ofA, List<ConnectionSpec> ofB) {
        TwoPeers p = new TwoPeers(51, TestCrypto.CRYPTO, ofA.getFirst(), ofB.getFirst());
        p.b.command(new Command.Load(new VpnSpec(ofB, List.of())));
        p.a.command(new Command.Load(new VpnSpec(ofA, List.of())));
        return p;
    }

    /// Three, and A begins with the last.
    private static TwoPeers three() {
        return three(true);
    }

    private static TwoPeers three(boolean aBegins) {
        TwoPeers p =
                peers(
                        List.of(
                                ofA("Tunnel1", "10.2.0.0/16"),
                                ofA("Tunnel2", "10.7.0.0/16"),
                                ofA("Tunnel3", "10.8.0.0/16")),
                        List.of(
                                ofB("Tunnel1", "10.2.0.0/16"),
                                ofB("Tunnel2", "10.7.0.0/16"),
                                ofB("Tunnel3", "10.8.0.0/16")));
        for (String name : List.of("Tunnel3", "Tunnel1", "Tunnel2")) {
            (aBegins ? p.a : p.b).command(new Command.Initiate(name, ""));
            assertTrue(p.runUntil(() -> isUp(p, name), 5 * SECOND), name);
        }
        return p;
    }

    private static boolean isUp(TwoPeers p, String name) {
        return p.a.backend.active(name).isPresent() && p.b.backend.active(name).isPresent();
    }

    private static Optional<IkeSaView> ikeSa(TwoPeers.Peer peer, String name) {
        return peer.engine().views().stream()
                .filter(v -> v.connection().equals(name) && v.state().equals("ESTABLISHED"))
                .findFirst();
    }

    /// Both ends say of each IKE SA that it is of the connection of that name.
    private static void assertSame(TwoPeers p) {
        for (String name : List.of("Tunnel1", "Tunnel2", "Tunnel3")) {
            assertTrue(isUp(p, name), name);
            assertEquals(
                    ikeSa(p.a, name).orElseThrow().keys().initiatorSpi(),
                    ikeSa(p.b, name).orElseThrow().keys().initiatorSpi(),
                    name);
            assertEquals(
                    p.a.backend.active(name).orElseThrow().outbound().spi(),
                    p.b.backend.active(name).orElseThrow().inbound().spi(),
                    name);
        }
        assertEquals(3, p.a.ikeSas());
        assertEquals(3, p.b.ikeSas());
    }

    @Test
    void theSelectorsChoose() {
        TwoPeers p = three();
        p.run(60 * SECOND); // what a wrong guess replaced would be closed by now
        assertSame(p);
        assertEquals(
                "10.7.0.0/16 === 10.1.0.0/16",
                p.b.backend.active("Tunnel2").orElseThrow().selectors().toString());
        assertEquals(
                "10.8.0.0/16 === 10.1.0.0/16",
                p.b.backend.active("Tunnel3").orElseThrow().selectors().toString());
        assertFalse(p.b.told(e -> e instanceof Event.ChildClosed));
        assertFalse(p.b.told(e -> e instanceof Event.Failed));
    }

    /// A new ISAKMP SA says nothing of whom it replaces, until a quick mode comes or the old one is
    /// ended: no order of renewal takes a child down.
    @Test
    void renewalInAnyOrder() {
        renewals(three());
        renewals(three(false)); // A renews what B began
    }

    private static void renewals(TwoPeers p) {
        for (String name : List.of("Tunnel2", "Tunnel3", "Tunnel1", "Tunnel1", "Tunnel3")) {
            String before = ikeSa(p.a, name).orElseThrow().keys().initiatorSpi();
            p.a.command(new Command.Rekey(name, ""));
            p.run(60 * SECOND);
            assertSame(p);
            assertFalse(before.equals(ikeSa(p.a, name).orElseThrow().keys().initiatorSpi()));
        }
        assertFalse(p.b.told(e -> e instanceof Event.ChildClosed));
    }

    /// And the child by the new one, at once.
    @Test
    void renewalThenAChild() {
        TwoPeers p = three();
        for (String name : List.of("Tunnel2", "Tunnel1", "Tunnel3")) {
            p.a.command(new Command.Rekey(name, ""));
            p.run(SECOND);
            p.a.command(new Command.Rekey(name, name));
            p.run(60 * SECOND);
            assertSame(p);
        }
    }

    @Test
    void anExactMatchComesBeforeAWiderOne() {
        TwoPeers p =
                peers(
                        List.of(ofA("Tunnel2", "10.2.3.0/24")),
                        List.of(ofB("Tunnel1", "10.2.0.0/16"), ofB("Tunnel2", "10.2.3.0/24")));
        p.a.command(new Command.Initiate("Tunnel2", ""));
        assertTrue(p.runUntil(() -> isUp(p, "Tunnel2"), 5 * SECOND));
    }

    @Test
    void theFirstTakesWhatAllHave() {
        TwoPeers p =
                peers(
                        List.of(ofA("Tunnel1", "10.2.3.0/24")),
                        List.of(ofB("Tunnel1", "10.2.0.0/16"), ofB("Tunnel2", "10.0.0.0/8")));
        p.a.command(new Command.Initiate("Tunnel1", ""));
        assertTrue(p.runUntil(() -> isUp(p, "Tunnel1"), 5 * SECOND));
    }

    /// What is kept for a peer of one name and key is not to be had with the key of many.
    @Test
    void anotherKeyIsAnotherPeer() {
        ConnectionSpec many =
                b().ids(Identity.of(ip("192.0.2.2")), Identity.ANY)
                        .selectors("10.2.0.0/16", "10.1.0.0/16")
                        .build();
        ConnectionSpec one =
                b().name("Tunnel2")
                        .ids(Identity.of(ip("192.0.2.2")), PEER)
                        .selectors("10.7.0.0/16", "10.1.0.0/16")
                        .build();
        for (boolean same : new boolean[] {true, false}) {
            TwoPeers p = new TwoPeers(52, TestCrypto.CRYPTO, ofA("Tunnel2", "10.7.0.0/16"), many);
            if (!same) {
                p.b.psk(PEER, "kept for one");
                p.b.psk(Identity.ANY, "aM6ktTm3pv5etv9eC");
            }
            p.b.command(new Command.Load(new VpnSpec(List.of(many, one), List.of())));
            p.a.load();
            p.a.command(new Command.Initiate("Tunnel2", ""));
            assertEquals(
                    same, p.runUntil(() -> isUp(p, "Tunnel2"), 20 * SECOND), p.b.events::toString);
        }
    }

    /// A peer that asked when it was configured proves itself when it is not any more.
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whoBeganBeforeALoadIsNotLetInByWhatIsGone(boolean gone) {
        ConnectionSpec first =
                b().ids(Identity.of(ip("192.0.2.2")), Identity.fqdn("somebody.else"))
                        .selectors("10.9.0.0/16", "10.1.0.0/16")
                        .v2()
                        .build();
        ConnectionSpec second =
                b().name("Tunnel2").selectors("10.7.0.0/16", "10.1.0.0/16").v2().build();
        ConnectionSpec ofA =
                a().name("Tunnel2")
                        .selectors("10.1.0.0/16", "10.7.0.0/16")
                        .keyingTries(1)
                        .v2()
                        .build();
        TwoPeers p = new TwoPeers(52, TestCrypto.CRYPTO, ofA, first);
        p.b.command(new Command.Load(new VpnSpec(List.of(first, second), List.of())));
        p.a.load();
        p.a.command(new Command.Initiate("Tunnel2", ""));
        assertTrue(p.runUntil(() -> !p.b.sent.isEmpty(), 5 * SECOND));
        if (gone) {
            p.b.command(new Command.Load(new VpnSpec(List.of(first), List.of())));
        }
        assertEquals(
                !gone, p.runUntil(() -> isUp(p, "Tunnel2"), 20 * SECOND), p.b.events::toString);
        assertEquals(gone ? 0 : 1, p.b.ikeSas());
    }

    /// Nobody has it: the peer is refused, and what stands stays.
    @Test
    void whatNoneHasIsRefused() {
        TwoPeers p =
                peers(
                        List.of(
                                ofA("Tunnel1", "10.2.0.0/16"),
                                ofA("Tunnel2", "10.7.0.0/16"),
                                ofA("Tunnel9", "10.9.0.0/16")),
                        List.of(ofB("Tunnel1", "10.2.0.0/16"), ofB("Tunnel2", "10.7.0.0/16")));
        for (String name : List.of("Tunnel2", "Tunnel1")) {
            p.a.command(new Command.Initiate(name, ""));
            assertTrue(p.runUntil(() -> isUp(p, name), 5 * SECOND), name);
        }
        p.a.command(new Command.Initiate("Tunnel9", ""));
        p.run(60 * SECOND);
        assertTrue(
                p.b.told(e ->
                        e instanceof Event.Failed f && f.failure().reason().contains("no child")));
        assertTrue(isUp(p, "Tunnel1"));
        assertTrue(isUp(p, "Tunnel2"));
        assertFalse(p.b.told(e -> e instanceof Event.ChildClosed));
    }

    /// One IKE SA for the children of two connections, as strongSwan has it where they differ in
    /// nothing else: the second is refused, and the reason says what would help.
    @Test
    void oneIkeSaIsOfOneConnection() {
        ConnectionSpec one = ofA("Tunnel1", "10.2.0.0/16");
        ConnectionSpec two = ofA("Tunnel2", "10.7.0.0/16");
        ConnectionSpec both =
                one.with(List.of(one.children().getFirst(), two.children().getFirst()));
        TwoPeers p =
                peers(
                        List.of(both),
                        List.of(ofB("Tunnel1", "10.2.0.0/16"), ofB("Tunnel2", "10.7.0.0/16")));
        p.a.command(new Command.Initiate("Tunnel1", "Tunnel2"));
        assertTrue(p.runUntil(() -> isUp(p, "Tunnel2"), 5 * SECOND));
        p.a.command(new Command.Initiate("Tunnel1", "Tunnel1"));
        p.run(5 * SECOND);
        assertTrue(
                p.b.told(e ->
                        e instanceof Event.Failed f
                                && f.failure()
                                        .reason()
                                        .endsWith("Tunnel1 has, but needs an IKE SA of its own")));
        assertTrue(isUp(p, "Tunnel2"));
    }
}
