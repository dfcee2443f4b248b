package io.sallyport.ike.sa;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/// Which SPIs may be those of our IKE SAs, for the thread that receives: it asks before it copies
/// anything. The engine's thread changes it, any thread asks; asking takes no lock and creates
/// nothing.
///
/// A place for each value of sixteen bits, with the number of our SPIs that have it: our SPIs are
/// random, so that any of their bits do. It never denies an SPI of ours; of a million strangers'
/// beside a hundred SAs it lets 1,500 through, which are found out by the engine.
public final class SpiSieve {
    private static final VarHandle COUNT = MethodHandles.arrayElementVarHandle(short[].class);

    private final short[] counts = new short[1 << 16];

    /// The engine's thread only.
    public void add(long ourSpi) {
        change(ourSpi, 1);
    }

    /// The engine's thread only.
    public void remove(long ourSpi) {
        change(ourSpi, -1);
    }

    private void change(long spi, int by) {
        int at = place(spi);
        COUNT.setRelease(counts, at, (short) (counts[at] + by));
    }

    /// Whether an IKE SA of ours may have this SPI. Any thread.
    public boolean mayHave(long spi) {
        return (short) COUNT.getAcquire(counts, place(spi)) != 0;
    }

    private static int place(long spi) {
        return (int) (spi >>> 48);
    }
}
