package io.sallyport.wire.ip;

/// IP protocol numbers (the IPv4 protocol field, the IPv6 next header) that the packet road knows.
public final class Protocol {
    public static final int HOP_BY_HOP = 0;
    public static final int ICMP = 1;

    /// IPv4 in IP: the next header of a tunnelled IPv4 packet.
    public static final int IPV4 = 4;

    public static final int TCP = 6;
    public static final int UDP = 17;
    public static final int DCCP = 33;

    /// IPv6 in IP: the next header of a tunnelled IPv6 packet.
    public static final int IPV6 = 41;

    public static final int ROUTING = 43;
    public static final int FRAGMENT = 44;
    public static final int ESP = 50;
    public static final int AH = 51;
    public static final int ICMPV6 = 58;

    /// No next header (RFC 8200, 4.7); in ESP a dummy packet (RFC 4303, 2.6).
    public static final int NONE = 59;

    public static final int DESTINATION_OPTIONS = 60;
    public static final int IPCOMP = 108;
    public static final int SCTP = 132;
    public static final int UDP_LITE = 136;

    private Protocol() {}

    /// Whether the upper layer header begins with a source and a destination port.
    public static boolean hasPorts(int protocol) {
        return switch (protocol) {
            case TCP, UDP, DCCP, SCTP, UDP_LITE -> true;
            default -> false;
        };
    }

    /// Whether the number names an IPv6 extension header that stands between the IPv6 header and
    /// the upper layer. ESP is none: what follows it cannot be read.
    public static boolean isExtension(int protocol) {
        return switch (protocol) {
            case HOP_BY_HOP, ROUTING, FRAGMENT, AH, DESTINATION_OPTIONS -> true;
            default -> false;
        };
    }
}
