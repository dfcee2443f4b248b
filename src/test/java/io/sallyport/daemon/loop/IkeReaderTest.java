package io.sallyport.daemon.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.base.Octets;
import io.sallyport.base.net.Endpoint;
import io.sallyport.base.net.IpAddress;
import io.sallyport.base.net.Path;
import io.sallyport.base.packet.Lane;
import io.sallyport.base.packet.PacketBatch;
import io.sallyport.base.time.Clock;
import io.sallyport.daemon.capture.Tap;
import io.sallyport.daemon.text.LogRing;
import io.sallyport.drivers.fault.Faults;
import io.sallyport.drivers.udp.UdpPort;
import io.sallyport.ffi.linux.LinuxException;
import io.sallyport.ike.machine.Input;
import io.sallyport.ike.sa.SpiSieve;
import io.sallyport.wire.esp.Esp;
import java.lang.foreign.Arena;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// IKE has a thread of its own, which goes before the road until it is flooded.
class IkeReaderTest {
    private static final long PATIENCE = 10;
    private static final Octets MARKER = Octets.ofInt(0);

    /// HDR of an IKE_SA_INIT without payloads: SPIs, then lengths and the like.
    private static final Octets MESSAGE =
            Octets.concat(
                    Octets.ofLong(0x0102030405060708L),
                    Octets.ofLong(0),
                    Octets.ofInt(0x00202208),
                    Octets.ofInt(0),
                    Octets.ofInt(28));

    private final AtomicLong nanos = new AtomicLong(7);
    private final Semaphore woken = new Semaphore(0);
    private final BlockingQueue<Boolean> ways = new LinkedBlockingQueue<>();
    private final WorkerPorts ports = new WorkerPorts(Faults.NONE);
    private final IkeGate gate = new IkeGate(new SpiSieve(), 42, woken::release, 7);
    private final Handover handover = new Handover(List.of(woken::release));
    private UdpPort here;
    private UdpPort peer;
    private IkeReader reader;
    private Thread thread;

    @BeforeEach
    void start() throws LinuxException {
        Clock clock =
                new Clock() {
                    @Override
                    public long nanos() {
                        return nanos.get();
                    }

                    @Override
                    public Instant now() {
                        return Instant.EPOCH;
                    }
                };
        here = UdpPort.openForTrains(false, 0, 0);
        peer = UdpPort.open(false, 0, 0);
        ports.udp().add(here);
        reader =
                new IkeReader(
                        ports,
                        handover,
                        new Tap(clock),
                        gate,
                        clock,
                        new Bugs(new LogRing(clock, 10)));
        thread = Thread.ofPlatform().daemon().start(() -> reader.run(ways::add));
    }

    @AfterEach
    void stop() throws InterruptedException {
        reader.stop();
        thread.join();
        ports.close();
        peer.close();
    }

    private void send(Octets datagram) {
        peer.send(path(peer), datagram);
    }

    private Path path(UdpPort from) {
        return new Path(
                new Endpoint(IpAddress.of("127.0.0.1"), from.port()),
                new Endpoint(IpAddress.of("127.0.0.1"), here.port()));
    }

    @Test
    void whatBearsTheMarkerGoesToTheGate() throws InterruptedException {
        send(Octets.concat(MARKER, MESSAGE));
        assertTrue(woken.tryAcquire(PATIENCE, TimeUnit.SECONDS));
        Input.Datagram came = gate.poll();
        assertNotNull(came);
        assertEquals(MESSAGE, came.octets());
        assertTrue(ways.isEmpty(), "it stays ahead");
    }

    /// A train goes where its first datagram belongs, whatever else is in it.
    @Test
    void espInItsTrainIsHandedToItsWorker() throws InterruptedException, LinuxException {
        try (UdpPort sender = UdpPort.openForTrains(false, 0, 0)) {
            PacketBatch train = new PacketBatch(Arena.ofAuto(), 4, 2048, 64);
            Octets esp = Octets.concat(Octets.ofInt(4096), Octets.of(new byte[28]));
            for (Octets datagram : List.of(Octets.concat(MARKER, MESSAGE), esp)) {
                int i = train.add();
                train.fill(i, datagram.toArray(), 0, datagram.length());
                train.lane(i, Lane.UDP);
                train.path(i, path(sender));
            }
            assertEquals(2, sender.write(train), sender.lastError());
        }
        assertTrue(woken.tryAcquire(2, PATIENCE, TimeUnit.SECONDS));
        assertNotNull(gate.poll());
        Handover.Parcel parcel = handover.next(0);
        assertNotNull(parcel);
        assertEquals(1, parcel.packets().count());
        assertEquals(4096, Esp.spi(parcel.packets().memory(), parcel.packets().start(0)));
    }

    /// A flood of port 4500 has no right of way; when it is over, IKE has it again.
    @Test
    void whoIsFloodedGivesWay() throws InterruptedException {
        for (int i = 0; i < 2_500; i++) {
            send(Octets.concat(MARKER, Octets.ofInt(i)));
        }
        assertEquals(false, ways.poll(PATIENCE, TimeUnit.SECONDS));
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(1));
        send(Octets.concat(MARKER, MESSAGE));
        assertEquals(true, ways.poll(PATIENCE, TimeUnit.SECONDS));
    }
}
