package io.sallyport.ike;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.crypto.suite.Group;
import io.sallyport.model.command.Command;
import io.sallyport.model.command.IkeSaView;
import io.sallyport.model.event.Event;
import io.sallyport.model.spec.Actions;
import io.sallyport.testkit.MemoryBackend;
import io.sallyport.testkit.Specs;
import io.sallyport.testkit.TwoPeers;
import io.sallyport.wire.ike.v2.ExchangeType;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/// What runs under an established IKEv2 SA: rekeying, deletes, liveness, and all of it at once.
class V2KeepUpTest {
    private static final long SECOND = TwoPeers.SECOND;
    private static final long MILLI = TwoPeers.MILLI;

    private static Specs a() {
        return new Specs().between("192.0.2.1", "192.0.2.2").v2();
    }

    private static Specs b() {
        return new Specs().between("192.0.2.2", "192.0.2.1").v2().passive();
    }

    private static TwoPeers peers(long seed) {
        return new TwoPeers(seed, TestCrypto.CRYPTO, a().build(), b().build()).establish();
    }

    private static void assertOneOfEach(TwoPeers p, String what) {
        assertEquals(1, p.a.ikeSas(), what + ": IKE SAs of a " + p.a.events);
        assertEquals(1, p.b.ikeSas(), what + ": IKE SAs of b " + p.b.events);
        assertEquals(1, p.a.backend.size(), what + ": child SAs of a " + p.a.events);
        assertEquals(1, p.b.backend.size(), what + ": child SAs of b " + p.b.events);
        assertEquals(
                p.a.backend.active("Tunnel1").orElseThrow().outbound().spi(),
                p.b.backend.active("Tunnel1").orElseThrow().inbound().spi(),
                what);
        assertTrue(p.exchange(), what);
        assertEquals(1, p.a.engine().sessionsHeld(), what + ": sessions of a");
        assertEquals(1, p.b.engine().sessionsHeld(), what + ": sessions of b");
    }

    /// RFC 7296, 1.3.3: with and without PFS, from either end.
    @Test
    void aChildIsRekeyed() {
        for (List<Group> pfs : List.of(List.<Group>of(), List.of(Group.CURVE_25519))) {
            for (boolean fromA : new boolean[] {true, false}) {
                var esp = List.of(Specs.esp2(pfs));
                TwoPeers p =
                        new TwoPeers(
                                        3,
                                        TestCrypto.CRYPTO,
                                        a().esp(esp).build(),
                                        b().esp(esp).build())
                                .establish();
                int before = p.a.backend.active("Tunnel1").orElseThrow().inbound().spi();
                (fromA ? p.a : p.b).command(new Command.Rekey("Tunnel1", "Tunnel1"));
                assertEquals(0, Traffic.lost(p, 15 * SECOND));
                assertOneOfEach(p, pfs + " from " + (fromA ? "a" : "b"));
                var sa = p.a.backend.active("Tunnel1").orElseThrow();
                assertFalse(sa.inbound().spi() == before);
                assertEquals(pfs.isEmpty() ? Group.NONE : Group.CURVE_25519, sa.suite().group());
            }
        }
    }

    /// strongSwan turns to the new SA when the DELETE of the old one comes: what it sent until then
    /// still arrives, and some time later nothing does.
    @Test
    void theOldSaReceivesUntilItsDeletionIsKnownToThePeer() {
        TwoPeers p = new TwoPeers(3, TestCrypto.CRYPTO, a().build(), b().build()).establish();
        MemoryBackend.Token old = p.b.backend.send("Tunnel1").orElseThrow();
        p.a.command(new Command.Rekey("Tunnel1", "Tunnel1"));
        assertTrue(
                p.runUntil(
                        () -> p.a.sent.getLast().at(18) == ExchangeType.INFORMATIONAL,
                        60 * SECOND));
        assertTrue(p.a.backend.receive(old, p.now()), "the DELETE has only just left");
        p.run(SECOND);
        assertFalse(p.a.backend.receive(old, p.now()));
        assertOneOfEach(p, "afterwards");
    }

    /// The same while the DELETE is asked again and again: the peer may not have heard of it yet.
    @Test
    void theOldSaReceivesAsLongAsItsDeletionIsNotAnswered() {
        TwoPeers p = new TwoPeers(3, TestCrypto.CRYPTO, a().build(), b().build()).establish();
        MemoryBackend.Token old = p.b.backend.send("Tunnel1").orElseThrow();
        p.a.command(new Command.Rekey("Tunnel1", "Tunnel1"));
        p.middle(f ->
                f.from() == p.a && f.octets().at(18) == ExchangeType.INFORMATIONAL
                        ? TwoPeers.LOST
                        : f);
        assertTrue(
                p.runUntil(
                        () -> p.a.sent.getLast().at(18) == ExchangeType.INFORMATIONAL,
                        60 * SECOND));
        p.run(5 * SECOND);
        assertTrue(p.a.backend.receive(old, p.now()), "the DELETE did not arrive");
        p.middle(f -> f);
        p.run(20 * SECOND);
        assertFalse(p.a.backend.receive(old, p.now()));
        assertOneOfEach(p, "afterwards");
    }

    /// RFC 7296, 1.3.2: the children go on under the new IKE SA, untouched.
    @Test
    void theIkeSaIsRekeyed() {
        for (boolean fromA : new boolean[] {true, false}) {
            TwoPeers p = peers(4);
            String before = p.a.engine().views().getFirst().keys().initiatorSpi();
            int child = p.a.backend.active("Tunnel1").orElseThrow().inbound().spi();
            (fromA ? p.a : p.b).command(new Command.Rekey("Tunnel1", ""));
            assertEquals(0, Traffic.lost(p, 15 * SECOND));
            assertOneOfEach(p, "from " + (fromA ? "a" : "b"));
            assertFalse(p.a.engine().views().getFirst().keys().initiatorSpi().equals(before));
            assertEquals(fromA, p.a.engine().views().getFirst().keys().initiator());
            assertEquals(child, p.a.backend.active("Tunnel1").orElseThrow().inbound().spi());
            // and the new one works: another rekeying, of a child and of itself
            p.b.command(new Command.Rekey("Tunnel1", "Tunnel1"));
            p.run(10 * SECOND);
            p.a.command(new Command.Rekey("Tunnel1", ""));
            p.run(15 * SECOND);
            assertOneOfEach(p, "again");
        }
    }

    /// The lab `matrix` met it with strongSwan's make_before_break: over the new IKE SA nothing is
    /// said before the old one is deleted, and no packet comes. The new child must be told of all
    /// the same, and before the old one's end, or the host takes the tunnel's routes away.
    @Test
    void aChildThatTakesOverUnconfirmedIsToldOf() {
        TwoPeers p = peers(9);
        IkeSaView.Keys ike = p.a.engine().views().getFirst().keys();
        int told = p.b.events.size();
        p.a.command(new Command.RekeyIke("Tunnel1", ike, true));
        p.run(20 * SECOND);
        List<Event> after = p.b.events.subList(told, p.b.events.size());
        long used = p.b.backend.active("Tunnel1").orElseThrow().id();
        int came =
                indexOf(after, e -> e instanceof Event.ChildEstablished c && c.sa().id() == used);
        int went = indexOf(after, e -> e instanceof Event.ChildClosed c && c.sa().id() != used);
        assertTrue(came >= 0 && came < went, () -> after.toString());
        assertOneOfEach(p, "reauthenticated");
    }

    private static int indexOf(List<Event> events, Predicate<Event> wanted) {
        return events.stream().map(wanted::test).toList().indexOf(true);
    }

    /// RFC 7296, 2.8.1: both rekey the child at once; with any delay between the two, and a bad
    /// line.
    @Test
    void crossingRekeysOfAChild() {
        for (int seed = 1; seed <= 60; seed++) {
            TwoPeers p = peers(seed);
            p.run(2 * SECOND);
            p.wire.faults(seed % 3 == 0 ? 25 : 0, seed % 3 == 1 ? 25 : 0, seed % 2 == 0 ? 40 : 0);
            p.a.command(new Command.Rekey("Tunnel1", "Tunnel1"));
            p.run(seed % 7 * 7 * MILLI);
            p.b.command(new Command.Rekey("Tunnel1", "Tunnel1"));
            int lost = Traffic.lost(p, 20 * SECOND);
            p.wire.faults(0, 0, 0);
            p.run(30 * SECOND);
            assertEquals(0, lost, "seed " + seed);
            assertOneOfEach(p, "seed " + seed);
        }
    }

    /// RFC 7296, 2.8.2: both rekey the IKE SA at once.
    @Test
    void crossingRekeysOfTheIkeSa() {
        for (int seed = 1; seed <= 60; seed++) {
            TwoPeers p = peers(seed);
            p.run(2 * SECOND);
            p.wire.faults(seed % 3 == 0 ? 25 : 0, seed % 3 == 1 ? 25 : 0, seed % 2 == 0 ? 40 : 0);
            p.a.command(new Command.Rekey("Tunnel1", ""));
            p.run(seed % 7 * 7 * MILLI);
            p.b.command(new Command.Rekey("Tunnel1", ""));
            int lost = Traffic.lost(p, 20 * SECOND);
            p.wire.faults(0, 0, 0);
            p.run(60 * SECOND);
            assertEquals(0, lost, "seed " + seed);
            assertOneOfEach(p, "seed " + seed);
        }
    }

    /// RFC 7296, 2.25.2: one rekeys the IKE SA, the other the child, at once.
    @Test
    void rekeyOfTheIkeSaCrossesRekeyOfAChild() {
        for (int seed = 1; seed <= 60; seed++) {
            TwoPeers p = peers(seed);
            p.run(2 * SECOND);
            p.wire.faults(seed % 3 == 0 ? 25 : 0, seed % 3 == 1 ? 25 : 0, seed % 2 == 0 ? 40 : 0);
            p.a.command(new Command.Rekey("Tunnel1", ""));
            p.run(seed % 7 * 7 * MILLI);
            p.b.command(new Command.Rekey("Tunnel1", "Tunnel1"));
            int lost = Traffic.lost(p, 20 * SECOND);
            p.wire.faults(0, 0, 0);
            p.run(60 * SECOND);
            assertEquals(0, lost, "seed " + seed);
            assertOneOfEach(p, "seed " + seed);
        }
    }

    /// What waits for its turn behind a rekeying of the IKE SA is done under the new one, which
    /// inherits the children (RFC 7296, 2.8), whoever began that rekeying.
    @Test
    void whatWaitsBehindARekeyingOfTheIkeSaIsDoneUnderItsHeir() {
        TwoPeers p = peers(11);
        int before = p.a.backend.active("Tunnel1").orElseThrow().inbound().spi();
        p.a.command(new Command.Rekey("Tunnel1", ""));
        p.a.command(new Command.Rekey("Tunnel1", "Tunnel1"));
        assertEquals(0, Traffic.lost(p, 15 * SECOND));
        assertOneOfEach(p, "both rekeyed");
        assertFalse(p.a.backend.active("Tunnel1").orElseThrow().inbound().spi() == before);

        p.a.command(new Command.Rekey("Tunnel1", ""));
        p.a.command(
                new Command.CloseChild(
                        "Tunnel1", p.a.backend.active("Tunnel1").orElseThrow().id()));
        p.run(5 * SECOND);
        assertEquals(0, p.a.backend.size());
        assertEquals(0, p.b.backend.size(), "b was never told that the child is closed");
    }

    /// RFC 7296, 2.25: who is answered TEMPORARY_FAILURE comes back after a while, by itself.
    @Test
    void aRekeyingThatThePeerIsTooBusyForComesAgain() {
        for (int seed = 1; seed <= 10; seed++) {
            TwoPeers p = peers(seed);
            p.run(2 * SECOND);
            int before = p.a.backend.active("Tunnel1").orElseThrow().inbound().spi();
            p.b.command(new Command.Rekey("Tunnel1", ""));
            p.a.command(new Command.Rekey("Tunnel1", "Tunnel1"));
            assertEquals(0, Traffic.lost(p, 8 * SECOND), "seed " + seed);
            assertTrue(
                    p.a.told(e ->
                            e instanceof Event.Noticed n
                                    && n.what().contains("TEMPORARY_FAILURE")));
            assertFalse(p.a.backend.active("Tunnel1").orElseThrow().inbound().spi() == before);
        }
    }

    /// A refusal late in the life of an SA: the next attempts fit into what is left of it.
    @Test
    void aRefusedRekeyingComesAgainWhileTheOldSaLives() {
        for (int seed = 1; seed <= 20; seed++) {
            TwoPeers p =
                    new TwoPeers(
                                    seed,
                                    TestCrypto.CRYPTO,
                                    a().lives(
                                                    Duration.ofSeconds(600),
                                                    Duration.ofSeconds(8),
                                                    Duration.ofSeconds(1))
                                            .build(),
                                    b().build())
                            .establish();
            long rekeyAt = p.a.engine().views().getFirst().children().getFirst().rekeyNanos();
            p.run(rekeyAt - p.now() - 10 * MILLI);
            p.b.command(new Command.Rekey("Tunnel1", ""));
            assertEquals(0, Traffic.lost(p, 4 * SECOND), "seed " + seed);
            assertTrue(
                    p.a.told(e ->
                            e instanceof Event.Noticed n
                                    && n.what().contains("TEMPORARY_FAILURE")));
        }
    }

    /// Who only receives gives no sign that it has the successor but its DELETE. It is told while
    /// the old SA still lives, however short that is.
    @Test
    void thePeerHearsOfTheSuccessorBeforeTheOldSaIsTooOld() {
        TwoPeers p =
                new TwoPeers(
                                12,
                                TestCrypto.CRYPTO,
                                a().lives(
                                                Duration.ofSeconds(600),
                                                Duration.ofSeconds(6),
                                                Duration.ofMillis(1500))
                                        .build(),
                                b().build())
                        .establish();
        assertEquals(0, lostOnTheWayToA(p, 60 * SECOND));
        assertTrue(p.a.backend.installs() >= 10, p.a.backend.installs() + " child SAs");
    }

    /// The same when a new IKE SA with a new authentication takes over, and the old one is deleted
    /// with the child SAs that were made under it.
    @Test
    void whatIsUnderWayWhenTheOldIkeSaIsDeletedStillComes() {
        for (int seed = 1; seed <= 5; seed++) {
            TwoPeers p = peers(seed);
            IkeSaView.Keys ike = p.a.engine().views().getFirst().keys();
            p.a.command(new Command.RekeyIke("Tunnel1", ike, true));
            assertEquals(0, lostOnTheWayToA(p, 15 * SECOND), "seed " + seed);
            assertFalse(p.a.engine().views().getFirst().keys().equals(ike));
            assertOneOfEach(p, "seed " + seed);
        }
    }

    /// A replaced SA that the peer was told to delete only receives: it does not carry the child
    /// again when its successor is closed in that moment.
    @Test
    void whatTakesItsLeaveDoesNotInherit() {
        TwoPeers p = peers(13);
        p.a.command(new Command.Rekey("Tunnel1", "Tunnel1"));
        for (int i = 0; i < 500 && !(p.a.backend.size() == 2 && p.b.backend.size() == 1); i++) {
            p.run(10 * MILLI);
        }
        assertEquals(2, p.a.backend.size(), "the old one lingers at a");
        p.a.command(
                new Command.CloseChild(
                        "Tunnel1", p.a.backend.active("Tunnel1").orElseThrow().id()));
        assertTrue(p.a.backend.active("Tunnel1").isEmpty());
        assertTrue(p.a.told(e -> e instanceof Event.ChildClosed c && c.last()));
        p.run(2 * SECOND);
        assertEquals(0, p.a.backend.size());
        assertEquals(0, p.b.backend.size());
    }

    /// The same where b has rekeyed the child under the old IKE SA, by which it sends, and a has
    /// not noticed yet when it closes that (the simulation: seeds 28275, 44463, 35959).
    @Test
    void whatThePeerMadeUnderTheOldIkeSaReceivesUntilItKnowsTheEnd() {
        TwoPeers p = peers(1);
        IkeSaView.Keys old = p.a.engine().views().getFirst().keys();
        int before = p.a.backend.active("Tunnel1").orElseThrow().inbound().spi();
        p.a.sent.clear();
        p.a.command(new Command.RekeyIke("Tunnel1", old, true));
        assertTrue(p.runUntil(() -> p.a.sent.getLast().at(18) == ExchangeType.IKE_SA_INIT, SECOND));
        p.b.command(new Command.Rekey("Tunnel1", "Tunnel1"));
        assertTrue(
                p.runUntil(
                        () ->
                                p.b.backend.active("Tunnel1").orElseThrow().outbound().spi()
                                        != before,
                        10 * SECOND));
        assertEquals(3, p.a.backend.size(), "the first, b's, and that of the new IKE SA");
        assertEquals(2, p.a.ikeSas());
        MemoryBackend.Token token = p.b.backend.send("Tunnel1").orElseThrow();
        p.a.command(new Command.CloseIke("Tunnel1", old));
        p.run(10 * MILLI);
        assertTrue(p.a.backend.receive(token, p.now()), "b knows nothing of the end yet");
        p.run(15 * SECOND);
        assertFalse(p.a.backend.receive(token, p.now()));
        assertOneOfEach(p, "afterwards");
    }

    /// The same, and the DELETE of the old IKE SA comes late: lost once, or behind another request
    /// (the simulation: seeds 12675, 35901).
    @Test
    void theOldSaReceivesForAsLongAsThePeerDoesNotKnowOfTheEnd() {
        TwoPeers p = peers(2);
        IkeSaView.Keys old = p.a.engine().views().getFirst().keys();
        boolean[] lost = {false};
        p.middle(f -> {
            boolean request = f.from() == p.a && (f.octets().at(19) & 0x20) == 0;
            if (request && f.octets().at(18) == ExchangeType.INFORMATIONAL && !lost[0]) {
                lost[0] = true;
                return TwoPeers.LOST;
            }
            return f;
        });
        p.a.command(new Command.RekeyIke("Tunnel1", old, true));
        assertEquals(0, lostOnTheWayToA(p, 15 * SECOND));
        assertTrue(lost[0] && p.a.told(Event.Retransmitted.class::isInstance));
        p.run(120 * SECOND); // b answers a repeated DELETE for a while
        assertOneOfEach(p, "afterwards");
    }

    /// Both rekey the child, and b's request comes late and loses. While what b made waits for its
    /// end, the one that won comes of age: that one is rekeyed all the same, a little later (the
    /// simulation: seed 51977).
    @Test
    void whatLostDoesNotKeepTheWinnerFromBeingRekeyed() {
        for (int seed = 1; seed <= 4; seed++) {
            TwoPeers p =
                    new TwoPeers(
                                    seed,
                                    TestCrypto.CRYPTO,
                                    a().lives(
                                                    Duration.ofSeconds(600),
                                                    Duration.ofSeconds(7),
                                                    Duration.ofSeconds(7))
                                            .build(),
                                    b().build())
                            .establish();
            boolean[] lost = {false};
            p.middle(f -> {
                boolean first = f.from() == p.b && !lost[0];
                lost[0] |= first;
                return first ? TwoPeers.LOST : f;
            });
            p.b.command(new Command.Rekey("Tunnel1", "Tunnel1"));
            p.run(5 * MILLI);
            p.a.command(new Command.Rekey("Tunnel1", "Tunnel1"));
            assertEquals(0, Traffic.lost(p, 12 * SECOND), "seed " + seed);
            assertTrue(p.b.told(Event.Retransmitted.class::isInstance));
            assertFalse(
                    p.a.told(e -> e instanceof Event.ChildClosed c && c.why().equals("expired")));
        }
    }

    /// a rekeys the IKE SA; in the moment of its answer b takes everything down. a is told of the
    /// end of the new IKE SA, too, which it has by then (the simulation: seed 57625).
    @Test
    void whoIsAskedForANewIkeSaAndEndsEverythingSaysSo() {
        TwoPeers p = peers(15);
        String first = p.a.engine().views().getFirst().keys().initiatorSpi();
        p.a.command(new Command.Rekey("Tunnel1", ""));
        assertTrue(p.runUntil(() -> p.b.ikeSas() == 2, SECOND));
        String second =
                p.b.engine().views().stream()
                        .map(v -> v.keys().initiatorSpi())
                        .filter(spi -> !spi.equals(first))
                        .findFirst()
                        .orElseThrow();
        p.b.command(new Command.Terminate("Tunnel1"));
        p.run(SECOND);
        assertTrue(
                p.a.engine().views().stream()
                        .noneMatch(v -> v.keys().initiatorSpi().equals(second)),
                "a believes in it still");
        assertTrue(p.runUntil(() -> p.a.isUp() && p.b.isUp(), 10 * SECOND));
        p.run(120 * SECOND);
        assertOneOfEach(p, "begun anew");
    }

    private static int lostOnTheWayToA(TwoPeers p, long nanos) {
        Traffic traffic = new Traffic();
        for (long end = p.now() + nanos; p.now() < end; ) {
            p.run(10 * MILLI);
            traffic.arrive(p.now());
            traffic.depart(p.b, p.a, p.now());
        }
        return traffic.lost;
    }

    /// RFC 7296, 2.25.2: b is busy with a child when a wants to rekey the IKE SA. A few seconds
    /// later a comes back, while the old one still lives.
    @Test
    void aRekeyingOfTheIkeSaThatThePeerIsTooBusyForComesAgain() {
        for (int seed = 1; seed <= 10; seed++) {
            TwoPeers p =
                    new TwoPeers(
                                    seed,
                                    TestCrypto.CRYPTO,
                                    a().lives(
                                                    Duration.ofSeconds(20),
                                                    Duration.ofSeconds(600),
                                                    Duration.ofMillis(4500))
                                            .build(),
                                    b().build())
                            .establish();
            long rekeyAt = p.a.engine().views().getFirst().times().rekeyNanos();
            p.run(rekeyAt - p.now() - 100 * MILLI);
            p.middle(f ->
                    f.from() == p.b
                                    && f.octets().at(18) == ExchangeType.CREATE_CHILD_SA
                                    && (f.octets().at(19) & 0x20) == 0
                                    && !p.a.told(Event.Noticed.class::isInstance)
                            ? TwoPeers.LOST
                            : f);
            p.b.command(new Command.Rekey("Tunnel1", "Tunnel1"));
            assertEquals(0, Traffic.lost(p, 15 * SECOND), "seed " + seed);
            assertTrue(p.a.told(Event.Noticed.class::isInstance), "b was not busy");
            assertFalse(
                    p.a.told(e -> e instanceof Event.IkeClosed c && c.why().equals("expired")),
                    "seed " + seed);
        }
    }

    /// Both ends refuse each other, b for its child and a for its IKE SA. However often b wants its
    /// child then, a's next attempt meets nothing.
    @Test
    void whoRefusedTheRekeyingOfTheIkeSaLetsThePeerComeFirst() {
        for (int seed = 1; seed <= 20; seed++) {
            TwoPeers p =
                    new TwoPeers(
                                    seed,
                                    TestCrypto.CRYPTO,
                                    a().lives(
                                                    Duration.ofSeconds(60),
                                                    Duration.ofSeconds(600),
                                                    Duration.ofSeconds(20))
                                            .build(),
                                    b().build())
                            .establish();
            IkeSaView before = p.a.engine().views().getFirst();
            p.run(before.times().rekeyNanos() - p.now() - MILLI);
            p.b.command(new Command.Rekey("Tunnel1", "Tunnel1"));
            for (int i = 0; i < 36; i++) {
                p.run(50 * MILLI);
                p.b.command(new Command.Rekey("Tunnel1", "Tunnel1"));
            }
            assertEquals(1, p.a.events(Event.Noticed.class).count(), p.a.events::toString);
            assertFalse(
                    p.a.engine().views().getFirst().keys().equals(before.keys()), "seed " + seed);
            p.run(14 * SECOND);
            assertOneOfEach(p, "seed " + seed);
        }
    }

    /// b's request waits behind another. In that time b answers a's: its own would not cross that
    /// any more, and each end would keep another SA.
    @Test
    void whoHasAnsweredARekeyingDoesNotBeginItsOwn() {
        TwoPeers p = peers(14);
        p.b.command(new Command.Rekey("Tunnel1", "Tunnel1"));
        assertEquals(0, Traffic.lost(p, 1500 * MILLI)); // a, too, uses the new one
        boolean[] busy = {false};
        p.middle(f -> {
            boolean request = f.from() == p.b && (f.octets().at(19) & 0x20) == 0;
            if (request && f.octets().at(18) == ExchangeType.INFORMATIONAL && !busy[0]) {
                busy[0] = true;
                return TwoPeers.LOST;
            }
            return f;
        });
        assertTrue(p.runUntil(() -> busy[0], 10 * SECOND), "b never deletes");
        p.b.command(new Command.Rekey("Tunnel1", "Tunnel1"));
        p.a.command(new Command.Rekey("Tunnel1", "Tunnel1"));
        p.b.sent.clear();
        assertEquals(0, Traffic.lost(p, 15 * SECOND));
        assertTrue(
                p.b.sent.stream()
                        .noneMatch(m ->
                                m.at(18) == ExchangeType.CREATE_CHILD_SA
                                        && (m.at(19) & 0x20) == 0));
        assertOneOfEach(p, "b waited");
    }

    /// RFC 7296, 2.25.2: both close the IKE SA at once.
    @Test
    void crossingDeletesOfTheIkeSa() {
        TwoPeers p = peers(5);
        p.a.command(new Command.Terminate("Tunnel1"));
        p.b.command(new Command.Terminate("Tunnel1"));
        p.run(SECOND);
        assertEquals(0, p.a.engine().sessionsHeld() + p.b.engine().sessionsHeld());
        assertEquals(0, p.a.backend.size() + p.b.backend.size());
    }

    /// A delete that is lost comes again, and nothing is left at either end.
    @Test
    void aLostDeleteComesAgain() {
        TwoPeers p = peers(6);
        p.wire.cut(true);
        p.a.command(new Command.Terminate("Tunnel1"));
        p.run(2 * SECOND);
        p.wire.cut(false);
        p.run(5 * SECOND);
        assertEquals(0, p.b.ikeSas());
        p.run(60 * SECOND);
        assertEquals(0, p.a.engine().sessionsHeld() + p.b.engine().sessionsHeld());
    }

    /// Make before break: many rekeys of both, and not one packet without an SA on either end.
    @Test
    void rekeyingLosesNothing() {
        for (int seed = 1; seed <= 5; seed++) {
            TwoPeers p =
                    new TwoPeers(
                                    seed,
                                    TestCrypto.CRYPTO,
                                    a().lives(
                                                    Duration.ofSeconds(30),
                                                    Duration.ofSeconds(12),
                                                    Duration.ofSeconds(3))
                                            .build(),
                                    b().lives(
                                                    Duration.ofSeconds(30),
                                                    Duration.ofSeconds(12),
                                                    Duration.ofSeconds(3))
                                            .build())
                            .establish();
            assertEquals(0, Traffic.lost(p, 120 * SECOND), "seed " + seed);
            assertTrue(p.a.backend.installs() >= 10, p.a.backend.installs() + " child SAs");
            assertTrue(p.a.events(Event.IkeEstablished.class).count() >= 4);
            assertFalse(p.a.told(e -> e instanceof Event.IkeClosed c && c.why().equals("expired")));
            p.run(15 * SECOND);
            assertTrue(p.a.backend.size() <= 2 && p.b.backend.size() <= 2);
            assertTrue(p.a.engine().sessionsHeld() <= 3, "" + p.a.engine().sessionsHeld());
        }
    }

    /// RFC 7296, 2.4: a silent peer is asked; one that does not answer is dead, and the tunnel
    /// comes back when it does.
    @Test
    void aDeadPeerIsNoticedAndTheTunnelComesBack() {
        TwoPeers p = peers(8);
        p.run(30 * SECOND);
        p.wire.cut(true);
        p.run(60 * SECOND);
        assertTrue(p.a.told(Event.PeerDead.class::isInstance), p.a.events.toString());
        assertFalse(p.a.isUp());
        p.wire.cut(false);
        assertTrue(p.runUntil(() -> p.a.isUp() && p.b.isUp() && p.exchange(), 45 * SECOND));
        p.run(60 * SECOND);
        assertOneOfEach(p, "after the silence");
    }

    /// A peer that lost its memory: INITIAL_CONTACT ends what the other still has of it.
    @Test
    void aPeerThatStartsAnew() {
        TwoPeers p = peers(9);
        p.a.backend.clear();
        p.a.boot();
        p.a.load();
        assertTrue(p.runUntil(() -> p.a.isUp() && p.exchange(), 10 * SECOND));
        p.run(20 * SECOND);
        assertOneOfEach(p, "after the restart");
    }

    /// A child that the peer deletes comes back if the close action says so.
    @Test
    void closeActionBringsTheChildBack() {
        TwoPeers p =
                new TwoPeers(
                                10,
                                TestCrypto.CRYPTO,
                                a().keyingTries(3)
                                        .actions(
                                                new Actions(
                                                        Actions.Start.START,
                                                        Actions.Close.START,
                                                        Actions.Dpd.RESTART))
                                        .build(),
                                b().build())
                        .establish();
        p.b.command(new Command.Terminate("Tunnel1"));
        assertTrue(p.runUntil(() -> p.a.isUp() && p.b.isUp() && p.exchange(), 30 * SECOND));
    }

    /// The rival that a bad line keeps: every seed ends with one SA of each.
    @Test
    void everythingAtOnceOnABadLine() {
        for (int seed = 1; seed <= 40; seed++) {
            TwoPeers p = peers(seed);
            p.wire.faults(20, 20, 30);
            for (int i = 0; i < 6; i++) {
                p.a.command(new Command.Rekey("Tunnel1", i % 2 == 0 ? "" : "Tunnel1"));
                p.b.command(new Command.Rekey("Tunnel1", i % 3 == 0 ? "" : "Tunnel1"));
                p.run((seed % 5 + 1) * SECOND / 3);
            }
            p.run(30 * SECOND);
            p.wire.faults(0, 0, 0);
            p.run(90 * SECOND);
            assertOneOfEach(p, "seed " + seed);
        }
    }
}
