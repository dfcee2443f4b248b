package io.sallyport.creds.der;

/// First octets of DER values, as far as certificates and keys use them (X.680, 8.4).
public final class Tag {
    public static final int BOOLEAN = 0x01;
    public static final int INTEGER = 0x02;
    public static final int BIT_STRING = 0x03;
    public static final int OCTET_STRING = 0x04;
    public static final int NULL = 0x05;
    public static final int OID = 0x06;
    public static final int ENUMERATED = 0x0a;
    public static final int UTF8_STRING = 0x0c;
    public static final int IA5_STRING = 0x16;
    public static final int UTC_TIME = 0x17;
    public static final int GENERALIZED_TIME = 0x18;
    public static final int SEQUENCE = 0x30;
    public static final int SET = 0x31;

    private Tag() {}

    /// `[number]`, with other values inside.
    public static int constructed(int number) {
        return 0xa0 | number;
    }

    /// `[number] IMPLICIT` of something primitive.
    public static int primitive(int number) {
        return 0x80 | number;
    }
}
