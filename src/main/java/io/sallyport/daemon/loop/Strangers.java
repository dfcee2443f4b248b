package io.sallyport.daemon.loop;

import io.sallyport.base.packet.PacketBatch;
import io.sallyport.drivers.poll.Poller;
import io.sallyport.drivers.raw.RawPort;
import io.sallyport.drivers.udp.Inlet;
import io.sallyport.ffi.linux.LinuxException;
import java.util.List;
import java.util.function.Consumer;

/// The queues of those who send ESP and are no peers: one burst each has its turn, then none for a
/// while, so that a flood takes little of the worker's time and none of its peers' queues; the
/// kernel throws away what finds its queue full. A peer whose address has changed, and is not
/// believed yet, waits here too.
///
/// One thread; allocates nothing.
final class Strangers {
    /// Up to 64 packets in this time, of each queue: 32,000 a second.
    static final long PACE_NANOS = 2_000_000;

    private final List<Inlet> inlets;
    private final List<RawPort> raw;
    private final PacketBatch batch;
    private final Poller poller;
    private final int firstToken;
    private final boolean[] resting;
    private final long[] until;

    /// @param batch what `raw` brings is put there, in each turn
    /// @param firstToken of the poller for the first of them all; the others follow
    Strangers(
            List<Inlet> inlets, List<RawPort> raw, PacketBatch batch, Poller poller, int firstToken)
            throws LinuxException {
        this.inlets = inlets;
        this.raw = raw;
        this.batch = batch;
        this.poller = poller;
        this.firstToken = firstToken;
        this.resting = new boolean[inlets.size() + raw.size()];
        this.until = new long[resting.length];
        for (int i = 0; i < resting.length; i++) {
            poller.add(fd(i), firstToken + i);
        }
    }

    /// Whether this token of the poller is one of these.
    boolean has(int token) {
        return token >= firstToken && token < firstToken + resting.length;
    }

    private int fd(int i) {
        return i < inlets.size() ? inlets.get(i).fd() : raw.get(i - inlets.size()).fd();
    }

    /// One burst of the queue whose token is ready.
    void turn(int token, Consumer<PacketBatch> road, long now) throws LinuxException {
        int i = token - firstToken;
        if (!resting[i]) {
            resting[i] = true;
            poller.mute(fd(i), token);
        }
        until[i] = now + PACE_NANOS;
        if (i < inlets.size()) {
            if (inlets.get(i).read() > 0) {
                road.accept(inlets.get(i).batch());
            }
            return;
        }
        batch.clear();
        if (raw.get(i - inlets.size()).read(batch) > 0) {
            road.accept(batch);
        }
    }

    /// Those that have rested long enough.
    void wake(Consumer<PacketBatch> road, long now) throws LinuxException {
        for (int i = 0; i < resting.length; i++) {
            if (!resting[i] || until[i] - now > 0) {
                continue;
            }
            if (i < inlets.size() && inlets.get(i).hasMore()) {
                turn(firstToken + i, road, now);
            } else {
                resting[i] = false;
                poller.hear(fd(i), firstToken + i);
            }
        }
    }

    /// How long the worker may sleep, `most` at the longest.
    long sleep(long most, long now) {
        long nanos = most;
        for (int i = 0; i < resting.length; i++) {
            if (resting[i]) {
                nanos = Math.min(nanos, Math.max(0, until[i] - now));
            }
        }
        return nanos;
    }
}
