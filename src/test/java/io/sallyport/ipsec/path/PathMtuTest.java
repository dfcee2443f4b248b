package io.sallyport.ipsec.path;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/// What is believed of a message that says "too big", and how long.
class PathMtuTest {
    /// The clock may pass its own end.
    private static final long NOW = Long.parseLong("9223372036854775800");

    @Test
    void whatItSaysHoldsForTenMinutes() {
        PathMtu mtu = new PathMtu(false);
        assertTrue(mtu.tooBig(1400, 1500, NOW));
        assertEquals(1400, mtu.octets(NOW));
        assertEquals(1400, mtu.octets(NOW + PathMtu.KEPT_NANOS - 1));
        assertEquals(PathMtu.ETHERNET, mtu.octets(NOW + PathMtu.KEPT_NANOS));
    }

    @Test
    void floors() {
        PathMtu four = new PathMtu(false);
        assertTrue(four.tooBig(68, 1500, NOW));
        assertEquals(576, four.octets(NOW));
        PathMtu six = new PathMtu(true);
        assertFalse(six.tooBig(1279, 1500, NOW));
        assertFalse(six.tooBig(0, 1500, NOW));
        assertEquals(PathMtu.ETHERNET, six.octets(NOW));
        assertTrue(six.tooBig(1280, 1500, NOW));
        assertEquals(1280, six.octets(NOW));
    }

    @Test
    void neverUpAndNeverAgainstReason() {
        PathMtu mtu = new PathMtu(false);
        assertFalse(mtu.tooBig(1400, 1400, NOW), "that packet would have passed");
        assertFalse(mtu.tooBig(9000, 1500, NOW));
        assertTrue(mtu.tooBig(1300, 1400, NOW));
        assertFalse(mtu.tooBig(1350, 1400, NOW));
        assertEquals(1300, mtu.octets(NOW));
    }

    /// RFC 1191, 5: routers from before it say 0.
    @Test
    void anOldRouterMeansTheNextPlateau() {
        PathMtu mtu = new PathMtu(false);
        assertTrue(mtu.tooBig(0, 1500, NOW));
        assertEquals(1492, mtu.octets(NOW));
        assertTrue(mtu.tooBig(0, 1492, NOW));
        assertEquals(1006, mtu.octets(NOW));
        assertTrue(mtu.tooBig(0, 1006, NOW));
        assertEquals(576, mtu.octets(NOW));
    }
}
