package io.sallyport.ipsec.path;

/// Finds out what a path takes where no ICMP comes (after RFC 4821 and RFC 8899): when to probe,
/// with which size, and what an answer means. The IKE loop only.
///
/// ```text
///  large packets go out and nothing comes in, or half a minute passed  -> probe the current size
///    it passes                 -> all is well
///    only a small one passes   -> down to 1280 at once; then up again, by halves, and at the end
///                                 what did not pass once more: it may have been lost by chance
///  ten minutes nearly over     -> probe 1500: up, or ten minutes more
/// ```
///
/// A probe that nobody answers says nothing: the peer may be gone.
public final class PathSearch {
    /// Every IPv6 path takes it, and nearly every IPv4 path.
    static final int BASE = 1280;

    /// A search ends when what passes and what does not are so near.
    private static final int NEAR = 8;

    private static final long SECOND = 1_000_000_000;

    /// RFC 8899, 5.1.1: a path in use is confirmed now and then.
    private static final long CONFIRM_NANOS = 30 * SECOND;

    /// Between two probes out of suspicion.
    private static final long SUSPECT_NANOS = 5 * SECOND;

    /// How long a probe may be without an answer before it is forgotten.
    private static final long PATIENCE_NANOS = 10 * SECOND;

    private final PathMtu mtu;
    private boolean searching;
    private boolean suspicious;
    private int low;
    private int high;
    private int asked;
    private int failures;
    private long askedAt;
    private long confirmedAt;
    private long suspectedAt;
    private boolean everSuspected;
    private boolean everAsked;

    /// Blocks of a cipher are too coarse to look between low and high.
    private boolean stuck;

    private boolean everConfirmed;

    public PathSearch(PathMtu mtu) {
        this.mtu = mtu;
    }

    /// What the data plane sees.
    ///
    /// @param largeNanos since the last packet went out that is large and must not be cut
    /// @param heardNanos since the last authentic packet came in
    public record Signs(long largeNanos, long heardNanos) {
        boolean inUse() {
            return largeNanos < 2 * SECOND;
        }

        boolean silent() {
            return heardNanos >= SECOND / 2;
        }
    }

    /// The size to probe now, octets of the whole packet; 0: none.
    public int due(Signs signs, long now) {
        if (asked != 0 && now - askedAt < PATIENCE_NANOS) {
            return 0;
        }
        int current = mtu.octets(now);
        int size = 0;
        if (searching) {
            size = low < current ? current : isWide() ? (low + high) / 2 : high;
        } else if (mtu.lapses(PATIENCE_NANOS, now) && signs.inUse()) {
            size = PathMtu.ETHERNET;
        } else if (signs.inUse()
                && signs.silent()
                && (!everSuspected || now - suspectedAt >= SUSPECT_NANOS)) {
            suspicious = true;
            everSuspected = true;
            suspectedAt = now;
            size = current;
        } else if (signs.inUse()
                && (!everConfirmed || now - confirmedAt >= CONFIRM_NANOS)
                && (!everAsked || now - askedAt >= (failures > 0 ? 0 : CONFIRM_NANOS))) {
            suspicious = false;
            size = current;
        }
        if (size != 0) {
            asked = size;
            askedAt = now;
            everAsked = true;
        }
        return size;
    }

    /// A probe passed.
    ///
    /// @param size what it had: at most what was asked for
    /// @return whether the path MTU is another one now
    public boolean passed(int size, long now) {
        int wanted = asked;
        asked = 0;
        confirmedAt = now;
        everConfirmed = true;
        failures = 0;
        int before = mtu.octets(now);
        // A cipher with blocks cannot make a probe of just any size
        int proven = wanted <= before ? wanted : size;
        if (searching) {
            stuck = low > 0 && proven <= low;
            low = Math.max(low, proven);
            if (wanted == high) {
                // What had not passed before was lost by chance
                high = PathMtu.ETHERNET;
                stuck = false;
                searching = low < high;
            }
        }
        if (proven > before) {
            mtu.set(wanted == PathMtu.ETHERNET ? wanted : proven, now);
            return true;
        }
        return false;
    }

    /// A probe did not pass, and the peer is there.
    ///
    /// @return whether the path MTU is another one now
    public boolean tooBig(int size, long now) {
        boolean last = asked == high;
        asked = 0;
        int current = mtu.octets(now);
        if (size > current) {
            if (searching) {
                searching = !last;
                high = Math.min(high, size);
            } else {
                mtu.set(current, now); // ten minutes more
            }
            return false;
        }
        // One that is lost may have had bad luck
        if (!suspicious && !searching && ++failures < 2) {
            return false;
        }
        failures = 0;
        high = size;
        low = 0;
        stuck = false;
        searching = current > BASE;
        return mtu.lower(searching ? BASE : mtu.least(), now);
    }

    private boolean isWide() {
        return high - low > NEAR && !stuck;
    }

    /// Somebody said it: there is nothing to look for.
    public void told() {
        searching = false;
        asked = 0;
        failures = 0;
    }
}
