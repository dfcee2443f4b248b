package io.sallyport.drivers.tun;

import static io.sallyport.base.packet.PacketBatch.BE16;
import static io.sallyport.base.packet.PacketBatch.BE32;
import static io.sallyport.base.packet.PacketBatch.U8;

import io.sallyport.base.packet.Checksum;
import io.sallyport.base.packet.PacketBatch;
import io.sallyport.wire.ip.Ipv4;
import io.sallyport.wire.ip.Ipv6;
import io.sallyport.wire.ip.Protocol;
import io.sallyport.wire.ip.Tcp;
import io.sallyport.wire.ip.UpperLayer;
import java.lang.foreign.MemorySegment;

/// Does what a network card does for a kernel that offloads: cuts a packet of up to 64 KiB into
/// segments that the path can take, and computes the checksums that were left open.
///
/// ```text
///  super-packet   | IP | TCP |  payload 1  |  payload 2  | .. |
///  becomes        | IP | TCP |  payload 1  |      PSH and FIN with the last only, CWR with the first
///                 | IP | TCP |  payload 2  |      sequence number + 1 x segment size
///                 | IP | TCP | .. |
/// ```
///
/// A super-packet may have more segments than a batch has room: [#begin] once, [#cut] until
/// [#pending] is over. One thread; nothing is allocated.
final class GsoSplitter {
    private static final int TCP_CHECKSUM = 16;
    private static final int UDP_HEADER = 8;
    private static final int UDP_CHECKSUM = 6;
    private static final int CWR = 0x80;
    private static final int PSH = 0x08;

    private final MemorySegment memory;
    private int at;
    private int end;
    private int upper;
    private int payload;
    private int next;
    private int segmentSize;
    private int number;
    private int protocol;
    private boolean v6;
    private boolean whole;
    private boolean pending;

    /// @param memory where packets are put before [#begin]
    GsoSplitter(MemorySegment memory) {
        this.memory = memory;
    }

    /// Takes the packet of `length` octets at `packet`, in front of which a [VirtioHeader] stands.
    /// False if it is not what its header says; then there is nothing to cut.
    boolean begin(int packet, int length) {
        int header = packet - VirtioHeader.OCTETS;
        at = packet;
        end = packet + length;
        number = 0;
        int segmentation = VirtioHeader.segmentation(memory, header);
        whole = segmentation == VirtioHeader.WHOLE;
        pending =
                whole
                        ? !VirtioHeader.needsChecksum(memory, header) || completeChecksum(header)
                        : readHeaders(segmentation, header);
        return pending;
    }

    /// Whether segments are left.
    boolean pending() {
        return pending;
    }

    /// RFC 1071 over what the header points to; the field holds the pseudo header's sum already.
    private boolean completeChecksum(int header) {
        int from = at + VirtioHeader.checksumStart(memory, header);
        int field = from + VirtioHeader.checksumOffset(memory, header);
        if (field + 2 > end) {
            return false;
        }
        int checksum = Checksum.of(memory, from, end - from);
        // RFC 768: "If the computed checksum is zero, it is transmitted as all ones"; to TCP both
        // mean the same.
        memory.set(BE16, field, (short) (checksum == 0 ? 0xffff : checksum));
        return true;
    }

    private boolean readHeaders(int segmentation, int header) {
        int length = end - at;
        long found;
        if (Ipv4.fits(memory, at, length)) {
            v6 = false;
            found = UpperLayer.inIpv4(memory, at);
        } else if (Ipv6.fits(memory, at, length)) {
            v6 = true;
            found = UpperLayer.inIpv6(memory, at);
        } else {
            return false;
        }
        segmentSize = VirtioHeader.segmentSize(memory, header);
        protocol = segmentation == VirtioHeader.UDP ? Protocol.UDP : Protocol.TCP;
        if (segmentSize == 0
                || UpperLayer.isMalformed(found)
                || UpperLayer.isFragment(found)
                || UpperLayer.protocol(found) != protocol) {
            return false;
        }
        upper = UpperLayer.offset(found);
        if (protocol == Protocol.TCP) {
            if (!Tcp.fits(memory, at + upper, length - upper)) {
                return false;
            }
            payload = upper + Tcp.headerLength(memory, at + upper);
        } else {
            payload = upper + UDP_HEADER;
        }
        next = at + payload;
        return next <= end;
    }

    /// How many segments [#cut] has left.
    int left() {
        return !pending ? 0 : whole ? 1 : Math.max(1, (end - next + segmentSize - 1) / segmentSize);
    }

    /// Adds segments to `batch` until there is no more or the batch is full.
    ///
    /// @return segments added; those too large for a slot are not among them
    int cut(PacketBatch batch) {
        int added = 0;
        while (pending && !batch.isFull()) {
            added += (whole ? copyWhole(batch) : cutOne(batch)) ? 1 : 0;
        }
        return added;
    }

    private boolean copyWhole(PacketBatch batch) {
        pending = false;
        int length = end - at;
        if (length > batch.room()) {
            return false;
        }
        int i = batch.add();
        MemorySegment.copy(memory, at, batch.memory(), batch.start(i), length);
        batch.place(i, batch.start(i), length);
        return true;
    }

    private boolean cutOne(PacketBatch batch) {
        int octets = Math.min(segmentSize, end - next);
        if (payload + octets > batch.room()) {
            pending = false;
            return false;
        }
        int i = batch.add();
        int to = batch.start(i);
        MemorySegment out = batch.memory();
        MemorySegment.copy(memory, at, out, to, payload);
        MemorySegment.copy(memory, next, out, to + payload, octets);
        batch.place(i, to, payload + octets);
        boolean last = next + octets == end;
        mendIp(out, to, payload + octets);
        if (protocol == Protocol.TCP) {
            mendTcp(out, to + upper, last);
        } else {
            out.set(BE16, to + upper + 4, (short) (payload - upper + octets));
        }
        mendUpper(out, to, payload - upper + octets);
        next += octets;
        number++;
        pending = !last;
        return true;
    }

    private void mendIp(MemorySegment out, int to, int length) {
        if (v6) {
            out.set(BE16, to + 4, (short) (length - Ipv6.HEADER));
        } else {
            Ipv4.totalLength(out, to, length);
            out.set(BE16, to + 4, (short) (Ipv4.identification(out, to) + number));
            Ipv4.mendChecksum(out, to);
        }
    }

    private void mendTcp(MemorySegment out, int tcp, boolean last) {
        out.set(BE32, tcp + 4, Tcp.sequence(out, tcp) + number * segmentSize);
        int flags = Tcp.flags(out, tcp);
        if (!last) {
            flags &= ~(PSH | Tcp.FIN);
        }
        // RFC 3168, 6.1.2: CWR tells once that the window was reduced
        if (number > 0) {
            flags &= ~CWR;
        }
        out.set(U8, tcp + 13, (byte) flags);
    }

    private void mendUpper(MemorySegment out, int to, int length) {
        int field = to + upper + (protocol == Protocol.TCP ? TCP_CHECKSUM : UDP_CHECKSUM);
        out.set(BE16, field, (short) 0);
        int checksum =
                ~Checksum.fold(
                                UpperChecksum.pseudoHeader(out, to, protocol, length)
                                        + Checksum.sum(out, to + upper, length))
                        & 0xffff;
        out.set(BE16, field, (short) (checksum == 0 ? 0xffff : checksum));
    }
}
