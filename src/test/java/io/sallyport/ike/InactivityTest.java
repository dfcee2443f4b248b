package io.sallyport.ike;

import static io.sallyport.testkit.TwoPeers.SECOND;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.model.command.Command;
import io.sallyport.model.event.Event;
import io.sallyport.testkit.MemoryBackend;
import io.sallyport.testkit.Specs;
import io.sallyport.testkit.TwoPeers;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/// A child that carries nothing for so long as `inactivity` says is closed, and its IKE SA stays.
class InactivityTest {
    private static final Duration IDLE = Duration.ofSeconds(60);

    private static Specs a(boolean two) {
        Specs specs = new Specs().between("192.0.2.1", "192.0.2.2").inactivity(IDLE);
        return two ? specs.v2() : specs;
    }

    private static Specs b(boolean two) {
        Specs specs = new Specs().between("192.0.2.2", "192.0.2.1").passive();
        return two ? specs.v2() : specs;
    }

    private static TwoPeers peers(boolean two) {
        return new TwoPeers(5, TestCrypto.CRYPTO, a(two).build(), b(two).build()).establish();
    }

    private static List<String> closed(TwoPeers.Peer peer) {
        return peer.events(Event.ChildClosed.class).map(Event.ChildClosed::why).toList();
    }

    @Test
    void anIdleChildIsClosedAndComesWhenItIsAskedFor() {
        for (boolean two : new boolean[] {false, true}) {
            TwoPeers p = peers(two);
            p.run(50 * SECOND);
            assertTrue(p.exchange());
            p.run(55 * SECOND);
            assertTrue(p.a.isUp(), "a packet came 55 s ago");
            p.run(6 * SECOND);
            assertEquals(List.of("no traffic for 60 s (inactivity)"), closed(p.a));
            p.run(5 * SECOND);
            assertEquals(0, p.a.backend.size());
            assertEquals(0, p.b.backend.size(), "the peer was told");
            assertEquals(1, p.a.ikeSas());
            assertEquals(1, p.b.ikeSas());
            p.run(300 * SECOND);
            assertEquals(0, p.a.backend.size(), "nobody wants it");
            p.a.command(new Command.Initiate("Tunnel1", "Tunnel1"));
            assertTrue(p.runUntil(() -> p.a.isUp() && p.b.isUp(), 20 * SECOND));
            assertTrue(p.exchange());
        }
    }

    /// Fresh keys are no traffic: the child ends when it would have ended without them.
    @Test
    void rekeyingKeepsNoIdleChild() {
        for (boolean two : new boolean[] {false, true}) {
            TwoPeers p = peers(two);
            assertTrue(p.exchange());
            p.run(40 * SECOND);
            p.a.command(new Command.Rekey("Tunnel1", "Tunnel1"));
            p.run(15 * SECOND);
            assertTrue(p.a.isUp());
            p.run(10 * SECOND);
            assertFalse(p.a.isUp(), "after 65 s: " + p.a.events);
            assertEquals(0, p.b.backend.size());
        }
    }

    /// The peer that idles, too, takes our end of it for what it would have done itself.
    @Test
    void theOtherEndDoesNotBringItBack() {
        for (boolean two : new boolean[] {false, true}) {
            Specs b =
                    new Specs().between("192.0.2.2", "192.0.2.1").inactivity(IDLE.plusMillis(500));
            TwoPeers p =
                    new TwoPeers(5, TestCrypto.CRYPTO, a(two).build(), (two ? b.v2() : b).build());
            p.establish();
            p.run(90 * SECOND);
            assertEquals(0, p.a.backend.size(), "IKEv" + (two ? 2 : 1) + ": " + p.b.events);
            assertEquals(0, p.b.backend.size());
        }
    }

    /// Nobody wants it: reauthentication, whose AUTH would bring it, does not take place.
    @Test
    void reauthenticationDoesNotBringItBack() {
        TwoPeers p =
                new TwoPeers(
                                5,
                                TestCrypto.CRYPTO,
                                a(true).reauthenticated(Duration.ofMinutes(10)).build(),
                                b(true).reauthenticated(Duration.ofMinutes(10)).build())
                        .establish();
        p.run(25 * 60 * SECOND);
        assertEquals(0, p.a.backend.size() + p.b.backend.size(), () -> "" + p.a.events);
        assertEquals(1, p.a.events(Event.ChildEstablished.class).count(), () -> "" + p.a.events);
        assertEquals(0, p.a.ikeSas());
        p.a.command(new Command.Initiate("Tunnel1", "Tunnel1"));
        assertTrue(p.runUntil(() -> p.a.isUp() && p.b.isUp(), 20 * SECOND));
    }

    /// Only the old SA carries packets, as long as the peer has not shown that it has the new one.
    @Test
    void whatTheOldSaCarriesCounts() {
        TwoPeers p =
                new TwoPeers(
                                5,
                                TestCrypto.CRYPTO,
                                a(true).inactivity(Duration.ofSeconds(20)).build(),
                                b(true).build())
                        .establish();
        p.b.command(new Command.Rekey("Tunnel1", "Tunnel1"));
        MemoryBackend.Token old = p.b.backend.send("Tunnel1").orElseThrow();
        p.middle(f -> f.from() == p.b && f.octets().at(18) == 37 ? TwoPeers.LOST : f);
        for (int i = 0; i < 70; i++) {
            p.run(SECOND);
            p.a.backend.receive(old, p.now());
            assertTrue(p.a.isUp(), "after " + i + " s: " + p.a.events);
        }
    }

    @Test
    void trafficKeepsIt() {
        for (boolean two : new boolean[] {false, true}) {
            TwoPeers p = peers(two);
            for (int i = 0; i < 20; i++) {
                p.run(30 * SECOND);
                assertTrue(p.exchange(), "after " + 30 * i + " s");
            }
        }
    }
}
