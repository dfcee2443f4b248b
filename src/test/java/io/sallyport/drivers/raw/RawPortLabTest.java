package io.sallyport.drivers.raw;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.base.Octets;
import io.sallyport.base.net.Endpoint;
import io.sallyport.base.net.InsideAddress;
import io.sallyport.base.net.IpAddress;
import io.sallyport.base.net.Path;
import io.sallyport.base.packet.Lane;
import io.sallyport.base.packet.PacketBatch;
import io.sallyport.base.telemetry.Drop;
import io.sallyport.drivers.poll.Poller;
import io.sallyport.drivers.route.LinuxNetwork;
import io.sallyport.testkit.Allocation;
import io.sallyport.testkit.TwoHosts;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Native ESP, protocol 50, between two hosts.
@Tag("lab")
class RawPortLabTest {
    private static final int ESP = 50;
    private static final int AH = 51;
    private static final long PATIENCE = 5_000_000_000L;

    private TwoHosts hosts;

    @BeforeEach
    void connect() throws IOException {
        hosts = TwoHosts.connected();
    }

    @AfterEach
    void disconnect() {
        if (hosts != null) {
            hosts.close();
        }
    }

    private static PacketBatch batch() {
        return new PacketBatch(Arena.ofAuto(), 64, 4096, 128);
    }

    private static Path path(String local, String remote) {
        return new Path(
                new Endpoint(IpAddress.of(local), 0), new Endpoint(IpAddress.of(remote), 0));
    }

    private static void readAll(RawPort port, PacketBatch in, int wanted) throws IOException {
        try (Poller poller = Poller.open()) {
            poller.add(port.fd(), 0);
            while (in.count() < wanted) {
                if (port.read(in) == 0) {
                    assertEquals(1, poller.await(PATIENCE), "only " + in.count() + " arrived");
                }
            }
        }
    }

    private void roundTrip(boolean v6, String left, String right, int size) throws IOException {
        // No more than may wait for the neighbour to be found (unres_qlen_bytes, 200 KiB).
        int count = size > 1500 ? 10 : 40;
        try (RawPort a = hosts.left().call(() -> RawPort.open(v6, ESP, 0));
                RawPort b = hosts.right().call(() -> RawPort.open(v6, ESP, 0))) {
            PacketBatch out = batch();
            for (int k = 0; k < count; k++) {
                int i = out.add();
                byte[] esp = new byte[size];
                esp[3] = (byte) (k + 1);
                esp[size - 1] = (byte) k;
                out.fill(i, esp, 0, size);
                out.lane(i, Lane.RAW);
                out.path(i, path(left, right));
                out.trafficClass(i, 0x28);
            }
            assertEquals(count, a.write(out), a.lastError());
            PacketBatch in = batch();
            readAll(b, in, count);
            for (int i = 0; i < count; i++) {
                assertEquals(Lane.RAW, in.lane(i));
                assertEquals(path(right, left), in.path(i));
                assertEquals(0x28, in.trafficClass(i));
                assertEquals(Octets.owned(out.copy(i)), Octets.owned(in.copy(i)));
            }
            // And back along the path they came by.
            assertEquals(count, b.write(in), b.lastError());
            PacketBatch back = batch();
            readAll(a, back, count);
            assertEquals(path(left, right), back.path(count - 1));
        }
    }

    @Test
    void espCrossesByIpv4() throws IOException {
        roundTrip(false, "10.1.0.1", "10.1.0.2", 100);
    }

    @Test
    void espCrossesByIpv6() throws IOException {
        roundTrip(true, "fd01::1", "fd01::2", 100);
    }

    @Test
    void whatIsLargerThanTheMtuIsFragmentedAndPutTogether() throws IOException {
        roundTrip(false, "10.1.0.1", "10.1.0.2", 3500);
        roundTrip(true, "fd01::1", "fd01::2", 3500);
    }

    @Test
    void aHostOfManyAddressesSendsFromTheRightOne() throws IOException {
        hosts.left()
                .call(() -> {
                    try (LinuxNetwork network = LinuxNetwork.open()) {
                        for (int i = 10; i < 30; i++) {
                            network.addresses()
                                    .add(
                                            "wire",
                                            InsideAddress.parse("10.1.0." + i + "/24")
                                                    .orElseThrow());
                        }
                    }
                    return null;
                });
        try (RawPort a = hosts.left().call(() -> RawPort.open(false, ESP, 0));
                RawPort b = hosts.right().call(() -> RawPort.open(false, ESP, 0))) {
            PacketBatch out = batch();
            for (int k = 10; k < 30; k++) {
                int i = out.add();
                out.fill(i, new byte[] {(byte) k}, 0, 1);
                out.lane(i, Lane.RAW);
                out.path(i, path("10.1.0." + k, "10.1.0.2"));
            }
            assertEquals(20, a.write(out));
            PacketBatch in = batch();
            readAll(b, in, 20);
            for (int i = 0; i < 20; i++) {
                assertEquals(path("10.1.0.2", "10.1.0." + in.copy(i)[0]), in.path(i));
            }
        }
    }

    /// What strangers send has a socket of its own: who bears an SPI of ours but sends from
    /// elsewhere, or none of ours. The others come to the owner of their SPI.
    @Test
    void strangersHaveASocketOfTheirOwn() throws IOException {
        hosts.left()
                .call(() -> {
                    try (LinuxNetwork network = LinuxNetwork.open()) {
                        for (String address : new String[] {"10.1.0.9/24", "fd01::9/64"}) {
                            network.addresses()
                                    .add("wire", InsideAddress.parse(address).orElseThrow());
                        }
                    }
                    return null;
                });
        for (boolean v6 : new boolean[] {false, true}) {
            for (int protocol : new int[] {ESP, AH}) {
                sorted(v6, protocol);
            }
        }
    }

    private void sorted(boolean v6, int protocol) throws IOException {
        String peer = v6 ? "fd01::1" : "10.1.0.1";
        String elsewhere = v6 ? "fd01::9" : "10.1.0.9";
        int count = 3;
        List<RawPort> ports = hosts.right().call(() -> RawPort.openBySpi(v6, protocol, 0, count));
        try (RawPort a = hosts.left().call(() -> RawPort.open(v6, protocol, 0))) {
            RawPort strangers = ports.getLast();
            Map<Integer, IpAddress> known = new HashMap<>();
            for (int i = 0; i < 70; i++) {
                known.put(0x7fffff00 + 7 * i, IpAddress.of(peer));
            }
            strangers.know(Optional.of(known));
            PacketBatch out = batch();
            for (int i = 0; i < 40; i++) {
                put(out, protocol, 0x7fffff00 + 7 * i, peer);
            }
            put(out, protocol, 0x7fffff01, peer);
            put(out, protocol, 0x7fffff00, elsewhere);
            assertEquals(42, a.write(out), a.lastError());
            PacketBatch in = batch();
            readAll(strangers, in, 2);
            assertEquals(2, in.count());
            assertEquals(IpAddress.of(peer), source(in, 0));
            assertEquals(IpAddress.of(elsewhere), source(in, 1));
            assertEquals(40, readOwn(ports, protocol, v6));
            strangers.know(Optional.empty());
            out.clear();
            put(out, protocol, 0x7fffff01, peer);
            put(out, protocol, 0x7fffff00, elsewhere);
            assertEquals(2, a.write(out), a.lastError());
            assertEquals(2, readOwn(ports, protocol, v6));
            in.clear();
            assertEquals(0, strangers.read(in), "all are alike");
        } finally {
            ports.forEach(RawPort::close);
        }
    }

    private static IpAddress source(PacketBatch in, int i) {
        return Objects.requireNonNull(in.path(i)).remote().address();
    }

    /// What has come to the workers, each the owner of all that it has. The road between two hosts
    /// in one machine ends with the call that sends.
    private static int readOwn(List<RawPort> ports, int protocol, boolean v6) throws IOException {
        int workers = ports.size() - 1;
        int came = 0;
        for (int worker = 0; worker < workers; worker++) {
            PacketBatch in = batch();
            ports.get(worker).read(in);
            for (int i = 0; i < in.count(); i++) {
                int at = protocol == AH ? (v6 ? 4 : 24) : 0;
                int spi = in.memory().get(PacketBatch.BE32, in.start(i) + at);
                assertEquals(worker, Integer.remainderUnsigned(spi, workers));
            }
            came += in.count();
        }
        return came;
    }

    /// A packet with nothing but an SPI; of AH in IPv4 with its header.
    private static void put(PacketBatch out, int protocol, int spi, String from) {
        IpAddress source = IpAddress.of(from);
        boolean headered = protocol == AH && !source.v6();
        ByteBuffer packet = ByteBuffer.allocate(headered ? 36 : 16);
        if (headered) {
            packet.putInt(0x45000024).putInt(0).putInt(0x40330000);
            packet.putInt((int) source.low()).putInt((int) IpAddress.of("10.1.0.2").low());
        }
        packet.putInt(packet.position() + (protocol == AH ? 4 : 0), spi);
        int i = out.add();
        out.fill(i, packet.array(), 0, packet.capacity());
        out.lane(i, protocol == AH ? Lane.AH : Lane.RAW);
        out.path(i, path(from, source.v6() ? "fd01::2" : "10.1.0.2"));
    }

    @Test
    void withoutARouteItIsCountedAndTold() throws IOException {
        try (RawPort a = hosts.left().call(() -> RawPort.open(false, ESP, 0))) {
            PacketBatch out = batch();
            int i = out.add();
            out.fill(i, new byte[20], 0, 20);
            out.lane(i, Lane.RAW);
            out.path(i, path("10.1.0.1", "198.51.100.1"));
            assertEquals(0, a.write(out));
            assertEquals(1, a.writeDrops().get(Drop.UNREACHABLE));
            assertEquals("ENETUNREACH (Network is unreachable)", a.lastError());
        }
    }

    @Test
    void theRoadAllocatesNothing() throws IOException {
        try (RawPort a = hosts.left().call(() -> RawPort.open(false, ESP, 0));
                RawPort b = hosts.right().call(() -> RawPort.open(false, ESP, 0))) {
            PacketBatch out = batch();
            for (int k = 0; k < 16; k++) {
                int i = out.add();
                out.fill(i, new byte[1400], 0, 1400);
                out.lane(i, Lane.RAW);
                out.path(i, path("10.1.0.1", "10.1.0.2"));
            }
            PacketBatch in = batch();
            assertEquals(16, a.write(out));
            readAll(b, in, 16); // now the neighbour is known
            long[] received = {0};
            Runnable burst =
                    () -> {
                        in.clear();
                        assertEquals(16, a.write(out));
                        try {
                            received[0] += b.read(in);
                        } catch (IOException e) {
                            throw new AssertionError(e);
                        }
                    };
            assertEquals(0, Allocation.octetsWhenWarm(burst));
            assertTrue(received[0] > 0, "only " + received[0] + " arrived");
        }
    }
}
