package io.sallyport.daemon.loop;

import io.sallyport.base.packet.Lane;
import io.sallyport.base.packet.PacketBatch;
import io.sallyport.base.telemetry.DropCounters;
import io.sallyport.base.time.Clock;
import io.sallyport.base.time.RateLimit;
import io.sallyport.daemon.capture.Glimpse;
import io.sallyport.daemon.capture.Tap;
import io.sallyport.drivers.poll.Poller;
import io.sallyport.drivers.udp.Inlet;
import io.sallyport.drivers.udp.UdpPort;
import io.sallyport.ffi.linux.LinuxException;
import io.sallyport.ipsec.pipeline.Demux;
import io.sallyport.ipsec.pipeline.InboundPipeline;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.function.Consumer;

/// The thread that takes IKE messages from the sockets of port 500, and of port 4500 what bears the
/// non-ESP marker. It goes before the packet road, so that a handshake does not wait for the turns
/// of those who carry packets:
///
/// ```text
///  UdpPort.read, Inlet.read -> Demux -> IkeGate.admit
///                                    -> Handover       ESP that a train of IKE brought along
/// ```
///
/// Who floods these sockets would have the same right of way. So it is given up while more comes
/// than peers would send.
public final class IkeReader {
    private static final long IDLE_NANOS = 1_000_000_000;

    /// Messages in a second before which it goes ahead of the road, and at once: 10,000 peers that
    /// all rekey in one second send as many.
    private static final int PER_SECOND = 20_000;

    private static final int AT_ONCE = 2_000;

    private final WorkerPorts ports;
    private final List<UdpPort> ike;
    private final List<Inlet> marked;
    private final Handover handover;
    private final Tap tap;
    private final IkeGate gate;
    private final Clock clock;
    private final Bugs bugs;
    private final Poller poller;
    private final DropCounters drops = new DropCounters();
    private final Demux demux = new Demux(InboundPipeline.IKE_PORT, drops);
    private final RateLimit pace = new RateLimit(AT_ONCE, PER_SECOND);
    private final PacketBatch batch =
            new PacketBatch(
                    Arena.ofAuto(), PacketBatch.MOST, InboundWorker.SLOT, InboundWorker.HEADROOM);
    private final Consumer<PacketBatch> next = this::pass;
    private boolean ahead = true;
    private volatile boolean stopped;

    /// Puts the calling thread ahead of the packet road, or beside it.
    @FunctionalInterface
    public interface RightOfWay {
        void ahead(boolean ahead);
    }

    IkeReader(WorkerPorts ports, Handover handover, Tap tap, IkeGate gate, Clock clock, Bugs bugs)
            throws LinuxException {
        this.ports = ports;
        this.ike = ports.ike();
        this.marked = ports.marked();
        this.handover = handover;
        this.tap = tap;
        this.gate = gate;
        this.clock = clock;
        this.bugs = bugs;
        this.poller = Poller.open();
        int token = 0;
        for (UdpPort port : ike) {
            poller.add(port.fd(), token++);
        }
        for (Inlet inlet : marked) {
            poller.add(inlet.fd(), token++);
        }
    }

    DropCounters drops() {
        return drops;
    }

    void stop() {
        stopped = true;
        poller.wake();
    }

    /// Reads until [#stop()].
    ///
    /// @param way of the calling thread, which is ahead
    void run(RightOfWay way) {
        while (!stopped) {
            try {
                int ready = poller.await(IDLE_NANOS);
                int came = 0;
                for (int i = 0; i < ready; i++) {
                    came += read(poller.token(i));
                }
                giveWay(came, way);
            } catch (LinuxException e) {
                bugs.caught("reader of IKE", new IllegalStateException(e.getMessage(), e));
            } catch (RuntimeException bug) {
                bugs.caught("reader of IKE", bug);
            }
        }
        poller.close();
    }

    private int read(int token) throws LinuxException {
        if (token < ike.size()) {
            batch.clear();
            int count = ike.get(token).read(batch);
            if (count > 0) {
                ports.receivedIke(batch, next);
            }
            return count;
        }
        Inlet inlet = marked.get(token - ike.size());
        int came = 0;
        do {
            int count = inlet.read();
            if (count > 0) {
                ports.receivedIke(inlet.batch(), next);
            }
            came += count;
        } while (inlet.hasMore());
        return came;
    }

    private void giveWay(int came, RightOfWay way) {
        long now = clock.nanos();
        boolean within = true;
        for (int i = 0; i < came; i++) {
            within &= pace.take(now);
        }
        if (within != ahead) {
            ahead = within;
            way.ahead(within);
        }
    }

    private void pass(PacketBatch packets) {
        long now = clock.nanos();
        handover.sortOutOfIke(packets, drops);
        Glimpse glimpse = tap.inbound(packets);
        for (int i = 0; i < packets.count(); i++) {
            if (packets.lane(i) != Lane.UDP || demux.isEsp(packets, i)) {
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
}
