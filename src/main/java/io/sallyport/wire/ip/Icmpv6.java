package io.sallyport.wire.ip;

import static io.sallyport.base.packet.PacketBatch.BE32;

import io.sallyport.base.packet.Checksum;
import java.lang.foreign.MemorySegment;

/// ICMPv6 (RFC 4443, 2.1). Type, code and checksum stand where they do in [Icmp].
///
/// ```text
///   0                   1                   2                   3
///   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
///  +---------------+---------------+-------------------------------+
///  |     Type      |     Code      |            Checksum           |
///  +---------------+---------------+-------------------------------+
///  |   by type; with "packet too big": the MTU of the next link    |
///  +---------------------------------------------------------------+
/// ```
public final class Icmpv6 {
    public static final int HEADER = 8;

    public static final int PACKET_TOO_BIG = 2;
    public static final int ECHO_REQUEST = 128;
    public static final int ECHO_REPLY = 129;
    public static final int REDIRECT = 137;

    private Icmpv6() {}

    /// The MTU of a "packet too big".
    public static int mtu(MemorySegment memory, long at) {
        return memory.get(BE32, at + 4);
    }

    /// RFC 4443, 2.1: "Error messages are identified as such by a zero in the high-order bit of
    /// their message Type field values." A redirect is never answered by an error either (2.4 e).
    public static boolean isError(int type) {
        return type < 128 || type == REDIRECT;
    }

    /// The checksum of a message behind the IPv6 header at `ip`, over the pseudo-header of RFC
    /// 8200, 8.1; the message's checksum field counts as it is.
    public static int checksum(MemorySegment memory, long ip, long message, int length) {
        long sum = Checksum.sum(memory, ip + 8, 32) + length + Protocol.ICMPV6;
        return ~Checksum.fold(sum + Checksum.sum(memory, message, length)) & 0xffff;
    }
}
