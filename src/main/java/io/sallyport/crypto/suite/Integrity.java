package io.sallyport.crypto.suite;

/// Integrity algorithms. `ikev1` is the Authentication Algorithm attribute of RFC 2407, 4.5;
/// `ikev2` Transform Type 3.
public enum Integrity {
    /// None: with an AEAD.
    NONE("none", "", 0, 0, 0, 0, Standing.CURRENT),
    HMAC_MD5_96("md5", "HmacMD5", 1, 1, 16, 12, Standing.BROKEN),
    HMAC_SHA1_96("sha1", "HmacSHA1", 2, 2, 20, 12, Standing.LEGACY),
    /// RFC 3566.
    AES_XCBC_96("aesxcbc", "AesXcbc", 9, 5, 16, 12, Standing.LEGACY),
    /// RFC 4494; no IKEv1 number.
    AES_CMAC_96("aescmac", "AesCmac", Encryption.NO_NUMBER, 8, 16, 12, Standing.LEGACY),
    HMAC_SHA2_256_128("sha256", "HmacSHA256", 5, 12, 32, 16, Standing.CURRENT),
    HMAC_SHA2_384_192("sha384", "HmacSHA384", 6, 13, 48, 24, Standing.CURRENT),
    HMAC_SHA2_512_256("sha512", "HmacSHA512", 7, 14, 64, 32, Standing.CURRENT);

    private final String word;
    private final String jceName;
    private final int ikev1;
    private final int ikev2;
    private final int keyOctets;
    private final int icvOctets;
    private final Standing standing;

    Integrity(
            String word,
            String jceName,
            int ikev1,
            int ikev2,
            int keyOctets,
            int icvOctets,
            Standing standing) {
        this.word = word;
        this.jceName = jceName;
        this.ikev1 = ikev1;
        this.ikev2 = ikev2;
        this.keyOctets = keyOctets;
        this.icvOctets = icvOctets;
        this.standing = standing;
    }

    public String jceName() {
        return jceName;
    }

    public int ikev1() {
        return ikev1;
    }

    public int ikev2() {
        return ikev2;
    }

    public int keyOctets() {
        return keyOctets;
    }

    /// Octets of the truncated tag in a packet.
    public int icvOctets() {
        return icvOctets;
    }

    public Standing standing() {
        return standing;
    }

    /// strongSwan's word, e.g. `sha256`.
    @Override
    public String toString() {
        return word;
    }
}
