package io.sallyport.drivers.route;

import io.sallyport.base.net.IpAddress;
import io.sallyport.drivers.netlink.NetlinkSocket;
import java.io.IOException;
import java.util.Comparator;
import java.util.Optional;

/// The network of one namespace, that of the thread that opened it: links, addresses, routes,
/// rules, by rtnetlink. One thread at a time.
public final class LinuxNetwork implements AutoCloseable {
    private final NetlinkSocket socket;
    private final Links links;
    private final Addresses addresses;
    private final Routes routes;
    private final Rules rules;

    private LinuxNetwork(NetlinkSocket socket) {
        this.socket = socket;
        this.links = new Links(socket);
        this.addresses = new Addresses(socket, links);
        this.routes = new Routes(socket, links);
        this.rules = new Rules(socket);
    }

    public static LinuxNetwork open() throws IOException {
        return new LinuxNetwork(NetlinkSocket.open());
    }

    public Links links() {
        return links;
    }

    public Addresses addresses() {
        return addresses;
    }

    public Routes routes() {
        return routes;
    }

    public Rules rules() {
        return rules;
    }

    /// Our address that packets to `remote` would carry; empty if there is no route.
    public Optional<IpAddress> sourceFor(IpAddress remote) throws IOException {
        return sourceFor(remote, 0);
    }

    /// The same for packets of a socket with this SO_MARK.
    public Optional<IpAddress> sourceFor(IpAddress remote, int mark) throws IOException {
        return routes.to(remote, mark).map(Route::source).filter(s -> !s.isAny());
    }

    /// The interface that packets to `remote` would leave by; empty if there is no route.
    public Optional<String> interfaceFor(IpAddress remote, int mark) throws IOException {
        return routes.to(remote, mark).map(Route::link).filter(l -> !l.isEmpty());
    }

    /// The default route of the table `main` with the lowest metric.
    public Optional<Route> defaultRoute(boolean v6) throws IOException {
        return routes.list(v6).stream()
                .filter(r ->
                        r.destination().length() == 0
                                && r.table() == Route.MAIN
                                && r.type() == Route.Type.UNICAST)
                .min(Comparator.comparingInt(Route::metric));
    }

    @Override
    public void close() {
        socket.close();
    }
}
