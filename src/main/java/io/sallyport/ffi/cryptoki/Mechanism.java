package io.sallyport.ffi.cryptoki;

/// How a token is to sign.
///
/// @param number e.g. `CKM_ECDSA`
/// @param pss what RSASSA-PSS needs beside; NONE for all others
public record Mechanism(long number, Pss pss) {
    public static final long RSA_PKCS = 0x1;
    public static final long RSA_PKCS_PSS = 0xD;
    public static final long SHA1_RSA_PKCS = 0x6;
    public static final long SHA256_RSA_PKCS = 0x40;
    public static final long SHA384_RSA_PKCS = 0x41;
    public static final long SHA512_RSA_PKCS = 0x42;
    public static final long SHA256_RSA_PKCS_PSS = 0x43;
    public static final long SHA384_RSA_PKCS_PSS = 0x44;
    public static final long SHA512_RSA_PKCS_PSS = 0x45;
    public static final long ECDSA = 0x1041;
    public static final long EDDSA = 0x1057;

    /// `CK_RSA_PKCS_PSS_PARAMS`.
    ///
    /// @param hash the `CKM_` of the hash
    /// @param generator the `CKG_` of MGF1 with it
    public record Pss(long hash, long generator, long salt) {
        public static final Pss NONE = new Pss(0, 0, 0);
        public static final Pss SHA256 = new Pss(0x250, 2, 32);
        public static final Pss SHA384 = new Pss(0x260, 3, 48);
        public static final Pss SHA512 = new Pss(0x270, 4, 64);
    }

    public Mechanism(long number) {
        this(number, Pss.NONE);
    }
}
