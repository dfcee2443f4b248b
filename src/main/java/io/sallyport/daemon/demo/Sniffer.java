package io.sallyport.daemon.demo;

import io.sallyport.base.packet.PacketBatch;
import io.sallyport.drivers.netns.NetworkNamespace;
import io.sallyport.ffi.linux.LinuxException;
import io.sallyport.ffi.linux.Socket;
import io.sallyport.ffi.linux.Sockets;
import io.sallyport.ffi.linux.Unistd;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.Map;

/// Our own capture on every link of a namespace (packet(7)): counts each frame by what it is. In
/// the demonstration it listens in the internet, where nothing but IKE and ESP may be seen.
final class Sniffer implements AutoCloseable {
    private static final int ALL_PROTOCOLS = 0x0300; // ETH_P_ALL in network order
    private static final int SNAP = 2048;
    private static final int RECEIVE_BUFFER = 32 << 20;

    /// struct sockaddr_ll: which interface, and at 10 the packet's direction.
    private static final int ADDRESS_OCTETS = 20;

    private static final int DIRECTION_AT = 10;
    private static final int PACKET_OUTGOING = 4;

    private final int fd;
    private final Thread thread;
    private final Map<Frames, Long> counts = new EnumMap<>(Frames.class);
    private String stranger = "";
    private volatile boolean stopped;

    private Sniffer(int fd) {
        this.fd = fd;
        this.thread =
                Thread.ofPlatform().daemon().name("sallyport-demo-capture").unstarted(this::listen);
    }

    static Sniffer start(NetworkNamespace namespace) throws IOException {
        Sniffer sniffer =
                namespace.call(() -> {
                    int fd =
                            LinuxException.check(
                                    Socket.socket(
                                            Sockets.AF_PACKET, Sockets.SOCK_RAW, ALL_PROTOCOLS),
                                    "open a packet socket");
                    Socket.setsockopt(
                            fd, Sockets.SOL_SOCKET, Sockets.SO_RCVBUFFORCE, RECEIVE_BUFFER);
                    return new Sniffer(fd);
                });
        sniffer.thread.start();
        return sniffer;
    }

    private void listen() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment frame = arena.allocate(SNAP);
            MemorySegment from = arena.allocate(ADDRESS_OCTETS);
            MemorySegment fromLength = arena.allocate(4);
            MemorySegment limit = arena.allocate(16);
            limit.set(ValueLayout.JAVA_LONG, 8, 100_000);
            Socket.setsockopt(fd, Sockets.SOL_SOCKET, Sockets.SO_RCVTIMEO, limit.address(), 16);
            while (!stopped) {
                fromLength.set(ValueLayout.JAVA_INT, 0, ADDRESS_OCTETS);
                int length =
                        Socket.recvfrom(
                                fd, frame.address(), SNAP, 0, from.address(), fromLength.address());
                // Each frame is forwarded: counted where it arrives, not again where it leaves.
                if (length > 0 && from.get(PacketBatch.U8, DIRECTION_AT) != PACKET_OUTGOING) {
                    count(frame, length);
                }
            }
        }
    }

    private void count(MemorySegment frame, int length) {
        Frames kind = Frames.of(frame, length);
        synchronized (counts) {
            counts.merge(kind, 1L, Long::sum);
            if (kind == Frames.OTHER && stranger.isEmpty()) {
                byte[] head = new byte[Math.min(64, length)];
                MemorySegment.copy(frame, PacketBatch.U8, 0, head, 0, head.length);
                stranger = HexFormat.of().formatHex(head);
            }
        }
    }

    /// Frames so far.
    long count(Frames kind) {
        synchronized (counts) {
            return counts.getOrDefault(kind, 0L);
        }
    }

    /// The head of the first frame that should not have been there, in hexadecimal; empty: none.
    String stranger() {
        synchronized (counts) {
            return stranger;
        }
    }

    @Override
    public void close() {
        stopped = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Unistd.close(fd);
    }
}
