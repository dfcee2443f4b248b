package io.sallyport.ipsec.pipeline;

import static io.sallyport.ipsec.pipeline.TwoGateways.CBC_SHA1;
import static io.sallyport.ipsec.pipeline.TwoGateways.GCM;
import static io.sallyport.ipsec.pipeline.TwoGateways.LINK;
import static io.sallyport.ipsec.pipeline.TwoGateways.OWNER;
import static io.sallyport.ipsec.pipeline.TwoGateways.childSa;
import static io.sallyport.ipsec.pipeline.TwoGateways.mirror;
import static io.sallyport.ipsec.pipeline.TwoGateways.pair;
import static io.sallyport.ipsec.pipeline.TwoGateways.raw4;
import static io.sallyport.ipsec.pipeline.TwoGateways.sites;
import static io.sallyport.ipsec.pipeline.TwoGateways.turn;
import static io.sallyport.ipsec.pipeline.TwoGateways.udp4;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.base.packet.Lane;
import io.sallyport.base.packet.PacketBatch;
import io.sallyport.base.telemetry.Drop;
import io.sallyport.crypto.engine.CryptoEngine;
import io.sallyport.crypto.jce.JceEngine;
import io.sallyport.crypto.suite.EspSuite;
import io.sallyport.crypto.suite.Group;
import io.sallyport.crypto.suite.Integrity;
import io.sallyport.model.sa.Carriage;
import io.sallyport.model.sa.ChildSa;
import io.sallyport.model.sa.Compression;
import io.sallyport.model.sa.OuterHeader;
import io.sallyport.model.sa.PolicyEntry;
import io.sallyport.model.sa.VolumeLimits;
import io.sallyport.model.spec.Mode;
import io.sallyport.model.spec.SelectorPair;
import io.sallyport.testkit.AllocatedOctets;
import io.sallyport.testkit.InnerPackets;
import io.sallyport.testkit.ToyEngine;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// IPComp on the road (RFC 3173): payloads that become smaller go compressed, the others as they
/// are, and the far end takes both.
class CompressedRoadTest {
    private static final EspSuite AH = EspSuite.ah(Integrity.HMAC_SHA2_256_128, Group.NONE, false);

    private final Random random = new Random(2394);

    private static ChildSa packed(ChildSa sa, Mode mode, Compression compression) {
        return sa.with(
                new ChildSa.Handling(
                        mode,
                        64,
                        Optional.empty(),
                        VolumeLimits.NONE,
                        Optional.empty(),
                        OuterHeader.USUAL,
                        Optional.of(compression)));
    }

    private static TwoGateways up(
            CryptoEngine engine, EspSuite suite, Mode mode, SelectorPair ends, Carriage c) {
        TwoGateways two = new TwoGateways(engine);
        two.a.link("tun1", LINK);
        two.b.link("tun1", LINK);
        two.a.protect(new PolicyEntry(OWNER, ends, true));
        two.b.protect(new PolicyEntry(OWNER, mirror(ends), true));
        two.a.install(
                packed(
                        childSa(1, OWNER, suite, ends, c, 64, true),
                        mode,
                        new Compression(300, 400)));
        two.b.install(
                packed(
                        childSa(1, OWNER, suite, mirror(ends), turn(c), 64, false),
                        mode,
                        new Compression(400, 300)));
        two.a.activate(1);
        two.b.activate(1);
        return two;
    }

    private static byte[] text(String from, String to, int octets) {
        byte[] upper = new byte[8 + octets];
        Arrays.fill(upper, 8, upper.length, (byte) 'x');
        upper[1] = 9;
        upper[3] = 9;
        upper[4] = (byte) (upper.length >>> 8);
        upper[5] = (byte) upper.length;
        return InnerPackets.ip(from, to, 17, upper, 6);
    }

    @Test
    void everyModeAndProtocol() {
        SelectorPair hosts = pair(List.of("192.0.2.1/32"), List.of("192.0.2.2/32"));
        for (EspSuite suite : List.of(GCM, CBC_SHA1, AH)) {
            try (TwoGateways two = up(new JceEngine(), suite, Mode.TUNNEL, sites(), raw4())) {
                smaller(two, text("10.1.0.1", "10.2.0.1", 1000));
                smaller(two, text("fd01::1", "fd02::1", 1000));
            }
            try (TwoGateways two = up(new JceEngine(), suite, Mode.TRANSPORT, hosts, raw4())) {
                smaller(two, text("192.0.2.1", "192.0.2.2", 1000));
            }
        }
        try (TwoGateways two = up(new JceEngine(), GCM, Mode.TUNNEL, sites(), udp4())) {
            smaller(two, text("10.1.0.1", "10.2.0.1", 1200));
        }
    }

    private static void smaller(TwoGateways two, byte[] packet) {
        PacketBatch sent = two.aSends(packet);
        assertTrue(sent.length(0) < 200, "outside: " + sent.length(0));
        PacketBatch received = two.bReceives(sent);
        assertEquals(Lane.TUN, received.lane(0));
        int header = packet[0] >>> 4 == 6 ? 40 : 20;
        assertTrue(InnerPackets.checksumsHold(received.copy(0)));
        assertArrayEquals(
                Arrays.copyOfRange(packet, header, packet.length),
                Arrays.copyOfRange(received.copy(0), header, packet.length));
        // What was carried is counted, not what was saved
        assertTrue(two.a.usage(1).octetsOut() >= packet.length);
    }

    /// RFC 3173, 2.2: what does not become smaller goes as it is; after such packets some are
    /// passed over, so that what is encrypted already costs little; text afterwards is found again.
    @Test
    void noiseGoesAsItIs() {
        try (TwoGateways two = up(new JceEngine(), GCM, Mode.TUNNEL, sites(), udp4());
                TwoGateways plain = TwoGateways.up(new JceEngine(), GCM, udp4(), 64)) {
            for (int n = 0; n < 300; n++) {
                byte[] noise = InnerPackets.udpOf(1000, "10.1.0.1", "10.2.0.1", random);
                PacketBatch sent = two.aSends(noise);
                assertEquals(plain.aSends(noise).length(0), sent.length(0));
                assertArrayEquals(noise, two.bReceives(sent).copy(0));
            }
            int passed = 0;
            byte[] text = text("10.1.0.1", "10.2.0.1", 1000);
            while (two.aSends(text).length(0) > 200) {
                passed++;
            }
            assertTrue(passed > 10 && passed <= 64, "passed over: " + passed);
            for (int n = 0; n < 100; n++) {
                assertTrue(two.aSends(text).length(0) < 200);
            }
        }
    }

    /// What comes compressed by an SA that has agreed on none, or with another CPI, is not taken.
    @Test
    void whatWasNotAgreedOnIsNotTaken() {
        byte[] text = text("10.1.0.1", "10.2.0.1", 1000);
        try (TwoGateways two = up(new JceEngine(), GCM, Mode.TUNNEL, sites(), udp4())) {
            two.b.remove(1);
            two.b.install(childSa(1, OWNER, GCM, mirror(sites()), turn(udp4()), 64, false));
            assertEquals(Lane.DROPPED, two.bReceives(two.aSends(text)).lane(0));
            assertEquals(1, two.bIn.drops().get(Drop.BAD_PADDING));
            two.b.remove(1);
            two.b.install(
                    packed(
                            childSa(1, OWNER, GCM, mirror(sites()), turn(udp4()), 64, false),
                            Mode.TUNNEL,
                            new Compression(401, 300)));
            assertEquals(Lane.DROPPED, two.bReceives(two.aSends(text)).lane(0));
            assertEquals(1, two.bIn.drops().get(Drop.BAD_COMPRESSION));
        }
    }

    @Test
    void nothingIsAllocated() {
        try (TwoGateways two = up(new ToyEngine(), GCM, Mode.TUNNEL, sites(), udp4())) {
            byte[] text = text("10.1.0.1", "10.2.0.1", 1000);
            byte[] noise = InnerPackets.udpOf(900, "10.1.0.1", "10.2.0.1", random);
            PacketBatch out = two.batch();
            PacketBatch in = two.batch();
            int[] least = {9000};
            int[] most = {0};
            Runnable burst =
                    () -> {
                        out.clear();
                        out.fill(out.add(), text, 0, text.length);
                        out.fill(out.add(), noise, 0, noise.length);
                        out.link(0, LINK);
                        out.link(1, LINK);
                        two.aOut.process(out, two.now);
                        in.clear();
                        for (int i = 0; i < out.count(); i++) {
                            int j = in.add();
                            in.place(j, in.start(j), out.length(i));
                            java.lang.foreign.MemorySegment.copy(
                                    out.memory(),
                                    out.start(i),
                                    in.memory(),
                                    in.start(j),
                                    out.length(i));
                            in.lane(j, Lane.UDP);
                        }
                        two.bIn.process(in, two.now);
                        least[0] = Math.min(least[0], out.length(0));
                        most[0] = Math.max(most[0], out.length(0));
                    };
            for (int i = 0; i < 3_000; i++) {
                burst.run();
            }
            assertEquals(2, TwoGateways.inLane(in, Lane.TUN));
            assertEquals(0, AllocatedOctets.of(1_000, burst));
            assertTrue(least[0] < 200 && most[0] > 900, least[0] + " to " + most[0]);
        }
    }
}
