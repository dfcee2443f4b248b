package io.sallyport.wire.ike.v2;

/// Kinds of exchanges (RFC 7296, 3.1; RFC 5723, 4.3; RFC 9242, 3.1; RFC 9370, 2.2.4).
public final class ExchangeType {
    public static final int IKE_SA_INIT = 34;
    public static final int IKE_AUTH = 35;
    public static final int CREATE_CHILD_SA = 36;
    public static final int INFORMATIONAL = 37;
    public static final int IKE_SESSION_RESUME = 38;
    public static final int IKE_INTERMEDIATE = 43;
    public static final int IKE_FOLLOWUP_KE = 44;

    private ExchangeType() {}

    /// The name as the RFC writes it, or the number.
    public static String name(int exchangeType) {
        return switch (exchangeType) {
            case IKE_SA_INIT -> "IKE_SA_INIT";
            case IKE_AUTH -> "IKE_AUTH";
            case CREATE_CHILD_SA -> "CREATE_CHILD_SA";
            case INFORMATIONAL -> "INFORMATIONAL";
            case IKE_SESSION_RESUME -> "IKE_SESSION_RESUME";
            case IKE_INTERMEDIATE -> "IKE_INTERMEDIATE";
            case IKE_FOLLOWUP_KE -> "IKE_FOLLOWUP_KE";
            default -> "exchange " + exchangeType;
        };
    }
}
