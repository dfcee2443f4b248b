package io.sallyport.model.spec;

/// How ESP or AH wraps a packet (RFC 4301, 4.1), or that it does not.
public enum Mode {
    TUNNEL,
    TRANSPORT,
    /// Bound end-to-end tunnel: fixed inner addresses that do not travel.
    BEET,
    /// No IPsec: packets pass in clear.
    PASS,
    /// Packets are dropped.
    DROP;

    /// Whether there are SAs at all.
    public boolean protects() {
        return this != PASS && this != DROP;
    }
}
