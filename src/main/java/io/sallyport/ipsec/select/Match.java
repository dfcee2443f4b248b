package io.sallyport.ipsec.select;

/// Whether selectors cover a packet.
public enum Match {
    NO,
    /// What can be seen is covered, but the selectors ask for more and the packet is a fragment:
    /// ports, which only the first one has, or a protocol that it hides ([Flow#hidesProtocol]).
    /// None may pass before the whole is known.
    UNCERTAIN,
    YES;

    /// The weaker of two answers: both sides must be covered.
    Match and(Match other) {
        return ordinal() <= other.ordinal() ? this : other;
    }
}
