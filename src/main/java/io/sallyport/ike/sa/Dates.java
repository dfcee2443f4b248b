package io.sallyport.ike.sa;

import io.sallyport.base.time.Deadlines;
import io.sallyport.model.spec.IkeSpec;
import io.sallyport.model.spec.LifetimeSpec;
import java.util.function.LongUnaryOperator;

/// When an IKE SA was established, and when it shall be rekeyed, authenticated anew, and end.
///
/// @param authenticatedAt when it was established, or that which it descends from by rekeying
public record Dates(
        long establishedAt, long authenticatedAt, long rekeyAt, long reauthAt, long expiresAt) {
    public static final Dates NONE =
            new Dates(0, 0, Deadlines.NEVER, Deadlines.NEVER, Deadlines.NEVER);

    private static final long SECOND = 1_000_000_000L;

    /// After an authentication the next one.
    private static final long SOONEST_SECONDS = 30;

    /// Of an SA that is established now. Who began it authenticates it anew.
    public static Dates from(IkeSpec spec, boolean initiator, long now, LongUnaryOperator below) {
        LifetimeSpec lifetime = spec.lifetime();
        long life = lifetime.life().toNanos();
        long reauth = spec.reauth().toNanos();
        return new Dates(
                now,
                now,
                lifetime.rekey() ? now + life - lifetime.marginOf(life, below) : Deadlines.NEVER,
                reauth > 0 && initiator
                        ? now + reauth - lifetime.marginOf(reauth, below)
                        : Deadlines.NEVER,
                now + life);
    }

    /// The peer keeps our authentication for `seconds` only (RFC 4478, 3): it is done anew before.
    /// A word that makes it later, or that would have us do nothing else, does not count.
    public Dates authenticatedFor(long seconds, long now) {
        long margin = Math.max(seconds / 10, 10);
        long wait = Math.max(seconds - margin, SOONEST_SECONDS);
        return new Dates(
                establishedAt,
                authenticatedAt,
                rekeyAt,
                Math.min(reauthAt, now + wait * SECOND),
                expiresAt);
    }

    /// A successor by rekeying is not authenticated anew: it inherits that date.
    public Dates authenticatedAs(Dates predecessor) {
        return new Dates(
                establishedAt,
                predecessor.authenticatedAt,
                rekeyAt,
                predecessor.reauthAt,
                expiresAt);
    }
}
