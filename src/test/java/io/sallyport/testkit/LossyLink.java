package io.sallyport.testkit;

import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.Random;

/// A wire between two machines in virtual time: it delays, and by its seed loses, doubles and
/// reorders.
public final class LossyLink<T> {
    private record Flight<T>(long at, long order, T cargo) {}

    private final Random random;
    private final long delayNanos;
    private final PriorityQueue<Flight<T>> flights =
            new PriorityQueue<>(
                    Comparator.<Flight<T>>comparingLong(Flight::at)
                            .thenComparingLong(Flight::order));
    private int lossPercent;
    private int doublePercent;
    private int reorderPercent;
    private long order;
    private boolean cut;

    public LossyLink(long seed, long delayNanos) {
        this.random = new Random(seed);
        this.delayNanos = delayNanos;
    }

    public LossyLink<T> faults(int loss, int doubled, int reordered) {
        lossPercent = loss;
        doublePercent = doubled;
        reorderPercent = reordered;
        return this;
    }

    /// While cut, everything is lost.
    public void cut(boolean on) {
        cut = on;
    }

    public void send(T cargo, long now) {
        if (cut || random.nextInt(100) < lossPercent) {
            return;
        }
        int copies = random.nextInt(100) < doublePercent ? 2 : 1;
        for (int i = 0; i < copies; i++) {
            long extra = random.nextInt(100) < reorderPercent ? random.nextLong(4 * delayNanos) : 0;
            flights.add(new Flight<>(now + delayNanos + extra, order++, cargo));
        }
    }

    public long next() {
        return flights.isEmpty() ? Long.MAX_VALUE : flights.peek().at();
    }

    public T take() {
        return flights.remove().cargo();
    }
}
