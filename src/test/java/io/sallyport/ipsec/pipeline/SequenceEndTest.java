package io.sallyport.ipsec.pipeline;

import static io.sallyport.ipsec.pipeline.TwoGateways.CBC_SHA1;
import static io.sallyport.ipsec.pipeline.TwoGateways.GCM_ESN;
import static io.sallyport.ipsec.pipeline.TwoGateways.LINK;
import static io.sallyport.ipsec.pipeline.TwoGateways.OWNER;
import static io.sallyport.ipsec.pipeline.TwoGateways.inLane;
import static io.sallyport.ipsec.pipeline.TwoGateways.mirror;
import static io.sallyport.ipsec.pipeline.TwoGateways.sites;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sallyport.base.Secret;
import io.sallyport.base.packet.Lane;
import io.sallyport.base.packet.PacketBatch;
import io.sallyport.base.telemetry.Drop;
import io.sallyport.crypto.jce.JceEngine;
import io.sallyport.crypto.suite.EspSuite;
import io.sallyport.crypto.suite.Group;
import io.sallyport.crypto.suite.Integrity;
import io.sallyport.model.sa.AhPair;
import io.sallyport.model.sa.Carriage;
import io.sallyport.model.sa.ChildSa;
import io.sallyport.model.sa.PolicyEntry;
import io.sallyport.model.sa.SaHalf;
import io.sallyport.testkit.InnerPackets;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The end of the numbers: RFC 4303, 3.3.3. SAs that begin shortly before it, as manual keys can.
class SequenceEndTest {
    private static final long LAST = 0xffff_ffffL;

    private final Random random = new Random(12);

    private static SaHalf at(SaHalf half, long sequence) {
        return new SaHalf(half.spi(), half.encryptionKey(), half.integrityKey(), sequence);
    }

    private static ChildSa sa(EspSuite suite, long sequence, int window, boolean endA) {
        Carriage c = endA ? TwoGateways.raw4() : TwoGateways.turn(TwoGateways.raw4());
        ChildSa sa =
                TwoGateways.childSa(
                        1, OWNER, suite, endA ? sites() : mirror(sites()), c, window, endA);
        SaHalf in = at(sa.inbound(), sequence);
        SaHalf out = at(sa.outbound(), sequence);
        Optional<AhPair> ah = Optional.empty();
        if (suite.isBundle()) {
            SaHalf one = new SaHalf(0x5001, Secret.EMPTY, Secret.of(new byte[20]), 0);
            SaHalf two = new SaHalf(0x5002, Secret.EMPTY, Secret.of(new byte[20]), 0);
            ah =
                    Optional.of(
                            endA
                                    ? new AhPair(at(one, sequence), at(two, sequence))
                                    : new AhPair(at(two, sequence), at(one, sequence)));
        }
        return new ChildSa(
                sa.id(),
                sa.owner(),
                suite,
                in,
                out,
                sa.selectors(),
                c,
                new ChildSa.Handling(
                        sa.handling().mode(),
                        window,
                        Optional.empty(),
                        sa.handling().volume(),
                        ah));
    }

    private static TwoGateways up(EspSuite suite, long sequence, int window) {
        TwoGateways two = new TwoGateways(new JceEngine());
        two.a.link("tun1", LINK);
        two.b.link("tun1", LINK);
        two.a.protect(new PolicyEntry(OWNER, sites(), true));
        two.b.protect(new PolicyEntry(OWNER, mirror(sites()), true));
        two.a.install(sa(suite, sequence, window, true));
        two.b.install(sa(suite, sequence, window, false));
        two.a.activate(1);
        two.b.activate(1);
        return two;
    }

    private int delivered(TwoGateways two) {
        byte[] packet = InnerPackets.udpOf(100, "10.1.0.1", "10.2.0.1", random);
        PacketBatch sent = two.aSends(packet, packet, packet, packet);
        return inLane(two.bReceives(sent), Lane.TUN);
    }

    /// RFC 4303, 3.3.3: "the sender MUST NOT send a packet on an SA if doing so would cause the
    /// sequence number to cycle": the tunnel stops, and says why.
    @ParameterizedTest
    @ValueSource(ints = {0, 64})
    void withoutEsnItStops(int window) {
        try (TwoGateways two = up(CBC_SHA1, LAST - 6, window)) {
            assertEquals(4, delivered(two));
            assertEquals(2, delivered(two));
            assertEquals(0, delivered(two));
            assertEquals(6, two.aOut.drops().get(Drop.SEQUENCE_EXHAUSTED));
        }
    }

    @Test
    void aBundleStopsWithBothItsSas() {
        EspSuite bundle = CBC_SHA1.within(Integrity.HMAC_SHA1_96);
        try (TwoGateways two = up(bundle, LAST - 2, 64)) {
            assertEquals(2, delivered(two));
            assertEquals(2, two.aOut.drops().get(Drop.SEQUENCE_EXHAUSTED));
        }
    }

    /// RFC 4304: the high half goes up, and both ends agree on it although it is not sent.
    @ParameterizedTest
    @ValueSource(ints = {0, 64, 4096})
    void withEsnItGoesOn(int window) {
        EspSuite cbc =
                new EspSuite(CBC_SHA1.cipher(), Integrity.HMAC_SHA2_256_128, Group.NONE, true);
        for (EspSuite suite : new EspSuite[] {GCM_ESN, cbc}) {
            try (TwoGateways two = up(suite, LAST - 6, window)) {
                for (int i = 0; i < 4; i++) {
                    assertEquals(4, delivered(two));
                }
                assertEquals(LAST + 10, two.a.associations().getFirst().sequenceOut());
                assertEquals(LAST + 10, two.b.associations().getFirst().highestIn());
            }
        }
    }

    /// What was sent before the SA was set to go on is not taken again.
    @Test
    void numbersBelowTheStartCountAsSeen() {
        try (TwoGateways old = up(CBC_SHA1, 0, 64);
                TwoGateways next = up(CBC_SHA1, 4, 64)) {
            byte[] packet = InnerPackets.udpOf(100, "10.1.0.1", "10.2.0.1", random);
            PacketBatch first = old.aSends(packet, packet, packet, packet, packet);
            assertEquals(1, inLane(next.bReceives(first), Lane.TUN));
            assertEquals(4, next.bIn.drops().get(Drop.REPLAYED));
        }
    }
}
