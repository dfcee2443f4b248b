package io.sallyport.wire.ip;

import static io.sallyport.base.packet.PacketBatch.BE16;
import static io.sallyport.base.packet.PacketBatch.BE32;
import static io.sallyport.base.packet.PacketBatch.BE64;
import static io.sallyport.base.packet.PacketBatch.U8;

import java.lang.foreign.MemorySegment;

/// The IPv6 header (RFC 8200, 3). What stands behind it is found by [UpperLayer].
///
/// ```text
///   0                   1                   2                   3
///   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
///  +-------+---------------+---------------------------------------+
///  |Version| Traffic Class |               Flow Label              |
///  +-------+---------------+-------+---------------+---------------+
///  |         Payload Length        |  Next Header  |   Hop Limit   |
///  +-------------------------------+---------------+---------------+
///  |                  Source Address (16 octets)                   |
///  +---------------------------------------------------------------+
///  |               Destination Address (16 octets)                 |
///  +---------------------------------------------------------------+
/// ```
///
/// Ask [#fits] once; after that every accessor stays inside the packet.
public final class Ipv6 {
    public static final int HEADER = 40;

    /// RFC 8200, 5: "IPv6 requires that every link in the Internet have an MTU of 1280 octets or
    /// greater."
    public static final int SMALLEST_MTU = 1280;

    private Ipv6() {}

    /// Whether `available` octets from `at` hold a whole IPv6 packet. Jumbograms do not fit.
    public static boolean fits(MemorySegment memory, long at, int available) {
        return available >= HEADER
                && Ipv4.version(memory, at) == 6
                && totalLength(memory, at) <= available;
    }

    /// DSCP and ECN.
    public static int trafficClass(MemorySegment memory, long at) {
        return memory.get(BE32, at) >>> 20 & 0xff;
    }

    public static int flowLabel(MemorySegment memory, long at) {
        return memory.get(BE32, at) & 0xfffff;
    }

    /// Octets behind the header, extension headers included.
    public static int payloadLength(MemorySegment memory, long at) {
        return memory.get(BE16, at + 4) & 0xffff;
    }

    /// Octets of the packet, header included.
    public static int totalLength(MemorySegment memory, long at) {
        return HEADER + payloadLength(memory, at);
    }

    public static int nextHeader(MemorySegment memory, long at) {
        return memory.get(U8, at + 6) & 0xff;
    }

    public static int hopLimit(MemorySegment memory, long at) {
        return memory.get(U8, at + 7) & 0xff;
    }

    /// First eight octets of the source.
    public static long sourceHigh(MemorySegment memory, long at) {
        return memory.get(BE64, at + 8);
    }

    /// Last eight octets of the source.
    public static long sourceLow(MemorySegment memory, long at) {
        return memory.get(BE64, at + 16);
    }

    public static long destinationHigh(MemorySegment memory, long at) {
        return memory.get(BE64, at + 24);
    }

    public static long destinationLow(MemorySegment memory, long at) {
        return memory.get(BE64, at + 32);
    }

    /// Writes DSCP and ECN; IPv6 has no header checksum to mend.
    public static void trafficClass(MemorySegment memory, long at, int octet) {
        memory.set(BE32, at, memory.get(BE32, at) & 0xf00fffff | octet << 20);
    }

    /// Writes a header with flow label 0.
    public static void write(
            MemorySegment memory,
            long at,
            int trafficClass,
            int payloadLength,
            int nextHeader,
            int hopLimit,
            long sourceHigh,
            long sourceLow,
            long destinationHigh,
            long destinationLow) {
        memory.set(BE32, at, 6 << 28 | trafficClass << 20);
        memory.set(BE16, at + 4, (short) payloadLength);
        memory.set(U8, at + 6, (byte) nextHeader);
        memory.set(U8, at + 7, (byte) hopLimit);
        memory.set(BE64, at + 8, sourceHigh);
        memory.set(BE64, at + 16, sourceLow);
        memory.set(BE64, at + 24, destinationHigh);
        memory.set(BE64, at + 32, destinationLow);
    }
}
