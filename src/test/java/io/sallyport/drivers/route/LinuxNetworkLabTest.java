package io.sallyport.drivers.route;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.base.net.InsideAddress;
import io.sallyport.base.net.IpAddress;
import io.sallyport.base.net.IpPrefix;
import io.sallyport.drivers.netlink.NetlinkException;
import io.sallyport.drivers.netns.NetworkNamespace;
import io.sallyport.ffi.linux.Errno;
import io.sallyport.testkit.Await;
import io.sallyport.testkit.TwoHosts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("lab")
class LinuxNetworkLabTest {
    private interface Work {
        void with(LinuxNetwork network) throws Exception;
    }

    private NetworkNamespace host;

    @BeforeEach
    void makeHost() throws IOException {
        host = TwoHosts.loneHost("drivers-route");
        with(network -> {
            // No link-local addresses: the kernel would make them some time after the link is up.
            Sysctl.write(Sysctl.ipv6("default", "addr_gen_mode"), "1");
            network.links().addVeth("d0", "e0");
            network.links().up("e0");
            network.links().up("d0");
            network.addresses().add("d0", inside("10.2.0.1/24"));
            network.addresses().add("d0", inside("fd02::1/64"));
            Await.until("IPv6 on both ends", () -> ipv6IsReady(network));
        });
    }

    @AfterEach
    void removeHost() {
        if (host != null) {
            host.close();
        }
    }

    private void with(Work work) throws IOException {
        host.call(() -> {
            try (LinuxNetwork network = LinuxNetwork.open()) {
                work.with(network);
            }
            return null;
        });
    }

    private static boolean ipv6IsReady(LinuxNetwork network) {
        try {
            List<String> made =
                    network.routes().list(true).stream().map(LinuxNetworkLabTest::key).toList();
            return made.stream().filter(r -> r.startsWith("ff00::/8")).count() == 2
                    && made.stream().anyMatch(r -> r.startsWith("fd02::1/128 LOCAL"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static InsideAddress inside(String text) {
        return InsideAddress.parse(text).orElseThrow();
    }

    private static IpPrefix prefix(String text) {
        return IpPrefix.of(text);
    }

    private static List<String> everything(LinuxNetwork network) throws IOException {
        List<String> all = new ArrayList<>();
        network.links().list().forEach(l -> all.add(l.toString()));
        network.addresses().list().forEach(a -> all.add(a.toString()));
        network.routes().list(false).forEach(r -> all.add(r + " proto " + r.protocol()));
        network.routes().list(true).forEach(r -> all.add(r + " proto " + r.protocol()));
        network.rules().list().forEach(r -> all.add(r.toString()));
        all.sort(null);
        return all;
    }

    /// S3: what we put into the system is removed again.
    @Test
    void afterRemovalAllIsAsBefore() throws IOException {
        with(network -> {
            List<String> before = everything(network);
            List<Route> routes =
                    List.of(
                            Route.through("d0", prefix("192.168.0.0/16")).metric(100),
                            Route.through("d0", prefix("192.168.0.0/16")).metric(200),
                            Route.via(IpAddress.of("10.2.0.9"), prefix("172.16.0.0/12"))
                                    .inTable(220),
                            Route.through("d0", prefix("10.77.0.0/16"))
                                    .from(IpAddress.of("10.2.0.1")),
                            Route.blackhole(prefix("10.66.0.0/16")).metric(4000),
                            Route.unreachable(prefix("10.67.0.0/16")),
                            Route.through("d0", prefix("fd77::/32")).metric(77),
                            Route.via(IpAddress.of("fd02::9"), prefix("fd78::/32")).metric(78),
                            Route.blackhole(prefix("fd66::/32")).metric(66));
            List<Rule> rules =
                    List.of(
                            Rule.notMarked(false, 220, 0x5a, 220),
                            Rule.marked(false, 221, 0x5b, 221),
                            Rule.all(true, 222, 222));
            for (Route route : routes) {
                network.routes().add(route);
            }
            for (Rule rule : rules) {
                network.rules().add(rule);
            }
            assertEquals(Set.copyOf(rules), Set.copyOf(network.rules().listBy(Route.OURS)));
            assertEquals(
                    routes.stream().map(LinuxNetworkLabTest::key).collect(Collectors.toSet()),
                    network.routes().listBy(Route.OURS).stream()
                            .map(LinuxNetworkLabTest::key)
                            .collect(Collectors.toSet()));
            for (Route route : routes) {
                assertTrue(network.routes().delete(route), route.toString());
                assertFalse(network.routes().delete(route), route + " a second time");
            }
            for (Rule rule : rules) {
                assertTrue(network.rules().delete(rule), rule.toString());
                assertFalse(network.rules().delete(rule), rule + " a second time");
            }
            assertEquals(before, everything(network));
        });
    }

    /// The kernel fills in the link of a next hop, and lo for IPv6 rejects.
    private static String key(Route r) {
        return r.destination()
                + " "
                + r.type()
                + " "
                + r.via()
                + " "
                + r.source()
                + " "
                + r.table()
                + " "
                + r.metric();
    }

    /// After `kill -9` the next start finds what the last one left: by protocol, without any file.
    @Test
    void whatALostProcessLeftIsFoundByItsProtocolAndRemoved() throws IOException {
        with(network -> {
            List<String> before = everything(network);
            network.routes().add(Route.through("d0", prefix("192.168.0.0/16")).metric(100));
            network.routes().add(Route.blackhole(prefix("fd66::/32")).inTable(220));
            network.rules().add(Rule.notMarked(true, 220, 0x5a, 220));
        });
        with(network -> {
            for (Route route : network.routes().listBy(Route.OURS)) {
                assertTrue(network.routes().delete(route), route.toString());
            }
            for (Rule rule : network.rules().listBy(Route.OURS)) {
                assertTrue(network.rules().delete(rule), rule.toString());
            }
            assertEquals(List.of(), network.routes().listBy(Route.OURS));
            assertEquals(List.of(), network.rules().listBy(Route.OURS));
        });
    }

    @Test
    void aRouteTwiceIsRefusedAndReplacedWhenAsked() throws IOException {
        with(network -> {
            Route first = Route.through("d0", prefix("192.168.0.0/16")).metric(100);
            network.routes().add(first);
            NetlinkException e =
                    assertThrows(NetlinkException.class, () -> network.routes().add(first));
            assertTrue(e.is(Errno.EEXIST));
            assertEquals(
                    "add route 192.168.0.0/16 dev d0 metric 100: EEXIST (File exists)",
                    e.getMessage());
            network.routes()
                    .replace(Route.via(IpAddress.of("10.2.0.9"), first.destination()).metric(100));
            List<Route> now = network.routes().listBy(Route.OURS);
            assertEquals(1, now.size());
            assertEquals(IpAddress.of("10.2.0.9"), now.getFirst().via());
        });
    }

    @Test
    void theKernelsOwnSentenceIsInTheError() throws IOException {
        with(network -> {
            Route nowhere = Route.via(IpAddress.of("203.0.113.1"), prefix("192.168.0.0/16"));
            NetlinkException e =
                    assertThrows(NetlinkException.class, () -> network.routes().add(nowhere));
            assertEquals("Nexthop has invalid gateway", e.kernelText());
            assertEquals(
                    "add route 192.168.0.0/16 via 203.0.113.1: ENETUNREACH (Network is unreachable):"
                            + " Nexthop has invalid gateway",
                    e.getMessage());
        });
    }

    @Test
    void aBlackholeSwallowsWhereTheTunnelWas() throws IOException {
        with(network -> {
            IpAddress there = IpAddress.of("192.168.7.7");
            network.routes().add(Route.blackhole(prefix("192.168.0.0/16")).metric(4000));
            assertEquals(Optional.empty(), network.sourceFor(there));
            try (DatagramSocket socket = new DatagramSocket(new InetSocketAddress("10.2.0.1", 0))) {
                DatagramPacket packet =
                        new DatagramPacket(new byte[1], 1, InetAddress.getByName("192.168.7.7"), 9);
                assertThrows(IOException.class, () -> socket.send(packet));
                network.routes().add(Route.through("d0", prefix("192.168.0.0/16")).metric(100));
                socket.send(packet);
            }
            assertEquals(Optional.of(IpAddress.of("10.2.0.1")), network.sourceFor(there));
        });
    }

    @Test
    void sourceAndInterfaceFollowRoutesAndMarks() throws IOException {
        with(network -> {
            network.links().addVeth("d1", "e1");
            network.links().up("e1");
            network.links().up("d1");
            network.addresses().add("d1", inside("10.3.0.1/24"));
            network.routes().add(Route.via(IpAddress.of("10.2.0.254"), IpPrefix.ALL4).metric(10));
            network.routes().add(Route.via(IpAddress.of("fd02::fe"), IpPrefix.ALL6).metric(10));
            network.routes().add(Route.through("d1", IpPrefix.ALL4).inTable(220));
            network.rules().add(Rule.notMarked(false, 220, 0x5a, 220));
            IpAddress out = IpAddress.of("198.51.100.1");
            assertEquals(Optional.of("d1"), network.interfaceFor(out, 0));
            assertEquals(Optional.of(IpAddress.of("10.3.0.1")), network.sourceFor(out));
            assertEquals(Optional.of("d0"), network.interfaceFor(out, 0x5a));
            assertEquals(Optional.of(IpAddress.of("10.2.0.1")), network.sourceFor(out, 0x5a));
            assertEquals(
                    Optional.of(IpAddress.of("fd02::1")),
                    network.sourceFor(IpAddress.of("fd99::1")));
            Route route = network.defaultRoute(false).orElseThrow();
            assertEquals("d0", route.link());
            assertEquals(IpAddress.of("10.2.0.254"), route.via());
            assertEquals(IpAddress.of("fd02::fe"), network.defaultRoute(true).orElseThrow().via());
        });
    }

    @Test
    void addressesWithAPeerAreAsIpAddrAddRemoteMakesThem() throws IOException {
        with(network -> {
            List<String> before = everything(network);
            InsideAddress ours = inside("169.254.23.6/30");
            network.addresses().add("d0", ours, IpAddress.of("169.254.23.5"));
            LinkAddress added =
                    network.addresses().list("d0").stream()
                            .filter(a -> a.address().equals(ours))
                            .findFirst()
                            .orElseThrow();
            assertTrue(added.hasPeer());
            assertEquals(IpAddress.of("169.254.23.5"), added.peer());
            assertEquals(Optional.of("d0"), network.interfaceFor(IpAddress.of("169.254.23.5"), 0));
            network.addresses().delete("d0", ours, IpAddress.of("169.254.23.5"));
            assertEquals(before, everything(network));
        });
    }

    @Test
    void linksAreMadeSetBridgedMovedAndDeleted() throws IOException {
        try (NetworkNamespace other = TwoHosts.loneHost("drivers-other")) {
            with(network -> {
                Links links = network.links();
                links.addVeth("va", "vb");
                links.addBridge("br");
                links.enslave("va", "br");
                links.mtu("vb", 1300);
                links.up("vb");
                assertEquals(links.index("br"), links.find("va").orElseThrow().master());
                Link vb = links.find("vb").orElseThrow();
                assertEquals("veth", vb.kind());
                assertEquals(1300, vb.mtu());
                assertTrue(vb.up());
                assertEquals("vb", links.name(vb.index()));
                links.down("vb");
                assertFalse(links.find("vb").orElseThrow().up());
                links.move("vb", other.fd());
                assertTrue(links.find("vb").isEmpty());
                assertEquals("", links.name(99_999));
            });
            other.call(() -> {
                try (LinuxNetwork network = LinuxNetwork.open()) {
                    assertEquals("veth", network.links().find("vb").orElseThrow().kind());
                }
                return null;
            });
            with(network -> {
                network.links().delete("va");
                NetlinkException e =
                        assertThrows(NetlinkException.class, () -> network.links().up("va"));
                assertEquals("find link va: ENODEV (No such device)", e.getMessage());
            });
        }
    }

    @Test
    void manyRoutesFitIntoADumpOfSeveralDatagrams() throws IOException {
        with(network -> {
            for (int i = 0; i < 2000; i++) {
                network.routes()
                        .add(Route.through("d0", IpPrefix.host(IpAddress.v4(0x0b000000 + i))));
            }
            assertEquals(2000, network.routes().listBy(Route.OURS).size());
        });
    }

    @Test
    void settingsAreThoseOfTheNamespace() throws IOException {
        host.call(() -> {
            Sysctl.write(Sysctl.IP_FORWARD, "1");
            Sysctl.write(Sysctl.ipv4("d0", "rp_filter"), "2");
            Sysctl.write(Sysctl.ipv4("d0", "disable_policy"), "1");
            assertEquals(Optional.of("1"), Sysctl.read(Sysctl.IP_FORWARD));
            assertEquals(Optional.of("2"), Sysctl.read(Sysctl.ipv4("d0", "rp_filter")));
            assertEquals(Optional.empty(), Sysctl.read(Sysctl.ipv4("d9", "rp_filter")));
            return null;
        });
        try (NetworkNamespace fresh = NetworkNamespace.create("drivers-fresh")) {
            assertEquals(
                    Optional.empty(),
                    fresh.call(() -> Sysctl.read(Sysctl.ipv4("d0", "rp_filter"))));
            fresh.call(() -> {
                Sysctl.write(Sysctl.IP_FORWARD, "0");
                return null;
            });
        }
        assertEquals(Optional.of("1"), host.call(() -> Sysctl.read(Sysctl.IP_FORWARD)));
        IllegalArgumentException e =
                assertThrows(
                        IllegalArgumentException.class, () -> Sysctl.write("../kernel/panic", "1"));
        assertEquals("no setting below /proc/sys/net: ../kernel/panic", e.getMessage());
        IOException refused =
                assertThrows(
                        IOException.class,
                        () ->
                                host.call(() -> {
                                    Sysctl.write(Sysctl.IP_FORWARD, "nonsense");
                                    return null;
                                }));
        assertTrue(
                String.valueOf(refused.getMessage())
                        .startsWith("write nonsense to /proc/sys/net/ipv4/ip_forward: "),
                refused.getMessage());
    }
}
