package io.sallyport.ipsec.pipeline;

import static io.sallyport.ipsec.pipeline.TwoGateways.GCM;
import static io.sallyport.ipsec.pipeline.TwoGateways.udp4;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.base.packet.Lane;
import io.sallyport.base.packet.PacketBatch;
import io.sallyport.testkit.InnerPackets;
import io.sallyport.testkit.ToyEngine;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/// The three threads of a gateway at work: the IKE loop rekeys without pause while both workers
/// move packets. A cipher used after it was closed throws, which would be counted.
class ThreadsTest {
    private static final int REKEYS = 300;

    @Test
    void rekeyingUnderTrafficLosesNothingAndWipesEveryKey() throws Exception {
        ToyEngine engine = new ToyEngine();
        try (TwoGateways two = TwoGateways.up(engine, GCM, udp4(), 1024)) {
            AtomicBoolean done = new AtomicBoolean();
            AtomicReference<Throwable> failure = new AtomicReference<>();
            SynchronousQueue<PacketBatch> wire = new SynchronousQueue<>();
            long[] moved = new long[2];
            Thread out = worker("out", failure, () -> sendUntil(two, done, wire, moved));
            Thread in = worker("in", failure, () -> receiveAll(two, wire, moved));
            while (two.b.usage(1).packetsIn() == 0 && failure.get() == null) {
                Thread.onSpinWait(); // or the first pair might go without having carried anything
            }
            for (long id = 2; id <= REKEYS; id++) {
                two.installBoth(id, GCM, udp4(), 1024);
                two.b.activate(id);
                two.a.activate(id);
                // the old pair goes when nothing of it is on its way any more
                long before = two.b.usage(id).packetsIn();
                while (two.b.usage(id).packetsIn() == before && failure.get() == null) {
                    Thread.onSpinWait();
                }
                two.a.remove(id - 1);
                two.b.remove(id - 1);
            }
            done.set(true);
            out.join(20_000);
            in.join(20_000);
            assertEquals(null, failure.get());
            assertEquals(Map.of(), two.aOut.drops().snapshot());
            assertEquals(Map.of(), two.bIn.drops().snapshot());
            assertEquals(moved[0], moved[1]);
            assertTrue(moved[0] >= REKEYS);
            two.aOut.process(two.batch(), 0);
            two.bIn.process(two.batch(), 0);
            // A's sealers and B's openers, by their workers; the other halves never woke
            assertEquals(2 * (REKEYS - 1), engine.closed());
        }
        assertEquals(2 * REKEYS, engine.closed());
    }

    private static Thread worker(String name, AtomicReference<Throwable> failure, Work work) {
        return Thread.ofPlatform()
                .name(name)
                .start(() -> {
                    try {
                        work.run();
                    } catch (Exception | Error e) {
                        failure.compareAndSet(null, e);
                    }
                });
    }

    private interface Work {
        void run() throws Exception;
    }

    private static void sendUntil(
            TwoGateways two, AtomicBoolean done, SynchronousQueue<PacketBatch> wire, long[] moved)
            throws InterruptedException {
        byte[] packet = InnerPackets.udpOf(100, "10.1.0.9", "10.2.0.9", new Random(1));
        PacketBatch batch = two.batch();
        // The other worker takes a batch when it is done with the one before: two are enough
        PacketBatch[] onTheWire = {two.batch(), two.batch()};
        for (int burst = 0; !done.get(); burst++) {
            batch.clear();
            for (int k = 0; k < 3; k++) {
                int i = batch.add();
                batch.fill(i, packet, 0, packet.length);
                batch.link(i, TwoGateways.LINK);
            }
            two.aOut.process(batch, two.now);
            moved[0] += TwoGateways.inLane(batch, Lane.UDP);
            onTheWire[burst & 1].clear();
            pass(wire, TwoGateways.carry(batch, onTheWire[burst & 1]));
        }
        pass(wire, two.batch());
    }

    private static void pass(SynchronousQueue<PacketBatch> wire, PacketBatch batch)
            throws InterruptedException {
        if (!wire.offer(batch, 20, TimeUnit.SECONDS)) {
            throw new IllegalStateException("the other worker does not take packets");
        }
    }

    /// An empty batch ends it.
    private static void receiveAll(
            TwoGateways two, SynchronousQueue<PacketBatch> wire, long[] moved)
            throws InterruptedException {
        while (true) {
            PacketBatch batch = wire.poll(20, TimeUnit.SECONDS);
            if (batch == null) {
                throw new IllegalStateException("no packet came");
            }
            if (batch.count() == 0) {
                return;
            }
            two.bIn.process(batch, two.now);
            moved[1] += TwoGateways.inLane(batch, Lane.TUN);
        }
    }
}
