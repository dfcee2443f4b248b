package io.sallyport.ipsec.encap;

import io.sallyport.base.packet.PacketBatch;
import io.sallyport.model.sa.OuterHeader;
import io.sallyport.wire.ip.Ipv4;
import io.sallyport.wire.ip.Ipv6;
import io.sallyport.wire.ip.Protocol;
import java.lang.foreign.MemorySegment;

/// Tunnel mode (RFC 4301, 5.1.2; S1-10): the inner packet stays whole, the outer header is the
/// kernel socket's. What the outer header takes from the inner one travels beside the packet, in
/// the batch.
///
/// TTL: RFC 4301, 5.1.2.1 has the inner TTL decremented when the packet is *forwarded*. The packet
/// came through a TUN, so the kernel's forwarding did that already; doing it again would count our
/// gateway twice.
public final class TunnelMode {
    private static final int ECN = 0x03;
    private static final int DSCP = 0xfc;
    private static final int NOT_ECT = 0;
    private static final int ECT_1 = 1;
    private static final int CE = 3;

    private TunnelMode() {}

    /// Sets what the outer header takes from inner packet `i`, and gives the next header of the ESP
    /// trailer.
    public static int wrap(PacketBatch batch, int i, OuterHeader outer) {
        MemorySegment memory = batch.memory();
        long at = batch.start(i);
        boolean v4 = Ipv4.version(memory, at) == 4;
        int inner = v4 ? Ipv4.trafficClass(memory, at) : Ipv6.trafficClass(memory, at);
        // RFC 4301, 5.1.2.1: DSCP is copied (S1-16), unless somebody does not want it seen; RFC
        // 6040, 4.1: ECN is copied in normal mode, and cleared in compatibility mode
        int taken = (outer.copyDscp() ? DSCP : 0) | (outer.copyEcn() ? ECN : 0);
        batch.trafficClass(i, inner & taken);
        batch.dontFragment(
                i,
                switch (outer.df()) {
                    case CLEAR -> false;
                    case COPY -> v4 && Ipv4.dontFragment(memory, at);
                    case SET -> true;
                });
        return v4 ? Protocol.IPV4 : Protocol.IPV6;
    }

    /// Puts the outer DSCP into the inner header at the start of packet `i`.
    public static void unwrapDscp(PacketBatch batch, int i) {
        MemorySegment memory = batch.memory();
        long at = batch.start(i);
        boolean v4 = Ipv4.version(memory, at) == 4;
        int octet = v4 ? Ipv4.trafficClass(memory, at) : Ipv6.trafficClass(memory, at);
        int mended = octet & ECN | batch.trafficClass(i) & DSCP;
        if (mended != octet) {
            trafficClass(memory, at, v4, mended);
        }
    }

    private static void trafficClass(MemorySegment memory, long at, boolean v4, int octet) {
        if (v4) {
            Ipv4.trafficClass(memory, at, octet);
        } else {
            Ipv6.trafficClass(memory, at, octet);
        }
    }

    /// Combines the outer ECN of the datagram that packet `i` came in (the batch's traffic class)
    /// into the inner header at the packet's start. False if the packet must be dropped: congestion
    /// was marked on a packet whose sender cannot hear of it.
    ///
    /// ```text
    ///  inner \ outer   Not-ECT   ECT(0)    ECT(1)    CE          RFC 6040, 4.2
    ///  Not-ECT         Not-ECT   Not-ECT   Not-ECT   drop
    ///  ECT(0)          ECT(0)    ECT(0)    ECT(1)    CE
    ///  ECT(1)          ECT(1)    ECT(1)    ECT(1)    CE
    ///  CE              CE        CE        CE        CE
    /// ```
    public static boolean unwrapEcn(PacketBatch batch, int i) {
        int outer = batch.trafficClass(i) & ECN;
        if (outer != CE && outer != ECT_1) {
            return true; // the columns that change nothing
        }
        MemorySegment memory = batch.memory();
        long at = batch.start(i);
        boolean v4 = Ipv4.version(memory, at) == 4;
        int octet = v4 ? Ipv4.trafficClass(memory, at) : Ipv6.trafficClass(memory, at);
        int inner = octet & ECN;
        if (inner == NOT_ECT) {
            return outer != CE;
        }
        int combined = inner == CE ? CE : outer;
        if (combined != inner) {
            trafficClass(memory, at, v4, octet & ~ECN | combined);
        }
        return true;
    }
}
