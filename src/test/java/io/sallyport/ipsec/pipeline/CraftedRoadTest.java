package io.sallyport.ipsec.pipeline;

import static io.sallyport.ipsec.pipeline.TwoGateways.GCM;
import static io.sallyport.ipsec.pipeline.TwoGateways.OWNER;
import static io.sallyport.ipsec.pipeline.TwoGateways.deliver;
import static io.sallyport.ipsec.pipeline.TwoGateways.inLane;
import static io.sallyport.ipsec.pipeline.TwoGateways.sites;
import static io.sallyport.ipsec.pipeline.TwoGateways.udp4;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.sallyport.base.packet.Lane;
import io.sallyport.base.packet.PacketBatch;
import io.sallyport.base.telemetry.Drop;
import io.sallyport.crypto.engine.PacketCipher;
import io.sallyport.ipsec.sad.OutboundSa;
import io.sallyport.model.sa.ChildSa;
import io.sallyport.model.sa.SaUsage;
import io.sallyport.testkit.InnerPackets;
import io.sallyport.testkit.ToyEngine;
import io.sallyport.wire.esp.Esp;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Authentic packets of a peer that makes them otherwise than it should, and SAs at their end.
class CraftedRoadTest {
    private final Random random = new Random(21);
    private final ToyEngine engine = new ToyEngine();
    private final ChildSa child = TwoGateways.childSa(1, OWNER, GCM, sites(), udp4(), 64, true);
    private final PacketCipher sealer =
            engine.sealer(GCM, child.outbound().encryptionKey(), child.outbound().integrityKey());
    private int sequence;

    private byte[] inner() {
        return InnerPackets.udpOf(101, "10.1.0.9", "10.2.0.9", random);
    }

    /// Seals `plain`, which bears its own padding and trailer.
    private byte[] sealed(TwoGateways two, byte[] plain) {
        PacketBatch batch = two.batch();
        byte[] packet = new byte[16 + plain.length + 16];
        System.arraycopy(plain, 0, packet, 16, plain.length);
        batch.fill(batch.add(), packet, 0, packet.length);
        Esp.writeHeader(batch.memory(), batch.start(0), child.outbound().spi(), ++sequence);
        sealer.seal(batch, 0, 1);
        return batch.copy(0);
    }

    /// `payload`, then `pad` as padding, its length and the next header.
    private static byte[] plain(byte[] payload, int nextHeader, int... pad) {
        byte[] plain = Arrays.copyOf(payload, payload.length + pad.length + 2);
        for (int i = 0; i < pad.length; i++) {
            plain[payload.length + i] = (byte) pad[i];
        }
        plain[plain.length - 2] = (byte) pad.length;
        plain[plain.length - 1] = (byte) nextHeader;
        return plain;
    }

    private Map<Drop, Long> dropsOf(byte[] plain) {
        try (TwoGateways two = TwoGateways.up(engine, GCM, udp4(), 64)) {
            PacketBatch batch = two.batch();
            deliver(batch, Lane.UDP, TwoGateways.turn(udp4().path()), sealed(two, plain));
            two.now = 5;
            two.bIn.process(batch, two.now);
            assertEquals(
                    two.bIn.drops().snapshot().isEmpty() ? Lane.TUN : Lane.DROPPED, batch.lane(0));
            // authentic all the same: the peer lives, though nothing was delivered
            assertEquals(5, two.b.usage(1).lastInNanos());
            return two.bIn.drops().snapshot();
        }
    }

    @Test
    void paddingAndNextHeaderAreChecked() {
        assertEquals(Map.of(), dropsOf(plain(inner(), 4, 1)));
        assertEquals(Map.of(), dropsOf(plain(inner(), 4, 1, 2, 3, 4, 5)));
        assertEquals(Map.of(Drop.BAD_PADDING, 1L), dropsOf(plain(inner(), 4, 2)));
        assertEquals(Map.of(Drop.BAD_PADDING, 1L), dropsOf(plain(inner(), 4, 1, 2, 3, 4, 0)));
        assertEquals(Map.of(Drop.BAD_PADDING, 1L), dropsOf(plain(inner(), 17, 1)));
        byte[] longerThanAll = plain(inner(), 4, 1);
        longerThanAll[longerThanAll.length - 2] = (byte) 200;
        assertEquals(Map.of(Drop.BAD_PADDING, 1L), dropsOf(longerThanAll));
        assertEquals(Map.of(Drop.DUMMY, 1L), dropsOf(plain(inner(), 59, 1)));
        assertEquals(Map.of(Drop.DUMMY, 1L), dropsOf(plain(new byte[0], 59, 1, 2)));
    }

    @Test
    void theInnerPacketMustBeOneOfTheFamilyNamed() {
        assertEquals(Map.of(Drop.BAD_INNER, 1L), dropsOf(plain(inner(), 41, 1)));
        assertEquals(Map.of(Drop.BAD_INNER, 1L), dropsOf(plain(new byte[0], 4, 1, 2)));
        byte[] cut = Arrays.copyOf(inner(), 60);
        assertEquals(Map.of(Drop.BAD_INNER, 1L), dropsOf(plain(cut, 4, 1, 2)));
    }

    /// RFC 4303, 2.7: octets behind the inner packet hide its length.
    @Test
    void paddingAgainstTrafficAnalysisIsTakenOff() {
        try (TwoGateways two = TwoGateways.up(engine, GCM, udp4(), 64)) {
            byte[] inner = inner();
            PacketBatch batch = two.batch();
            deliver(
                    batch,
                    Lane.UDP,
                    TwoGateways.turn(udp4().path()),
                    sealed(two, plain(Arrays.copyOf(inner, 1001), 4, 1)));
            two.bIn.process(batch, 0);
            assertEquals(Lane.TUN, batch.lane(0));
            assertArrayEquals(inner, batch.copy(0));
            assertEquals(101, two.b.usage(1).octetsIn());
        }
    }

    /// RFC 4303, 3.3.3: the last number is used, the next packet is not sent.
    @Test
    void anExhaustedSaSendsNothingMore() {
        try (TwoGateways two = TwoGateways.up(engine, GCM, udp4(), 64)) {
            OutboundSa last = new OutboundSa(child, sealer, 0xfffffffdL);
            two.a.spd().activate(OWNER, last);
            PacketBatch sent = two.aSends(inner(), inner(), inner(), inner());
            assertEquals(Lane.UDP, sent.lane(0));
            assertEquals(Lane.UDP, sent.lane(1));
            assertEquals(0xffffffff, Esp.sequence(sent.memory(), sent.start(1)));
            assertEquals(Lane.DROPPED, sent.lane(2));
            assertEquals(Lane.DROPPED, sent.lane(3));
            assertNull(sent.path(2));
            assertEquals(Map.of(Drop.SEQUENCE_EXHAUSTED, 2L), two.aOut.drops().snapshot());
            assertEquals(2, inLane(two.bReceives(sent), Lane.TUN));
        }
    }

    /// With extended numbers the SA goes on: the high half is nowhere in the packet, but in the
    /// tag.
    @Test
    void extendedNumbersPass32Bits() {
        try (TwoGateways two = TwoGateways.up(engine, TwoGateways.GCM_ESN, udp4(), 64)) {
            ChildSa esn =
                    TwoGateways.childSa(1, OWNER, TwoGateways.GCM_ESN, sites(), udp4(), 64, true);
            PacketCipher esnSealer =
                    engine.sealer(
                            TwoGateways.GCM_ESN,
                            esn.outbound().encryptionKey(),
                            esn.outbound().integrityKey());
            two.a.spd().activate(OWNER, new OutboundSa(esn, esnSealer, 0xfffffffdL));
            var window = java.util.Objects.requireNonNull(two.b.sad().find(1002)).window();
            window.accept(0xfffffff0L);
            for (int i = 0; i < 6; i++) {
                assertEquals(1, inLane(two.bReceives(two.aSends(inner())), Lane.TUN));
            }
            assertEquals(0x1_0000_0003L, window.top());
        }
    }

    /// What an engine fails to seal stays here.
    @Test
    void aFailingEngineReleasesNothing() {
        try (TwoGateways two = TwoGateways.up(engine, GCM, udp4(), 64)) {
            byte[] good = two.sealedByA(inner());
            sealer.close();
            two.a.spd().activate(OWNER, new OutboundSa(child, sealer));
            PacketBatch sent = two.aSends(inner(), inner());
            assertEquals(2, inLane(sent, Lane.DROPPED));
            assertEquals(Map.of(Drop.ENGINE_ERROR, 2L), two.aOut.drops().snapshot());
            java.util.Objects.requireNonNull(two.b.sad().find(1002)).opener().close();
            PacketBatch batch = two.batch();
            deliver(batch, Lane.UDP, TwoGateways.turn(udp4().path()), good);
            two.bIn.process(batch, 0);
            assertEquals(Lane.DROPPED, batch.lane(0));
            assertEquals(Map.of(Drop.ENGINE_ERROR, 1L), two.bIn.drops().snapshot());
            assertEquals(SaUsage.NEVER, two.b.usage(1).lastInNanos());
        }
    }
}
