package io.sallyport.daemon.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.base.net.InsideAddress;
import io.sallyport.base.net.IpAddress;
import io.sallyport.base.net.IpPrefix;
import io.sallyport.base.net.TrafficSelector;
import io.sallyport.crypto.suite.Cipher;
import io.sallyport.crypto.suite.Encryption;
import io.sallyport.crypto.suite.EspProposal;
import io.sallyport.crypto.suite.Group;
import io.sallyport.crypto.suite.IkeProposal;
import io.sallyport.crypto.suite.Integrity;
import io.sallyport.crypto.suite.Prf;
import io.sallyport.model.sa.Owner;
import io.sallyport.model.spec.Actions;
import io.sallyport.model.spec.AddressSpec;
import io.sallyport.model.spec.ChildSpec;
import io.sallyport.model.spec.ConnectionSpec;
import io.sallyport.model.spec.DpdSpec;
import io.sallyport.model.spec.Identity;
import io.sallyport.model.spec.IkeSpec;
import io.sallyport.model.spec.IkeVersion;
import io.sallyport.model.spec.LifetimeSpec;
import io.sallyport.model.spec.LinkSpec;
import io.sallyport.model.spec.Mode;
import io.sallyport.model.spec.Origin;
import io.sallyport.model.spec.PeerSpec;
import io.sallyport.model.spec.RouteSpec;
import io.sallyport.model.spec.SelectorPair;
import io.sallyport.model.spec.VpnSpec;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class HostPlannerTest {
    private static final IpPrefix VPC = IpPrefix.of("192.168.1.0/24");
    private static final EspProposal ESP =
            new EspProposal(
                    List.of(Cipher.of(Encryption.AES_CBC, 128)),
                    List.of(Integrity.HMAC_SHA1_96),
                    List.of(Group.MODP_1024),
                    false);

    private static ConnectionSpec connection(
            String name, String peer, LinkSpec link, Actions.Start start, SelectorPair selectors) {
        IkeSpec ike =
                new IkeSpec(
                        IkeVersion.IKEV1,
                        List.of(
                                new IkeProposal(
                                        List.of(Cipher.of(Encryption.AES_CBC, 128)),
                                        List.of(Integrity.HMAC_SHA1_96),
                                        List.of(Prf.HMAC_SHA1),
                                        List.of(Group.MODP_1024))),
                        LifetimeSpec.ofTime(Duration.ofHours(8), Duration.ofMinutes(9), 100),
                        DpdSpec.OFF,
                        0,
                        false,
                        false);
        ChildSpec child =
                new ChildSpec(
                        name,
                        Mode.TUNNEL,
                        List.of(ESP),
                        selectors,
                        LifetimeSpec.ofTime(Duration.ofHours(1), Duration.ofMinutes(9), 100),
                        new Actions(start, Actions.Close.NONE, Actions.Dpd.RESTART),
                        link,
                        1024);
        return new ConnectionSpec(
                name,
                PeerSpec.psk(new AddressSpec.DefaultRoute(), Identity.ANY),
                PeerSpec.psk(new AddressSpec.Fixed(IpAddress.of(peer)), Identity.ANY),
                ike,
                List.of(child),
                Origin.NONE);
    }

    private static SelectorPair selectors(String local, String remote) {
        return new SelectorPair(
                List.of(TrafficSelector.of(IpPrefix.of(local))),
                List.of(TrafficSelector.of(IpPrefix.of(remote))));
    }

    private static ConnectionSpec tunnel(String name, String peer, int metric) {
        return connection(
                name,
                peer,
                new LinkSpec.Tunnel(
                        name,
                        List.of(InsideAddress.parse("169.254.23.6/30").orElseThrow()),
                        List.of(InsideAddress.parse("169.254.23.5/30").orElseThrow()),
                        1419,
                        metric,
                        List.of(new RouteSpec(VPC, metric))),
                Actions.Start.START,
                selectors("0.0.0.0/0", "0.0.0.0/0"));
    }

    private static VpnSpec vpn(ConnectionSpec... connections) {
        return new VpnSpec(Arrays.asList(connections), List.of());
    }

    private static HostPlan plan(VpnSpec vpn, Map<Owner, SelectorPair> up, String... ours) {
        return HostPlanner.plan(
                vpn,
                Set.of(),
                up,
                Arrays.stream(ours).map(a -> InsideAddress.parse(a).orElseThrow()).toList(),
                1500);
    }

    private static List<String> lines(HostPlan plan) {
        return plan.routes().stream().map(RouteWish::toString).toList();
    }

    /// Of the TUN's own network: without it, what is for the other end inside leaves by the default
    /// route when the TUN is gone.
    private static final String ENDS = "blackhole 169.254.23.4/30 metric 4294967295";

    private static final String GUARD = "blackhole 192.168.1.0/24 metric 4294967295";

    @Test
    void s3_33_routesComeWithTheChildAndTheGuardStandsAlone() {
        VpnSpec both =
                vpn(tunnel("Tunnel1", "52.50.67.155", 100), tunnel("Tunnel2", "54.77.23.12", 200));
        SelectorPair any = selectors("0.0.0.0/0", "0.0.0.0/0");
        Owner one = new Owner("Tunnel1", "Tunnel1", "Tunnel1");
        Owner two = new Owner("Tunnel2", "Tunnel2", "Tunnel2");

        assertEquals(List.of(GUARD, ENDS), lines(plan(both, Map.of())));
        assertEquals(
                List.of(GUARD, ENDS, "192.168.1.0/24 dev Tunnel1 metric 100"),
                lines(plan(both, Map.of(one, any))));
        assertEquals(
                List.of(
                        GUARD,
                        ENDS,
                        "192.168.1.0/24 dev Tunnel1 metric 100",
                        "192.168.1.0/24 dev Tunnel2 metric 200"),
                lines(plan(both, Map.of(one, any, two, any))));
        // S3-53: the first is gone, the second carries on
        assertEquals(
                List.of(GUARD, ENDS, "192.168.1.0/24 dev Tunnel2 metric 200"),
                lines(plan(both, Map.of(two, any))));
    }

    @Test
    void routeBasedSelectorsOfEverythingPutNoDefaultRoute() {
        HostPlan plan = plan(vpn(tunnel("Tunnel1", "52.50.67.155", 100)), Map.of());
        assertFalse(plan.rule4());
        assertTrue(plan.forward4());
        assertFalse(plan.forward6());
        assertTrue(plan.routes().stream().noneMatch(r -> r.destination().length() == 0));
    }

    /// What passes or drops stands until a person takes it away: then it is not in the wall either.
    @Test
    void aLiftedPolicyLeavesTheWall() {
        for (Mode mode : List.of(Mode.PASS, Mode.DROP)) {
            ConnectionSpec shunt =
                    connection(
                            "shunt",
                            "52.50.67.155",
                            new LinkSpec.Shared(),
                            Actions.Start.NONE,
                            selectors("10.1.0.0/16", "10.2.0.0/16"));
            ChildSpec child = shunt.children().getFirst();
            ChildSpec way =
                    new ChildSpec(
                            child.name(),
                            mode,
                            child.proposals(),
                            child.selectors(),
                            child.lifetime(),
                            child.actions(),
                            child.link(),
                            1024);
            VpnSpec vpn =
                    vpn(
                            new ConnectionSpec(
                                    shunt.name(),
                                    shunt.local(),
                                    shunt.remote(),
                                    shunt.ike(),
                                    List.of(way),
                                    Origin.NONE));
            assertFalse(lifted(vpn, Set.of()).wall().terms().isEmpty(), mode::toString);
            Set<Owner> all = Set.of(HostPlanner.owner(shunt, way));
            assertEquals(List.of(), lifted(vpn, all).wall().terms(), mode::toString);
        }
    }

    private static HostPlan lifted(VpnSpec vpn, Set<Owner> lifted) {
        return HostPlanner.plan(vpn, Set.of(), lifted, Map.of(), Map.of(), List.of(), 1500);
    }

    @Test
    void aStoppedConnectionLeavesNothing() {
        HostPlan plan =
                HostPlanner.plan(
                        vpn(tunnel("Tunnel1", "52.50.67.155", 100)),
                        Set.of("Tunnel1"),
                        Map.of(),
                        List.of(),
                        1500);
        assertEquals(HostPlan.EMPTY, plan);
    }

    @Test
    void policyBasedChildrenShareOneTunWithRoutesInTable220() {
        HostPlan plan =
                plan(
                        vpn(
                                connection(
                                        "net",
                                        "203.0.113.9",
                                        new LinkSpec.Shared(),
                                        Actions.Start.START,
                                        selectors("10.1.0.0/16", "10.2.0.0/16"))),
                        Map.of(),
                        "198.51.100.7/24",
                        "10.1.0.1/24");
        assertEquals(
                List.of(
                        "blackhole 10.2.0.0/16 table 220 metric 4294967295",
                        "10.2.0.0/16 dev sallyport0 table 220 src 10.1.0.1 metric 220"),
                lines(plan));
        assertTrue(plan.rule4());
        assertFalse(plan.rule6());
        assertEquals(
                List.of(new LinkWish("sallyport0", List.of(), List.of(), 1422, false)),
                plan.links());
        assertEquals(List.of(), plan.peersInside());
    }

    /// Or the kernel would be given a new one with each peer that comes or goes.
    @Test
    void theWallIsThatOfTheConfigurationWhateverIsUp() {
        ConnectionSpec net =
                connection(
                        "net",
                        "203.0.113.9",
                        new LinkSpec.Shared(),
                        Actions.Start.START,
                        selectors("10.1.0.0/16", "10.2.0.0/16"));
        HostPlan waiting = plan(vpn(net), Map.of());
        Owner owner = HostPlanner.owner(net, net.children().getFirst());
        HostPlan up = plan(vpn(net), Map.of(owner, selectors("10.1.0.0/24", "10.2.3.0/24")));
        assertFalse(waiting.wall().isNone());
        assertEquals(waiting.wall(), up.wall());
    }

    @Test
    void aResponderThatWaitsHasAGuardButNoRouteUntilItIsUp() {
        ConnectionSpec waiting =
                connection(
                        "net",
                        "203.0.113.9",
                        new LinkSpec.Shared(),
                        Actions.Start.NONE,
                        selectors("10.1.0.1/32", "10.2.0.0/16"));
        assertEquals(
                List.of("blackhole 10.2.0.0/16 table 220 metric 4294967295"),
                lines(plan(vpn(waiting), Map.of())));
        assertEquals(
                2,
                plan(
                                vpn(waiting),
                                Map.of(
                                        new Owner("net", "net", ""),
                                        selectors("10.1.0.1/32", "10.2.0.0/16")))
                        .routes()
                        .size());
        assertFalse(plan(vpn(waiting), Map.of()).forward4(), "a host needs no forwarding");
    }

    @Test
    void everythingInAPolicyTunnelKeepsOurOwnNetworkInClear() {
        HostPlan plan =
                plan(
                        vpn(
                                connection(
                                        "all",
                                        "203.0.113.9",
                                        new LinkSpec.Shared(),
                                        Actions.Start.START,
                                        selectors("10.1.0.0/16", "0.0.0.0/0"))),
                        Map.of());
        assertEquals(
                List.of(
                        "blackhole 0.0.0.0/0 table 220 metric 4294967295",
                        "throw 10.1.0.0/16 table 220 metric 0",
                        "0.0.0.0/0 dev sallyport0 table 220 metric 220"),
                lines(plan));
        assertEquals(List.of(IpAddress.of("203.0.113.9")), plan.peersInside());
    }

    @Test
    void twoTunnelsWithOneMetricAreAFinding() {
        VpnSpec both =
                vpn(tunnel("Tunnel1", "52.50.67.155", 100), tunnel("Tunnel2", "54.77.23.12", 100));
        SelectorPair any = selectors("0.0.0.0/0", "0.0.0.0/0");
        HostPlan plan =
                plan(
                        both,
                        Map.of(
                                new Owner("Tunnel1", "Tunnel1", "Tunnel1"),
                                any,
                                new Owner("Tunnel2", "Tunnel2", "Tunnel2"),
                                any));
        assertEquals(
                List.of(
                        "the route to 192.168.1.0/24 with metric 100 leads through Tunnel1"
                                + " already; Tunnel2 gets none (give it another metric)"),
                plan.findings());
        // two guards: of the network, and of the other ends inside; one way
        assertEquals(3, plan.routes().size());
    }

    @Test
    void s3_32_mtuIsWhatAwsPublishes() {
        Cipher gcm = Cipher.of(Encryption.AES_GCM_16, 128);
        Cipher cbc = Cipher.of(Encryption.AES_CBC, 128);
        assertEquals(1446, TunnelMtu.of(gcm, 16, 1500, false, false));
        assertEquals(1438, TunnelMtu.of(gcm, 16, 1500, false, true));
        assertEquals(1438, TunnelMtu.of(cbc, 12, 1500, false, false));
        assertEquals(1422, TunnelMtu.of(cbc, 12, 1500, false, true));
        assertEquals(1438, TunnelMtu.of(cbc, 16, 1500, false, false));
        assertEquals(1422, TunnelMtu.of(cbc, 24, 1500, false, false));
        assertEquals(1422, TunnelMtu.of(cbc, 32, 1500, false, false));
        assertEquals(1406, TunnelMtu.of(cbc, 32, 1500, false, true));
        assertEquals(1422, TunnelMtu.of(List.of(ESP), 1500, false));
    }

    /// S1-09: in transport mode the peer's own address is routed into the TUN, from ours; guarded,
    /// there before the SA is, and its packets are not cut in front of the TUN.
    @Test
    void transportModeRoutesThePeerItself() {
        ConnectionSpec c =
                connection(
                        "host",
                        "192.0.2.2",
                        new LinkSpec.Shared(),
                        Actions.Start.NONE,
                        new SelectorPair(List.of(), List.of()));
        ChildSpec tunnel = c.children().getFirst();
        ChildSpec transport =
                new ChildSpec(
                        tunnel.name(),
                        Mode.TRANSPORT,
                        tunnel.proposals(),
                        tunnel.selectors(),
                        tunnel.lifetime(),
                        tunnel.actions(),
                        tunnel.link(),
                        32);
        ConnectionSpec host =
                new ConnectionSpec(
                        "host",
                        PeerSpec.psk(
                                new AddressSpec.Fixed(IpAddress.of("192.0.2.1")), Identity.ANY),
                        c.remote(),
                        c.ike(),
                        List.of(transport),
                        Origin.NONE);
        HostPlan plan =
                HostPlanner.plan(
                        vpn(host),
                        Set.of(),
                        Map.of(),
                        List.of(InsideAddress.parse("192.0.2.1/24").orElseThrow()),
                        1500);
        IpPrefix peer = IpPrefix.of("192.0.2.2/32");
        assertEquals(
                List.of(
                        RouteWish.guard(peer, HostPlan.TABLE),
                        new RouteWish(
                                RouteWish.Kind.UNICAST,
                                peer,
                                HostPlan.TABLE,
                                HostPlan.SHARED,
                                220,
                                IpAddress.of("192.0.2.1"))),
                plan.routes());
        assertEquals(List.of(IpAddress.of("192.0.2.2")), plan.peersInside());
        assertEquals(9000, plan.links().getFirst().mtu());
        assertFalse(plan.forward4());
    }
}
