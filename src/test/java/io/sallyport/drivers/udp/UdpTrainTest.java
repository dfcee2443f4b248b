package io.sallyport.drivers.udp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.base.Octets;
import io.sallyport.base.net.Endpoint;
import io.sallyport.base.net.IpAddress;
import io.sallyport.base.net.Path;
import io.sallyport.base.packet.Lane;
import io.sallyport.base.packet.PacketBatch;
import io.sallyport.drivers.poll.Poller;
import io.sallyport.ffi.linux.LinuxException;
import io.sallyport.testkit.Allocation;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Datagrams in trains, on loopback: whatever the kernel joins, they arrive as they were sent.
class UdpTrainTest {
    private static final long PATIENCE = 5_000_000_000L;

    private final Random random = new Random(3948);

    private static Path path(UdpPort from, UdpPort to, String host) {
        boolean v6 = from.v6();
        return new Path(
                new Endpoint(IpAddress.of(v6 ? "::1" : host), from.port()),
                new Endpoint(IpAddress.of(v6 ? "::1" : "127.0.0.1"), to.port()));
    }

    @Test
    void whateverSizesAndPathsTheyArriveWholeAndInOrder() throws LinuxException {
        for (boolean v6 : new boolean[] {false, true}) {
            try (UdpPort a = UdpPort.openForTrains(v6, 0, 0);
                    UdpPort b = UdpPort.openForTrains(v6, 0, 0);
                    Poller poller = Poller.open()) {
                poller.add(b.fd(), 0);
                for (int round = 0; round < 40; round++) {
                    PacketBatch out = new PacketBatch(Arena.ofAuto(), 64, 2048, 64);
                    while (!out.isFull()) {
                        addRun(out, a, b);
                    }
                    for (int i = 0; i < 64; i++) {
                        out.dontFragment(i, round % 2 == 1); // these go by the other socket
                    }
                    assertEquals(64, a.write(out), a.lastError());
                    assertArrivals(out, b, poller);
                }
                assertTrue(a.offload().contains("UDP_SEGMENT"), a.offload());
            }
        }
    }

    /// Ports of several workers: ESP comes to the owner of its SPI, a keepalive to the first, and
    /// what bears the non-ESP marker, as the first of these does, to the inlet of the first.
    @Test
    void whatComesIsSharedOutBySpi() throws LinuxException {
        for (boolean v6 : new boolean[] {false, true}) {
            List<UdpPort> ports = UdpPort.openBySpi(v6, 0, 0, 3);
            try (UdpPort peer = UdpPort.open(v6, 0, 0)) {
                Path path = path(peer, ports.getFirst(), "127.0.0.1");
                for (int spi = 0; spi < 60; spi++) {
                    // Unsigned, or half of them would leave another rest
                    peer.send(
                            path, Octets.concat(Octets.ofInt(spi * 0x04444444), Octets.ofInt(spi)));
                }
                peer.send(path, Octets.of((byte) 0xff));
                int came = 0;
                for (int worker = 0; worker < 3; worker++) {
                    came += readOwn(ports.get(worker), worker);
                }
                assertEquals(60, came);
                Inlet inlet = Objects.requireNonNull(ports.getFirst().marked());
                assertEquals(1, inlet.read());
                assertEquals(
                        0, inlet.batch().memory().get(PacketBatch.BE32, inlet.batch().start(0)));
                assertNull(ports.getLast().marked());
            } finally {
                ports.forEach(UdpPort::close);
            }
        }
    }

    /// What strangers send has a queue of its own: who bears an SPI of ours, but sends from
    /// elsewhere, or none of ours; and what is too short for any.
    @Test
    void strangersHaveAQueueOfTheirOwn() throws LinuxException {
        for (boolean v6 : new boolean[] {false, true}) {
            // 70 of them make jumps too long for an octet; in the end all are alike again
            for (int count : new int[] {1, 2, 70, 5000}) {
                List<UdpPort> ports = UdpPort.openBySpi(v6, 0, 0, 3);
                try (UdpPort peer = UdpPort.open(v6, 0, 0)) {
                    Map<Integer, IpAddress> known = new HashMap<>();
                    Path path = path(peer, ports.getFirst(), "127.0.0.1");
                    Path other = path(peer, ports.getFirst(), "127.0.0.9");
                    for (int i = 0; i < count; i++) {
                        known.put(0x80000000 + 7 * i, path.local().address());
                    }
                    known.put(0x7fffffff, IpAddress.of(v6 ? "::2" : "127.0.0.9"));
                    ports.getFirst().know(Optional.of(known));
                    int sent = Math.min(count, 70);
                    for (int i = 0; i < sent; i++) {
                        peer.send(path, Octets.ofInt(0x80000000 + 7 * i));
                    }
                    peer.send(path, Octets.ofInt(0x7fffffff));
                    peer.send(path, Octets.ofInt(0x80000001));
                    peer.send(path, Octets.ofInt(9));
                    peer.send(path, Octets.of((byte) 0xff));
                    peer.send(path, Octets.ofInt(0));
                    if (!v6) {
                        peer.send(other, Octets.ofInt(0x80000000));
                    }
                    int strange = v6 ? 4 : 5;
                    boolean apart = count < 5000;
                    int own = 0;
                    for (int worker = 0; worker < 3; worker++) {
                        own += readOwn(ports.get(worker), worker);
                    }
                    assertEquals(apart ? sent : sent + strange, own, count + " senders");
                    Inlet strangers = Objects.requireNonNull(ports.getFirst().strangers());
                    assertEquals(apart ? strange : 0, strangers.read(), count + " senders");
                    assertEquals(1, Objects.requireNonNull(ports.getFirst().marked()).read());
                    ports.getFirst().know(Optional.empty());
                    peer.send(path, Octets.ofInt(9));
                    assertEquals(1, readOwn(ports.getFirst(), 0));
                } finally {
                    ports.forEach(UdpPort::close);
                }
            }
        }
    }

    private static int readOwn(UdpPort port, int worker) throws LinuxException {
        int came = 0;
        while (port.readTrains() > 0 || port.hasMore()) {
            PacketBatch batch = port.batch();
            for (int i = 0; i < batch.count(); i++) {
                int owner = 0;
                if (batch.length(i) >= 4) {
                    int spi = batch.memory().get(PacketBatch.BE32, batch.start(i));
                    owner = Integer.remainderUnsigned(spi, 3);
                }
                assertEquals(owner, worker);
                came++;
            }
        }
        return came;
    }

    private void addRun(PacketBatch out, UdpPort a, UdpPort b) {
        Path path = path(a, b, "127.0.0." + (1 + random.nextInt(3)));
        int size = 1 + random.nextInt(1400);
        int trafficClass = 4 * random.nextInt(3);
        for (int run = random.nextInt(50); run >= 0 && !out.isFull(); run--) {
            byte[] payload = new byte[run == 0 ? 1 + random.nextInt(size) : size];
            random.nextBytes(payload);
            int i = out.add();
            out.fill(i, payload, 0, payload.length);
            out.lane(i, Lane.UDP);
            out.path(i, path);
            out.trafficClass(i, trafficClass);
        }
    }

    private static void assertArrivals(PacketBatch out, UdpPort b, Poller poller)
            throws LinuxException {
        int next = 0;
        List<Path> paths = new ArrayList<>();
        while (next < 64) {
            if (b.readTrains() == 0 && !b.hasMore()) {
                assertEquals(1, poller.await(PATIENCE), next + " arrived");
            }
            PacketBatch in = b.batch();
            for (int i = 0; i < in.count(); i++, next++) {
                assertArrayEquals(out.copy(next), in.copy(i), "packet " + next);
                assertEquals(out.trafficClass(next), in.trafficClass(i));
                assertEquals(Lane.UDP, in.lane(i));
                Path came = in.path(i);
                assertTrue(came != null);
                paths.add(came);
            }
        }
        for (int i = 0; i < 64; i++) {
            Path sent = out.path(i);
            assertTrue(sent != null);
            assertEquals(sent.local(), paths.get(i).remote());
            assertEquals(sent.remote(), paths.get(i).local());
        }
    }

    @Test
    void aPortForTrainsIsReadInTrainsOnly() throws LinuxException {
        try (UdpPort a = UdpPort.openForTrains(false, 0, 0);
                UdpPort b = UdpPort.open(false, 0, 0)) {
            PacketBatch batch = new PacketBatch(Arena.ofAuto(), 4, 2048, 64);
            assertThrows(IllegalStateException.class, () -> a.read(batch));
            assertThrows(IllegalStateException.class, b::readTrains);
        }
    }

    /// A flood that nobody reads fills the queue of the data; IKE has its own.
    @Test
    void whatBearsTheMarkerArrivesBesideAFloodOfData() throws LinuxException {
        for (boolean v6 : new boolean[] {false, true}) {
            try (UdpPort a = UdpPort.openForTrains(v6, 0, 0);
                    UdpPort b = UdpPort.openForTrains(v6, 0, 0);
                    Poller poller = Poller.open()) {
                Inlet inlet = b.marked();
                assertTrue(inlet != null);
                poller.add(inlet.fd(), 7);
                PacketBatch data = new PacketBatch(Arena.ofAuto(), 64, 2048, 64);
                while (!data.isFull()) {
                    add(data, path(a, b, "127.0.0.2"), (byte) 1, 1400);
                }
                for (int i = 0; i < 500; i++) {
                    a.write(data); // 45 MB, more than any buffer of ours
                }
                PacketBatch ike = new PacketBatch(Arena.ofAuto(), 8, 2048, 64);
                add(ike, path(a, b, "127.0.0.2"), (byte) 0, 300);
                add(ike, path(a, b, "127.0.0.3"), (byte) 0, 5);
                assertEquals(2, a.write(ike), a.lastError());
                List<byte[]> came = new ArrayList<>();
                while (came.size() < 2) {
                    assertEquals(1, poller.await(PATIENCE), came.size() + " arrived");
                    inlet.read();
                    for (int i = 0; i < inlet.batch().count(); i++) {
                        came.add(inlet.batch().copy(i));
                    }
                }
                assertArrayEquals(ike.copy(0), came.get(0));
                assertArrayEquals(ike.copy(1), came.get(1));
                assertTrue(b.readTrains() > 0);
                assertEquals(1, b.batch().copy(0)[0]);
            }
        }
    }

    /// Shorter than a marker: a NAT keepalive, or nothing at all.
    @Test
    void whatIsShorterThanAMarkerComesWithTheData() throws LinuxException {
        try (UdpPort a = UdpPort.openForTrains(false, 0, 0);
                UdpPort b = UdpPort.openForTrains(false, 0, 0);
                Poller poller = Poller.open()) {
            poller.add(b.fd(), 0);
            PacketBatch out = new PacketBatch(Arena.ofAuto(), 8, 2048, 64);
            add(out, path(a, b, "127.0.0.2"), (byte) 0xff, 1);
            add(out, path(a, b, "127.0.0.2"), (byte) 0, 3);
            a.write(out);
            int came = 0;
            while (came < 2) {
                assertEquals(1, poller.await(PATIENCE), came + " arrived");
                came += b.readTrains();
            }
            Inlet inlet = b.marked();
            assertTrue(inlet != null);
            assertEquals(0, inlet.read());
        }
    }

    /// What must grow is moved, also from the middle of a train, and the others stay as they came.
    @Test
    void aPacketOfATrainIsGivenRoom() throws LinuxException {
        try (UdpPort a = UdpPort.openForTrains(false, 0, 0);
                UdpPort b = UdpPort.openForTrains(false, 0, 0)) {
            PacketBatch out = new PacketBatch(Arena.ofAuto(), 64, 2048, 64);
            while (!out.isFull()) {
                add(out, path(a, b, "127.0.0.2"), (byte) (1 + out.count()), 1000);
            }
            a.write(out);
            assertEquals(64, b.readTrains());
            PacketBatch in = b.batch();
            for (int i = 1; i < in.count(); i += 2) {
                in.giveRoom(i);
                assertEquals(64, in.start(i) - in.slotStart(i));
                assertEquals(9216, in.slotEnd(i) - in.slotStart(i));
            }
            for (int i = 0; i < in.count(); i++) {
                assertArrayEquals(out.copy(i), in.copy(i), "packet " + i);
            }
        }
    }

    private static void add(PacketBatch out, Path path, byte first, int length) {
        byte[] payload = new byte[length];
        payload[0] = first;
        payload[length - 1] = 9;
        int i = out.add();
        out.fill(i, payload, 0, length);
        out.lane(i, Lane.UDP);
        out.path(i, path);
    }

    @Test
    void theRoadAllocatesNothing() throws LinuxException {
        try (UdpPort a = UdpPort.openForTrains(false, 0, 0);
                UdpPort b = UdpPort.openForTrains(false, 0, 0)) {
            PacketBatch out = new PacketBatch(Arena.ofAuto(), 64, 2048, 64);
            for (int i = 0; i < 40; i++) {
                add(out, path(a, b, "127.0.0.2"), (byte) 1, 1000);
            }
            Runnable burst =
                    () -> {
                        assertEquals(40, a.write(out));
                        try {
                            assertEquals(40, b.readTrains());
                        } catch (LinuxException e) {
                            throw new AssertionError(e);
                        }
                    };
            assertEquals(0, Allocation.octetsWhenWarm(burst));
        }
    }
}
