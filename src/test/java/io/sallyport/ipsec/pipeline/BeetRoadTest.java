package io.sallyport.ipsec.pipeline;

import static io.sallyport.ipsec.pipeline.TwoGateways.CBC_SHA1;
import static io.sallyport.ipsec.pipeline.TwoGateways.GCM;
import static io.sallyport.ipsec.pipeline.TwoGateways.LINK;
import static io.sallyport.ipsec.pipeline.TwoGateways.OWNER;
import static io.sallyport.ipsec.pipeline.TwoGateways.mirror;
import static io.sallyport.ipsec.pipeline.TwoGateways.pair;
import static io.sallyport.ipsec.pipeline.TwoGateways.turn;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.base.packet.Lane;
import io.sallyport.base.packet.PacketBatch;
import io.sallyport.base.telemetry.Drop;
import io.sallyport.crypto.jce.JceEngine;
import io.sallyport.crypto.suite.EspSuite;
import io.sallyport.crypto.suite.Group;
import io.sallyport.crypto.suite.Integrity;
import io.sallyport.ipsec.sad.EspLayout;
import io.sallyport.model.sa.Carriage;
import io.sallyport.model.sa.ChildSa;
import io.sallyport.model.sa.PolicyEntry;
import io.sallyport.model.spec.Mode;
import io.sallyport.model.spec.SelectorPair;
import io.sallyport.testkit.InnerPackets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// BEET mode: inner addresses that do not travel.
class BeetRoadTest {
    private static final EspSuite AH = EspSuite.ah(Integrity.HMAC_SHA2_256_128, Group.NONE, false);

    private final Random random = new Random(8);

    private static SelectorPair inner(boolean v6) {
        return v6
                ? pair(List.of("fd01::7/128"), List.of("fd02::9/128"))
                : pair(List.of("10.1.0.7/32"), List.of("10.2.0.9/32"));
    }

    private static ChildSa beet(EspSuite suite, SelectorPair inner, Carriage c, boolean endA) {
        ChildSa sa = TwoGateways.childSa(1, OWNER, suite, inner, c, 64, endA);
        return new ChildSa(
                sa.id(),
                sa.owner(),
                sa.suite(),
                sa.inbound(),
                sa.outbound(),
                sa.selectors(),
                sa.carriage(),
                new ChildSa.Handling(Mode.BEET, 64));
    }

    private static TwoGateways up(EspSuite suite, boolean v6, Carriage atA) {
        TwoGateways two = new TwoGateways(new JceEngine());
        two.a.link("tun1", LINK);
        two.b.link("tun1", LINK);
        two.a.protect(new PolicyEntry(OWNER, inner(v6), true));
        two.b.protect(new PolicyEntry(OWNER, mirror(inner(v6)), true));
        two.a.install(beet(suite, inner(v6), atA, true));
        two.b.install(beet(suite, mirror(inner(v6)), turn(atA), false));
        two.a.activate(1);
        two.b.activate(1);
        return two;
    }

    static Stream<Arguments> families() {
        return Stream.of(
                        Arguments.of(CBC_SHA1, TwoGateways.raw4()),
                        Arguments.of(CBC_SHA1, TwoGateways.raw6()),
                        Arguments.of(AH, TwoGateways.raw4()),
                        Arguments.of(AH, TwoGateways.raw6()),
                        Arguments.of(CBC_SHA1, TwoGateways.udp4()),
                        Arguments.of(GCM, TwoGateways.udp4()),
                        Arguments.of(GCM, TwoGateways.udp6()))
                .flatMap(a ->
                        Stream.of(false, true).map(v6 -> Arguments.of(a.get()[0], a.get()[1], v6)));
    }

    /// What arrives is what was sent, but for what BEET takes from the outer header; what travels
    /// is as small as in transport mode.
    @ParameterizedTest
    @MethodSource("families")
    void theInnerAddressesComeBack(EspSuite suite, Carriage carriage, boolean v6) {
        int header = v6 ? 40 : 20;
        try (TwoGateways two = up(suite, v6, carriage)) {
            byte[] packet =
                    InnerPackets.udpOf(
                            300, v6 ? "fd01::7" : "10.1.0.7", v6 ? "fd02::9" : "10.2.0.9", random);
            PacketBatch sent = two.aSends(packet);
            if (!suite.isAh()) {
                EspLayout layout = EspLayout.of(suite);
                int padded = 300 - header + 2 + layout.padding(300 - header);
                assertEquals(layout.header() + padded + layout.icv(), sent.length(0));
            }
            PacketBatch received = two.bReceives(sent);
            assertEquals(Lane.TUN, received.lane(0));
            byte[] arrived = received.copy(0);
            assertTrue(InnerPackets.checksumsHold(arrived));
            int addresses = v6 ? 8 : 12;
            assertArrayEquals(
                    Arrays.copyOfRange(packet, addresses, packet.length),
                    Arrays.copyOfRange(arrived, addresses, arrived.length));
        }
    }

    /// What somebody else's BEET would send for a packet with IPv4 options is not taken for one
    /// without.
    @Test
    void optionsDoNotGo() {
        try (TwoGateways two = up(CBC_SHA1, false, TwoGateways.raw4())) {
            byte[] packet = InnerPackets.udpOf(60, "10.1.0.7", "10.2.0.9", random);
            packet[9] = 94;
            two.bReceives(two.aSends(packet));
            assertEquals(1, two.bIn.drops().get(Drop.OPTIONS));
        }
    }

    @Test
    void networksHaveNoBeet() {
        try (TwoGateways two = new TwoGateways(new JceEngine())) {
            two.a.link("tun1", LINK);
            var wide =
                    assertThrows(
                            IllegalArgumentException.class,
                            () ->
                                    two.a.install(
                                            beet(
                                                    CBC_SHA1,
                                                    TwoGateways.sites(),
                                                    TwoGateways.raw4(),
                                                    true)));
            assertTrue(String.valueOf(wide.getMessage()).contains("one address on each side"));
        }
    }
}
