package io.sallyport.wire.ip;

import static io.sallyport.base.packet.PacketBatch.BE16;

import io.sallyport.base.net.IpAddress;
import io.sallyport.base.packet.Checksum;
import java.lang.foreign.MemorySegment;

/// The UDP header (RFC 768).
///
/// ```text
///   0                   1                   2                   3
///   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
///  +-------------------------------+-------------------------------+
///  |          Source Port          |       Destination Port        |
///  +-------------------------------+-------------------------------+
///  |             Length            |            Checksum           |
///  +-------------------------------+-------------------------------+
/// ```
public final class Udp {
    public static final int HEADER = 8;

    private Udp() {}

    /// Whether `available` octets from `at` hold a whole datagram.
    public static boolean fits(MemorySegment memory, long at, int available) {
        if (available < HEADER) {
            return false;
        }
        int length = length(memory, at);
        return length >= HEADER && length <= available;
    }

    public static int sourcePort(MemorySegment memory, long at) {
        return memory.get(BE16, at) & 0xffff;
    }

    public static int destinationPort(MemorySegment memory, long at) {
        return memory.get(BE16, at + 2) & 0xffff;
    }

    /// Octets of the datagram, header included.
    public static int length(MemorySegment memory, long at) {
        return memory.get(BE16, at + 4) & 0xffff;
    }

    /// 0: the sender computed none.
    public static int checksum(MemorySegment memory, long at) {
        return memory.get(BE16, at + 6) & 0xffff;
    }

    /// Writes a header with checksum 0.
    public static void write(
            MemorySegment memory, long at, int sourcePort, int destinationPort, int length) {
        memory.set(BE16, at, (short) sourcePort);
        memory.set(BE16, at + 2, (short) destinationPort);
        memory.set(BE16, at + 4, (short) length);
        memory.set(BE16, at + 6, (short) 0);
    }

    /// Puts the checksum into a datagram over IPv6, where there must be one (RFC 8200, 8.1); zero
    /// is sent as all ones.
    ///
    /// @param length octets, header included
    public static void sumOverIpv6(
            MemorySegment memory, long at, int length, IpAddress from, IpAddress to) {
        long sum = words(from) + words(to) + length + Protocol.UDP;
        int checksum = ~Checksum.fold(sum + Checksum.sum(memory, at, length)) & 0xffff;
        memory.set(BE16, at + 6, (short) (checksum == 0 ? 0xffff : checksum));
    }

    private static long words(IpAddress a) {
        return (a.high() >>> 32)
                + (a.high() & 0xffffffffL)
                + (a.low() >>> 32)
                + (a.low() & 0xffffffffL);
    }
}
