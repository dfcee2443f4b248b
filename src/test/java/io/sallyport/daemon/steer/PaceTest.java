package io.sallyport.daemon.steer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class PaceTest {
    private static final long MILLI = 1_000_000L;

    private final Pace pace = new Pace();

    @Test
    void whatIsCheapIsDoneAtOnceEachTime() {
        for (long now = -3 * MILLI; now < 10 * MILLI; now += MILLI) {
            assertTrue(pace.wants(now));
            pace.done(now, now + MILLI / 2);
            assertEquals(Pace.NEVER, pace.left(now));
        }
    }

    @Test
    void whatIsDearRestsAndIsThenDoneOnceForAllWhoAsked() {
        assertTrue(pace.wants(0));
        pace.done(0, 20 * MILLI);
        assertFalse(pace.isDue(200 * MILLI)); // nobody asked
        for (long now = 20 * MILLI; now < 100 * MILLI; now += MILLI) {
            assertFalse(pace.wants(now));
        }
        assertEquals(MILLI, pace.left(99 * MILLI));
        assertTrue(pace.isDue(100 * MILLI));
        pace.done(100 * MILLI, 101 * MILLI);
        assertFalse(pace.isDue(200 * MILLI));
        assertTrue(pace.wants(102 * MILLI)); // it became cheap
    }

    /// A thousand events, each of which wants a settlement of 30 ms.
    @Test
    void aStormTakesAFifthOfTheTime() {
        long spent = 0;
        long now = 0;
        for (int event = 0; event < 1000; event++) {
            if (pace.wants(now)) {
                pace.done(now, now + 30 * MILLI);
                now += 30 * MILLI;
                spent += 30 * MILLI;
            }
            now += MILLI;
        }
        assertTrue(spent * 4 <= now, spent / MILLI + " of " + now / MILLI + " ms");
    }
}
