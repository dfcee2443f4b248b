package io.sallyport.drivers.poll;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.base.Octets;
import io.sallyport.base.net.Endpoint;
import io.sallyport.base.net.IpAddress;
import io.sallyport.base.net.Path;
import io.sallyport.base.packet.PacketBatch;
import io.sallyport.drivers.udp.UdpPort;
import io.sallyport.ffi.linux.LinuxException;
import io.sallyport.testkit.Allocation;
import java.lang.foreign.Arena;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PollerTest {
    private static final long PATIENCE = 5_000_000_000L;

    private static Path to(UdpPort port) {
        return new Path(
                new Endpoint(IpAddress.ANY4, 0),
                new Endpoint(IpAddress.of("127.0.0.1"), port.port()));
    }

    @Test
    void tokensTellWhoIsReady() throws LinuxException {
        try (UdpPort a = UdpPort.open(false, 0, 0);
                UdpPort b = UdpPort.open(false, 0, 0);
                UdpPort c = UdpPort.open(false, 0, 0);
                Poller poller = Poller.open()) {
            poller.add(a.fd(), 7);
            poller.add(b.fd(), 8);
            poller.add(c.fd(), 9);
            assertEquals(0, poller.await(0));
            a.send(to(b), Octets.ascii("x"));
            a.send(to(c), Octets.ascii("x"));
            Set<Integer> ready = new HashSet<>();
            while (ready.size() < 2) {
                int count = poller.await(PATIENCE);
                assertTrue(count > 0, "nothing became ready");
                for (int i = 0; i < count; i++) {
                    ready.add(poller.token(i));
                }
            }
            assertEquals(Set.of(8, 9), ready);
            poller.remove(c.fd());
            b.read(new PacketBatch(Arena.ofAuto(), 4, 256, 0));
            assertEquals(0, poller.await(0));
        }
    }

    @Test
    void aWakeBeforeTheWaitIsNotLost() throws LinuxException {
        try (Poller poller = Poller.open()) {
            poller.wake();
            poller.wake();
            assertEquals(0, poller.await(-1)); // would wait for ever
            assertEquals(0, poller.await(1_000)); // and only once
        }
    }

    @Test
    void anotherThreadWakesTheWaitingOne() throws Exception {
        try (Poller poller = Poller.open()) {
            Thread other = Thread.ofPlatform().start(poller::wake);
            assertEquals(0, poller.await(-1));
            other.join();
        }
    }

    @Test
    void aWakeAfterTheCloseDoesNothing() throws LinuxException {
        Poller poller = Poller.open();
        poller.close();
        poller.wake();
        poller.close();
    }

    @Test
    void waitingAllocatesNothing() throws LinuxException {
        try (Poller poller = Poller.open()) {
            Runnable round =
                    () -> {
                        try {
                            poller.wake();
                            poller.await(PATIENCE);
                        } catch (LinuxException e) {
                            throw new AssertionError(e);
                        }
                    };
            assertEquals(0, Allocation.octetsWhenWarm(round));
        }
    }
}
