package io.sallyport.drivers.tcp;

import io.sallyport.base.net.Path;
import io.sallyport.base.packet.Lane;
import io.sallyport.base.packet.PacketBatch;
import io.sallyport.base.telemetry.Drop;
import io.sallyport.base.telemetry.DropCounters;
import io.sallyport.ffi.linux.IoVector;
import java.lang.foreign.Arena;

/// Where one outbound worker leaves packets for TCP connections. What has no connection just now
/// goes no further: it never leaves in another way.
public final class TcpWriter {
    private final TcpPort port;
    private final IoVector vectors = new IoVector(Arena.ofAuto(), PacketBatch.MOST);
    private final DropCounters drops = new DropCounters();

    TcpWriter(TcpPort port) {
        this.port = port;
    }

    /// Sends the packets of lane TCP, each run of one path at once. This worker only; allocates
    /// nothing while the lines take what comes.
    public void write(PacketBatch batch) {
        int from = 0;
        while (from < batch.count()) {
            Path path = batch.path(from);
            if (batch.lane(from) != Lane.TCP || path == null) {
                from++;
                continue;
            }
            int to = from + 1;
            while (to < batch.count()
                    && batch.lane(to) == Lane.TCP
                    && path.equals(batch.path(to))) {
                to++;
            }
            TcpLine line = port.line(path);
            if (line == null) {
                drops.count(Drop.UNREACHABLE, to - from);
            } else {
                line.write(batch, from, to, vectors, drops, port.orders());
            }
            from = to;
        }
    }

    public DropCounters drops() {
        return drops;
    }
}
