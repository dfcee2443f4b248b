package io.sallyport.ipsec.path;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A path that tells nothing is found out by probes.
class PathSearchTest {
    private static final long SECOND = 1_000_000_000L;
    private static final PathSearch.Signs BUSY = new PathSearch.Signs(0, 0);
    private static final PathSearch.Signs SILENT = new PathSearch.Signs(0, 3 * SECOND);
    private static final PathSearch.Signs IDLE = new PathSearch.Signs(Long.MAX_VALUE, 0);

    private final PathMtu mtu = new PathMtu(false);
    private final PathSearch search = new PathSearch(mtu);
    private long now = -5 * SECOND; // monotonic clocks may begin below nought

    /// Asks and answers until nothing is due.
    private int settle(int path, PathSearch.Signs signs) {
        int probes = 0;
        for (int size = search.due(signs, now); size != 0; size = search.due(BUSY, now)) {
            probes++;
            if (size <= path) {
                search.passed(size, now);
            } else {
                now += SECOND;
                search.tooBig(size, now);
            }
            assertTrue(probes < 40, "no end");
        }
        return probes;
    }

    @ParameterizedTest
    @ValueSource(ints = {1280, 1284, 1300, 1400, 1420, 1480, 1492, 1499})
    void aNarrowPathIsFoundWithinEightOctetsAndNeverExceeded(int path) {
        int probes = settle(path, SILENT);
        int found = mtu.octets(now);
        assertTrue(found <= path && found > path - 9, found + " of " + path);
        assertTrue(probes <= 12, probes + " probes");
    }

    @Test
    void aPathUnder1280FallsToTheFloor() {
        settle(1000, SILENT);
        assertEquals(PathMtu.LEAST4, mtu.octets(now));
    }

    @Test
    void aWidePathIsConfirmedEveryHalfMinuteAndOnlyInUse() {
        assertEquals(0, search.due(IDLE, now));
        assertEquals(1, settle(1500, BUSY));
        assertEquals(0, settle(1500, BUSY));
        now += 31 * SECOND;
        assertEquals(1, settle(1500, BUSY));
        assertEquals(1500, mtu.octets(now));
    }

    @Test
    void oneLostProbeIsBadLuckWhileAnswersComeIn() {
        assertEquals(1500, search.due(BUSY, now));
        search.tooBig(1500, now += SECOND);
        assertEquals(1500, mtu.octets(now));
        assertEquals(1500, search.due(BUSY, now));
        search.passed(1500, now);
        assertEquals(0, search.due(BUSY, now));
    }

    @Test
    void noAnswerSaysNothing() {
        assertEquals(1500, search.due(SILENT, now));
        assertEquals(0, search.due(SILENT, now + 9 * SECOND));
        assertEquals(1500, search.due(SILENT, now + 11 * SECOND));
        assertEquals(1500, mtu.octets(now + 11 * SECOND));
    }

    @Test
    void afterTenMinutesItIsTriedAgainBeforeItIsRaised() {
        settle(1400, SILENT);
        int found = mtu.octets(now);
        long lapse = now + PathMtu.KEPT_NANOS;
        for (now += 31 * SECOND; now < lapse - 12 * SECOND; now += 31 * SECOND) {
            settle(1400, BUSY);
        }
        now = lapse - 5 * SECOND;
        settle(1400, BUSY);
        now = lapse + 5 * SECOND;
        assertEquals(found, mtu.octets(now), "still narrow");
        now += PathMtu.KEPT_NANOS - 15 * SECOND;
        settle(1500, BUSY);
        assertEquals(1500, mtu.octets(now));
    }
}
