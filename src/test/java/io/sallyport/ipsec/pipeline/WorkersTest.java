package io.sallyport.ipsec.pipeline;

import static io.sallyport.ipsec.pipeline.TwoGateways.GCM;
import static io.sallyport.ipsec.pipeline.TwoGateways.OWNER;
import static io.sallyport.ipsec.pipeline.TwoGateways.udp4;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.base.packet.Lane;
import io.sallyport.base.packet.PacketBatch;
import io.sallyport.base.telemetry.Drop;
import io.sallyport.crypto.engine.PacketCipher;
import io.sallyport.ipsec.UserspaceBackend;
import io.sallyport.ipsec.sad.OutboundSa;
import io.sallyport.ipsec.sad.VolumeMeter;
import io.sallyport.ipsec.select.Selectors;
import io.sallyport.model.sa.ChildSa;
import io.sallyport.testkit.AllocatedOctets;
import io.sallyport.testkit.InnerPackets;
import io.sallyport.testkit.ToyEngine;
import io.sallyport.wire.esp.Esp;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Several outbound workers that share SAs. Seeds decide how large their bursts are, the scheduler
/// how they meet.
class WorkersTest {
    private static final int WORKERS = 3;
    private static final long LAST = 0xffff_ffffL;

    private final AtomicReference<Throwable> failure = new AtomicReference<>();

    private static OutboundPipeline pipeline(TwoGateways two, int worker) {
        return new OutboundPipeline(
                two.a, worker, two.acquired::add, VolumeMeter.Listener.NONE, two.batch());
    }

    private Thread start(String name, Runnable work) {
        Thread thread =
                new Thread(
                        () -> {
                            try {
                                work.run();
                            } catch (Throwable t) {
                                failure.compareAndSet(null, t);
                            }
                        },
                        name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private void end(List<Thread> threads) throws InterruptedException {
        for (Thread thread : threads) {
            thread.join(60_000);
            assertTrue(!thread.isAlive(), thread + " never ended");
        }
        assertEquals(null, failure.get());
    }

    private static byte[] inner(int worker) {
        return InnerPackets.udpOf(100, "10.1.0." + (worker + 1), "10.2.0.1", new Random(worker));
    }

    /// RFC 4303, 3.3.3, over workers: on it rests that an IV of GCM never comes twice.
    @Test
    void noNumberIsUsedTwice() throws Exception {
        numbersAreUsedOnce(40_000, 1);
    }

    @Tag("slow")
    @ParameterizedTest
    @ValueSource(longs = {2, 3, 4, 5, 6, 7, 8, 9})
    void noNumberIsUsedTwiceHoweverTheyMeet(long seed) throws Exception {
        numbersAreUsedOnce(400_000, seed);
    }

    /// `numbers` are left when the workers begin, and the space ends while they all send.
    private void numbersAreUsedOnce(int numbers, long seed) throws Exception {
        try (TwoGateways two =
                TwoGateways.up(new TwoGateways(new ToyEngine(), WORKERS), GCM, udp4(), 0)) {
            OutboundSa sa = endingSa(two, LAST - numbers);
            List<BitSet> used = new ArrayList<>();
            List<OutboundPipeline> pipelines = new ArrayList<>();
            List<Thread> threads = new ArrayList<>();
            for (int worker = 0; worker < WORKERS; worker++) {
                BitSet mine = new BitSet(numbers);
                OutboundPipeline out = pipeline(two, worker);
                used.add(mine);
                pipelines.add(out);
                int me = worker;
                threads.add(
                        start("out " + me, () -> sendToTheEnd(two, me, out, seed * 31 + me, mine)));
            }
            end(threads);
            BitSet all = new BitSet(numbers);
            int sum = 0;
            for (BitSet mine : used) {
                assertTrue(!all.intersects(mine), "a number was used by two workers");
                all.or(mine);
                sum += mine.cardinality();
            }
            assertEquals(numbers, sum);
            assertEquals(numbers, all.nextClearBit(0), "a number was left out");
            assertEquals(LAST, sa.sequence());
            assertEquals(numbers, sa.meters().packets());
            long refused = 0;
            for (OutboundPipeline out : pipelines) {
                refused += out.drops().get(Drop.SEQUENCE_EXHAUSTED);
            }
            assertEquals(refused, sa.drops().get(Drop.SEQUENCE_EXHAUSTED));
            assertEquals(numbers + refused, two.a.policies().getFirst().packets());
        }
    }

    /// An SA like that of `two`, shortly before its end.
    private static OutboundSa endingSa(TwoGateways two, long sequence) {
        ChildSa child = TwoGateways.childSa(1, OWNER, GCM, TwoGateways.sites(), udp4(), 0, true);
        ToyEngine engine = new ToyEngine();
        var sealers = new ArrayList<PacketCipher>();
        for (int i = 0; i < WORKERS; i++) {
            sealers.add(
                    engine.sealer(
                            GCM,
                            child.outbound().encryptionKey(),
                            child.outbound().integrityKey()));
        }
        OutboundSa sa = new OutboundSa(child, new Selectors(child.selectors()), sealers, sequence);
        two.a.spd().activate(OWNER, sa);
        return sa;
    }

    private static void sendToTheEnd(
            TwoGateways two, int me, OutboundPipeline out, long seed, BitSet used) {
        Random random = new Random(seed);
        byte[] packet = inner(me);
        PacketBatch batch = two.batch();
        while (out.drops().get(Drop.SEQUENCE_EXHAUSTED) == 0) {
            fill(batch, packet, 1 + random.nextInt(PacketBatch.MOST));
            out.process(batch, 1_000);
            for (int i = 0; i < batch.count(); i++) {
                if (batch.lane(i) == Lane.UDP) {
                    int left = ~Esp.sequence(batch.memory(), batch.start(i)); // LAST is 0
                    assertTrue(!used.get(left), "a worker used a number twice");
                    used.set(left);
                }
            }
        }
    }

    private static void fill(PacketBatch batch, byte[] packet, int count) {
        batch.clear();
        for (int i = 0; i < count; i++) {
            int k = batch.add();
            batch.fill(k, packet, 0, packet.length);
            batch.link(k, TwoGateways.LINK);
        }
    }

    /// Workers that wait for their turn disturb no window, be it the smallest that RFC 4303 allows;
    /// and SAs that come and go meanwhile lose nothing, and are wiped by each worker.
    @Test
    void inTurnNothingLooksReplayedWhateverIsRekeyed() throws Exception {
        ToyEngine engine = new ToyEngine();
        int rekeys = 40;
        try (TwoGateways two = TwoGateways.up(new TwoGateways(engine, WORKERS), GCM, udp4(), 32)) {
            AtomicBoolean done = new AtomicBoolean();
            Wire wire = new Wire(two);
            long[] sent = new long[WORKERS];
            List<OutboundPipeline> pipelines = new ArrayList<>();
            List<Thread> threads = new ArrayList<>();
            for (int worker = 0; worker < WORKERS; worker++) {
                OutboundPipeline out = pipeline(two, worker);
                pipelines.add(out);
                int me = worker;
                threads.add(
                        start("out " + me, () -> sent[me] = sendInTurn(two, me, out, done, wire)));
            }
            for (long id = 2; id <= rekeys; id++) {
                two.installBoth(id, GCM, udp4(), 32);
                two.b.activate(id);
                two.a.activate(id);
                while (two.b.usage(id).packetsIn() < 1_000 && failure.get() == null) {
                    LockSupport.parkNanos(1_000);
                }
                two.a.remove(id - 1);
            }
            done.set(true);
            end(threads);
            assertEquals(Map.of(), two.bIn.drops().snapshot());
            assertEquals(sent[0] + sent[1] + sent[2], wire.delivered);
            for (OutboundPipeline out : pipelines) {
                assertEquals(Map.of(), out.drops().snapshot());
                out.process(two.batch(), 0);
            }
        }
    }

    /// What is given to it arrives in that order.
    private static final class Wire {
        private final TwoGateways two;
        private final PacketBatch received;
        private long delivered;

        Wire(TwoGateways two) {
            this.two = two;
            this.received = two.batch();
        }

        synchronized void give(PacketBatch sent) {
            received.clear();
            TwoGateways.carry(sent, received);
            two.bIn.process(received, 1_000);
            delivered += TwoGateways.inLane(received, Lane.TUN);
        }
    }

    private static long sendInTurn(
            TwoGateways two, int me, OutboundPipeline out, AtomicBoolean done, Wire wire) {
        Random random = new Random(me);
        byte[] packet = inner(me);
        PacketBatch batch = two.batch();
        long sent = 0;
        while (!done.get()) {
            fill(batch, packet, 1 + random.nextInt(PacketBatch.MOST));
            out.process(batch, 1_000);
            while (!out.isTurn()) {
                LockSupport.parkNanos(1_000);
            }
            wire.give(batch);
            out.left();
            sent += batch.count();
        }
        return sent;
    }

    /// What two workers send costs each of them nothing.
    @Test
    void twoWorkersAllocateNothing() {
        try (TwoGateways two =
                TwoGateways.up(new TwoGateways(new ToyEngine(), 2), GCM, udp4(), 64)) {
            OutboundPipeline[] out = {pipeline(two, 0), pipeline(two, 1)};
            byte[][] packets = {inner(0), inner(1)};
            PacketBatch batch = two.batch();
            Runnable burst =
                    () -> {
                        for (int worker = 0; worker < 2; worker++) {
                            fill(batch, packets[worker], 8);
                            out[worker].process(batch, 1_000);
                            assertTrue(out[worker].isTurn());
                            out[worker].left();
                        }
                    };
            for (int i = 0; i < 3_000; i++) {
                burst.run();
            }
            assertEquals(0, AllocatedOctets.of(1_000, burst), "octets of 2000 bursts of 8 packets");
        }
    }

    @Test
    void everySpiHasOneOwner() {
        int[] owned = new int[4];
        for (int spi : new Random(4).ints(4_000).toArray()) {
            owned[UserspaceBackend.owner(spi, 4)]++;
            assertEquals(0, UserspaceBackend.owner(spi, 1));
        }
        for (int some : owned) {
            assertTrue(some > 800, "owned " + some + " of 4000");
        }
        // as the kernel reckons, without a sign
        assertEquals(0xffffffffL % 3, UserspaceBackend.owner(-1, 3));
    }
}
