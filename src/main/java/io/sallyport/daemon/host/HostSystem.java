package io.sallyport.daemon.host;

import io.sallyport.base.net.InsideAddress;
import io.sallyport.base.net.IpAddress;
import io.sallyport.drivers.filter.Wall;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/// The operating system under [HostNetwork]: Linux, or a twin in memory for tests. Every failure is
/// an [IOException] whose message says what was tried and what the system said.
public interface HostSystem {
    /// Makes a TUN with its addresses, MTU and queue, and brings it up. Its packets flow from now
    /// on.
    void openLink(LinkWish wish) throws IOException;

    /// Gives a TUN another address; no error if it has it.
    void addAddress(String link, InsideAddress address) throws IOException;

    /// Takes an address from a TUN; no error if it has none such.
    void removeAddress(String link, InsideAddress address) throws IOException;

    /// Ends a TUN; what is routed through it goes with it.
    void closeLink(String name) throws IOException;

    /// Addresses of this host's interfaces.
    List<InsideAddress> addresses() throws IOException;

    /// Those of them by which somebody elsewhere may reach this host: none of our TUNs, no
    /// loopback, none that is of one link only.
    List<IpAddress> reachable() throws IOException;

    /// The interface that packets of our own to `peer` leave by.
    Optional<String> interfaceTo(IpAddress peer) throws IOException;

    /// The source address that routing chooses for datagrams of our own to `peer`; empty: no route.
    Optional<IpAddress> sourceTo(IpAddress peer) throws IOException;

    /// Routes that carry our protocol number, ours or a killed daemon's.
    List<RouteWish> routes() throws IOException;

    /// Adds a route; no error if it is there.
    void addRoute(RouteWish wish) throws IOException;

    /// Removes a route; no error if it is not there.
    void removeRoute(RouteWish wish) throws IOException;

    /// Whether our rule to table 220 is there.
    boolean hasRule(boolean v6) throws IOException;

    void addRule(boolean v6) throws IOException;

    void removeRule(boolean v6) throws IOException;

    /// Whether walls are built. If not, only what a killed daemon built is removed.
    boolean isFiltered();

    /// Whether a table of ours that refuses packets in clear is there, ours or a killed daemon's.
    boolean hasWall() throws IOException;

    /// Puts `wall` in the place of what was there, in one step; if it fails, the old one stands.
    void wall(Wall wall) throws IOException;

    /// Our links as the kernel has them.
    List<LinkState> links() throws IOException;

    /// A link as the kernel has it.
    record LinkState(
            String name,
            boolean up,
            int mtu,
            List<InsideAddress> inside,
            List<IpAddress> remoteInside) {
        public LinkState {
            inside = List.copyOf(inside);
            remoteInside = List.copyOf(remoteInside);
        }
    }

    /// The value of a setting, e.g. `net.ipv4.ip_forward`; empty if the kernel has none such.
    Optional<String> setting(String name) throws IOException;

    void set(String name, String value) throws IOException;
}
