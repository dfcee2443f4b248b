package io.sallyport.daemon.host;

import io.sallyport.base.net.IpAddress;
import io.sallyport.base.net.IpPrefix;

/// A route that must be there. Two wishes with the same key are the same route.
///
/// @param link name of the interface; empty for a route that leads nowhere
/// @param metric 0..2^32-1, the lower wins
/// @param source preferred source address; the any address: the kernel's choice
public record RouteWish(
        Kind kind, IpPrefix destination, int table, String link, long metric, IpAddress source) {
    /// What the route does with a packet; in the order of taking out.
    public enum Kind {
        /// Sends it through a link.
        UNICAST,
        /// Ends the look-up in this table, so that the next rule decides.
        THROW,
        /// Drops it: stands behind a tunnel's route, so that nothing leaves in clear when that is
        /// gone.
        BLACKHOLE
    }

    public static RouteWish guard(IpPrefix destination, int table) {
        return new RouteWish(
                Kind.BLACKHOLE, destination, table, "", HostPlan.WORST_METRIC, any(destination));
    }

    public static RouteWish pass(IpPrefix destination, int table) {
        return new RouteWish(Kind.THROW, destination, table, "", 0, any(destination));
    }

    private static IpAddress any(IpPrefix destination) {
        return destination.address().v6() ? IpAddress.ANY6 : IpAddress.ANY4;
    }

    /// What the kernel tells routes apart by.
    public Key key() {
        return new Key(kind, destination, table, link, metric);
    }

    public record Key(Kind kind, IpPrefix destination, int table, String link, long metric) {}

    @Override
    public String toString() {
        return (kind == Kind.UNICAST ? "" : kind.name().toLowerCase(java.util.Locale.ROOT) + " ")
                + destination
                + (link.isEmpty() ? "" : " dev " + link)
                + (table == HostPlan.MAIN ? "" : " table " + table)
                + (source.isAny() ? "" : " src " + source)
                + " metric "
                + metric;
    }
}
