package io.sallyport.drivers.route;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.base.Octets;
import io.sallyport.drivers.netlink.NetlinkReply;
import org.junit.jupiter.api.Test;

class RouteNewsTest {
    private static final int OURS = 83;

    /// ```text
    ///  family destination-bits source-bits tos | table protocol scope type | flags(4)
    /// ```
    private static NetlinkReply route(int type, int protocol) {
        return new NetlinkReply(
                type,
                Octets.of(
                        (byte) 2,
                        (byte) 24,
                        (byte) 0,
                        (byte) 0,
                        (byte) 254,
                        (byte) protocol,
                        (byte) 0,
                        (byte) 6,
                        (byte) 0,
                        (byte) 0,
                        (byte) 0,
                        (byte) 0));
    }

    /// Twelve octets of the rule, and FRA_PROTOCOL in the order of this host.
    private static NetlinkReply rule(int type, int protocol) {
        boolean little = java.nio.ByteOrder.nativeOrder().equals(java.nio.ByteOrder.LITTLE_ENDIAN);
        byte high = 0;
        byte length = 5;
        byte attribute = 21;
        return new NetlinkReply(
                type,
                Octets.of(
                        (byte) 2,
                        high,
                        high,
                        high,
                        high,
                        high,
                        high,
                        high,
                        high,
                        high,
                        high,
                        high,
                        little ? length : high,
                        little ? high : length,
                        little ? attribute : high,
                        little ? high : attribute,
                        (byte) protocol,
                        high,
                        high,
                        high));
    }

    @Test
    void ofWhatWentOursIsHeard() {
        assertTrue(RouteNews.removes(route(Rtnetlink.RTM_DELROUTE, OURS), OURS));
        assertTrue(RouteNews.removes(rule(Rtnetlink.RTM_DELRULE, OURS), OURS));
        assertFalse(RouteNews.removes(route(Rtnetlink.RTM_DELROUTE, 2), OURS));
        assertFalse(RouteNews.removes(rule(Rtnetlink.RTM_DELRULE, 2), OURS));
        assertFalse(RouteNews.removes(route(Rtnetlink.RTM_NEWROUTE, OURS), OURS));
        assertFalse(RouteNews.removes(rule(Rtnetlink.RTM_NEWRULE, OURS), OURS));
        assertFalse(RouteNews.removes(new NetlinkReply(Rtnetlink.RTM_DELRULE, Octets.of()), OURS));
    }
}
