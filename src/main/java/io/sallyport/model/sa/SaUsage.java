package io.sallyport.model.sa;

/// What the data plane counted for one child SA. Octets are inner octets. The times are of the
/// host's monotonic clock, `Long.MIN_VALUE` for never.
public record SaUsage(
        long packetsIn,
        long octetsIn,
        long packetsOut,
        long octetsOut,
        long lastInNanos,
        long lastOutNanos) {
    public static final long NEVER = Long.MIN_VALUE;
    public static final SaUsage NONE = new SaUsage(0, 0, 0, 0, NEVER, NEVER);
}
