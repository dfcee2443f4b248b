package io.sallyport.ipsec.pipeline;

import static io.sallyport.ipsec.pipeline.TwoGateways.GCM;
import static io.sallyport.ipsec.pipeline.TwoGateways.LINK;
import static io.sallyport.ipsec.pipeline.TwoGateways.OWNER;
import static io.sallyport.ipsec.pipeline.TwoGateways.inLane;
import static io.sallyport.ipsec.pipeline.TwoGateways.mirror;
import static io.sallyport.ipsec.pipeline.TwoGateways.pair;
import static io.sallyport.ipsec.pipeline.TwoGateways.sites;
import static io.sallyport.ipsec.pipeline.TwoGateways.udp4;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.base.packet.Lane;
import io.sallyport.base.packet.PacketBatch;
import io.sallyport.base.telemetry.Drop;
import io.sallyport.model.sa.Owner;
import io.sallyport.model.sa.PolicyEntry;
import io.sallyport.testkit.AllocatedOctets;
import io.sallyport.testkit.InnerPackets;
import io.sallyport.testkit.ToyEngine;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Trap, acquire, and what becomes of the packets that came before the SA.
class WaitingRoadTest {
    private final Random random = new Random(12);

    private static TwoGateways trapped() {
        TwoGateways two = new TwoGateways(new ToyEngine());
        two.a.link("tun1", LINK);
        two.b.link("tun1", LINK);
        two.a.protect(new PolicyEntry(OWNER, sites(), true));
        two.b.protect(new PolicyEntry(OWNER, mirror(sites()), true));
        return two;
    }

    private byte[] packet(int total) {
        return InnerPackets.udpOf(total, "10.1.0.9", "10.2.0.9", random);
    }

    private static PacketBatch released(TwoGateways two) {
        PacketBatch batch = two.batch();
        if (two.aOut.release(batch, two.now)) {
            two.aOut.process(batch, two.now);
        }
        return batch;
    }

    @Test
    void theFirstPacketsAreSentWhenTheSaComes() {
        try (TwoGateways two = trapped()) {
            List<byte[]> sent = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                sent.add(packet(100 + i));
                assertEquals(Lane.WAITING, two.aSends(sent.getLast()).lane(0));
            }
            assertEquals(List.of(OWNER), two.acquired);
            assertEquals(0, released(two).count());
            two.installBoth(1, GCM, udp4(), 64);
            two.a.activate(1);
            two.b.activate(1);
            PacketBatch arrived = two.bReceives(released(two));
            assertEquals(10, inLane(arrived, Lane.TUN));
            for (int i = 0; i < 10; i++) {
                assertArrayEquals(sent.get(i), arrived.copy(i)); // and in their order
            }
            assertFalse(two.aOut.release(two.batch(), two.now));
            assertEquals(Map.of(), two.aOut.drops().snapshot());
        }
    }

    /// A share for each policy: who floods loses his own packets, the oldest first.
    @Test
    void theQueueIsBoundedForEachPolicy() {
        try (TwoGateways two = trapped()) {
            Owner other = new Owner("site", "other", "tun1");
            two.a.protect(
                    new PolicyEntry(
                            other, pair(List.of("10.5.0.0/16"), List.of("10.6.0.0/16")), true));
            two.aSends(InnerPackets.udpOf(99, "10.5.0.9", "10.6.0.9", random));
            for (int i = 0; i < 100; i++) {
                two.aSends(packet(100 + i));
            }
            assertEquals(84, two.aOut.drops().get(Drop.ACQUIRE_OVERFLOW));
            two.installBoth(1, GCM, udp4(), 64);
            two.a.activate(1);
            PacketBatch sent = released(two);
            assertEquals(16, sent.count());
            assertEquals(200 - 16, two.bReceives(sent).length(0));
            // in octets as well
            two.a.remove(1);
            for (int i = 0; i < 100; i++) {
                two.aSends(packet(1900));
            }
            assertEquals(84 + 84, two.aOut.drops().get(Drop.ACQUIRE_OVERFLOW));
        }
    }

    @Test
    void nobodyWaitsForEver() {
        try (TwoGateways two = trapped()) {
            two.aSends(packet(100));
            two.now += AcquireQueue.PATIENCE_NANOS;
            assertFalse(two.aOut.release(two.batch(), two.now));
            assertEquals(Map.of(Drop.ACQUIRE_TIMEOUT, 1L), two.aOut.drops().snapshot());
        }
    }

    /// A policy that goes takes its packets with it: they never leave in clear.
    @Test
    void whatWaitedForAPolicyThatIsGoneIsDropped() {
        try (TwoGateways two = trapped()) {
            two.aSends(packet(100));
            two.a.unprotect(OWNER);
            assertEquals(0, released(two).count());
            two.now += AcquireQueue.PATIENCE_NANOS;
            assertEquals(0, released(two).count());
            assertEquals(Map.of(Drop.ACQUIRE_TIMEOUT, 1L), two.aOut.drops().snapshot());
        }
    }

    @Test
    void waitingAllocatesNothing() {
        try (TwoGateways two = trapped()) {
            byte[] p = packet(300);
            PacketBatch batch = two.batch();
            Runnable burst =
                    () -> {
                        batch.clear();
                        for (int k = 0; k < 8; k++) {
                            int i = batch.add();
                            batch.fill(i, p, 0, p.length);
                            batch.link(i, LINK);
                        }
                        two.aOut.process(batch, two.now);
                    };
            for (int i = 0; i < 5_000; i++) {
                burst.run();
            }
            assertEquals(0, AllocatedOctets.of(1_000, burst));
            assertTrue(two.aOut.drops().get(Drop.ACQUIRE_OVERFLOW) > 40_000);
        }
    }
}
