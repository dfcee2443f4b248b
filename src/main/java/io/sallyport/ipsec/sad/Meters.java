package io.sallyport.ipsec.sad;

import io.sallyport.model.sa.SaUsage;

/// What an SA carried that several workers share: a [Meter] for each of them, and their sum.
public final class Meters {
    private final Meter[] of;

    Meters(int workers) {
        of = new Meter[workers];
        for (int i = 0; i < workers; i++) {
            of[i] = new Meter();
        }
    }

    /// That of one worker.
    public Meter of(int worker) {
        return of[worker];
    }

    public long packets() {
        long sum = 0;
        for (Meter one : of) {
            sum += one.packets();
        }
        return sum;
    }

    /// Inner octets.
    public long octets() {
        long sum = 0;
        for (Meter one : of) {
            sum += one.octets();
        }
        return sum;
    }

    /// Dummy packets sent.
    public long dummies() {
        long sum = 0;
        for (Meter one : of) {
            sum += one.dummies();
        }
        return sum;
    }

    /// When the last packet passed, [SaUsage#NEVER] if none did.
    public long lastNanos() {
        long last = SaUsage.NEVER;
        for (Meter one : of) {
            last = later(last, one.lastNanos());
        }
        return last;
    }

    /// When the last large packet went that must not be cut, [SaUsage#NEVER] if none did.
    public long largeNanos() {
        long last = SaUsage.NEVER;
        for (Meter one : of) {
            last = later(last, one.largeNanos());
        }
        return last;
    }

    private static long later(long one, long other) {
        if (one == SaUsage.NEVER || other == SaUsage.NEVER) {
            return one == SaUsage.NEVER ? other : one;
        }
        return one - other < 0 ? other : one;
    }
}
