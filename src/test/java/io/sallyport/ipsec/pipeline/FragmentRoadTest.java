package io.sallyport.ipsec.pipeline;

import static io.sallyport.ipsec.pipeline.TwoGateways.GCM;
import static io.sallyport.ipsec.pipeline.TwoGateways.LINK;
import static io.sallyport.ipsec.pipeline.TwoGateways.OWNER;
import static io.sallyport.ipsec.pipeline.TwoGateways.childSa;
import static io.sallyport.ipsec.pipeline.TwoGateways.inLane;
import static io.sallyport.ipsec.pipeline.TwoGateways.mirror;
import static io.sallyport.ipsec.pipeline.TwoGateways.sites;
import static io.sallyport.ipsec.pipeline.TwoGateways.turn;
import static io.sallyport.ipsec.pipeline.TwoGateways.udp4;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.sallyport.base.net.IpPrefix;
import io.sallyport.base.net.IpRange;
import io.sallyport.base.net.PortRange;
import io.sallyport.base.net.TrafficSelector;
import io.sallyport.base.packet.Lane;
import io.sallyport.base.packet.PacketBatch;
import io.sallyport.base.telemetry.Drop;
import io.sallyport.crypto.jce.JceEngine;
import io.sallyport.model.sa.Owner;
import io.sallyport.model.sa.PolicyAction;
import io.sallyport.model.sa.PolicyEntry;
import io.sallyport.model.spec.SelectorPair;
import io.sallyport.testkit.InnerPackets;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// RFC 4301, 7: fragments and selectors that ask for ports. The packet is put together before it is
/// judged, goes out whole, and what became of it is cut outside.
class FragmentRoadTest {
    private static final String[] FOUR = {"10.1.0.1", "10.2.0.1"};
    private static final String[] SIX = {"fd01::1", "fd02::1"};

    private final Random random = new Random(7);

    /// UDP to port 53 of the other site, IPv4 and IPv6.
    private static SelectorPair toDns() {
        return new SelectorPair(sites().local(), List.of(dns("10.2.0.0/16"), dns("fd02::/16")));
    }

    private static TrafficSelector dns(String net) {
        return new TrafficSelector(IpRange.of(IpPrefix.of(net)), 17, PortRange.of(53));
    }

    private static TwoGateways dnsOnly() {
        TwoGateways two = new TwoGateways(new JceEngine());
        two.a.link("tun1", LINK);
        two.b.link("tun1", LINK);
        two.a.protect(new PolicyEntry(OWNER, toDns(), true));
        two.b.protect(new PolicyEntry(OWNER, mirror(toDns()), true));
        two.a.install(childSa(1, OWNER, GCM, toDns(), udp4(), 64, true));
        two.b.install(childSa(1, OWNER, GCM, mirror(toDns()), turn(udp4()), 64, false));
        two.a.activate(1);
        two.b.activate(1);
        return two;
    }

    @Test
    void theWholePacketGoesByItsPorts() {
        for (String[] ends : List.of(FOUR, SIX)) {
            try (TwoGateways two = dnsOnly()) {
                byte[] packet = InnerPackets.udp(ends[0], 9, ends[1], 53, 1600, random);
                List<byte[]> parts = InnerPackets.fragments(packet, 1200, 0x1234);
                assertEquals(Lane.WAITING, two.aSends(parts.get(1)).lane(0));
                PacketBatch sent = two.aSends(parts.get(0));
                assertEquals(1, inLane(sent, Lane.UDP));
                // it is more than a wire takes, and the socket may cut it
                assertFalse(sent.dontFragment(0));
                PacketBatch received = two.bReceives(sent);
                assertEquals(Lane.TUN, received.lane(0));
                assertArrayEquals(packet, received.copy(0));
                assertEquals(Map.of(), two.aOut.drops().snapshot());
            }
        }
    }

    /// A first fragment that lies about nothing, and whose packet is for another port: it does not
    /// leave, not even in part.
    @Test
    void anotherPortDoesNotLeave() {
        try (TwoGateways two = dnsOnly()) {
            byte[] packet = InnerPackets.udp(FOUR[0], 9, FOUR[1], 54, 1000, random);
            for (byte[] part : InnerPackets.fragments(packet, 504, 3)) {
                assertEquals(0, inLane(two.aSends(part), Lane.UDP));
            }
            assertEquals(Map.of(Drop.NO_POLICY, 1L), two.aOut.drops().snapshot());
        }
    }

    /// A peer that sends fragments by an SA with ports (RFC 4301, 7.3): they come out as one packet
    /// if its ports are those of the SA, and not at all if they are others.
    @Test
    void fragmentsOfThePeerArePutTogether() {
        for (int port : new int[] {53, 54}) {
            try (TwoGateways two = TwoGateways.up(new JceEngine(), GCM, udp4(), 64)) {
                // B takes less than A believes to have agreed on
                two.b.remove(1);
                two.b.install(childSa(1, OWNER, GCM, mirror(toDns()), turn(udp4()), 64, false));
                for (String[] ends : List.of(FOUR, SIX)) {
                    byte[] packet = InnerPackets.udp(ends[0], 9, ends[1], port, 1500, random);
                    List<byte[]> parts = InnerPackets.fragments(packet, 800, 0x1234);
                    PacketBatch second = two.bReceives(two.aSends(parts.get(1)));
                    assertEquals(Lane.DROPPED, second.lane(0));
                    PacketBatch first = two.bReceives(two.aSends(parts.get(0)));
                    assertEquals(port == 53 ? Lane.TUN : Lane.DROPPED, first.lane(0));
                    if (port == 53) {
                        assertArrayEquals(packet, first.copy(0));
                    }
                }
                assertEquals(port == 53 ? 0 : 2, two.bIn.drops().get(Drop.SELECTOR_MISMATCH));
            }
        }
    }

    /// The first fragment alone has the right port; a second that overlaps it would have put
    /// another one in its place at the host behind us (RFC 1858): neither gets there.
    @Test
    void overlapsDoNotGetIn() {
        try (TwoGateways two = TwoGateways.up(new JceEngine(), GCM, udp4(), 64)) {
            two.b.remove(1);
            two.b.install(childSa(1, OWNER, GCM, mirror(toDns()), turn(udp4()), 64, false));
            byte[] good = InnerPackets.udp(FOUR[0], 9, FOUR[1], 53, 400, random);
            byte[] evil = InnerPackets.udp(FOUR[0], 9, FOUR[1], 22, 400, random);
            two.bReceives(two.aSends(InnerPackets.fragments(good, 200, 8).get(0)));
            for (byte[] part : InnerPackets.fragments(evil, 200, 8)) {
                assertEquals(0, inLane(two.bReceives(two.aSends(part)), Lane.TUN));
            }
            assertEquals(
                    0,
                    inLane(
                            two.bReceives(two.aSends(InnerPackets.fragments(good, 200, 8).get(1))),
                            Lane.TUN));
            assertEquals(5, two.bIn.drops().get(Drop.REASSEMBLY));
        }
    }

    /// UDP is protected and the rest may pass: fragments that show a destination options header in
    /// the place of UDP are not "the rest". They are put together, and so they are at the other
    /// end, where the SA is for UDP alone.
    @Test
    void whatHidesItsProtocolMeetsNoWidePass() {
        SelectorPair udp =
                new SelectorPair(
                        sites().local(),
                        List.of(
                                new TrafficSelector(
                                        IpRange.of(IpPrefix.of("fd02::/16")), 17, PortRange.ANY)));
        Owner rest = new Owner("gw", "rest", "tun1");
        try (TwoGateways two = new TwoGateways(new JceEngine())) {
            two.a.link("tun1", LINK);
            two.b.link("tun1", LINK);
            two.a.protect(new PolicyEntry(OWNER, udp, true));
            two.a.protect(new PolicyEntry(rest, sites(), PolicyAction.BYPASS, false, 0, 1));
            two.b.protect(new PolicyEntry(OWNER, mirror(udp), true));
            two.a.install(childSa(1, OWNER, GCM, udp, udp4(), 64, true));
            two.b.install(childSa(1, OWNER, GCM, mirror(udp), turn(udp4()), 64, false));
            two.a.activate(1);
            byte[] packet =
                    InnerPackets.withOptions(InnerPackets.udp(SIX[0], 9, SIX[1], 53, 900, random));
            List<byte[]> parts = InnerPackets.fragments(packet, 600, 0x1234);
            PacketBatch later = two.aSends(parts.get(1));
            assertEquals(0, inLane(later, Lane.CLEAR));
            PacketBatch sent = two.aSends(parts.get(0));
            assertEquals(0, inLane(sent, Lane.CLEAR));
            assertEquals(1, inLane(sent, Lane.UDP));
            PacketBatch received = two.bReceives(sent);
            assertEquals(Lane.TUN, received.lane(0));
            assertArrayEquals(packet, received.copy(0));
            // and what is not UDP passes, when it is whole
            byte[] echo = InnerPackets.withOptions(InnerPackets.icmp(SIX[0], SIX[1], 128, 0, 900));
            List<byte[]> pieces = InnerPackets.fragments(echo, 600, 0x77);
            assertEquals(0, inLane(two.aSends(pieces.get(1)), Lane.CLEAR));
            assertEquals(1, inLane(two.aSends(pieces.get(0)), Lane.CLEAR));
        }
    }

    /// What a slot of the road does not hold is not put together; the rest of the road goes on.
    @Test
    void tooLargeIsTold() {
        try (TwoGateways two = dnsOnly()) {
            byte[] packet = InnerPackets.udp(SIX[0], 9, SIX[1], 53, 2400, random);
            for (byte[] part : InnerPackets.fragments(packet, 1200, 3)) {
                assertEquals(0, inLane(two.aSends(part), Lane.UDP));
            }
            assertEquals(Map.of(Drop.REASSEMBLY, 3L), two.aOut.drops().snapshot());
        }
    }
}
