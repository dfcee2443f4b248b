package io.sallyport.ipsec.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// S1-07, S4-03: the window against a truth that remembers every number.
class ReplayWindowTest {
    /// Remembers all; finds the high half by trying the three neighbours.
    private static final class SlowTruth {
        private final int packets;
        private final boolean esn;
        private final Set<Long> seen = new HashSet<>();
        private long top;

        SlowTruth(int packets, boolean esn) {
            this.packets = packets;
            this.esn = esn;
        }

        /// The only number with this low half in the 2^32 that begin at the window's left edge.
        long infer(int low) {
            long l = low & 0xffffffffL;
            if (!esn) {
                return l;
            }
            long left = top - packets + 1;
            for (long high = (top >>> 32) - 1; high <= (top >>> 32) + 1; high++) {
                long whole = (high << 32) + l;
                if (whole >= left && whole < left + (1L << 32)) {
                    return whole;
                }
            }
            throw new AssertionError("no number for " + low + " at " + top);
        }

        boolean accept(long sequence) {
            if (sequence <= 0 || sequence <= top - packets || !seen.add(sequence)) {
                return false;
            }
            top = Math.max(top, sequence);
            if (seen.size() > 20_000) {
                seen.removeIf(s -> s <= top - packets);
            }
            return true;
        }
    }

    private static void compare(int steps, long seed) {
        Random random = new Random(seed);
        int[] sizes = {1, 2, 31, 32, 63, 64, 65, 127, 128, 1000, 1024, 2048, 4095, 4096};
        int step = 0;
        while (step < steps) {
            int packets = sizes[random.nextInt(sizes.length)];
            boolean esn = random.nextBoolean();
            ReplayWindow window = new ReplayWindow(packets, esn);
            SlowTruth truth = new SlowTruth(packets, esn);
            long most = esn ? Long.MAX_VALUE >>> 8 : 0xffffffffL;
            for (int k = 0; k < 20_000; k++, step++) {
                long wanted = next(random, truth.top, packets, most);
                long inferred = window.infer((int) wanted);
                assertEquals(truth.infer((int) wanted), inferred);
                boolean may = window.mayAccept(inferred);
                long before = window.top();
                if (random.nextInt(4) == 0) {
                    assertEquals(before, window.top()); // a forged packet: asked, never marked
                    continue;
                }
                boolean taken = truth.accept(inferred);
                assertEquals(taken, may, "at " + before + " came " + inferred);
                assertEquals(taken, window.accept(inferred));
                assertEquals(truth.top, window.top());
            }
        }
    }

    /// Mostly near the top, at times far ahead, at times just before a power of 2^32.
    private static long next(Random random, long top, int packets, long most) {
        long near = top + random.nextInt(packets + 40) - packets - 8;
        long wanted =
                switch (random.nextInt(400)) {
                    case 0 -> top + random.nextInt(1 << 20);
                    case 1 -> top + (random.nextLong() & 0x7fffffff);
                    case 2 -> (top | 0xffffffffL) - random.nextInt(packets + 100);
                    case 3 -> random.nextLong() & 0xffffffffL;
                    default -> near;
                };
        return Math.clamp(wanted, 0, most);
    }

    @Test
    void aMillionStepsAgreeWithTheSlowTruth() {
        compare(1_000_000, 1);
    }

    @Test
    @Tag("slow")
    void tenMillionStepsAgreeWithTheSlowTruth() {
        compare(10_000_000, 2);
    }

    @Test
    void theFirstPacketIsNumberOne() {
        ReplayWindow window = new ReplayWindow(64, false);
        assertFalse(window.mayAccept(0));
        assertFalse(window.accept(0));
        assertTrue(window.accept(1));
        assertFalse(window.accept(1));
    }

    @Test
    void askingMarksNothing() {
        ReplayWindow window = new ReplayWindow(64, false);
        assertTrue(window.mayAccept(1000));
        assertEquals(0, window.top());
        assertTrue(window.accept(1));
    }

    /// The last number of a 32-bit SA is taken once, and nothing follows it.
    @Test
    void withoutEsnNumbersEndAt32Bits() {
        ReplayWindow window = new ReplayWindow(64, false);
        assertTrue(window.accept(0xffffffffL));
        assertFalse(window.mayAccept(window.infer(0xffffffff)));
        assertFalse(window.mayAccept(window.infer(0)));
        assertFalse(window.mayAccept(window.infer(1)));
    }

    @Test
    void withEsnNumbersGoOnAt32Bits() {
        ReplayWindow window = new ReplayWindow(64, true);
        assertTrue(window.accept(0xfffffff0L));
        assertEquals(0x1_0000_0005L, window.infer(5));
        assertTrue(window.accept(0x1_0000_0005L));
        assertEquals(0xfffffff8L, window.infer(0xfffffff8)); // a late one of before
        assertTrue(window.accept(0xfffffff8L));
        assertFalse(window.accept(0xfffffff8L));
        assertEquals(0x1_0000_0006L, window.infer(6));
    }

    /// Before the first subspace there is none.
    @Test
    void withEsnALateNumberBeforeTheFirstIsNone() {
        ReplayWindow window = new ReplayWindow(64, true);
        assertFalse(window.mayAccept(window.infer(0xfffffff0)));
    }

    @Test
    void withoutAWindowEverythingPassesAndEsnStillFindsTheHighHalf() {
        ReplayWindow off = new ReplayWindow(0, false);
        assertTrue(off.accept(5));
        assertTrue(off.accept(5));
        assertTrue(off.accept(1));
        ReplayWindow esn = new ReplayWindow(0, true);
        assertTrue(esn.accept(esn.infer(0x70000000)));
        assertTrue(esn.accept(esn.infer(0xe0000000)));
        assertEquals(0x1_4000_0000L, esn.infer(0x40000000));
        assertTrue(esn.accept(0x1_4000_0000L));
        assertEquals(0xe0000001L, esn.infer(0xe0000001));
    }

    @Test
    void sizesAreBounded() {
        assertThrows(IllegalArgumentException.class, () -> new ReplayWindow(-1, false));
        assertThrows(IllegalArgumentException.class, () -> new ReplayWindow(4097, false));
    }
}
