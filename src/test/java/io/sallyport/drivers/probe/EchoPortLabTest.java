package io.sallyport.drivers.probe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.base.net.IpAddress;
import io.sallyport.drivers.poll.Poller;
import io.sallyport.ffi.linux.LinuxException;
import io.sallyport.testkit.TwoHosts;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("lab")
class EchoPortLabTest {
    private static final long PATIENCE = 5_000_000_000L;

    private record Reply(IpAddress from, int sequence, int data) {}

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

    private EchoPort open(IpAddress local, String link) throws IOException {
        return hosts.left().call(() -> EchoPort.open(local, link, 0));
    }

    private static List<Reply> replies(EchoPort port, int wanted) throws IOException {
        List<Reply> all = new ArrayList<>();
        try (Poller poller = Poller.open()) {
            poller.add(port.fd(), 0);
            while (all.size() < wanted) {
                assertEquals(1, poller.await(PATIENCE), "only " + all);
                port.read(
                        (from, sequence, data, nanos) -> {
                            assertTrue(nanos > 0 && nanos < PATIENCE, nanos + " ns");
                            all.add(new Reply(from, sequence, data));
                        },
                        System.nanoTime());
            }
        }
        return all;
    }

    private static void ask(EchoPort port, IpAddress to) throws IOException {
        port.send(to, 1, EchoPort.LEAST_DATA, System.nanoTime());
        port.send(to, 65535, 3000, System.nanoTime());
        assertEquals(
                List.of(new Reply(to, 1, EchoPort.LEAST_DATA), new Reply(to, 65535, 3000)),
                replies(port, 2));
    }

    @Test
    void theNeighbourAnswersByIpv4AndIpv6() throws IOException {
        try (EchoPort port = open(IpAddress.ANY4, "")) {
            ask(port, IpAddress.of("10.1.0.2"));
        }
        try (EchoPort port = open(IpAddress.ANY6, "")) {
            ask(port, IpAddress.of("fd01::2"));
        }
    }

    @Test
    void interfaceAndAddressCanBeChosen() throws IOException {
        try (EchoPort port = open(IpAddress.of("10.1.0.1"), "wire")) {
            ask(port, IpAddress.of("10.1.0.2"));
        }
        try (EchoPort port = open(IpAddress.of("fd01::1"), "wire")) {
            ask(port, IpAddress.of("fd01::2"));
        }
        LinuxException e =
                assertThrows(LinuxException.class, () -> open(IpAddress.ANY4, "nowhere"));
        assertEquals("send by nowhere: ENODEV (No such device)", e.getMessage());
        LinuxException other =
                assertThrows(LinuxException.class, () -> open(IpAddress.of("10.9.9.9"), ""));
        assertEquals(
                "bind to 10.9.9.9: EADDRNOTAVAIL (Cannot assign requested address)",
                other.getMessage());
    }

    @Test
    void repliesToOthersAreNotOurs() throws IOException {
        IpAddress to = IpAddress.of("10.1.0.2");
        try (EchoPort ours = open(IpAddress.ANY4, "");
                EchoPort other = open(IpAddress.ANY4, "")) {
            other.send(to, 5, 64, System.nanoTime());
            assertEquals(List.of(new Reply(to, 5, 64)), replies(other, 1));
            // The kernel gave the same reply to this socket before.
            assertEquals(0, ours.read((from, sequence, data, nanos) -> {}, System.nanoTime()));
            // Our own requests to ourselves are seen as requests, and not taken either.
            ours.send(IpAddress.of("10.1.0.1"), 6, 64, System.nanoTime());
            assertEquals(List.of(new Reply(IpAddress.of("10.1.0.1"), 6, 64)), replies(ours, 1));
        }
    }

    @Test
    void withoutARouteSendingSaysSo() throws IOException {
        try (EchoPort port = open(IpAddress.ANY4, "")) {
            LinuxException e =
                    assertThrows(
                            LinuxException.class,
                            () -> port.send(IpAddress.of("198.51.100.1"), 1, 16, 0));
            assertEquals(
                    "echo request to 198.51.100.1: ENETUNREACH (Network is unreachable)",
                    e.getMessage());
        }
    }
}
