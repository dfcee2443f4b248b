package io.sallyport.drivers.udp;

import io.sallyport.base.packet.PacketBatch;
import io.sallyport.drivers.socket.TrainReader;
import io.sallyport.ffi.linux.LinuxException;
import java.lang.foreign.Arena;

/// A socket, and so a queue, of its own beside those of a port for trains: for what bears the
/// non-ESP marker of RFC 3948, 2.2, or for what strangers send ([SpiQueues]), that a flood in one
/// queue fills no other.
///
/// A train goes where its first datagram belongs, so each queue may hold any kind.
public final class Inlet {
    private final int fd;
    private final TrainReader reader;

    /// @param fd bound beside the port's other sockets; closed by whoever opened it
    /// @param buffers 64 KiB each
    Inlet(int fd, Arena arena, boolean v6, int port, int buffers) {
        this.fd = fd;
        this.reader = new TrainReader(arena, v6, port, buffers);
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
