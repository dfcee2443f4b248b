package io.sallyport.daemon.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.base.net.Endpoint;
import io.sallyport.base.net.IpAddress;
import io.sallyport.base.net.Path;
import io.sallyport.base.packet.Lane;
import io.sallyport.base.packet.PacketBatch;
import io.sallyport.drivers.poll.Poller;
import io.sallyport.drivers.raw.RawPort;
import io.sallyport.testkit.TwoHosts;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Those who send protocol 50 and are no peers have their turn, too, but not more.
@Tag("lab")
class RawStrangersLabTest {
    private static final int ESP = 50;
    private static final int TOKEN = 3;
    private static final int FLOOD = 150;
    private static final long PATIENCE = 5_000_000_000L;

    private int came;

    @Test
    void aFloodOfProtocol50HasOneBurstInEachInterval() throws IOException {
        Consumer<PacketBatch> road = batch -> came += batch.count();
        try (TwoHosts hosts = TwoHosts.connected();
                RawPort peer = hosts.left().call(() -> RawPort.open(false, ESP, 0));
                Poller poller = Poller.open()) {
            List<RawPort> ports = hosts.right().call(() -> RawPort.openBySpi(false, ESP, 0, 1));
            try (RawPort worker = ports.getFirst();
                    RawPort queue = ports.getLast()) {
                queue.know(Optional.of(Map.of()));
                PacketBatch spare = new PacketBatch(Arena.ofAuto(), PacketBatch.MOST, 2048, 64);
                Strangers strangers =
                        new Strangers(List.of(), List.of(queue), spare, poller, TOKEN);
                flood(peer);
                assertEquals(1, poller.await(PATIENCE));
                assertEquals(TOKEN, poller.token(0));
                long now = 5;
                strangers.turn(TOKEN, road, now);
                assertEquals(PacketBatch.MOST, came);
                assertEquals(0, poller.await(0), "a flood wakes the worker while it rests");
                while (came < FLOOD) {
                    int before = came;
                    now += Strangers.PACE_NANOS;
                    strangers.wake(road, now);
                    assertEquals(1, poller.await(PATIENCE));
                    strangers.turn(TOKEN, road, now);
                    assertTrue(came - before <= PacketBatch.MOST, "a burst of " + (came - before));
                }
                assertEquals(FLOOD, came);
                spare.clear();
                assertEquals(0, worker.read(spare), "it came to the peers' socket, too");
            }
        }
    }

    private static void flood(RawPort peer) {
        Path path =
                new Path(
                        new Endpoint(IpAddress.of("10.1.0.1"), 0),
                        new Endpoint(IpAddress.of("10.1.0.2"), 0));
        PacketBatch out = new PacketBatch(Arena.ofAuto(), PacketBatch.MOST, 256, 64);
        for (int sent = 0; sent < FLOOD; sent += out.count()) {
            out.clear();
            while (out.count() < Math.min(50, FLOOD - sent)) {
                int i = out.add();
                out.fill(i, new byte[] {1, 2, 3, 4, 5, 6, 7, 8}, 0, 8);
                out.lane(i, Lane.RAW);
                out.path(i, path);
            }
            assertEquals(out.count(), peer.write(out), peer.lastError());
        }
    }
}
