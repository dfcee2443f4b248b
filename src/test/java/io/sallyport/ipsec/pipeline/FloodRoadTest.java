package io.sallyport.ipsec.pipeline;

import static io.sallyport.ipsec.pipeline.TwoGateways.GCM;
import static io.sallyport.ipsec.pipeline.TwoGateways.inLane;
import static io.sallyport.ipsec.pipeline.TwoGateways.udp4;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sallyport.base.net.Path;
import io.sallyport.base.packet.Lane;
import io.sallyport.base.packet.PacketBatch;
import io.sallyport.base.telemetry.Drop;
import io.sallyport.testkit.AllocatedOctets;
import io.sallyport.testkit.InnerPackets;
import io.sallyport.testkit.ToyEngine;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Garbage, wrong ICVs and replays, fifteen of them for each good packet: the good one arrives, the
/// others are counted by name, and nothing is allocated for any of them.
class FloodRoadTest {
    private static final int BURSTS = 6_000;
    private static final int MEASURED = 1_000;

    @Test
    void aGoodFlowPassesThroughFloods() {
        Random random = new Random(31);
        for (int octets : new int[] {64, 1400}) {
            try (TwoGateways two = TwoGateways.up(new ToyEngine(), GCM, udp4(), 1024)) {
                byte[] inner = InnerPackets.udpOf(octets, "10.1.0.9", "10.2.0.9", random);
                byte[] garbage = new byte[octets];
                random.nextBytes(garbage);
                garbage[0] = 1; // no SPI of ours, and no IKE
                byte[] replay = two.sealedByA(inner);
                PacketBatch out = two.batch();
                PacketBatch in = two.batch();
                Path atB = TwoGateways.turn(udp4().path());
                int[] good = new int[1];
                int[] runs = new int[1];
                Runnable burst =
                        () -> {
                            runs[0]++;
                            out.clear();
                            int i = out.add();
                            out.fill(i, inner, 0, inner.length);
                            out.link(i, TwoGateways.LINK);
                            two.aOut.process(out, two.now);
                            in.clear();
                            for (int k = 0; k < 5; k++) {
                                arrive(in, garbage, atB);
                                arrive(in, replay, atB);
                                int forged = arrive(in, out, atB);
                                int last = in.start(forged) + in.length(forged) - 1;
                                byte was = in.memory().get(PacketBatch.U8, last);
                                in.memory().set(PacketBatch.U8, last, (byte) (was ^ 1));
                            }
                            arrive(in, out, atB);
                            two.now += 1_000;
                            two.bIn.process(in, two.now);
                            good[0] += in.lane(in.count() - 1) == Lane.TUN ? 1 : 0;
                        };
                arrive(in, replay, atB);
                two.bIn.process(in, two.now); // seen once
                for (int i = 0; i < BURSTS; i++) {
                    burst.run();
                }
                assertEquals(0, AllocatedOctets.of(MEASURED, burst));
                assertEquals(1, inLane(in, Lane.TUN));
                assertEquals(runs[0], good[0]);
                long each = 5L * runs[0];
                assertEquals(
                        Map.of(
                                Drop.UNKNOWN_SPI, each,
                                Drop.BAD_ICV, each,
                                Drop.REPLAYED, each),
                        two.bIn.drops().snapshot());
                assertEquals(runs[0] + 1L, two.b.usage(1).packetsIn());
            }
        }
    }

    private static void arrive(PacketBatch in, byte[] octets, Path path) {
        int j = in.add();
        in.fill(j, octets, 0, octets.length);
        in.lane(j, Lane.UDP);
        in.path(j, path);
    }

    private static int arrive(PacketBatch in, PacketBatch sent, Path path) {
        int j = in.add();
        in.place(j, in.start(j), sent.length(0));
        MemorySegment.copy(sent.memory(), sent.start(0), in.memory(), in.start(j), sent.length(0));
        in.lane(j, Lane.UDP);
        in.path(j, path);
        return j;
    }
}
