package io.sallyport.daemon.loop;

import io.sallyport.base.net.IpAddress;
import java.util.Arrays;

/// How often each source may ask. A table of fixed size, so that forged addresses cost no memory:
/// sources that fall on one place share what it grants, and a seed keeps anybody from knowing which
/// do. One thread; allocates nothing.
///
/// The rule is the virtual scheduling of a leaky bucket: a place remembers when all that it granted
/// would have been granted at an even pace, and refuses while that lies too far ahead.
final class SourceLimit {
    private final long[] evenly;
    private final long interval;
    private final long ahead;
    private final long seed;

    /// @param places a power of two
    /// @param perSecond in the long run
    /// @param burst at once
    /// @param now monotonic nanoseconds
    SourceLimit(int places, int perSecond, int burst, long seed, long now) {
        if (Integer.bitCount(places) != 1 || perSecond < 1 || burst < 1) {
            throw new IllegalArgumentException(places + " places, " + perSecond + ", " + burst);
        }
        this.evenly = new long[places];
        this.interval = 1_000_000_000L / perSecond;
        this.ahead = interval * (burst - 1);
        this.seed = seed;
        Arrays.fill(evenly, now);
    }

    /// Whether this source may ask now; it counts as asked then.
    ///
    /// @param now monotonic nanoseconds
    boolean take(IpAddress source, long now) {
        int at = place(source);
        long due = evenly[at];
        if (due - now > ahead) {
            return false;
        }
        evenly[at] = (due - now > 0 ? due : now) + interval;
        return true;
    }

    private int place(IpAddress source) {
        long mixed = (source.high() ^ seed) * 0x9e3779b97f4a7c15L + source.low();
        mixed = (mixed ^ mixed >>> 32 ^ seed) * 0xbf58476d1ce4e5b9L;
        return (int) (mixed >>> 40) & evenly.length - 1;
    }
}
