package io.sallyport.daemon.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.base.Octets;
import io.sallyport.base.net.Endpoint;
import io.sallyport.base.net.IpAddress;
import io.sallyport.base.net.Path;
import io.sallyport.base.packet.Lane;
import io.sallyport.base.packet.PacketBatch;
import io.sallyport.base.telemetry.Drop;
import io.sallyport.ike.machine.Input;
import io.sallyport.ike.sa.SpiSieve;
import io.sallyport.testkit.AllocatedOctets;
import io.sallyport.wire.ike.IkeHeader;
import java.lang.foreign.Arena;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Floods before the IKE loop: the peers are heard, memory stays, and each loss has its name.
class IkeGateTest {
    private static final long OURS = 0x1234_5678_9abc_def0L;
    private static final long THEIRS = 0x0fed_cba9_8765_4321L;

    private final SpiSieve spis = new SpiSieve();
    private final IkeGate gate = new IkeGate(spis, 42, () -> {}, 0);
    private final PacketBatch packets = new PacketBatch(Arena.ofAuto(), 1, 2048, 64);
    private final Random random = new Random(500);

    private static Path from(String address) {
        return new Path(
                new Endpoint(IpAddress.of("192.0.2.1"), 500),
                new Endpoint(IpAddress.of(address), 500));
    }

    private void arrive(Octets message, Path path) {
        packets.clear();
        packets.add();
        byte[] octets = message.toArray();
        packets.fill(0, octets, 0, octets.length);
        packets.lane(0, Lane.IKE);
        packets.path(0, path);
    }

    private void admit(Octets message, Path path, long now) {
        arrive(message, path);
        gate.admit(packets, 0, now);
    }

    private static Octets message(long initiator, long responder) {
        return new IkeHeader(initiator, responder, 46, 2, 0, 37, 8, 1, IkeHeader.LENGTH).emit();
    }

    private Octets garbage(int length) {
        byte[] octets = new byte[length];
        random.nextBytes(octets);
        return Octets.owned(octets);
    }

    private static Octets octetsOf(Input.@Nullable Datagram message) {
        assertNotNull(message);
        return message.octets();
    }

    @Test
    void peersAreHeardWhileStrangersFlood() {
        spis.add(OURS, Set.of(OURS));
        for (int i = 0; i < 100_000; i++) {
            long spi = random.nextLong() & 0x0fff_ffff_ffff_ffffL; // none of the sieve's places
            admit(message(spi, 0), from("198.51.100." + i % 250), 0);
        }
        Octets asResponder = message(THEIRS, OURS);
        Octets asInitiator = message(OURS, THEIRS);
        admit(asResponder, from("203.0.113.9"), 0);
        admit(asInitiator, from("203.0.113.9"), 0);
        assertEquals(asResponder, octetsOf(gate.poll()));
        assertEquals(asInitiator, octetsOf(gate.poll()));
        int strangers = 0;
        while (gate.poll() != null) {
            strangers++;
        }
        assertTrue(strangers > 0 && strangers <= 256, strangers + " strangers wait");
        assertEquals(Map.of(Drop.IKE_FLOOD, 100_000L - strangers), gate.drops().snapshot());
    }

    @Test
    void aFloodOfPeersDoesNotKeepStrangersOutForEver() {
        spis.add(OURS, Set.of(OURS));
        for (int i = 0; i < 2000; i++) {
            admit(message(THEIRS, OURS), from("203.0.113.9"), 0);
        }
        Octets knocks = message(77, 0);
        admit(knocks, from("198.51.100.1"), 0);
        int before = 0;
        while (!octetsOf(gate.poll()).equals(knocks)) {
            before++;
        }
        assertTrue(before < 4, before + " before the stranger");
        assertEquals(Map.of(Drop.MAILBOX_FULL, 2000L - 1024), gate.drops().snapshot());
    }

    @Test
    void oneLoudSourceLeavesRoomForAnother() {
        for (int i = 0; i < 50_000; i++) {
            admit(message(random.nextLong(), 0), from("198.51.100.1"), 0);
        }
        Octets quiet = message(5, 0);
        admit(quiet, from("203.0.113.7"), 0);
        Octets last = Octets.EMPTY;
        for (Input.Datagram d = gate.poll(); d != null; d = gate.poll()) {
            last = d.octets();
        }
        assertEquals(quiet, last);
    }

    /// Of ten thousand SAs some have the sieve's place of any SPI that a stranger makes up: a first
    /// message with it is a stranger's all the same.
    @Test
    void aFirstMessageIsAStrangersWhateverItsSpi() {
        spis.add(OURS, Set.of(OURS));
        for (int i = 0; i < 2000; i++) {
            admit(message(OURS, 0), from("198.51.100.1"), 0);
        }
        assertEquals(Set.of(Drop.IKE_FLOOD), gate.drops().snapshot().keySet());
        while (gate.poll() != null) {}
        Octets refusal =
                new IkeHeader(OURS, 0, 41, 2, 0, 34, IkeHeader.FLAG_RESPONSE, 0, IkeHeader.LENGTH)
                        .emit();
        admit(refusal, from("198.51.100.1"), 0);
        assertEquals(refusal, octetsOf(gate.poll()));
    }

    @Test
    void theSieveGrowsWithTheSas() {
        Set<Long> all = new HashSet<>();
        for (int i = 0; i < 10_000; i++) {
            long spi = random.nextLong();
            all.add(spi);
            spis.add(spi, all);
        }
        assertTrue(all.stream().allMatch(spis::mayHave));
        long through = random.longs(100_000).filter(spis::mayHave).count();
        assertTrue(through < 2_000, through + " of 100,000 strangers' pass");
        all.forEach(spis::remove);
        assertTrue(all.stream().noneMatch(spis::mayHave));
    }

    @Test
    void garbageIsCountedAndAFewAreLetThroughForAPersonToReadOf() {
        for (int i = 0; i < 10_000; i++) {
            admit(garbage(i % 1400), from("198.51.100.1"), 0);
        }
        int through = 0;
        while (gate.poll() != null) {
            through++;
        }
        assertEquals(10, through);
        assertEquals(Map.of(Drop.IKE_MALFORMED, 9_990L), gate.drops().snapshot());
    }

    @Test
    void whatIsRefusedAllocatesNothing() {
        Octets[] floods = {garbage(1400), garbage(64), message(random.nextLong(), 0)};
        for (Octets flood : floods) {
            arrive(flood, from("198.51.100.1"));
            Runnable one = () -> gate.admit(packets, 0, 1);
            for (int i = 0; i < 20_000; i++) {
                one.run();
            }
            assertEquals(0, AllocatedOctets.of(1000, one));
        }
    }

    @Test
    void anSpiIsOursAsLongAsOneOfItsPlaceIs() {
        long alike = OURS + 1;
        spis.add(OURS, Set.of(OURS));
        spis.add(alike, Set.of(OURS, alike));
        spis.remove(alike);
        assertTrue(spis.mayHave(OURS));
        spis.remove(OURS);
        admit(message(THEIRS, OURS), from("203.0.113.9"), 0);
        assertNotNull(gate.poll());
        assertNull(gate.poll());
        assertTrue(!spis.mayHave(OURS));
    }
}
