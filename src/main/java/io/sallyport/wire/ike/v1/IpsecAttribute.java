package io.sallyport.wire.ike.v1;

/// Attributes of a phase 2 transform and their values (RFC 2407, 4.5; RFC 3947, 5.1; RFC 4304).
public final class IpsecAttribute {
    public static final int LIFE_TYPE = 1;

    /// Unit: what the life type before it says.
    public static final int LIFE_DURATION = 2;

    public static final int GROUP_DESCRIPTION = 3;
    public static final int ENCAPSULATION_MODE = 4;
    public static final int AUTHENTICATION_ALGORITHM = 5;

    /// In bits.
    public static final int KEY_LENGTH = 6;

    public static final int KEY_ROUNDS = 7;
    public static final int COMPRESS_DICTIONARY_SIZE = 8;
    public static final int COMPRESS_PRIVATE_ALGORITHM = 9;
    public static final int ECN_TUNNEL = 10;

    /// RFC 4304: value 1 asks for 64-bit sequence numbers.
    public static final int EXTENDED_SEQUENCE_NUMBER = 11;

    public static final int AUTHENTICATION_KEY_LENGTH = 12;
    public static final int SIGNATURE_ENCODING = 13;

    // Life types.
    public static final int SECONDS = 1;
    public static final int KILOBYTES = 2;

    // Encapsulation modes.
    public static final int TUNNEL = 1;
    public static final int TRANSPORT = 2;

    /// RFC 3947, 5.1.
    public static final int UDP_TUNNEL = 3;

    /// RFC 3947, 5.1.
    public static final int UDP_TRANSPORT = 4;

    /// draft-ietf-ipsec-nat-t-ike-02 and -03.
    public static final int UDP_TUNNEL_DRAFT = 61443;

    /// draft-ietf-ipsec-nat-t-ike-02 and -03.
    public static final int UDP_TRANSPORT_DRAFT = 61444;

    // Authentication algorithms.
    public static final int HMAC_MD5 = 1;
    public static final int HMAC_SHA = 2;
    public static final int DES_MAC = 3;
    public static final int KPDK = 4;
    public static final int HMAC_SHA2_256 = 5;
    public static final int HMAC_SHA2_384 = 6;
    public static final int HMAC_SHA2_512 = 7;
    public static final int HMAC_RIPEMD = 8;
    public static final int AES_XCBC_MAC = 9;
    public static final int AES_128_GMAC = 11;
    public static final int AES_192_GMAC = 12;
    public static final int AES_256_GMAC = 13;

    // ESP transform IDs (RFC 2407, 4.4.4; RFC 3602, RFC 3686, RFC 4106, RFC 4309).
    public static final int ESP_DES = 2;
    public static final int ESP_3DES = 3;
    public static final int ESP_RC5 = 4;
    public static final int ESP_IDEA = 5;
    public static final int ESP_CAST = 6;
    public static final int ESP_BLOWFISH = 7;
    public static final int ESP_NULL = 11;
    public static final int ESP_AES_CBC = 12;
    public static final int ESP_AES_CTR = 13;
    public static final int ESP_AES_CCM_8 = 14;
    public static final int ESP_AES_CCM_12 = 15;
    public static final int ESP_AES_CCM_16 = 16;
    public static final int ESP_AES_GCM_8 = 18;
    public static final int ESP_AES_GCM_12 = 19;
    public static final int ESP_AES_GCM_16 = 20;
    public static final int ESP_CAMELLIA = 22;
    public static final int ESP_NULL_AES_GMAC = 23;

    // AH transform IDs (RFC 2407, 4.4.3).
    public static final int AH_MD5 = 2;
    public static final int AH_SHA = 3;
    public static final int AH_DES = 4;
    public static final int AH_SHA2_256 = 5;
    public static final int AH_SHA2_384 = 6;
    public static final int AH_SHA2_512 = 7;

    private IpsecAttribute() {}
}
