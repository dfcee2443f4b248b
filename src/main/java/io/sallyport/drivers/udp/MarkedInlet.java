package io.sallyport.drivers.udp;

import io.sallyport.base.packet.PacketBatch;
import io.sallyport.drivers.socket.TrainReader;
import io.sallyport.ffi.linux.LinuxException;
import java.lang.foreign.Arena;

/// What comes to a port for trains with four zero octets in front, the non-ESP marker of RFC 3948,
/// 2.2: it has a socket, and so a queue, of its own, that a flood of ESP cannot keep IKE out.
///
/// A train goes where its first datagram belongs, so both queues may hold either kind.
public final class MarkedInlet {
    /// 64 KiB each.
    private static final int BUFFERS = 4;

    private final int fd;
    private final TrainReader reader;

    /// @param fd bound beside the port's other sockets; closed by whoever opened it
    MarkedInlet(int fd, Arena arena, boolean v6, int port) {
        this.fd = fd;
        this.reader = new TrainReader(arena, v6, port, BUFFERS);
        TrainReader.prepare(fd);
    }

    /// As [UdpPort#readTrains].
    public int read() throws LinuxException {
        return reader.read(fd);
    }

    /// As [UdpPort#batch].
    public PacketBatch batch() {
        return reader.batch();
    }

    /// As [UdpPort#hasMore].
    public boolean hasMore() {
        return reader.hasMore();
    }

    public int fd() {
        return fd;
    }

    TrainReader reader() {
        return reader;
    }
}
