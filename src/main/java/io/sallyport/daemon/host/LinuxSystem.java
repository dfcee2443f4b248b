package io.sallyport.daemon.host;

import io.sallyport.base.net.InsideAddress;
import io.sallyport.base.net.IpAddress;
import io.sallyport.base.net.IpPrefix;
import io.sallyport.drivers.filter.ClearFilter;
import io.sallyport.drivers.filter.NoFilterException;
import io.sallyport.drivers.filter.Wall;
import io.sallyport.drivers.route.Link;
import io.sallyport.drivers.route.LinkAddress;
import io.sallyport.drivers.route.LinuxNetwork;
import io.sallyport.drivers.route.Route;
import io.sallyport.drivers.route.Rule;
import io.sallyport.drivers.route.Sysctl;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Linux, in the network namespace of the thread that made it; the settings are those of the
/// calling thread's namespace, which must be the same. One thread at a time.
public final class LinuxSystem implements HostSystem, AutoCloseable {
    /// Loopback and what is of one link only.
    private static final List<IpPrefix> HERE_ONLY =
            List.of(
                    IpPrefix.of("127.0.0.0/8"),
                    IpPrefix.of("169.254.0.0/16"),
                    IpPrefix.of("::1/128"),
                    IpPrefix.of("fe80::/10"));

    private final LinuxNetwork network;
    private final TunOpener opener;
    private final boolean filtered;
    private final @Nullable ClearFilter filter;
    private final Set<String> ours = new LinkedHashSet<>();

    /// Makes and ends the TUNs themselves; the packet road hangs on them.
    public interface TunOpener {
        void open(LinkWish wish) throws IOException;

        void close(String name) throws IOException;
    }

    private LinuxSystem(
            LinuxNetwork network,
            TunOpener opener,
            boolean filtered,
            @Nullable ClearFilter filter) {
        this.network = network;
        this.opener = opener;
        this.filtered = filtered;
        this.filter = filter;
    }

    /// @param filtered walls are built; false: what a killed daemon built is removed, no more
    /// @throws NoFilterException if walls are wanted and this kernel cannot have them
    public static LinuxSystem open(TunOpener opener, boolean filtered) throws IOException {
        LinuxNetwork network = LinuxNetwork.open();
        try {
            ClearFilter filter =
                    filtered
                            ? ClearFilter.open(HostPlan.MARK)
                            : ClearFilter.ifPossible().orElse(null);
            return new LinuxSystem(network, opener, filtered, filter);
        } catch (IOException e) {
            network.close();
            throw e;
        }
    }

    @Override
    public void openLink(LinkWish wish) throws IOException {
        opener.open(wish);
        ours.add(wish.name());
        try {
            network.links().mtu(wish.name(), wish.mtu());
            quiet(wish);
            for (InsideAddress inside : wish.inside()) {
                Optional<InsideAddress> peer =
                        wish.remoteInside().stream()
                                .filter(p -> p.address().v6() == inside.address().v6())
                                .findFirst();
                if (peer.isPresent()) {
                    network.addresses().add(wish.name(), inside, peer.get().address()); // S3-31
                } else {
                    network.addresses().add(wish.name(), inside);
                }
            }
            network.links().up(wish.name());
        } catch (IOException e) {
            closeLink(wish.name());
            throw e;
        }
    }

    @Override
    public void addAddress(String link, InsideAddress address) throws IOException {
        if (network.addresses().list(link).stream().noneMatch(a -> a.address().equals(address))) {
            network.addresses().add(link, address);
        }
    }

    @Override
    public void removeAddress(String link, InsideAddress address) throws IOException {
        if (network.addresses().list(link).stream().anyMatch(a -> a.address().equals(address))) {
            network.addresses().delete(link, address);
        }
    }

    /// No link-local address: the kernel would solicit routers through the tunnel. And where no
    /// IPv6 is to pass, none at all: it would report its multicast groups.
    private static void quiet(LinkWish wish) throws IOException {
        boolean v6 = wish.v6() || wish.inside().stream().anyMatch(a -> a.address().v6());
        String setting = Sysctl.ipv6(wish.name(), v6 ? "addr_gen_mode" : "disable_ipv6");
        if (Sysctl.read(setting).isPresent()) {
            Sysctl.write(setting, "1"); // IN6_ADDR_GEN_MODE_NONE; disabled
        }
    }

    @Override
    public void closeLink(String name) throws IOException {
        ours.remove(name);
        opener.close(name);
    }

    @Override
    public List<InsideAddress> addresses() throws IOException {
        return network.addresses().list().stream().map(LinkAddress::address).toList();
    }

    @Override
    public List<IpAddress> reachable() throws IOException {
        return network.addresses().list().stream()
                .filter(a -> !ours.contains(a.link()))
                .map(a -> a.address().address())
                .filter(a -> HERE_ONLY.stream().noneMatch(p -> p.contains(a)))
                .distinct()
                .toList();
    }

    @Override
    public Optional<String> interfaceTo(IpAddress peer) throws IOException {
        return network.interfaceFor(peer, HostPlan.MARK);
    }

    @Override
    public Optional<IpAddress> sourceTo(IpAddress peer) throws IOException {
        return network.sourceFor(peer, HostPlan.MARK);
    }

    @Override
    public List<RouteWish> routes() throws IOException {
        List<RouteWish> routes = new ArrayList<>();
        for (Route route : network.routes().listBy(HostPlan.PROTOCOL)) {
            RouteWish.Kind kind =
                    switch (route.type()) {
                        case UNICAST -> RouteWish.Kind.UNICAST;
                        case BLACKHOLE -> RouteWish.Kind.BLACKHOLE;
                        case THROW -> RouteWish.Kind.THROW;
                        case LOCAL, UNREACHABLE, PROHIBIT, OTHER -> null;
                    };
            if (kind != null) {
                // IPv6 hangs routes without a link on the loopback.
                String link = kind == RouteWish.Kind.UNICAST ? route.link() : "";
                routes.add(
                        new RouteWish(
                                kind,
                                route.destination(),
                                route.table(),
                                link,
                                Integer.toUnsignedLong(route.metric()),
                                route.source()));
            }
        }
        return routes;
    }

    @Override
    public void addRoute(RouteWish wish) throws IOException {
        network.routes().replace(route(wish));
    }

    @Override
    public void removeRoute(RouteWish wish) throws IOException {
        network.routes().delete(route(wish));
    }

    private static Route route(RouteWish wish) {
        IpAddress none = wish.destination().address().v6() ? IpAddress.ANY6 : IpAddress.ANY4;
        Route.Type type =
                switch (wish.kind()) {
                    case UNICAST -> Route.Type.UNICAST;
                    case BLACKHOLE -> Route.Type.BLACKHOLE;
                    case THROW -> Route.Type.THROW;
                };
        return new Route(
                wish.destination(),
                type,
                wish.link(),
                none,
                wish.source(),
                wish.table(),
                (int) wish.metric(),
                HostPlan.PROTOCOL);
    }

    @Override
    public boolean hasRule(boolean v6) throws IOException {
        return network.rules().listBy(HostPlan.PROTOCOL).stream().anyMatch(r -> r.v6() == v6);
    }

    @Override
    public void addRule(boolean v6) throws IOException {
        network.rules().add(rule(v6));
    }

    @Override
    public void removeRule(boolean v6) throws IOException {
        network.rules().delete(rule(v6));
    }

    private static Rule rule(boolean v6) {
        return Rule.notMarked(v6, HostPlan.RULE_PRIORITY, HostPlan.MARK, HostPlan.TABLE);
    }

    @Override
    public boolean isFiltered() {
        return filtered;
    }

    @Override
    public boolean hasWall() throws IOException {
        return filter != null && filter.isThere();
    }

    @Override
    public void wall(Wall wall) throws IOException {
        if (filter != null) {
            filter.replace(filtered ? wall : Wall.NONE);
        }
    }

    @Override
    public List<LinkState> links() throws IOException {
        List<LinkState> states = new ArrayList<>();
        for (Link link : network.links().list()) {
            if (ours.contains(link.name())) {
                List<LinkAddress> addresses = network.addresses().list(link.name());
                states.add(
                        new LinkState(
                                link.name(),
                                link.up(),
                                link.mtu(),
                                addresses.stream().map(LinkAddress::address).toList(),
                                addresses.stream()
                                        .filter(LinkAddress::hasPeer)
                                        .map(LinkAddress::peer)
                                        .toList()));
            }
        }
        return states;
    }

    @Override
    public Optional<String> setting(String name) throws IOException {
        return Sysctl.read(file(name));
    }

    @Override
    public void set(String name, String value) throws IOException {
        Sysctl.write(file(name), value);
    }

    /// `net.ipv4.conf.eth0.100.rp_filter` as the driver wants it, `ipv4/conf/eth0.100/rp_filter`:
    /// the name of an interface may have dots.
    static String file(String name) {
        String below = name.startsWith("net.") ? name.substring("net.".length()) : name;
        int family = below.indexOf('.');
        String rest = below.substring(family + 1);
        String place = below.substring(0, family) + "/";
        if (!rest.startsWith("conf.")) {
            return place + rest.replace('.', '/');
        }
        int last = rest.lastIndexOf('.');
        return place
                + "conf/"
                + rest.substring("conf.".length(), last)
                + "/"
                + rest.substring(last + 1);
    }

    @Override
    public void close() {
        if (filter != null) {
            filter.close();
        }
        network.close();
    }
}
