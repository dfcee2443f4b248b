package io.sallyport.ipsec.pipeline;

import static io.sallyport.ipsec.pipeline.TwoGateways.GCM;
import static io.sallyport.ipsec.pipeline.TwoGateways.OWNER;
import static io.sallyport.ipsec.pipeline.TwoGateways.sites;
import static io.sallyport.ipsec.pipeline.TwoGateways.udp4;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sallyport.base.packet.Lane;
import io.sallyport.base.packet.PacketBatch;
import io.sallyport.model.sa.ChildSa;
import io.sallyport.model.sa.OuterHeader;
import io.sallyport.model.spec.Mode;
import io.sallyport.model.spec.child.Cutting;
import io.sallyport.model.spec.child.OuterDf;
import io.sallyport.testkit.InnerPackets;
import io.sallyport.testkit.ToyEngine;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// RFC 4303, 2.7: padding that hides how long packets are.
class PaddedRoadTest {
    private final Random random = new Random(21);

    private static TwoGateways padded(int octets) {
        TwoGateways two = TwoGateways.up(new ToyEngine(), GCM, udp4(), 64);
        ChildSa sa = TwoGateways.childSa(2, OWNER, GCM, sites(), udp4(), 64, true);
        two.b.install(
                TwoGateways.childSa(
                        2,
                        OWNER,
                        GCM,
                        TwoGateways.mirror(sites()),
                        TwoGateways.turn(udp4()),
                        64,
                        false));
        two.a.install(
                new ChildSa(
                        sa.id(),
                        sa.owner(),
                        sa.suite(),
                        sa.inbound(),
                        sa.outbound(),
                        sa.selectors(),
                        sa.carriage(),
                        new ChildSa.Handling(
                                Mode.TUNNEL,
                                64,
                                Optional.empty(),
                                sa.handling().volume(),
                                Optional.empty(),
                                new OuterHeader(
                                        true,
                                        false,
                                        true,
                                        octets,
                                        0,
                                        OuterDf.CLEAR,
                                        Cutting.BEFORE_ENCRYPTION))));
        two.a.activate(2);
        return two;
    }

    @Test
    void everyPacketIsAsLongAsTheLongest() {
        try (TwoGateways two = padded(OuterHeader.WHOLE_MTU)) {
            byte[] tiny = InnerPackets.udpOf(29, "10.1.0.9", "10.2.0.9", random);
            byte[] some = InnerPackets.udpOf(600, "fd01::9", "fd02::9", random);
            byte[] whole = InnerPackets.udpOf(1438, "10.1.0.9", "10.2.0.9", random);
            PacketBatch sent = two.aSends(tiny, some, whole);
            assertEquals(sent.length(2), sent.length(0));
            assertEquals(sent.length(2), sent.length(1));
            assertEquals(1500 - 28, sent.length(0));
            PacketBatch got = two.bReceives(sent);
            assertArrayEquals(tiny, got.copy(0));
            assertArrayEquals(some, got.copy(1));
            assertArrayEquals(whole, got.copy(2));
            assertEquals(29 + 600 + 1438, two.b.usage(2).octetsIn());
        }
    }

    @Test
    void aLengthCanBeSaid() {
        try (TwoGateways two = padded(500)) {
            byte[] tiny = InnerPackets.udpOf(60, "10.1.0.9", "10.2.0.9", random);
            byte[] more = InnerPackets.udpOf(700, "10.1.0.9", "10.2.0.9", random);
            PacketBatch sent = two.aSends(tiny, more);
            assertEquals(16 + 504 + 16, sent.length(0));
            assertEquals(16 + 704 + 16, sent.length(1));
            assertEquals(Lane.TUN, two.bReceives(sent).lane(0));
        }
    }
}
