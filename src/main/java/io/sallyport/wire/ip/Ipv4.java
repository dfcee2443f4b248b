package io.sallyport.wire.ip;

import static io.sallyport.base.packet.PacketBatch.BE16;
import static io.sallyport.base.packet.PacketBatch.BE32;
import static io.sallyport.base.packet.PacketBatch.U8;

import io.sallyport.base.packet.Checksum;
import java.lang.foreign.MemorySegment;

/// The IPv4 header (RFC 791, 3.1).
///
/// ```text
///   0                   1                   2                   3
///   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
///  +-------+-------+---------------+-------------------------------+
///  |Version|  IHL  |Type of Service|          Total Length         |
///  +-------+-------+---------------+-----+-------------------------+
///  |         Identification        |0 D M|     Fragment Offset     |
///  +---------------+---------------+-----+-------------------------+
///  | Time to Live  |    Protocol   |        Header Checksum        |
///  +---------------+---------------+-------------------------------+
///  |                         Source Address                        |
///  +---------------------------------------------------------------+
///  |                      Destination Address                      |
///  +---------------------------------------------------------------+
///  |                    Options and padding ...                    |
/// ```
///
/// Ask [#fits] once; after that every accessor stays inside the packet. `at` is the offset of the
/// header's first octet in `memory`.
public final class Ipv4 {
    /// Octets of a header without options.
    public static final int HEADER = 20;

    /// Most octets of a header.
    public static final int LONGEST_HEADER = 60;

    private static final int DF = 0x4000;
    private static final int MF = 0x2000;
    private static final int OFFSET = 0x1fff;

    private Ipv4() {}

    /// Whether `available` octets from `at` hold a whole IPv4 packet: version 4, a legal header
    /// length, and a total length that is neither less than the header nor more than `available`.
    /// The checksum is not looked at, see [#checksumCorrect].
    public static boolean fits(MemorySegment memory, long at, int available) {
        if (available < HEADER || version(memory, at) != 4) {
            return false;
        }
        int header = headerLength(memory, at);
        int total = totalLength(memory, at);
        return header >= HEADER && header <= total && total <= available;
    }

    /// The version of an IP packet of at least one octet: 4, 6, or something else.
    public static int version(MemorySegment memory, long at) {
        return (memory.get(U8, at) & 0xff) >>> 4;
    }

    /// Octets, options included.
    public static int headerLength(MemorySegment memory, long at) {
        return (memory.get(U8, at) & 0x0f) << 2;
    }

    /// DSCP and ECN (RFC 2474, RFC 3168).
    public static int trafficClass(MemorySegment memory, long at) {
        return memory.get(U8, at + 1) & 0xff;
    }

    /// Octets of the packet, header included.
    public static int totalLength(MemorySegment memory, long at) {
        return memory.get(BE16, at + 2) & 0xffff;
    }

    public static int identification(MemorySegment memory, long at) {
        return memory.get(BE16, at + 4) & 0xffff;
    }

    public static boolean dontFragment(MemorySegment memory, long at) {
        return (memory.get(BE16, at + 6) & DF) != 0;
    }

    public static boolean moreFragments(MemorySegment memory, long at) {
        return (memory.get(BE16, at + 6) & MF) != 0;
    }

    /// Where the payload stands in the whole one, in octets.
    public static int fragmentOffset(MemorySegment memory, long at) {
        return (memory.get(BE16, at + 6) & OFFSET) << 3;
    }

    /// Whether this is a part of a packet only.
    public static boolean isFragment(MemorySegment memory, long at) {
        return (memory.get(BE16, at + 6) & (MF | OFFSET)) != 0;
    }

    public static int timeToLive(MemorySegment memory, long at) {
        return memory.get(U8, at + 8) & 0xff;
    }

    public static int protocol(MemorySegment memory, long at) {
        return memory.get(U8, at + 9) & 0xff;
    }

    public static int checksum(MemorySegment memory, long at) {
        return memory.get(BE16, at + 10) & 0xffff;
    }

    public static int source(MemorySegment memory, long at) {
        return memory.get(BE32, at + 12);
    }

    public static int destination(MemorySegment memory, long at) {
        return memory.get(BE32, at + 16);
    }

    public static boolean checksumCorrect(MemorySegment memory, long at) {
        return Checksum.fold(Checksum.sum(memory, at, headerLength(memory, at))) == 0xffff;
    }

    /// Writes DSCP and ECN and mends the checksum.
    public static void trafficClass(MemorySegment memory, long at, int octet) {
        int was = memory.get(BE16, at) & 0xffff;
        memory.set(U8, at + 1, (byte) octet);
        int now = memory.get(BE16, at) & 0xffff;
        memory.set(BE16, at + 10, (short) Checksum.update(checksum(memory, at), was, now));
    }

    /// Writes the total length; the checksum is the caller's to mend.
    public static void totalLength(MemorySegment memory, long at, int octets) {
        memory.set(BE16, at + 2, (short) octets);
    }

    /// Writes flags and offset; the checksum is the caller's to mend.
    ///
    /// @param offset octets, a multiple of 8
    public static void fragment(
            MemorySegment memory, long at, boolean dontFragment, boolean more, int offset) {
        int word = (dontFragment ? DF : 0) | (more ? MF : 0) | offset >>> 3;
        memory.set(BE16, at + 6, (short) word);
    }

    /// Computes the checksum of a header that is complete but for it.
    public static void mendChecksum(MemorySegment memory, long at) {
        memory.set(BE16, at + 10, (short) 0);
        memory.set(BE16, at + 10, (short) Checksum.of(memory, at, headerLength(memory, at)));
    }

    /// Writes a header of 20 octets with DF clear and identification 0, checksum included.
    public static void write(
            MemorySegment memory,
            long at,
            int trafficClass,
            int totalLength,
            int timeToLive,
            int protocol,
            int source,
            int destination) {
        memory.set(U8, at, (byte) 0x45);
        memory.set(U8, at + 1, (byte) trafficClass);
        memory.set(BE16, at + 2, (short) totalLength);
        memory.set(BE32, at + 4, 0);
        memory.set(U8, at + 8, (byte) timeToLive);
        memory.set(U8, at + 9, (byte) protocol);
        memory.set(BE32, at + 12, source);
        memory.set(BE32, at + 16, destination);
        mendChecksum(memory, at);
    }
}
