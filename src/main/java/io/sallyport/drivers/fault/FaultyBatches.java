package io.sallyport.drivers.fault;

import io.sallyport.base.Octets;
import io.sallyport.base.net.Path;
import io.sallyport.base.packet.Lane;
import io.sallyport.base.packet.PacketBatch;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/// A [FaultyLink] between a reader or writer of batches and whoever uses it:
///
/// ```text
/// in.clear();   port.read(in);           faults.process(in, batch);
/// out.clear();  faults.process(batch, out);   port.write(out);
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

    private final FaultyLink<Packet> line;
    private final Queue<Packet> waiting = new ArrayDeque<>();

    public FaultyBatches(Faults faults) {
        this.line = new FaultyLink<>(faults);
    }

    /// Moves the packets of `in` over the bad line to the end of `out`; what does not fit comes
    /// with the next batch. `in` stays as it is.
    ///
    /// @return packets added to `out`
    /// @throws IndexOutOfBoundsException if a packet is larger than the room of `out`
    public int process(PacketBatch in, PacketBatch out) {
        for (int i = 0; i < in.count(); i++) {
            line.pass(
                    new Packet(
                            Octets.owned(in.copy(i)),
                            in.lane(i),
                            in.path(i),
                            in.link(i),
                            in.trafficClass(i),
                            in.dontFragment(i),
                            in.sequenceHigh(i)),
                    waiting::add);
        }
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

    /// What the line did so far.
    public FaultyLink<?> line() {
        return line;
    }
}
