package io.sallyport.ipsec.transform;

import io.sallyport.base.net.IpAddress;
import io.sallyport.base.net.Path;
import io.sallyport.base.packet.PacketBatch;
import io.sallyport.base.telemetry.Drop;
import io.sallyport.ipsec.sad.InboundSa;
import io.sallyport.wire.esp.Ah;
import io.sallyport.wire.ip.Ipv4;
import io.sallyport.wire.ip.Ipv6;
import io.sallyport.wire.ip.Protocol;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// Takes AH off (RFC 4302, 3.4): [#locate] finds it, [#admit] makes the packet ready for the
/// cipher, [#accept] and [#strip] come after the cipher said that it is authentic.
///
/// ```text
///  received, IPv4     | IP | AH | payload |
///  received, IPv6     | AH | payload |                 the socket keeps the IP header
///  for the cipher     | IP, masked | AH, ICV zero | payload | ICV |
/// ```
///
/// An IPv6 packet whose AH stood behind extension headers is not authentic here, for nobody tells
/// us what they were.
public final class AhOpener {
    /// [#locate] of what is no AH packet.
    public static final int NONE = -1;

    private AhOpener() {}

    /// Gives packet `i` an IP header if it has none, and tells where AH begins, from the packet's
    /// start, or [#NONE].
    public static int locate(PacketBatch batch, int i) {
        Path path = batch.path(i);
        if (path == null) {
            return NONE;
        }
        MemorySegment memory = batch.memory();
        int at = batch.start(i);
        int length = batch.length(i);
        IpAddress from = path.remote().address();
        IpAddress to = path.local().address();
        if (!from.v6()) {
            if (!Ipv4.fits(memory, at, length)
                    || Ipv4.protocol(memory, at) != Protocol.AH
                    || Ipv4.isFragment(memory, at)) {
                return NONE;
            }
            int total = Ipv4.totalLength(memory, at);
            int header = Ipv4.headerLength(memory, at);
            batch.place(i, at, total);
            return total - header < Ah.FIXED ? NONE : header;
        }
        if (length < Ah.FIXED || at - Ipv6.HEADER < batch.slotStart(i) || length > 0xffff) {
            return NONE;
        }
        Ipv6.write(
                memory,
                at - Ipv6.HEADER,
                0,
                length,
                Protocol.AH,
                0,
                from.high(),
                from.low(),
                to.high(),
                to.low());
        batch.place(i, at - Ipv6.HEADER, length + Ipv6.HEADER);
        return Ipv6.HEADER;
    }

    /// Finds the whole sequence number of packet `i`, whose AH stands at `offset`, and tells why it
    /// is not worth opening; null if it is, and then it is ready for the cipher. Changes nothing in
    /// the SA.
    public static @Nullable Drop admit(PacketBatch batch, int i, int offset, InboundSa sa) {
        MemorySegment memory = batch.memory();
        int at = batch.start(i);
        int ah = at + offset;
        int icv = sa.layout().icv();
        int octets = Ah.length(memory, ah);
        // Some pad IPv4's AH to 64 bits as well; the padding is covered by the ICV
        if (octets < Ah.octets(icv, false)
                || octets > Ah.octets(icv, true)
                || offset + octets > batch.length(i)) {
            return Drop.TOO_SHORT;
        }
        if (at + batch.length(i) + icv > batch.slotEnd(i)) {
            return Drop.TOO_BIG;
        }
        long sequence = sa.window().infer(Ah.sequence(memory, ah));
        if (!sa.window().mayAccept(sequence)) {
            return Drop.REPLAYED;
        }
        if (Ipv4.version(memory, at) == 4 && !AhHeader.mask4(memory, at)) {
            return Drop.MALFORMED_IP;
        }
        batch.sequenceHigh(i, (int) (sequence >>> 32));
        MemorySegment.copy(memory, ah + Ah.FIXED, memory, at + batch.length(i), icv);
        Ah.blank(memory, ah, icv);
        batch.place(i, at, batch.length(i) + icv);
        return null;
    }

    private static int ahAt(PacketBatch batch, int i) {
        MemorySegment memory = batch.memory();
        int at = batch.start(i);
        return Ipv4.version(memory, at) == 4
                ? at + Ipv4.headerLength(memory, at)
                : at + Ipv6.HEADER;
    }

    /// Marks authentic packet `i` in the window; false if another packet of this burst had its
    /// number, or moved the window beyond it.
    public static boolean accept(PacketBatch batch, int i, InboundSa sa) {
        long low = Ah.sequence(batch.memory(), ahAt(batch, i)) & 0xffffffffL;
        return sa.window().accept((long) batch.sequenceHigh(i) << 32 | low);
    }

    /// Takes IP header, AH and ICV off authentic packet `i`, and gives its next header.
    public static int strip(PacketBatch batch, int i, InboundSa sa) {
        MemorySegment memory = batch.memory();
        int ah = ahAt(batch, i);
        int nextHeader = Ah.nextHeader(memory, ah);
        int payload = ah + Ah.length(memory, ah);
        int end = batch.start(i) + batch.length(i) - sa.layout().icv();
        batch.place(i, payload, end - payload);
        return nextHeader;
    }
}
