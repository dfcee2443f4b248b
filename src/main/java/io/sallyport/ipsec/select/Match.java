package io.sallyport.ipsec.select;

/// Whether selectors cover a packet.
public enum Match {
    NO,
    /// Addresses and protocol are covered, but the selectors ask for ports and the packet is a
    /// fragment: only the first one has them, and none may pass without it.
    UNKNOWN_PORTS,
    YES;

    /// The weaker of two answers: both sides must be covered.
    Match and(Match other) {
        return ordinal() <= other.ordinal() ? this : other;
    }
}
