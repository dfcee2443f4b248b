package io.sallyport.model.command;

import io.sallyport.base.net.IpAddress;

/// A packet that might be sent.
///
/// @param link name of the TUN it is read from, as in `Owner`
/// @param protocol 0..255
/// @param length octets of the whole packet
public record Probe(
        String link,
        IpAddress from,
        IpAddress to,
        int protocol,
        int fromPort,
        int toPort,
        int length,
        boolean dontFragment) {
    public Probe {
        if (from.v6() != to.v6()) {
            throw new IllegalArgumentException(from + " and " + to + " are of two families");
        }
        if (protocol < 0 || protocol > 255 || wrong(fromPort) || wrong(toPort)) {
            throw new IllegalArgumentException("protocol " + protocol + " or a port");
        }
        if (length < 48 || length > 9000) {
            throw new IllegalArgumentException("length " + length + " is none of 48 to 9000");
        }
    }

    private static boolean wrong(int port) {
        return port < 0 || port > 0xffff;
    }
}
