package io.sallyport.ipsec.pipeline;

import static io.sallyport.ipsec.pipeline.TwoGateways.GCM;
import static io.sallyport.ipsec.pipeline.TwoGateways.OWNER;
import static io.sallyport.ipsec.pipeline.TwoGateways.pair;
import static io.sallyport.ipsec.pipeline.TwoGateways.udp4;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.base.net.IpAddress;
import io.sallyport.base.packet.Lane;
import io.sallyport.base.packet.PacketBatch;
import io.sallyport.model.command.Probe;
import io.sallyport.model.command.SadEntry;
import io.sallyport.model.command.SpdEntry;
import io.sallyport.model.command.TraceStep;
import io.sallyport.model.sa.Owner;
import io.sallyport.model.sa.PolicyAction;
import io.sallyport.model.sa.PolicyEntry;
import io.sallyport.testkit.InnerPackets;
import io.sallyport.testkit.ToyEngine;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// S1-05: SAD and SPD can be looked into, and what `trace` says is what the road does.
class TraceRoadTest {
    private static Probe probe(String from, String to, int length, boolean df) {
        return new Probe("tun1", IpAddress.of(from), IpAddress.of(to), 17, 1234, 4321, length, df);
    }

    private static TwoGateways gateways() {
        TwoGateways two = TwoGateways.up(new ToyEngine(), GCM, udp4(), 64);
        two.a.protect(
                new PolicyEntry(
                        new Owner("clear", "", "tun1"),
                        pair(List.of("10.1.0.0/16"), List.of("10.2.7.0/24")),
                        PolicyAction.BYPASS,
                        false,
                        0,
                        0));
        two.a.protect(
                new PolicyEntry(
                        new Owner("no", "", "tun1"),
                        pair(List.of("10.1.0.0/16"), List.of("10.2.8.0/24")),
                        PolicyAction.DISCARD,
                        false,
                        0,
                        0));
        two.a.protect(
                new PolicyEntry(
                        new Owner("trap", "", "tun1"),
                        pair(List.of("10.1.0.0/16"), List.of("10.9.0.0/16")),
                        true));
        return two;
    }

    @Test
    void theTraceAgreesWithTheRoad() {
        Random random = new Random(6);
        String[] to = {"10.2.0.9", "10.2.7.9", "10.2.8.9", "10.9.0.9", "10.8.0.9"};
        try (TwoGateways two = gateways()) {
            for (int round = 0; round < 300; round++) {
                String destination = to[random.nextInt(to.length)];
                int length = 60 + random.nextInt(1600);
                boolean df = random.nextBoolean();
                List<TraceStep> steps = two.a.trace(probe("10.1.0.9", destination, length, df));
                byte[] packet = InnerPackets.udpOf(length, "10.1.0.9", destination, random);
                PacketBatch sent = two.aSends(df ? InnerPackets.dontFragment(packet) : packet);
                boolean left = sent.lane(0) == Lane.UDP || sent.lane(0) == Lane.CLEAR;
                assertEquals(left, steps.stream().noneMatch(TraceStep::last), steps.toString());
                assertEquals(sent.lane(0) == Lane.WAITING, says(steps, "the packet waits"));
                assertEquals(sent.lane(0) == Lane.CLEAR, says(steps, "in clear"));
                assertEquals(sent.lane(0) == Lane.TUN, says(steps, "the sender is told"));
                if (sent.lane(0) == Lane.UDP) {
                    int outside = 20 + 8 + sent.length(0);
                    assertTrue(
                            sent.count() > 1 || says(steps, " " + outside + " octets outside"),
                            steps + " " + outside);
                    assertEquals(sent.count() > 1, says(steps, "is cut"));
                }
            }
        }
    }

    private static boolean says(List<TraceStep> steps, String words) {
        return steps.stream().anyMatch(s -> s.says().contains(words));
    }

    @Test
    void tracingCountsNothingAndRefusesNonsense() {
        try (TwoGateways two = gateways()) {
            two.a.trace(probe("10.1.0.9", "10.2.0.9", 100, false));
            two.a.trace(probe("10.1.0.9", "10.9.0.9", 100, false));
            assertEquals(Map.of(), two.aOut.drops().snapshot());
            assertEquals(List.of(), two.acquired);
            assertTrue(two.a.policies().stream().allMatch(p -> p.packets() == 0));
            assertEquals(0, two.a.usage(1).packetsOut());
            Probe elsewhere =
                    new Probe(
                            "tun9",
                            IpAddress.of("10.1.0.9"),
                            IpAddress.of("10.2.0.9"),
                            6,
                            1,
                            2,
                            100,
                            false);
            assertThrows(IllegalArgumentException.class, () -> two.a.trace(elsewhere));
        }
    }

    @Test
    void s1_05_theDatabasesShowWhatStands() {
        try (TwoGateways two = gateways()) {
            byte[] p = InnerPackets.udpOf(100, "10.1.0.9", "10.2.0.9", new Random(1));
            two.bReceives(two.aSends(p, p, p));
            two.installBoth(2, GCM, udp4(), 64);
            two.a.activate(2);
            List<SadEntry> sad = two.a.associations();
            assertEquals(2, sad.size());
            assertFalse(sad.get(0).active());
            assertTrue(sad.get(1).active());
            assertEquals(3, sad.get(0).sequenceOut());
            assertEquals(3, two.b.associations().getFirst().highestIn());
            assertEquals(1002, sad.get(0).sa().outbound().spi());
            // No keys where people look
            assertEquals(0, sad.get(0).sa().outbound().encryptionKey().length());
            List<SpdEntry> spd = two.a.policies();
            assertEquals(
                    List.of(OWNER.connection(), "clear", "no", "trap"),
                    spd.stream().map(e -> e.policy().owner().connection()).toList());
            assertEquals(3, spd.getFirst().packets());
            assertEquals(300, spd.getFirst().octets());
            assertTrue(spd.getFirst().up());
        }
    }
}
