package io.sallyport.daemon.loop;

import io.sallyport.base.packet.Lane;
import io.sallyport.base.packet.PacketBatch;
import io.sallyport.base.ring.Mailbox;
import io.sallyport.base.time.Clock;
import io.sallyport.daemon.capture.Glimpse;
import io.sallyport.daemon.capture.Tap;
import io.sallyport.drivers.poll.Poller;
import io.sallyport.drivers.socket.PathCache;
import io.sallyport.drivers.tun.TunDevice;
import io.sallyport.ffi.linux.Errno;
import io.sallyport.ffi.linux.LinuxException;
import io.sallyport.ipsec.pipeline.OutboundPipeline;
import io.sallyport.wire.ip.Ipv4;
import io.sallyport.wire.ip.Ipv6;
import java.lang.foreign.Arena;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// The thread of the road out:
///
/// ```text
///  TunDevice.read -> OutboundPipeline.process -> UdpPort.write, RawPort.write
///                                             -> TunDevice.write (ICMP answers)
/// ```
///
/// Of several each reads a queue of each TUN. What they number on one SA they send in turn.
public final class OutboundWorker implements Runnable {
    /// Slot of a batch: the largest packet a TUN gives, room in front for the ESP header or an ICMP
    /// answer, behind for padding and ICV.
    static final int SLOT = 9472;

    static final int HEADROOM = 128;

    /// Destinations of what passes in clear that are remembered, by four.
    private static final int CLEAR_SETS = 64;

    /// Bursts from one TUN before the others have their turn.
    private static final int BURSTS = 4;

    /// An idle worker looks up this often, so that the keys of dead SAs are forgotten.
    private static final long IDLE_NANOS = 1_000_000_000;

    /// So long a burst waits for another worker's that was numbered before it, which mostly takes
    /// microseconds, but some milliseconds where that worker has lost its processor. Then the
    /// peer's replay window decides.
    private static final long TURN_NANOS = 50_000_000;

    /// Looks at a turn before the processor is left to others, and how long.
    private static final int SPINS = 500;

    private static final long PAUSE_NANOS = 20_000;

    private final OutboundPipeline pipeline;
    private final WorkerPorts ports;
    private final Tuns tuns;
    private final Tap tap;
    private final Clock clock;
    private final Bugs bugs;
    private final Poller poller;
    private final PacketBatch batch =
            new PacketBatch(Arena.ofAuto(), PacketBatch.MOST, SLOT, HEADROOM);
    private final Mailbox<Runnable> errands;
    private final PathCache clear4 = new PathCache(false, CLEAR_SETS);
    private final PathCache clear6 = new PathCache(true, CLEAR_SETS);
    private volatile boolean stopped;

    OutboundWorker(
            OutboundPipeline pipeline,
            WorkerPorts ports,
            Tuns tuns,
            Tap tap,
            Clock clock,
            Bugs bugs)
            throws LinuxException {
        this.pipeline = pipeline;
        this.ports = ports;
        this.tuns = tuns;
        this.tap = tap;
        this.clock = clock;
        this.bugs = bugs;
        this.poller = Poller.open();
        this.errands = new Mailbox<>(256, poller::wake);
    }

    /// A batch for the fragments that the pipeline makes.
    public static PacketBatch spare() {
        return new PacketBatch(Arena.ofAuto(), PacketBatch.MOST, SLOT, HEADROOM);
    }

    /// Takes a TUN's packets from now on. Any thread.
    CompletableFuture<@Nullable Void> add(TunDevice device) {
        return errand(() -> {
            tuns.add(device);
            poller.add(device.fd(), device.link());
        });
    }

    /// Forgets a TUN, which may be closed when all workers have. Any thread.
    CompletableFuture<@Nullable Void> remove(TunDevice device) {
        return errand(() -> {
            tuns.remove(device);
            unpoll(device);
        });
    }

    private interface Errand {
        void run() throws LinuxException;
    }

    private CompletableFuture<@Nullable Void> errand(Errand work) {
        CompletableFuture<@Nullable Void> done = new CompletableFuture<>();
        Runnable letter =
                () -> {
                    try {
                        work.run();
                        done.complete(null);
                    } catch (LinuxException | RuntimeException e) {
                        done.completeExceptionally(e);
                    }
                };
        if (!errands.offer(letter)) {
            done.completeExceptionally(new IllegalStateException("the outbound worker is behind"));
        }
        return done;
    }

    void stop() {
        stopped = true;
        poller.wake();
    }

    @Override
    public void run() {
        while (!stopped) {
            try {
                turn(poller.await(pipeline.dummiesDueIn(clock.nanos(), IDLE_NANOS)));
            } catch (LinuxException e) {
                bugs.caught("outbound worker", new IllegalStateException(e.getMessage(), e));
            } catch (RuntimeException bug) {
                bugs.caught("outbound worker", bug);
            }
        }
        poller.close();
    }

    private void turn(int ready) {
        for (Runnable errand = errands.poll(); errand != null; errand = errands.poll()) {
            errand.run();
        }
        sendWaiting();
        sendDummies();
        if (ready == 0) {
            batch.clear();
            pipeline.process(batch, clock.nanos());
        }
        for (int i = 0; i < ready; i++) {
            TunDevice device = tuns.get(poller.token(i));
            if (device != null) {
                drain(device);
            }
        }
    }

    /// What waited for an SA that has come.
    private void sendWaiting() {
        batch.clear();
        while (pipeline.release(batch, clock.nanos())) {
            pass(tap.released());
            batch.clear();
        }
    }

    /// What hides that there is no traffic.
    private void sendDummies() {
        batch.clear();
        try {
            if (pipeline.dummies(batch, clock.nanos())) {
                depart(tap.released());
            }
        } finally {
            pipeline.left();
        }
    }

    /// An SA came: packets may have waited for it. Any thread.
    void wake() {
        poller.wake();
    }

    private void drain(TunDevice device) {
        for (int burst = 0; burst < BURSTS || device.hasMore(); burst++) {
            batch.clear();
            try {
                if (device.read(batch) == 0) {
                    return;
                }
            } catch (LinuxException e) {
                forget(device, e);
                return;
            }
            pass(tap.outbound(batch));
        }
    }

    private void pass(@Nullable Glimpse glimpse) {
        try {
            pipeline.process(batch, clock.nanos());
            depart(glimpse);
        } finally {
            pipeline.left(); // also after a bug: the other workers wait for this burst
        }
    }

    private void depart(@Nullable Glimpse glimpse) {
        if (glimpse != null) {
            glimpse.left(batch, pipeline.spare());
        }
        awaitTurn();
        send(batch);
        send(pipeline.spare());
    }

    private void awaitTurn() {
        if (pipeline.isTurn()) {
            return;
        }
        long until = clock.nanos() + TURN_NANOS;
        for (int spins = 0; !pipeline.isTurn() && clock.nanos() < until; spins++) {
            if (spins < SPINS) {
                Thread.onSpinWait();
            } else {
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }

    private void send(PacketBatch packets) {
        if (packets.count() > 0) {
            addressClear(packets);
            ports.write(packets);
            tuns.write(packets);
        }
    }

    /// What passes in clear goes where its own header says.
    private void addressClear(PacketBatch packets) {
        for (int i = 0; i < packets.count(); i++) {
            if (packets.lane(i) == Lane.CLEAR) {
                int at = packets.start(i);
                packets.path(
                        i,
                        Ipv4.version(packets.memory(), at) == 4
                                ? clear4.path(
                                        0,
                                        0,
                                        0,
                                        0,
                                        Ipv4.destination(packets.memory(), at) & 0xffffffffL,
                                        0)
                                : clear6.path(
                                        0,
                                        0,
                                        0,
                                        Ipv6.destinationHigh(packets.memory(), at),
                                        Ipv6.destinationLow(packets.memory(), at),
                                        0));
            }
        }
    }

    /// The interface was deleted under us: it is read no more, or the poller would spin.
    private void forget(TunDevice device, LinuxException why) {
        bugs.caught(device + " is gone", new IllegalStateException(why.getMessage(), why));
        try {
            unpoll(device);
        } catch (LinuxException e) {
            bugs.caught("outbound worker", new IllegalStateException(e.getMessage(), e));
        }
    }

    /// A TUN that was deleted under us is taken out of the poller at once, and asked for again when
    /// it is removed.
    private void unpoll(TunDevice device) throws LinuxException {
        try {
            poller.remove(device.fd());
        } catch (LinuxException e) {
            if (!e.is(Errno.ENOENT)) {
                throw e;
            }
        }
    }
}
