package io.sallyport.wire.ike.v2.number;

/// Protocols of a proposal, notify or delete (RFC 7296, 3.3.1).
public final class ProtocolId {
    /// About no SA.
    public static final int NONE = 0;

    public static final int IKE = 1;
    public static final int AH = 2;
    public static final int ESP = 3;

    private ProtocolId() {}
}
