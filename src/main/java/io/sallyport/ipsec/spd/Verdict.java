package io.sallyport.ipsec.spd;

/// What the SPD says of an outbound packet.
public enum Verdict {
    /// Leaves through [Classifier#sa()].
    PROTECT,
    /// Leaves in clear, by [Classifier#policy()].
    BYPASS,
    /// Goes nowhere, by [Classifier#policy()].
    DISCARD,
    /// [Classifier#policy()] covers it, but has no SA, or one negotiated for less.
    NO_SA,
    /// No policy covers it.
    NO_POLICY,
    /// A fragment, and a policy or the SA that may be the one asks for ports: the whole packet is
    /// needed.
    FRAGMENT
}
