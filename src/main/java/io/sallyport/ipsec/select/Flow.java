package io.sallyport.ipsec.select;

import static io.sallyport.base.packet.PacketBatch.BE16;

import io.sallyport.wire.ip.Icmp;
import io.sallyport.wire.ip.Ipv4;
import io.sallyport.wire.ip.Ipv6;
import io.sallyport.wire.ip.Protocol;
import io.sallyport.wire.ip.UpperLayer;
import java.lang.foreign.MemorySegment;

/// What the policy databases ask of an IP packet: addresses, protocol, ports. One object is made
/// for each pipeline and read anew for each packet; nothing is created on the road. One thread.
///
/// Addresses are numbers as in [io.sallyport.base.net.IpAddress]: IPv4 in the low 32 bits.
public final class Flow {
    /// [#sourcePort] of a packet whose protocol has no ports, or whose header is not here.
    public static final int NO_PORT = -1;

    private boolean v6;
    private long sourceHigh;
    private long sourceLow;
    private long destinationHigh;
    private long destinationLow;
    private int totalLength;
    private long upper;
    private int sourcePort;
    private int destinationPort;

    /// Reads the packet in `available` octets from `at`. False if it is no whole IP packet; then
    /// the rest of this object says nothing.
    public boolean read(MemorySegment memory, long at, int available) {
        if (Ipv4.fits(memory, at, available)) {
            v6 = false;
            sourceHigh = 0;
            sourceLow = Ipv4.source(memory, at) & 0xffffffffL;
            destinationHigh = 0;
            destinationLow = Ipv4.destination(memory, at) & 0xffffffffL;
            totalLength = Ipv4.totalLength(memory, at);
            upper = UpperLayer.inIpv4(memory, at);
        } else if (Ipv6.fits(memory, at, available)) {
            v6 = true;
            sourceHigh = Ipv6.sourceHigh(memory, at);
            sourceLow = Ipv6.sourceLow(memory, at);
            destinationHigh = Ipv6.destinationHigh(memory, at);
            destinationLow = Ipv6.destinationLow(memory, at);
            totalLength = Ipv6.totalLength(memory, at);
            upper = UpperLayer.inIpv6(memory, at);
        } else {
            return false;
        }
        if (UpperLayer.isMalformed(upper)) {
            return false;
        }
        readPorts(memory, at);
        return true;
    }

    private void readPorts(MemorySegment memory, long at) {
        sourcePort = NO_PORT;
        destinationPort = NO_PORT;
        int offset = UpperLayer.offset(upper);
        if (UpperLayer.isLaterFragment(upper)
                || UpperLayer.isHidden(upper)
                || totalLength - offset < 4) {
            return;
        }
        int protocol = UpperLayer.protocol(upper);
        if (Protocol.hasPorts(protocol)) {
            sourcePort = memory.get(BE16, at + offset) & 0xffff;
            destinationPort = memory.get(BE16, at + offset + 2) & 0xffff;
        } else if (protocol == Protocol.ICMP || protocol == Protocol.ICMPV6) {
            // RFC 7296, 3.13.1: type and code "are treated as a single 16-bit integer port number,
            // with Type in the most significant eight bits and Code in the least"
            sourcePort = Icmp.type(memory, at + offset) << 8 | Icmp.code(memory, at + offset);
            destinationPort = sourcePort;
        }
    }

    public boolean v6() {
        return v6;
    }

    public long sourceHigh() {
        return sourceHigh;
    }

    public long sourceLow() {
        return sourceLow;
    }

    public long destinationHigh() {
        return destinationHigh;
    }

    public long destinationLow() {
        return destinationLow;
    }

    /// Octets of the packet by its own header; what was read may be longer (TFC padding).
    public int totalLength() {
        return totalLength;
    }

    /// See [UpperLayer].
    public long upper() {
        return upper;
    }

    public int protocol() {
        return UpperLayer.protocol(upper);
    }

    /// Whether this is a part of a packet only, the first one included.
    public boolean isFragment() {
        return UpperLayer.isFragment(upper);
    }

    /// Whether this is a fragment that has no ports because another one has them.
    public boolean isLaterFragment() {
        return UpperLayer.isLaterFragment(upper);
    }

    /// Whether this is a fragment that does not tell its protocol, see [UpperLayer#isHidden].
    public boolean hidesProtocol() {
        return UpperLayer.isHidden(upper);
    }

    /// Port, or type and code of ICMP, or [#NO_PORT].
    public int sourcePort() {
        return sourcePort;
    }

    public int destinationPort() {
        return destinationPort;
    }
}
