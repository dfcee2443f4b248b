package io.sallyport.ipsec.encap;

import static io.sallyport.base.packet.PacketBatch.BE16;

import io.sallyport.base.net.IpAddress;
import io.sallyport.base.net.Path;
import io.sallyport.base.packet.Checksum;
import io.sallyport.base.packet.PacketBatch;
import io.sallyport.base.telemetry.Drop;
import io.sallyport.ipsec.select.Flow;
import io.sallyport.model.sa.NatOriginal;
import io.sallyport.wire.ip.Ipv4;
import io.sallyport.wire.ip.Ipv6;
import io.sallyport.wire.ip.Protocol;
import io.sallyport.wire.ip.Tcp;
import io.sallyport.wire.ip.Udp;
import io.sallyport.wire.ip.UpperLayer;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// Transport mode (RFC 4301, 4.1; S1-08): the payload of an IP packet alone is protected, between
/// the two hosts that its addresses name. Outbound the IP header is taken off, and the socket
/// writes it anew with the same addresses; inbound it is written anew from the path.
///
/// ```text
///  the host's packet    | IP | upper layer |
///  on the wire          | IP | ESP | upper layer | trailer | ICV |
/// ```
public final class TransportMode {
    /// RFC 1700: "The current recommended default time to live (TTL) for the Internet Protocol (IP)
    /// is 64." For outer headers, and where nobody tells with what a packet came.
    public static final int HOPS = 64;

    private static final int ICMPV6_CHECKSUM = 2;
    private static final int UDP_CHECKSUM = 6;
    private static final int TCP_CHECKSUM = 16;

    private TransportMode() {}

    /// Why a packet cannot go in transport mode; null if it can.
    ///
    /// RFC 4303, 3.3.4: "transport mode ESP is applied only to whole IP datagrams (not to IP
    /// fragments)".
    public static @Nullable Drop refusal(Flow flow) {
        if (UpperLayer.isFragment(flow.upper())) {
            return Drop.FRAGMENT;
        }
        int header = flow.v6() ? Ipv6.HEADER : Ipv4.HEADER;
        return UpperLayer.offset(flow.upper()) == header ? null : Drop.OPTIONS;
    }

    /// Takes the IP header, which has neither options nor extensions, off packet `i`, and gives the
    /// protocol of what is left. DSCP and ECN travel beside it, in the batch.
    public static int unwrap(PacketBatch batch, int i) {
        MemorySegment memory = batch.memory();
        int at = batch.start(i);
        boolean v4 = Ipv4.version(memory, at) == 4;
        int header = v4 ? Ipv4.HEADER : Ipv6.HEADER;
        batch.trafficClass(i, v4 ? Ipv4.trafficClass(memory, at) : Ipv6.trafficClass(memory, at));
        batch.dontFragment(i, v4 && Ipv4.dontFragment(memory, at));
        // The header is the sender's (S1-08): routers count from the hops that it gave the packet
        batch.hopLimit(i, v4 ? Ipv4.timeToLive(memory, at) : Ipv6.hopLimit(memory, at));
        int protocol = v4 ? Ipv4.protocol(memory, at) : Ipv6.nextHeader(memory, at);
        batch.place(i, at + header, batch.length(i) - header);
        return protocol;
    }

    /// Puts an IP header in front of packet `i`, an upper layer packet of `protocol` that came
    /// along `path`. False if the slot has no room for it.
    public static boolean wrap(PacketBatch batch, int i, int protocol, Path path) {
        int hops = batch.hopLimit(i) > 0 ? batch.hopLimit(i) : HOPS;
        MemorySegment memory = batch.memory();
        IpAddress from = path.remote().address();
        IpAddress to = path.local().address();
        int payload = batch.length(i);
        int header = from.v6() ? Ipv6.HEADER : Ipv4.HEADER;
        if (batch.start(i) - header < batch.slotStart(i)) {
            batch.giveRoom(i);
        }
        int at = batch.start(i) - header;
        if (at < batch.slotStart(i) || payload + header > 0xffff) {
            return false;
        }
        if (from.v6()) {
            Ipv6.write(
                    memory,
                    at,
                    batch.trafficClass(i),
                    payload,
                    protocol,
                    hops,
                    from.high(),
                    from.low(),
                    to.high(),
                    to.low());
        } else {
            Ipv4.write(
                    memory,
                    at,
                    batch.trafficClass(i),
                    payload + header,
                    hops,
                    protocol,
                    (int) from.low(),
                    (int) to.low());
        }
        batch.place(i, at, payload + header);
        return true;
    }

    /// Mends the checksum of a packet that came in UDP and may have passed a NAT: behind IP header
    /// `i` stands an upper layer packet whose checksum covers the addresses `original`.
    ///
    /// RFC 3948, 3.1.2: "If the protocol header after the ESP header is a TCP/UDP header and the
    /// peer's real source and destination IP address have been received according to [RFC3947],
    /// incrementally recompute the TCP/UDP checksum". Without them: "compute new checksum", which
    /// the ICV, checked already, makes as good.
    public static void mendChecksum(PacketBatch batch, int i, @Nullable NatOriginal original) {
        MemorySegment memory = batch.memory();
        int ip = batch.start(i);
        boolean v4 = Ipv4.version(memory, ip) == 4;
        int header = v4 ? Ipv4.HEADER : Ipv6.HEADER;
        int protocol = v4 ? Ipv4.protocol(memory, ip) : Ipv6.nextHeader(memory, ip);
        int length = batch.length(i) - header;
        int offset =
                switch (protocol) {
                    case Protocol.TCP -> length < Tcp.HEADER ? -1 : TCP_CHECKSUM;
                    case Protocol.UDP -> length < Udp.HEADER ? -1 : UDP_CHECKSUM;
                    case Protocol.ICMPV6 -> v4 || length < 4 ? -1 : ICMPV6_CHECKSUM;
                    default -> -1;
                };
        if (offset < 0) {
            return;
        }
        int at = ip + header + offset;
        int was = memory.get(BE16, at) & 0xffff;
        if (protocol == Protocol.UDP && was == 0) {
            return; // the sender computed none
        }
        long addresses = Checksum.sum(memory, ip + (v4 ? 12 : 8), v4 ? 8 : 32);
        int mended;
        if (original != null) {
            int before = Checksum.fold(sum(original.peer()) + sum(original.us()));
            mended = Checksum.update(was, before, Checksum.fold(addresses));
        } else {
            memory.set(BE16, at, (short) 0);
            long sum = addresses + protocol + length + Checksum.sum(memory, ip + header, length);
            mended = ~Checksum.fold(sum) & 0xffff;
        }
        // RFC 768: "If the computed checksum is zero, it is transmitted as all ones"
        memory.set(BE16, at, (short) (protocol == Protocol.UDP && mended == 0 ? 0xffff : mended));
    }

    private static long sum(IpAddress a) {
        return (a.high() >>> 32)
                + (a.high() & 0xffffffffL)
                + (a.low() >>> 32)
                + (a.low() & 0xffffffffL);
    }
}
