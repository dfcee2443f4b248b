package io.sallyport.ike;

import io.sallyport.testkit.MemoryBackend;
import io.sallyport.testkit.TwoPeers;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/// A token each way every 10 ms, 20 ms under way like everything else.
public final class Traffic {
    private static final long MILLI = TwoPeers.MILLI;

    private record Flight(long at, TwoPeers.Peer to, MemoryBackend.Token token) {}

    private final Deque<Flight> flights = new ArrayDeque<>();
    int lost;

    /// @return tokens that were lost in either direction
    public static int lost(TwoPeers p, long nanos) {
        Traffic traffic = new Traffic();
        for (long end = p.now() + nanos; p.now() < end; ) {
            p.run(10 * MILLI);
            traffic.arrive(p.now());
            traffic.depart(p.a, p.b, p.now());
            traffic.depart(p.b, p.a, p.now());
        }
        return traffic.lost;
    }

    void arrive(long now) {
        while (!flights.isEmpty() && flights.peek().at() <= now) {
            Flight f = flights.remove();
            if (!f.to().backend.receive(f.token(), now)) {
                lost++;
            }
        }
    }

    void depart(TwoPeers.Peer from, TwoPeers.Peer to, long now) {
        Optional<MemoryBackend.Token> token = from.backend.send(from.child());
        if (token.isEmpty()) {
            lost++;
        } else {
            flights.add(new Flight(now + 20 * MILLI, to, token.get()));
        }
    }
}
