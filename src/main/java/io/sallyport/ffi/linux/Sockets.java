package io.sallyport.ffi.linux;

/// Constants of sys/socket.h, netinet/in.h, linux/netlink.h and linux/if_packet.h that sockets
/// need: the same on x86-64 and aarch64.
public final class Sockets {
    public static final int AF_INET = 2;
    public static final int AF_INET6 = 10;
    public static final int AF_NETLINK = 16;
    public static final int AF_PACKET = 17;

    public static final int SOCK_STREAM = 1;
    public static final int SOCK_DGRAM = 2;
    public static final int SOCK_RAW = 3;
    public static final int SOCK_NONBLOCK = 0x800;
    static final int SOCK_CLOEXEC = 0x80000;

    public static final int MSG_TRUNC = 0x20;
    public static final int MSG_DONTWAIT = 0x40;

    public static final int SOL_SOCKET = 1;
    public static final int SO_REUSEADDR = 2;
    public static final int SO_ERROR = 4;
    public static final int SO_SNDBUF = 7;
    public static final int SO_RCVBUF = 8;
    public static final int SO_REUSEPORT = 15;
    public static final int SO_RCVTIMEO = 20;
    public static final int SO_SNDBUFFORCE = 32;
    public static final int SO_BINDTODEVICE = 25;
    public static final int SO_RCVBUFFORCE = 33;
    public static final int SO_TIMESTAMPNS = 35;
    public static final int SO_MARK = 36;

    /// A classic BPF program says how many octets of what comes are kept.
    public static final int SO_ATTACH_FILTER = 26;

    /// Linux 4.5: a classic BPF program chooses the socket of a group that a datagram goes to.
    public static final int SO_ATTACH_REUSEPORT_CBPF = 51;

    public static final int IPPROTO_IP = 0;
    public static final int IPPROTO_ICMP = 1;
    public static final int IPPROTO_TCP = 6;
    public static final int IPPROTO_IPV6 = 41;
    public static final int IPPROTO_ICMPV6 = 58;

    /// What is written is sent at once.
    public static final int TCP_NODELAY = 1;

    /// So many milliseconds may pass without an acknowledgement until a connection is broken.
    public static final int TCP_USER_TIMEOUT = 18;

    /// Of what was not sent yet a socket takes no more than this.
    public static final int TCP_NOTSENT_LOWAT = 25;

    public static final int SOL_UDP = 17;

    /// The kernel takes ESP out of the datagrams of this socket.
    public static final int UDP_ENCAP = 100;

    /// Linux 4.18: one message is sent as datagrams of this size.
    public static final int UDP_SEGMENT = 103;

    /// Linux 5.0: datagrams of one size and flow are received as one message.
    public static final int UDP_GRO = 104;

    public static final int IP_TOS = 1;
    public static final int IP_TTL = 2;
    public static final int IP_HDRINCL = 3;
    public static final int IP_PKTINFO = 8;
    public static final int IP_MTU_DISCOVER = 10;
    public static final int IP_RECVTTL = 12;
    public static final int IP_XFRM_POLICY = 17;
    public static final int IP_RECVTOS = 13;

    public static final int IPV6_MTU_DISCOVER = 23;
    public static final int IPV6_V6ONLY = 26;
    public static final int IPV6_XFRM_POLICY = 35;
    public static final int IPV6_RECVPKTINFO = 49;
    public static final int IPV6_PKTINFO = 50;
    public static final int IPV6_RECVHOPLIMIT = 51;
    public static final int IPV6_HOPLIMIT = 52;
    public static final int IPV6_RECVTCLASS = 66;
    public static final int IPV6_TCLASS = 67;

    /// DF clear: the kernel fragments what is larger than the path takes.
    public static final int PMTUDISC_DONT = 0;

    /// DF set, whatever was heard of the path.
    public static final int PMTUDISC_PROBE = 3;

    /// DF clear: the kernel fragments what is larger than its own link takes, and neither asks nor
    /// believes what was heard of the path.
    public static final int PMTUDISC_OMIT = 5;

    public static final int NETLINK_ROUTE = 0;
    public static final int NETLINK_XFRM = 6;
    public static final int NETLINK_NETFILTER = 12;
    public static final int SOL_NETLINK = 270;
    public static final int NETLINK_CAP_ACK = 10;
    public static final int NETLINK_EXT_ACK = 11;

    public static final int SOL_PACKET = 263;
    public static final int PACKET_STATISTICS = 6;
    public static final int PACKET_AUXDATA = 8;
    public static final int SOL_ICMPV6 = 58;
    public static final int ICMPV6_FILTER = 1;
    public static final int SOL_RAW = 255;
    public static final int ICMP_FILTER = 1;

    private Sockets() {}
}
