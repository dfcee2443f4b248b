package io.sallyport.model.spec;

/// How ESP wraps a packet (RFC 4301, 4.1).
public enum Mode {
    TUNNEL,
    TRANSPORT
}
