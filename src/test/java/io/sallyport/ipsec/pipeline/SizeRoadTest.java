package io.sallyport.ipsec.pipeline;

import static io.sallyport.ipsec.pipeline.TwoGateways.CBC_SHA1;
import static io.sallyport.ipsec.pipeline.TwoGateways.GCM;
import static io.sallyport.ipsec.pipeline.TwoGateways.LINK;
import static io.sallyport.ipsec.pipeline.TwoGateways.inLane;
import static io.sallyport.ipsec.pipeline.TwoGateways.udp4;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.base.packet.Lane;
import io.sallyport.base.packet.PacketBatch;
import io.sallyport.base.telemetry.Drop;
import io.sallyport.model.sa.OuterHeader;
import io.sallyport.model.spec.child.Cutting;
import io.sallyport.model.spec.child.OuterDf;
import io.sallyport.testkit.InnerPackets;
import io.sallyport.testkit.ToyEngine;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Packets as large as the tunnel and larger.
class SizeRoadTest {
    private final Random random = new Random(6);

    private static TwoGateways up(int mtu) {
        TwoGateways two = TwoGateways.up(new ToyEngine(), CBC_SHA1, udp4(), 64);
        two.a.link("tun1", LINK, mtu);
        two.b.link("tun1", LINK, mtu);
        return two;
    }

    /// S3-32: MTU 1419 with NAT-T: 1419 passes, 1420 with DF is answered "fragmentation needed",
    /// MTU 1419.
    @Test
    void s3_32_1419PassesAnd1420WithDfIsAnswered() {
        try (TwoGateways two = up(1419)) {
            byte[] fits =
                    InnerPackets.dontFragment(
                            InnerPackets.udpOf(1419, "10.1.0.9", "10.2.0.9", random));
            byte[] tooBig =
                    InnerPackets.dontFragment(
                            InnerPackets.udpOf(1420, "10.1.0.9", "10.2.0.9", random));
            PacketBatch sent = two.aSends(fits, tooBig);
            assertEquals(Lane.UDP, sent.lane(0));
            assertTrue(20 + 8 + sent.length(0) <= 1500, "outer " + sent.length(0));
            assertEquals(Lane.TUN, sent.lane(1));
            assertEquals(LINK, sent.link(1));
            byte[] icmp = sent.copy(1);
            assertTrue(InnerPackets.checksumsHold(icmp));
            assertEquals(576, icmp.length);
            assertArrayEquals(new byte[] {10, 2, 0, 9}, Arrays.copyOfRange(icmp, 12, 16));
            assertArrayEquals(new byte[] {10, 1, 0, 9}, Arrays.copyOfRange(icmp, 16, 20));
            assertEquals(3, icmp[20]);
            assertEquals(4, icmp[21]);
            assertEquals(1419, ByteBuffer.wrap(icmp).getShort(26));
            assertArrayEquals(
                    Arrays.copyOf(tooBig, 548), Arrays.copyOfRange(icmp, 28, icmp.length));
            assertEquals(Map.of(Drop.TOO_BIG, 1L), two.aOut.drops().snapshot());
            assertArrayEquals(fits, two.bReceives(sent).copy(0));
        }
    }

    @Test
    void withoutAnMtuOfItsOwnALinkTakesWhatSuiteAndCarriageLeave() {
        try (TwoGateways two = up(0)) {
            byte[] fits =
                    InnerPackets.dontFragment(
                            InnerPackets.udpOf(1422, "10.1.0.9", "10.2.0.9", random));
            byte[] tooBig =
                    InnerPackets.dontFragment(
                            InnerPackets.udpOf(1423, "10.1.0.9", "10.2.0.9", random));
            PacketBatch sent = two.aSends(fits, tooBig);
            assertEquals(Lane.UDP, sent.lane(0));
            assertEquals(8 + 16 + 1424 + 12, sent.length(0)); // one block more is 1504 outside
            assertEquals(Lane.TUN, sent.lane(1));
        }
    }

    @Test
    void ipv6TooBigIsAnsweredPacketTooBig() {
        try (TwoGateways two = up(1419)) {
            byte[] tooBig = InnerPackets.udpOf(1420, "fd01::9", "fd02::9", random);
            PacketBatch sent = two.aSends(tooBig);
            assertEquals(Lane.TUN, sent.lane(0));
            byte[] icmp = sent.copy(0);
            assertEquals(1280, icmp.length);
            assertTrue(InnerPackets.checksumsHold(icmp));
            assertEquals(58, icmp[6]);
            assertEquals(2, icmp[40]);
            assertEquals(1419, ByteBuffer.wrap(icmp).getInt(44));
            assertArrayEquals(Arrays.copyOfRange(tooBig, 8, 24), Arrays.copyOfRange(icmp, 24, 40));
            assertArrayEquals(Arrays.copyOfRange(tooBig, 24, 40), Arrays.copyOfRange(icmp, 8, 24));
        }
    }

    /// RFC 8200, 5: a tunnel below 1280 still takes IPv6 packets of 1280.
    @Test
    void ipv6Of1280PassesASmallerTunnel() {
        try (TwoGateways two = up(1200)) {
            byte[] smallest = InnerPackets.udpOf(1280, "fd01::9", "fd02::9", random);
            assertEquals(Lane.UDP, two.aSends(smallest).lane(0));
        }
    }

    @Test
    void noErrorAboutAnErrorAndNotTooManyErrors() {
        try (TwoGateways two = up(1419)) {
            byte[] error =
                    InnerPackets.dontFragment(
                            InnerPackets.icmp("10.1.0.9", "10.2.0.9", 3, 1, 1500));
            byte[] echo =
                    InnerPackets.dontFragment(
                            InnerPackets.icmp("10.1.0.9", "10.2.0.9", 8, 0, 1500));
            byte[] error6 = InnerPackets.icmp("fd01::9", "fd02::9", 1, 0, 1500);
            PacketBatch sent = two.aSends(error, echo, error6);
            assertEquals(Lane.DROPPED, sent.lane(0));
            assertEquals(Lane.TUN, sent.lane(1));
            assertEquals(Lane.DROPPED, sent.lane(2));
            int answers = 0;
            for (int i = 0; i < 100; i++) {
                answers += inLane(two.aSends(echo, echo), Lane.TUN);
            }
            assertEquals(49, answers); // a burst of 50, one of it spent above
            two.now += 1_000_000_000L;
            assertEquals(2, inLane(two.aSends(echo, echo), Lane.TUN));
        }
    }

    /// Fragmentation before encryption: every piece is a packet of its own, and together they are
    /// the packet.
    @Test
    void withoutDfAnIpv4PacketIsCutBeforeEncryption() {
        try (TwoGateways two = up(1419)) {
            byte[] whole = InnerPackets.udpOf(1500, "10.1.0.9", "10.2.0.9", random);
            PacketBatch sent = two.aSends(whole);
            assertEquals(2, sent.count());
            PacketBatch got = two.bReceives(sent);
            assertEquals(2, inLane(got, Lane.TUN));
            byte[] first = got.copy(0);
            byte[] second = got.copy(1);
            assertEquals(1412, first.length); // 20 + the most multiple of 8 within 1419
            assertEquals(20 + 88, second.length);
            assertEquals(0x2000, ByteBuffer.wrap(first).getShort(6));
            assertEquals(1392 / 8, ByteBuffer.wrap(second).getShort(6));
            byte[] joined = Arrays.copyOf(whole, 1500);
            System.arraycopy(first, 20, joined, 20, 1392);
            System.arraycopy(second, 20, joined, 1412, 88);
            assertArrayEquals(whole, joined);
        }
    }

    /// A full batch has no room for pieces: they go to the spare one.
    @Test
    void piecesOfAFullBatchGoToTheSpareOne() {
        try (TwoGateways two = up(1419)) {
            byte[][] packets = new byte[PacketBatch.MOST][];
            for (int i = 0; i < packets.length; i++) {
                packets[i] = InnerPackets.udpOf(1500, "10.1.0.9", "10.2.0.9", random);
            }
            PacketBatch sent = two.aSends(packets);
            assertEquals(64, inLane(sent, Lane.UDP));
            assertEquals(64, inLane(two.aOut.spare(), Lane.UDP));
            assertEquals(64, inLane(two.bReceives(sent), Lane.TUN));
            assertEquals(64, inLane(two.bReceives(two.aOut.spare()), Lane.TUN));
            assertEquals(Map.of(), two.aOut.drops().snapshot());
            two.aSends(packets[0]);
            assertEquals(0, two.aOut.spare().count());
        }
    }

    /// S3-35: a SYN with MSS 1460 leaves with 1379, the SYN-ACK comes in with 1379.
    @Test
    void s3_35_synAndSynAckAreClampedBothWays() {
        try (TwoGateways two = up(1419)) {
            byte[] syn =
                    InnerPackets.tcp(
                            "10.1.0.9",
                            "10.2.0.9",
                            InnerPackets.TCP_SYN,
                            InnerPackets.mss(1460, 0));
            byte[] synAck =
                    InnerPackets.tcp(
                            "10.2.0.9",
                            "10.1.0.9",
                            InnerPackets.TCP_SYN | InnerPackets.TCP_ACK,
                            InnerPackets.mss(1460, 0));
            PacketBatch sent = two.aSends(syn);
            two.b.link("tun1", LINK, 9000); // B clamps nothing: it was A
            byte[] atB = two.bReceives(sent).copy(0);
            assertEquals(1379, ByteBuffer.wrap(atB).getShort(42));
            assertTrue(InnerPackets.checksumsHold(atB));
            byte[] atA = two.aReceives(two.bSends(synAck)).copy(0); // on the way in, by A again
            assertEquals(1379, ByteBuffer.wrap(atA).getShort(42));
            assertTrue(InnerPackets.checksumsHold(atA));
        }
    }

    /// RFC 4301, 7: what is cut after encryption leaves whole; DF inside, or outside, forbids it.
    @Test
    void cutAfterEncryptionMeansThatOneLargePacketLeaves() {
        try (TwoGateways two = TwoGateways.up(new ToyEngine(), GCM, udp4(), 64)) {
            byte[] large = InnerPackets.udpOf(1700, "10.1.0.9", "10.2.0.9", random);
            cutAfter(two, 2, OuterDf.COPY);
            PacketBatch sent = two.aSends(large, InnerPackets.dontFragment(large.clone()));
            assertEquals(2, sent.count());
            assertEquals(Lane.UDP, sent.lane(0));
            assertFalse(sent.dontFragment(0));
            assertTrue(sent.length(0) > 1700);
            assertEquals(Lane.TUN, sent.lane(1)); // "fragmentation needed"
            cutAfter(two, 3, OuterDf.SET);
            assertTrue(two.aSends(large).count() > 1);
        }
    }

    private static void cutAfter(TwoGateways two, long id, OuterDf df) {
        two.a.install(
                TwoGateways.outer(
                        TwoGateways.childSa(
                                id, TwoGateways.OWNER, GCM, TwoGateways.sites(), udp4(), 64, true),
                        OuterHeader.USUAL.with(df, Cutting.AFTER_ENCRYPTION)));
        two.a.activate(id);
    }

    @Test
    void aPacketThatLeavesNoRoomForEspIsDropped() {
        try (TwoGateways two = TwoGateways.up(new ToyEngine(), GCM, udp4(), 64)) {
            two.a.link("tun1", LINK, 9000);
            byte[] packet =
                    InnerPackets.dontFragment(
                            InnerPackets.udpOf(1910, "10.1.0.9", "10.2.0.9", random));
            PacketBatch sent = two.aSends(packet); // 1920 octets behind the headroom
            assertEquals(Lane.DROPPED, sent.lane(0));
            assertEquals(Map.of(Drop.TOO_BIG, 1L), two.aOut.drops().snapshot());
        }
    }
}
