package io.sallyport.daemon.loop;

import io.sallyport.base.Octets;
import io.sallyport.base.net.Path;
import io.sallyport.base.packet.Lane;
import io.sallyport.base.packet.PacketBatch;
import io.sallyport.base.telemetry.Drop;
import io.sallyport.base.telemetry.DropCounters;
import io.sallyport.base.time.Clock;
import io.sallyport.drivers.poll.Poller;
import io.sallyport.ffi.linux.LinuxException;
import io.sallyport.ike.machine.Input;
import io.sallyport.ipsec.pipeline.InboundPipeline;
import java.lang.foreign.Arena;
import java.util.function.Predicate;

/// The thread of the road in:
///
/// ```text
///  UdpPort.read, RawPort.read -> InboundPipeline.process -> TunDevice.write
///                                                        -> the mailbox of the IKE loop
/// ```
public final class InboundWorker implements Runnable {
    /// Larger than any datagram that a path of 9000 octets brings whole.
    private static final int SLOT = 9216;

    private static final int HEADROOM = 64;

    /// Bursts from one socket before the others have their turn.
    private static final int BURSTS = 4;

    private static final long IDLE_NANOS = 1_000_000_000;

    private final InboundPipeline pipeline;
    private final Ports ports;
    private final Tuns tuns;
    private final Predicate<Input> ike;
    private final Clock clock;
    private final Bugs bugs;
    private final Poller poller;
    private final DropCounters drops = new DropCounters();
    private final PacketBatch batch =
            new PacketBatch(Arena.ofAuto(), PacketBatch.MOST, SLOT, HEADROOM);
    private volatile boolean stopped;

    /// @param ike takes IKE datagrams; false: it is behind
    public InboundWorker(
            InboundPipeline pipeline,
            Ports ports,
            Tuns tuns,
            Predicate<Input> ike,
            Clock clock,
            Bugs bugs)
            throws LinuxException {
        this.pipeline = pipeline;
        this.ports = ports;
        this.tuns = tuns;
        this.ike = ike;
        this.clock = clock;
        this.bugs = bugs;
        this.poller = Poller.open();
        int token = 0;
        for (var port : ports.udp()) {
            poller.add(port.fd(), token++);
        }
        for (var port : ports.raw()) {
            poller.add(port.fd(), token++);
        }
    }

    public DropCounters drops() {
        return drops;
    }

    public void stop() {
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
        for (int burst = 0; burst < BURSTS; burst++) {
            batch.clear();
            int read =
                    token < ports.udp().size()
                            ? ports.udp().get(token).read(batch)
                            : ports.raw().get(token - ports.udp().size()).read(batch);
            if (read == 0) {
                return;
            }
            pipeline.process(batch, clock.nanos());
            handOver();
            tuns.write(batch);
            if (!batch.isFull()) {
                return;
            }
        }
    }

    private void handOver() {
        for (int i = 0; i < batch.count(); i++) {
            if (batch.lane(i) == Lane.IKE) {
                Path path = batch.path(i);
                // The one copy out of the packet memory: the engine keeps what it gets.
                if (path != null
                        && !ike.test(new Input.Datagram(path, Octets.owned(batch.copy(i))))) {
                    drops.count(Drop.MAILBOX_FULL);
                }
            }
        }
    }
}
