package io.sallyport.wire.ike.v2.number;

/// What an algorithm is for (RFC 7296, 3.3.2; RFC 9370, 2.2.2).
public final class TransformType {
    public static final int ENCRYPTION = 1;
    public static final int PRF = 2;
    public static final int INTEGRITY = 3;

    /// "Diffie-Hellman Group" until RFC 9370.
    public static final int KEY_EXCHANGE = 4;

    public static final int EXTENDED_SEQUENCE_NUMBERS = 5;

    /// The first of seven.
    public static final int ADDITIONAL_KEY_EXCHANGE_1 = 6;

    public static final int ADDITIONAL_KEY_EXCHANGE_7 = 12;

    private TransformType() {}

    /// Whether it is one of the seven.
    public static boolean isAdditional(int transformType) {
        return transformType >= ADDITIONAL_KEY_EXCHANGE_1
                && transformType <= ADDITIONAL_KEY_EXCHANGE_7;
    }

    /// As IANA abbreviates it, or the number.
    public static String name(int transformType) {
        return switch (transformType) {
            case ENCRYPTION -> "ENCR";
            case PRF -> "PRF";
            case INTEGRITY -> "INTEG";
            case KEY_EXCHANGE -> "KE";
            case EXTENDED_SEQUENCE_NUMBERS -> "ESN";
            default ->
                    isAdditional(transformType)
                            ? "ADDKE" + (transformType - ADDITIONAL_KEY_EXCHANGE_1 + 1)
                            : "transform type " + transformType;
        };
    }
}
