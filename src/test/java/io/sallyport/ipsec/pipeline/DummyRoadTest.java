package io.sallyport.ipsec.pipeline;

import static io.sallyport.ipsec.pipeline.TwoGateways.GCM;
import static io.sallyport.ipsec.pipeline.TwoGateways.OWNER;
import static io.sallyport.ipsec.pipeline.TwoGateways.sites;
import static io.sallyport.ipsec.pipeline.TwoGateways.udp4;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.base.packet.Lane;
import io.sallyport.base.packet.PacketBatch;
import io.sallyport.base.telemetry.Drop;
import io.sallyport.model.command.SadEntry;
import io.sallyport.model.sa.OuterHeader;
import io.sallyport.model.sa.SaUsage;
import io.sallyport.model.spec.child.Cutting;
import io.sallyport.model.spec.child.OuterDf;
import io.sallyport.testkit.InnerPackets;
import io.sallyport.testkit.ToyEngine;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// RFC 4303, 2.6: packets that are none, so that nobody sees when there is traffic.
class DummyRoadTest {
    private static final long MILLISECOND = 1_000_000L;
    private static final long GAP = 100 * MILLISECOND;

    private final Random random = new Random(26);

    /// Ten packets a second at least, in SA 2.
    private static TwoGateways paced(int tfcOctets, OuterDf df) {
        TwoGateways two = TwoGateways.up(new ToyEngine(), GCM, udp4(), 64);
        install(two, 2, tfcOctets, df);
        return two;
    }

    private static void install(TwoGateways two, long id, int tfcOctets, OuterDf df) {
        OuterHeader header =
                new OuterHeader(true, false, true, tfcOctets, 10, df, Cutting.BEFORE_ENCRYPTION);
        two.b.install(
                TwoGateways.childSa(
                        id,
                        OWNER,
                        GCM,
                        TwoGateways.mirror(sites()),
                        TwoGateways.turn(udp4()),
                        64,
                        false));
        two.a.install(
                TwoGateways.outer(
                        TwoGateways.childSa(id, OWNER, GCM, sites(), udp4(), 64, true), header));
        two.a.activate(id);
    }

    private static PacketBatch dummies(TwoGateways two) {
        PacketBatch batch = two.batch();
        two.aOut.dummies(batch, two.now);
        return batch;
    }

    private static SadEntry sad(TwoGateways two, long id) {
        return two.a.associations().stream().filter(e -> e.sa().id() == id).findFirst().get();
    }

    @Test
    void anIdleSaSendsAtItsRateAndTheOtherEndDropsItWithoutAnError() {
        try (TwoGateways two = paced(0, OuterDf.CLEAR)) {
            assertEquals(0, dummies(two).count()); // it has just come
            int sent = 0;
            Set<Integer> lengths = new HashSet<>();
            for (int millisecond = 0; millisecond < 3000; millisecond++) {
                two.now += MILLISECOND;
                PacketBatch batch = dummies(two);
                sent += batch.count();
                for (int i = 0; i < batch.count(); i++) {
                    assertEquals(Lane.UDP, batch.lane(i));
                    lengths.add(batch.length(i));
                }
                assertEquals(0, TwoGateways.inLane(two.bReceives(batch), Lane.TUN));
            }
            assertEquals(30, sent);
            assertTrue(lengths.size() > 15, lengths + " would give them away");
            assertEquals(30, two.b.drops(OWNER).get(Drop.DUMMY));
            assertEquals(30, sad(two, 2).sequenceOut());
            assertEquals(30, sad(two, 2).dummiesOut());
        }
    }

    @Test
    void theyAreNoTraffic() {
        try (TwoGateways two = paced(0, OuterDf.CLEAR)) {
            dummies(two);
            two.now += 10 * GAP;
            two.bReceives(dummies(two));
            assertEquals(SaUsage.NONE, two.a.usage(2));
            SaUsage heard = two.b.usage(2);
            assertEquals(0, heard.packetsIn());
            assertEquals(0, heard.octetsIn());
            // but whoever sends them lives, and dead peer detection need not ask
            assertEquals(two.now, heard.lastInNanos());
        }
    }

    @Test
    void trafficTakesTheirPlace() {
        try (TwoGateways two = paced(0, OuterDf.CLEAR)) {
            dummies(two);
            for (int i = 0; i < 20; i++) {
                two.now += GAP - 1;
                two.aSends(InnerPackets.udpOf(100, "10.1.0.9", "10.2.0.9", random));
                assertEquals(0, dummies(two).count());
            }
            assertEquals(GAP, two.aOut.dummiesDueIn(two.now, Long.MAX_VALUE));
            two.now += GAP;
            assertEquals(0, two.aOut.dummiesDueIn(two.now, Long.MAX_VALUE));
            assertEquals(1, dummies(two).count());
        }
    }

    @Test
    void amongPaddedPacketsNothingTellsThemApart() {
        try (TwoGateways two = paced(OuterHeader.WHOLE_MTU, OuterDf.SET)) {
            dummies(two);
            PacketBatch real = two.aSends(InnerPackets.udpOf(100, "10.1.0.9", "10.2.0.9", random));
            two.now += GAP;
            PacketBatch dummy = dummies(two);
            assertEquals(1, dummy.count());
            assertEquals(real.length(0), dummy.length(0));
            assertEquals(real.trafficClass(0), dummy.trafficClass(0));
            assertEquals(real.dontFragment(0), dummy.dontFragment(0));
            assertEquals(TwoGateways.pathOf(real, 0), TwoGateways.pathOf(dummy, 0));
        }
    }

    /// What was in the memory before belongs to another SA, perhaps.
    @Test
    void nothingOfAnEarlierPacketIsInThem() {
        try (TwoGateways two = paced(500, OuterDf.CLEAR)) {
            dummies(two);
            PacketBatch used = two.batch();
            byte[] secret = new byte[1400];
            random.nextBytes(secret);
            used.fill(used.add(), secret, 0, secret.length);
            used.clear();
            two.now += GAP;
            two.aOut.dummies(used, two.now);
            PacketBatch got = TwoGateways.carry(used, two.batch());
            two.bIn.process(got, two.now);
            byte[] payload = got.copy(0); // opened in place
            int octets = 0;
            for (int i = 0; i < 500; i++) {
                octets += payload[i] == 0 ? 0 : 1;
            }
            assertEquals(0, octets);
        }
    }

    @Test
    void aSuccessorTakesThemOverAndAnEndEndsThem() {
        try (TwoGateways two = paced(0, OuterDf.CLEAR)) {
            dummies(two);
            install(two, 3, 0, OuterDf.CLEAR);
            dummies(two);
            two.now += GAP;
            assertEquals(1, dummies(two).count());
            assertEquals(0, sad(two, 2).dummiesOut());
            assertEquals(1, sad(two, 3).dummiesOut());
            two.a.remove(3);
            two.now += 9 * GAP;
            assertFalse(two.aOut.dummies(two.batch(), two.now));
            assertEquals(7, two.aOut.dummiesDueIn(two.now, 7));
        }
    }

    @Test
    void aRateHasBounds() {
        for (int rate : new int[] {-1, 1001}) {
            assertThrows(
                    IllegalArgumentException.class,
                    () ->
                            new OuterHeader(
                                    true,
                                    false,
                                    true,
                                    0,
                                    rate,
                                    OuterDf.CLEAR,
                                    Cutting.BEFORE_ENCRYPTION));
        }
    }
}
