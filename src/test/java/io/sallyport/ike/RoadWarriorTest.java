package io.sallyport.ike;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.base.net.IpAddress;
import io.sallyport.base.net.IpPrefix;
import io.sallyport.base.net.IpRange;
import io.sallyport.base.net.TrafficSelector;
import io.sallyport.model.command.Command;
import io.sallyport.model.command.IkeSaView;
import io.sallyport.model.event.Event;
import io.sallyport.model.port.AddressPools;
import io.sallyport.model.spec.Actions;
import io.sallyport.model.spec.AddressSpec;
import io.sallyport.model.spec.AddressingSpec;
import io.sallyport.model.spec.ConnectionSpec;
import io.sallyport.model.spec.Identity;
import io.sallyport.model.spec.IkeSpec;
import io.sallyport.model.spec.Origin;
import io.sallyport.model.spec.PoolSpec;
import io.sallyport.model.spec.SelectorPair;
import io.sallyport.model.spec.ike.HandshakeSpec.Unique;
import io.sallyport.testkit.Crowd;
import io.sallyport.testkit.Specs;
import io.sallyport.vpn.pool.LeasePools;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Many clients at one gateway of `remote_addrs = %any`, with addresses out of a pool.
class RoadWarriorTest {
    private static final String GATEWAY = "192.0.2.1";
    private static final List<TrafficSelector> NET =
            List.of(TrafficSelector.of(IpPrefix.of("10.1.0.0/16")));

    private final Crowd crowd = new Crowd(TestCrypto.CRYPTO);
    private final LeasePools pools = new LeasePools();

    private Crowd.Node gateway(String prefix, Unique unique) {
        pools.load(
                List.of(
                        new PoolSpec(
                                "lent",
                                List.of(IpRange.of(IpPrefix.of(prefix))),
                                List.of(
                                        new PoolSpec.Attribute(
                                                3, IpAddress.of("10.1.0.53").octets())),
                                Origin.NONE)));
        ConnectionSpec spec =
                new Specs()
                        .v2()
                        .between(GATEWAY, GATEWAY)
                        .ids(Identity.fqdn("gate"), Identity.ANY)
                        .selectors(new SelectorPair(NET, List.of()))
                        .actions(
                                new Actions(
                                        Actions.Start.NONE, Actions.Close.NONE, Actions.Dpd.CLEAR))
                        .build();
        return crowd.add(GATEWAY, pools)
                .load(
                        new ConnectionSpec(
                                spec.name(),
                                spec.local(),
                                spec.remote().at(new AddressSpec.Any()),
                                unique(spec.ike(), unique),
                                new AddressingSpec(List.of(), List.of("lent"), true),
                                spec.children(),
                                spec.origin()));
    }

    private static IkeSpec unique(IkeSpec ike, Unique unique) {
        return new IkeSpec(
                ike.version(),
                ike.proposals(),
                ike.lifetime(),
                ike.reauth(),
                ike.dpd(),
                ike.handshake().unique(unique),
                ike.path());
    }

    private Crowd.Node client(String address, String name, List<IpAddress> asked) {
        ConnectionSpec spec =
                new Specs()
                        .v2()
                        .between(address, GATEWAY)
                        .ids(Identity.fqdn(name), Identity.fqdn("gate"))
                        .selectors(new SelectorPair(List.of(), NET))
                        .build();
        return crowd.add(address, AddressPools.NONE)
                .load(
                        new ConnectionSpec(
                                spec.name(),
                                spec.local(),
                                spec.remote(),
                                spec.ike(),
                                new AddressingSpec(asked, List.of(), true),
                                spec.children(),
                                spec.origin()));
    }

    private static String vips(Crowd.Node node) {
        return node.engine().views().stream()
                .filter(v -> v.state().equals("ESTABLISHED"))
                .map(v -> v.vips().local().toString())
                .findFirst()
                .orElse("down");
    }

    @Test
    void eachClientHasItsOwnIkeSaChildAndAddress() {
        Crowd.Node gate = gateway("10.3.0.0/24", Unique.NO);
        Crowd.Node alice = client("198.51.100.1", "alice", List.of(IpAddress.ANY4));
        Crowd.Node bob = client("198.51.100.2", "bob", List.of(IpAddress.ANY4));
        crowd.run(5);
        assertEquals(2, gate.ikeSas());
        assertEquals("[10.3.0.1]", vips(alice));
        assertEquals("[10.3.0.2]", vips(bob));
        assertEquals(
                "10.3.0.1/32 === 10.1.0.0/16",
                alice.backend.active("Tunnel1").orElseThrow().selectors().toString());
        Set<String> served = new HashSet<>();
        for (IkeSaView v : gate.engine().views()) {
            served.add(v.peer().remoteId() + " " + v.children().getFirst().sa().selectors());
        }
        assertEquals(
                Set.of("alice 10.1.0.0/16 === 10.3.0.1/32", "bob 10.1.0.0/16 === 10.3.0.2/32"),
                served);
        assertEquals(
                List.of(IpAddress.of("10.1.0.53")),
                alice.events(Event.AddressesBorrowed.class).findFirst().orElseThrow().dns());
    }

    @Test
    void oneClientsEndLeavesTheOthersAndFreesItsAddress() {
        Crowd.Node gate = gateway("10.3.0.0/24", Unique.NO);
        Crowd.Node alice = client("198.51.100.1", "alice", List.of(IpAddress.ANY4));
        Crowd.Node bob = client("198.51.100.2", "bob", List.of(IpAddress.ANY4));
        crowd.run(5);
        alice.command(new Command.Terminate("Tunnel1"));
        crowd.run(20);
        assertEquals(1, gate.ikeSas());
        assertEquals(1, pools.online("lent"));
        assertEquals("[10.3.0.2]", vips(bob));
        assertEquals(1, alice.events(Event.AddressesReturned.class).count());
        assertEquals(1, gate.engine().sessionsHeld());
        alice.command(new Command.Initiate("Tunnel1", ""));
        crowd.run(5);
        assertEquals("[10.3.0.1]", vips(alice)); // sticky
    }

    @Test
    void aDeadClientIsBuriedAloneAndItsAddressIsFree() {
        Crowd.Node gate = gateway("10.3.0.0/24", Unique.NO);
        Crowd.Node alice = client("198.51.100.1", "alice", List.of(IpAddress.ANY4));
        client("198.51.100.2", "bob", List.of(IpAddress.ANY4));
        crowd.run(5);
        alice.pullThePlug();
        crowd.run(200);
        assertEquals(1, gate.ikeSas());
        assertEquals(1, pools.online("lent"));
        assertEquals(1, pools.views().getFirst().offline());
        assertEquals(1, gate.engine().sessionsHeld());
    }

    /// Whoever names an SA by its number means that peer, not all of the connection.
    @Test
    void rekeyingByNumberReachesThatPeerOnly() {
        Crowd.Node gate = gateway("10.3.0.0/24", Unique.NO);
        client("198.51.100.1", "alice", List.of(IpAddress.ANY4));
        client("198.51.100.2", "bob", List.of(IpAddress.ANY4));
        crowd.run(5);
        IkeSaView alice = ofPeer(gate, "alice");
        IkeSaView bob = ofPeer(gate, "bob");
        gate.command(new Command.RekeyIke("Tunnel1", alice.keys(), false));
        crowd.run(10);
        assertNotEquals(alice.keys(), ofPeer(gate, "alice").keys());
        assertEquals(childOf(alice), childOf(ofPeer(gate, "alice"))); // RFC 7296, 2.18: inherited
        assertEquals(bob.keys(), ofPeer(gate, "bob").keys());
        gate.command(new Command.RekeyChild("Tunnel1", childOf(bob)));
        crowd.run(10);
        assertEquals(bob.keys(), ofPeer(gate, "bob").keys());
        assertNotEquals(childOf(bob), childOf(ofPeer(gate, "bob")));
        assertEquals(childOf(alice), childOf(ofPeer(gate, "alice")));
        assertEquals(2, gate.ikeSas());
    }

    @Test
    void rekeyingByANumberThatIsGoneChangesNothing() {
        Crowd.Node gate = gateway("10.3.0.0/24", Unique.NO);
        client("198.51.100.1", "alice", List.of(IpAddress.ANY4));
        crowd.run(5);
        IkeSaView before = ofPeer(gate, "alice");
        gate.command(
                new Command.RekeyIke(
                        "Tunnel1",
                        new IkeSaView.Keys("0123456789abcdef", "0123456789abcdef", "", false, ""),
                        true));
        gate.command(new Command.RekeyChild("Tunnel1", childOf(before) + 1000));
        crowd.run(10);
        assertEquals(before.keys(), ofPeer(gate, "alice").keys());
        assertEquals(childOf(before), childOf(ofPeer(gate, "alice")));
    }

    /// `swanctl --rekey --reauth`, asked of the client, which can be sure of its own secret.
    @Test
    void reauthenticationByNumberMakesBothAnew() {
        Crowd.Node gate = gateway("10.3.0.0/24", Unique.REPLACE);
        Crowd.Node alice = client("198.51.100.1", "alice", List.of(IpAddress.ANY4));
        crowd.run(5);
        IkeSaView before = ofPeer(gate, "alice");
        alice.command(
                new Command.RekeyIke("Tunnel1", alice.engine().views().getFirst().keys(), true));
        crowd.run(20);
        IkeSaView after = ofPeer(gate, "alice");
        assertNotEquals(before.keys(), after.keys());
        assertNotEquals(childOf(before), childOf(after));
        assertEquals(1, gate.ikeSas());
        assertEquals("[10.3.0.1]", vips(alice));
    }

    private static IkeSaView ofPeer(Crowd.Node gate, String name) {
        return gate.engine().views().stream()
                .filter(v -> v.state().equals("ESTABLISHED"))
                .filter(v -> v.peer().remoteId().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static long childOf(IkeSaView view) {
        return view.children().getLast().sa().id();
    }

    @Test
    void addressesAreKeptOverRekeying() {
        Crowd.Node gate = gateway("10.3.0.0/24", Unique.NO);
        Crowd.Node alice = client("198.51.100.1", "alice", List.of(IpAddress.ANY4));
        crowd.run(5);
        gate.command(new Command.Rekey("Tunnel1", ""));
        crowd.run(10);
        alice.command(new Command.Rekey("Tunnel1", "Tunnel1"));
        crowd.run(10);
        assertEquals("[10.3.0.1]", vips(alice));
        assertEquals(1, gate.ikeSas());
        assertEquals(1, pools.online("lent"));
        assertEquals(
                "10.3.0.1/32 === 10.1.0.0/16",
                alice.backend.active("Tunnel1").orElseThrow().selectors().toString());
        assertEquals(0, alice.events(Event.AddressesReturned.class).count());
    }

    @Test
    void whenThePoolIsEmptyTheNextIsRefusedUntilOneLeaves() {
        gateway("10.3.0.0/30", Unique.NO);
        Crowd.Node first = client("198.51.100.1", "one", List.of(IpAddress.ANY4));
        client("198.51.100.2", "two", List.of(IpAddress.ANY4));
        Crowd.Node third = client("198.51.100.3", "three", List.of(IpAddress.ANY4));
        crowd.run(3);
        assertTrue(
                third.events(Event.Failed.class)
                        .anyMatch(
                                e -> e.failure().toString().contains("INTERNAL_ADDRESS_FAILURE")));
        assertTrue(third.backend.active("Tunnel1").isEmpty());
        first.command(new Command.Terminate("Tunnel1"));
        crowd.run(60);
        assertEquals("[10.3.0.1]", vips(third));
    }

    /// RFC 7296, 3.10.1: FAILED_CP_REQUIRED.
    @Test
    void whoAsksForNoAddressWhereThereArePoolsGetsNoChild() {
        Crowd.Node gate = gateway("10.3.0.0/24", Unique.NO);
        Crowd.Node plain = client("198.51.100.1", "plain", List.of());
        crowd.run(3);
        assertTrue(
                plain.events(Event.Failed.class)
                        .anyMatch(e -> e.failure().toString().contains("FAILED_CP_REQUIRED")));
        assertTrue(gate.backend.active("Tunnel1").isEmpty());
        assertEquals(0, pools.online("lent"));
    }

    @Test
    void uniqueReplacesAnEarlierSaOfTheSameIdentityAndNoLeavesIt() {
        for (Unique unique : List.of(Unique.REPLACE, Unique.NEVER)) {
            RoadWarriorTest world = new RoadWarriorTest();
            Crowd.Node gate = world.gateway("10.3.0.0/24", unique);
            world.client("198.51.100.1", "alice", List.of(IpAddress.ANY4));
            world.crowd.run(3);
            world.client("198.51.100.2", "alice", List.of(IpAddress.ANY4));
            world.crowd.run(30);
            // with REPLACE the first client comes again, and takes the place back in its turn
            assertEquals(unique == Unique.NEVER ? 2 : 1, gate.ikeSas(), unique.toString());
        }
    }

    @Test
    void uniqueKeepRefusesTheSecondFromElsewhere() {
        Crowd.Node gate = gateway("10.3.0.0/24", Unique.KEEP);
        Crowd.Node first = client("198.51.100.1", "alice", List.of(IpAddress.ANY4));
        crowd.run(3);
        Crowd.Node second = client("198.51.100.2", "alice", List.of(IpAddress.ANY4));
        crowd.run(3);
        assertEquals(1, gate.ikeSas());
        assertEquals(1, first.ikeSas());
        assertEquals(0, second.ikeSas());
        assertTrue(
                second.events(Event.Failed.class)
                        .anyMatch(e -> e.failure().toString().contains("AUTHENTICATION_FAILED")));
    }
}
