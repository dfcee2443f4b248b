package io.sallyport.ike.v2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.base.Octets;
import io.sallyport.base.net.Endpoint;
import io.sallyport.base.net.IpAddress;
import io.sallyport.base.net.Path;
import io.sallyport.ike.Forger2;
import io.sallyport.ike.TestCrypto;
import io.sallyport.ike.machine.EngineSettings;
import io.sallyport.model.command.Command;
import io.sallyport.model.event.Event;
import io.sallyport.model.spec.ConnectionSpec;
import io.sallyport.testkit.Specs;
import io.sallyport.testkit.TwoPeers;
import io.sallyport.wire.ike.MalformedException;
import io.sallyport.wire.ike.v2.Authentication;
import io.sallyport.wire.ike.v2.ExchangeType;
import io.sallyport.wire.ike.v2.Message;
import io.sallyport.wire.ike.v2.Notify;
import io.sallyport.wire.ike.v2.Payload;
import io.sallyport.wire.ike.v2.PayloadChain;
import io.sallyport.wire.ike.v2.notify.Ticket;
import io.sallyport.wire.ike.v2.number.NotifyType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// An IKE SA that was lost is resumed by a ticket (RFC 5723), as dialogues: A loses B for a while.
class ResumptionTest {
    private static final long SECOND = TwoPeers.SECOND;
    private static final int RESUME = ExchangeType.IKE_SESSION_RESUME;
    private static final Path TO_B =
            new Path(
                    new Endpoint(IpAddress.of("192.0.2.2"), 500),
                    new Endpoint(IpAddress.of("192.0.2.1"), 500));

    private static ConnectionSpec a(boolean on) {
        return new Specs()
                .between("192.0.2.1", "192.0.2.2")
                .v2()
                .keyingTries(1)
                .build(h -> h.resumption(on));
    }

    private static ConnectionSpec b(boolean on) {
        return new Specs()
                .between("192.0.2.2", "192.0.2.1")
                .v2()
                .passive()
                .build(h -> h.resumption(on));
    }

    private static TwoPeers peers(long seed, boolean ofA, boolean ofB) {
        return new TwoPeers(seed, TestCrypto.CRYPTO, a(ofA), b(ofB));
    }

    /// Nothing gets through until A takes B for dead; then all does.
    static void lose(TwoPeers p) {
        p.a.events.clear();
        p.b.events.clear();
        p.wire.cut(true);
        p.a.command(new Command.Rekey("Tunnel1", "Tunnel1"));
        assertTrue(
                p.runUntil(() -> p.a.told(Event.PeerDead.class::isInstance), 600 * SECOND),
                p.a.events::toString);
        p.a.sent.clear();
        p.b.sent.clear();
        p.wire.cut(false);
    }

    private static boolean isUpAgain(TwoPeers p) {
        return p.a.isUp() && p.b.isUp() && p.a.ikeSas() == 1 && p.b.ikeSas() == 1;
    }

    private static void comesBack(TwoPeers p) {
        assertTrue(
                p.runUntil(() -> isUpAgain(p), 400 * SECOND),
                () -> p.a.events + " / " + p.b.events);
        p.run(5 * SECOND);
        assertTrue(isUpAgain(p));
        assertTrue(p.exchange());
        assertFalse(p.a.told(Event.InternalError.class::isInstance), p.a.events::toString);
        assertFalse(p.b.told(Event.InternalError.class::isInstance), p.b.events::toString);
    }

    private static List<Integer> exchanges(TwoPeers.Peer peer) {
        return peer.sent.stream().map(m -> m.at(18)).distinct().toList();
    }

    private static boolean isResumed(TwoPeers.Peer peer) {
        return peer.events(Event.Noticed.class).anyMatch(e -> e.toString().contains("is resumed"));
    }

    private static Message firstOf(TwoPeers.Peer peer, int exchange) {
        try {
            return Message.parse(
                    peer.sent.stream().filter(m -> m.at(18) == exchange).findFirst().orElseThrow());
        } catch (MalformedException e) {
            throw new AssertionError(e);
        }
    }

    /// -> IKE_SESSION_RESUME, <- Nr; -> IKE_AUTH, <- with a new ticket: no key exchange.
    @Test
    void theIkeSaIsResumed() {
        TwoPeers p = peers(3, true, true).establish();
        lose(p);
        int agreements = p.a.shared.size() + p.b.shared.size();
        comesBack(p);
        assertEquals(List.of(38, 35), exchanges(p.a));
        assertEquals(agreements, p.a.shared.size() + p.b.shared.size());
        assertTrue(isResumed(p.a) && isResumed(p.b));
        assertEquals(1, p.b.backend.size(), "the old child went with the old IKE SA");
        // And again, by the ticket that came with it
        lose(p);
        comesBack(p);
        assertEquals(List.of(38, 35), exchanges(p.a));
        // And it can be rekeyed as any other
        p.a.command(new Command.Rekey("Tunnel1", ""));
        p.run(5 * SECOND);
        assertTrue(isUpAgain(p) && p.exchange());
    }

    /// Nothing is asked for, or given, where it is not said.
    @ParameterizedTest
    @CsvSource({"true, false", "false, true", "false, false"})
    void onlyWhereBothSaySo(boolean ofA, boolean ofB) {
        TwoPeers p = peers(3, ofA, ofB).establish();
        lose(p);
        comesBack(p);
        assertEquals(List.of(34, 35), exchanges(p.a));
    }

    /// New nonces, new keys: what was heard before is of no use.
    @Test
    void theKeysAreOthers() throws Exception {
        TwoPeers p = peers(3, true, true).establish();
        Forger2 before =
                new Forger2(p.a.sent.getFirst(), p.b.sent.getFirst(), p.a.shared.getFirst(), false);
        lose(p);
        comesBack(p);
        Octets auth = firstOf(p.a, 35).octets();
        Forger2 now = before.resumed(firstOf(p.a, RESUME).octets(), firstOf(p.b, RESUME).octets());
        PayloadChain said = now.open(auth);
        assertTrue(said.notify(NotifyType.TICKET_REQUEST.number()).isPresent());
        assertEquals(
                now.proofOfResumption(said.identification(true).orElseThrow(), true),
                said.first(Authentication.class).orElseThrow());
    }

    @Test
    void onABadLine() {
        for (long seed = 1; seed <= 8; seed++) {
            TwoPeers p = peers(seed, true, true).establish();
            lose(p);
            p.wire.faults(25, 25, 25);
            assertTrue(
                    p.runUntil(() -> isUpAgain(p), 600 * SECOND),
                    () -> p.a.events + " / " + p.b.events);
            p.wire.faults(0, 0, 0);
            p.run(60 * SECOND);
            assertTrue(isUpAgain(p) && p.exchange(), () -> p.a.events + " / " + p.b.events);
        }
    }

    // ---- tickets that will not do

    /// B has other keys after a start, or was told another configuration: <- TICKET_NACK, and a
    /// whole handshake.
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aWholeHandshakeFollows(boolean started) {
        TwoPeers p = peers(3, true, true).establish();
        lose(p);
        if (started) {
            p.b.boot();
            p.b.backend.clear();
        }
        p.b.load();
        comesBack(p);
        assertEquals(List.of(38, 34, 35), exchanges(p.a));
        assertTrue(
                firstOf(p.b, RESUME).chain().notify(NotifyType.TICKET_NACK.number()).isPresent());
        assertFalse(isResumed(p.b));
    }

    /// Anybody can say TICKET_NACK: it costs the ticket, and no more.
    @Test
    void aNackOfAnybody() {
        TwoPeers p = peers(3, true, true).establish();
        lose(p);
        p.middle(f -> {
            if (f.from() == p.a && f.octets().at(18) == RESUME) {
                p.middle(g -> g);
                Octets nack =
                        Message.emit(
                                f.octets().slice(0, 8).buffer().getLong(),
                                0,
                                RESUME,
                                false,
                                true,
                                0,
                                List.of(Notify.of(NotifyType.TICKET_NACK)));
                p.deliver(p.a, new Path(f.path().local(), f.path().remote()), nack);
            }
            return f;
        });
        comesBack(p);
        assertEquals(List.of(38, 34, 35), exchanges(p.a));
    }

    /// A gateway that does not know the exchange answers nothing: the whole handshake follows in
    /// the same attempt.
    @Test
    void nobodyAnswersToIt() {
        TwoPeers p = peers(3, true, true).establish();
        lose(p);
        p.middle(f -> f.octets().at(18) == RESUME ? TwoPeers.LOST : f);
        comesBack(p);
        assertEquals(List.of(38, 34, 35), exchanges(p.a));
    }

    /// The same message again, and the ticket again under another SPI: B answers TICKET_NACK, and
    /// stands as it did.
    @Test
    void aTicketIsGoodOnce() {
        TwoPeers p = peers(3, true, true).establish();
        lose(p);
        comesBack(p);
        Message shown = firstOf(p.a, RESUME);
        for (long spi : new long[] {shown.header().initiatorSpi(), 0x1234}) {
            p.b.sent.clear();
            p.deliver(p.b, TO_B, withSpi(shown, spi, shown.chain().payloads()));
            assertTrue(
                    firstOf(p.b, RESUME)
                            .chain()
                            .notify(NotifyType.TICKET_NACK.number())
                            .isPresent());
            p.run(SECOND);
            assertTrue(isUpAgain(p) && p.exchange());
        }
    }

    private static Octets withSpi(Message m, long spi, List<Payload> payloads) {
        return Message.emit(spi, 0, RESUME, true, false, 0, payloads);
    }

    /// Who saw the ticket pass and shows it first comes no further than a half-open negotiation: A,
    /// who has the key, still gets in.
    @Test
    void whoStoleItHasNotTheKey() {
        TwoPeers p = peers(3, true, true).establish();
        lose(p);
        p.middle(f -> {
            if (f.from() == p.a && f.octets().at(18) == RESUME) {
                p.middle(g -> g);
                try {
                    Message m = Message.parse(f.octets());
                    p.deliver(p.b, TO_B, withSpi(m, 0x1234, m.chain().payloads()));
                } catch (MalformedException e) {
                    throw new AssertionError(e);
                }
            }
            return f;
        });
        comesBack(p);
        assertTrue(isResumed(p.b));
    }

    /// Each octet of a ticket is under the seal.
    @Test
    void aChangedTicketIsNone() {
        TwoPeers p = peers(3, true, true).establish();
        lose(p);
        p.middle(f -> f.octets().at(18) == RESUME ? TwoPeers.LOST : f);
        p.run(SECOND);
        Message shown = firstOf(p.a, RESUME);
        Octets ticket =
                shown.chain().notify(NotifyType.TICKET_OPAQUE.number()).orElseThrow().data();
        for (int at = 0; at <= ticket.length(); at++) {
            byte[] octets = ticket.toArray();
            Octets wrong = at == ticket.length() ? ticket.slice(0, at - 1) : changed(octets, at);
            List<Payload> payloads = new ArrayList<>(shown.chain().payloads());
            payloads.replaceAll(n ->
                    n instanceof Notify notify && notify.is(NotifyType.TICKET_OPAQUE)
                            ? Notify.of(NotifyType.TICKET_OPAQUE, wrong)
                            : n);
            p.b.sent.clear();
            p.deliver(p.b, TO_B, withSpi(shown, 0x5000 + at, payloads));
            int place = at;
            assertTrue(
                    firstOf(p.b, RESUME)
                            .chain()
                            .notify(NotifyType.TICKET_NACK.number())
                            .isPresent(),
                    () -> "octet " + place);
        }
        assertFalse(p.b.told(Event.InternalError.class::isInstance), p.b.events::toString);
    }

    private static Octets changed(byte[] octets, int at) {
        // The three octets that are reserved are authenticated, too
        octets[at] ^= 1;
        return Octets.owned(octets);
    }

    // ---- lives

    /// RFC 5723, 6.2: after a rekeying, whoever began it, the ticket is another one.
    @ParameterizedTest
    @ValueSource(strings = {"a", "b"})
    void aRekeyingBringsAnotherTicket(String rekeys) {
        TwoPeers p = peers(3, true, true).establish();
        (rekeys.equals("a") ? p.a : p.b).command(new Command.Rekey("Tunnel1", ""));
        p.run(5 * SECOND);
        lose(p);
        comesBack(p);
        assertEquals(List.of(38, 35), exchanges(p.a));
    }

    /// What was closed on purpose is not resumed, by either end's wish.
    @ParameterizedTest
    @ValueSource(strings = {"a", "b"})
    void whatWasClosedIsNotResumed(String closes) {
        TwoPeers p = peers(3, true, true).establish();
        (closes.equals("a") ? p.a : p.b).command(new Command.Terminate("Tunnel1"));
        p.run(30 * SECOND);
        p.a.sent.clear();
        p.a.command(new Command.Initiate("Tunnel1", "Tunnel1"));
        comesBack(p);
        assertEquals(34, p.a.sent.getFirst().at(18));
    }

    /// The gateway closes it, and its word is lost: the ticket is void there.
    @Test
    void aGatewayThatClosedItDoesNotResumeIt() {
        TwoPeers p = peers(3, true, true).establish();
        p.wire.cut(true);
        p.b.command(new Command.Terminate("Tunnel1"));
        lose(p);
        comesBack(p);
        assertEquals(List.of(38, 34, 35), exchanges(p.a));
    }

    /// A new authentication is one.
    @Test
    void reauthenticationIsNoResumption() {
        TwoPeers p = peers(3, true, true).establish();
        p.a.sent.clear();
        var keys = p.a.engine().views().getFirst().keys();
        p.a.command(new Command.RekeyIke("Tunnel1", keys, true));
        p.run(30 * SECOND);
        assertTrue(exchanges(p.a).contains(34) && !exchanges(p.a).contains(38));
        assertTrue(isUpAgain(p) && p.exchange());
    }

    /// RFC 5723, 6.2: no longer than the IKE SA, which is said to end after so long.
    @Test
    void theTicketLivesNoLongerThanTheIkeSa() throws Exception {
        TwoPeers p =
                new TwoPeers(
                                3,
                                TestCrypto.CRYPTO,
                                a(true),
                                new Specs()
                                        .between("192.0.2.2", "192.0.2.1")
                                        .v2()
                                        .passive()
                                        .ikeEnds(Duration.ofMinutes(20))
                                        .build(h -> h.resumption(true)))
                        .establish();
        Forger2 a =
                new Forger2(p.a.sent.getFirst(), p.b.sent.getFirst(), p.a.shared.getFirst(), true);
        Octets answer = p.b.sent.stream().filter(m -> m.at(18) == 35).findFirst().orElseThrow();
        Ticket ticket =
                Ticket.of(
                        a.open(answer).notify(NotifyType.TICKET_LT_OPAQUE.number()).orElseThrow());
        assertTrue(
                ticket.lifetimeSeconds() <= 1200 && ticket.lifetimeSeconds() > 600,
                () -> "" + ticket.lifetimeSeconds());
    }

    /// A resumption proves nothing anew: whoever wants new proofs every two hours gets one two
    /// hours after the last, and not that long after the resumption.
    @Test
    void reauthenticationIsNotPutOff() {
        TwoPeers p = new TwoPeers(3, TestCrypto.CRYPTO, reauthenticating(), b(true)).establish();
        p.run(5400 * SECOND);
        lose(p);
        comesBack(p);
        assertTrue(isResumed(p.a));
        long due = p.a.engine().views().getFirst().times().establishedNanos() + 1900 * SECOND;
        p.a.sent.clear();
        p.runUntil(() -> exchanges(p.a).contains(34), due - p.now());
        assertTrue(exchanges(p.a).contains(34), () -> "" + exchanges(p.a));
        p.run(30 * SECOND);
        assertTrue(isUpAgain(p) && p.exchange());
    }

    private static ConnectionSpec reauthenticating() {
        ConnectionSpec c = a(true);
        return new ConnectionSpec(
                c.name(),
                c.local(),
                c.remote(),
                c.ike().reauthenticated(Duration.ofHours(2)),
                c.children(),
                c.origin());
    }

    // ---- under load

    /// -> IKE_SESSION_RESUME, <- COOKIE; -> once more with it.
    @Test
    void aCookieIsDemandedAndShown() {
        TwoPeers p = peers(3, true, true);
        EngineSettings usual = EngineSettings.DEFAULT;
        p.b.settings(
                new EngineSettings(
                        usual.retransmit(),
                        usual.halfOpenTimeout(),
                        usual.halfOpenLimit(),
                        usual.halfOpenPerPeer(),
                        0,
                        0,
                        usual.handover(),
                        usual.keepalive(),
                        false));
        p.establish();
        lose(p);
        comesBack(p);
        assertTrue(firstOf(p.b, RESUME).chain().notify(NotifyType.COOKIE.number()).isPresent());
        assertEquals(List.of(38, 35), exchanges(p.a));
    }

    /// Nothing of a ticket or its key is told.
    @Test
    void noTicketIsTold() {
        TwoPeers p = peers(3, true, true).establish();
        lose(p);
        comesBack(p);
        Octets ticket =
                firstOf(p.a, RESUME)
                        .chain()
                        .notify(NotifyType.TICKET_OPAQUE.number())
                        .orElseThrow()
                        .data();
        String told = (p.a.events + " " + p.b.events).toLowerCase(Locale.ROOT);
        assertFalse(told.contains(ticket.hex().substring(0, 16)));
        assertFalse(told.contains(ticket.hex().substring(40, 56)));
    }
}
