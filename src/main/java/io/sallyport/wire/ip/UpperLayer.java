package io.sallyport.wire.ip;

import static io.sallyport.base.packet.PacketBatch.BE16;
import static io.sallyport.base.packet.PacketBatch.U8;

import java.lang.foreign.MemorySegment;

/// Where the upper layer of an IP packet begins and what it is. The answer is one `long`, so that
/// nothing is created:
///
/// ```text
///   63      malformed
///   34      fragment whose protocol only the whole packet tells
///   33      later fragment: no upper layer header here
///   32      fragment
///   31..24  protocol
///   23..0   offset of the upper layer from the IP header, in octets
/// ```
public final class UpperLayer {
    /// No such packet: an extension header runs past the end, or there are more than
    /// [#MOST_EXTENSIONS].
    public static final long MALFORMED = Long.MIN_VALUE;

    /// More extension headers than any honest sender makes; RFC 8200, 4.1 has each but one kind
    /// occur once at most.
    public static final int MOST_EXTENSIONS = 16;

    private static final long HIDDEN = 1L << 34;
    private static final long LATER_FRAGMENT = 1L << 33;
    private static final long FRAGMENT = 1L << 32;

    private UpperLayer() {}

    public static boolean isMalformed(long found) {
        return found < 0;
    }

    public static int protocol(long found) {
        return (int) (found >>> 24) & 0xff;
    }

    /// Octets from the IP header to the upper layer's first octet.
    public static int offset(long found) {
        return (int) found & 0xffffff;
    }

    public static boolean isFragment(long found) {
        return (found & FRAGMENT) != 0;
    }

    /// A fragment that does not begin at offset 0.
    public static boolean isLaterFragment(long found) {
        return (found & LATER_FRAGMENT) != 0;
    }

    /// A fragment of IPv6 of which the fragmentable part begins with an extension header. Later
    /// ones do not have it, and none of them tells the upper layer: [#protocol] is the number of
    /// that header, for the first one, too, so that all are taken alike.
    public static boolean isHidden(long found) {
        return (found & HIDDEN) != 0;
    }

    /// In a packet that [Ipv4#fits].
    public static long inIpv4(MemorySegment memory, long at) {
        long found = (long) Ipv4.protocol(memory, at) << 24 | Ipv4.headerLength(memory, at);
        if (Ipv4.isFragment(memory, at)) {
            found |= FRAGMENT;
            if (Ipv4.fragmentOffset(memory, at) != 0) {
                found |= LATER_FRAGMENT;
            }
        }
        return found;
    }

    /// In a packet that [Ipv6#fits]: walks hop-by-hop, routing, fragment, AH and destination
    /// options headers.
    ///
    /// ```text
    ///  hop-by-hop, routing, options   | next | length, 8 octets, less 1 | ...
    ///  fragment                       | next | 0 | offset (13), 0 (2), M | identification |
    ///  AH                             | next | length, 4 octets, less 2 | ...
    /// ```
    public static long inIpv6(MemorySegment memory, long at) {
        int end = Ipv6.totalLength(memory, at);
        int offset = Ipv6.HEADER;
        int protocol = Ipv6.nextHeader(memory, at);
        long flags = 0;
        for (int seen = 0; Protocol.isExtension(protocol); seen++) {
            if (seen == MOST_EXTENSIONS || end - offset < 8) {
                return MALFORMED;
            }
            int next = memory.get(U8, at + offset) & 0xff;
            int units = memory.get(U8, at + offset + 1) & 0xff;
            int octets = (units + 1) << 3;
            if (protocol == Protocol.AH) {
                octets = (units + 2) << 2;
            } else if (protocol == Protocol.FRAGMENT) {
                octets = 8;
                int word = memory.get(BE16, at + offset + 2) & 0xffff;
                // An "atomic fragment" (RFC 6946) is a whole packet
                if ((word & 0xfff9) != 0) {
                    flags |= FRAGMENT;
                }
                if ((word & 0xfff8) != 0) {
                    flags |= LATER_FRAGMENT;
                }
                if ((flags & FRAGMENT) != 0 && Protocol.isExtension(next)) {
                    return flags | HIDDEN | (long) next << 24 | (offset + octets);
                }
                if ((flags & LATER_FRAGMENT) != 0) {
                    // What follows is the middle of something, whatever its number says
                    return flags | (long) next << 24 | (offset + octets);
                }
            }
            offset += octets;
            if (offset > end) {
                return MALFORMED;
            }
            protocol = next;
        }
        return flags | (long) protocol << 24 | offset;
    }
}
