package io.sallyport.ike;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.ike.machine.Input;
import io.sallyport.model.event.Event;
import io.sallyport.model.sa.ChildSa;
import io.sallyport.model.sa.VolumeLimits;
import io.sallyport.model.sa.VolumeMark;
import io.sallyport.testkit.MemoryBackend;
import io.sallyport.testkit.Specs;
import io.sallyport.testkit.TwoPeers;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// S4-47: an SA is replaced by time or by volume, whichever comes first, and no packet is lost.
class VolumeTest {
    private static final long SECOND = TwoPeers.SECOND;
    private static final long MILLI = TwoPeers.MILLI;

    private static Specs a() {
        return new Specs().between("192.0.2.1", "192.0.2.2");
    }

    private static Specs b() {
        return new Specs().between("192.0.2.2", "192.0.2.1").passive();
    }

    /// Packets of 1000 octets, one a millisecond, 20 ms on the way. What was lost.
    private static int send(TwoPeers p, TwoPeers.Peer from, TwoPeers.Peer to, int packets) {
        record Flight(long at, MemoryBackend.Token token) {}
        Deque<Flight> flights = new ArrayDeque<>();
        int lost = 0;
        for (int i = 0; i < packets || !flights.isEmpty(); i++) {
            p.run(MILLI);
            while (!flights.isEmpty() && flights.peek().at() <= p.now()) {
                lost += to.backend.receive(flights.remove().token(), p.now()) ? 0 : 1;
            }
            if (i < packets) {
                Optional<MemoryBackend.Token> token = from.backend.send(from.child());
                token.ifPresent(t -> flights.add(new Flight(p.now() + 20 * MILLI, t)));
                lost += token.isPresent() ? 0 : 1;
            }
        }
        return lost;
    }

    /// S4-47: `kilobytes 2560`: replaced after about 2.5 MB in either direction, whichever end has
    /// the limit, nothing lost.
    @Test
    void twoAndAHalfMegabytes() {
        for (boolean limitAtA : new boolean[] {true, false}) {
            for (boolean fromA : new boolean[] {true, false}) {
                Specs ofA = limitAtA ? a().volume(2_560_000, 0) : a();
                Specs ofB = limitAtA ? b() : b().volume(2_560_000, 0);
                TwoPeers p =
                        new TwoPeers(5, TestCrypto.CRYPTO, ofA.build(), ofB.build()).establish();
                TwoPeers.Peer from = fromA ? p.a : p.b;
                TwoPeers.Peer to = fromA ? p.b : p.a;
                p.run(SECOND);
                assertEquals(0, send(p, from, to, 1_700));
                assertEquals(1, p.a.backend.installs(), "replaced before the soft limit");
                assertEquals(0, send(p, from, to, 25_000 - 1_700));
                // 25 MB: between 10 lives of 2.56 MB and 14 of 70 % of it
                int lives = p.a.backend.installs();
                assertTrue(lives >= 10 && lives <= 15, lives + " SAs for 25 MB");
                p.run(20 * SECOND);
                assertEquals(1, p.a.backend.size());
                assertEquals(1, p.b.backend.size());
                assertFalse(p.a.told(Event.Failed.class::isInstance));
            }
        }
    }

    /// Both ends count the same packets and come to the limit together: one successor is left.
    @Test
    void bothEndsWithTheSameLimit() {
        for (int seed = 1; seed <= 10; seed++) {
            TwoPeers p =
                    new TwoPeers(
                                    seed,
                                    TestCrypto.CRYPTO,
                                    a().volume(500_000, 0).build(),
                                    b().volume(500_000, 0).build())
                            .establish();
            p.run(SECOND);
            assertEquals(0, send(p, p.a, p.b, 3_000), "seed " + seed);
            p.run(20 * SECOND);
            assertEquals(1, p.a.backend.size());
            assertEquals(1, p.b.backend.size());
        }
    }

    @Test
    void packetsAreCountedToo() {
        TwoPeers p =
                new TwoPeers(5, TestCrypto.CRYPTO, a().volume(0, 500).build(), b().build())
                        .establish();
        p.run(SECOND);
        assertEquals(0, send(p, p.a, p.b, 2_000));
        assertTrue(p.a.backend.installs() >= 4, p.a.backend.installs() + " SAs");
    }

    /// The hard limit is one: without a successor the SA ends there, the peer hears of it, and not
    /// one packet more goes through.
    @Test
    void nothingBeyondTheHardLimit() {
        TwoPeers p =
                new TwoPeers(
                                5,
                                TestCrypto.CRYPTO,
                                a().volume(100_000, 0).noRekey().passive().build(),
                                b().actions(new Specs().build().children().getFirst().actions())
                                        .dpd(io.sallyport.model.spec.DpdSpec.OFF)
                                        .noRekey()
                                        .build())
                        .establish();
        ChildSa sa = p.a.backend.active("Tunnel1").orElseThrow();
        p.run(SECOND);
        for (int i = 0; i < 100; i++) {
            assertTrue(p.a.backend.send("Tunnel1").isPresent());
        }
        assertTrue(p.a.backend.send("Tunnel1").isEmpty());
        assertTrue(
                p.a.told(e ->
                        e instanceof Event.ChildClosed c
                                && c.sa().id() == sa.id()
                                && c.why().equals("its volume is used up")));
        p.run(100 * MILLI);
        assertTrue(p.b.told(Event.ChildClosed.class::isInstance), "the peer was told");
    }

    /// A peer that asks for less gets it, and one that asks for more learns of our limit (RFC 2407,
    /// 4.5.4): the limit holds at both ends whoever configured it.
    @Test
    void theSmallerLimitIsAgreed() {
        TwoPeers p =
                new TwoPeers(
                                5,
                                TestCrypto.CRYPTO,
                                a().volume(9_000_000, 0).build(),
                                b().volume(2_560_000, 0).build())
                        .establish();
        assertEquals(2_560_000, limits(p.a).hardOctets());
        assertEquals(2_560_000, limits(p.b).hardOctets());
        TwoPeers q =
                new TwoPeers(
                                5,
                                TestCrypto.CRYPTO,
                                a().volume(2_560_000, 0).build(),
                                b().volume(9_000_000, 0).build())
                        .establish();
        assertEquals(2_560_000, limits(q.a).hardOctets());
        assertEquals(2_560_000, limits(q.b).hardOctets());
    }

    /// The same with the time: RESPONDER-LIFETIME beside message 2.
    @Test
    void theShorterLifeIsAgreed() {
        TwoPeers p =
                new TwoPeers(
                                5,
                                TestCrypto.CRYPTO,
                                a().build(),
                                b().lives(
                                                Duration.ofHours(8),
                                                Duration.ofSeconds(90),
                                                Duration.ofSeconds(5))
                                        .build())
                        .establish();
        var child = p.a.engine().views().getFirst().children().getFirst();
        assertEquals(90 * SECOND, child.expiryNanos() - child.establishedNanos());
    }

    /// RFC 4303, 3.3.3: without extended sequence numbers a successor comes long before the numbers
    /// end, configured or not.
    @Test
    void beforeTheSequenceNumbersEnd() {
        TwoPeers p = new TwoPeers(5, TestCrypto.CRYPTO, a().build(), b().build()).establish();
        VolumeLimits limits = limits(p.a);
        assertEquals((1L << 32) - 1, limits.hardPackets());
        assertTrue(limits.softPackets() > 1L << 31 && limits.softPackets() <= 3L << 30);
        long before = p.a.backend.installs();
        p.a.input(
                new Input.VolumeSpent(
                        p.a.backend.active("Tunnel1").orElseThrow().id(), VolumeMark.SOFT));
        assertTrue(p.runUntil(() -> p.a.backend.installs() > before, SECOND));
    }

    /// News of an SA that is gone, or of nobody's, change nothing.
    @Test
    void lateNews() {
        TwoPeers p = new TwoPeers(5, TestCrypto.CRYPTO, a().build(), b().build()).establish();
        int sent = p.a.sent.size();
        p.a.input(new Input.VolumeSpent(77, VolumeMark.SOFT));
        p.a.input(new Input.VolumeSpent(77, VolumeMark.OVER));
        p.run(SECOND);
        assertEquals(sent, p.a.sent.size());
        assertTrue(p.exchange());
    }

    private static VolumeLimits limits(TwoPeers.Peer peer) {
        return peer.backend.active("Tunnel1").orElseThrow().handling().volume();
    }
}
