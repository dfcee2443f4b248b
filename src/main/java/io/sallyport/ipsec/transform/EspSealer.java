package io.sallyport.ipsec.transform;

import io.sallyport.base.packet.PacketBatch;
import io.sallyport.ipsec.sad.EspLayout;
import io.sallyport.ipsec.sad.OutboundSa;
import io.sallyport.wire.esp.Esp;
import java.lang.foreign.MemorySegment;

/// Puts ESP round inner packets (RFC 4303, 3.3): framing packet by packet, the cipher run by run.
///
/// ```text
///  before            | inner packet |
///  after  | ESP | IV | inner packet | 1 2 3 .. | pad length | next header | ICV |
/// ```
public final class EspSealer {
    private EspSealer() {}

    /// Whether the slot of packet `i` has the headroom and the tailroom.
    public static boolean fits(PacketBatch batch, int i, EspLayout layout) {
        int length = batch.length(i);
        int behind = layout.padding(length) + Esp.TRAILER + layout.icv();
        return batch.start(i) - layout.header() >= batch.slotStart(i)
                && batch.start(i) + length + behind <= batch.slotEnd(i);
    }

    /// Octets that packet `i` will have.
    public static int sealed(PacketBatch batch, int i, EspLayout layout) {
        int length = batch.length(i);
        return layout.header() + length + layout.padding(length) + Esp.TRAILER + layout.icv();
    }

    /// Numbers packet `i` and writes header and trailer round it; IV and ICV are left to the
    /// cipher. The packet must fit.
    public static void frame(
            PacketBatch batch, int i, OutboundSa sa, int nextHeader, long sequence) {
        EspLayout layout = sa.layout();
        MemorySegment memory = batch.memory();
        int start = batch.start(i);
        int length = batch.length(i);
        int padding = layout.padding(length);
        Esp.writeTrailer(memory, start + length, padding, nextHeader);
        int header = start - layout.header();
        Esp.writeHeader(memory, header, sa.spi(), (int) sequence);
        batch.sequenceHigh(i, (int) (sequence >>> 32));
        batch.place(i, header, layout.header() + length + padding + Esp.TRAILER + layout.icv());
    }
}
