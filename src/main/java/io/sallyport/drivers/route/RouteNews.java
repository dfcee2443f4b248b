package io.sallyport.drivers.route;

import io.sallyport.drivers.netlink.NetlinkReply;

/// What the kernel tells whoever listens to rtnetlink, of routes and rules that went.
public final class RouteNews {
    /// Groups of both families: routes, rules.
    public static final int GROUPS = 0x40 | 0x400 | 0x80 | 1 << 18;

    /// Addresses of both families.
    public static final int ADDRESS_GROUPS = 0x10 | 0x100;

    private static final int RTM_PROTOCOL = 5;

    private RouteNews() {}

    /// Whether an address came or went.
    public static boolean isOfAddresses(NetlinkReply news) {
        return news.type() == Rtnetlink.RTM_NEWADDR || news.type() == Rtnetlink.RTM_DELADDR;
    }

    /// Whether a route or rule of `protocol` went.
    public static boolean removes(NetlinkReply news, int protocol) {
        return switch (news.type()) {
            case Rtnetlink.RTM_DELROUTE -> news.octet(RTM_PROTOCOL) == protocol;
            case Rtnetlink.RTM_DELRULE ->
                    news.attributes(Rtnetlink.FIB_RULE_HDR).octet(Rtnetlink.FRA_PROTOCOL).orElse(0)
                            == protocol;
            default -> false;
        };
    }
}
