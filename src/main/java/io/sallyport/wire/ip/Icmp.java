package io.sallyport.wire.ip;

import static io.sallyport.base.packet.PacketBatch.BE16;
import static io.sallyport.base.packet.PacketBatch.BE32;
import static io.sallyport.base.packet.PacketBatch.U8;

import java.lang.foreign.MemorySegment;

/// ICMP for IPv4 (RFC 792).
///
/// ```text
///   0                   1                   2                   3
///   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
///  +---------------+---------------+-------------------------------+
///  |     Type      |     Code      |            Checksum           |
///  +---------------+---------------+-------------------------------+
///  |   by type; with "fragmentation needed": 0, next-hop MTU (16)  |
///  +---------------------------------------------------------------+
/// ```
public final class Icmp {
    public static final int HEADER = 8;

    public static final int ECHO_REPLY = 0;
    public static final int DESTINATION_UNREACHABLE = 3;
    public static final int REDIRECT = 5;
    public static final int ECHO = 8;
    public static final int TIME_EXCEEDED = 11;
    public static final int PARAMETER_PROBLEM = 12;

    /// Code of destination unreachable: fragmentation needed and DF set (RFC 1191, 4).
    public static final int FRAGMENTATION_NEEDED = 4;

    private Icmp() {}

    public static boolean fits(int available) {
        return available >= HEADER;
    }

    public static int type(MemorySegment memory, long at) {
        return memory.get(U8, at) & 0xff;
    }

    public static int code(MemorySegment memory, long at) {
        return memory.get(U8, at + 1) & 0xff;
    }

    public static int checksum(MemorySegment memory, long at) {
        return memory.get(BE16, at + 2) & 0xffff;
    }

    /// The MTU of a "fragmentation needed".
    public static int nextHopMtu(MemorySegment memory, long at) {
        return memory.get(BE16, at + 6) & 0xffff;
    }

    /// Whether a message of this type reports an error; no error is ever answered by an error (RFC
    /// 1122, 3.2.2).
    public static boolean isError(int type) {
        return switch (type) {
            case DESTINATION_UNREACHABLE, 4, REDIRECT, TIME_EXCEEDED, PARAMETER_PROBLEM -> true;
            default -> false;
        };
    }

    /// Writes type, code and the second word; checksum 0.
    public static void write(MemorySegment memory, long at, int type, int code, int word) {
        memory.set(U8, at, (byte) type);
        memory.set(U8, at + 1, (byte) code);
        memory.set(BE16, at + 2, (short) 0);
        memory.set(BE32, at + 4, word);
    }

    public static void checksum(MemorySegment memory, long at, int value) {
        memory.set(BE16, at + 2, (short) value);
    }
}
