package io.sallyport.drivers.filter;

import io.sallyport.base.net.IpPrefix;

/// One line of a [Wall]: packets from `source` to `destination`.
///
/// @param answer what is done with them
/// @param protocol 0: any
/// @param sourcePorts of ICMP type and code; must be all for a protocol that has neither
public record Term(
        Answer answer,
        IpPrefix source,
        IpPrefix destination,
        int protocol,
        PortPrefix sourcePorts,
        PortPrefix destinationPorts) {
    /// What is done with a packet.
    public enum Answer {
        PASS,
        DROP,
        /// It is dropped if the way back to its source leads into a TUN of ours, or nowhere; else
        /// somebody else's route to that network is better than ours, and it may come by there.
        DROP_UNLESS_ROUTED
    }

    public Term {
        if (source.address().v6() != destination.address().v6()) {
            throw new IllegalArgumentException(source + " to " + destination);
        }
    }

    /// Whatever the protocol.
    public Term(Answer answer, IpPrefix source, IpPrefix destination) {
        this(answer, source, destination, 0, PortPrefix.ALL, PortPrefix.ALL);
    }

    /// The same packets the other way.
    Term mirrored() {
        return new Term(answer, destination, source, protocol, destinationPorts, sourcePorts);
    }

    boolean v6() {
        return source.address().v6();
    }

    /// What a term looks at; all terms of one shape and answer are one look-up.
    Shape shape() {
        return new Shape(
                v6(),
                source.length(),
                destination.length(),
                protocol != 0,
                isIcmp(),
                sourcePorts.length(),
                destinationPorts.length());
    }

    private boolean isIcmp() {
        return protocol == (v6() ? 58 : 1);
    }

    /// @param icmp there are no ports, but type and code, for either side
    record Shape(
            boolean v6,
            int sourceBits,
            int destinationBits,
            boolean protocol,
            boolean icmp,
            int sourcePortBits,
            int destinationPortBits) {
        boolean ports() {
            return sourcePortBits > 0 || destinationPortBits > 0;
        }
    }
}
