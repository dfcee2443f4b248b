package io.sallyport.wire.ike.v1;

/// Attributes of a phase 1 transform and their values (RFC 2409, appendix A; RFC 3526, RFC 4868,
/// RFC 5114, RFC 5903 for later values).
public final class Phase1Attribute {
    public static final int ENCRYPTION_ALGORITHM = 1;
    public static final int HASH_ALGORITHM = 2;
    public static final int AUTHENTICATION_METHOD = 3;
    public static final int GROUP_DESCRIPTION = 4;
    public static final int GROUP_TYPE = 5;
    public static final int GROUP_PRIME = 6;
    public static final int GROUP_GENERATOR_ONE = 7;
    public static final int GROUP_GENERATOR_TWO = 8;
    public static final int GROUP_CURVE_A = 9;
    public static final int GROUP_CURVE_B = 10;
    public static final int LIFE_TYPE = 11;

    /// Unit: what the life type before it says.
    public static final int LIFE_DURATION = 12;

    public static final int PRF = 13;

    /// In bits.
    public static final int KEY_LENGTH = 14;

    public static final int FIELD_SIZE = 15;
    public static final int GROUP_ORDER = 16;

    // The transform ID of every phase 1 transform (RFC 2407, 4.4.2).
    public static final int KEY_IKE = 1;

    // Encryption algorithms.
    public static final int DES_CBC = 1;
    public static final int IDEA_CBC = 2;
    public static final int BLOWFISH_CBC = 3;
    public static final int RC5_R16_B64_CBC = 4;
    public static final int TRIPLE_DES_CBC = 5;
    public static final int CAST_CBC = 6;
    public static final int AES_CBC = 7;
    public static final int CAMELLIA_CBC = 8;

    // Hash algorithms.
    public static final int MD5 = 1;
    public static final int SHA = 2;
    public static final int TIGER = 3;
    public static final int SHA2_256 = 4;
    public static final int SHA2_384 = 5;
    public static final int SHA2_512 = 6;

    // Authentication methods.
    public static final int PRE_SHARED_KEY = 1;
    public static final int DSS_SIGNATURES = 2;
    public static final int RSA_SIGNATURES = 3;
    public static final int RSA_ENCRYPTION = 4;
    public static final int RSA_REVISED_ENCRYPTION = 5;
    public static final int ECDSA_256 = 9;
    public static final int ECDSA_384 = 10;
    public static final int ECDSA_521 = 11;
    public static final int HYBRID_INIT_RSA = 64221;
    public static final int HYBRID_RESP_RSA = 64222;
    public static final int XAUTH_INIT_PRE_SHARED = 65001;
    public static final int XAUTH_RESP_PRE_SHARED = 65002;
    public static final int XAUTH_INIT_RSA = 65005;
    public static final int XAUTH_RESP_RSA = 65006;

    // Group types.
    public static final int MODP = 1;
    public static final int ECP = 2;
    public static final int EC2N = 3;

    // Life types.
    public static final int SECONDS = 1;
    public static final int KILOBYTES = 2;

    private Phase1Attribute() {}
}
