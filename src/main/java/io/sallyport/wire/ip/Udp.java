package io.sallyport.wire.ip;

import static io.sallyport.base.packet.PacketBatch.BE16;

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
}
