package io.sallyport.crypto.suite;

/// Pseudo-random functions. IKEv1 negotiates a hash and uses its HMAC (RFC 2409, 4); IKEv2 has
/// Transform Type 2. [Encryption#NO_NUMBER] where IKEv1 has none.
public enum Prf {
    HMAC_MD5("prfmd5", "HmacMD5", "MD5", 1, 1, 16, Standing.BROKEN),
    HMAC_SHA1("prfsha1", "HmacSHA1", "SHA-1", 2, 2, 20, Standing.LEGACY),
    /// RFC 4434.
    AES128_XCBC("prfaesxcbc", "AesXcbc", "", Encryption.NO_NUMBER, 4, 16, Standing.LEGACY),
    /// RFC 4615.
    AES128_CMAC("prfaescmac", "AesCmac", "", Encryption.NO_NUMBER, 8, 16, Standing.LEGACY),
    HMAC_SHA2_256("prfsha256", "HmacSHA256", "SHA-256", 4, 5, 32, Standing.CURRENT),
    HMAC_SHA2_384("prfsha384", "HmacSHA384", "SHA-384", 5, 6, 48, Standing.CURRENT),
    HMAC_SHA2_512("prfsha512", "HmacSHA512", "SHA-512", 6, 7, 64, Standing.CURRENT);

    private final String word;
    private final String jceName;
    private final String hashName;
    private final int ikev1Hash;
    private final int ikev2;
    private final int octets;
    private final Standing standing;

    Prf(
            String word,
            String jceName,
            String hashName,
            int ikev1Hash,
            int ikev2,
            int octets,
            Standing standing) {
        this.word = word;
        this.jceName = jceName;
        this.hashName = hashName;
        this.ikev1Hash = ikev1Hash;
        this.ikev2 = ikev2;
        this.octets = octets;
        this.standing = standing;
    }

    /// The PRF that is the same HMAC, or block cipher, as `integrity`.
    ///
    /// @throws IllegalArgumentException for [Integrity#NONE]
    public static Prf of(Integrity integrity) {
        return switch (integrity) {
            case HMAC_MD5_96 -> HMAC_MD5;
            case HMAC_SHA1_96 -> HMAC_SHA1;
            case AES_XCBC_96 -> AES128_XCBC;
            case AES_CMAC_96 -> AES128_CMAC;
            case HMAC_SHA2_256_128 -> HMAC_SHA2_256;
            case HMAC_SHA2_384_192 -> HMAC_SHA2_384;
            case HMAC_SHA2_512_256 -> HMAC_SHA2_512;
            case NONE -> throw new IllegalArgumentException("no integrity, no PRF");
        };
    }

    public String jceName() {
        return jceName;
    }

    /// Whether it is an HMAC, which has a bare hash under it.
    public boolean isHmac() {
        return !hashName.isEmpty();
    }

    /// RFC 7296, 2.14: with PRFs made of a block cipher "only the first 64 bits of Ni and the first
    /// 64 bits of Nr are used in calculating SKEYSEED".
    public boolean takesHalfNonces() {
        return !isHmac();
    }

    /// JCE name of the bare hash, empty if there is none: NAT-D and the first IV of IKEv1 use it.
    public String hashName() {
        return hashName;
    }

    /// The Hash Algorithm attribute of RFC 2409, appendix A.
    public int ikev1Hash() {
        return ikev1Hash;
    }

    public int ikev2() {
        return ikev2;
    }

    /// Octets of output, and of the preferred key.
    public int octets() {
        return octets;
    }

    public Standing standing() {
        return standing;
    }

    @Override
    public String toString() {
        return word;
    }
}
