package io.sallyport.daemon.demo;

import io.sallyport.base.net.InsideAddress;
import io.sallyport.base.net.IpAddress;
import io.sallyport.base.net.IpPrefix;
import io.sallyport.drivers.filter.ClearFilter;
import io.sallyport.drivers.netns.NetworkNamespace;
import io.sallyport.drivers.route.LinuxNetwork;
import io.sallyport.drivers.route.Route;
import io.sallyport.drivers.route.Sysctl;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// Where the demonstration plays: six network namespaces, joined by virtual cables.
///
/// ```text
///  lan            customer             internet              endpoint1         vpc
///  10.77.0.10 --- 10.77.0.1
///                 192.0.2.34 --------- 192.0.2.33
///                                      198.51.100.1 -------- 198.51.100.155
///                                                            10.20.1.1 ------- 10.20.1.2
///                                                                              10.20.0.10 (lo)
///                                                            10.20.2.1 ------- 10.20.2.2
///                                      203.0.113.1 --------- 203.0.113.12
///                                                            endpoint2
/// ```
final class Stage implements AutoCloseable {
    static final IpAddress LAN_HOST = IpAddress.of("10.77.0.10");
    static final IpAddress CUSTOMER = IpAddress.of("192.0.2.34");
    static final IpAddress ENDPOINT_1 = IpAddress.of("198.51.100.155");
    static final IpAddress ENDPOINT_2 = IpAddress.of("203.0.113.12");
    static final IpAddress INSIDE_1 = IpAddress.of("169.254.23.5");
    static final IpAddress INSIDE_2 = IpAddress.of("169.254.22.73");
    static final IpAddress VPC_HOST = IpAddress.of("10.20.0.10");
    static final IpPrefix LAN = IpPrefix.of("10.77.0.0/24");
    static final IpPrefix VPC = IpPrefix.of("10.20.0.0/16");

    final NetworkNamespace lan;
    final NetworkNamespace customer;
    final NetworkNamespace internet;
    final NetworkNamespace endpoint1;
    final NetworkNamespace endpoint2;
    final NetworkNamespace vpc;
    private final List<NetworkNamespace> all = new ArrayList<>();

    /// Builds it all.
    ///
    /// @throws IOException with advice, e.g. without the right to make a namespace
    Stage() throws IOException {
        try {
            lan = made("lan");
            customer = made("customer");
            internet = made("internet");
            endpoint1 = made("endpoint1");
            endpoint2 = made("endpoint2");
            vpc = made("vpc");
            cables();
            routes();
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    private NetworkNamespace made(String name) throws IOException {
        NetworkNamespace namespace = NetworkNamespace.create("sallyport-demo-" + name);
        all.add(namespace);
        in(namespace, network -> network.links().up("lo"));
        return namespace;
    }

    private void cables() throws IOException {
        cable(lan, "out", "10.77.0.10/24", customer, "lan", "10.77.0.1/24");
        cable(customer, "out", "192.0.2.34/30", internet, "customer", "192.0.2.33/30");
        cable(endpoint1, "out", "198.51.100.155/24", internet, "endpoint1", "198.51.100.1/24");
        cable(endpoint2, "out", "203.0.113.12/24", internet, "endpoint2", "203.0.113.1/24");
        cable(endpoint1, "vpc", "10.20.1.1/30", vpc, "endpoint1", "10.20.1.2/30");
        cable(endpoint2, "vpc", "10.20.2.1/30", vpc, "endpoint2", "10.20.2.2/30");
    }

    private void routes() throws IOException {
        defaultRoute(lan, "10.77.0.1");
        defaultRoute(customer, "192.0.2.33");
        defaultRoute(endpoint1, "198.51.100.1");
        defaultRoute(endpoint2, "203.0.113.1");
        internet.call(() -> {
            Sysctl.write(Sysctl.IP_FORWARD, "1");
            return true;
        });
        in(vpc, network -> network.addresses().add("lo", new InsideAddress(VPC_HOST, 32)));
        for (NetworkNamespace endpoint : List.of(endpoint1, endpoint2)) {
            in(
                    endpoint,
                    network -> {
                        // The VPC's own routes, as its router has them: not of Sallyport's making.
                        network.routes()
                                .add(foreign(Route.through("vpc", IpPrefix.host(VPC_HOST))));
                    });
        }
        vpcRoute("endpoint1", "10.20.1.1", 100);
        vpcRoute("endpoint2", "10.20.2.1", 200);
    }

    /// The VPC host's way to the customer's network through one endpoint.
    private void vpcRoute(String link, String via, int metric) throws IOException {
        in(
                vpc,
                network ->
                        network.routes()
                                .add(
                                        foreign(
                                                Route.via(IpAddress.of(via), LAN)
                                                        .onLink(link)
                                                        .from(VPC_HOST)
                                                        .metric(metric))));
    }

    private static Route foreign(Route route) {
        return new Route(
                route.destination(),
                route.type(),
                route.link(),
                route.via(),
                route.source(),
                route.table(),
                route.metric(),
                4 /* RTPROT_STATIC */);
    }

    /// The VPC loses endpoint 1: link and route go.
    void cutVpcFromEndpoint1() throws IOException {
        in(vpc, network -> network.links().down("endpoint1"));
    }

    void joinVpcToEndpoint1() throws IOException {
        in(vpc, network -> network.links().up("endpoint1"));
        vpcRoute("endpoint1", "10.20.1.1", 100);
    }

    private void defaultRoute(NetworkNamespace namespace, String via) throws IOException {
        in(
                namespace,
                network ->
                        network.routes().add(foreign(Route.via(IpAddress.of(via), IpPrefix.ALL4))));
    }

    private static void cable(
            NetworkNamespace here,
            String name,
            String address,
            NetworkNamespace there,
            String peer,
            String peerAddress)
            throws IOException {
        in(here, network -> network.links().addVeth(name, peer, there.fd()));
        plug(here, name, address);
        plug(there, peer, peerAddress);
    }

    private static void plug(NetworkNamespace namespace, String link, String address)
            throws IOException {
        in(
                namespace,
                network -> {
                    // No router advertisements, no neighbour solicitations: the capture counts
                    // what crosses, and IPv6 is not played here.
                    Sysctl.write(Sysctl.ipv6(link, "disable_ipv6"), "1");
                    network.addresses().add(link, InsideAddress.parse(address).orElseThrow());
                    network.links().up(link);
                });
    }

    /// What is done to a namespace's network.
    interface Work {
        void on(LinuxNetwork network) throws IOException;
    }

    static void in(NetworkNamespace namespace, Work work) throws IOException {
        namespace.call(() -> {
            try (LinuxNetwork network = LinuxNetwork.open()) {
                work.on(network);
            }
            return true;
        });
    }

    /// Everything that is there, as text: equal texts before and after mean nothing was left.
    static String inventory(NetworkNamespace namespace) throws IOException {
        return namespace.call(() -> {
            try (LinuxNetwork network = LinuxNetwork.open();
                    ClearFilter filter = ClearFilter.ifPossible().orElse(null)) {
                StringBuilder all = new StringBuilder();
                network.links().list().forEach(l -> all.append(l.name()).append('\n'));
                network.addresses().list().forEach(a -> all.append(a).append('\n'));
                network.routes().list(false).forEach(r -> all.append(r).append('\n'));
                network.rules().list().forEach(r -> all.append(r).append('\n'));
                all.append("ip_forward ").append(Sysctl.read(Sysctl.IP_FORWARD));
                all.append(" wall ").append(filter != null && filter.isThere());
                return all.toString();
            }
        });
    }

    List<NetworkNamespace> all() {
        return List.copyOf(all);
    }

    @Override
    public void close() {
        all.forEach(NetworkNamespace::close);
    }
}
