package io.sallyport.ike;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.base.Octets;
import io.sallyport.base.net.Endpoint;
import io.sallyport.base.net.IpAddress;
import io.sallyport.base.net.Path;
import io.sallyport.ike.machine.Input;
import io.sallyport.model.command.Command;
import io.sallyport.model.event.Event;
import io.sallyport.model.sa.Carriage;
import io.sallyport.testkit.Specs;
import io.sallyport.testkit.TwoPeers;
import io.sallyport.wire.ike.MalformedException;
import io.sallyport.wire.ike.v2.Notify;
import io.sallyport.wire.ike.v2.number.NotifyType;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// MOBIKE (RFC 4555): the end that began moves, the other one follows, as dialogues.
class MobikeTest {
    private static final long SECOND = TwoPeers.SECOND;
    private static final IpAddress HOME = IpAddress.of("192.0.2.1");
    private static final IpAddress AWAY = IpAddress.of("198.51.100.7");
    private static final IpAddress GATE = IpAddress.of("192.0.2.2");

    private static Specs a(boolean inUdp) {
        Specs specs = new Specs().between("192.0.2.1", "192.0.2.2").v2();
        return inUdp ? specs.forceEncapsulation() : specs;
    }

    private static Specs b() {
        return new Specs().between("192.0.2.2", "192.0.2.1").v2().passive();
    }

    private static TwoPeers peers(long seed, boolean inUdp, boolean ofA, boolean ofB) {
        return new TwoPeers(seed, TestCrypto.CRYPTO, a(inUdp).mobike(ofA), b().mobike(ofB));
    }

    /// A is at another address from now on: nothing reaches the old one, nothing leaves from it.
    private static void move(TwoPeers p, IpAddress to) {
        p.a.elsewhere = Optional.of(to);
        p.middle(f -> {
            IpAddress ofA =
                    f.from() == p.a ? f.path().local().address() : f.path().remote().address();
            return ofA.equals(to) ? f : TwoPeers.LOST;
        });
        p.a.input(new Input.AddressesChanged(List.of()));
    }

    private static Path pathOf(TwoPeers.Peer peer) {
        return peer.engine().views().getFirst().path();
    }

    private static Carriage carriageOf(TwoPeers.Peer peer) {
        return peer.backend.carriage(peer.backend.active("Tunnel1").orElseThrow().id());
    }

    private static boolean isAt(TwoPeers p, IpAddress where) {
        return pathOf(p.a).local().address().equals(where)
                && pathOf(p.b).remote().address().equals(where);
    }

    /// A is elsewhere: one UPDATE_SA_ADDRESSES and one COOKIE2 later both IKE SAs and all child SAs
    /// go there, as before in UDP or not.
    @ParameterizedTest
    @CsvSource({"true", "false"})
    void theOneThatBeganMoves(boolean inUdp) {
        TwoPeers p = peers(3, inUdp, true, true).establish();
        assertEquals(inUdp, carriageOf(p.a).udp());
        move(p, AWAY);
        assertTrue(p.runUntil(() -> isAt(p, AWAY), 5 * SECOND), () -> p.b.events.toString());
        assertEquals(AWAY, carriageOf(p.a).path().local().address());
        assertEquals(AWAY, carriageOf(p.b).path().remote().address());
        assertEquals(inUdp, carriageOf(p.a).udp());
        assertEquals(inUdp, carriageOf(p.b).udp());
        assertTrue(p.exchange());
        // what is agreed on holds for successors too, whoever made them
        p.b.command(new Command.Rekey("Tunnel1", ""));
        p.run(5 * SECOND);
        assertEquals(1, p.a.ikeSas());
        move(p, IpAddress.of("203.0.113.9"));
        assertTrue(p.runUntil(() -> isAt(p, IpAddress.of("203.0.113.9")), 5 * SECOND));
        move(p, HOME);
        assertTrue(p.runUntil(() -> isAt(p, HOME), 5 * SECOND));
        p.run(60 * SECOND);
        assertEquals(1, p.a.ikeSas());
        assertEquals(1, p.a.backend.size());
        assertTrue(p.exchange());
    }

    /// RFC 4555, 3.3: with it both ends are at port 4500 before there is a NAT, and ESP goes as
    /// before. The lab `matrix` met it: OpenIKED answers from port 500 as if it were 4500 then, so
    /// nothing after IKE_AUTH had an answer.
    @ParameterizedTest
    @CsvSource({"true, true, 4500", "true, false, 4500", "false, true, 500", "false, false, 500"})
    void whoMayMoveIsAtPort4500(boolean ofA, boolean ofB, int port) {
        TwoPeers p = peers(3, false, ofA, ofB).establish();
        assertEquals(port, pathOf(p.a).local().port());
        assertEquals(port, pathOf(p.a).remote().port());
        assertEquals(port, pathOf(p.b).remote().port());
        assertFalse(carriageOf(p.a).udp());
        assertFalse(carriageOf(p.b).udp());
        p.a.command(new Command.Rekey("Tunnel1", ""));
        p.run(5 * SECOND);
        assertEquals(port, pathOf(p.a).remote().port());
        assertTrue(p.exchange());
    }

    /// An address that came and changes nothing is not told to anybody.
    @Test
    void whereItIsNothingIsSaid() {
        TwoPeers p = peers(3, true, true, true).establish();
        int before = p.a.sent.size();
        p.a.input(new Input.AddressesChanged(List.of()));
        p.run(SECOND);
        assertEquals(before, p.a.sent.size());
    }

    /// Without MOBIKE at either end nobody moves.
    @ParameterizedTest
    @CsvSource({"true, false", "false, true", "false, false"})
    void onlyIfBothWantIt(boolean ofA, boolean ofB) {
        TwoPeers p = peers(3, true, ofA, ofB).establish();
        p.a.elsewhere = Optional.of(AWAY);
        p.a.input(new Input.AddressesChanged(List.of()));
        p.run(5 * SECOND);
        assertTrue(isAt(p, HOME));
    }

    /// The end that was called has no say in where the SA goes.
    @Test
    void whoWasCalledStaysWhereItIs() {
        TwoPeers p = peers(3, true, true, true).establish();
        p.b.elsewhere = Optional.of(AWAY);
        p.b.input(new Input.AddressesChanged(List.of()));
        p.run(5 * SECOND);
        assertEquals(GATE, pathOf(p.b).local().address());
    }

    /// B was asking something along the old path when A moved: it asks along the new one.
    @Test
    void aRequestUnderWayGoesAlong() {
        TwoPeers p = peers(3, true, true, true).establish();
        p.middle(f -> f.from() == p.b ? TwoPeers.LOST : f);
        p.b.command(new Command.Rekey("Tunnel1", ""));
        p.run(SECOND / 2);
        move(p, AWAY);
        assertTrue(p.runUntil(() -> isAt(p, AWAY), 20 * SECOND));
        p.run(10 * SECOND);
        assertEquals(
                1,
                p.a.ikeSas(),
                () -> p.a.engine().views() + " / " + p.b.engine().views() + p.b.events);
        assertTrue(p.a.told(e -> e instanceof Event.IkeEstablished i && i.rekeyed()));
        assertTrue(p.exchange());
    }

    /// The authentic update comes by way of somebody who passes it on under an address of its own
    /// choice, which does not answer: nothing goes there (RFC 4555, 3.7).
    @Test
    void nothingIsSentToWhoDoesNotAnswer() {
        TwoPeers p = peers(3, true, true, true).establish();
        IpAddress victim = IpAddress.of("203.0.113.66");
        p.a.elsewhere = Optional.of(AWAY);
        p.middle(f -> {
            if (f.from() == p.a && f.path().local().address().equals(AWAY)) {
                return new TwoPeers.Flying(
                        f.from(),
                        new Path(new Endpoint(victim, 4500), f.path().remote()),
                        f.octets());
            }
            return f.path().remote().address().equals(victim) ? TwoPeers.LOST : f;
        });
        p.a.input(new Input.AddressesChanged(List.of()));
        p.run(10 * SECOND);
        assertEquals(HOME, pathOf(p.b).remote().address());
        assertEquals(HOME, carriageOf(p.b).path().remote().address());
    }

    /// A moves behind a NAT: ESP goes in UDP from then on and the binding is kept open; and back in
    /// the open neither.
    @Test
    void behindANatAndOutAgain() {
        TwoPeers p = peers(3, false, true, true).establish();
        assertFalse(carriageOf(p.a).udp());
        IpAddress inside = IpAddress.of("10.1.2.3");
        p.a.elsewhere = Optional.of(inside);
        p.middle(f -> {
            Path path = f.path();
            if (f.from() == p.a) {
                return new TwoPeers.Flying(
                        f.from(), new Path(new Endpoint(AWAY, 40_000), path.remote()), f.octets());
            }
            return path.remote().equals(new Endpoint(AWAY, 40_000))
                    ? new TwoPeers.Flying(
                            f.from(),
                            new Path(path.local(), new Endpoint(inside, 4500)),
                            f.octets())
                    : TwoPeers.LOST;
        });
        p.a.input(new Input.AddressesChanged(List.of()));
        assertTrue(
                p.runUntil(
                        () ->
                                pathOf(p.a).local().address().equals(inside)
                                        && pathOf(p.b).remote().address().equals(AWAY),
                        5 * SECOND));
        assertEquals(
                new Carriage(new Path(new Endpoint(inside, 4500), new Endpoint(GATE, 4500)), true),
                carriageOf(p.a));
        assertEquals(
                new Carriage(new Path(new Endpoint(GATE, 4500), new Endpoint(AWAY, 40_000)), true),
                carriageOf(p.b));
        p.run(50 * SECOND);
        assertTrue(p.a.keepalives() >= 2);
        assertTrue(p.exchange());
        move(p, HOME);
        assertTrue(p.runUntil(() -> isAt(p, HOME), 5 * SECOND));
        assertFalse(carriageOf(p.a).udp());
        assertFalse(carriageOf(p.b).udp());
        int before = p.a.keepalives();
        p.run(50 * SECOND);
        assertEquals(before, p.a.keepalives());
    }

    /// Twice in a row, the second time before the first is answered: the last word holds.
    @Test
    void twiceInARow() {
        TwoPeers p = peers(3, true, true, true).establish();
        move(p, AWAY);
        IpAddress third = IpAddress.of("203.0.113.9");
        move(p, third);
        assertTrue(p.runUntil(() -> isAt(p, third), 10 * SECOND));
        p.run(20 * SECOND);
        assertTrue(isAt(p, third));
        assertTrue(p.exchange());
        assertEquals(
                0,
                p.b.events(Event.PathChanged.class)
                        .filter(e -> e.is().remote().address().equals(AWAY))
                        .count());
    }

    private static Path seen(IpAddress from) {
        return new Path(new Endpoint(GATE, 4500), new Endpoint(from, 4500));
    }

    private static Notify noNats(Path asSent) {
        return Notify.of(
                NotifyType.NO_NATS_ALLOWED,
                Octets.concat(
                        asSent.local().address().octets(),
                        asSent.remote().address().octets(),
                        Octets.ofInt(asSent.local().port()).slice(2, 4),
                        Octets.ofInt(asSent.remote().port()).slice(2, 4)));
    }

    /// RFC 4555, 3.9: who forbids NATs is not followed through one; without one it is.
    @ParameterizedTest
    @CsvSource({"true, 2", "false, 1"})
    void noNatsAllowed(boolean right, int messages) throws MalformedException {
        TwoPeers p = peers(3, true, true, true).establish();
        Forger2 forger = new Forger2(p.a.sent.get(0), p.b.sent.get(0), p.a.shared.get(0), true);
        Path sent = new Path(new Endpoint(right ? AWAY : HOME, 4500), new Endpoint(GATE, 4500));
        int before = p.b.sent.size();
        p.deliver(
                p.b,
                seen(AWAY),
                forger.seal(
                        37,
                        false,
                        2,
                        List.of(Notify.of(NotifyType.UPDATE_SA_ADDRESSES), noNats(sent))));
        assertEquals(messages, p.b.sent.size() - before, "an answer, and a check if it is allowed");
        assertEquals(HOME, pathOf(p.b).remote().address(), "before the check nothing moves");
    }

    /// Only who began may move: the word of the other end is answered, and nothing else.
    @Test
    void theCalledOneHasNoSay() throws MalformedException {
        TwoPeers p = peers(3, true, true, true).establish();
        Forger2 forger = new Forger2(p.a.sent.get(0), p.b.sent.get(0), p.a.shared.get(0), false);
        Path from = new Path(new Endpoint(HOME, 4500), new Endpoint(AWAY, 4500));
        int before = p.a.sent.size();
        p.deliver(
                p.a,
                from,
                forger.seal(37, false, 0, List.of(Notify.of(NotifyType.UPDATE_SA_ADDRESSES))));
        assertEquals(1, p.a.sent.size() - before);
        p.run(SECOND);
        assertEquals(GATE, pathOf(p.a).remote().address());
    }

    @Test
    void onABadLine() {
        for (long seed = 1; seed <= 20; seed++) {
            long number = seed;
            TwoPeers p = peers(seed, seed % 2 == 0, true, true);
            p.wire.faults(15, 20, 20);
            p.establish();
            move(p, AWAY);
            assertTrue(
                    p.runUntil(() -> isAt(p, AWAY), 60 * SECOND),
                    () -> "seed " + number + p.a.events + p.b.events);
            p.wire.faults(0, 0, 0);
            p.run(20 * SECOND);
            assertTrue(p.exchange(), "seed " + seed);
            assertFalse(p.a.told(Event.InternalError.class::isInstance));
            assertFalse(p.b.told(Event.InternalError.class::isInstance));
        }
    }
}
