package io.sallyport.ike;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.ike.machine.Input;
import io.sallyport.ike.machine.Output;
import io.sallyport.model.spec.IkeVersion;
import io.sallyport.testkit.Specs;
import io.sallyport.testkit.TwoPeers;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A padded INFORMATIONAL (IKEv2) or R-U-THERE (IKEv1) asks what the path takes, and never harms
/// the IKE SA that carries it.
class PathProbeTest {
    private static final long SECOND = TwoPeers.SECOND;

    private static TwoPeers peers(IkeVersion version) {
        return peers(7, version);
    }

    private static TwoPeers peers(long seed, IkeVersion version) {
        Specs a = new Specs().between("192.0.2.1", "192.0.2.2");
        Specs b = new Specs().between("192.0.2.2", "192.0.2.1").passive();
        boolean v2 = version == IkeVersion.IKEV2;
        return new TwoPeers(
                        seed,
                        TestCrypto.CRYPTO,
                        (v2 ? a.v2() : a).build(),
                        (v2 ? b.v2() : b).build())
                .establish();
    }

    private static void probe(TwoPeers p, int octets) {
        p.a.input(new Input.ProbePath(p.a.backend.active("Tunnel1").orElseThrow().id(), octets));
    }

    /// ```text
    ///  a  --- SK{N(48879, zeros)}, DF --> b      a  --- R-U-THERE 7, N(39919, zeros), DF --> b
    ///  a <--- SK{} ---------------------- b      a <--- R-U-THERE-ACK 7 -------------------- b
    /// ```
    @ParameterizedTest
    @EnumSource(names = {"IKEV1", "IKEV2"})
    void whatPassesIsAnsweredAtOnce(IkeVersion version) {
        TwoPeers p = peers(version);
        for (int octets : List.of(1280, 1400, 1500)) {
            p.a.probed.clear();
            probe(p, octets);
            p.run(SECOND / 2);
            Output.Probed seen = p.a.probed.getFirst();
            assertTrue(seen.passed(), seen.toString());
            assertTrue(seen.octets() <= octets && seen.octets() > octets - 16, seen.toString());
        }
    }

    /// ```text
    ///  a  --- SK{N(48879, zeros)}, DF --> (too narrow)     R-U-THERE 7, long
    ///  a  --- the same, without DF -----> b                R-U-THERE 8, short: a second later
    ///  a <--- SK{} ---------------------- b                R-U-THERE-ACK 8
    /// ```
    @ParameterizedTest
    @EnumSource(names = {"IKEV1", "IKEV2"})
    void whatDoesNotPassComesWithoutDf(IkeVersion version) {
        TwoPeers p = peers(version);
        p.a.pathMtu = 1300;
        probe(p, 1500);
        p.run(SECOND * 9 / 10);
        assertTrue(p.a.probed.isEmpty());
        p.run(SECOND / 2);
        assertEquals(1, p.a.probed.size());
        assertTrue(!p.a.probed.getFirst().passed());
        probe(p, 1280);
        p.run(SECOND / 2);
        assertTrue(p.a.probed.getLast().passed());
        assertEquals(1, p.a.ikeSas());
        assertTrue(p.exchange());
    }

    /// A path that lets no fragment through: the third is small, and the IKE SA lives.
    @ParameterizedTest
    @EnumSource(names = {"IKEV1", "IKEV2"})
    void fragmentsThatAreLostDoNotEndTheIkeSa(IkeVersion version) {
        TwoPeers p = peers(version);
        p.a.pathMtu = 1300;
        p.middle(f -> f.octets().length() > 1300 ? TwoPeers.LOST : f);
        probe(p, 1500);
        p.run(10 * SECOND);
        assertEquals(1, p.a.probed.size());
        assertTrue(!p.a.probed.getFirst().passed());
        p.run(300 * SECOND);
        assertEquals(1, p.a.ikeSas());
        assertEquals(1, p.b.ikeSas());
    }

    @Test
    void aBadLineIsSurvived() {
        for (int seed = 1; seed <= 30; seed++) {
            TwoPeers p = peers(seed, IkeVersion.IKEV2);
            p.wire.faults(25, 10, 10);
            for (int round = 0; round < 5; round++) {
                probe(p, 1500);
                p.run(40 * SECOND);
            }
            assertEquals(1, p.a.ikeSas(), "seed " + seed);
            assertTrue(p.a.probed.size() >= 4, "seed " + seed + ": " + p.a.probed);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"IKEV1", "IKEV2"})
    void noAnswerSaysNothing(IkeVersion version) {
        TwoPeers p = peers(version);
        p.middle(_ -> TwoPeers.LOST);
        probe(p, 1500);
        p.run(10 * SECOND);
        assertTrue(p.a.probed.isEmpty());
        p.middle(f -> f);
        p.run(60 * SECOND);
        assertEquals(1, p.a.ikeSas());
        assertTrue(p.a.probed.stream().noneMatch(Output.Probed::passed));
    }

    @ParameterizedTest
    @EnumSource(names = {"IKEV1", "IKEV2"})
    void nothingIsAskedWhileSomethingIsUnderWay(IkeVersion version) {
        TwoPeers p = peers(version);
        probe(p, 1500);
        probe(p, 1400);
        p.run(SECOND);
        assertEquals(1, p.a.probed.size());
    }

    /// RFC 3706, 5.4: numbers of R-U-THERE grow; the long one, the short ones and those of dead
    /// peer detection share them, and none takes an answer for another's.
    @Test
    void deadPeerDetectionGoesOn() {
        TwoPeers p = peers(IkeVersion.IKEV1);
        for (int round = 0; round < 20; round++) {
            p.a.pathMtu = round % 2 == 0 ? 1500 : 1300;
            p.a.probed.clear();
            probe(p, 1500);
            p.run(20 * SECOND);
            assertEquals(1, p.a.probed.size(), "round " + round);
            assertEquals(round % 2 == 0, p.a.probed.getFirst().passed());
        }
        assertEquals(1, p.a.ikeSas());
        assertTrue(p.exchange());
    }

    /// The answer to a short one is to a number that dead peer detection did not send: what has
    /// passed since *it* asked is no round trip.
    @Test
    void theAnswerToAShortOneIsNoRoundTripOfDeadPeerDetection() {
        TwoPeers p = peers(IkeVersion.IKEV1);
        p.a.pathMtu = 1300;
        for (int round = 0; round < 5; round++) {
            p.run(27 * SECOND);
            probe(p, 1500);
            p.run(3 * SECOND);
            long rtt = p.a.engine().views().getFirst().peer().rttNanos();
            assertTrue(rtt < SECOND, "round " + round + ": " + rtt);
        }
    }
}
