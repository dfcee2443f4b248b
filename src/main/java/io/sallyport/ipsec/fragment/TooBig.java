package io.sallyport.ipsec.fragment;

import io.sallyport.base.packet.Checksum;
import io.sallyport.base.packet.PacketBatch;
import io.sallyport.base.time.RateLimit;
import io.sallyport.ipsec.select.Flow;
import io.sallyport.wire.ip.Icmp;
import io.sallyport.wire.ip.Icmpv6;
import io.sallyport.wire.ip.Ipv4;
import io.sallyport.wire.ip.Ipv6;
import io.sallyport.wire.ip.Protocol;
import io.sallyport.wire.ip.UpperLayer;
import java.lang.foreign.MemorySegment;

/// Tells the sender of a packet that is larger than the tunnel takes and may not be cut: ICMP
/// "fragmentation needed" (RFC 1191, 4) or ICMPv6 "packet too big" (RFC 4443, 3.2). The answer is
/// made in the packet's own slot and goes back through the TUN it came by.
///
/// ```text
///  before                       | inner packet ................ |
///  after    | IP | ICMP header  | its beginning |
/// ```
///
/// The answer's source is the packet's destination: the kernel would refuse a packet from the TUN
/// that bears one of our own addresses, and with that source even a strict reverse path filter
/// agrees. One thread.
public final class TooBig {
    /// RFC 1812, 4.3.2.3: an ICMP error bears as much of the original as fits in 576 octets.
    private static final int MOST_ICMP = 576;

    private static final int TIME_TO_LIVE = 64;
    private static final int BURST = 50;
    private static final int PER_SECOND = 200;

    private final RateLimit rate = new RateLimit(BURST, PER_SECOND);

    /// Makes packet `i`, which `flow` was read from, the answer to itself. False, and the packet as
    /// it was, if it must not be answered, or too many were.
    ///
    /// @param mtu what the tunnel takes, octets
    public boolean answer(PacketBatch batch, int i, Flow flow, int mtu, long nowNanos) {
        if (!answerable(batch, i, flow)
                || batch.start(i) - (flow.v6() ? Ipv6.HEADER : Ipv4.HEADER) - Icmp.HEADER
                        < batch.slotStart(i)
                || !rate.take(nowNanos)) {
            return false;
        }
        if (flow.v6()) {
            packetTooBig(batch, i, mtu);
        } else {
            fragmentationNeeded(batch, i, mtu);
        }
        return true;
    }

    /// RFC 1122, 3.2.2 and RFC 4443, 2.4 e: no error about an error, about a later fragment, about
    /// what went to or came from other than one host.
    private static boolean answerable(PacketBatch batch, int i, Flow flow) {
        if (flow.isLaterFragment() || flow.hidesProtocol()) {
            return false;
        }
        MemorySegment memory = batch.memory();
        int offset = UpperLayer.offset(flow.upper());
        boolean hasType = Icmp.fits(flow.totalLength() - offset);
        long upper = (long) batch.start(i) + offset;
        if (flow.v6()) {
            return !(flow.protocol() == Protocol.ICMPV6
                            && (!hasType || Icmpv6.isError(Icmp.type(memory, upper))))
                    && unicast6(flow.sourceHigh(), flow.sourceLow())
                    && unicast6(flow.destinationHigh(), flow.destinationLow());
        }
        return !(flow.protocol() == Protocol.ICMP
                        && (!hasType || Icmp.isError(Icmp.type(memory, upper))))
                && unicast4((int) flow.sourceLow())
                && unicast4((int) flow.destinationLow());
    }

    private static boolean unicast4(int address) {
        int first = address >>> 24;
        return first != 0 && first != 127 && first < 224;
    }

    private static boolean unicast6(long high, long low) {
        boolean unspecifiedOrLoopback = high == 0 && (low == 0 || low == 1);
        return !unspecifiedOrLoopback && high >>> 56 != 0xff;
    }

    private static void fragmentationNeeded(PacketBatch batch, int i, int mtu) {
        MemorySegment memory = batch.memory();
        int was = batch.start(i);
        int source = Ipv4.destination(memory, was);
        int destination = Ipv4.source(memory, was);
        int quoted = Math.min(batch.length(i), MOST_ICMP - Ipv4.HEADER - Icmp.HEADER);
        int icmp = was - Icmp.HEADER;
        Icmp.write(memory, icmp, Icmp.DESTINATION_UNREACHABLE, Icmp.FRAGMENTATION_NEEDED, mtu);
        Icmp.checksum(memory, icmp, Checksum.of(memory, icmp, Icmp.HEADER + quoted));
        int ip = icmp - Ipv4.HEADER;
        int total = Ipv4.HEADER + Icmp.HEADER + quoted;
        Ipv4.write(memory, ip, 0, total, TIME_TO_LIVE, Protocol.ICMP, source, destination);
        batch.place(i, ip, total);
    }

    private static void packetTooBig(PacketBatch batch, int i, int mtu) {
        MemorySegment memory = batch.memory();
        int was = batch.start(i);
        long sourceHigh = Ipv6.destinationHigh(memory, was);
        long sourceLow = Ipv6.destinationLow(memory, was);
        long destinationHigh = Ipv6.sourceHigh(memory, was);
        long destinationLow = Ipv6.sourceLow(memory, was);
        // RFC 4443, 3.2: "As much of invoking packet as possible without the ICMPv6 packet
        // exceeding the minimum IPv6 MTU"
        int quoted = Math.min(batch.length(i), Ipv6.SMALLEST_MTU - Ipv6.HEADER - Icmpv6.HEADER);
        int icmp = was - Icmpv6.HEADER;
        int message = Icmpv6.HEADER + quoted;
        Icmp.write(memory, icmp, Icmpv6.PACKET_TOO_BIG, 0, mtu);
        int ip = icmp - Ipv6.HEADER;
        Ipv6.write(
                memory,
                ip,
                0,
                message,
                Protocol.ICMPV6,
                TIME_TO_LIVE,
                sourceHigh,
                sourceLow,
                destinationHigh,
                destinationLow);
        Icmp.checksum(memory, icmp, Icmpv6.checksum(memory, ip, icmp, message));
        batch.place(i, ip, Ipv6.HEADER + message);
    }
}
