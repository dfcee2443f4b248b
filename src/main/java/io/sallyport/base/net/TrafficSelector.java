package io.sallyport.base.net;

import java.util.Optional;

/// One side of a policy: addresses, IP protocol (0 = any) and ports (RFC 4301, 4.4.1.1).
public record TrafficSelector(IpRange addresses, int protocol, PortRange ports) {
    public TrafficSelector {
        if (protocol < 0 || protocol > 255) {
            throw new IllegalArgumentException("protocol " + protocol);
        }
    }

    public static TrafficSelector of(IpPrefix prefix) {
        return new TrafficSelector(IpRange.of(prefix), 0, PortRange.ANY);
    }

    public boolean contains(TrafficSelector other) {
        return addresses.contains(other.addresses)
                && (protocol == 0 || protocol == other.protocol)
                && ports.contains(other.ports);
    }

    public Optional<TrafficSelector> intersect(TrafficSelector other) {
        if (protocol != 0 && other.protocol != 0 && protocol != other.protocol) {
            return Optional.empty();
        }
        int both = protocol == 0 ? other.protocol : protocol;
        return addresses
                .intersect(other.addresses)
                .flatMap(a ->
                        ports.intersect(other.ports).map(p -> new TrafficSelector(a, both, p)));
    }

    @Override
    public String toString() {
        if (protocol == 0 && ports.isAny()) {
            return addresses.toString();
        }
        return addresses
                + "["
                + (protocol == 0 ? "any" : "" + protocol)
                + (ports.isAny() ? "" : "/" + ports)
                + "]";
    }
}
