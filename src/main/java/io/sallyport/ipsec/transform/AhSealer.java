package io.sallyport.ipsec.transform;

import static io.sallyport.base.packet.PacketBatch.U8;

import io.sallyport.base.net.IpAddress;
import io.sallyport.base.packet.PacketBatch;
import io.sallyport.ipsec.encap.TransportMode;
import io.sallyport.ipsec.sad.OutboundSa;
import io.sallyport.wire.esp.Ah;
import io.sallyport.wire.ip.Ipv4;
import io.sallyport.wire.ip.Ipv6;
import io.sallyport.wire.ip.Protocol;
import java.lang.foreign.MemorySegment;

/// Puts AH in front of packets (RFC 4302, 3.3). The ICV covers the outer IP header, so that is
/// written here: IPv4's goes out as it is written, IPv6's is written once more by the socket, whose
/// fields that count are the same.
///
/// ```text
///  before                   | payload |
///  for the cipher    | IP, masked | AH, ICV zero | payload | ICV |
///  after, IPv4       | IP | AH | payload |
///  after, IPv6            | AH | payload |
/// ```
///
/// The engine's cipher is that of ESP with NULL encryption: an HMAC over all that stands in front
/// of the ICV, and with ESN the high half of the sequence number behind (RFC 4302, 3.3.3.2.2 and
/// RFC 4303, 2.2.1 agree). One thread.
public final class AhSealer {
    private final int workers;
    private int identification;

    /// @param workers that choose identifications each by itself: this is one of them
    public AhSealer(int worker, int workers) {
        this.workers = workers;
        this.identification = worker;
    }

    /// Whether the slot of packet `i` has the headroom and the tailroom.
    public static boolean fits(PacketBatch batch, int i, OutboundSa sa) {
        return fits(batch, i, batch.start(i), batch.length(i), sa);
    }

    /// The same of a packet that will begin at `start` and be of `length` octets.
    public static boolean fits(PacketBatch batch, int i, int start, int length, OutboundSa sa) {
        boolean v6 = sa.carriage().path().remote().address().v6();
        int icv = sa.layout().icv();
        int before = Ah.octets(icv, v6) + (v6 ? Ipv6.HEADER : Ipv4.HEADER);
        return start - before >= batch.slotStart(i)
                && start + length + icv <= batch.slotEnd(i)
                && length + before <= 0xffff;
    }

    /// Numbers packet `i`, a payload of protocol `nextHeader`, and makes it ready for the cipher.
    /// The packet must fit.
    public void frame(PacketBatch batch, int i, OutboundSa sa, int nextHeader, long sequence) {
        MemorySegment memory = batch.memory();
        IpAddress from = sa.carriage().path().local().address();
        IpAddress to = sa.carriage().path().remote().address();
        int icv = sa.layout().icv();
        int ah = Ah.octets(icv, to.v6());
        int header = to.v6() ? Ipv6.HEADER : Ipv4.HEADER;
        int payload = batch.length(i);
        int at = batch.start(i) - ah - header;
        if (to.v6()) {
            Ipv6.write(
                    memory,
                    at,
                    0,
                    ah + payload,
                    Protocol.AH,
                    0,
                    from.high(),
                    from.low(),
                    to.high(),
                    to.low());
        } else {
            // The kernel would choose another one for 0
            identification = identification + workers & 0xffff;
            identification = identification == 0 ? workers : identification;
            AhHeader.write4(
                    memory,
                    at,
                    header + ah + payload,
                    identification,
                    (int) from.low(),
                    (int) to.low(),
                    Protocol.AH);
        }
        Ah.write(memory, at + header, nextHeader, ah, sa.spi(), (int) sequence);
        batch.sequenceHigh(i, (int) (sequence >>> 32));
        batch.place(i, at, header + ah + payload + icv);
    }

    /// After the cipher: the ICV goes to its place, the IP header gets its mutable fields.
    public static void finish(PacketBatch batch, int i, OutboundSa sa) {
        MemorySegment memory = batch.memory();
        boolean v6 = sa.carriage().path().remote().address().v6();
        int header = v6 ? Ipv6.HEADER : Ipv4.HEADER;
        int icv = sa.layout().icv();
        int at = batch.start(i);
        int length = batch.length(i) - icv;
        MemorySegment.copy(memory, at + length, memory, at + header + Ah.FIXED, icv);
        if (v6) {
            batch.place(i, at + header, length - header);
            return;
        }
        memory.set(U8, at + 1, (byte) batch.trafficClass(i));
        int hops = batch.hopLimit(i) > 0 ? batch.hopLimit(i) : TransportMode.HOPS;
        memory.set(U8, at + 8, (byte) hops);
        Ipv4.fragment(memory, at, batch.dontFragment(i) && !sa.isTransport(), false, 0);
        Ipv4.mendChecksum(memory, at);
        batch.place(i, at, length);
    }
}
