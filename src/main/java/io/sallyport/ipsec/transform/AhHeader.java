package io.sallyport.ipsec.transform;

import static io.sallyport.base.packet.PacketBatch.BE16;
import static io.sallyport.base.packet.PacketBatch.BE32;
import static io.sallyport.base.packet.PacketBatch.U8;

import io.sallyport.wire.ip.Ipv4;
import java.lang.foreign.MemorySegment;

/// What AH's ICV takes of an IP header (RFC 4302, 3.3.3.1): fields that routers change count as
/// zero.
///
/// ```text
///  IPv4 mutable    TOS, flags, fragment offset, TTL, header checksum, most options
///  IPv6 mutable    traffic class, flow label, hop limit
/// ```
final class AhHeader {
    private static final int END_OF_OPTIONS = 0;
    private static final int NO_OPERATION = 1;

    private AhHeader() {}

    /// Zeroes what is mutable in the IPv4 header at `at`. False if its options are malformed.
    static boolean mask4(MemorySegment memory, long at) {
        memory.set(U8, at + 1, (byte) 0);
        memory.set(BE16, at + 6, (short) 0);
        memory.set(U8, at + 8, (byte) 0);
        memory.set(BE16, at + 10, (short) 0);
        int end = Ipv4.headerLength(memory, at);
        int option = Ipv4.HEADER;
        while (option < end) {
            int type = memory.get(U8, at + option) & 0xff;
            if (type == END_OF_OPTIONS) {
                return true;
            }
            if (type == NO_OPERATION) {
                option++;
                continue;
            }
            int octets = option + 1 < end ? memory.get(U8, at + option + 1) & 0xff : 0;
            if (octets < 2 || option + octets > end) {
                return false;
            }
            if (!isImmutable(type)) {
                // RFC 4302, 3.3.3.1.1.2: an option is mutable or immutable as a whole
                for (int k = 0; k < octets; k++) {
                    memory.set(U8, at + option + k, (byte) 0);
                }
            }
            option += octets;
        }
        return true;
    }

    /// RFC 4302, appendix A1: security, extended security, commercial security, router alert,
    /// sender directed multi-destination delivery.
    private static boolean isImmutable(int type) {
        return switch (type) {
            case 130, 133, 134, 148, 149 -> true;
            default -> false;
        };
    }

    /// The first 20 octets of an IPv4 header as the ICV takes them.
    static void write4(
            MemorySegment memory,
            long at,
            int totalLength,
            int id,
            int from,
            int to,
            int protocol) {
        memory.set(BE16, at, (short) 0x4500);
        memory.set(BE16, at + 2, (short) totalLength);
        memory.set(BE16, at + 4, (short) id);
        memory.set(BE16, at + 6, (short) 0);
        memory.set(U8, at + 8, (byte) 0);
        memory.set(U8, at + 9, (byte) protocol);
        memory.set(BE16, at + 10, (short) 0);
        memory.set(BE32, at + 12, from);
        memory.set(BE32, at + 16, to);
    }
}
