package io.sallyport.ike.sa;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Set;

/// Which SPIs may be those of our IKE SAs, for the thread that receives: it asks before it copies
/// anything. The engine's thread changes it, any thread asks; asking takes no lock and creates
/// nothing.
///
/// A place for each value of so many bits, with the number of our SPIs that have it: our SPIs are
/// random, so that any of their bits do. It never denies an SPI of ours; of a million strangers'
/// beside a hundred SAs it lets 1,500 through, which are found out by the engine. It grows with the
/// SAs, so that it is never more than 16,000.
public final class SpiSieve {
    private static final VarHandle COUNT = MethodHandles.arrayElementVarHandle(short[].class);

    private static final int FEWEST_BITS = 16;

    /// 8 MB; only with more SAs than 65,536 it lets more through.
    private static final int MOST_BITS = 22;

    /// For each SA so many places at least.
    private static final int SPARSE = 64;

    /// Replaced as a whole when it grows; the engine's thread alone writes.
    private volatile short[] counts = new short[1 << FEWEST_BITS];

    /// The engine's thread only.
    ///
    /// @param all our SPIs, this one included
    public void add(long ourSpi, Set<Long> all) {
        if (counts.length < 1 << MOST_BITS && all.size() > counts.length / SPARSE) {
            short[] wider = new short[counts.length * 4];
            all.forEach(spi -> change(wider, spi, 1));
            counts = wider;
        } else {
            change(counts, ourSpi, 1);
        }
    }

    /// The engine's thread only.
    public void remove(long ourSpi) {
        change(counts, ourSpi, -1);
    }

    private static void change(short[] counts, long spi, int by) {
        int at = place(counts, spi);
        COUNT.setRelease(counts, at, (short) (counts[at] + by));
    }

    /// Whether an IKE SA of ours may have this SPI. Any thread.
    public boolean mayHave(long spi) {
        short[] now = counts;
        return (short) COUNT.getAcquire(now, place(now, spi)) != 0;
    }

    private static int place(short[] counts, long spi) {
        return (int) (spi >>> 64 - Integer.numberOfTrailingZeros(counts.length));
    }
}
