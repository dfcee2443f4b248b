package io.sallyport.wire.ike.v1;

/// Numbers of payloads (RFC 2408, 3.1; RFC 3947, 7).
public final class PayloadType {
    /// Ends a chain.
    public static final int NONE = 0;

    public static final int SA = 1;

    /// Only inside of an SA payload.
    public static final int PROPOSAL = 2;

    /// Only inside of a proposal.
    public static final int TRANSFORM = 3;

    public static final int KEY_EXCHANGE = 4;
    public static final int IDENTIFICATION = 5;
    public static final int CERTIFICATE = 6;
    public static final int CERTIFICATE_REQUEST = 7;
    public static final int HASH = 8;
    public static final int SIGNATURE = 9;
    public static final int NONCE = 10;
    public static final int NOTIFICATION = 11;
    public static final int DELETE = 12;
    public static final int VENDOR_ID = 13;

    /// Mode configuration and XAuth.
    public static final int ATTRIBUTES = 14;

    /// NAT-D of RFC 3947.
    public static final int NAT_DETECTION = 20;

    /// NAT-OA of RFC 3947.
    public static final int NAT_ORIGINAL_ADDRESS = 21;

    /// NAT-D of draft-ietf-ipsec-nat-t-ike-02 and -03; we keep it as unknown.
    public static final int NAT_DETECTION_DRAFT = 130;

    /// NAT-OA of draft-ietf-ipsec-nat-t-ike-02 and -03; we keep it as unknown.
    public static final int NAT_ORIGINAL_ADDRESS_DRAFT = 131;

    /// IKE fragmentation as Cisco and Microsoft began it.
    public static final int FRAGMENT = 132;

    private PayloadType() {}
}
