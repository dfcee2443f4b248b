package io.sallyport.daemon.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.base.net.IpAddress;
import io.sallyport.testkit.AllocatedOctets;
import org.junit.jupiter.api.Test;

class SourceLimitTest {
    private static final long SECOND = 1_000_000_000L;
    private static final IpAddress LOUD = IpAddress.of("198.51.100.7");

    /// Monotonic clocks may show anything, and go through zero.
    private static final long[] STARTS = {0, -5, Long.MAX_VALUE - 3 * SECOND, Long.MIN_VALUE};

    @Test
    void aBurstThenAnEvenPace() {
        for (long start : STARTS) {
            SourceLimit limit = new SourceLimit(16, 100, 20, 7, start);
            int taken = 0;
            for (long t = 0; t < 10 * SECOND; t += 100_000) {
                taken += limit.take(LOUD, start + t) ? 1 : 0;
            }
            assertEquals(20 + 10 * 100, taken, 1, "from " + start);
        }
    }

    @Test
    void whoWaitsMayHaveABurstAgainAndNotMore() {
        SourceLimit limit = new SourceLimit(16, 10, 5, 7, 0);
        for (long now : new long[] {0, 60 * SECOND}) {
            for (int i = 0; i < 5; i++) {
                assertTrue(limit.take(LOUD, now));
            }
            assertFalse(limit.take(LOUD, now));
        }
    }

    @Test
    void oneSourceDoesNotUseUpWhatOthersHave() {
        SourceLimit limit = new SourceLimit(4096, 100, 100, 99, 0);
        for (int i = 0; i < 100_000; i++) {
            limit.take(LOUD, i);
        }
        int others = 0;
        for (int host = 0; host < 1000; host++) {
            others += limit.take(new IpAddress(false, 0, 0xc0000200L + host), 100_000) ? 1 : 0;
        }
        assertTrue(others >= 998, others + " of 1000 others were heard");
    }

    @Test
    void forgedSourcesCostNoMemory() {
        SourceLimit limit = new SourceLimit(64, 100, 100, 1, 0);
        IpAddress[] many = new IpAddress[1000];
        for (int i = 0; i < many.length; i++) {
            many[i] = new IpAddress(true, i * 0x1234567L, i);
        }
        Runnable all =
                () -> {
                    for (IpAddress source : many) {
                        limit.take(source, 5);
                    }
                };
        for (int i = 0; i < 50; i++) {
            all.run();
        }
        assertEquals(0, AllocatedOctets.of(100, all));
    }

    @Test
    void aTableHasAPowerOfTwoOfPlaces() {
        assertThrows(IllegalArgumentException.class, () -> new SourceLimit(3, 1, 1, 0, 0));
        assertThrows(IllegalArgumentException.class, () -> new SourceLimit(4, 0, 1, 0, 0));
    }
}
