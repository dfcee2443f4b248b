package io.sallyport.wire.ike.v1;

/// Protocols that a security association can be for (RFC 2407, 4.4.1).
public final class ProtocolId {
    public static final int ISAKMP = 1;
    public static final int AH = 2;
    public static final int ESP = 3;
    public static final int IPCOMP = 4;

    private ProtocolId() {}
}
