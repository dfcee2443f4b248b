package io.sallyport.ipsec.fragment;

import static io.sallyport.base.packet.PacketBatch.BE16;

import io.sallyport.base.packet.Checksum;
import io.sallyport.ipsec.select.Flow;
import io.sallyport.wire.ip.Ipv4;
import io.sallyport.wire.ip.Ipv6;
import io.sallyport.wire.ip.Protocol;
import io.sallyport.wire.ip.Tcp;
import io.sallyport.wire.ip.UpperLayer;
import java.lang.foreign.MemorySegment;

/// Lowers the Maximum Segment Size of TCP connections to what the tunnel takes (S3-35), so that
/// they need neither fragments nor ICMP.
public final class MssClamp {
    private MssClamp() {}

    /// Lowers the MSS option of the TCP SYN or SYN-ACK at `at`, which `flow` was read from, to the
    /// MTU less the headers. Never raises it, adds none where there is none, and leaves every other
    /// packet as it is.
    ///
    /// @param mtu largest inner packet in octets
    public static void clamp(MemorySegment memory, long at, Flow flow, int mtu) {
        if (flow.protocol() != Protocol.TCP || flow.isLaterFragment()) {
            return;
        }
        int offset = UpperLayer.offset(flow.upper());
        long tcp = at + offset;
        if (!Tcp.fits(memory, tcp, flow.totalLength() - offset)
                || (Tcp.flags(memory, tcp) & (Tcp.SYN | Tcp.RST)) != Tcp.SYN) {
            return;
        }
        int option = Tcp.maximumSegmentSizeAt(memory, tcp);
        if (option < 0) {
            return;
        }
        // RFC 9293, 3.7.1 and RFC 6691: the MSS counts no options, so the fixed headers only
        int most = mtu - (flow.v6() ? Ipv6.HEADER : Ipv4.HEADER) - Tcp.HEADER;
        int offered = memory.get(BE16, tcp + option) & 0xffff;
        if (offered <= most || most <= 0) {
            return;
        }
        memory.set(BE16, tcp + option, (short) most);
        // An option behind an odd number of no-operations stands across two checksum words, where
        // its octets count the other way round
        boolean odd = (option & 1) != 0;
        int was = odd ? swap(offered) : offered;
        int is = odd ? swap(most) : most;
        Tcp.checksum(memory, tcp, Checksum.update(Tcp.checksum(memory, tcp), was, is));
    }

    private static int swap(int word) {
        return (word & 0xff) << 8 | word >>> 8;
    }
}
