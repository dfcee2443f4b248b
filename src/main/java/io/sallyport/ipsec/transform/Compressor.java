package io.sallyport.ipsec.transform;

import static io.sallyport.base.packet.PacketBatch.U8;

import io.sallyport.base.packet.PacketBatch;
import io.sallyport.wire.ip.IpComp;
import java.lang.foreign.MemorySegment;
import java.util.zip.Deflater;

/// IPComp outbound (RFC 3173; DEFLATE as in RFC 2394): each payload by itself, before it is sealed.
/// One for each outbound worker; allocates nothing.
public final class Compressor {
    /// RFC 3173, 2.2 would have no small packets compressed; RFC 2394, 4.2 names this size.
    public static final int SMALLEST = 90;

    /// Linux expands with a window of 2048 octets, and drops what refers further back.
    public static final int LARGEST = 2048;

    private final Deflater deflater = new Deflater(Deflater.BEST_SPEED, true);
    private final byte[] in = new byte[LARGEST];
    private final byte[] out = new byte[LARGEST];

    /// Whether the size of packet `i` is one that is worth a try.
    public static boolean suits(PacketBatch batch, int i) {
        return batch.length(i) >= SMALLEST && batch.length(i) <= LARGEST;
    }

    /// Puts an IPComp header and the compressed payload in the place of payload `i`, if both
    /// together are shorter; else leaves it alone. RFC 3173, 2.2: what does not become smaller
    /// "MUST be sent in the original non-compressed form".
    ///
    /// @param nextHeader what the payload is
    public boolean compress(PacketBatch batch, int i, int nextHeader, int cpi) {
        MemorySegment memory = batch.memory();
        int at = batch.start(i);
        int length = batch.length(i);
        MemorySegment.copy(memory, U8, at, in, 0, length);
        deflater.reset();
        deflater.setInput(in, 0, length);
        deflater.finish();
        int octets = deflater.deflate(out, 0, length - IpComp.HEADER - 1);
        if (!deflater.finished()) {
            return false;
        }
        IpComp.write(memory, at, nextHeader, cpi);
        MemorySegment.copy(out, 0, memory, U8, at + IpComp.HEADER, octets);
        batch.place(i, at, IpComp.HEADER + octets);
        return true;
    }
}
