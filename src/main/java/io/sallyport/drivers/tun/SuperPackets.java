package io.sallyport.drivers.tun;

import io.sallyport.base.packet.Lane;
import io.sallyport.base.packet.PacketBatch;
import io.sallyport.base.telemetry.Drop;
import io.sallyport.base.telemetry.DropCounters;
import io.sallyport.ffi.linux.Errno;
import io.sallyport.ffi.linux.IoVector;
import io.sallyport.ffi.linux.Ioctl;
import io.sallyport.ffi.linux.LinuxException;
import io.sallyport.ffi.linux.Unistd;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// Reads and writes a TUN whose packets stand behind a [VirtioHeader] and may be of up to 64 KiB.
/// One thread reads, one writes; nothing is allocated.
final class SuperPackets {
    /// So that the IP header is aligned.
    private static final int PACKET = 16;

    private static final int HEADER = PACKET - VirtioHeader.OCTETS;
    private static final int MOST_OCTETS = 65535;
    private static final int ROOM = VirtioHeader.OCTETS + MOST_OCTETS;

    private final String name;
    private final int fd;
    private final int link;
    private final Refusals refusals;
    private final MemorySegment packet;
    private final GsoSplitter splitter;
    private final GroCoalescer coalescer;
    private final IoVector pieces;
    private final DropCounters readDrops = new DropCounters();

    /// Counts packets that were not written.
    interface Refusals {
        void refused(int result, int packets);
    }

    SuperPackets(String name, int fd, int link, Arena arena, Offload offload, Refusals refusals) {
        this.name = name;
        this.fd = fd;
        this.link = link;
        this.refusals = refusals;
        this.packet = arena.allocate(HEADER + ROOM, 64);
        this.splitter = new GsoSplitter(packet);
        this.coalescer = new GroCoalescer(arena, offload == Offload.TCP_AND_UDP);
        this.pieces = new IoVector(arena, 1 + PacketBatch.MOST);
    }

    /// Asks the kernel of a TUN with IFF_VNET_HDR for the most it does.
    static Offload agree(int fd, Offload most) {
        int tcp = Ioctl.TUN_F_CSUM | Ioctl.TUN_F_TSO4 | Ioctl.TUN_F_TSO6 | Ioctl.TUN_F_TSO_ECN;
        int udp = tcp | Ioctl.TUN_F_USO4 | Ioctl.TUN_F_USO6;
        if (most == Offload.TCP_AND_UDP && Ioctl.ioctl(fd, Ioctl.TUNSETOFFLOAD, udp) >= 0) {
            return Offload.TCP_AND_UDP;
        }
        // Without any, the kernel still puts its header in front of each packet, and takes
        // super-packets of TCP: that came first.
        int _ = Ioctl.ioctl(fd, Ioctl.TUNSETOFFLOAD, tcp);
        return Offload.TCP;
    }

    DropCounters readDrops() {
        return readDrops;
    }

    boolean hasMore() {
        return splitter.pending();
    }

    /// See [TunDevice#read].
    int read(PacketBatch batch) throws LinuxException {
        int before = batch.count();
        cut(batch);
        while (!batch.isFull()) {
            int length = Unistd.read(fd, packet.address() + HEADER, ROOM);
            if (length <= 0) {
                if (batch.count() > before
                        || length == 0
                        || Errno.EAGAIN.is(length)
                        || Errno.EINTR.is(length)) {
                    break; // an error stays: the next read tells
                }
                throw new LinuxException("read " + name, -length);
            }
            if (length <= VirtioHeader.OCTETS
                    || !splitter.begin(PACKET, length - VirtioHeader.OCTETS)) {
                readDrops.count(Drop.MALFORMED_IP);
            } else if (batch.count() > before
                    && splitter.left() > batch.capacity() - batch.count()) {
                break; // what stays together is sent in one train, and joined again at the far end
            } else {
                cut(batch);
            }
        }
        return batch.count() - before;
    }

    private void cut(PacketBatch batch) {
        int i = batch.count();
        splitter.cut(batch);
        for (; i < batch.count(); i++) {
            batch.link(i, link);
            batch.lane(i, Lane.TUN);
        }
    }

    /// See [TunDevice#write].
    ///
    /// @param queues what may be written to
    int write(PacketBatch batch, int[] queues) {
        int written = 0;
        int items = coalescer.plan(batch, link);
        long memory = batch.memory().address();
        for (int item = 0; item < items; item++) {
            int i = coalescer.first(item);
            int to = TunDevice.queue(batch, i, queues);
            pieces.clear();
            pieces.add(coalescer.headers().address() + coalescer.header(item), VirtioHeader.OCTETS);
            pieces.add(memory + batch.start(i), batch.length(i));
            for (i = coalescer.next(i); i != GroCoalescer.NONE; i = coalescer.next(i)) {
                int headers = coalescer.payload(i);
                pieces.add(memory + batch.start(i) + headers, batch.length(i) - headers);
            }
            int result = Unistd.writev(to, pieces.address(), pieces.count());
            if (result >= 0) {
                written += coalescer.packets(item);
            } else {
                refusals.refused(result, coalescer.packets(item));
            }
        }
        return written;
    }
}
