package io.sallyport.ipsec.pipeline;

import static io.sallyport.ipsec.pipeline.TwoGateways.GCM;
import static io.sallyport.ipsec.pipeline.TwoGateways.raw4;
import static io.sallyport.ipsec.pipeline.TwoGateways.raw6;
import static io.sallyport.ipsec.pipeline.TwoGateways.udp4;
import static io.sallyport.ipsec.pipeline.TwoGateways.udp6;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.base.packet.Checksum;
import io.sallyport.base.packet.Lane;
import io.sallyport.base.packet.PacketBatch;
import io.sallyport.ipsec.path.IcmpQuote;
import io.sallyport.model.sa.Carriage;
import io.sallyport.testkit.InnerPackets;
import io.sallyport.testkit.ToyEngine;
import io.sallyport.wire.ip.Icmp;
import io.sallyport.wire.ip.Ipv4;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// A router says that an ESP packet was too large: who is believed, and what follows.
class PathRoadTest {
    private static final long NOW = 7;

    private final Random random = new Random(1191);

    private byte[] large() {
        return InnerPackets.dontFragment(InnerPackets.udpOf(1300, "10.1.0.9", "10.2.0.9", random));
    }

    /// What a router sends about packet 0 of `sent`.
    private static byte[] icmp(PacketBatch sent, Carriage carriage, int mtu, int quoted) {
        byte[] esp = sent.copy(0);
        int udp = carriage.udp() ? 8 : 0;
        ByteBuffer packet = ByteBuffer.allocate(20 + udp + esp.length);
        packet.putShort((short) 0x4500).putShort((short) packet.capacity());
        packet.putInt(0x4000).put((byte) 60).put((byte) (carriage.udp() ? 17 : 50));
        packet.putShort((short) 0);
        packet.putInt((int) carriage.path().local().address().low());
        packet.putInt((int) carriage.path().remote().address().low());
        if (carriage.udp()) {
            packet.putShort((short) carriage.path().local().port());
            packet.putShort((short) carriage.path().remote().port());
            packet.putShort((short) (8 + esp.length)).putShort((short) 0);
        }
        packet.put(esp);
        ByteBuffer message = ByteBuffer.allocate(8 + quoted);
        message.put((byte) 3).put((byte) 4).putShort((short) 0).putInt(mtu);
        message.put(packet.array(), 0, quoted);
        return summed(message.array());
    }

    private static byte[] summed(byte[] message) {
        message[2] = message[3] = 0;
        MemorySegment memory = Arena.ofAuto().allocate(message.length);
        memory.copyFrom(MemorySegment.ofArray(message));
        int sum = Checksum.of(memory, 0, message.length);
        message[2] = (byte) (sum >>> 8);
        message[3] = (byte) sum;
        return message;
    }

    private static Optional<Integer> hears(TwoGateways two, byte[] message) {
        MemorySegment memory = Arena.ofAuto().allocate(message.length);
        memory.copyFrom(MemorySegment.ofArray(message));
        IcmpQuote quote = IcmpQuote.read(memory, 0, message.length, false);
        return quote == null ? Optional.empty() : two.a.paths().heard(quote, NOW);
    }

    @Test
    void aRouterThatQuotesOurPacketIsBelieved() {
        for (Carriage carriage : new Carriage[] {udp4(), raw4()}) {
            try (TwoGateways two = TwoGateways.up(new ToyEngine(), GCM, carriage, 64)) {
                byte[] message = icmp(two.aSends(large()), carriage, 1280, 28 + 8);
                assertEquals(Optional.of(1280), hears(two, message));
                assertEquals(Optional.empty(), hears(two, message), "nothing new");
                PacketBatch after = two.aSends(large());
                assertEquals(Lane.TUN, after.lane(0), "the sender is told");
                int told = Icmp.nextHopMtu(after.memory(), after.start(0) + Ipv4.HEADER);
                // IP 20, UDP 8, ESP 8, IV 8, ICV 16, trailer 2; a multiple of 4
                assertEquals(carriage.udp() ? 1218 : 1226, told);
                byte[] fits =
                        InnerPackets.dontFragment(
                                InnerPackets.udpOf(told, "10.1.0.9", "10.2.0.9", random));
                PacketBatch sent = two.aSends(fits);
                int outer = 20 + (carriage.udp() ? 8 : 0) + sent.length(0);
                assertTrue(outer <= 1280 && outer > 1276, "outer " + outer);
            }
        }
    }

    @Test
    void whatMayBeCutIsCutForTheNarrowPathAndTcpIsClampedForIt() {
        try (TwoGateways two = TwoGateways.up(new ToyEngine(), GCM, raw4(), 64)) {
            hears(two, icmp(two.aSends(large()), raw4(), 1280, 36));
            PacketBatch cut = two.aSends(InnerPackets.udpOf(1300, "10.1.0.9", "10.2.0.9", random));
            assertEquals(2, cut.count());
            for (int i = 0; i < 2; i++) {
                assertTrue(20 + cut.length(i) <= 1280);
            }
            byte[] syn =
                    InnerPackets.tcp(
                            "10.1.0.9",
                            "10.2.0.9",
                            InnerPackets.TCP_SYN,
                            InnerPackets.mss(1460, 0));
            byte[] atB = two.bReceives(two.aSends(syn)).copy(0);
            assertEquals(1226 - 40, ByteBuffer.wrap(atB).getShort(42));
        }
    }

    @Test
    void aStrangerIsNotBelieved() {
        try (TwoGateways two = TwoGateways.up(new ToyEngine(), GCM, udp4(), 64)) {
            byte[] right = icmp(two.aSends(large()), udp4(), 1280, 28 + 16);
            // each octet of the quoted addresses, ports, SPI and number; and of ICMP's own header
            int[] places = {0, 1, 20, 24, 25, 28, 29, 36, 37, 38, 40, 43};
            for (int place : places) {
                byte[] wrong = right.clone();
                wrong[place] ^= 0x41;
                assertEquals(Optional.empty(), hears(two, summed(wrong)), "octet " + place);
            }
            byte[] broken = right.clone();
            broken[43] ^= 1;
            assertEquals(Optional.empty(), hears(two, broken), "checksum");
            byte[] larger = icmp(two.aSends(large()), udp4(), 1400, 28 + 16);
            assertEquals(Optional.empty(), hears(two, larger), "it would have passed");
            byte[] brief = icmp(two.aSends(large()), udp4(), 1280, 28 + 7);
            assertEquals(Optional.empty(), hears(two, brief), "no number is quoted");
            assertEquals(Optional.of(1280), hears(two, right));
        }
    }

    @Test
    void everyPrefixOfAMessageIsReadOrRefused() {
        try (TwoGateways two = TwoGateways.up(new ToyEngine(), GCM, raw4(), 64)) {
            byte[] right = icmp(two.aSends(large()), raw4(), 1280, 200);
            MemorySegment memory = Arena.ofAuto().allocate(right.length);
            memory.copyFrom(MemorySegment.ofArray(right));
            for (int length = 0; length < right.length; length++) {
                assertNull(IcmpQuote.read(memory.asSlice(0, length), 0, length, false));
            }
            assertNotNull(IcmpQuote.read(memory, 0, right.length, false));
            for (int round = 0; round < 100_000; round++) {
                byte[] noise = new byte[8 + random.nextInt(60)];
                random.nextBytes(noise);
                noise[0] = (byte) (round % 2 == 0 ? 3 : 2);
                noise[1] = (byte) (round % 2 == 0 ? 4 : 0);
                MemorySegment m = Arena.ofAuto().allocate(noise.length);
                m.copyFrom(MemorySegment.ofArray(round % 2 == 0 ? summed(noise) : noise));
                var _ = IcmpQuote.read(m, 0, noise.length, round % 2 == 1);
            }
        }
    }

    /// A path is that of all SAs between the two addresses, and of the next one.
    @Test
    void theSuccessorOfAnSaKnowsIt() {
        try (TwoGateways two = TwoGateways.up(new ToyEngine(), GCM, raw4(), 64)) {
            hears(two, icmp(two.aSends(large()), raw4(), 1280, 36));
            long old = two.a.installed().getFirst();
            two.a.install(
                    TwoGateways.childSa(
                            99, TwoGateways.OWNER, GCM, TwoGateways.sites(), raw4(), 64, true));
            two.a.activate(99);
            two.a.remove(old);
            assertEquals(Lane.TUN, two.aSends(large()).lane(0));
        }
    }

    @Test
    void probesAreDueOnlyWherePacketsMustNotBeCut() {
        try (TwoGateways clear = TwoGateways.up(new ToyEngine(), GCM, raw4(), 64);
                TwoGateways six = TwoGateways.up(new ToyEngine(), GCM, raw6(), 64)) {
            clear.aSends(large());
            assertTrue(clear.a.paths().due(NOW).isEmpty(), "routers may cut");
            six.aSends(large());
            assertEquals(1500, six.a.paths().due(NOW).getFirst().octets());
        }
    }

    /// A flood of "fragmentation needed" by somebody who knows both addresses and ports, but cannot
    /// see the packets: SPI and number are guessed a million times, and the path stays what it is;
    /// the true message among them is still believed.
    @Test
    void aFloodDoesNotMoveThePath() {
        try (TwoGateways two = TwoGateways.up(new ToyEngine(), GCM, udp4(), 64)) {
            byte[] right = icmp(two.aSends(large()), udp4(), 1280, 28 + 16);
            MemorySegment memory = Arena.ofAuto().allocate(right.length);
            memory.copyFrom(MemorySegment.ofArray(right));
            IcmpQuote real = IcmpQuote.read(memory, 0, right.length, false);
            assertNotNull(real);
            for (int n = 0; n < 1_000_000; n++) {
                int spi = random.nextInt();
                int sequence = random.nextInt();
                if (spi == real.spi()) {
                    continue;
                }
                var told = two.a.paths().heard(quote(real, spi, sequence), NOW);
                assertEquals(Optional.empty(), told);
            }
            // one who has seen an SPI, and guesses the number far from what was sent
            for (int n = 0; n < 100_000; n++) {
                int sequence = 2 + random.nextInt(Integer.MAX_VALUE);
                var told = two.a.paths().heard(quote(real, real.spi(), sequence), NOW);
                assertEquals(Optional.empty(), told);
            }
            assertEquals(1, two.aSends(large()).count());
            assertEquals(Optional.of(1280), two.a.paths().heard(real, NOW));
        }
    }

    private static IcmpQuote quote(IcmpQuote like, int spi, int sequence) {
        return new IcmpQuote(
                like.source(),
                like.destination(),
                like.udp(),
                like.sourcePort(),
                like.destinationPort(),
                spi,
                sequence,
                like.packet(),
                576);
    }

    /// What the kernel at the far end makes of two fragments, each looked at.
    private static byte[] joined(byte[] first, byte[] second) {
        assertTrue(first.length <= 1280 && second.length <= 1280);
        ByteBuffer a = ByteBuffer.wrap(first);
        ByteBuffer b = ByteBuffer.wrap(second);
        for (ByteBuffer each : new ByteBuffer[] {a, b}) {
            assertEquals(each.capacity() - 40, each.getShort(4));
            assertEquals(44, each.get(6));
        }
        assertArrayEquals(Arrays.copyOf(first, 4), Arrays.copyOf(second, 4));
        assertArrayEquals(Arrays.copyOfRange(first, 7, 41), Arrays.copyOfRange(second, 7, 41));
        assertEquals(1, a.getShort(42), "offset 0, more");
        assertEquals(first.length - 48, b.getShort(42), "offset of the second, no more");
        assertEquals(a.getInt(44), b.getInt(44));
        ByteBuffer whole = ByteBuffer.allocate(first.length + second.length - 56);
        whole.put(first, 0, 40).put(first, 48, first.length - 48);
        whole.put(second, 48, second.length - 48);
        whole.putShort(4, (short) (whole.capacity() - 40)).put(6, first[40]);
        return whole.array();
    }

    /// RFC 2473, 7.1: an inner IPv6 packet of 1280 octets is never refused. Where the outer path is
    /// IPv6 and takes no more than that, the outer packet is cut where it begins: no router would.
    @Test
    void overIpv6WhatThePathDoesNotTakeIsCutHere() {
        for (Carriage carriage : new Carriage[] {raw6(), udp6()}) {
            try (TwoGateways two = TwoGateways.up(new ToyEngine(), GCM, carriage, 64)) {
                byte[] smallest = InnerPackets.udpOf(1280, "fd01::9", "fd02::9", random);
                PacketBatch wide = two.aSends(smallest, large());
                assertTrue(wide.dontFragment(0) && wide.dontFragment(1), "it fits");
                IcmpQuote quote =
                        new IcmpQuote(
                                carriage.path().local().address(),
                                carriage.path().remote().address(),
                                carriage.udp(),
                                carriage.path().local().port(),
                                carriage.path().remote().port(),
                                ByteBuffer.wrap(wide.copy(0)).getInt(),
                                1,
                                1354,
                                1280);
                assertEquals(Optional.of(1280), two.a.paths().heard(quote, NOW));
                PacketBatch narrow =
                        two.aSends(
                                smallest,
                                InnerPackets.udpOf(1100, "fd01::9", "fd02::9", random),
                                InnerPackets.udpOf(1281, "fd01::9", "fd02::9", random));
                assertEquals(4, narrow.count());
                assertEquals(Lane.CLEAR, narrow.lane(0));
                assertEquals(carriage.udp() ? Lane.UDP : Lane.RAW, narrow.lane(1));
                assertTrue(narrow.dontFragment(1));
                assertEquals(Lane.TUN, narrow.lane(2), "packet too big: 1280");
                assertEquals(Lane.CLEAR, narrow.lane(3));
                byte[] outer = joined(narrow.copy(0), narrow.copy(3));
                assertEquals(carriage.udp() ? 17 : 50, outer[6]);
                assertTrue(!carriage.udp() || InnerPackets.checksumsHold(outer));
                int before = carriage.udp() ? 48 : 40;
                PacketBatch in = two.batch();
                TwoGateways.deliver(
                        in,
                        carriage.udp() ? Lane.UDP : Lane.RAW,
                        TwoGateways.turn(carriage.path()),
                        Arrays.copyOfRange(outer, before, outer.length));
                two.bIn.process(in, NOW);
                assertEquals(Lane.TUN, in.lane(0));
                assertArrayEquals(smallest, in.copy(0));
            }
        }
    }

    /// Only the quotes of our packets are counted against the allowance.
    @Test
    void whatIsAboutOthersDoesNotHideWhatIsAboutOurs() {
        Carriage carriage = udp4();
        try (TwoGateways two = TwoGateways.up(new ToyEngine(), GCM, carriage, 64)) {
            byte[] ours = icmp(two.aSends(large()), carriage, 1280, 28 + 8);
            byte[] others = ours.clone();
            others[1] = 3; // port unreachable
            byte[] unreachable = summed(others);
            List<IcmpQuote> heard = new ArrayList<>();
            IcmpEar ear = new IcmpEar(heard::add);
            for (int round = 0; round < 1000; round++) {
                PacketBatch batch = new PacketBatch(Arena.ofAuto(), 2, 256, 64);
                batch.fill(batch.add(), unreachable, 0, unreachable.length);
                if (round == 999) {
                    batch.fill(batch.add(), ours, 0, ours.length);
                }
                ear.listen(batch, false, NOW);
            }
            assertEquals(1, heard.size());
            PacketBatch flood = new PacketBatch(Arena.ofAuto(), 1, 256, 64);
            flood.fill(flood.add(), ours, 0, ours.length);
            for (int i = 0; i < 1000; i++) {
                ear.listen(flood, false, NOW);
            }
            assertTrue(heard.size() < 100, heard.size() + " heard at the same time");
        }
    }
}
