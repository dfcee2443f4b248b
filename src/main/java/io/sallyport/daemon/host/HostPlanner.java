package io.sallyport.daemon.host;

import io.sallyport.base.net.InsideAddress;
import io.sallyport.base.net.IpAddress;
import io.sallyport.base.net.IpPrefix;
import io.sallyport.base.net.PortRange;
import io.sallyport.base.net.TrafficSelector;
import io.sallyport.drivers.filter.Term;
import io.sallyport.model.sa.Owner;
import io.sallyport.model.spec.Actions;
import io.sallyport.model.spec.AddressSpec;
import io.sallyport.model.spec.ChildSpec;
import io.sallyport.model.spec.ConnectionSpec;
import io.sallyport.model.spec.LinkSpec;
import io.sallyport.model.spec.Mode;
import io.sallyport.model.spec.PeerSpec;
import io.sallyport.model.spec.PoolSpec;
import io.sallyport.model.spec.RouteSpec;
import io.sallyport.model.spec.SelectorPair;
import io.sallyport.model.spec.VpnSpec;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Decides what must be in the system: a pure function of the configuration and of what is up.
///
/// Fail closed: every destination that a tunnel protects has a blackhole behind the tunnel's route
/// (`guard`). The tunnel's route comes and goes with its SAs; the guard stands until the connection
/// is taken down on purpose, and it outlives a killed daemon, whose TUN and routes vanish.
public final class HostPlanner {
    /// Metric of the routes to policy-based children.
    static final long SHARED_METRIC = 220;

    /// MTU of a shared TUN without tunnel mode: as large as the packet road's slots take.
    private static final int WHOLE = 9000;

    private final VpnSpec vpn;
    private final Map<String, List<IpAddress>> borrowed;
    private final Set<InsideAddress> sharedInside = new LinkedHashSet<>();
    private final List<InsideAddress> ours;
    private final int pathMtu;
    private final Map<String, LinkWish> links = new LinkedHashMap<>();
    private final Map<RouteWish.Key, RouteWish> guards = new LinkedHashMap<>();
    private final Map<RouteWish.Key, RouteWish> passes = new LinkedHashMap<>();
    private final Map<RouteWish.Key, RouteWish> ways = new LinkedHashMap<>();
    private final Map<String, String> taken = new HashMap<>();
    private final Set<IpAddress> peersInside = new LinkedHashSet<>();
    private final List<String> findings = new ArrayList<>();
    private final WallPlanner wall = new WallPlanner();
    private boolean forward4;
    private boolean forward6;
    private int sharedMtu = Integer.MAX_VALUE;
    private boolean sharedV6;

    private HostPlanner(
            VpnSpec vpn,
            Map<String, List<IpAddress>> borrowed,
            List<InsideAddress> ours,
            int pathMtu) {
        this.vpn = vpn;
        this.borrowed = borrowed;
        this.ours = ours;
        this.pathMtu = pathMtu;
    }

    /// @param stopped connections that were taken down on purpose: nothing of theirs stays
    /// @param up the children that have an SA, with the selectors they negotiated
    /// @param ours the addresses of this host
    public static HostPlan plan(
            VpnSpec vpn,
            Set<String> stopped,
            Map<Owner, SelectorPair> up,
            List<InsideAddress> ours,
            int pathMtu) {
        return plan(vpn, stopped, Set.of(), up, Map.of(), ours, pathMtu);
    }

    /// @param lifted what passes or drops and was taken away by a person
    /// @param borrowed virtual addresses of ours, by connection
    public static HostPlan plan(
            VpnSpec vpn,
            Set<String> stopped,
            Set<Owner> lifted,
            Map<Owner, SelectorPair> up,
            Map<String, List<IpAddress>> borrowed,
            List<InsideAddress> ours,
            int pathMtu) {
        List<InsideAddress> all = new ArrayList<>(ours);
        borrowed.values().forEach(a -> a.forEach(v -> all.add(new InsideAddress(v, v.bits()))));
        HostPlanner planner = new HostPlanner(vpn, borrowed, all, pathMtu);
        for (ConnectionSpec connection : vpn.connections()) {
            if (!stopped.contains(connection.name())) {
                for (ChildSpec child : connection.children()) {
                    if (lifted.contains(owner(connection, child))) {
                        continue;
                    }
                    if (child.mode() == Mode.PASS) {
                        // What a tunnel's route covers comes by its TUN, where the SPD lets it pass
                        planner.wall.policy(
                                Term.Answer.PASS,
                                child.selectors().remote(),
                                child.selectors().local(),
                                child.options().policy().priority());
                        continue;
                    }
                    switch (child.link()) {
                        case LinkSpec.Tunnel tunnel ->
                                planner.tunnel(connection, child, tunnel, up);
                        case LinkSpec.Shared _ -> planner.shared(connection, child, up);
                    }
                }
            }
        }
        return planner.result();
    }

    /// The owner of a child's policy, as the engine names it.
    public static Owner owner(ConnectionSpec connection, ChildSpec child) {
        return new Owner(
                connection.name(),
                child.name(),
                child.link() instanceof LinkSpec.Tunnel tunnel ? tunnel.name() : "");
    }

    /// What a policy of this child covers: what was negotiated, else what is configured. Where the
    /// peers are lent addresses it is all that can be lent, whoever is there at the moment.
    ///
    /// @param negotiated of all its SAs; null: there are none
    public static SelectorPair covered(
            VpnSpec vpn,
            ConnectionSpec connection,
            ChildSpec child,
            @Nullable SelectorPair negotiated) {
        SelectorPair pair = negotiated == null ? child.selectors() : negotiated;
        if (!child.selectors().remote().isEmpty() || connection.addressing().pools().isEmpty()) {
            return pair;
        }
        Set<TrafficSelector> remote = new LinkedHashSet<>();
        for (PoolSpec pool : vpn.pools()) {
            if (connection.addressing().pools().contains(pool.name())) {
                pool.addresses().forEach(r -> remote.add(new TrafficSelector(r, 0, PortRange.ANY)));
            }
        }
        for (TrafficSelector t : pair.remote()) {
            if (remote.stream().noneMatch(r -> r.contains(t))) {
                remote.add(t);
            }
        }
        return new SelectorPair(
                pair.local().isEmpty() ? child.selectors().local() : pair.local(),
                List.copyOf(remote));
    }

    private HostPlan result() {
        List<LinkWish> allLinks = new ArrayList<>(links.values());
        boolean rule4 = false;
        boolean rule6 = false;
        List<RouteWish> routes = new ArrayList<>(guards.values());
        routes.addAll(passes.values());
        routes.addAll(ways.values());
        for (RouteWish route : routes) {
            rule4 |= route.table() == HostPlan.TABLE && !route.destination().address().v6();
            rule6 |= route.table() == HostPlan.TABLE && route.destination().address().v6();
        }
        if (sharedMtu != Integer.MAX_VALUE) {
            allLinks.add(
                    new LinkWish(
                            HostPlan.SHARED,
                            List.copyOf(sharedInside),
                            List.of(),
                            sharedMtu,
                            sharedV6));
        }
        return new HostPlan(
                allLinks,
                routes,
                rule4,
                rule6,
                forward4,
                forward6,
                List.copyOf(peersInside),
                wall.wall(allLinks),
                findings);
    }

    private void tunnel(
            ConnectionSpec connection,
            ChildSpec child,
            LinkSpec.Tunnel tunnel,
            Map<Owner, SelectorPair> up) {
        int mtu = tunnel.mtu() > 0 ? tunnel.mtu() : mtu(connection, child);
        // Where anything may pass (0.0.0.0/0 and ::/0 left to the negotiation) it may be IPv6
        boolean v6 = child.selectors().remote().isEmpty() || anyV6(child.selectors().remote());
        LinkWish known = links.get(tunnel.name());
        links.put(
                tunnel.name(),
                known == null
                        ? new LinkWish(
                                tunnel.name(), tunnel.inside(), tunnel.remoteInside(), mtu, v6)
                        : merged(known, tunnel, mtu, v6));
        boolean isUp = up.containsKey(owner(connection, child));
        for (RouteSpec route : tunnel.routes()) {
            put(guards, RouteWish.guard(route.destination(), HostPlan.MAIN));
            wall.routed(route.destination(), child.selectors().local());
            forward(route.destination());
            if (isUp) {
                way(
                        route.destination(),
                        HostPlan.MAIN,
                        tunnel.name(),
                        route.metric(),
                        child.selectors().local());
            }
        }
        for (InsideAddress peer : tunnel.remoteInside()) {
            // The TUN brings the way to its other end, and takes it along when it goes
            IpPrefix net = IpPrefix.containing(peer.address(), peer.length());
            put(guards, RouteWish.guard(net, HostPlan.MAIN));
            wall.routed(net, List.of());
        }
        if (tunnel.routes().isEmpty()) {
            forward4 = true; // the routes are somebody else's: BGP, or a person's
        }
    }

    private static boolean anyV6(Collection<TrafficSelector> selectors) {
        return prefixes(Set.copyOf(selectors)).stream().anyMatch(p -> p.address().v6());
    }

    private static LinkWish merged(LinkWish known, LinkSpec.Tunnel tunnel, int mtu, boolean v6) {
        Set<InsideAddress> inside = new LinkedHashSet<>(known.inside());
        inside.addAll(tunnel.inside());
        Set<InsideAddress> remote = new LinkedHashSet<>(known.remoteInside());
        remote.addAll(tunnel.remoteInside());
        return new LinkWish(
                known.name(),
                List.copyOf(inside),
                List.copyOf(remote),
                Math.min(known.mtu(), mtu),
                known.v6() || v6);
    }

    private void shared(ConnectionSpec connection, ChildSpec child, Map<Owner, SelectorPair> up) {
        boolean transport = child.mode() == Mode.TRANSPORT;
        // Between the two hosts themselves: BEET mode without inner addresses is that too
        boolean hosts =
                transport || child.mode() == Mode.BEET && child.selectors().remote().isEmpty();
        boolean whole = transport || child.mode() == Mode.BEET || child.mode() == Mode.DROP;
        // In transport mode packets come whole, the socket cuts what it sends
        sharedMtu = Math.min(sharedMtu, whole ? WHOLE : mtu(connection, child));
        SelectorPair negotiated = up.get(owner(connection, child));
        List<IpAddress> virtual = borrowed.getOrDefault(connection.name(), List.of());
        virtual.forEach(a -> sharedInside.add(new InsideAddress(a, a.bits())));
        sharedV6 |= connection.addressing().asked().stream().anyMatch(IpAddress::v6);
        SelectorPair covered = covered(vpn, connection, child, negotiated);
        Set<TrafficSelector> remote = new LinkedHashSet<>(child.selectors().remote());
        Set<TrafficSelector> local = new LinkedHashSet<>(child.selectors().local());
        remote.addAll(covered.remote());
        if (negotiated != null) {
            local.addAll(negotiated.local());
        }
        if (hosts && remote.isEmpty()) {
            host(connection.remote()).ifPresent(remote::add);
        }
        if (hosts && local.isEmpty()) {
            host(connection.local()).ifPresent(local::add);
        }
        // A host that is not to be spoken to in clear is to be heard all the same: with nothing but
        // a guard as the way back, rp_filter would drop its first IKE message
        boolean stands =
                hosts || negotiated != null || child.actions().start() != Actions.Start.NONE;
        List<IpPrefix> protectedOnes = prefixes(remote);
        sharedV6 |= protectedOnes.stream().anyMatch(p -> p.address().v6());
        for (IpPrefix destination : protectedOnes) {
            put(guards, RouteWish.guard(destination, HostPlan.TABLE));
            if (stands) {
                way(
                        destination,
                        HostPlan.TABLE,
                        HostPlan.SHARED,
                        SHARED_METRIC,
                        transport || child.selectors().local().isEmpty()
                                ? local
                                : child.selectors().local());
            }
            if (connection.remote().address() instanceof AddressSpec.Fixed peer
                    && destination.contains(peer.address())) {
                peersInside.add(peer.address());
            }
        }
        // What is configured covers what was negotiated; a wall that stays the same is not
        // built again
        wall.policy(
                Term.Answer.DROP,
                child.selectors().remote().isEmpty() ? remote : child.selectors().remote(),
                child.selectors().local().isEmpty() ? local : child.selectors().local(),
                child.options().policy().priority());
        List<IpPrefix> ownNets = prefixes(local);
        for (IpPrefix net : ownNets) {
            if (net.length() < net.address().bits()) {
                forward(net);
            }
            // Our own networks stay reachable in clear where the tunnel takes everything.
            if (net.length() > 0 && protectedOnes.stream().anyMatch(p -> wider(p, net))) {
                put(passes, RouteWish.pass(net, HostPlan.TABLE));
                for (IpPrefix other : ownNets) {
                    if (other.address().v6() == net.address().v6()) {
                        wall.pass(net, other);
                    }
                }
            }
        }
    }

    private static Optional<TrafficSelector> host(PeerSpec end) {
        return end.address() instanceof AddressSpec.Fixed(IpAddress address)
                ? Optional.of(TrafficSelector.of(IpPrefix.host(address)))
                : Optional.empty();
    }

    private static boolean wider(IpPrefix one, IpPrefix other) {
        return one.contains(other) && one.length() < other.length();
    }

    private static List<IpPrefix> prefixes(Set<TrafficSelector> selectors) {
        List<IpPrefix> all = new ArrayList<>();
        for (TrafficSelector selector : selectors) {
            all.addAll(selector.addresses().prefixes());
        }
        return all;
    }

    private void way(
            IpPrefix destination,
            int table,
            String link,
            long metric,
            Collection<TrafficSelector> local) {
        String place = destination + " table " + table + " metric " + metric;
        String before = taken.putIfAbsent(place, link);
        if (before != null && !before.equals(link)) {
            findings.add(
                    "the route to "
                            + destination
                            + " with metric "
                            + metric
                            + " leads through "
                            + before
                            + " already; "
                            + link
                            + " gets none (give it another metric)");
            return;
        }
        put(
                ways,
                new RouteWish(
                        RouteWish.Kind.UNICAST,
                        destination,
                        table,
                        link,
                        metric,
                        source(local, destination.address().v6())));
    }

    /// An address of ours inside the child's local selectors, so that what this host itself sends
    /// fits the policy. Where everything fits, the kernel chooses.
    private IpAddress source(Collection<TrafficSelector> local, boolean v6) {
        IpAddress none = v6 ? IpAddress.ANY6 : IpAddress.ANY4;
        for (TrafficSelector selector : local) {
            Optional<IpPrefix> prefix = selector.addresses().prefix();
            if (prefix.isPresent() && prefix.get().length() == 0) {
                return none;
            }
        }
        for (TrafficSelector selector : local) {
            for (InsideAddress address : ours) {
                if (address.address().v6() == v6
                        && selector.addresses().contains(address.address())) {
                    return address.address();
                }
            }
        }
        return none;
    }

    private int mtu(ConnectionSpec connection, ChildSpec child) {
        boolean v6 =
                connection.remote().address() instanceof AddressSpec.Fixed peer
                        && peer.address().v6();
        return TunnelMtu.of(child.proposals(), pathMtu, v6);
    }

    private void forward(IpPrefix net) {
        forward4 |= !net.address().v6();
        forward6 |= net.address().v6();
    }

    private static void put(Map<RouteWish.Key, RouteWish> routes, RouteWish wish) {
        routes.putIfAbsent(wish.key(), wish);
    }
}
