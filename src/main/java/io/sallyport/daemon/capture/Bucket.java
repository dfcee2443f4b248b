package io.sallyport.daemon.capture;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Supplier;

/// What one capture has seen and not told yet. It holds so much and no more: what comes above is
/// counted, and the road does not wait. Any thread puts in, one takes out.
final class Bucket {
    /// Packets and octets that wait for a slow reader.
    static final int MOST_PACKETS = 16384;

    static final int MOST_OCTETS = 16 << 20;

    private final boolean inner;
    private final boolean outer;
    private final boolean keys;
    private final Deque<String> newKeys = new ArrayDeque<>();
    private final Deque<Seen> waiting = new ArrayDeque<>();
    private int octets;
    private long droppedInner;
    private long droppedOuter;
    private boolean closed;

    /// @param keys whether the keys of SAs that come are wanted
    Bucket(boolean inner, boolean outer, boolean keys) {
        this.keys = keys;
        this.inner = inner;
        this.outer = outer;
    }

    boolean wants(boolean innerPacket) {
        return innerPacket ? inner : outer;
    }

    synchronized void offer(Seen seen) {
        if (closed || !wants(seen.inner())) {
            return;
        }
        if (waiting.size() == MOST_PACKETS || octets + seen.ip().length > MOST_OCTETS) {
            if (seen.inner()) {
                droppedInner++;
            } else {
                droppedOuter++;
            }
            return;
        }
        waiting.add(seen);
        octets += seen.ip().length;
        notifyAll();
    }

    /// An SA came; who did not ask for keys gets none.
    synchronized void offerKeys(Supplier<String> lines) {
        if (keys && !closed) {
            newKeys.add(lines.get());
            notifyAll();
        }
    }

    /// The keys that came since the last call.
    synchronized List<String> takeKeys() {
        List<String> all = List.copyOf(newKeys);
        newKeys.clear();
        return all;
    }

    /// Takes up to `most`; waits for the first. None: keys came, nothing in time, or it is closed.
    ///
    /// @param millis to wait, more than 0
    synchronized List<Seen> take(int most, long millis) throws InterruptedException {
        if (waiting.isEmpty() && newKeys.isEmpty() && !closed) {
            wait(millis);
        }
        List<Seen> some = new ArrayList<>();
        while (some.size() < most && !waiting.isEmpty()) {
            Seen seen = waiting.remove();
            octets -= seen.ip().length;
            some.add(seen);
        }
        return some;
    }

    /// Nothing is put in any more.
    synchronized void close() {
        closed = true;
        notifyAll();
    }

    synchronized boolean isClosed() {
        return closed;
    }

    synchronized long dropped(boolean innerPackets) {
        return innerPackets ? droppedInner : droppedOuter;
    }
}
