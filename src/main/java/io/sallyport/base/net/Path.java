package io.sallyport.base.net;

/// Where a datagram goes: our end and the peer's. Both ends are of one family.
public record Path(Endpoint local, Endpoint remote) {
    public Path {
        if (local.address().v6() != remote.address().v6()) {
            throw new IllegalArgumentException("mixed families: " + local + " " + remote);
        }
    }

    public Path withPorts(int localPort, int remotePort) {
        return new Path(
                new Endpoint(local.address(), localPort),
                new Endpoint(remote.address(), remotePort));
    }

    @Override
    public String toString() {
        return local + " -> " + remote;
    }
}
