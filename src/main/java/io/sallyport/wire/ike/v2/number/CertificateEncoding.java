package io.sallyport.wire.ike.v2.number;

/// Forms of certificates (RFC 7296, 3.6; RFC 4806; RFC 7670).
public final class CertificateEncoding {
    public static final int PKCS7_WRAPPED_X509 = 1;
    public static final int PGP = 2;
    public static final int DNS_SIGNED_KEY = 3;

    /// One certificate in DER.
    public static final int X509_SIGNATURE = 4;

    public static final int KERBEROS_TOKEN = 6;
    public static final int CRL = 7;
    public static final int ARL = 8;
    public static final int SPKI = 9;
    public static final int X509_ATTRIBUTE = 10;

    /// A PKCS#1 RSAPublicKey; gone with RFC 7670.
    public static final int RAW_RSA_KEY = 11;

    /// SHA-1 hash, and the URL of a certificate.
    public static final int HASH_AND_URL_X509 = 12;

    /// SHA-1 hash, and the URL of a bundle.
    public static final int HASH_AND_URL_BUNDLE = 13;

    /// An OCSP response; in a request, the hashes of trusted responders.
    public static final int OCSP_CONTENT = 14;

    /// A SubjectPublicKeyInfo in DER.
    public static final int RAW_PUBLIC_KEY = 15;

    private CertificateEncoding() {}
}
