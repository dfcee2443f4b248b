package io.sallyport.model.sa;

/// What a policy does with the packets it covers. RFC 4301, 4.4.1: "DISCARD ... BYPASS ...
/// PROTECT".
public enum PolicyAction {
    /// Leaves by an SA or not at all.
    PROTECT,
    /// Leaves in clear.
    BYPASS,
    /// Goes nowhere.
    DISCARD
}
