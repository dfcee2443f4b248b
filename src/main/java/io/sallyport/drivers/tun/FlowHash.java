package io.sallyport.drivers.tun;

import static io.sallyport.base.packet.PacketBatch.BE32;
import static io.sallyport.base.packet.PacketBatch.BE64;

import io.sallyport.base.packet.PacketBatch;
import io.sallyport.wire.ip.Ipv4;
import io.sallyport.wire.ip.Ipv6;
import io.sallyport.wire.ip.Protocol;
import java.lang.foreign.MemorySegment;

/// A number that all packets of a flow share: of the addresses, and of the ports where they stand
/// right behind the IP header of a whole packet. No secret: whoever knows it can choose a queue.
final class FlowHash {
    private static final long MIX = 0x9e3779b97f4a7c15L;

    /// More fragments, and where this one stands.
    private static final int FRAGMENT = 0x3fff;

    private FlowHash() {}

    /// Of the IP packet `i`.
    static int of(PacketBatch batch, int i) {
        MemorySegment memory = batch.memory();
        int at = batch.start(i);
        int length = batch.length(i);
        if (length < Ipv4.HEADER) {
            return 0;
        }
        if (Ipv4.version(memory, at) == 4) {
            long hash = memory.get(BE64, at + 12);
            boolean ports =
                    memory.get(PacketBatch.U8, at) == 0x45
                            && (memory.get(BE32, at + 4) & FRAGMENT) == 0
                            && hasPorts(memory.get(PacketBatch.U8, at + 9))
                            && length >= Ipv4.HEADER + 4;
            return mixed(ports ? hash * 31 + memory.get(BE32, at + Ipv4.HEADER) : hash);
        }
        if (length < Ipv6.HEADER) {
            return 0;
        }
        long hash = memory.get(BE64, at + 8);
        for (int k = 16; k < Ipv6.HEADER; k += 8) {
            hash = hash * 31 + memory.get(BE64, at + k);
        }
        boolean ports = hasPorts(memory.get(PacketBatch.U8, at + 6)) && length >= Ipv6.HEADER + 4;
        return mixed(ports ? hash * 31 + memory.get(BE32, at + Ipv6.HEADER) : hash);
    }

    private static boolean hasPorts(byte protocol) {
        return protocol == Protocol.TCP || protocol == Protocol.UDP;
    }

    private static int mixed(long hash) {
        long mixed = (hash ^ hash >>> 32) * MIX;
        return (int) (mixed >>> 32);
    }
}
