package io.sallyport.daemon.loop;

import io.sallyport.base.Octets;
import io.sallyport.base.net.Path;
import io.sallyport.base.packet.Lane;
import io.sallyport.base.packet.PacketBatch;
import io.sallyport.base.telemetry.Drop;
import io.sallyport.base.telemetry.DropCounters;
import io.sallyport.base.time.Clock;
import io.sallyport.daemon.capture.Glimpse;
import io.sallyport.daemon.capture.Tap;
import io.sallyport.drivers.poll.Poller;
import io.sallyport.drivers.raw.RawPort;
import io.sallyport.drivers.udp.UdpPort;
import io.sallyport.ffi.linux.LinuxException;
import io.sallyport.ike.machine.Input;
import io.sallyport.ipsec.pipeline.IcmpEar;
import io.sallyport.ipsec.pipeline.InboundPipeline;
import java.lang.foreign.Arena;
import java.util.function.Consumer;
import java.util.function.Predicate;

/// The thread of the road in:
///
/// ```text
///  UdpPort.read, RawPort.read -> InboundPipeline.process -> TunDevice.write
///                                                        -> the mailbox of the IKE loop
/// ```
///
/// Of several each has its own sockets, and opens those SAs only that it owns ([Handover]).
public final class InboundWorker implements Runnable {
    /// Larger than any datagram that a path of 9000 octets brings whole.
    static final int SLOT = 9216;

    static final int HEADROOM = 64;

    /// Bursts from one socket before the others have their turn.
    private static final int BURSTS = 4;

    private static final long IDLE_NANOS = 1_000_000_000;

    private final int number;
    private final InboundPipeline pipeline;
    private final IcmpEar ear;
    private final WorkerPorts ports;
    private final Handover handover;
    private final Tuns tuns;
    private final Tap tap;
    private final Predicate<Input> ike;
    private final Clock clock;
    private final Bugs bugs;
    private final Poller poller;
    private final DropCounters drops = new DropCounters();
    private final PacketBatch batch =
            new PacketBatch(Arena.ofAuto(), PacketBatch.MOST, SLOT, HEADROOM);
    private final Consumer<PacketBatch> road = this::pass;
    private volatile boolean stopped;

    /// @param ike takes IKE datagrams; false: it is behind
    InboundWorker(
            int number,
            Poller poller,
            InboundPipeline pipeline,
            IcmpEar ear,
            WorkerPorts ports,
            Handover handover,
            Tuns tuns,
            Tap tap,
            Predicate<Input> ike,
            Clock clock,
            Bugs bugs)
            throws LinuxException {
        this.number = number;
        this.handover = handover;
        this.pipeline = pipeline;
        this.ear = ear;
        this.ports = ports;
        this.tuns = tuns;
        this.tap = tap;
        this.ike = ike;
        this.clock = clock;
        this.bugs = bugs;
        this.poller = poller;
        int token = 0;
        for (var port : ports.udp()) {
            poller.add(port.fd(), token++);
        }
        for (var port : ports.raw()) {
            poller.add(port.fd(), token++);
        }
        for (var port : ports.errors()) {
            poller.add(port.fd(), token++);
        }
    }

    DropCounters drops() {
        return drops;
    }

    void stop() {
        stopped = true;
        poller.wake();
    }

    @Override
    public void run() {
        while (!stopped) {
            try {
                int ready = poller.await(IDLE_NANOS);
                if (ready == 0) {
                    batch.clear();
                    pipeline.process(batch, clock.nanos());
                }
                takeHandedOver();
                for (int i = 0; i < ready; i++) {
                    drain(poller.token(i));
                }
            } catch (LinuxException e) {
                bugs.caught("inbound worker", new IllegalStateException(e.getMessage(), e));
            } catch (RuntimeException bug) {
                bugs.caught("inbound worker", bug);
            }
        }
        poller.close();
    }

    private void drain(int token) throws LinuxException {
        int udp = ports.udp().size();
        int raw = ports.raw().size();
        if (token >= udp + raw) {
            RawPort port = ports.errors().get(token - udp - raw);
            batch.clear();
            port.read(batch);
            ear.listen(batch, port.v6(), clock.nanos());
        } else if (token >= udp) {
            RawPort port = ports.raw().get(token - udp);
            drain(port::read);
        } else if (ports.udp().get(token).inTrains()) {
            drainTrains(ports.udp().get(token));
        } else {
            UdpPort port = ports.udp().get(token);
            drain(port::read);
        }
    }

    private interface Source {
        int read(PacketBatch batch) throws LinuxException;
    }

    private void drain(Source source) throws LinuxException {
        for (int burst = 0; burst < BURSTS; burst++) {
            batch.clear();
            if (source.read(batch) == 0) {
                return;
            }
            ports.received(batch, road);
        }
    }

    private void drainTrains(UdpPort port) throws LinuxException {
        for (int burst = 0; burst < BURSTS || port.hasMore(); burst++) {
            if (port.readTrains() == 0 && !port.hasMore()) {
                return;
            }
            ports.received(port.batch(), road);
        }
    }

    private void takeHandedOver() {
        for (Handover.Parcel parcel = handover.next(number);
                parcel != null;
                parcel = handover.next(number)) {
            try {
                open(parcel.packets());
            } finally {
                parcel.goHome();
            }
        }
    }

    private void pass(PacketBatch packets) {
        handover.sort(number, packets, drops);
        open(packets);
    }

    private void open(PacketBatch packets) {
        Glimpse glimpse = tap.inbound(packets);
        pipeline.process(packets, clock.nanos());
        if (glimpse != null) {
            glimpse.came(packets);
        }
        handOver(packets);
        tuns.write(packets);
    }

    private void handOver(PacketBatch packets) {
        for (int i = 0; i < packets.count(); i++) {
            if (packets.lane(i) == Lane.IKE) {
                Path path = packets.path(i);
                // The one copy out of the packet memory: the engine keeps what it gets.
                if (path != null
                        && !ike.test(new Input.Datagram(path, Octets.owned(packets.copy(i))))) {
                    drops.count(Drop.MAILBOX_FULL);
                }
            }
        }
    }
}
