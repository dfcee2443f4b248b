package io.sallyport.wire.ike.v2.number;

/// Kinds of identities (RFC 7296, 3.5; RFC 7619, 2.2).
public final class IdType {
    public static final int IPV4_ADDR = 1;
    public static final int FQDN = 2;

    /// USER_FQDN in IKEv1.
    public static final int RFC822_ADDR = 3;

    public static final int IPV6_ADDR = 5;
    public static final int DER_ASN1_DN = 9;
    public static final int DER_ASN1_GN = 10;
    public static final int KEY_ID = 11;

    /// Nobody in particular.
    public static final int NULL = 13;

    private IdType() {}
}
