package io.sallyport.wire.ip;

import static io.sallyport.base.packet.PacketBatch.BE16;
import static io.sallyport.base.packet.PacketBatch.BE32;
import static io.sallyport.base.packet.PacketBatch.U8;

import java.lang.foreign.MemorySegment;

/// The TCP header (RFC 9293, 3.1).
///
/// ```text
///   0                   1                   2                   3
///   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
///  +-------------------------------+-------------------------------+
///  |          Source Port          |       Destination Port        |
///  +-------------------------------+-------------------------------+
///  |                        Sequence Number                        |
///  +---------------------------------------------------------------+
///  |                     Acknowledgment Number                     |
///  +-------+-------+-+-+-+-+-+-+-+-+-------------------------------+
///  | Offset| Rsrvd |C|E|U|A|P|R|S|F|             Window            |
///  +-------+-------+-+-+-+-+-+-+-+-+-------------------------------+
///  |            Checksum           |         Urgent Pointer        |
///  +-------------------------------+-------------------------------+
///  |                            Options ...                        |
/// ```
public final class Tcp {
    /// Octets of a header without options.
    public static final int HEADER = 20;

    public static final int FIN = 0x01;
    public static final int SYN = 0x02;
    public static final int RST = 0x04;
    public static final int ACK = 0x10;

    private static final int END_OF_OPTIONS = 0;
    private static final int NO_OPERATION = 1;
    private static final int MAXIMUM_SEGMENT_SIZE = 2;

    private Tcp() {}

    /// Whether `available` octets from `at` hold a whole header with its options.
    public static boolean fits(MemorySegment memory, long at, int available) {
        if (available < HEADER) {
            return false;
        }
        int header = headerLength(memory, at);
        return header >= HEADER && header <= available;
    }

    public static int sourcePort(MemorySegment memory, long at) {
        return memory.get(BE16, at) & 0xffff;
    }

    public static int destinationPort(MemorySegment memory, long at) {
        return memory.get(BE16, at + 2) & 0xffff;
    }

    public static int sequence(MemorySegment memory, long at) {
        return memory.get(BE32, at + 4);
    }

    /// Octets, options included.
    public static int headerLength(MemorySegment memory, long at) {
        return (memory.get(U8, at + 12) & 0xf0) >>> 2;
    }

    public static int flags(MemorySegment memory, long at) {
        return memory.get(U8, at + 13) & 0xff;
    }

    public static int checksum(MemorySegment memory, long at) {
        return memory.get(BE16, at + 16) & 0xffff;
    }

    public static void checksum(MemorySegment memory, long at, int value) {
        memory.set(BE16, at + 16, (short) value);
    }

    /// The offset from `at` of the value (16 bits) of the Maximum Segment Size option, or -1. Stops
    /// at the first option that is malformed.
    public static int maximumSegmentSizeAt(MemorySegment memory, long at) {
        int end = headerLength(memory, at);
        int offset = HEADER;
        while (offset < end) {
            int kind = memory.get(U8, at + offset) & 0xff;
            if (kind == NO_OPERATION) {
                offset++;
                continue;
            }
            if (kind == END_OF_OPTIONS || offset + 2 > end) {
                return -1;
            }
            int length = memory.get(U8, at + offset + 1) & 0xff;
            if (length < 2 || offset + length > end) {
                return -1;
            }
            if (kind == MAXIMUM_SEGMENT_SIZE) {
                return length == 4 ? offset + 2 : -1;
            }
            offset += length;
        }
        return -1;
    }
}
