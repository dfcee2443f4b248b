package io.sallyport.ike;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.ike.machine.Input;
import io.sallyport.ike.machine.Output;
import io.sallyport.testkit.Specs;
import io.sallyport.testkit.TwoPeers;
import java.util.List;
import org.junit.jupiter.api.Test;

/// A padded INFORMATIONAL asks what the path takes, and never harms the IKE SA that carries it.
class PathProbeTest {
    private static final long SECOND = TwoPeers.SECOND;

    private static TwoPeers peers() {
        return peers(7);
    }

    private static TwoPeers peers(long seed) {
        return new TwoPeers(
                        seed,
                        TestCrypto.CRYPTO,
                        new Specs().between("192.0.2.1", "192.0.2.2").v2().build(),
                        new Specs().between("192.0.2.2", "192.0.2.1").v2().passive().build())
                .establish();
    }

    private static void probe(TwoPeers p, int octets) {
        p.a.input(new Input.ProbePath(p.a.backend.active("Tunnel1").orElseThrow().id(), octets));
    }

    /// ```text
    ///  a  --- SK{N(48879, zeros)}, DF --> b
    ///  a <--- SK{} ---------------------- b
    /// ```
    @Test
    void whatPassesIsAnsweredAtOnce() {
        TwoPeers p = peers();
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
    ///  a  --- SK{N(48879, zeros)}, DF --> (too narrow)
    ///  a  --- the same, without DF -----> b               a second later
    ///  a <--- SK{} ---------------------- b
    /// ```
    @Test
    void whatDoesNotPassComesWithoutDf() {
        TwoPeers p = peers();
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
    @Test
    void fragmentsThatAreLostDoNotEndTheIkeSa() {
        TwoPeers p = peers();
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
            TwoPeers p = peers(seed);
            p.wire.faults(25, 10, 10);
            for (int round = 0; round < 5; round++) {
                probe(p, 1500);
                p.run(40 * SECOND);
            }
            assertEquals(1, p.a.ikeSas(), "seed " + seed);
            assertTrue(p.a.probed.size() >= 4, "seed " + seed + ": " + p.a.probed);
        }
    }

    @Test
    void noAnswerSaysNothing() {
        TwoPeers p = peers();
        p.middle(_ -> TwoPeers.LOST);
        probe(p, 1500);
        p.run(10 * SECOND);
        assertTrue(p.a.probed.isEmpty());
        p.middle(f -> f);
        p.run(60 * SECOND);
        assertEquals(1, p.a.ikeSas());
        assertTrue(p.a.probed.stream().noneMatch(Output.Probed::passed));
    }

    @Test
    void nothingIsAskedWhileSomethingIsUnderWay() {
        TwoPeers p = peers();
        probe(p, 1500);
        probe(p, 1400);
        p.run(SECOND);
        assertEquals(1, p.a.probed.size());
    }
}
