package io.sallyport.drivers.udp;

import io.sallyport.base.Octets;
import io.sallyport.base.net.IpAddress;
import io.sallyport.base.net.Path;
import io.sallyport.base.packet.Lane;
import io.sallyport.base.packet.PacketBatch;
import io.sallyport.base.telemetry.DropCounters;
import io.sallyport.drivers.socket.BoundSocket;
import io.sallyport.drivers.socket.DatagramReader;
import io.sallyport.drivers.socket.DatagramWriter;
import io.sallyport.drivers.socket.DatagramWriter.Wanted;
import io.sallyport.drivers.socket.SpiQueues;
import io.sallyport.drivers.socket.TrainReader;
import io.sallyport.ffi.linux.LinuxException;
import io.sallyport.ffi.linux.Sockets;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One UDP port on all local addresses of one family, in the namespace of the thread that opened
/// it.
///
/// One thread may read, one may write and one may send, all at the same time; each side has
/// counters and memory of its own. Close it when all of them have ended.
public final class UdpPort implements AutoCloseable {
    /// 64 KiB each.
    private static final int BUFFERS = 32;

    /// IKE is little.
    private static final int MARKED_BUFFERS = 4;

    private static final int MOST_PAYLOAD = 65535;

    private static final int NONE = -1;

    private final boolean v6;
    private final int fd;

    /// For what must not be fragmented. It shares the port, and the other one receives. [#NONE]: a
    /// port that carries no data.
    private final int wholeFd;

    /// Takes what bears the non-ESP marker; null: a port that is not read in trains, or that has
    /// company which takes it.
    private final @Nullable Inlet marked;

    /// Takes what strangers send; null as with `marked`.
    private final @Nullable Inlet strangers;

    /// Null as with `marked`.
    private final @Nullable SpiQueues queues;

    private final int port;
    private final int mark;

    /// For what finds out how much the path takes, on a port without a twin: the sending thread's;
    /// [#NONE] until the first.
    private int probeFd = NONE;

    private final Arena arena = Arena.ofShared();
    private final DatagramReader reader;
    private final @Nullable TrainReader trains;
    private final DatagramWriter writer;
    private final DatagramWriter sender;
    private final boolean receivesTrains;
    private final MemorySegment payload = arena.allocate(MOST_PAYLOAD);
    private boolean closed;

    private UdpPort(
            boolean v6,
            int fd,
            int wholeFd,
            int markedFd,
            int strangersFd,
            @Nullable SpiQueues queues,
            int port,
            int mark,
            boolean inTrains) {
        this.queues = queues;
        this.mark = mark;
        this.v6 = v6;
        this.fd = fd;
        this.wholeFd = wholeFd;
        this.port = port;
        this.reader = new DatagramReader(arena, v6, false, port);
        this.trains = inTrains ? new TrainReader(arena, v6, port, BUFFERS) : null;
        this.receivesTrains = inTrains && TrainReader.prepare(fd);
        this.marked =
                markedFd == NONE ? null : new Inlet(markedFd, arena, v6, port, MARKED_BUFFERS);
        this.strangers =
                strangersFd == NONE ? null : new Inlet(strangersFd, arena, v6, port, BUFFERS);
        if (wholeFd != NONE) {
            // When the kernel joins datagrams it asks any socket of the port whether it may
            TrainReader.prepare(wholeFd);
        }
        this.writer = new DatagramWriter(arena, v6, PacketBatch.MOST, inTrains);
        this.sender = new DatagramWriter(arena, v6, 1, false);
    }

    /// @param port 0: any free one, see [#port()]
    /// @param socketMark SO_MARK of all that is sent; 0: none
    /// @throws LinuxException with advice, e.g. who may hold the port
    public static UdpPort open(boolean v6, int port, int socketMark) throws LinuxException {
        int fd = openAlone(v6, port, socketMark);
        try {
            int given = port == 0 ? BoundSocket.localPort(fd) : port;
            return new UdpPort(v6, fd, NONE, NONE, NONE, null, given, socketMark, false);
        } catch (LinuxException e) {
            BoundSocket.close(fd);
            throw e;
        }
    }

    /// The same for much data: datagrams of one path and size are sent in trains, and received in
    /// trains by [#readTrains], where the kernel can (UDP_SEGMENT, UDP_GRO).
    public static UdpPort openForTrains(boolean v6, int port, int socketMark)
            throws LinuxException {
        return openBySpi(v6, port, socketMark, 1).getFirst();
    }

    /// The same `count` times on one port: each gets the ESP of those SPIs that leave its place in
    /// the list when they are divided by `count`; what bears the non-ESP marker comes to an inlet
    /// of the first, [#marked()], and what strangers send to another, [#strangers()], once it is
    /// known who is none ([#know]). A train is as its first packet, whatever else is in it.
    public static List<UdpPort> openBySpi(boolean v6, int port, int socketMark, int count)
            throws LinuxException {
        List<Integer> fds = new ArrayList<>();
        try {
            // Their numbers are the order in which they are bound
            int first = openAlone(v6, port, socketMark);
            fds.add(first);
            int given = port == 0 ? BoundSocket.localPort(first) : port;
            for (int i = 1; i < count; i++) {
                fds.add(openAmong(v6, given, socketMark));
            }
            for (int i = 0; i < count; i++) {
                fds.add(openBeside(v6, first, given, socketMark));
            }
            int marked = openAmong(v6, given, socketMark);
            fds.add(marked);
            int strangers = openAmong(v6, given, socketMark);
            fds.add(strangers);
            SpiQueues queues = new SpiQueues(first, v6, count, 2 * count, 2 * count + 1);
            queues.allAlike();
            List<UdpPort> ports = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                ports.add(
                        new UdpPort(
                                v6,
                                fds.get(i),
                                fds.get(count + i),
                                i == 0 ? marked : NONE,
                                i == 0 ? strangers : NONE,
                                i == 0 ? queues : null,
                                given,
                                socketMark,
                                true));
            }
            return List.copyOf(ports);
        } catch (LinuxException e) {
            fds.forEach(BoundSocket::close);
            throw e;
        }
    }

    private static int openAmong(boolean v6, int port, int mark) throws LinuxException {
        int fd = BoundSocket.open(v6, Sockets.SOCK_DGRAM, 0, mark);
        try {
            BoundSocket.share(fd);
            BoundSocket.bind(fd, v6 ? IpAddress.ANY6 : IpAddress.ANY4, port);
            return fd;
        } catch (LinuxException e) {
            BoundSocket.close(fd);
            throw e;
        }
    }

    /// Bound alone, so that another program on this port is found out; may be shared from now on.
    private static int openAlone(boolean v6, int port, int mark) throws LinuxException {
        int fd = BoundSocket.open(v6, Sockets.SOCK_DGRAM, 0, mark);
        try {
            BoundSocket.bind(fd, v6 ? IpAddress.ANY6 : IpAddress.ANY4, port);
            BoundSocket.share(fd);
            return fd;
        } catch (LinuxException e) {
            BoundSocket.close(fd);
            throw e;
        }
    }

    private static int openBeside(boolean v6, int first, int port, int mark) throws LinuxException {
        int fd = BoundSocket.openWhole(v6, Sockets.SOCK_DGRAM, 0, mark);
        try {
            BoundSocket.share(fd);
            BoundSocket.bind(fd, v6 ? IpAddress.ANY6 : IpAddress.ANY4, port);
            BoundSocket.firstReceives(first);
            return fd;
        } catch (LinuxException e) {
            BoundSocket.close(fd);
            throw e;
        }
    }

    /// Adds the datagrams that are there to `batch`, in lane UDP, with path and outer traffic
    /// class.
    ///
    /// @return packets added
    /// @throws LinuxException if the socket itself is unusable
    public int read(PacketBatch batch) throws LinuxException {
        if (trains != null) {
            throw new IllegalStateException(this + " is read in trains");
        }
        return reader.read(fd, batch, Lane.UDP);
    }

    /// Whether this port was opened for trains.
    public boolean inTrains() {
        return trains != null;
    }

    /// Forgets what [#batch] held and puts the datagrams there that have come, up to 64, in lane
    /// UDP, with path and outer traffic class.
    ///
    /// @return packets in the batch
    /// @throws LinuxException if the socket itself is unusable
    public int readTrains() throws LinuxException {
        return trains().read(fd);
    }

    /// The packets of the last [#readTrains], in the memory that they were received in: they may be
    /// worked on in place until the next one. There is room around them once they are given it.
    public PacketBatch batch() {
        return trains().batch();
    }

    /// Whether [#readTrains] has more without asking the kernel: no poller will tell.
    public boolean hasMore() {
        return trains().hasMore();
    }

    /// What bears the non-ESP marker comes by this one; null: by none, or by another's of ours.
    public @Nullable Inlet marked() {
        return marked;
    }

    /// What strangers send comes by this one; null: by none, or by another's of ours.
    public @Nullable Inlet strangers() {
        return strangers;
    }

    /// Whoever else sends ESP is a stranger from now on. Any thread, for the first of several
    /// ports; nothing happens at a port that has no [#strangers()].
    ///
    /// @param senders the peer's address for each of our SPIs; empty: nobody is a stranger, as when
    ///   they are too many for the kernel
    public void know(Optional<Map<Integer, IpAddress>> senders) throws LinuxException {
        if (queues != null && senders.isPresent()) {
            queues.apart(senders.get());
        } else if (queues != null) {
            queues.allAlike();
        }
    }

    private TrainReader trains() {
        if (trains == null) {
            throw new IllegalStateException(this + " is not read in trains");
        }
        return trains;
    }

    /// Whether the kernel sends and gives datagrams in trains, for people.
    public String offload() {
        return (writer.trains() ? "UDP_SEGMENT" : "sendmmsg")
                + ", "
                + (receivesTrains ? "UDP_GRO" : "recvmmsg");
    }

    /// Sends the packets of lane UDP whose path begins at this port and is of this family.
    ///
    /// @return packets sent; those not sent are counted in [#writeDrops()]
    public int write(PacketBatch batch) {
        if (wholeFd == NONE) {
            return writer.write(fd, batch, Lane.UDP, port, Wanted.ALL);
        }
        return writer.write(fd, batch, Lane.UDP, port, Wanted.MAY_BE_CUT)
                + writer.write(wholeFd, fd, batch, Lane.UDP, port, Wanted.WHOLE);
    }

    /// Sends one datagram, e.g. of IKE; a non-ESP marker is the caller's. Refusals are counted in
    /// [#sendDrops()].
    public void send(Path path, Octets datagram) {
        send(fd, path, datagram);
    }

    private void send(int by, Path path, Octets datagram) {
        if (path.remote().address().v6() != v6 || datagram.length() > MOST_PAYLOAD) {
            throw new IllegalArgumentException(
                    datagram.length() + " octets along " + path + " by " + this);
        }
        for (int i = 0; i < datagram.length(); i++) {
            payload.set(ValueLayout.JAVA_BYTE, i, (byte) datagram.at(i));
        }
        sender.write(by, path, payload, datagram.length(), 0);
    }

    /// The same with DF, whatever the kernel heard of the path: what is too large for it does not
    /// arrive. By the sending thread.
    public void sendWhole(Path path, Octets datagram) {
        if (wholeFd != NONE) {
            send(wholeFd, path, datagram);
            return;
        }
        if (probeFd == NONE) {
            try {
                BoundSocket.share(fd);
                probeFd = openBeside(v6, fd, port, mark);
            } catch (LinuxException e) {
                sender.failed(e.errno());
                return;
            }
        }
        send(probeFd, path, datagram);
    }

    public int fd() {
        return fd;
    }

    public int port() {
        return port;
    }

    public boolean v6() {
        return v6;
    }

    public DropCounters readDrops() {
        return trains == null ? reader.drops() : trains.drops();
    }

    /// Of what [#marked] received.
    public DropCounters markedDrops() {
        return marked == null ? new DropCounters() : marked.reader().drops();
    }

    /// Of what [#strangers] received.
    public DropCounters strangersDrops() {
        return strangers == null ? new DropCounters() : strangers.reader().drops();
    }

    public DropCounters writeDrops() {
        return writer.drops();
    }

    public DropCounters sendDrops() {
        return sender.drops();
    }

    /// Why the kernel last refused to send, e.g. `ENETUNREACH (Network is unreachable)`; empty if
    /// it never did.
    public String lastError() {
        String data = writer.lastError();
        return data.isEmpty() ? sender.lastError() : data;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            BoundSocket.close(fd);
            if (wholeFd != NONE) {
                BoundSocket.close(wholeFd);
            }
            if (marked != null) {
                BoundSocket.close(marked.fd());
            }
            if (strangers != null) {
                BoundSocket.close(strangers.fd());
            }
            if (probeFd != NONE) {
                BoundSocket.close(probeFd);
            }
            arena.close();
        }
    }

    @Override
    public String toString() {
        return "UDP port " + port + (v6 ? " (IPv6)" : " (IPv4)");
    }
}
