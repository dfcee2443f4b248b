package io.sallyport.drivers.route;

import io.sallyport.base.Octets;
import io.sallyport.base.net.IpAddress;
import io.sallyport.base.net.IpPrefix;
import io.sallyport.drivers.netlink.Attributes;
import io.sallyport.drivers.netlink.NetlinkException;
import io.sallyport.drivers.netlink.NetlinkMessage;
import io.sallyport.drivers.netlink.NetlinkReply;
import io.sallyport.drivers.netlink.NetlinkSocket;
import io.sallyport.ffi.linux.Errno;
import java.io.IOException;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The routes of a namespace. All that is made here carries [Route#OURS], so that it can be found
/// again.
public final class Routes {
    private final NetlinkSocket socket;
    private final Links links;

    Routes(NetlinkSocket socket, Links links) {
        this.socket = socket;
        this.links = links;
    }

    /// @throws NetlinkException with EEXIST if there is one to the same destination with the same
    ///   metric
    public void add(Route route) throws IOException {
        write(
                Rtnetlink.RTM_NEWROUTE,
                NetlinkMessage.NLM_F_CREATE | NetlinkMessage.NLM_F_EXCL,
                route,
                "add");
    }

    /// Adds it, or puts it in the place of one to the same destination with the same metric.
    public void replace(Route route) throws IOException {
        write(
                Rtnetlink.RTM_NEWROUTE,
                NetlinkMessage.NLM_F_CREATE | NetlinkMessage.NLM_F_REPLACE,
                route,
                "replace");
    }

    /// @return false if there was none, e.g. because its link is gone
    public boolean delete(Route route) throws IOException {
        try {
            write(Rtnetlink.RTM_DELROUTE, 0, route, "delete");
            return true;
        } catch (NetlinkException e) {
            if (e.is(Errno.ESRCH) || e.is(Errno.ENODEV)) {
                return false;
            }
            throw e;
        }
    }

    private void write(int message, int flags, Route route, String verb) throws IOException {
        NetlinkMessage m = new NetlinkMessage(message, flags);
        boolean direct = route.type() == Route.Type.UNICAST && route.via().isAny();
        int scope = direct ? Rtnetlink.SCOPE_LINK : Rtnetlink.SCOPE_UNIVERSE;
        if (message == Rtnetlink.RTM_DELROUTE) {
            scope = Rtnetlink.SCOPE_NOWHERE; // any
        }
        IpPrefix to = route.destination();
        m.octets(Rtnetlink.family(to.address().v6()), to.length(), 0, 0);
        m.octets(0, route.protocol(), scope, route.type().number).ints(0);
        m.attribute(Rtnetlink.RTA_DST, to.address());
        m.attribute(Rtnetlink.RTA_TABLE, route.table());
        if (!route.link().isEmpty()) {
            m.attribute(Rtnetlink.RTA_OIF, links.index(route.link()));
        }
        if (!route.via().isAny()) {
            m.attribute(Rtnetlink.RTA_GATEWAY, route.via());
        }
        if (!route.source().isAny()) {
            m.attribute(Rtnetlink.RTA_PREFSRC, route.source());
        }
        if (route.metric() != 0) {
            m.attribute(Rtnetlink.RTA_PRIORITY, route.metric());
        }
        socket.ask(m, verb + " route " + route);
    }

    /// The routes of one family in all tables.
    public List<Route> list(boolean v6) throws IOException {
        NetlinkMessage dump =
                new NetlinkMessage(Rtnetlink.RTM_GETROUTE, NetlinkMessage.NLM_F_DUMP)
                        .octets(Rtnetlink.family(v6), 0, 0, 0, 0, 0, 0, 0)
                        .ints(0);
        Map<Integer, String> names = new HashMap<>();
        for (Link link : links.list()) {
            names.put(link.index(), link.name());
        }
        List<Route> routes = new ArrayList<>();
        for (NetlinkReply reply : socket.ask(dump, "list routes")) {
            // IPv6 also dumps what it has cached.
            if ((reply.number(8) & Rtnetlink.RTM_F_CLONED) == 0) {
                routes.add(parse(reply, v6, names));
            }
        }
        return routes;
    }

    /// The routes of both families that `protocol` made, e.g. [Route#OURS].
    public List<Route> listBy(int protocol) throws IOException {
        List<Route> found = new ArrayList<>(list(false));
        found.addAll(list(true));
        found.removeIf(r -> r.protocol() != protocol);
        return found;
    }

    static Route parse(NetlinkReply reply, boolean v6, Map<Integer, String> names) {
        Attributes a = reply.attributes(Rtnetlink.RTMSG);
        IpAddress none = v6 ? IpAddress.ANY6 : IpAddress.ANY4;
        // Of several next hops the first speaks for all: `struct rtnexthop`, then attributes.
        Optional<Octets> hops = a.octets(Rtnetlink.RTA_MULTIPATH);
        int index = a.number(Rtnetlink.RTA_OIF).orElse(0);
        IpAddress via = a.address(Rtnetlink.RTA_GATEWAY).orElse(none);
        if (hops.isPresent() && hops.get().length() >= Rtnetlink.RTNEXTHOP) {
            NetlinkReply hop = new NetlinkReply(0, hops.get());
            int length = hops.get().buffer().order(ByteOrder.nativeOrder()).getShort() & 0xffff;
            index = hop.number(4);
            via =
                    Attributes.parse(
                                    hops.get()
                                            .slice(
                                                    Rtnetlink.RTNEXTHOP,
                                                    Math.clamp(
                                                            length,
                                                            Rtnetlink.RTNEXTHOP,
                                                            hops.get().length())))
                            .address(Rtnetlink.RTA_GATEWAY)
                            .orElse(none);
        }
        return new Route(
                IpPrefix.containing(a.address(Rtnetlink.RTA_DST).orElse(none), reply.octet(1)),
                Route.Type.of(reply.octet(7)),
                names.getOrDefault(index, ""),
                via,
                a.address(Rtnetlink.RTA_PREFSRC).orElse(none),
                a.number(Rtnetlink.RTA_TABLE).orElse(reply.octet(4)),
                a.number(Rtnetlink.RTA_PRIORITY).orElse(0),
                reply.octet(5));
    }

    /// The route a packet to `remote` would take now.
    ///
    /// @param mark as if it were sent with this SO_MARK
    /// @return empty if there is none
    public Optional<Route> to(IpAddress remote, int mark) throws IOException {
        NetlinkMessage get =
                new NetlinkMessage(Rtnetlink.RTM_GETROUTE, 0)
                        .octets(Rtnetlink.family(remote.v6()), remote.bits(), 0, 0, 0, 0, 0, 0)
                        .ints(0)
                        .attribute(Rtnetlink.RTA_DST, remote);
        if (mark != 0) {
            get.attribute(Rtnetlink.RTA_MARK, mark);
        }
        try {
            for (NetlinkReply reply : socket.ask(get, "find route to " + remote)) {
                int index = reply.attributes(Rtnetlink.RTMSG).number(Rtnetlink.RTA_OIF).orElse(0);
                Route found = parse(reply, remote.v6(), Map.of(index, links.name(index)));
                // IPv6 answers with a reject route where IPv4 answers with an error.
                return found.type() == Route.Type.UNICAST || found.type() == Route.Type.LOCAL
                        ? Optional.of(found)
                        : Optional.empty();
            }
            return Optional.empty();
        } catch (NetlinkException e) {
            if (e.is(Errno.ENETUNREACH)
                    || e.is(Errno.EHOSTUNREACH)
                    || e.is(Errno.EACCES)
                    || e.is(Errno.EINVAL)) {
                return Optional.empty(); // none, unreachable, prohibited, blackhole
            }
            throw e;
        }
    }
}
