package io.sallyport.ipsec.pipeline;

import static io.sallyport.ipsec.pipeline.TwoGateways.deliver;
import static io.sallyport.ipsec.pipeline.TwoGateways.inLane;
import static io.sallyport.ipsec.pipeline.TwoGateways.udp4;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.base.packet.Lane;
import io.sallyport.base.packet.PacketBatch;
import io.sallyport.base.telemetry.Drop;
import io.sallyport.crypto.jce.JceEngine;
import io.sallyport.crypto.suite.Cipher;
import io.sallyport.crypto.suite.Encryption;
import io.sallyport.crypto.suite.EspSuite;
import io.sallyport.crypto.suite.Group;
import io.sallyport.crypto.suite.Integrity;
import io.sallyport.testkit.InnerPackets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The road with the ciphers it is built for: every suite that the JCE engine offers, with and
/// without ESN (S2-06, S4-27).
class RealCipherRoadTest {
    private static final JceEngine ENGINE = new JceEngine();

    private static List<EspSuite> offered() {
        List<EspSuite> suites = new ArrayList<>();
        for (Encryption encryption : Encryption.values()) {
            for (int bits : encryption.keyBits()) {
                for (Integrity integrity : Integrity.values()) {
                    if (encryption.isAead() != (integrity == Integrity.NONE)) {
                        continue;
                    }
                    for (boolean esn : new boolean[] {false, true}) {
                        EspSuite suite =
                                new EspSuite(
                                        Cipher.of(encryption, bits), integrity, Group.NONE, esn);
                        if (ENGINE.offers(suite)) {
                            suites.add(suite);
                        }
                    }
                }
            }
        }
        return suites;
    }

    @Test
    void everySuiteCarriesPacketsAndDropsFlippedBits() {
        List<EspSuite> suites = offered();
        assertTrue(suites.size() >= 60, "only " + suites.size() + " suites");
        Random random = new Random(12);
        for (EspSuite suite : suites) {
            try (TwoGateways two = TwoGateways.up(ENGINE, suite, udp4(), 64)) {
                byte[][] inner = new byte[40][];
                for (int i = 0; i < inner.length; i++) {
                    inner[i] =
                            i % 2 == 0
                                    ? InnerPackets.udpOf(48 + i, "10.1.0.9", "10.2.0.9", random)
                                    : InnerPackets.udpOf(1400 - i, "fd01::9", "fd02::9", random);
                }
                PacketBatch sent = two.aSends(inner);
                byte[] bad = sent.copy(7);
                PacketBatch got = two.bReceives(sent);
                assertEquals(inner.length, inLane(got, Lane.TUN), suite.toString());
                for (int i = 0; i < inner.length; i++) {
                    assertArrayEquals(inner[i], got.copy(i), suite.toString());
                }
                bad[7] = 60; // a number not seen yet
                PacketBatch flipped = two.batch();
                deliver(flipped, Lane.UDP, TwoGateways.turn(udp4().path()), bad);
                two.bIn.process(flipped, 0);
                assertEquals(Lane.DROPPED, flipped.lane(0));
                assertEquals(1, two.bIn.drops().get(Drop.BAD_ICV), suite.toString());
            }
        }
    }

    /// What the source configuration of AWS uses, and AES-GCM.
    @Test
    void mutatedPacketsDoNothing() {
        HostileRoadTest.mutate(ENGINE, TwoGateways.CBC_SHA1, 15_000, 3);
        HostileRoadTest.mutate(ENGINE, TwoGateways.GCM_ESN, 15_000, 4);
    }

    @Test
    @Tag("slow")
    void aMillionMutatedPacketsDoNothing() {
        HostileRoadTest.mutate(ENGINE, TwoGateways.CBC_SHA1, 400_000, 5);
        HostileRoadTest.mutate(ENGINE, TwoGateways.GCM, 300_000, 6);
        HostileRoadTest.mutate(ENGINE, TwoGateways.GCM_ESN, 300_000, 7);
    }
}
