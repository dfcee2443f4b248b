package io.sallyport.model.spec;

import java.time.Duration;
import java.util.function.LongUnaryOperator;

/// How long an SA lives. It is rekeyed at `life - margin - random(0 .. margin * fuzzPercent / 100)`
/// and ends at `life`. Zero in `octets` or `packets` means no such limit; they have the same margin
/// by share.
///
/// @param rekey false: let it expire, the peer rekeys or nobody does
public record LifetimeSpec(
        Duration life, Duration margin, int fuzzPercent, boolean rekey, long octets, long packets) {
    public LifetimeSpec {
        if (life.isNegative()
                || life.isZero()
                || margin.isNegative()
                || fuzzPercent < 0
                || octets < 0
                || packets < 0) {
            throw new IllegalArgumentException(
                    "lifetime " + life + ", margin " + margin + ", fuzz " + fuzzPercent);
        }
    }

    /// Ten years: longer than any SA lives, and still fit for arithmetic with nanoseconds.
    public static final Duration UNLIMITED = Duration.ofDays(3650);

    /// Rekeyed at `soft - random(0 .. random)`, ended `over` after `soft`.
    ///
    /// @param rekey false: something else happens at `soft`
    public static LifetimeSpec ofSoft(
            Duration soft,
            Duration over,
            Duration random,
            boolean rekey,
            long octets,
            long packets) {
        Duration margin = over.isZero() && !random.isZero() ? Duration.ofSeconds(1) : over;
        int fuzz =
                margin.isZero()
                        ? 0
                        : (int) Math.min(100_000, random.toMillis() * 100 / margin.toMillis());
        return new LifetimeSpec(soft.plus(margin), margin, fuzz, rekey, octets, packets);
    }

    /// Not rekeyed by us.
    public static LifetimeSpec untilEnd(Duration life, long octets, long packets) {
        return new LifetimeSpec(life, Duration.ZERO, 0, false, octets, packets);
    }

    public static LifetimeSpec ofTime(Duration life, Duration margin, int fuzzPercent) {
        return new LifetimeSpec(life, margin, fuzzPercent, true, 0, 0);
    }

    /// How long before its end an SA that really lives `lifeNanos` is rekeyed: `margin + random(0
    /// .. margin * fuzz)`, but never so early that less than a quarter of its life is left to use.
    ///
    /// @param below uniform in 0 (inclusive) .. argument (exclusive)
    public long marginOf(long lifeNanos, LongUnaryOperator below) {
        long fuzz = margin.toNanos() / 100 * fuzzPercent;
        long all = margin.toNanos() + (fuzz > 0 ? below.applyAsLong(fuzz) : 0);
        return Math.min(all, lifeNanos - lifeNanos / 4);
    }

    /// Where a limit that is not of time asks for a successor: before `limit` by the share that the
    /// margin has of the life, with its fuzz, but not before a quarter of it is used. Zero stays
    /// zero.
    ///
    /// @param limit octets or packets
    /// @param below uniform in 0 (inclusive) .. argument (exclusive)
    public long softOf(long limit, LongUnaryOperator below) {
        long part = (long) (limit * ((double) margin.toNanos() / life.toNanos()));
        long fuzz = (long) (part * (fuzzPercent / 100.0));
        long all = part + (fuzz > 0 ? below.applyAsLong(fuzz) : 0);
        return limit - Math.min(all, limit - limit / 4);
    }
}
