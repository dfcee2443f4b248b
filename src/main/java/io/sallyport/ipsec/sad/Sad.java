package io.sallyport.ipsec.sad;

import org.jspecify.annotations.Nullable;

/// Inbound SAs by SPI. The IKE loop adds and removes, the worker finds: each change makes a new
/// table and publishes it whole, so that finding takes no lock and creates nothing.
///
/// A table is an array of SAs at least twice as large as their number; an SPI is looked for from
/// the place its bits name, forward, until an empty place.
public final class Sad {
    private volatile @Nullable InboundSa[] table = new InboundSa[8];
    private int count;

    /// Any thread.
    public @Nullable InboundSa find(int spi) {
        @Nullable InboundSa[] now = table;
        int mask = now.length - 1;
        for (int at = place(spi, mask); ; at = at + 1 & mask) {
            InboundSa sa = now[at];
            if (sa == null || sa.spi() == spi) {
                return sa;
            }
        }
    }

    /// The IKE loop only.
    ///
    /// @throws IllegalArgumentException if the SPI is in use
    public void add(InboundSa sa) {
        if (find(sa.spi()) != null) {
            throw new IllegalArgumentException("SPI in use: " + Integer.toHexString(sa.spi()));
        }
        publish(sa, null);
    }

    /// The IKE loop only.
    public void remove(InboundSa sa) {
        if (find(sa.spi()) == sa) {
            publish(null, sa);
        }
    }

    /// SAs in the table. The IKE loop only.
    public int count() {
        return count;
    }

    private void publish(@Nullable InboundSa added, @Nullable InboundSa removed) {
        @Nullable InboundSa[] was = table;
        count += added != null ? 1 : -1;
        @Nullable InboundSa[] fresh = new InboundSa[Math.max(8, Integer.highestOneBit(count) << 2)];
        for (InboundSa sa : was) {
            if (sa != null && sa != removed) {
                put(fresh, sa);
            }
        }
        if (added != null) {
            put(fresh, added);
        }
        table = fresh;
    }

    private static void put(@Nullable InboundSa[] into, InboundSa sa) {
        int mask = into.length - 1;
        int at = place(sa.spi(), mask);
        while (into[at] != null) {
            at = at + 1 & mask;
        }
        into[at] = sa;
    }

    private static int place(int spi, int mask) {
        // Fibonacci hashing: a peer chooses our outbound SPIs only, but ours may carry a pattern
        return (int) ((spi * 0x9e3779b97f4a7c15L) >>> 32) & mask;
    }
}
