package io.sallyport.ipsec.sad;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/// Inbound SAs by SPI. The IKE loop adds and removes, workers find: a change writes one place of
/// the table, so that it takes no longer with a hundred thousand SAs; finding takes no lock and
/// creates nothing.
///
/// A table is an array of SAs at least twice as large as their number; an SPI is looked for from
/// the place its bits name, forward, until an empty place. A removed SA leaves a grave, which
/// finders pass over; when graves and SAs fill half of the table, a new one is made and published
/// whole.
public final class Sad {
    private static final VarHandle PLACE = MethodHandles.arrayElementVarHandle(Object[].class);
    private static final Object GRAVE = new Object();
    private static final int SMALLEST = 8;

    private volatile @Nullable Object[] table = new Object[SMALLEST];
    private int count;
    private int used;

    /// Any thread.
    public @Nullable InboundSa find(int spi) {
        @Nullable Object[] now = table;
        int mask = now.length - 1;
        for (int at = place(spi, mask); ; at = at + 1 & mask) {
            Object there = PLACE.getAcquire(now, at);
            if (there == null) {
                return null;
            }
            if (there instanceof InboundSa sa && sa.spi() == spi) {
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
        if ((used + 1) * 2 > table.length) {
            rebuild();
        }
        count++;
        put(table, sa);
        used++;
    }

    /// The IKE loop only.
    public void remove(InboundSa sa) {
        @Nullable Object[] now = table;
        int mask = now.length - 1;
        for (int at = place(sa.spi(), mask); now[at] != null; at = at + 1 & mask) {
            if (now[at] == sa) {
                PLACE.setRelease(now, at, GRAVE);
                count--;
                return;
            }
        }
    }

    /// SAs in the table. The IKE loop only.
    public int count() {
        return count;
    }

    /// With room for as many again, and without graves.
    private void rebuild() {
        @Nullable Object[] fresh =
                new Object[Math.max(SMALLEST, Integer.highestOneBit(count + 1) << 2)];
        for (Object there : table) {
            if (there instanceof InboundSa sa) {
                put(fresh, sa);
            }
        }
        used = count;
        table = fresh;
    }

    private static void put(@Nullable Object[] into, InboundSa sa) {
        int mask = into.length - 1;
        int at = place(sa.spi(), mask);
        while (into[at] != null) {
            at = at + 1 & mask;
        }
        PLACE.setRelease(into, at, (Object) sa);
    }

    private static int place(int spi, int mask) {
        // Fibonacci hashing: a peer chooses our outbound SPIs only, but ours may carry a pattern
        return (int) ((spi * 0x9e3779b97f4a7c15L) >>> 32) & mask;
    }
}
