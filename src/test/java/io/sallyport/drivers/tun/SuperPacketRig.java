package io.sallyport.drivers.tun;

import io.sallyport.base.packet.Lane;
import io.sallyport.base.packet.PacketBatch;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Splits and joins in memory what a TUN would carry, as arrays that a test can look at.
final class SuperPacketRig implements AutoCloseable {
    static final int LINK = 3;
    private static final int AT = 16;

    final Arena arena = Arena.ofConfined();
    final MemorySegment memory = arena.allocate(AT + 65536L, 64);
    final GsoSplitter splitter = new GsoSplitter(memory);
    final GroCoalescer coalescer = new GroCoalescer(arena, true);

    /// The packets that come of one read: `header` is a virtio header of 10 octets.
    List<byte[]> split(byte[] header, byte[] packet, int capacity) {
        MemorySegment.copy(header, 0, memory, PacketBatch.U8, AT - 10, 10);
        MemorySegment.copy(packet, 0, memory, PacketBatch.U8, AT, packet.length);
        List<byte[]> packets = new ArrayList<>();
        if (!splitter.begin(AT, packet.length)) {
            return packets;
        }
        PacketBatch batch = new PacketBatch(arena, capacity, 2048, 64);
        while (splitter.pending()) {
            batch.clear();
            splitter.cut(batch);
            for (int i = 0; i < batch.count(); i++) {
                packets.add(batch.copy(i));
            }
        }
        return packets;
    }

    /// What is written for these packets, each behind its virtio header.
    List<byte[]> join(List<byte[]> packets) {
        PacketBatch batch = new PacketBatch(arena, PacketBatch.MOST, 2048, 64);
        for (byte[] packet : packets) {
            int i = batch.add();
            batch.fill(i, packet, 0, packet.length);
            batch.lane(i, Lane.TUN);
            batch.link(i, LINK);
        }
        List<byte[]> written = new ArrayList<>();
        int items = coalescer.plan(batch, LINK);
        for (int item = 0; item < items; item++) {
            byte[] whole = new byte[10];
            MemorySegment.copy(
                    coalescer.headers(),
                    PacketBatch.U8,
                    coalescer.header(item),
                    whole,
                    0,
                    whole.length);
            int i = coalescer.first(item);
            whole = concat(whole, batch.copy(i));
            for (i = coalescer.next(i); i != GroCoalescer.NONE; i = coalescer.next(i)) {
                byte[] octets = batch.copy(i);
                whole =
                        concat(
                                whole,
                                Arrays.copyOfRange(octets, coalescer.payload(i), octets.length));
            }
            written.add(whole);
        }
        return written;
    }

    /// Splits what was written, as a kernel that forwards it does.
    List<byte[]> splitAll(List<byte[]> written) {
        List<byte[]> packets = new ArrayList<>();
        for (byte[] whole : written) {
            packets.addAll(
                    split(
                            Arrays.copyOf(whole, 10),
                            Arrays.copyOfRange(whole, 10, whole.length),
                            PacketBatch.MOST));
        }
        return packets;
    }

    static byte[] concat(byte[] a, byte[] b) {
        byte[] both = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, both, a.length, b.length);
        return both;
    }

    @Override
    public void close() {
        arena.close();
    }
}
