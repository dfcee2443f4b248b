package io.sallyport.model.spec.child;

/// When a packet that is larger than the tunnel takes, and may be cut, is cut.
public enum Cutting {
    /// The inner packet, so that the far gateway puts nothing together.
    BEFORE_ENCRYPTION,
    /// The outer one, which the far gateway puts together before it opens it.
    AFTER_ENCRYPTION
}
