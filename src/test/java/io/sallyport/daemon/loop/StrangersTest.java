package io.sallyport.daemon.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.base.Octets;
import io.sallyport.base.net.Endpoint;
import io.sallyport.base.net.IpAddress;
import io.sallyport.base.net.Path;
import io.sallyport.base.packet.PacketBatch;
import io.sallyport.drivers.poll.Poller;
import io.sallyport.drivers.udp.UdpPort;
import io.sallyport.ffi.linux.LinuxException;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/// Strangers have their turn, but not more of the worker than that.
class StrangersTest {
    private static final long PATIENCE = 5_000_000_000L;
    private static final int TOKEN = 7;
    private static final long MOST = 1_000_000_000;

    private int came;
    private final Consumer<PacketBatch> road = batch -> came += batch.count();

    @Test
    void aFloodHasOneBurstInEachInterval() throws LinuxException {
        try (UdpPort here = UdpPort.openForTrains(false, 0, 0);
                UdpPort there = UdpPort.open(false, 0, 0);
                Poller poller = Poller.open()) {
            here.know(Optional.of(Map.of()));
            Strangers strangers =
                    new Strangers(
                            List.of(Objects.requireNonNull(here.strangers())),
                            List.of(),
                            new PacketBatch(Arena.ofAuto(), PacketBatch.MOST, 2048, 0),
                            poller,
                            TOKEN);
            assertTrue(strangers.has(TOKEN));
            assertFalse(strangers.has(TOKEN - 1) || strangers.has(TOKEN + 1));
            long now = 5;
            assertEquals(MOST, strangers.sleep(MOST, now), "nobody rests");
            flood(there, here, 300);
            int turns = 0;
            while (came < 300) {
                assertEquals(1, poller.await(PATIENCE));
                assertEquals(TOKEN, poller.token(0));
                int before = came;
                strangers.turn(TOKEN, road, now);
                turns++;
                assertTrue(came - before <= PacketBatch.MOST, "a burst of " + (came - before));
                assertEquals(0, poller.await(0), "a flood wakes the worker while it rests");
                assertEquals(Strangers.PACE_NANOS, strangers.sleep(MOST, now));
                now += Strangers.PACE_NANOS - 1;
                strangers.wake(road, now);
                assertEquals(0, poller.await(0), "too early");
                now++;
                before = came;
                strangers.wake(road, now);
                turns += came > before ? 1 : 0;
            }
            assertTrue(turns >= 300 / PacketBatch.MOST, turns + " turns");
            assertEquals(300, came);
        }
    }

    @Test
    void afterItsRestAStrangerIsHeardAgain() throws LinuxException {
        try (UdpPort here = UdpPort.openForTrains(false, 0, 0);
                UdpPort there = UdpPort.open(false, 0, 0);
                Poller poller = Poller.open()) {
            here.know(Optional.of(Map.of()));
            Strangers strangers =
                    new Strangers(
                            List.of(Objects.requireNonNull(here.strangers())),
                            List.of(),
                            new PacketBatch(Arena.ofAuto(), PacketBatch.MOST, 2048, 0),
                            poller,
                            TOKEN);
            flood(there, here, 2);
            assertEquals(1, poller.await(PATIENCE));
            long now = Long.MAX_VALUE - 1; // nanoTime may wrap
            strangers.turn(TOKEN, road, now);
            assertEquals(2, came);
            now += Strangers.PACE_NANOS;
            assertEquals(0, strangers.sleep(MOST, now));
            strangers.wake(road, now);
            assertEquals(MOST, strangers.sleep(MOST, now));
            flood(there, here, 1);
            assertEquals(1, poller.await(PATIENCE), "a stranger is heard again");
        }
    }

    private static void flood(UdpPort from, UdpPort to, int datagrams) {
        Path path =
                new Path(
                        new Endpoint(IpAddress.of("127.0.0.1"), from.port()),
                        new Endpoint(IpAddress.of("127.0.0.1"), to.port()));
        for (int i = 0; i < datagrams; i++) {
            from.send(path, Octets.concat(Octets.ofInt(0x01020304), Octets.ofInt(i)));
        }
    }
}
