package io.sallyport.drivers.socket;

import io.sallyport.base.net.Path;
import io.sallyport.base.packet.Lane;
import io.sallyport.base.packet.PacketBatch;
import io.sallyport.base.telemetry.Counter;
import io.sallyport.base.telemetry.Drop;
import io.sallyport.base.telemetry.DropCounters;
import io.sallyport.ffi.linux.LinuxException;
import io.sallyport.ffi.linux.MessageVector;
import io.sallyport.ffi.linux.Mman;
import io.sallyport.ffi.linux.Socket;
import io.sallyport.ffi.linux.Sockets;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Receives UDP in trains: the kernel hands over datagrams of one flow and size that followed each
/// other as one message (UDP_GRO), which is cut here without a copy: the packets of [#batch] lie
/// where the kernel put them. Without UDP_GRO a train is one datagram long.
///
/// ```text
///  buffer 0:  | datagram | datagram | datagram | datag |        buffer 1:  | datagram |
///  batch:       0          1          2          3                           4
/// ```
///
/// Behind the buffers are the slots of [PacketBatch#giveRoom].
///
/// One thread; nothing is allocated for known paths.
public final class TrainReader {
    private static final int BUFFER = 65536;
    private static final int PATH_SETS = 1024;

    /// For what must grow on its way, e.g. get a header in front: larger than any packet that the
    /// MTU of a TUN lets through.
    private static final int SLOT = 9216;

    private static final int HEADROOM = 64;

    private final boolean v6;
    private final int localPort;
    private final MessageVector vector;
    private final DatagramInfo info;
    private final MemorySegment memory;
    private final PacketBatch batch;
    private final int buffers;
    private final DropCounters drops = new DropCounters();
    private final Counter packets = new Counter();
    private int received;
    private int current;
    private int offset;

    /// @param buffers messages a call, 64 KiB each, 1..64
    public TrainReader(Arena arena, boolean v6, int localPort, int buffers) {
        this.v6 = v6;
        this.localPort = localPort;
        this.buffers = buffers;
        this.vector = new MessageVector(arena, buffers);
        this.info = new DatagramInfo(vector, v6, false, new PathCache(v6, PATH_SETS));
        int trains = buffers * BUFFER;
        this.memory = Mman.pages(arena, trains + (long) PacketBatch.MOST * SLOT);
        this.batch = PacketBatch.over(memory, trains, SLOT, HEADROOM);
    }

    /// Asks the kernel for trains; false if it has none.
    public static boolean prepare(int fd) {
        return Socket.setsockopt(fd, Sockets.SOL_UDP, Sockets.UDP_GRO, 1) >= 0;
    }

    /// What [#read] fills.
    public PacketBatch batch() {
        return batch;
    }

    /// Whether [#read] has more without asking the kernel: no poller will tell.
    public boolean hasMore() {
        return current < received;
    }

    /// Forgets the packets of the last call, whose memory is used again, and takes what is there,
    /// up to 64.
    ///
    /// @return packets in the batch
    /// @throws LinuxException if the socket itself is unusable
    public int read(int fd) throws LinuxException {
        batch.clear();
        if (!hasMore()) {
            receive(fd);
        }
        while (hasMore() && !batch.isFull()) {
            if (!cut()) {
                break;
            }
        }
        packets.add(batch.count());
        return batch.count();
    }

    private void receive(int fd) throws LinuxException {
        received = 0;
        current = 0;
        offset = 0;
        for (int k = 0; k < buffers; k++) {
            vector.prepareReceive(k, memory.address() + (long) k * BUFFER, BUFFER);
        }
        int result = Socket.recvmmsg(fd, vector.address(0), buffers);
        if (result < 0) {
            if (DatagramInfo.concernsOneDatagram(result)) {
                return;
            }
            throw new LinuxException("recvmmsg", -result);
        }
        received = result;
    }

    /// Adds packets of the current train; false if it should have a batch of its own, because
    /// packets that stay together are joined again towards the TUN.
    private boolean cut() {
        int k = current;
        int length = vector.length(k);
        Path path = (vector.flags(k) & Sockets.MSG_TRUNC) != 0 ? null : info.path(k, localPort);
        if (path == null) {
            drops.count(
                    (vector.flags(k) & Sockets.MSG_TRUNC) != 0 ? Drop.TOO_BIG : Drop.WRONG_PATH);
            skip();
            return true;
        }
        int segment = segmentSize(k, length);
        int left = (length - offset + segment - 1) / segment;
        if (batch.count() > 0 && left > batch.capacity() - batch.count()) {
            return false;
        }
        int trafficClass = info.trafficClass(k);
        int hops = info.hopLimit(k);
        do {
            int octets = Math.min(segment, length - offset);
            int i = batch.addAt(k * BUFFER + offset, octets);
            batch.path(i, path);
            batch.trafficClass(i, trafficClass);
            batch.hopLimit(i, hops);
            batch.lane(i, Lane.UDP);
            offset += octets;
        } while (offset < length && !batch.isFull());
        if (offset >= length) {
            skip();
        }
        return true;
    }

    private void skip() {
        current++;
        offset = 0;
    }

    private int segmentSize(int k, int length) {
        int at = vector.findControl(k, Sockets.SOL_UDP, Sockets.UDP_GRO, 4);
        int segment = at < 0 ? 0 : vector.memory().get(ValueLayout.JAVA_INT, at);
        return segment > 0 ? segment : Math.max(1, length);
    }

    /// What was received and not passed on. Counted by the reading thread.
    public DropCounters drops() {
        return drops;
    }

    /// Datagrams passed on.
    public Counter packets() {
        return packets;
    }

    @Override
    public String toString() {
        return buffers + " buffers" + (v6 ? " (IPv6)" : " (IPv4)");
    }
}
