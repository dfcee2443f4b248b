package io.sallyport.wire.ip;

import static io.sallyport.base.packet.PacketBatch.BE16;
import static io.sallyport.base.packet.PacketBatch.BE32;
import static io.sallyport.base.packet.PacketBatch.U8;

import java.lang.foreign.MemorySegment;

/// The fragment header of IPv6 (RFC 8200, 4.5).
///
/// ```text
///  +---------------+---------------+-------------------------+---+-+
///  |  Next Header  |   Reserved    |     Fragment Offset     |Res|M|
///  +---------------+---------------+-------------------------+---+-+
///  |                         Identification                        |
///  +---------------------------------------------------------------+
/// ```
public final class Fragment6 {
    public static final int HEADER = 8;

    /// [#locate] where there is none.
    public static final long NONE = -1;

    private Fragment6() {}

    /// Finds the fragment header of a packet that [UpperLayer#inIpv6] has found whole.
    ///
    /// @return its [#offset], and the [#pointer] to it, in one number; or [#NONE]
    public static long locate(MemorySegment memory, long at) {
        int end = Ipv6.totalLength(memory, at);
        int pointer = 6; // the next header field of the IPv6 header
        int offset = Ipv6.HEADER;
        for (int seen = 0; seen < UpperLayer.MOST_EXTENSIONS && end - offset >= HEADER; seen++) {
            int protocol = memory.get(U8, at + pointer) & 0xff;
            if (protocol == Protocol.FRAGMENT) {
                return (long) pointer << 32 | offset;
            }
            if (!Protocol.isExtension(protocol)) {
                return NONE;
            }
            int units = memory.get(U8, at + offset + 1) & 0xff;
            pointer = offset;
            offset += protocol == Protocol.AH ? (units + 2) << 2 : (units + 1) << 3;
        }
        return NONE;
    }

    /// Octets from the IPv6 header to the fragment header.
    public static int offset(long located) {
        return (int) located;
    }

    /// Octets from the IPv6 header to the field that says that a fragment header follows.
    public static int pointer(long located) {
        return (int) (located >>> 32);
    }

    public static int nextHeader(MemorySegment memory, long header) {
        return memory.get(U8, header) & 0xff;
    }

    /// Where the payload stands in the whole one, in octets.
    public static int fragmentOffset(MemorySegment memory, long header) {
        return memory.get(BE16, header + 2) & 0xfff8;
    }

    public static boolean moreFragments(MemorySegment memory, long header) {
        return (memory.get(BE16, header + 2) & 1) != 0;
    }

    public static int identification(MemorySegment memory, long header) {
        return memory.get(BE32, header + 4);
    }
}
