package io.sallyport.ipsec.transform;

import static io.sallyport.base.packet.PacketBatch.U8;

import io.sallyport.base.packet.PacketBatch;
import io.sallyport.wire.ip.IpComp;
import io.sallyport.wire.ip.Protocol;
import java.lang.foreign.MemorySegment;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/// IPComp inbound (RFC 3173, 2.1), of payloads that are authentic. What a payload may grow to is
/// what its slot of the road holds: a few octets that would become a thousand times as many are
/// refused there. One for each inbound worker.
public final class Expander {
    /// [#expand] of a payload that is none.
    public static final int WRONG = -1;

    private static final int MOST = 0xffff;

    private final Inflater inflater = new Inflater(true);
    private final byte[] in = new byte[MOST];
    private final byte[] out = new byte[MOST + 1];

    /// Expands payload `i` in its place.
    ///
    /// @param cpi what it must be sent with
    /// @return the next header behind the IPComp header, or [#WRONG]
    public int expand(PacketBatch batch, int i, int cpi) {
        batch.giveRoom(i);
        MemorySegment memory = batch.memory();
        int at = batch.start(i);
        int length = batch.length(i) - IpComp.HEADER;
        if (length <= 0 || length > MOST || IpComp.cpi(memory, at) != cpi) {
            return WRONG;
        }
        int next = IpComp.nextHeader(memory, at);
        if (next == Protocol.IPCOMP) {
            return WRONG;
        }
        int room = Math.min(MOST, batch.slotEnd(i) - at);
        MemorySegment.copy(memory, U8, at + IpComp.HEADER, in, 0, length);
        int octets;
        try {
            inflater.reset();
            inflater.setInput(in, 0, length);
            octets = inflater.inflate(out, 0, room + 1); // one more, to see that it ends
        } catch (DataFormatException e) {
            return WRONG;
        }
        if (!inflater.finished() || octets == 0 || octets > room) {
            return WRONG;
        }
        MemorySegment.copy(out, 0, memory, U8, at, octets);
        batch.place(i, at, octets);
        return next;
    }
}
