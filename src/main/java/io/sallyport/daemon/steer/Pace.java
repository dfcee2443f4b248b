package io.sallyport.daemon.steer;

/// How often something is done whose cost grows with the configuration: at once while it is cheap;
/// what is dear waits, after it was done, for four times as long as it took, and what is asked for
/// meanwhile is done once. So a thousand tunnels that come up together do not cost a thousand walks
/// over all of them, and the loop has most of its time for others. One thread.
final class Pace {
    /// [#left] if nothing waits.
    static final long NEVER = Long.MAX_VALUE;

    private static final long CHEAP_NANOS = 5_000_000L;
    private static final int REST = 4;

    private boolean waits;
    private boolean rests;
    private long restUntil;

    /// It is wanted. True: do it now, and say [#done]; false: it is due when nothing is [#left].
    ///
    /// @param now monotonic nanoseconds
    boolean wants(long now) {
        waits = true;
        return isDue(now);
    }

    /// Whether what waits is to be done now.
    boolean isDue(long now) {
        return waits && (!rests || now - restUntil >= 0);
    }

    /// It was done, with all that was asked for before `begun`.
    void done(long begun, long ended) {
        long took = ended - begun;
        waits = false;
        rests = took > CHEAP_NANOS;
        restUntil = ended + REST * took;
    }

    /// Nanoseconds until it is due; [#NEVER] if nothing waits.
    long left(long now) {
        return !waits ? NEVER : rests ? Math.max(0, restUntil - now) : 0;
    }
}
