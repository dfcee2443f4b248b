package io.sallyport.ipsec.select;

/// Whether selectors cover a packet.
public enum Match {
    NO,
    /// Addresses and protocol are covered, but the selectors ask for ports and the packet, a later
    /// fragment, has none.
    UNKNOWN_PORTS,
    YES;

    /// The weaker of two answers: both sides must be covered.
    Match and(Match other) {
        return ordinal() <= other.ordinal() ? this : other;
    }
}
