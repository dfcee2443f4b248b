package io.sallyport.ipsec.spd;

/// What the SPD says of an outbound packet.
public enum Verdict {
    /// Leaves through [Classifier#sa()].
    PROTECT,
    /// [Classifier#policy()] covers it, but has no SA, or one negotiated for less.
    NO_SA,
    /// No policy covers it.
    NO_POLICY,
    /// A later fragment, and the only policies that may cover it ask for ports.
    FRAGMENT
}
