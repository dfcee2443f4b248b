package io.sallyport.drivers.route;

import io.sallyport.ffi.linux.Sockets;

/// Numbers of linux/rtnetlink.h, if_link.h, if_addr.h and fib_rules.h.
final class Rtnetlink {
    static final int RTM_NEWLINK = 16;
    static final int RTM_DELLINK = 17;
    static final int RTM_GETLINK = 18;
    static final int RTM_NEWADDR = 20;
    static final int RTM_DELADDR = 21;
    static final int RTM_GETADDR = 22;
    static final int RTM_NEWROUTE = 24;
    static final int RTM_DELROUTE = 25;
    static final int RTM_GETROUTE = 26;
    static final int RTM_NEWRULE = 32;
    static final int RTM_DELRULE = 33;
    static final int RTM_GETRULE = 34;

    static final int IFINFOMSG = 16;
    static final int IFLA_ADDRESS = 1;
    static final int IFLA_IFNAME = 3;
    static final int IFLA_MTU = 4;
    static final int IFLA_MASTER = 10;
    static final int IFLA_LINKINFO = 18;
    static final int IFLA_NET_NS_FD = 28;
    static final int IFLA_INFO_KIND = 1;
    static final int IFLA_INFO_DATA = 2;
    static final int VETH_INFO_PEER = 1;
    static final int IFLA_XFRM_IF_ID = 2;
    static final int IFLA_VTI_IKEY = 2;
    static final int IFLA_VTI_OKEY = 3;
    static final int IFLA_VTI_LOCAL = 4;
    static final int IFLA_VTI_REMOTE = 5;
    static final int IFF_UP = 1;

    static final int IFADDRMSG = 8;
    static final int IFA_ADDRESS = 1;
    static final int IFA_LOCAL = 2;
    static final int IFA_FLAGS = 8;
    static final int IFA_F_NODAD = 0x02;

    static final int RTMSG = 12;
    static final int RTA_DST = 1;
    static final int RTA_OIF = 4;
    static final int RTA_GATEWAY = 5;
    static final int RTA_PRIORITY = 6;
    static final int RTA_PREFSRC = 7;
    static final int RTA_MULTIPATH = 9;
    static final int RTA_TABLE = 15;
    static final int RTA_MARK = 16;
    static final int RTNEXTHOP = 8;
    static final int RTM_F_CLONED = 0x200;
    static final int SCOPE_UNIVERSE = 0;
    static final int SCOPE_LINK = 253;
    static final int SCOPE_HOST = 254;
    static final int SCOPE_NOWHERE = 255;

    static final int FIB_RULE_HDR = 12;
    static final int FIB_RULE_INVERT = 2;
    static final int FR_ACT_TO_TBL = 1;
    static final int FRA_PRIORITY = 6;
    static final int FRA_FWMARK = 10;
    static final int FRA_TABLE = 15;
    static final int FRA_FWMASK = 16;
    static final int FRA_PROTOCOL = 21;

    private Rtnetlink() {}

    static int family(boolean v6) {
        return v6 ? Sockets.AF_INET6 : Sockets.AF_INET;
    }
}
