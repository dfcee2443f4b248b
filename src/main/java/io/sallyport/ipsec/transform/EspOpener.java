package io.sallyport.ipsec.transform;

import io.sallyport.base.packet.PacketBatch;
import io.sallyport.base.telemetry.Drop;
import io.sallyport.ipsec.sad.EspLayout;
import io.sallyport.ipsec.sad.InboundSa;
import io.sallyport.wire.esp.Esp;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// Takes ESP off (RFC 4303, 3.4): [#admit] before the cipher, [#accept] and [#strip] after it said
/// that the packet is authentic.
public final class EspOpener {
    /// [#strip] of a packet whose padding is wrong.
    public static final int WRONG = -1;

    private EspOpener() {}

    /// Finds the whole sequence number of packet `i` and tells why it is not worth opening, null if
    /// it is. Changes nothing in the SA.
    public static @Nullable Drop admit(PacketBatch batch, int i, InboundSa sa) {
        if (batch.length(i) < sa.layout().smallest()) {
            return Drop.TOO_SHORT;
        }
        long sequence = sa.window().infer(Esp.sequence(batch.memory(), batch.start(i)));
        batch.sequenceHigh(i, (int) (sequence >>> 32));
        return sa.window().mayAccept(sequence) ? null : Drop.REPLAYED;
    }

    /// Marks authentic packet `i` in the window; false if another packet of this burst had its
    /// number, or moved the window beyond it.
    public static boolean accept(PacketBatch batch, int i, InboundSa sa) {
        long low = Esp.sequence(batch.memory(), batch.start(i)) & 0xffffffffL;
        return sa.window().accept((long) batch.sequenceHigh(i) << 32 | low);
    }

    /// Takes header, padding, trailer and ICV off authentic packet `i`, and gives its next header,
    /// or [#WRONG].
    public static int strip(PacketBatch batch, int i, EspLayout layout) {
        MemorySegment memory = batch.memory();
        int end = batch.start(i) + batch.length(i) - layout.icv();
        int payload = batch.start(i) + layout.header();
        int padding = Esp.padLength(memory, end);
        int length = end - Esp.TRAILER - padding - payload;
        // RFC 4303, 2.4: "the receiver SHOULD inspect the Padding field": an authentic sender
        // that pads otherwise is broken, or its key is in other hands
        if (length < 0 || !Esp.paddingCorrect(memory, end - Esp.TRAILER - padding, padding)) {
            return WRONG;
        }
        int nextHeader = Esp.nextHeader(memory, end);
        batch.place(i, payload, length);
        return nextHeader;
    }
}
