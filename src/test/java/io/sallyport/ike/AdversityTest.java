package io.sallyport.ike;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.base.Octets;
import io.sallyport.base.net.Endpoint;
import io.sallyport.base.net.IpAddress;
import io.sallyport.base.net.Path;
import io.sallyport.ike.machine.Input;
import io.sallyport.ike.machine.Output;
import io.sallyport.model.command.Command;
import io.sallyport.model.event.Event;
import io.sallyport.model.spec.Actions;
import io.sallyport.model.spec.DpdSpec;
import io.sallyport.testkit.Specs;
import io.sallyport.testkit.TwoPeers;
import io.sallyport.wire.ike.v1.ExchangeType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Things that must not keep a tunnel down: spoofed datagrams, silence, lost answers, our own bugs.
class AdversityTest {
    private static final long SECOND = TwoPeers.SECOND;
    private static final long MILLI = TwoPeers.MILLI;

    private static Specs a() {
        return new Specs().between("192.0.2.1", "192.0.2.2");
    }

    private static Specs b() {
        return new Specs().between("192.0.2.2", "192.0.2.1").passive();
    }

    private static TwoPeers peers(Specs a, Specs b) {
        return new TwoPeers(5, TestCrypto.CRYPTO, a.build(), b.build());
    }

    private static int exchange(Octets message) {
        return message.at(18) & 0xff;
    }

    private static Octets withCookie(Octets message, long cookie) {
        return Octets.concat(Octets.ofLong(cookie), message.slice(8, message.length()));
    }

    /// A quick mode still unanswered on an IKE SA that was replaced: the engine waits, it does not
    /// spin (and starve every other connection).
    @Test
    void replacedIkeSaWithAnUnansweredQuickModeDoesNotSpin() {
        TwoPeers p = peers(a(), b()).establish();
        p.run(2 * SECOND);
        p.middle(f -> exchange(f.octets()) == ExchangeType.QUICK ? TwoPeers.LOST : f);
        p.a.command(new Command.Rekey("Tunnel1", "Tunnel1"));
        p.run(100 * MILLI);
        p.a.command(new Command.Rekey("Tunnel1", ""));
        p.run(60 * SECOND);
        assertEquals(1, p.a.ikeSas());
        assertTrue(p.exchange());
    }

    /// One spoofed message 1 every few seconds costs nothing and proves nothing: it must not keep
    /// us from beginning.
    @Test
    void spoofedFirstMessagesDoNotKeepUsFromBeginning() {
        TwoPeers stranger =
                peers(a().passive(), b().actions(a().build().children().getFirst().actions()));
        stranger.b.load();
        Octets first = stranger.b.sent.getFirst();
        TwoPeers p = peers(a().passive(), b());
        p.a.load();
        p.b.load();
        Path path = path();
        p.deliver(p.a, path, withCookie(first, 1));
        p.a.command(new Command.Initiate("Tunnel1", ""));
        p.deliver(p.a, path, withCookie(first, 2));
        assertTrue(p.runUntil(() -> p.a.isUp() && p.b.isUp(), 5 * SECOND));
        p.deliver(p.a, path, withCookie(first, 3));
        long before = p.a.events(Event.IkeEstablished.class).count();
        p.a.command(new Command.Rekey("Tunnel1", ""));
        p.run(5 * SECOND);
        assertEquals(before + 1, p.a.events(Event.IkeEstablished.class).count(), "no rekeying");
    }

    /// A repeated message 1 or 3 that comes late, just before message 5: on a line that reorders,
    /// or from a stranger who saw them. It ends nothing.
    @Test
    void lateClearMessagesDoNotEndMainMode() {
        Path path = path();
        for (int late = 0; late <= 1; late++) {
            int which = late;
            TwoPeers p = peers(a(), b());
            List<Octets> olds = new ArrayList<>();
            p.middle(f -> {
                if (f.from() == p.a && p.a.sent.size() == 3 && olds.isEmpty()) {
                    olds.add(p.a.sent.get(which));
                    p.deliver(p.b, new Path(path.remote(), path.local()), olds.getFirst());
                }
                return f;
            });
            p.establish();
            assertEquals(1, olds.size());
            assertEquals(0, p.b.events(Event.Failed.class).count(), p.b.events.toString());
            assertEquals(1, p.b.events(Event.IkeEstablished.class).count());
        }
    }

    private static Path path() {
        TwoPeers q = peers(a(), b()).establish();
        return q.a.engine().views().getFirst().path();
    }

    /// Taken down while its peer's name was being looked up: the late answer begins nothing.
    @Test
    void takenDownWhileResolving() {
        TwoPeers p = peers(a(), b());
        p.b.load();
        List<Output.Resolve> asked = asked(p.a);
        p.a.load();
        p.a.command(new Command.Terminate("Tunnel1"));
        assertEquals(
                List.of(new Event.CalledOff("Tunnel1", "taken down")),
                p.a.events(Event.CalledOff.class).toList());
        p.a.input(answer(asked.getFirst(), path()));
        p.run(20 * SECOND);
        assertEquals(0, p.a.sent.size());
        p.a.command(new Command.Terminate("Tunnel1"));
        assertEquals(1, p.a.events(Event.CalledOff.class).count(), "nothing was wanted");
    }

    /// Loaded anew, with another address, while the peer's name was being looked up: the answer to
    /// the old question is not taken for the new one's.
    @Test
    void aReloadDuringALookUpTakesItsOwnAnswerOnly() {
        TwoPeers p = peers(a(), b());
        p.b.load();
        List<Output.Resolve> asked = asked(p.a);
        p.a.load(a().between("192.0.2.1", "192.0.2.77").build());
        p.a.load(a().build());
        assertEquals(2, asked.size());
        Path old = new Path(path().local(), new Endpoint(IpAddress.of("192.0.2.77"), 500));
        p.a.input(answer(asked.getFirst(), old));
        assertEquals(0, p.a.sent.size(), "it went where the old configuration sent it");
        p.a.input(answer(asked.getLast(), path()));
        p.a.input(answer(asked.getFirst(), old));
        assertTrue(p.runUntil(() -> p.a.isUp() && p.b.isUp() && p.exchange(), 5 * SECOND));
        assertEquals(path(), p.a.engine().views().getFirst().path());
    }

    /// What is to be looked up, and is not.
    private static List<Output.Resolve> asked(TwoPeers.Peer peer) {
        List<Output.Resolve> asked = new ArrayList<>();
        peer.withhold(o -> o instanceof Output.Resolve r && asked.add(r));
        return asked;
    }

    private static Input answer(Output.Resolve asked, Path path) {
        return new Input.Resolved(asked.lookup(), asked.connection(), List.of(path), "");
    }

    /// A peer without dead peer detection that lost its memory: a quick mode that nobody answers is
    /// the sign, and then all begins anew.
    @Test
    void unansweredQuickModeShowsADeadPeer() {
        TwoPeers p = peers(a().dpd(DpdSpec.OFF), b().dpd(DpdSpec.OFF)).establish();
        p.run(5 * SECOND);
        p.b.backend.remove(p.b.backend.active("Tunnel1").orElseThrow().id());
        p.b.boot();
        p.b.load();
        p.a.command(new Command.Rekey("Tunnel1", "Tunnel1"));
        assertTrue(
                p.runUntil(() -> p.a.isUp() && p.b.isUp() && p.exchange(), 60 * SECOND),
                () -> "" + p.a.events);
    }

    /// `keyingtries=3` means three attempts, also when the children of the time before end with the
    /// first of them.
    @Test
    void lostChildrenOfAnUnreachablePeerAreStillWanted() {
        TwoPeers p =
                peers(
                                a().dpd(DpdSpec.OFF)
                                        .keyingTries(3)
                                        .lives(
                                                Duration.ofSeconds(20),
                                                Duration.ofSeconds(300),
                                                Duration.ofSeconds(2)),
                                b().dpd(DpdSpec.OFF))
                        .establish();
        p.run(5 * SECOND);
        p.wire.cut(true);
        assertTrue(p.runUntil(() -> !p.a.isUp(), 100 * SECOND));
        p.wire.cut(false);
        assertTrue(p.runUntil(() -> p.a.isUp() && p.b.isUp() && p.exchange(), 60 * SECOND));
    }

    /// A time-out not longer than the delay: still nobody is dead who was never asked.
    @Test
    void nobodyIsDeadWithoutHavingBeenAsked() {
        DpdSpec odd = new DpdSpec(Duration.ofSeconds(30), Duration.ofSeconds(30));
        TwoPeers p = peers(a().dpd(odd), b().dpd(DpdSpec.OFF)).establish();
        p.run(300 * SECOND);
        assertFalse(p.a.told(Event.PeerDead.class::isInstance));
        p.wire.cut(true);
        assertTrue(p.runUntil(() -> p.a.told(Event.PeerDead.class::isInstance), 60 * SECOND));
    }

    /// A bug of ours in a session ends the sessions of that connection and leaves nothing behind,
    /// above all no half-open count that shuts the door for ever.
    @Test
    void afterABugNothingIsLeftAndTheDoorIsOpen() {
        TwoPeers p = peers(a(), b());
        p.b.broken(true);
        p.b.load();
        p.a.load();
        p.run(600 * SECOND);
        assertTrue(p.b.events(Event.InternalError.class).count() > 10);
        assertTrue(p.b.engine().sessionsHeld() <= 1, "leaked " + p.b.engine().sessionsHeld());
        p.b.broken(false);
        assertTrue(p.runUntil(() -> p.a.isUp() && p.b.isUp() && p.exchange(), 60 * SECOND));
        p.run(60 * SECOND);
        assertEquals(1, p.b.engine().sessionsHeld());
    }

    /// A bug that strikes with every attempt of ours is no busy loop.
    @Test
    void aBugAtEveryAttemptIsNoBusyLoop() {
        TwoPeers p = peers(a(), b());
        p.a.broken(true);
        p.b.load();
        p.a.load();
        p.run(60 * SECOND);
        assertTrue(p.a.events(Event.InternalError.class).count() <= 60);
        p.a.broken(false);
        assertTrue(p.runUntil(() -> p.a.isUp() && p.b.isUp() && p.exchange(), 60 * SECOND));
    }

    /// RFC 3947, 4: once moved to port 4500 we stay there, also when the peer repeats message 4.
    @Test
    void repeatedMessageFourDoesNotLeadBackToPort500() {
        TwoPeers p = peers(a(), b().between("192.0.2.2", "198.51.100.9"));
        Nat nat = new Nat(p);
        List<Path> fromA = new ArrayList<>();
        p.middle(f -> {
            if (f.from() == p.a) {
                fromA.add(f.path());
                if (f.path().local().port() == 4500) {
                    return TwoPeers.LOST;
                }
            }
            return nat.apply(f);
        });
        p.b.load();
        p.a.load();
        assertTrue(
                p.runUntil(
                        () -> fromA.stream().anyMatch(x -> x.local().port() == 4500), 5 * SECOND));
        int soFar = fromA.size();
        Path on500 = fromA.getFirst();
        p.deliver(p.a, on500, p.b.sent.getLast());
        p.run(500 * MILLI);
        assertTrue(
                fromA.stream().skip(soFar).noneMatch(x -> x.local().port() == 500),
                fromA.toString());
    }

    /// Packets that ask for a child that the peer refuses must not make a storm of quick modes.
    @Test
    void acquiresDoNotOutrunTheBackOff() {
        TwoPeers p =
                peers(
                        a().passive().selectors("10.1.0.0/16", "10.2.0.0/16"),
                        b().selectors("10.9.0.0/16", "10.8.0.0/16"));
        p.b.load();
        p.a.load();
        for (int i = 0; i < 60; i++) {
            p.a.input(new Input.Acquire("Tunnel1", "Tunnel1"));
            p.run(SECOND);
        }
        long refusals = p.a.events(Event.Failed.class).count();
        assertTrue(refusals >= 2 && refusals <= 10, refusals + " refusals in a minute");
    }

    /// An answer to a job or a look-up that never comes (a flooded mailbox, a dead worker) delays a
    /// tunnel; it does not keep it down.
    @Test
    void lostAnswersOnlyDelay() {
        List<java.util.function.Predicate<Output>> kinds =
                List.of(
                        Output.Resolve.class::isInstance,
                        Output.Generate.class::isInstance,
                        Output.Agree.class::isInstance);
        for (java.util.function.Predicate<Output> lost : kinds) {
            for (boolean atA : new boolean[] {true, false}) {
                TwoPeers p = peers(a(), b());
                TwoPeers.Peer victim = atA ? p.a : p.b;
                victim.withhold(lost);
                p.b.load();
                p.a.load();
                p.run(10 * SECOND);
                victim.withhold(_ -> false);
                assertTrue(
                        p.runUntil(() -> p.a.isUp() && p.b.isUp() && p.exchange(), 150 * SECOND),
                        () -> "at " + victim.name + ": " + p.a.events);

                victim.withhold(lost);
                p.a.command(new Command.Rekey("Tunnel1", "Tunnel1"));
                p.run(5 * SECOND);
                victim.withhold(_ -> false);
                p.run(60 * SECOND);
                int installs = p.a.backend.installs();
                p.a.command(new Command.Rekey("Tunnel1", "Tunnel1"));
                p.run(5 * SECOND);
                assertTrue(p.a.backend.installs() > installs, "stuck at " + victim.name);
            }
        }
    }

    /// A job that cannot be done is a failed attempt, not the end of all attempts.
    @Test
    void aKeyThatCannotBeMadeFailsAtOnce() {
        TwoPeers p = peers(a(), b());
        List<Long> jobs = new ArrayList<>();
        p.a.withhold(o -> o instanceof Output.Generate g && jobs.add(g.job()));
        p.b.load();
        p.a.load();
        p.runUntil(() -> !jobs.isEmpty(), 5 * SECOND);
        p.a.input(new Input.Disagreed(jobs.getFirst(), "our key could not be made"));
        p.a.withhold(_ -> false);
        assertTrue(p.runUntil(() -> p.a.isUp() && p.b.isUp(), 5 * SECOND));
    }

    /// Two connections to one peer: only the first IKE SA with it is a first contact (RFC 2407,
    /// 4.6.3.3), or each would end the other's for ever.
    @Test
    void secondConnectionToAPeerIsNoFirstContact() {
        TwoPeers p = peers(a(), b());
        p.b.load();
        p.a.command(
                new Command.Load(
                        new io.sallyport.model.spec.VpnSpec(
                                List.of(a().build(), a().name("Tunnel2").passive().build()),
                                List.of())));
        p.runUntil(() -> p.a.ikeSas() == 1, 5 * SECOND);
        int soFar = p.a.sent.size();
        p.a.command(new Command.Initiate("Tunnel2", ""));
        p.runUntil(() -> p.a.ikeSas() == 2, 5 * SECOND);
        List<Integer> lengths =
                p.a.sent.stream()
                        .filter(m -> exchange(m) == ExchangeType.MAIN && (m.at(19) & 1) == 1)
                        .map(Octets::length)
                        .toList();
        assertTrue(p.a.sent.size() > soFar && lengths.size() == 2, lengths.toString());
        assertTrue(lengths.get(1) < lengths.get(0), lengths + ": INITIAL-CONTACT twice");
    }

    /// A doubled message is answered again, but not for ever: message 6 answered with 5, and 5 with
    /// 6, would go on as long as both live, and multiply on a line that doubles.
    @Test
    void doubledMessagesStartNoPingPong() {
        TwoPeers p = peers(a(), b());
        p.wire.faults(0, 100, 0);
        p.establish();
        p.run(300 * MILLI);
        assertTrue(p.a.sent.size() < 40, p.a.sent.size() + " datagrams for one tunnel");
        p.wire.faults(0, 0, 0);
        p.run(SECOND);
        int sent = p.a.sent.size() + p.b.sent.size();
        p.run(5 * SECOND);
        assertEquals(sent, p.a.sent.size() + p.b.sent.size());
    }

    @Test
    void actionsOfAnExpiredChildAreNotThoseOfAClosedOne() {
        TwoPeers p =
                peers(
                                a().dpd(DpdSpec.OFF)
                                        .keyingTries(5)
                                        .actions(
                                                new Actions(
                                                        Actions.Start.START,
                                                        Actions.Close.NONE,
                                                        Actions.Dpd.RESTART))
                                        .lives(
                                                Duration.ofHours(1),
                                                Duration.ofSeconds(30),
                                                Duration.ofSeconds(5)),
                                b().dpd(DpdSpec.OFF))
                        .establish();
        p.middle(f -> exchange(f.octets()) == ExchangeType.QUICK ? TwoPeers.LOST : f);
        assertTrue(p.runUntil(() -> !p.a.isUp(), 60 * SECOND));
        p.middle(f -> f);
        assertTrue(p.runUntil(() -> p.a.isUp() && p.b.isUp() && p.exchange(), 60 * SECOND));
    }
}
