package io.sallyport.ipsec.pipeline;

import static io.sallyport.ipsec.pipeline.TwoGateways.CBC_SHA1;
import static io.sallyport.ipsec.pipeline.TwoGateways.GCM;
import static io.sallyport.ipsec.pipeline.TwoGateways.GCM_ESN;
import static io.sallyport.ipsec.pipeline.TwoGateways.deliver;
import static io.sallyport.ipsec.pipeline.TwoGateways.inLane;
import static io.sallyport.ipsec.pipeline.TwoGateways.udp4;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.base.net.Path;
import io.sallyport.base.packet.Lane;
import io.sallyport.base.packet.PacketBatch;
import io.sallyport.crypto.engine.CryptoEngine;
import io.sallyport.crypto.suite.EspSuite;
import io.sallyport.ipsec.replay.ReplayWindow;
import io.sallyport.testkit.InnerPackets;
import io.sallyport.testkit.ToyEngine;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// A wrong octet anywhere: no exception, nothing released, no window moved.
class HostileRoadTest {
    private static final Path AT_B = TwoGateways.turn(udp4().path());

    @Test
    void aHundredThousandMutatedPacketsDoNothing() {
        for (EspSuite suite : List.of(CBC_SHA1, GCM, GCM_ESN)) {
            mutate(new ToyEngine(), suite, 34_000, 1);
        }
    }

    @Test
    @Tag("slow")
    void aMillionMutatedPacketsDoNothing() {
        for (EspSuite suite : List.of(CBC_SHA1, GCM, GCM_ESN)) {
            mutate(new ToyEngine(), suite, 334_000, 2);
        }
    }

    static void mutate(CryptoEngine engine, EspSuite suite, int packets, long seed) {
        Random random = new Random(seed);
        try (TwoGateways two = TwoGateways.up(engine, suite, udp4(), 1024)) {
            // Good packets that B has not seen, so that no mutant is a mere replay
            byte[][] good = new byte[64][];
            for (int i = 0; i < good.length; i++) {
                int total = 48 + random.nextInt(150);
                good[i] = two.sealedByA(InnerPackets.udpOf(total, "10.1.0.9", "10.2.0.9", random));
            }
            ReplayWindow window = Objects.requireNonNull(two.b.sad().find(1002), "no SA").window();
            PacketBatch batch = two.batch();
            for (int done = 0; done < packets; done += batch.count()) {
                batch.clear();
                while (!batch.isFull()) {
                    byte[] mutant = mutant(good[random.nextInt(good.length)], random);
                    Lane lane = random.nextBoolean() ? Lane.UDP : Lane.RAW;
                    deliver(batch, lane, AT_B, mutant);
                }
                two.bIn.process(batch, done);
                assertEquals(0, inLane(batch, Lane.TUN), "released");
                assertEquals(0, window.top(), "window moved");
            }
            assertEquals(0, two.b.usage(1).packetsIn());
            assertTrue(two.moves.isEmpty());
            long dropped = two.bIn.drops().snapshot().values().stream().mapToLong(n -> n).sum();
            assertTrue(dropped > packets * 9L / 10, "only " + dropped + " were counted");
            // and all the good ones still pass
            batch.clear();
            for (byte[] packet : good) {
                deliver(batch, Lane.UDP, AT_B, packet);
            }
            two.bIn.process(batch, 0);
            assertEquals(good.length, inLane(batch, Lane.TUN));
        }
    }

    /// Never the packet itself.
    private static byte[] mutant(byte[] good, Random random) {
        byte[] bad = good.clone();
        switch (random.nextInt(6)) {
            case 0 -> bad[random.nextInt(bad.length)] ^= (byte) (1 << random.nextInt(8));
            case 1 -> bad[random.nextInt(bad.length)] ^= (byte) (1 + random.nextInt(255));
            case 2 -> bad = Arrays.copyOf(bad, random.nextInt(bad.length));
            case 3 -> bad = Arrays.copyOf(bad, bad.length + 1 + random.nextInt(64));
            case 4 -> {
                int from = random.nextInt(bad.length);
                byte[] noise = new byte[bad.length - from];
                random.nextBytes(noise);
                System.arraycopy(noise, 0, bad, from, noise.length);
                bad[from] = (byte) (good[from] ^ 0x55);
            }
            default -> {
                int at = 8 + random.nextInt(bad.length - 8);
                bad[at] ^= 1;
                bad[random.nextInt(8)] ^= (byte) random.nextInt(2);
            }
        }
        return bad;
    }

    /// What comes from the inside may be anything too.
    @Test
    void anyOctetsFromTheTunAreSealedOrDropped() {
        Random random = new Random(3);
        try (TwoGateways two = TwoGateways.up(new ToyEngine(), GCM, udp4(), 64)) {
            for (int round = 0; round < 400; round++) {
                PacketBatch batch = two.batch();
                for (int k = 0; k < 32; k++) {
                    int total = 48 + random.nextInt(1500);
                    byte[] p =
                            random.nextBoolean()
                                    ? InnerPackets.udpOf(total, "10.1.0.9", "10.2.0.9", random)
                                    : InnerPackets.udpOf(total, "fd01::9", "fd02::9", random);
                    for (int m = random.nextInt(4); m > 0; m--) {
                        p[random.nextInt(48)] = (byte) random.nextInt();
                    }
                    int i = batch.add();
                    batch.fill(i, p, 0, random.nextInt(8) == 0 ? random.nextInt(48) : p.length);
                    batch.link(i, TwoGateways.LINK);
                }
                two.aOut.process(batch, round * 1_000_000L);
                for (int i = 0; i < batch.count(); i++) {
                    assertTrue(
                            batch.lane(i) != Lane.IKE
                                    && (batch.lane(i) != Lane.UDP || batch.path(i) != null));
                }
                PacketBatch got = two.bReceives(batch);
                assertEquals(inLane(batch, Lane.UDP), inLane(got, Lane.TUN));
            }
        }
    }
}
