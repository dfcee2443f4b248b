package io.sallyport.daemon.loop;

import io.sallyport.base.packet.Lane;
import io.sallyport.base.packet.PacketBatch;
import io.sallyport.base.telemetry.DropCounters;
import io.sallyport.base.time.Clock;
import io.sallyport.daemon.capture.Glimpse;
import io.sallyport.daemon.capture.Tap;
import io.sallyport.drivers.tcp.TcpPort;
import io.sallyport.ffi.linux.LinuxException;
import io.sallyport.ipsec.pipeline.Demux;
import io.sallyport.ipsec.pipeline.InboundPipeline;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The thread of the TCP connections (RFC 9329):
///
/// ```text
///  TcpPort.turn -> Demux -> IkeGate.admit
///                        -> Handover      ESP, to the worker that owns its SPI
/// ```
///
/// Where the workers are behind it waits for them, and so does the peer: its TCP slows down.
final class TcpReader implements Runnable {
    private static final long IDLE_NANOS = 1_000_000_000;

    /// A worker says when it is ready; but it may end.
    private static final long LOOK_NANOS = 5_000_000;

    private final TcpPort port;
    private final Handover handover;
    private final Tap tap;
    private final IkeGate gate;
    private final Clock clock;
    private final Bugs bugs;
    private final DropCounters drops = new DropCounters();
    private final Demux demux = new Demux(InboundPipeline.IKE_PORT, drops);
    private final Consumer<PacketBatch> ear = this::pass;
    private volatile @Nullable Thread thread;
    private volatile boolean stopped;

    TcpReader(TcpPort port, Handover handover, Tap tap, IkeGate gate, Clock clock, Bugs bugs) {
        this.port = port;
        this.handover = handover;
        this.tap = tap;
        this.gate = gate;
        this.clock = clock;
        this.bugs = bugs;
    }

    DropCounters drops() {
        return drops;
    }

    void stop() {
        stopped = true;
        port.wake();
    }

    @Override
    public void run() {
        thread = Thread.currentThread();
        while (!stopped) {
            try {
                port.turn(IDLE_NANOS, ear);
            } catch (LinuxException e) {
                bugs.caught("reader of TCP", new IllegalStateException(e.getMessage(), e));
            } catch (RuntimeException bug) {
                bugs.caught("reader of TCP", bug);
            }
        }
    }

    private void pass(PacketBatch packets) {
        while (!handover.mayTakeFromTcp(this::wake) && !stopped) {
            LockSupport.parkNanos(this, LOOK_NANOS);
        }
        long now = clock.nanos();
        handover.sortOutOfTcp(packets, drops);
        Glimpse glimpse = tap.inbound(packets);
        for (int i = 0; i < packets.count(); i++) {
            if (packets.lane(i) != Lane.TCP || demux.isEsp(packets, i)) {
                continue;
            }
            if (packets.lane(i) == Lane.IKE) {
                gate.admit(packets, i, now);
            }
        }
        if (glimpse != null) {
            glimpse.came(packets);
        }
    }

    private void wake() {
        LockSupport.unpark(thread);
    }
}
