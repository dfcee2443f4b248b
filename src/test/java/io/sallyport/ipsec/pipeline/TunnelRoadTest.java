package io.sallyport.ipsec.pipeline;

import static io.sallyport.ipsec.pipeline.TwoGateways.CBC_SHA1;
import static io.sallyport.ipsec.pipeline.TwoGateways.GCM;
import static io.sallyport.ipsec.pipeline.TwoGateways.LINK;
import static io.sallyport.ipsec.pipeline.TwoGateways.deliver;
import static io.sallyport.ipsec.pipeline.TwoGateways.inLane;
import static io.sallyport.ipsec.pipeline.TwoGateways.path;
import static io.sallyport.ipsec.pipeline.TwoGateways.udp4;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.base.packet.Lane;
import io.sallyport.base.packet.PacketBatch;
import io.sallyport.base.telemetry.Drop;
import io.sallyport.crypto.suite.EspSuite;
import io.sallyport.model.sa.Carriage;
import io.sallyport.model.sa.OuterHeader;
import io.sallyport.model.spec.child.Cutting;
import io.sallyport.model.spec.child.OuterDf;
import io.sallyport.testkit.InnerPackets;
import io.sallyport.testkit.ToyEngine;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Packets go in at one gateway and come out of the other.
class TunnelRoadTest {
    private final Random random = new Random(42);

    private byte[] v4(int total) {
        return InnerPackets.udpOf(total, "10.1.0.9", "10.2.0.9", random);
    }

    private byte[] v6(int total) {
        return InnerPackets.udpOf(total, "fd01::9", "fd02::9", random);
    }

    static Stream<Arguments> carriages() {
        return Stream.of(
                        TwoGateways.udp4(),
                        TwoGateways.raw4(),
                        TwoGateways.udp6(),
                        TwoGateways.raw6())
                .flatMap(c ->
                        Stream.of(
                                Arguments.of(c, CBC_SHA1),
                                Arguments.of(c, GCM),
                                Arguments.of(c, TwoGateways.GCM_ESN)));
    }

    /// S1-10, S2-10, S3-16: 4in4, 6in4, 4in6, 6in6, native and in UDP, every length.
    @ParameterizedTest
    @MethodSource("carriages")
    void innerPacketsArriveUnchanged(Carriage carriage, EspSuite suite) {
        try (TwoGateways two = TwoGateways.up(new ToyEngine(), suite, carriage, 1024)) {
            for (int total = 48; total <= 1300; total += 7) {
                byte[] four = v4(total);
                byte[] six = v6(Math.max(48, total));
                PacketBatch sent = two.aSends(four, six);
                assertEquals(2, inLane(sent, carriage.udp() ? Lane.UDP : Lane.RAW));
                assertFalse(TwoGateways.contains(sent.copy(0), Arrays.copyOf(four, 20)));
                PacketBatch got = two.bReceives(sent);
                assertEquals(2, inLane(got, Lane.TUN), two.bIn.drops().snapshot().toString());
                assertArrayEquals(four, got.copy(0));
                assertArrayEquals(six, got.copy(1));
                assertEquals(LINK, got.link(0));
            }
        }
    }

    /// S4-30: the SPI is in the header, and equal at both ends.
    @Test
    void theHeaderSaysSpiAndSequenceNumberFromOne() {
        try (TwoGateways two = TwoGateways.up(new ToyEngine(), GCM, udp4(), 64)) {
            byte[] first = two.sealedByA(v4(100));
            byte[] second = two.sealedByA(v4(100));
            assertArrayEquals(new byte[] {0, 0, 3, (byte) 0xea, 0, 0, 0, 1}, head(first));
            assertArrayEquals(new byte[] {0, 0, 3, (byte) 0xea, 0, 0, 0, 2}, head(second));
            // 8 + IV 8 + (100 + 2 padded to 104) + ICV 16
            assertEquals(136, first.length);
        }
    }

    private static byte[] head(byte[] esp) {
        return Arrays.copyOf(esp, 8);
    }

    /// S1-02, S2-06: one flipped bit, wherever it is, and the packet is dropped and counted.
    @Test
    void s1_02_eachFlippedBitIsDroppedAndCounted() {
        try (TwoGateways two = TwoGateways.up(new ToyEngine(), CBC_SHA1, udp4(), 64)) {
            byte[] good = two.sealedByA(v4(60));
            long wanted = 0;
            // Bits of the SPI name another SA, those of the sequence number may be a replay
            for (int bit = 64; bit < good.length * 8; bit++) {
                byte[] bad = good.clone();
                bad[bit / 8] ^= (byte) (1 << bit % 8);
                PacketBatch batch = two.batch();
                deliver(batch, Lane.UDP, TwoGateways.turn(udp4().path()), bad);
                two.bIn.process(batch, 0);
                assertEquals(Lane.DROPPED, batch.lane(0));
                assertEquals(++wanted, two.bIn.drops().get(Drop.BAD_ICV));
            }
            // and the window never moved: the good one still passes
            PacketBatch batch = two.batch();
            deliver(batch, Lane.UDP, TwoGateways.turn(udp4().path()), good);
            two.bIn.process(batch, 0);
            assertEquals(Lane.TUN, batch.lane(0));
        }
    }

    /// S1-07: a captured packet sent again is dropped; late ones within the window are not.
    @Test
    void s1_07_replaysAreDroppedReorderingIsNot() {
        try (TwoGateways two = TwoGateways.up(new ToyEngine(), GCM, udp4(), 64)) {
            byte[][] sealed = new byte[200][];
            for (int i = 0; i < sealed.length; i++) {
                sealed[i] = two.sealedByA(v4(60));
            }
            assertEquals(Lane.TUN, open(two, sealed[149]));
            assertEquals(Lane.DROPPED, open(two, sealed[149]));
            assertEquals(Lane.TUN, open(two, sealed[149 - 63]));
            assertEquals(Lane.DROPPED, open(two, sealed[149 - 64]));
            assertEquals(Lane.TUN, open(two, sealed[199]));
            assertEquals(Map.of(Drop.REPLAYED, 2L), two.bIn.drops().snapshot());
            // twice in one burst
            PacketBatch burst = two.batch();
            deliver(burst, Lane.UDP, TwoGateways.turn(udp4().path()), sealed[190]);
            deliver(burst, Lane.UDP, TwoGateways.turn(udp4().path()), sealed[190]);
            two.bIn.process(burst, 0);
            assertEquals(1, inLane(burst, Lane.TUN));
            assertEquals(3, two.bIn.drops().get(Drop.REPLAYED));
        }
    }

    private static Lane open(TwoGateways two, byte[] sealed) {
        PacketBatch batch = two.batch();
        deliver(batch, Lane.UDP, TwoGateways.turn(udp4().path()), sealed);
        two.bIn.process(batch, 0);
        return batch.lane(0);
    }

    /// S1-16: DSCP 46 in, 46 out; ECN follows RFC 6040 both ways.
    @Test
    void s1_16_trafficClassIsCopiedOutAndCongestionBackIn() {
        try (TwoGateways two = TwoGateways.up(new ToyEngine(), GCM, udp4(), 64)) {
            int ef = 46 << 2;
            byte[] four = InnerPackets.trafficClass(v4(100), ef | 2);
            byte[] six = InnerPackets.trafficClass(v6(100), ef);
            PacketBatch sent = two.aSends(four, six);
            assertEquals(ef | 2, sent.trafficClass(0));
            assertEquals(ef, sent.trafficClass(1));
            assertFalse(sent.dontFragment(0));
            PacketBatch onTheWay = two.carry(sent);
            onTheWay.trafficClass(0, 3); // a router marks congestion and rewrites the DSCP
            onTheWay.trafficClass(1, 3);
            two.bIn.process(onTheWay, 0);
            byte[] marked = onTheWay.copy(0);
            assertEquals(ef | 3, marked[1] & 0xff);
            assertTrue(InnerPackets.checksumsHold(marked));
            assertEquals(Lane.DROPPED, onTheWay.lane(1)); // its sender cannot hear of it
            assertEquals(1, two.bIn.drops().get(Drop.CONGESTION));
        }
    }

    @Test
    void outerDfIsClearUnlessTheChildSaysOtherwise() {
        try (TwoGateways two = TwoGateways.up(new ToyEngine(), GCM, udp4(), 64)) {
            byte[] df = InnerPackets.dontFragment(v4(100));
            assertFalse(two.aSends(df).dontFragment(0));
            use(two, 2, OuterDf.COPY);
            PacketBatch copied = two.aSends(df, v4(100));
            assertTrue(copied.dontFragment(0));
            assertFalse(copied.dontFragment(1));
            use(two, 3, OuterDf.SET);
            assertTrue(two.aSends(v4(100)).dontFragment(0));
        }
    }

    private static void use(TwoGateways two, long id, OuterDf df) {
        two.a.install(
                TwoGateways.outer(
                        TwoGateways.childSa(
                                id, TwoGateways.OWNER, GCM, TwoGateways.sites(), udp4(), 64, true),
                        OuterHeader.USUAL.with(df, Cutting.BEFORE_ENCRYPTION)));
        two.a.activate(id);
    }

    @Test
    void ikeAndKeepalivesAreToldFromEsp() {
        try (TwoGateways two = TwoGateways.up(new ToyEngine(), GCM, udp4(), 64)) {
            byte[] ike = new byte[60];
            random.nextBytes(ike);
            byte[] marked = new byte[64];
            System.arraycopy(ike, 0, marked, 4, 60);
            PacketBatch batch = two.batch();
            deliver(batch, Lane.UDP, path("192.0.2.2", 500, "192.0.2.1", 500), ike);
            deliver(batch, Lane.UDP, path("192.0.2.2", 4500, "192.0.2.1", 4500), marked);
            byte[] keepalive = {(byte) 0xff};
            deliver(batch, Lane.UDP, path("192.0.2.2", 4500, "192.0.2.1", 4500), keepalive);
            byte[] three = {1, 2, 3};
            deliver(batch, Lane.UDP, path("192.0.2.2", 4500, "192.0.2.1", 4500), three);
            byte[] seven = {1, 2, 3, 4, 5, 6, 7};
            deliver(batch, Lane.RAW, path("192.0.2.2", 0, "192.0.2.1", 0), seven);
            byte[] stranger = new byte[80];
            stranger[0] = 9;
            deliver(batch, Lane.RAW, path("192.0.2.2", 0, "192.0.2.1", 0), stranger);
            two.bIn.process(batch, 0);
            assertEquals(Lane.IKE, batch.lane(0));
            assertArrayEquals(ike, batch.copy(0));
            assertEquals(Lane.IKE, batch.lane(1));
            assertArrayEquals(ike, batch.copy(1));
            assertEquals(Lane.DROPPED, batch.lane(2));
            assertEquals(1, two.bIn.keepalives().get());
            assertEquals(
                    Map.of(Drop.TOO_SHORT, 2L, Drop.UNKNOWN_SPI, 1L), two.bIn.drops().snapshot());
        }
    }

    /// RFC 7296, 2.23: either encapsulation is taken, whatever we send ourselves.
    @Test
    void theOtherEncapsulationIsTakenAndCounted() {
        try (TwoGateways two = TwoGateways.up(new ToyEngine(), GCM, udp4(), 64)) {
            byte[] sealed = two.sealedByA(v4(100));
            PacketBatch batch = two.batch();
            deliver(batch, Lane.RAW, path("192.0.2.2", 0, "192.0.2.1", 0), sealed);
            two.bIn.process(batch, 0);
            assertEquals(Lane.TUN, batch.lane(0));
            assertEquals(
                    1,
                    java.util.Objects.requireNonNull(two.b.sad().find(1002)).otherCarriage().get());
            assertTrue(two.moves.isEmpty());
        }
    }

    /// A NAT gives the peer another port: told once a second, only of authentic newest packets, and
    /// what `move` says is obeyed.
    @Test
    void aMovedPeerIsToldOfAndFollowed() {
        try (TwoGateways two = TwoGateways.up(new ToyEngine(), GCM, udp4(), 64)) {
            byte[] old = two.sealedByA(v4(100));
            byte[] forged = two.sealedByA(v4(100));
            forged[forged.length - 1] ^= 1;
            byte[] fresh = two.sealedByA(v4(100));
            byte[] next = two.sealedByA(v4(100));
            var from = path("192.0.2.2", 4500, "192.0.2.1", 61000);
            PacketBatch batch = two.batch();
            deliver(batch, Lane.UDP, from, forged);
            two.bIn.process(batch, 0);
            assertTrue(two.moves.isEmpty());
            batch.clear();
            deliver(batch, Lane.UDP, from, fresh);
            deliver(batch, Lane.UDP, from, next);
            deliver(batch, Lane.UDP, path("192.0.2.2", 4500, "203.0.113.5", 4500), old);
            two.bIn.process(batch, 0);
            assertEquals(3, inLane(batch, Lane.TUN));
            assertEquals(java.util.List.of(from), two.moves);
            // told again after a second, but not because of a packet that came late
            byte[] late = two.sealedByA(v4(100));
            byte[] last = two.sealedByA(v4(100));
            batch.clear();
            deliver(batch, Lane.UDP, TwoGateways.turn(udp4().path()), last);
            deliver(batch, Lane.UDP, from, late);
            two.bIn.process(batch, 2_000_000_000L);
            assertEquals(2, inLane(batch, Lane.TUN));
            assertEquals(1, two.moves.size());
            batch.clear();
            deliver(batch, Lane.UDP, from, two.sealedByA(v4(100)));
            two.bIn.process(batch, 3_000_000_000L);
            assertEquals(2, two.moves.size());
            two.b.move(1, new Carriage(from, true));
            PacketBatch answer = two.bSends(InnerPackets.udpOf(90, "10.2.0.9", "10.1.0.9", random));
            assertEquals(from, answer.path(0));
        }
    }
}
