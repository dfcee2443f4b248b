package io.sallyport.base.net;

/// Where a datagram goes: our end and the peer's. Both ends are of one family.
///
/// @param tcp not by a datagram of its own, but by the TCP connection between these ends (RFC 9329)
public record Path(Endpoint local, Endpoint remote, boolean tcp) {
    public Path {
        if (local.address().v6() != remote.address().v6()) {
            throw new IllegalArgumentException("mixed families: " + local + " " + remote);
        }
    }

    public Path(Endpoint local, Endpoint remote) {
        this(local, remote, false);
    }

    /// The same ends by datagrams.
    public Path withPorts(int localPort, int remotePort) {
        return new Path(
                new Endpoint(local.address(), localPort),
                new Endpoint(remote.address(), remotePort));
    }

    /// The same ends by a TCP connection.
    public Path overTcp(int localPort, int remotePort) {
        return new Path(
                new Endpoint(local.address(), localPort),
                new Endpoint(remote.address(), remotePort),
                true);
    }

    @Override
    public String toString() {
        return local + " -> " + remote + (tcp ? " (TCP)" : "");
    }
}
