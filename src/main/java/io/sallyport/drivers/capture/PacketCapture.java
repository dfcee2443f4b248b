package io.sallyport.drivers.capture;

import io.sallyport.ffi.linux.Errno;
import io.sallyport.ffi.linux.LinuxException;
import io.sallyport.ffi.linux.MessageVector;
import io.sallyport.ffi.linux.Sched;
import io.sallyport.ffi.linux.Socket;
import io.sallyport.ffi.linux.Sockets;
import io.sallyport.ffi.linux.Unistd;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.function.Consumer;

/// All packets of one interface, or of all, of the namespace of the thread that opened it
/// (packet(7)), without their link header: TUN and Ethernet look the same. One thread; it fits into
/// a poller.
///
/// ```text
/// sockaddr_ll:        0 family  2 protocol(be)  4 interface(4)  8 hardware  10 packet type(1) ...
/// tpacket_auxdata:    0 status(4)  4 length(4)  8 captured(4) ...
/// ```
public final class PacketCapture implements AutoCloseable {
    private static final int ETH_P_ALL = 0x0003;
    private static final int SOCKADDR_LL = 20;
    private static final int PACKET_OUTGOING = 4;
    private static final int BURST = 64;
    private static final int RECEIVE_BUFFER = 16 << 20;
    private static final ValueLayout.OfShort BE16 =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private final int fd;
    private final int snap;
    private final Arena arena = Arena.ofShared();
    private final MessageVector vector = new MessageVector(arena, BURST);
    private final MemorySegment packets;
    private final MemorySegment statistics = arena.allocate(8, 8);
    private final MemorySegment statisticsLength = arena.allocate(4, 4);
    private final Captured captured = new Captured();
    private long dropped;
    private boolean closed;

    private PacketCapture(int fd, int snap) {
        this.fd = fd;
        this.snap = snap;
        this.packets = arena.allocate((long) BURST * snap, 8);
    }

    /// @param link name of the interface; empty: all there are and will be
    /// @param snap octets kept of a packet
    public static PacketCapture open(String link, int snap) throws LinuxException {
        // Protocol 0 hears nothing: the first packet comes after bind has chosen the interface.
        int fd = Socket.socket(Sockets.AF_PACKET, Sockets.SOCK_DGRAM | Sockets.SOCK_NONBLOCK, 0);
        if (fd < 0) {
            throw new LinuxException(
                    "packet socket",
                    -fd,
                    Errno.EPERM.is(fd) ? "Capturing needs root, or CAP_NET_RAW" : "");
        }
        try {
            configure(fd, link);
            return new PacketCapture(fd, snap);
        } catch (LinuxException e) {
            Unistd.close(fd);
            throw e;
        }
    }

    private static void configure(int fd, String link) throws LinuxException {
        int index =
                link.isEmpty()
                        ? 0
                        : LinuxException.check(Sched.ifNameToIndex(link), "capture on " + link);
        if (Socket.setsockopt(fd, Sockets.SOL_SOCKET, Sockets.SO_RCVBUFFORCE, RECEIVE_BUFFER) < 0) {
            Socket.setsockopt(fd, Sockets.SOL_SOCKET, Sockets.SO_RCVBUF, RECEIVE_BUFFER);
        }
        LinuxException.check(
                Socket.setsockopt(fd, Sockets.SOL_SOCKET, Sockets.SO_TIMESTAMPNS, 1),
                "setsockopt SO_TIMESTAMPNS");
        LinuxException.check(
                Socket.setsockopt(fd, Sockets.SOL_PACKET, Sockets.PACKET_AUXDATA, 1),
                "setsockopt PACKET_AUXDATA");
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment name = arena.allocate(SOCKADDR_LL, 4);
            name.set(ValueLayout.JAVA_SHORT, 0, (short) Sockets.AF_PACKET);
            name.set(BE16, 2, (short) ETH_P_ALL);
            name.set(ValueLayout.JAVA_INT, 4, index);
            LinuxException.check(
                    Socket.bind(fd, name.address(), SOCKADDR_LL), "bind packet socket to " + link);
        }
    }

    /// Gives the packets that are there to `sink`, one burst at most, and does not wait.
    ///
    /// @param sink gets one object, filled anew for each packet
    /// @return packets given
    public int read(Consumer<? super Captured> sink) throws LinuxException {
        for (int k = 0; k < BURST; k++) {
            vector.prepareReceive(k, packets.address() + (long) k * snap, snap);
        }
        int received = Socket.recvmmsg(fd, vector.address(0), BURST);
        if (received < 0) {
            // ENETDOWN tells once that an interface went down.
            if (Errno.EAGAIN.is(received)
                    || Errno.EINTR.is(received)
                    || Errno.ENETDOWN.is(received)) {
                return 0;
            }
            throw new LinuxException("recvmmsg of a packet socket", -received);
        }
        for (int k = 0; k < received; k++) {
            captured.index = k;
            sink.accept(captured);
        }
        return received;
    }

    /// Packets that the kernel could not keep for us since [#open].
    public long dropped() throws LinuxException {
        statisticsLength.set(ValueLayout.JAVA_INT, 0, 8);
        LinuxException.check(
                Socket.getsockopt(
                        fd,
                        Sockets.SOL_PACKET,
                        Sockets.PACKET_STATISTICS,
                        statistics.address(),
                        statisticsLength.address()),
                "getsockopt PACKET_STATISTICS");
        // The kernel forgets its count when it has told it.
        dropped += statistics.get(ValueLayout.JAVA_INT, 4) & 0xffffffffL;
        return dropped;
    }

    public int fd() {
        return fd;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            Unistd.close(fd);
            arena.close();
        }
    }

    /// One packet, from its network header on. Valid only within the sink.
    public final class Captured {
        private int index;

        private Captured() {}

        /// When the kernel saw it: nanoseconds since 1970.
        public long atNanos() {
            int at = vector.findControl(index, Sockets.SOL_SOCKET, Sockets.SO_TIMESTAMPNS, 16);
            return at < 0
                    ? 0
                    : vector.memory().get(ValueLayout.JAVA_LONG, at) * 1_000_000_000L
                            + vector.memory().get(ValueLayout.JAVA_LONG, at + 8);
        }

        /// What it is: 0x0800 IPv4, 0x86dd IPv6, 0x0806 ARP...
        public int etherType() {
            return vector.memory().get(BE16, vector.name(index) + 2) & 0xffff;
        }

        /// Index of the interface it was seen on.
        public int link() {
            return vector.memory().get(ValueLayout.JAVA_INT, vector.name(index) + 4);
        }

        /// Whether this host sent it there; a packet that is forwarded is seen both ways.
        public boolean outgoing() {
            return vector.octet(vector.name(index) + 10) == PACKET_OUTGOING;
        }

        /// Where the packet is; [#start()] and [#length()] say which part.
        public MemorySegment memory() {
            return packets;
        }

        public long start() {
            return (long) index * snap;
        }

        /// Octets that were kept.
        public int length() {
            return vector.length(index);
        }

        /// Octets that it had.
        public int originalLength() {
            int at = vector.findControl(index, Sockets.SOL_PACKET, Sockets.PACKET_AUXDATA, 20);
            return at < 0 ? length() : vector.memory().get(ValueLayout.JAVA_INT, at + 4);
        }

        /// A copy of what was kept.
        public byte[] copy() {
            return packets.asSlice(start(), length()).toArray(ValueLayout.JAVA_BYTE);
        }
    }
}
