package io.sallyport.crypto.suite;

/// How far an algorithm may be trusted today (RFC 8221, RFC 8247).
public enum Standing {
    /// Part of our defaults.
    CURRENT,
    /// Works when named; not a default.
    LEGACY,
    /// Broken: only when the configuration names it, and with one warning.
    BROKEN
}
