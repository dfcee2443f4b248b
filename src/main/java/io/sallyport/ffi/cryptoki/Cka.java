package io.sallyport.ffi.cryptoki;

/// Attributes of objects, and what some are worth (PKCS#11 v2.40, 4).
public final class Cka {
    public static final long CLASS = 0x0;
    public static final long VALUE = 0x11;
    public static final long KEY_TYPE = 0x100;
    public static final long ID = 0x102;
    public static final long SIGN = 0x108;
    public static final long MODULUS = 0x120;
    public static final long PUBLIC_EXPONENT = 0x122;
    public static final long EC_PARAMS = 0x180;
    public static final long EC_POINT = 0x181;
    public static final long ALWAYS_AUTHENTICATE = 0x202;

    /// Worth of [#CLASS].
    public static final long CERTIFICATE = 1;

    public static final long PUBLIC_KEY = 2;
    public static final long PRIVATE_KEY = 3;

    /// Worth of [#KEY_TYPE].
    public static final long RSA = 0x0;

    public static final long EC = 0x3;
    public static final long EC_EDWARDS = 0x40;

    private Cka() {}
}
