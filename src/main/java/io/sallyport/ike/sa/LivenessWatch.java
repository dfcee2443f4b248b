package io.sallyport.ike.sa;

import io.sallyport.base.time.Deadlines;
import io.sallyport.model.spec.DpdSpec;

/// When to ask a silent peer for a sign of life, and when to call it dead (RFC 3706, 5.1: traffic
/// is proof of liveliness; only silence needs a probe).
final class LivenessWatch {
    private final DpdSpec spec;
    private long probedAt = Long.MIN_VALUE;
    private long firstProbeAt;
    private boolean repeated;

    LivenessWatch(DpdSpec spec) {
        this.spec = spec;
    }

    enum Verdict {
        ALIVE,
        PROBE,
        DEAD
    }

    /// @param heard when the peer last gave a sign of life
    Verdict judge(long heard, long now) {
        if (now >= deadAt(heard)) {
            return Verdict.DEAD;
        }
        if (now < nextProbe(heard)) {
            return Verdict.ALIVE;
        }
        if (probedAt <= heard) {
            firstProbeAt = now;
        }
        repeated = probedAt > heard && !repeated;
        probedAt = now;
        return Verdict.PROBE;
    }

    /// After `timeout` of silence, but nobody is dead who was not asked and given time to answer:
    /// not with a timeout that is hardly longer than the delay, nor after we ourselves were
    /// suspended.
    private long deadAt(long heard) {
        return probedAt <= heard
                ? Deadlines.NEVER
                : Math.max(
                        heard + spec.timeout().toNanos(),
                        firstProbeAt + spec.timeout().toNanos() / 3);
    }

    /// A probe each `delay` of silence, and each of them once more a little later, because one lost
    /// datagram shall not bring a tunnel down.
    private long nextProbe(long heard) {
        long delay = spec.delay().toNanos();
        if (probedAt <= heard) {
            return heard + delay;
        }
        return probedAt + (repeated ? delay - delay / 5 : delay / 5);
    }

    long nextDeadline(long heard) {
        return spec.isOn() ? Math.min(deadAt(heard), nextProbe(heard)) : Deadlines.NEVER;
    }
}
