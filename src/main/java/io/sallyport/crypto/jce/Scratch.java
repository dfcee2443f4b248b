package io.sallyport.crypto.jce;

import io.sallyport.base.packet.PacketBatch;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/// Two arrays on the heap for one cipher, because JCE is nearly twice as fast with arrays as with
/// buffers outside the heap. They grow to the largest packet seen, then nothing is allocated.
final class Scratch {
    /// An Ethernet frame's worth, so that most SAs never grow.
    private static final int FIRST = 2048;

    byte[] in = new byte[FIRST];
    byte[] out = new byte[FIRST];

    /// Takes packet `i` into [#in].
    void load(PacketBatch batch, int i) {
        int length = batch.length(i);
        if (length > in.length) {
            int larger = Math.max(length, 2 * in.length);
            in = new byte[larger];
            out = new byte[larger];
        }
        MemorySegment.copy(batch.memory(), PacketBatch.U8, batch.start(i), in, 0, length);
    }

    /// Writes `length` octets of `from`, beginning at `at`, to the same place of packet `i`.
    static void store(byte[] from, int at, int length, PacketBatch batch, int i) {
        MemorySegment.copy(
                from, at, batch.memory(), PacketBatch.U8, (long) batch.start(i) + at, length);
    }

    void wipe() {
        Arrays.fill(in, (byte) 0);
        Arrays.fill(out, (byte) 0);
    }
}
