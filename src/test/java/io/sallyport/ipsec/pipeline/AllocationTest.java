package io.sallyport.ipsec.pipeline;

import static io.sallyport.ipsec.pipeline.TwoGateways.GCM_ESN;
import static io.sallyport.ipsec.pipeline.TwoGateways.inLane;
import static io.sallyport.ipsec.pipeline.TwoGateways.udp4;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sallyport.base.packet.Lane;
import io.sallyport.base.packet.PacketBatch;
import io.sallyport.testkit.AllocatedOctets;
import io.sallyport.testkit.InnerPackets;
import io.sallyport.testkit.ToyEngine;
import java.lang.foreign.MemorySegment;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Nothing is allocated per packet, on the good road and on the bad ones.
class AllocationTest {
    @Test
    void bothRoadsAllocateNothing() {
        Random random = new Random(8);
        try (TwoGateways two = TwoGateways.up(new ToyEngine(), GCM_ESN, udp4(), 1024)) {
            byte[][] packets = {
                InnerPackets.udpOf(100, "10.1.0.9", "10.2.0.9", random),
                InnerPackets.udpOf(300, "fd01::9", "fd02::9", random),
                InnerPackets.udpOf(1500, "10.1.0.9", "10.2.0.9", random), // is cut
                InnerPackets.dontFragment( // is answered
                        InnerPackets.udpOf(1500, "10.1.0.9", "10.2.0.9", random)),
                InnerPackets.tcp(
                        "10.1.0.9", "10.2.0.9", InnerPackets.TCP_SYN, InnerPackets.mss(1460, 1)),
                InnerPackets.udpOf(90, "10.7.0.9", "10.2.0.9", random), // has no policy
            };
            PacketBatch out = two.batch();
            PacketBatch in = two.batch();
            long begin = two.now;
            Runnable burst =
                    () -> {
                        refill(out, packets);
                        two.aOut.process(out, two.now);
                        cross(out, in);
                        two.now += 10_000;
                        two.bIn.process(in, two.now);
                    };
            for (int i = 0; i < 3_000; i++) {
                burst.run();
            }
            assertEquals(5, inLane(in, Lane.TUN));
            long octets = AllocatedOctets.of(1_000, burst);
            assertEquals(0, octets, "octets of 1000 bursts of 6 packets");
            long bursts = (two.now - begin) / 10_000;
            assertEquals(5 * bursts, two.b.usage(1).packetsIn());
        }
    }

    private static void refill(PacketBatch batch, byte[][] packets) {
        batch.clear();
        for (byte[] packet : packets) {
            int i = batch.add();
            batch.fill(i, packet, 0, packet.length);
            batch.link(i, TwoGateways.LINK);
        }
    }

    /// The wire without objects: also a flipped bit and a replay, which are dropped.
    private static void cross(PacketBatch sent, PacketBatch received) {
        received.clear();
        for (int i = 0; i < sent.count(); i++) {
            if (sent.lane(i) == Lane.UDP) {
                copy(sent, i, received);
            }
        }
        copy(sent, 0, received);
        int bad = received.count();
        copy(sent, 1, received);
        int last = received.start(bad) + received.length(bad) - 1;
        received.memory()
                .set(
                        PacketBatch.U8,
                        last,
                        (byte) (received.memory().get(PacketBatch.U8, last) ^ 1));
    }

    private static void copy(PacketBatch sent, int i, PacketBatch received) {
        int j = received.add();
        received.place(j, received.start(j), sent.length(i));
        MemorySegment.copy(
                sent.memory(), sent.start(i), received.memory(), received.start(j), sent.length(i));
        received.lane(j, Lane.UDP);
        received.path(j, sent.path(i));
    }
}
