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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Native ESP, protocol 50, between two hosts.
@Tag("lab")
class RawPortLabTest {
    private static final int ESP = 50;
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
