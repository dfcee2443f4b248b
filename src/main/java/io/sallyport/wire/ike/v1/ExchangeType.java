package io.sallyport.wire.ike.v1;

/// Kinds of exchanges (RFC 2408, 3.1; RFC 2409, appendix A).
public final class ExchangeType {
    public static final int BASE = 1;

    /// "Identity Protection" in RFC 2408, main mode in RFC 2409.
    public static final int MAIN = 2;

    public static final int AUTH_ONLY = 3;
    public static final int AGGRESSIVE = 4;
    public static final int INFORMATIONAL = 5;

    /// Mode configuration and XAuth.
    public static final int TRANSACTION = 6;

    public static final int QUICK = 32;
    public static final int NEW_GROUP = 33;

    private ExchangeType() {}
}
