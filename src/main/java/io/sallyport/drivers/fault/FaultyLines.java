package io.sallyport.drivers.fault;

import io.sallyport.base.net.IpAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/// A [FaultyLink] for every peer, so that one conversation's luck is not another's: the seed of a
/// line is that of the [Faults] plus the number that the peer's address is. One thread, but for the
/// counts.
public final class FaultyLines<T> {
    private static final int MOST_LINES = 4096;

    private final Faults faults;
    private final Map<IpAddress, FaultyLink<T>> lines = new HashMap<>();
    private final LineCounts counts = new LineCounts();

    public FaultyLines(Faults faults) {
        this.faults = faults;
    }

    /// A packet from or to `peer` enters its line; none, one or several leave.
    public void pass(IpAddress peer, T cargo, Consumer<? super T> out) {
        FaultyLink<T> line = lines.get(peer);
        if (line == null) {
            // Strangers get no line of their own once there are very many
            IpAddress whose = lines.size() < MOST_LINES ? peer : IpAddress.ANY4;
            line = lines.computeIfAbsent(whose, this::line);
        }
        line.pass(cargo, out);
    }

    private FaultyLink<T> line(IpAddress peer) {
        return new FaultyLink<>(faults.withSeed(faults.seed() + peer.high() + peer.low()), counts);
    }

    /// What all lines together did. Any thread.
    public LineCounts counts() {
        return counts;
    }
}
