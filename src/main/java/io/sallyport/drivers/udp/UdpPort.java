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
import io.sallyport.ffi.linux.LinuxException;
import io.sallyport.ffi.linux.Sockets;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// One UDP port on all local addresses of one family, in the namespace of the thread that opened
/// it.
///
/// One thread may read, one may write and one may send, all at the same time; each side has
/// counters and memory of its own. Close it when all of them have ended.
public final class UdpPort implements AutoCloseable {
    private static final int MOST_PAYLOAD = 65535;

    private final boolean v6;
    private final int fd;
    private final int port;
    private final Arena arena = Arena.ofShared();
    private final DatagramReader reader;
    private final DatagramWriter writer;
    private final DatagramWriter sender;
    private final MemorySegment payload = arena.allocate(MOST_PAYLOAD);
    private boolean closed;

    private UdpPort(boolean v6, int fd, int port) {
        this.v6 = v6;
        this.fd = fd;
        this.port = port;
        this.reader = new DatagramReader(arena, v6, false, port);
        this.writer = new DatagramWriter(arena, v6, PacketBatch.MOST);
        this.sender = new DatagramWriter(arena, v6, 1);
    }

    /// @param port 0: any free one, see [#port()]
    /// @param socketMark SO_MARK of all that is sent; 0: none
    /// @throws LinuxException with advice, e.g. who may hold the port
    public static UdpPort open(boolean v6, int port, int socketMark) throws LinuxException {
        int fd = BoundSocket.open(v6, Sockets.SOCK_DGRAM, 0, socketMark);
        try {
            BoundSocket.bind(fd, v6 ? IpAddress.ANY6 : IpAddress.ANY4, port);
            return new UdpPort(v6, fd, port == 0 ? BoundSocket.localPort(fd) : port);
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
        return reader.read(fd, batch, Lane.UDP);
    }

    /// Sends the packets of lane UDP whose path begins at this port and is of this family.
    ///
    /// @return packets sent; those not sent are counted in [#writeDrops()]
    public int write(PacketBatch batch) {
        return writer.write(fd, batch, Lane.UDP, port);
    }

    /// Sends one datagram, e.g. of IKE; a non-ESP marker is the caller's. Refusals are counted in
    /// [#sendDrops()].
    public void send(Path path, Octets datagram) {
        if (path.remote().address().v6() != v6 || datagram.length() > MOST_PAYLOAD) {
            throw new IllegalArgumentException(
                    datagram.length() + " octets along " + path + " by " + this);
        }
        for (int i = 0; i < datagram.length(); i++) {
            payload.set(ValueLayout.JAVA_BYTE, i, (byte) datagram.at(i));
        }
        sender.write(fd, path, payload, datagram.length(), 0);
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
        return reader.drops();
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
            arena.close();
        }
    }

    @Override
    public String toString() {
        return "UDP port " + port + (v6 ? " (IPv6)" : " (IPv4)");
    }
}
