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
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.base.Secret;
import io.sallyport.base.packet.Lane;
import io.sallyport.base.packet.PacketBatch;
import io.sallyport.base.telemetry.Drop;
import io.sallyport.crypto.engine.CryptoEngine;
import io.sallyport.crypto.jce.JceEngine;
import io.sallyport.crypto.suite.Cipher;
import io.sallyport.crypto.suite.Encryption;
import io.sallyport.crypto.suite.EspSuite;
import io.sallyport.crypto.suite.Group;
import io.sallyport.crypto.suite.Integrity;
import io.sallyport.model.sa.AhPair;
import io.sallyport.model.sa.Carriage;
import io.sallyport.model.sa.ChildSa;
import io.sallyport.model.sa.PolicyEntry;
import io.sallyport.model.sa.SaHalf;
import io.sallyport.model.sa.VolumeLimits;
import io.sallyport.model.spec.Mode;
import io.sallyport.model.spec.SelectorPair;
import io.sallyport.testkit.AllocatedOctets;
import io.sallyport.testkit.InnerPackets;
import io.sallyport.testkit.ToyEngine;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import javax.crypto.Mac;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

/// S2-07: IP, AH, ESP. S4-28: an SA for each protocol.
class BundleRoadTest {
    private static final EspSuite SUITE =
            new EspSuite(
                            Cipher.of(Encryption.AES_CBC, 128),
                            Integrity.HMAC_SHA1_96,
                            Group.NONE,
                            false)
                    .within(Integrity.HMAC_SHA2_256_128);

    private final Random random = new Random(5);

    private static TwoGateways up(CryptoEngine engine, Carriage c, Mode mode) {
        TwoGateways two = new TwoGateways(engine);
        two.a.link("tun1", LINK);
        two.b.link("tun1", LINK);
        SelectorPair pair =
                mode == Mode.TRANSPORT ? TransportRoadTest.hosts(c) : TwoGateways.sites();
        two.a.protect(new PolicyEntry(OWNER, pair, true));
        two.b.protect(new PolicyEntry(OWNER, TwoGateways.mirror(pair), true));
        two.a.install(sa(pair, c, mode, true));
        two.b.install(sa(TwoGateways.mirror(pair), turn(c), mode, false));
        two.a.activate(1);
        two.b.activate(1);
        return two;
    }

    private static SaHalf ahHalf(int spi) {
        byte[] key = new byte[32];
        new Random(spi).nextBytes(key);
        return new SaHalf(spi, Secret.EMPTY, Secret.of(key));
    }

    private static ChildSa sa(SelectorPair pair, Carriage c, Mode mode, boolean endA) {
        ChildSa sa = TwoGateways.childSa(1, OWNER, SUITE, pair, c, 64, endA);
        AhPair ah = new AhPair(ahHalf(endA ? 3001 : 3002), ahHalf(endA ? 3002 : 3001));
        return new ChildSa(
                sa.id(),
                sa.owner(),
                sa.suite(),
                sa.inbound(),
                sa.outbound(),
                sa.selectors(),
                sa.carriage(),
                new ChildSa.Handling(
                        mode, 64, Optional.empty(), VolumeLimits.NONE, Optional.of(ah)));
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

    @Test
    void thereAndOnlyOnce() {
        for (Carriage c : new Carriage[] {raw4(), raw6()}) {
            for (Mode mode : List.of(Mode.TUNNEL, Mode.TRANSPORT)) {
                try (TwoGateways two = up(new JceEngine(), c, mode)) {
                    for (int total = 60; total < 1300; total += 61) {
                        byte[] packet = packet(total, c, mode);
                        int header =
                                c.path().local().address().v6() && mode == Mode.TRANSPORT ? 40 : 20;
                        byte[] payload = Arrays.copyOfRange(packet, header, total);
                        PacketBatch sent = two.aSends(packet, packet);
                        assertEquals(2, inLane(sent, Lane.AH));
                        assertFalse(contains(sent.copy(0), payload), "ESP is inside");
                        PacketBatch received = two.bReceives(sent);
                        assertEquals(2, inLane(received, Lane.TUN), two.bIn.drops().toString());
                        byte[] arrived = received.copy(0);
                        assertTrue(InnerPackets.checksumsHold(arrived));
                        assertArrayEquals(
                                payload, Arrays.copyOfRange(arrived, header, arrived.length));
                        assertEquals(0, inLane(two.bReceives(sent), Lane.TUN));
                    }
                    assertEquals(42, two.bIn.drops().get(Drop.REPLAYED));
                    assertEquals(42, two.b.usage(1).packetsIn());
                }
            }
        }
    }

    /// Octet by octet, with a MAC and a cipher of the test's own: IP, AH, ESP, the inner packet.
    @Test
    void eachHeaderInItsPlace() throws Exception {
        try (TwoGateways two = up(new JceEngine(), raw4(), Mode.TUNNEL)) {
            byte[] packet = packet(100, raw4(), Mode.TUNNEL);
            byte[] sent = two.aSends(packet).copy(0);
            assertEquals(51, sent[9]);
            assertEquals(50, sent[20], "AH's next header");
            assertEquals(3002, ByteBuffer.wrap(sent).getInt(24));
            assertEquals(1, ByteBuffer.wrap(sent).getInt(28));
            int esp = 20 + 28;
            assertEquals(1002, ByteBuffer.wrap(sent).getInt(esp));
            assertEquals(1, ByteBuffer.wrap(sent).getInt(esp + 4));

            byte[] covered = sent.clone();
            for (int mutable : new int[] {1, 6, 7, 8, 10, 11}) {
                covered[mutable] = 0;
            }
            Arrays.fill(covered, 32, 48, (byte) 0);
            byte[] ahKey = new byte[32];
            new Random(3002).nextBytes(ahKey);
            assertArrayEquals(
                    Arrays.copyOf(mac("HmacSHA256", ahKey, covered, 0, covered.length), 16),
                    Arrays.copyOfRange(sent, 32, 48));

            byte[] key = new byte[16];
            byte[] integrity = new byte[20];
            new Random(1002).nextBytes(key);
            new Random(~1002).nextBytes(integrity);
            assertArrayEquals(
                    Arrays.copyOf(mac("HmacSHA1", integrity, sent, esp, sent.length - 12), 12),
                    Arrays.copyOfRange(sent, sent.length - 12, sent.length));
            javax.crypto.Cipher aes = javax.crypto.Cipher.getInstance("AES/CBC/NoPadding");
            aes.init(
                    javax.crypto.Cipher.DECRYPT_MODE,
                    new SecretKeySpec(key, "AES"),
                    new IvParameterSpec(sent, esp + 8, 16));
            byte[] plain = aes.doFinal(sent, esp + 24, sent.length - 12 - esp - 24);
            // TTL and checksum of the inner header are as they were: nothing forwards here
            assertArrayEquals(packet, Arrays.copyOf(plain, 100));
            assertEquals(4, plain[plain.length - 1], "ESP's next header");
        }
    }

    private static byte[] mac(String name, byte[] key, byte[] octets, int from, int to)
            throws Exception {
        Mac mac = Mac.getInstance(name);
        mac.init(new SecretKeySpec(key, name));
        mac.update(octets, from, to - from);
        return mac.doFinal();
    }

    /// RFC 4301, 5.2: the ESP without its AH is not what the policy asks for.
    @Test
    void espAloneIsNotTaken() {
        try (TwoGateways two = up(new JceEngine(), raw4(), Mode.TUNNEL)) {
            PacketBatch sent = two.aSends(packet(100, raw4(), Mode.TUNNEL));
            byte[] bare = sent.copy(0);
            PacketBatch received = two.batch();
            TwoGateways.deliver(
                    received,
                    Lane.RAW,
                    turn(pathOf(sent, 0)),
                    Arrays.copyOfRange(bare, 48, bare.length));
            two.bIn.process(received, two.now);
            assertEquals(0, inLane(received, Lane.TUN));
            assertEquals(1, two.bIn.drops().get(Drop.WRONG_PATH));
            assertEquals(1, inLane(two.bReceives(sent), Lane.TUN), "and it moved no window");
        }
    }

    /// What is as large as the tunnel's MTU fits the wire with both headers.
    @Test
    void theMtuCountsBoth() {
        for (Carriage c : new Carriage[] {raw4(), raw6()}) {
            try (TwoGateways two = up(new JceEngine(), c, Mode.TUNNEL)) {
                byte[] large =
                        InnerPackets.dontFragment(
                                InnerPackets.udpOf(1500, "10.1.0.9", "10.2.0.9", random));
                PacketBatch answered = two.aSends(large);
                assertEquals(Lane.TUN, answered.lane(0));
                int mtu = ByteBuffer.wrap(answered.copy(0)).getShort(26) & 0xffff;
                PacketBatch sent = two.aSends(packet(mtu, c, Mode.TUNNEL));
                int octets = sent.length(0) + (c.path().local().address().v6() ? 40 : 0);
                assertTrue(octets <= 1500 && octets > 1500 - 16, mtu + " becomes " + octets);
            }
        }
    }

    @Test
    void removedWhole() {
        try (TwoGateways two = up(new JceEngine(), raw4(), Mode.TUNNEL)) {
            PacketBatch sent = two.aSends(packet(100, raw4(), Mode.TUNNEL));
            two.b.remove(1);
            assertEquals(0, two.b.sad().count());
            assertEquals(0, inLane(two.bReceives(sent), Lane.TUN));
        }
    }

    @Test
    void nothingIsAllocated() {
        try (TwoGateways two = up(new ToyEngine(), raw4(), Mode.TUNNEL)) {
            byte[] packet = packet(100, raw4(), Mode.TUNNEL);
            PacketBatch out = two.batch();
            PacketBatch in = two.batch();
            var back = turn(raw4().path());
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
