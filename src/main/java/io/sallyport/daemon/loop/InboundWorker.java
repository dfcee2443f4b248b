package io.sallyport.daemon.loop;

import io.sallyport.base.packet.Lane;
import io.sallyport.base.packet.PacketBatch;
import io.sallyport.base.telemetry.DropCounters;
import io.sallyport.base.time.Clock;
import io.sallyport.daemon.capture.Glimpse;
import io.sallyport.daemon.capture.Tap;
import io.sallyport.drivers.poll.Poller;
import io.sallyport.drivers.raw.RawPort;
import io.sallyport.drivers.udp.UdpPort;
import io.sallyport.ffi.linux.LinuxException;
import io.sallyport.ipsec.pipeline.IcmpEar;
import io.sallyport.ipsec.pipeline.InboundPipeline;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.function.Consumer;

/// The thread of the road in:
///
/// ```text
///  UdpPort.read, RawPort.read -> InboundPipeline.process -> TunDevice.write
/// ```
///
/// IKE comes to [IkeReader], but for what a train of ESP brings along.
///
/// Of several each has its own sockets, and opens those SAs only that it owns ([Handover]).
public final class InboundWorker implements Runnable {
    /// Larger than any datagram that a path of 9000 octets brings whole.
    static final int SLOT = 9216;

    static final int HEADROOM = 64;

    /// Bursts from one socket before the others have their turn.
    private static final int BURSTS = 4;

    /// What others hand over, before the sockets have their turn.
    private static final int PARCELS = 8;

    private static final long IDLE_NANOS = 1_000_000_000;

    private final int number;
    private final InboundPipeline pipeline;
    private final IcmpEar ear;
    private final WorkerPorts ports;
    private final List<UdpPort> data;
    private final Handover handover;
    private final Tuns tuns;
    private final Tap tap;
    private final IkeGate gate;
    private final Clock clock;
    private final Bugs bugs;
    private final DropCounters drops = new DropCounters();
    private final Poller poller;
    private final Strangers strangers;
    private final PacketBatch batch =
            new PacketBatch(Arena.ofAuto(), PacketBatch.MOST, SLOT, HEADROOM);
    private final Consumer<PacketBatch> road = this::pass;
    private final Consumer<PacketBatch> received = this::receive;
    private volatile boolean stopped;

    /// @param gate takes IKE messages that come in trains of ESP
    InboundWorker(
            int number,
            Poller poller,
            InboundPipeline pipeline,
            IcmpEar ear,
            WorkerPorts ports,
            Handover handover,
            Tuns tuns,
            Tap tap,
            IkeGate gate,
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
        this.gate = gate;
        this.clock = clock;
        this.bugs = bugs;
        this.poller = poller;
        int token = 0;
        this.data = ports.data();
        for (var port : data) {
            poller.add(port.fd(), token++);
        }
        for (var port : ports.raw()) {
            poller.add(port.fd(), token++);
        }
        for (var port : ports.errors()) {
            poller.add(port.fd(), token++);
        }
        this.strangers =
                new Strangers(ports.strangers(), ports.rawStrangers(), batch, poller, token);
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
                int ready = poller.await(sleep());
                if (ready == 0) {
                    batch.clear();
                    pipeline.process(batch, clock.nanos());
                }
                takeHandedOver();
                for (int i = 0; i < ready; i++) {
                    if (!strangers.has(poller.token(i))) {
                        drain(poller.token(i));
                    }
                }
                giveStrangersTheirTurn(ready);
            } catch (LinuxException e) {
                bugs.caught("inbound worker", new IllegalStateException(e.getMessage(), e));
            } catch (RuntimeException bug) {
                bugs.caught("inbound worker", bug);
            }
        }
        poller.close();
    }

    private long sleep() {
        return handover.isWaiting(number) ? 0 : strangers.sleep(IDLE_NANOS, clock.nanos());
    }

    private void giveStrangersTheirTurn(int ready) throws LinuxException {
        long now = clock.nanos();
        for (int i = 0; i < ready; i++) {
            if (strangers.has(poller.token(i))) {
                strangers.turn(poller.token(i), received, now);
            }
        }
        strangers.wake(received, now);
    }

    private void drain(int token) throws LinuxException {
        int udp = data.size();
        int raw = ports.raw().size();
        if (token < udp) {
            drainTrains(data.get(token));
        } else if (token < udp + raw) {
            RawPort port = ports.raw().get(token - udp);
            drain(port::read);
        } else {
            RawPort port = ports.errors().get(token - udp - raw);
            batch.clear();
            port.read(batch);
            ear.listen(batch, port.v6(), clock.nanos());
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
        for (int i = 0; i < PARCELS; i++) {
            Handover.Parcel parcel = handover.next(number);
            if (parcel == null) {
                return;
            }
            try {
                open(parcel.packets());
            } finally {
                parcel.goHome();
            }
        }
    }

    private void receive(PacketBatch packets) {
        ports.received(packets, road);
    }

    private void pass(PacketBatch packets) {
        handover.sort(number, packets, drops);
        open(packets);
    }

    private void open(PacketBatch packets) {
        long now = clock.nanos();
        Glimpse glimpse = tap.inbound(packets);
        pipeline.process(packets, now);
        if (glimpse != null) {
            glimpse.came(packets);
        }
        handOver(packets, now);
        tuns.write(packets);
    }

    private void handOver(PacketBatch packets, long now) {
        for (int i = 0; i < packets.count(); i++) {
            if (packets.lane(i) == Lane.IKE) {
                gate.admit(packets, i, now);
            }
        }
    }
}
