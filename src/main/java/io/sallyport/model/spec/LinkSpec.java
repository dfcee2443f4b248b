package io.sallyport.model.spec;

import io.sallyport.base.net.InsideAddress;
import java.util.List;

/// The interface that carries a child's clear packets.
public sealed interface LinkSpec {
    /// Policy-based: all such children share one TUN; routes to the remote selectors lead there.
    record Shared() implements LinkSpec {}

    /// Route-based: a TUN of its own, whose packets are bound to this child by `mark`.
    ///
    /// @param name interface name, at most 15 octets
    /// @param inside our addresses on it
    /// @param remoteInside the peer's addresses on it, for health checks; may be empty
    /// @param mtu 0: computed from the path and the suite
    /// @param mark the number that the sources call mark or key; 0: none
    record Tunnel(
            String name,
            List<InsideAddress> inside,
            List<InsideAddress> remoteInside,
            int mtu,
            int mark,
            List<RouteSpec> routes)
            implements LinkSpec {
        public Tunnel {
            inside = List.copyOf(inside);
            remoteInside = List.copyOf(remoteInside);
            routes = List.copyOf(routes);
        }
    }
}
