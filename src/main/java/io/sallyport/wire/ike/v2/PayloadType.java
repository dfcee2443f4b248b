package io.sallyport.wire.ike.v2;

/// Numbers of payloads (RFC 7296, 3.2; RFC 7383, 2.5).
public final class PayloadType {
    /// Ends a chain.
    public static final int NONE = 0;

    /// Below are the numbers of IKEv1.
    public static final int FIRST = 33;

    public static final int SA = 33;
    public static final int KEY_EXCHANGE = 34;
    public static final int ID_INITIATOR = 35;
    public static final int ID_RESPONDER = 36;
    public static final int CERTIFICATE = 37;
    public static final int CERTIFICATE_REQUEST = 38;
    public static final int AUTHENTICATION = 39;
    public static final int NONCE = 40;
    public static final int NOTIFY = 41;
    public static final int DELETE = 42;
    public static final int VENDOR_ID = 43;
    public static final int TS_INITIATOR = 44;
    public static final int TS_RESPONDER = 45;

    /// SK: the last of its message, and the others are inside.
    public static final int ENCRYPTED = 46;

    public static final int CONFIGURATION = 47;
    public static final int EAP = 48;

    /// SKF (RFC 7383).
    public static final int ENCRYPTED_FRAGMENT = 53;

    private PayloadType() {}

    /// Whether we have a record for it: what the critical bit asks.
    public static boolean understood(int type) {
        return type >= SA && type <= EAP || type == ENCRYPTED_FRAGMENT;
    }

    /// The notation of RFC 7296, 1.2, or the number.
    public static String name(int type) {
        return switch (type) {
            case SA -> "SA";
            case KEY_EXCHANGE -> "KE";
            case ID_INITIATOR -> "IDi";
            case ID_RESPONDER -> "IDr";
            case CERTIFICATE -> "CERT";
            case CERTIFICATE_REQUEST -> "CERTREQ";
            case AUTHENTICATION -> "AUTH";
            case NONCE -> "Nonce";
            case NOTIFY -> "N";
            case DELETE -> "D";
            case VENDOR_ID -> "V";
            case TS_INITIATOR -> "TSi";
            case TS_RESPONDER -> "TSr";
            case ENCRYPTED -> "SK";
            case CONFIGURATION -> "CP";
            case EAP -> "EAP";
            case ENCRYPTED_FRAGMENT -> "SKF";
            default -> "payload " + type;
        };
    }
}
