package io.sallyport.drivers.fault;

import io.sallyport.base.Octets;
import io.sallyport.base.net.IpAddress;
import io.sallyport.base.net.Path;
import io.sallyport.base.packet.Lane;
import io.sallyport.base.packet.PacketBatch;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/// [FaultyLines] between a reader or writer of batches and whoever uses it:
///
/// ```text
/// in.clear();   port.read(in);
/// faults.enter(in);
/// while (faults.hasMore()) {   out.clear();   faults.leave(out);   use(out);   }
/// ```
///
/// It copies packets to the heap, so it is for proofs, not for the road.
public final class FaultyBatches {
    private record Packet(
            Octets octets,
            Lane lane,
            @Nullable Path path,
            int link,
            int trafficClass,
            boolean dontFragment,
            int sequenceHigh) {}

    private final FaultyLines<Packet> lines;
    private final Queue<Packet> waiting = new ArrayDeque<>();

    public FaultyBatches(Faults faults) {
        this.lines = new FaultyLines<>(faults);
    }

    /// Takes every packet of `in` that a line would carry; `in` stays as it is.
    public void enter(PacketBatch in) {
        for (int i = 0; i < in.count(); i++) {
            if (in.lane(i) == Lane.DROPPED || in.lane(i) == Lane.TUN) {
                continue;
            }
            Path path = in.path(i);
            Packet packet =
                    new Packet(
                            Octets.owned(in.copy(i)),
                            in.lane(i),
                            path,
                            in.link(i),
                            in.trafficClass(i),
                            in.dontFragment(i),
                            in.sequenceHigh(i));
            lines.pass(
                    path == null ? IpAddress.ANY4 : path.remote().address(), packet, waiting::add);
        }
    }

    /// Whether packets have come through that [#leave] did not give yet.
    public boolean hasMore() {
        return !waiting.isEmpty();
    }

    /// Adds what came through to the end of `out`, as far as there is room.
    ///
    /// @return packets added to `out`
    /// @throws IndexOutOfBoundsException if a packet is larger than the room of `out`
    public int leave(PacketBatch out) {
        int added = 0;
        while (!out.isFull() && !waiting.isEmpty()) {
            Packet next = waiting.remove();
            int i = out.add();
            out.fill(i, next.octets().toArray(), 0, next.octets().length());
            out.lane(i, next.lane());
            out.path(i, next.path());
            out.link(i, next.link());
            out.trafficClass(i, next.trafficClass());
            out.dontFragment(i, next.dontFragment());
            out.sequenceHigh(i, next.sequenceHigh());
            added++;
        }
        return added;
    }

    /// What the lines did so far. Any thread.
    public LineCounts counts() {
        return lines.counts();
    }
}
