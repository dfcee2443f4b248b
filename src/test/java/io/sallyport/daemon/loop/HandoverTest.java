package io.sallyport.daemon.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.base.net.Endpoint;
import io.sallyport.base.net.IpAddress;
import io.sallyport.base.net.Path;
import io.sallyport.base.packet.Lane;
import io.sallyport.base.packet.PacketBatch;
import io.sallyport.base.telemetry.Drop;
import io.sallyport.base.telemetry.DropCounters;
import io.sallyport.ipsec.UserspaceBackend;
import io.sallyport.testkit.AllocatedOctets;
import io.sallyport.wire.esp.Ah;
import io.sallyport.wire.esp.Esp;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HandoverTest {
    private static final Path FROM_PEER = path(4500);

    private static Path path(int localPort) {
        return new Path(
                new Endpoint(IpAddress.of("192.0.2.1"), localPort),
                new Endpoint(IpAddress.of("192.0.2.2"), 4500));
    }

    private static Handover between(int workers) {
        List<Runnable> wakes = new ArrayList<>();
        for (int i = 0; i < workers; i++) {
            wakes.add(() -> {});
        }
        return new Handover(wakes);
    }

    private static PacketBatch batch() {
        return new PacketBatch(Arena.ofAuto(), PacketBatch.MOST, 2048, 64);
    }

    private static int add(PacketBatch batch, int spi, int sequence) {
        int i = batch.add();
        batch.place(i, batch.start(i), 60);
        Esp.writeHeader(batch.memory(), batch.start(i), spi, sequence);
        batch.lane(i, Lane.UDP);
        batch.path(i, FROM_PEER);
        batch.trafficClass(i, sequence & 3);
        batch.hopLimit(i, 61);
        return i;
    }

    /// Trains that bear packets of many SAs come to all workers at once: each packet is opened by
    /// the owner of its SPI and by nobody else, once.
    @ParameterizedTest
    @ValueSource(ints = {2, 3, 4})
    void everySpiIsOpenedByItsOwnerOnly(int workers) throws Exception {
        int bursts = 2_000;
        Handover handover = between(workers);
        ConcurrentHashMap<Integer, Integer> openedBy = new ConcurrentHashMap<>();
        AtomicReference<Throwable> failure = new AtomicReference<>();
        AtomicLong opened = new AtomicLong();
        AtomicLong sum = new AtomicLong();
        AtomicLong lost = new AtomicLong();
        CyclicBarrier sent = new CyclicBarrier(workers);
        List<Thread> threads = new ArrayList<>();
        for (int worker = 0; worker < workers; worker++) {
            int me = worker;
            Thread thread =
                    new Thread(
                            () -> {
                                try {
                                    DropCounters drops = new DropCounters();
                                    Random random = new Random(me);
                                    PacketBatch mine = batch();
                                    long expected = 0;
                                    for (int k = 0; k < bursts; k++) {
                                        mine.clear();
                                        for (int n = 1 + random.nextInt(64); n > 0; n--) {
                                            add(mine, 0x1000 + random.nextInt(40), n);
                                            expected++;
                                        }
                                        handover.sort(me, mine, drops);
                                        opened.addAndGet(open(me, workers, mine, openedBy));
                                        opened.addAndGet(take(me, workers, handover, openedBy));
                                    }
                                    sum.addAndGet(expected);
                                    lost.addAndGet(drops.get(Drop.MAILBOX_FULL));
                                    sent.await();
                                    opened.addAndGet(take(me, workers, handover, openedBy));
                                } catch (Throwable t) {
                                    failure.compareAndSet(null, t);
                                    sent.reset();
                                }
                            },
                            "in " + me);
            thread.start();
            threads.add(thread);
        }
        for (Thread thread : threads) {
            thread.join(60_000);
            assertTrue(!thread.isAlive(), thread + " never ended");
        }
        assertEquals(null, failure.get());
        assertEquals(sum.get(), opened.get() + lost.get());
        assertTrue(opened.get() > sum.get() / workers, opened + " of " + sum);
        assertEquals(40, openedBy.size());
    }

    private static int take(
            int me, int workers, Handover handover, ConcurrentHashMap<Integer, Integer> openedBy) {
        int opened = 0;
        for (Handover.Parcel parcel = handover.next(me);
                parcel != null;
                parcel = handover.next(me)) {
            opened += open(me, workers, parcel.packets(), openedBy);
            parcel.goHome();
        }
        return opened;
    }

    private static int open(
            int me, int workers, PacketBatch batch, ConcurrentHashMap<Integer, Integer> openedBy) {
        int opened = 0;
        for (int i = 0; i < batch.count(); i++) {
            if (batch.lane(i) != Lane.UDP) {
                continue;
            }
            int spi = Esp.spi(batch.memory(), batch.start(i));
            int sequence = Esp.sequence(batch.memory(), batch.start(i));
            assertEquals(me, UserspaceBackend.owner(spi, workers));
            assertEquals(me, openedBy.computeIfAbsent(spi, _ -> me));
            assertEquals(60, batch.length(i));
            assertEquals(FROM_PEER, batch.path(i));
            assertEquals(sequence & 3, batch.trafficClass(i));
            assertEquals(61, batch.hopLimit(i));
            opened++;
        }
        return opened;
    }

    /// Keepalives, IKE on either port and what is too short are nobody's own.
    @Test
    void whatIsNotEspStaysWhereItCame() {
        Handover handover = between(2);
        DropCounters drops = new DropCounters();
        PacketBatch batch = batch();
        add(batch, 0, 1); // the non-ESP marker
        batch.path(add(batch, 1, 1), path(500));
        int keepalive = batch.add();
        batch.fill(keepalive, new byte[] {-1}, 0, 1);
        batch.lane(keepalive, Lane.UDP);
        batch.path(keepalive, FROM_PEER);
        for (Lane lane : new Lane[] {Lane.RAW, Lane.AH}) {
            int tooShort = add(batch, 1, 1);
            batch.place(tooShort, batch.start(tooShort), 7);
            batch.lane(tooShort, lane);
        }
        int header = add(batch, 0x4f000001, 1); // whose IP header says that there is nothing behind
        batch.lane(header, Lane.AH);
        handover.sort(0, batch, drops);
        for (int i = 0; i < batch.count(); i++) {
            assertTrue(batch.lane(i) != Lane.DROPPED, "packet " + i);
        }
        assertEquals(null, handover.next(1));
    }

    /// The raw sockets of strangers bring ESP and AH of any SPI to the first worker.
    @Test
    void whatStrangersSendGoesToItsOwner() {
        Handover handover = between(2);
        DropCounters drops = new DropCounters();
        Path from6 =
                new Path(
                        new Endpoint(IpAddress.of("2001:db8::1"), 0),
                        new Endpoint(IpAddress.of("2001:db8::2"), 0));
        PacketBatch batch = batch();
        for (int spi = 0x1000; spi < 0x1002; spi++) {
            batch.lane(add(batch, spi, 1), Lane.RAW);
            int four = add(batch, 0x46000000, 1); // 24 octets of IPv4 header
            Ah.write(batch.memory(), batch.start(four) + 24, 17, 24, spi, 1);
            batch.lane(four, Lane.AH);
            int six = add(batch, 0, 1);
            Ah.write(batch.memory(), batch.start(six), 17, 24, spi, 1);
            batch.lane(six, Lane.AH);
            batch.path(six, from6);
        }
        handover.sort(0, batch, drops);
        for (int i = 0; i < 3; i++) {
            assertTrue(batch.lane(i) != Lane.DROPPED, "packet " + i);
            assertEquals(Lane.DROPPED, batch.lane(i + 3));
        }
        PacketBatch handed = Objects.requireNonNull(handover.next(1)).packets();
        assertEquals(3, handed.count());
        assertEquals(Lane.RAW, handed.lane(0));
        assertEquals(0x1001, Esp.spi(handed.memory(), handed.start(0)));
        assertEquals(0x1001, Ah.spi(handed.memory(), handed.start(1) + 24));
        assertEquals(0x1001, Ah.spi(handed.memory(), handed.start(2)));
        assertEquals(from6, handed.path(2));
    }

    /// ESP that comes in a train of IKE goes to its owner, also where there is one worker only; all
    /// else stays.
    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void espInATrainOfIkeGoesToItsOwner(int workers) {
        Handover handover = between(workers);
        DropCounters drops = new DropCounters();
        PacketBatch batch = batch();
        add(batch, 0, 1);
        int tail = batch.add();
        batch.fill(tail, new byte[] {0, 0, 0, 0, 1}, 0, 5);
        batch.lane(tail, Lane.UDP);
        batch.path(tail, FROM_PEER);
        for (int spi = 1; spi <= 40; spi++) {
            add(batch, spi * workers + 1 % workers, spi);
        }
        handover.sortOutOfIke(batch, drops);
        assertEquals(Lane.UDP, batch.lane(0));
        assertEquals(Lane.UDP, batch.lane(1));
        assertEquals(Lane.DROPPED, batch.lane(2));
        int came = 0;
        for (int sequence = 1; came < 32; ) {
            Handover.Parcel parcel = Objects.requireNonNull(handover.next(1 % workers));
            for (int i = 0; i < parcel.packets().count(); i++) {
                assertEquals(
                        sequence++,
                        Esp.sequence(parcel.packets().memory(), parcel.packets().start(i)));
                came++;
            }
            parcel.goHome();
        }
        assertFalse(handover.isWaiting(1 % workers));
        assertEquals(8, drops.get(Drop.MAILBOX_FULL), "two parcels of 16 were there");
    }

    /// A worker that nobody empties costs a bounded number of packets of others, which are counted.
    @Test
    void whoHasNoParcelLeftDropsAndCounts() {
        Handover handover = between(2);
        DropCounters drops = new DropCounters();
        PacketBatch batch = batch();
        for (int k = 0; k < 12; k++) {
            batch.clear();
            add(batch, 1, k);
            handover.sort(0, batch, drops);
            assertEquals(Lane.DROPPED, batch.lane(0));
        }
        assertEquals(4, drops.get(Drop.MAILBOX_FULL));
        int came = 0;
        for (Handover.Parcel parcel = handover.next(1); parcel != null; parcel = handover.next(1)) {
            came += parcel.packets().count();
            parcel.goHome();
        }
        assertEquals(8, came);
        batch.clear();
        add(batch, 1, 99);
        handover.sort(0, batch, drops);
        assertEquals(4, drops.get(Drop.MAILBOX_FULL));
    }

    @Test
    void handingOverAllocatesNothing() {
        Handover handover = between(2);
        DropCounters drops = new DropCounters();
        PacketBatch batch = batch();
        Runnable burst =
                () -> {
                    batch.clear();
                    for (int i = 0; i < 16; i++) {
                        add(batch, 0x1000 + i, i);
                    }
                    handover.sort(0, batch, drops);
                    for (Handover.Parcel parcel = handover.next(1);
                            parcel != null;
                            parcel = handover.next(1)) {
                        parcel.goHome();
                    }
                };
        for (int i = 0; i < 5_000; i++) {
            burst.run();
        }
        assertEquals(0, AllocatedOctets.of(1_000, burst));
        assertEquals(0, drops.get(Drop.MAILBOX_FULL));
    }
}
