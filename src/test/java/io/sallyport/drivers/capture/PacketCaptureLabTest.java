package io.sallyport.drivers.capture;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.base.Octets;
import io.sallyport.base.net.Endpoint;
import io.sallyport.base.net.IpAddress;
import io.sallyport.base.net.Path;
import io.sallyport.drivers.netns.NetworkNamespace;
import io.sallyport.drivers.poll.Poller;
import io.sallyport.drivers.route.LinuxNetwork;
import io.sallyport.drivers.udp.UdpPort;
import io.sallyport.ffi.linux.LinuxException;
import io.sallyport.testkit.TwoHosts;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("lab")
class PacketCaptureLabTest {
    private static final long PATIENCE = 5_000_000_000L;

    private record Seen(
            long atNanos, int etherType, int link, boolean outgoing, int original, Octets octets) {
        boolean isUdp() {
            return etherType == 0x0800 && octets.length() >= 20 && octets.at(9) == 17;
        }
    }

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

    private static List<Seen> udp(PacketCapture capture, int wanted) throws IOException {
        List<Seen> seen = new ArrayList<>();
        try (Poller poller = Poller.open()) {
            poller.add(capture.fd(), 0);
            while (seen.size() < wanted) {
                assertEquals(1, poller.await(PATIENCE), "only " + seen);
                capture.read(c ->
                        seen.add(
                                new Seen(
                                        c.atNanos(),
                                        c.etherType(),
                                        c.link(),
                                        c.outgoing(),
                                        c.originalLength(),
                                        Octets.of(c.copy()))));
                seen.removeIf(s -> !s.isUdp());
            }
        }
        return seen;
    }

    private static void send(NetworkNamespace from, Octets payload) throws IOException {
        try (UdpPort port = from.call(() -> UdpPort.open(false, 0, 0))) {
            port.send(
                    new Path(
                            new Endpoint(IpAddress.of("10.1.0.1"), port.port()),
                            new Endpoint(IpAddress.of("10.1.0.2"), 9)),
                    payload);
            assertEquals("", port.lastError());
        }
    }

    @Test
    void aPacketIsSeenOnceOnEachEndWithItsTimeAndDirection() throws IOException {
        try (PacketCapture left = hosts.left().call(() -> PacketCapture.open("wire", 2048));
                PacketCapture right = hosts.right().call(() -> PacketCapture.open("", 2048))) {
            Instant before = Instant.now();
            Octets payload = Octets.ascii("on the wire");
            send(hosts.left(), payload);
            Seen sent = udp(left, 1).getFirst();
            Seen received = udp(right, 1).getFirst();
            Instant after = Instant.now();
            assertTrue(sent.outgoing());
            assertTrue(!received.outgoing());
            assertEquals(20 + 8 + payload.length(), received.original());
            assertArrayEquals(
                    payload.toArray(),
                    Arrays.copyOfRange(received.octets().toArray(), 28, 28 + payload.length()));
            int index =
                    hosts.right()
                            .call(() -> {
                                try (LinuxNetwork network = LinuxNetwork.open()) {
                                    return network.links().index("wire");
                                }
                            });
            assertEquals(index, received.link());
            for (Seen one : List.of(sent, received)) {
                Instant at = Instant.ofEpochSecond(0, one.atNanos());
                assertTrue(
                        !at.isBefore(before.minusMillis(1)) && !at.isAfter(after.plusMillis(1)),
                        before + " " + at + " " + after);
            }
            assertEquals(0, left.dropped());
        }
    }

    @Test
    void aLongPacketIsCutAndSaysHowLongItWas() throws IOException {
        try (PacketCapture right = hosts.right().call(() -> PacketCapture.open("wire", 64))) {
            send(hosts.left(), Octets.owned(new byte[1000]));
            Seen received = udp(right, 1).getFirst();
            assertEquals(64, received.octets().length());
            assertEquals(1028, received.original());
        }
    }

    @Test
    void anInterfaceThatIsNotThereIsNamed() {
        LinuxException e =
                assertThrows(
                        LinuxException.class,
                        () -> hosts.left().call(() -> PacketCapture.open("nowhere", 64)));
        assertEquals("capture on nowhere: ENODEV (No such device)", e.getMessage());
    }
}
