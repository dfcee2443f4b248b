package io.sallyport.ipsec.pipeline;

import static io.sallyport.ipsec.pipeline.TwoGateways.CBC_SHA1;
import static io.sallyport.ipsec.pipeline.TwoGateways.GCM;
import static io.sallyport.ipsec.pipeline.TwoGateways.LINK;
import static io.sallyport.ipsec.pipeline.TwoGateways.OWNER;
import static io.sallyport.ipsec.pipeline.TwoGateways.inLane;
import static io.sallyport.ipsec.pipeline.TwoGateways.mirror;
import static io.sallyport.ipsec.pipeline.TwoGateways.pair;
import static io.sallyport.ipsec.pipeline.TwoGateways.path;
import static io.sallyport.ipsec.pipeline.TwoGateways.turn;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.base.net.IpAddress;
import io.sallyport.base.packet.Lane;
import io.sallyport.base.packet.PacketBatch;
import io.sallyport.base.telemetry.Drop;
import io.sallyport.crypto.jce.JceEngine;
import io.sallyport.crypto.suite.EspSuite;
import io.sallyport.ipsec.sad.EspLayout;
import io.sallyport.model.sa.Carriage;
import io.sallyport.model.sa.ChildSa;
import io.sallyport.model.sa.NatOriginal;
import io.sallyport.model.sa.PolicyEntry;
import io.sallyport.model.spec.Mode;
import io.sallyport.model.spec.SelectorPair;
import io.sallyport.testkit.AllocatedOctets;
import io.sallyport.testkit.InnerPackets;
import io.sallyport.testkit.ToyEngine;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// ESP in transport mode between two hosts (S1-08, S1-09, S2-09).
class TransportRoadTest {
    private static final String A4 = "192.0.2.1";
    private static final String B4 = "192.0.2.2";

    private final Random random = new Random(4);

    static SelectorPair hosts(Carriage c) {
        String bits = c.path().local().address().v6() ? "/128" : "/32";
        return pair(
                List.of(c.path().local().address() + bits),
                List.of(c.path().remote().address() + bits));
    }

    static TwoGateways up(
            EspSuite suite,
            Carriage atA,
            Carriage atB,
            Optional<NatOriginal> toldA,
            Optional<NatOriginal> toldB) {
        TwoGateways two = new TwoGateways(new JceEngine());
        two.a.link("tun1", LINK);
        two.b.link("tun1", LINK);
        two.a.protect(new PolicyEntry(OWNER, hosts(atA), true));
        two.b.protect(new PolicyEntry(OWNER, hosts(atB), true));
        two.a.install(transport(suite, atA, toldA, true));
        two.b.install(transport(suite, atB, toldB, false));
        two.a.activate(1);
        two.b.activate(1);
        return two;
    }

    static TwoGateways up(EspSuite suite, Carriage atA) {
        return up(suite, atA, turn(atA), Optional.empty(), Optional.empty());
    }

    private static ChildSa transport(
            EspSuite suite, Carriage carriage, Optional<NatOriginal> told, boolean endA) {
        ChildSa sa = TwoGateways.childSa(1, OWNER, suite, hosts(carriage), carriage, 64, endA);
        return new ChildSa(
                sa.id(),
                sa.owner(),
                sa.suite(),
                sa.inbound(),
                sa.outbound(),
                sa.selectors(),
                sa.carriage(),
                new ChildSa.Handling(Mode.TRANSPORT, 64, told));
    }

    static Stream<Arguments> suitesAndCarriages() {
        return Stream.of(CBC_SHA1, GCM)
                .flatMap(suite ->
                        Stream.of(
                                        TwoGateways.udp4(),
                                        TwoGateways.raw4(),
                                        TwoGateways.udp6(),
                                        TwoGateways.raw6())
                                .map(c -> Arguments.of(suite, c)));
    }

    /// S1-08: what leaves is ESP round the upper layer alone, along the packet's own addresses;
    /// what arrives has the same addresses, protocol, DSCP and payload.
    @ParameterizedTest
    @MethodSource("suitesAndCarriages")
    void theUpperLayerTravelsAlone(EspSuite suite, Carriage carriage) {
        String from = carriage.path().local().address().toString();
        String to = carriage.path().remote().address().toString();
        int header = carriage.path().local().address().v6() ? 40 : 20;
        EspLayout layout = EspLayout.of(suite);
        try (TwoGateways two = up(suite, carriage)) {
            for (int total = header + 8; total < 1300; total += 37) {
                byte[] packet =
                        InnerPackets.trafficClass(
                                InnerPackets.udpOf(total, from, to, random), 0x28);
                PacketBatch sent = two.aSends(packet);
                assertEquals(carriage.udp() ? Lane.UDP : Lane.RAW, sent.lane(0));
                assertEquals(carriage.path(), sent.path(0));
                int payload = total - header;
                int padded = payload + 2 + layout.padding(payload);
                assertEquals(layout.header() + padded + layout.icv(), sent.length(0));
                PacketBatch received = two.carry(sent);
                received.hopLimit(0, carriage.udp() ? 0 : 61); // 0: nobody told
                two.bIn.process(received, two.now);
                assertEquals(Lane.TUN, received.lane(0));
                byte[] arrived = received.copy(0);
                assertTrue(InnerPackets.checksumsHold(arrived));
                assertArrayEquals(
                        Arrays.copyOfRange(packet, header, total),
                        Arrays.copyOfRange(arrived, header, arrived.length));
                int addresses = header == 20 ? 12 : 8;
                assertArrayEquals(
                        Arrays.copyOfRange(packet, addresses, header),
                        Arrays.copyOfRange(arrived, addresses, header));
                assertEquals(packet[1], arrived[1]);
                // The hops that the sender gave are counted on, by routers and by the receiver
                int hops = header == 20 ? 8 : 7;
                assertEquals(63, sent.hopLimit(0));
                assertEquals(carriage.udp() ? 64 : 61, arrived[hops]);
            }
        }
    }

    /// RFC 4303, 3.3.4: fragments are no datagrams; and what is too large for one wire goes whole.
    @Test
    void wholeDatagramsOnly() {
        try (TwoGateways two = up(CBC_SHA1, TwoGateways.raw4())) {
            byte[] datagram = InnerPackets.udpOf(1700, A4, B4, random);
            List<byte[]> parts = InnerPackets.fragments(datagram, 904, 5);
            assertEquals(0, inLane(two.aSends(parts.get(0)), Lane.RAW));
            PacketBatch gathered = two.aSends(parts.get(1));
            assertEquals(1, inLane(gathered, Lane.RAW));
            byte[] arrived = two.bReceives(gathered).copy(0);
            assertTrue(InnerPackets.checksumsHold(arrived));
            assertArrayEquals(
                    Arrays.copyOfRange(datagram, 20, 1700), Arrays.copyOfRange(arrived, 20, 1700));
            byte[] large = InnerPackets.dontFragment(InnerPackets.udpOf(1700, A4, B4, random));
            PacketBatch sent = two.aSends(large);
            assertEquals(1, inLane(sent, Lane.RAW));
            assertEquals(Lane.TUN, two.bReceives(sent).lane(0));
        }
    }

    /// S1-05: what the SA was not negotiated for is not passed on, also when it is authentic.
    @Test
    void anotherHostIsOutsideTheSelectors() {
        Carriage atA = TwoGateways.raw4();
        Carriage wrong = new Carriage(path("192.0.2.9", 0, "192.0.2.2", 0), false);
        try (TwoGateways two = up(CBC_SHA1, atA)) {
            assertEquals(
                    0,
                    inLane(two.aSends(InnerPackets.udpOf(90, A4, "192.0.2.3", random)), Lane.RAW));
            assertEquals(1, two.aOut.drops().get(Drop.NO_POLICY));
            two.b.move(1, turn(wrong));
            PacketBatch received =
                    two.bReceives(two.aSends(InnerPackets.udpOf(90, A4, B4, random)));
            assertEquals(0, inLane(received, Lane.TUN));
            assertEquals(1, two.bIn.drops().get(Drop.SELECTOR_MISMATCH));
        }
    }

    /// RFC 3948, 3.1.2: behind a NAT the checksum is mended, with the addresses of NAT-OA or
    /// without.
    @Test
    void checksumsSurviveANat() {
        Carriage atA = new Carriage(path("10.0.0.7", 4500, B4, 4500), true);
        Carriage atB = new Carriage(path(B4, 4500, "198.51.100.9", 20000), true);
        NatOriginal told = new NatOriginal(IpAddress.of("10.0.0.7"), IpAddress.of(B4));
        for (Optional<NatOriginal> original :
                List.of(Optional.of(told), Optional.<NatOriginal>empty())) {
            try (TwoGateways two = up(CBC_SHA1, atA, atB, Optional.empty(), original)) {
                byte[][] packets = {
                    InnerPackets.udpOf(101, "10.0.0.7", B4, random),
                    InnerPackets.tcp("10.0.0.7", B4, InnerPackets.TCP_ACK),
                    InnerPackets.icmp("10.0.0.7", B4, 8, 0, 40),
                };
                PacketBatch received = two.batch();
                PacketBatch sent = two.aSends(packets);
                for (int i = 0; i < packets.length; i++) {
                    TwoGateways.deliver(received, Lane.UDP, atB.path(), sent.copy(i));
                }
                two.bIn.process(received, two.now);
                for (int i = 0; i < packets.length; i++) {
                    assertEquals(Lane.TUN, received.lane(i));
                    assertTrue(InnerPackets.checksumsHold(received.copy(i)), "packet " + i);
                }
                byte[] unsummed = InnerPackets.udpOf(60, "10.0.0.7", B4, random);
                unsummed[26] = 0;
                unsummed[27] = 0;
                PacketBatch plain = two.batch();
                TwoGateways.deliver(plain, Lane.UDP, atB.path(), two.sealedByA(unsummed));
                two.bIn.process(plain, two.now);
                assertEquals(0, plain.copy(0)[26] | plain.copy(0)[27]);
            }
        }
    }

    @Test
    void nothingIsAllocated() {
        Carriage atA = TwoGateways.udp4();
        NatOriginal told = new NatOriginal(IpAddress.of("10.0.0.7"), IpAddress.of(B4));
        TwoGateways two = new TwoGateways(new ToyEngine());
        two.a.link("tun1", LINK);
        two.b.link("tun1", LINK);
        two.a.protect(new PolicyEntry(OWNER, hosts(atA), true));
        two.b.protect(new PolicyEntry(OWNER, mirror(hosts(atA)), true));
        two.a.install(transport(CBC_SHA1, atA, Optional.empty(), true));
        two.b.install(transport(CBC_SHA1, turn(atA), Optional.of(told), false));
        two.a.activate(1);
        try (two) {
            byte[] packet = InnerPackets.udpOf(100, A4, B4, random);
            PacketBatch out = two.batch();
            PacketBatch in = two.batch();
            Runnable burst =
                    () -> {
                        out.clear();
                        int i = out.add();
                        out.fill(i, packet, 0, packet.length);
                        out.link(i, LINK);
                        two.aOut.process(out, two.now);
                        in.clear();
                        int j = in.add();
                        java.lang.foreign.MemorySegment.copy(
                                out.memory(),
                                out.start(0),
                                in.memory(),
                                in.start(j),
                                out.length(0));
                        in.place(j, in.start(j), out.length(0));
                        in.lane(j, Lane.UDP);
                        two.bIn.process(in, two.now);
                    };
            for (int i = 0; i < 10_000; i++) {
                burst.run();
            }
            assertEquals(1, inLane(in, Lane.TUN));
            assertEquals(0, AllocatedOctets.of(1_000, burst));
        }
    }
}
