package io.sallyport.ipsec.pipeline;

import static io.sallyport.ipsec.pipeline.TwoGateways.LINK;
import static io.sallyport.ipsec.pipeline.TwoGateways.OWNER;
import static io.sallyport.ipsec.pipeline.TwoGateways.contains;
import static io.sallyport.ipsec.pipeline.TwoGateways.inLane;
import static io.sallyport.ipsec.pipeline.TwoGateways.pathOf;
import static io.sallyport.ipsec.pipeline.TwoGateways.raw4;
import static io.sallyport.ipsec.pipeline.TwoGateways.raw6;
import static io.sallyport.ipsec.pipeline.TwoGateways.turn;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.base.net.Path;
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
import io.sallyport.model.sa.PolicyEntry;
import io.sallyport.model.spec.Mode;
import io.sallyport.model.spec.SelectorPair;
import io.sallyport.testkit.AllocatedOctets;
import io.sallyport.testkit.InnerPackets;
import io.sallyport.testkit.ToyEngine;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// AH in both modes (S1-03, S1-06, S1-07, S2-05).
class AhRoadTest {
    private static final EspSuite SHA256 =
            EspSuite.ah(Integrity.HMAC_SHA2_256_128, Group.NONE, false);

    private final Random random = new Random(51);

    private static TwoGateways up(CryptoEngine engine, EspSuite suite, Carriage c, Mode mode) {
        TwoGateways two = new TwoGateways(engine);
        two.a.link("tun1", LINK);
        two.b.link("tun1", LINK);
        SelectorPair pair =
                mode == Mode.TRANSPORT ? TransportRoadTest.hosts(c) : TwoGateways.sites();
        two.a.protect(new PolicyEntry(OWNER, pair, true));
        two.b.protect(new PolicyEntry(OWNER, TwoGateways.mirror(pair), true));
        two.a.install(sa(suite, pair, c, mode, true));
        two.b.install(sa(suite, TwoGateways.mirror(pair), turn(c), mode, false));
        two.a.activate(1);
        two.b.activate(1);
        return two;
    }

    private static ChildSa sa(
            EspSuite suite, SelectorPair pair, Carriage c, Mode mode, boolean endA) {
        ChildSa sa = TwoGateways.childSa(1, OWNER, suite, pair, c, 64, endA);
        return new ChildSa(
                sa.id(),
                sa.owner(),
                sa.suite(),
                sa.inbound(),
                sa.outbound(),
                sa.selectors(),
                sa.carriage(),
                new ChildSa.Handling(mode, 64));
    }

    static Stream<Arguments> everything() {
        List<Arguments> all = new ArrayList<>();
        for (Integrity integrity : Integrity.values()) {
            if (integrity != Integrity.NONE) {
                for (boolean esn : new boolean[] {false, true}) {
                    for (Carriage c : List.of(raw4(), raw6())) {
                        for (Mode mode : List.of(Mode.TUNNEL, Mode.TRANSPORT)) {
                            all.add(Arguments.of(EspSuite.ah(integrity, Group.NONE, esn), c, mode));
                        }
                    }
                }
            }
        }
        return all.stream();
    }

    private byte[] packet(int total, Carriage c, Mode mode) {
        return mode == Mode.TUNNEL
                ? InnerPackets.udpOf(total, "10.1.0.9", "10.2.0.9", random)
                : InnerPackets.udpOf(
                        total,
                        c.path().local().address().toString(),
                        c.path().remote().address().toString(),
                        random);
    }

    /// S2-05: the payload is on the wire as it was, and arrives; S1-07: once.
    @ParameterizedTest
    @MethodSource("everything")
    void readableUnchangedAndOnce(EspSuite suite, Carriage c, Mode mode) {
        try (TwoGateways two = up(new JceEngine(), suite, c, mode)) {
            for (int total = 60; total < 1300; total += 61) {
                byte[] packet = packet(total, c, mode);
                int header = c.path().local().address().v6() && mode == Mode.TRANSPORT ? 40 : 20;
                byte[] payload = Arrays.copyOfRange(packet, header, total);
                PacketBatch sent = two.aSends(packet);
                assertEquals(Lane.AH, sent.lane(0));
                assertTrue(contains(sent.copy(0), payload));
                PacketBatch received = two.bReceives(sent);
                assertEquals(Lane.TUN, received.lane(0), two.bIn.drops().toString());
                byte[] arrived = received.copy(0);
                assertTrue(InnerPackets.checksumsHold(arrived));
                assertArrayEquals(payload, Arrays.copyOfRange(arrived, header, arrived.length));
                assertEquals(0, inLane(two.bReceives(sent), Lane.TUN));
            }
            assertEquals(21, two.bIn.drops().get(Drop.REPLAYED));
        }
    }

    /// RFC 4302, 3.3.3, octet by octet, with a MAC of the test's own: IPv4, transport mode.
    @Test
    void theIcvCoversTheHeaderWithItsMutableFieldsZero() throws Exception {
        try (TwoGateways two = up(new JceEngine(), SHA256, raw4(), Mode.TRANSPORT)) {
            byte[] sent = two.aSends(packet(100, raw4(), Mode.TRANSPORT)).copy(0);
            assertEquals(100 + 28, sent.length);
            assertEquals(51, sent[9]);
            byte[] covered = sent.clone();
            for (int mutable : new int[] {1, 6, 7, 8, 10, 11}) {
                covered[mutable] = 0;
            }
            Arrays.fill(covered, 32, 48, (byte) 0);
            byte[] key = new byte[32];
            int spi = ByteBuffer.wrap(sent).getInt(24);
            new Random(~spi).nextBytes(key);
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            assertArrayEquals(
                    Arrays.copyOf(mac.doFinal(covered), 16), Arrays.copyOfRange(sent, 32, 48));
            // next header UDP, payload length 28 / 4 - 2, reserved, sequence number 1
            assertEquals(17, sent[20]);
            assertEquals(5, sent[21]);
            assertEquals(1, ByteBuffer.wrap(sent).getInt(28));
        }
    }

    /// S1-06: what routers change is no matter, and everything else is.
    @Test
    void everyOctetButTheMutableOnesIsProtected() {
        try (TwoGateways two = up(new JceEngine(), SHA256, raw4(), Mode.TUNNEL)) {
            for (int octet = 0; octet < 60; octet++) {
                PacketBatch sent = two.aSends(packet(80, raw4(), Mode.TUNNEL));
                byte[] changed = sent.copy(0);
                changed[octet] ^= 0x01;
                // flags are 0x20 to 0x80 of octet 6; its low bits would make a fragment of it
                if (octet == 6) {
                    changed[octet] ^= 0x41;
                }
                PacketBatch received = two.batch();
                TwoGateways.deliver(received, Lane.AH, turn(pathOf(sent, 0)), changed);
                two.bIn.process(received, two.now);
                boolean mutable = List.of(1, 6, 8, 10, 11).contains(octet);
                assertEquals(mutable ? 1 : 0, inLane(received, Lane.TUN), "octet " + octet);
            }
            assertTrue(two.bIn.drops().get(Drop.BAD_ICV) > 30);
        }
    }

    /// S1-06 in IPv6: the socket tells the addresses, and others than the sender's are wrong.
    @Test
    void anotherSourceInIpv6IsNotAuthentic() {
        try (TwoGateways two = up(new JceEngine(), SHA256, raw6(), Mode.TUNNEL)) {
            PacketBatch sent = two.aSends(packet(80, raw6(), Mode.TUNNEL));
            Path other = TwoGateways.path("2001:db8::2", 0, "2001:db8::99", 0);
            PacketBatch received = two.batch();
            TwoGateways.deliver(received, Lane.AH, other, sent.copy(0));
            two.bIn.process(received, two.now);
            assertEquals(1, two.bIn.drops().get(Drop.BAD_ICV));
            assertEquals(1, inLane(two.bReceives(sent), Lane.TUN));
        }
    }

    /// An SPI of AH is none of ESP.
    @Test
    void espWithTheSpiOfAnAhSaIsUnknown() {
        try (TwoGateways two = up(new JceEngine(), SHA256, raw4(), Mode.TUNNEL)) {
            byte[] forged = new byte[80];
            ByteBuffer.wrap(forged).putInt(1002).putInt(1);
            PacketBatch received = two.batch();
            TwoGateways.deliver(received, Lane.RAW, turn(raw4().path()), forged);
            two.bIn.process(received, two.now);
            assertEquals(1, two.bIn.drops().get(Drop.UNKNOWN_SPI));
        }
    }

    /// What is larger than the wire is cut after it was sealed: nobody else would do it.
    @Test
    void largeDatagramsLeaveInPieces() {
        try (TwoGateways two = up(new JceEngine(), SHA256, raw4(), Mode.TRANSPORT)) {
            byte[] large = packet(1700, raw4(), Mode.TRANSPORT);
            PacketBatch sent = two.aSends(large);
            assertEquals(2, inLane(sent, Lane.AH));
            assertEquals(1500 / 8 * 8 + 4, sent.length(0), 8);
            byte[] first = sent.copy(0);
            byte[] second = sent.copy(1);
            byte[] whole = Arrays.copyOf(first, first.length + second.length - 20);
            System.arraycopy(second, 20, whole, first.length, second.length - 20);
            whole[6] = 0;
            ByteBuffer.wrap(whole).putShort(2, (short) whole.length);
            PacketBatch received = two.batch();
            TwoGateways.deliver(received, Lane.AH, turn(raw4().path()), whole);
            two.bIn.process(received, two.now);
            assertEquals(Lane.TUN, received.lane(0));
        }
    }

    @Test
    void nothingIsAllocated() {
        try (TwoGateways two = up(new ToyEngine(), SHA256, raw4(), Mode.TRANSPORT)) {
            byte[] packet = packet(100, raw4(), Mode.TRANSPORT);
            Path back = turn(raw4().path());
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
                        in.lane(j, Lane.AH);
                        in.path(j, back);
                        two.bIn.process(in, two.now);
                    };
            for (int i = 0; i < 5_000; i++) {
                burst.run();
            }
            assertEquals(1, inLane(in, Lane.TUN));
            assertEquals(0, AllocatedOctets.of(1_000, burst));
        }
    }
}
