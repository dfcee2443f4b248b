package io.sallyport.ipsec.pipeline;

import static io.sallyport.ipsec.pipeline.TwoGateways.CBC_SHA1;
import static io.sallyport.ipsec.pipeline.TwoGateways.inLane;
import static io.sallyport.ipsec.pipeline.TwoGateways.udp4;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sallyport.base.packet.Lane;
import io.sallyport.base.packet.PacketBatch;
import io.sallyport.base.telemetry.Drop;
import io.sallyport.ipsec.sad.VolumeMeter;
import io.sallyport.model.sa.PolicyEntry;
import io.sallyport.model.sa.VolumeLimits;
import io.sallyport.model.sa.VolumeMark;
import io.sallyport.testkit.InnerPackets;
import io.sallyport.testkit.ToyEngine;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// S4-47: the workers count what an SA carries, tell at the packet that reaches a mark, and let
/// nothing through beyond the end.
class VolumeRoadTest {
    private static final VolumeLimits TEN_PACKETS =
            new VolumeLimits(VolumeLimits.NO_LIMIT, VolumeLimits.NO_LIMIT, 4, 10); // low: after 7

    private final List<VolumeMark> marks = new ArrayList<>();
    private boolean deaf;

    private boolean hear(long id, VolumeMark mark) {
        assertEquals(1, id);
        marks.add(mark);
        return !deaf;
    }

    private static TwoGateways limited(VolumeLimits atA, VolumeLimits atB) {
        TwoGateways two = new TwoGateways(new ToyEngine());
        two.a.link("tun1", TwoGateways.LINK);
        two.b.link("tun1", TwoGateways.LINK);
        two.a.protect(new PolicyEntry(TwoGateways.OWNER, TwoGateways.sites(), true));
        two.b.protect(
                new PolicyEntry(TwoGateways.OWNER, TwoGateways.mirror(TwoGateways.sites()), true));
        two.a.install(
                TwoGateways.childSa(
                                1,
                                TwoGateways.OWNER,
                                CBC_SHA1,
                                TwoGateways.sites(),
                                udp4(),
                                64,
                                true)
                        .limited(atA));
        two.b.install(
                TwoGateways.childSa(
                                1,
                                TwoGateways.OWNER,
                                CBC_SHA1,
                                TwoGateways.mirror(TwoGateways.sites()),
                                TwoGateways.turn(udp4()),
                                64,
                                false)
                        .limited(atB));
        two.a.activate(1);
        two.b.activate(1);
        return two;
    }

    private static byte[][] packets(int count, int octets) {
        byte[][] packets = new byte[count][];
        for (int i = 0; i < count; i++) {
            packets[i] = InnerPackets.udpOf(octets, "10.1.0.9", "10.2.0.9", new Random(i));
        }
        return packets;
    }

    @Test
    void outbound() {
        try (TwoGateways two = limited(TEN_PACKETS, VolumeLimits.NONE)) {
            OutboundPipeline out =
                    new OutboundPipeline(two.a, two.acquired::add, this::hear, two.batch());
            PacketBatch first = two.read(TwoGateways.LINK, packets(4, 100));
            out.process(first, two.now);
            assertEquals(List.of(VolumeMark.SOFT), marks);
            PacketBatch rest = two.read(TwoGateways.LINK, packets(20, 100));
            out.process(rest, two.now);
            assertEquals(List.of(VolumeMark.SOFT, VolumeMark.LOW, VolumeMark.OVER), marks);
            assertEquals(6, inLane(rest, Lane.UDP));
            assertEquals(14, out.drops().get(Drop.LIFETIME_EXPIRED));
            assertEquals(10, two.a.usage(1).packetsOut());
        }
    }

    @Test
    void inbound() {
        try (TwoGateways two = limited(VolumeLimits.NONE, TEN_PACKETS)) {
            InboundPipeline in =
                    new InboundPipeline(two.b, (_, _) -> {}, this::hear, InboundPipeline.IKE_PORT);
            PacketBatch arrived = two.carry(two.aSends(packets(15, 100)));
            in.process(arrived, two.now);
            assertEquals(10, inLane(arrived, Lane.TUN));
            assertEquals(5, in.drops().get(Drop.LIFETIME_EXPIRED));
            assertEquals(List.of(VolumeMark.SOFT, VolumeMark.LOW, VolumeMark.OVER), marks);
        }
    }

    /// A mailbox that is full hears of it with a later packet.
    @Test
    void newsThatWasNotTakenComesAgain() {
        try (TwoGateways two = limited(TEN_PACKETS, VolumeLimits.NONE)) {
            OutboundPipeline out =
                    new OutboundPipeline(two.a, two.acquired::add, this::hear, two.batch());
            deaf = true;
            out.process(two.read(TwoGateways.LINK, packets(4, 100)), two.now);
            deaf = false;
            out.process(two.read(TwoGateways.LINK, packets(2, 100)), two.now);
            assertEquals(List.of(VolumeMark.SOFT, VolumeMark.SOFT), marks);
        }
    }

    /// Octets are those of the inner packets; what does not fit any more ends the SA, a smaller
    /// packet does not slip through behind it.
    @Test
    void octets() {
        VolumeMeter meter =
                new VolumeMeter(
                        new VolumeLimits(500, 1000, VolumeLimits.NO_LIMIT, VolumeLimits.NO_LIMIT));
        assertEquals(true, meter.take(900));
        assertEquals(false, meter.take(200));
        assertEquals(false, meter.take(50));
    }
}
