package io.sallyport.base.time;

/// A token bucket (RFC 4443, 2.4 f): so many at once, so many a second. One thread.
public final class RateLimit {
    private final long burst;
    private final long intervalNanos;
    private long tokens;
    private long filledNanos;
    private boolean begun;

    public RateLimit(int burst, int perSecond) {
        this.burst = burst;
        this.intervalNanos = 1_000_000_000L / perSecond;
        this.tokens = burst;
    }

    public boolean take(long nowNanos) {
        if (!begun) {
            begun = true;
            filledNanos = nowNanos;
        }
        long fresh = (nowNanos - filledNanos) / intervalNanos;
        if (fresh > 0) {
            filledNanos += fresh * intervalNanos;
            tokens = Math.min(burst, tokens + fresh);
        }
        if (tokens == 0) {
            return false;
        }
        tokens--;
        return true;
    }
}
