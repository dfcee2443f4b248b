package io.sallyport.drivers.route;

import io.sallyport.base.net.IpAddress;
import io.sallyport.base.net.IpPrefix;

/// A route.
///
/// @param link the outgoing interface; empty: none given
/// @param via the next hop; any (all zeros): directly on the link
/// @param source the preferred source; any (all zeros): the kernel chooses
/// @param table 254 is `main`
/// @param metric the lower wins; 0: none given (IPv6 then has 1024)
/// @param protocol who made it; [#OURS] for routes of ours
public record Route(
        IpPrefix destination,
        Type type,
        String link,
        IpAddress via,
        IpAddress source,
        int table,
        int metric,
        int protocol) {
    /// rtm_protocol and FRA_PROTOCOL of all that Sallyport makes: 'S'. `ip route show proto 83`
    /// lists it.
    public static final int OURS = 0x53;

    /// The table `main`.
    public static final int MAIN = 254;

    /// What happens to packets.
    public enum Type {
        UNICAST(1),
        LOCAL(2),
        BLACKHOLE(6),
        UNREACHABLE(7),
        PROHIBIT(8),
        /// The look-up in this table ends, the next rule decides.
        THROW(9),
        OTHER(0);

        final int number;

        Type(int number) {
            this.number = number;
        }

        static Type of(int number) {
            for (Type type : values()) {
                if (type.number == number) {
                    return type;
                }
            }
            return OTHER;
        }
    }

    /// Packets for `destination` leave by `link`.
    public static Route through(String link, IpPrefix destination) {
        return plain(destination, Type.UNICAST).onLink(link);
    }

    /// Packets for `destination` go to the next hop `via`; the kernel finds the link.
    public static Route via(IpAddress via, IpPrefix destination) {
        Route r = plain(destination, Type.UNICAST);
        return new Route(destination, r.type, "", via, r.source, MAIN, 0, OURS);
    }

    /// Packets for `destination` vanish.
    public static Route blackhole(IpPrefix destination) {
        return plain(destination, Type.BLACKHOLE);
    }

    /// Packets for `destination` are answered with "unreachable".
    public static Route unreachable(IpPrefix destination) {
        return plain(destination, Type.UNREACHABLE);
    }

    private static Route plain(IpPrefix destination, Type type) {
        IpAddress none = destination.address().v6() ? IpAddress.ANY6 : IpAddress.ANY4;
        return new Route(destination, type, "", none, none, MAIN, 0, OURS);
    }

    public Route onLink(String name) {
        return new Route(destination, type, name, via, source, table, metric, protocol);
    }

    public Route from(IpAddress preferred) {
        return new Route(destination, type, link, via, preferred, table, metric, protocol);
    }

    public Route inTable(int number) {
        return new Route(destination, type, link, via, source, number, metric, protocol);
    }

    public Route metric(int number) {
        return new Route(destination, type, link, via, source, table, number, protocol);
    }

    /// As `ip route` writes it.
    @Override
    public String toString() {
        return (type == Type.UNICAST ? "" : type.name().toLowerCase(java.util.Locale.ROOT) + " ")
                + destination
                + (via.isAny() ? "" : " via " + via)
                + (link.isEmpty() ? "" : " dev " + link)
                + (source.isAny() ? "" : " src " + source)
                + (table == MAIN ? "" : " table " + table)
                + (metric == 0 ? "" : " metric " + metric);
    }
}
