package io.sallyport.model.spec.child;

/// What becomes of DF in the outer IPv4 header (RFC 4301, 8.1).
public enum OuterDf {
    /// Always clear: routers may fragment the outer packet. What AWS recommends.
    CLEAR,
    /// As in the inner header, clear for IPv6 inside.
    COPY,
    SET
}
