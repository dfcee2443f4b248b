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
import io.sallyport.model.command.Command;
import io.sallyport.model.event.Cause;
import io.sallyport.model.event.Event;
import io.sallyport.testkit.Specs;
import io.sallyport.testkit.TwoPeers;
import io.sallyport.wire.ike.IkeHeader;
import io.sallyport.wire.ike.MalformedException;
import io.sallyport.wire.ike.v2.ExchangeType;
import io.sallyport.wire.ike.v2.Notify;
import io.sallyport.wire.ike.v2.Payload;
import io.sallyport.wire.ike.v2.PayloadType;
import io.sallyport.wire.ike.v2.number.NotifyType;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Messages that are authentic, and malformed inside (RFC 7296, 2.21.2, 2.21.3, 3.10.1): an
/// authentic peer gone bad, between two that get on.
class MalformedInsideTest {
    private static final long SECOND = TwoPeers.SECOND;

    /// An SA payload without proposals, as OpenIKED sends it where it has none for ESP.
    private static final Octets NO_PROPOSALS = Octets.of((byte) 0, (byte) 0, (byte) 0, (byte) 4);

    private static TwoPeers peers(long seed) {
        return new TwoPeers(
                seed,
                TestCrypto.CRYPTO,
                new Specs().between("192.0.2.1", "192.0.2.2").v2().build(),
                new Specs().between("192.0.2.2", "192.0.2.1").v2().passive().build());
    }

    private static Path path(boolean toB) {
        Endpoint a = new Endpoint(IpAddress.of("192.0.2.1"), 500);
        Endpoint b = new Endpoint(IpAddress.of("192.0.2.2"), 500);
        return toB ? new Path(b, a) : new Path(a, b);
    }

    private static Forger2 forger(TwoPeers p, boolean ofA) throws MalformedException {
        return new Forger2(p.a.sent.getFirst(), p.b.sent.getFirst(), p.a.shared.getFirst(), ofA);
    }

    private static Octets malformed(Forger2 by, int exchange, boolean response, int id) {
        return by.seal(exchange, response, id, PayloadType.SA, NO_PROPOSALS);
    }

    /// That these octets are the sealed answer to request `id`, and say this alone.
    private static Notify said(Forger2 to, Octets answer, int exchange, int id)
            throws MalformedException {
        IkeHeader header = IkeHeader.parse(answer);
        assertTrue(header.response());
        assertEquals(exchange, header.exchangeType());
        assertEquals(id, header.messageId());
        List<Payload> payloads = to.open(answer).payloads();
        assertEquals(1, payloads.size());
        return (Notify) payloads.getFirst();
    }

    private static void assertGetOn(TwoPeers p, String what) {
        assertTrue(
                p.runUntil(() -> p.a.isUp() && p.b.isUp(), 600 * SECOND),
                () -> what + ": " + p.a.events + " / " + p.b.events);
        p.run(10 * SECOND);
        assertTrue(p.exchange(), what);
        assertEquals(1, p.a.ikeSas(), what);
        assertEquals(1, p.b.ikeSas(), what);
        assertFalse(p.a.told(Event.InternalError.class::isInstance), what);
        assertFalse(p.b.told(Event.InternalError.class::isInstance), what);
    }

    private static void lose(TwoPeers p, boolean ofA, int exchange) {
        p.middle(
                f -> (f.from() == p.a) == ofA && f.octets().at(18) == exchange ? TwoPeers.LOST : f);
    }

    /// It is answered, again if it comes again, and ends the IKE SA; then they begin anew.
    @ParameterizedTest
    @ValueSource(
            ints = {
                ExchangeType.CREATE_CHILD_SA,
                ExchangeType.INFORMATIONAL,
                ExchangeType.IKE_FOLLOWUP_KE
            })
    void aRequestUnderAnIkeSa(int exchange) throws Exception {
        TwoPeers p = peers(3).establish();
        Forger2 a = forger(p, true);
        Octets bad = malformed(a, exchange, false, 2);
        int before = p.b.sent.size();
        p.deliver(p.b, path(true), bad);
        Octets answer = p.b.sent.get(before);
        assertTrue(said(a, answer, exchange, 2).is(NotifyType.INVALID_SYNTAX));
        assertEquals(0, p.b.backend.size());
        assertEquals(0, p.b.ikeSas());
        p.deliver(p.b, path(true), bad);
        assertEquals(answer, p.b.sent.getLast());
        assertGetOn(p, "exchange " + exchange);
    }

    @Test
    void onABadLine() throws Exception {
        for (long seed = 1; seed <= 20; seed++) {
            TwoPeers p = peers(seed).establish();
            p.wire.faults(20, 20, 20);
            p.deliver(
                    p.b,
                    path(true),
                    malformed(forger(p, true), ExchangeType.CREATE_CHILD_SA, false, 2));
            p.run(120 * SECOND);
            p.wire.faults(0, 0, 0);
            assertGetOn(p, "seed " + seed);
        }
    }

    /// A payload that we do not know and must not skip is the sender's matter: the IKE SA stands.
    @Test
    void anUnknownCriticalPayload() throws Exception {
        TwoPeers p = peers(3).establish();
        Forger2 a = forger(p, true);
        int before = p.b.sent.size();
        p.deliver(
                p.b,
                path(true),
                a.seal(
                        ExchangeType.INFORMATIONAL,
                        false,
                        2,
                        List.of(new Payload.Unknown(200, true, Octets.EMPTY))));
        Notify notify = said(a, p.b.sent.get(before), ExchangeType.INFORMATIONAL, 2);
        assertTrue(notify.is(NotifyType.UNSUPPORTED_CRITICAL_PAYLOAD));
        assertEquals(Octets.of((byte) 200), notify.data());
        assertEquals(1, p.b.ikeSas());
    }

    /// Somebody who proved nothing hears it too, and is then forgotten.
    @Test
    void aRequestThatShouldProveWhoSomebodyIs() throws Exception {
        TwoPeers p = peers(3);
        lose(p, true, ExchangeType.IKE_AUTH);
        p.b.load();
        p.a.load();
        p.run(300 * TwoPeers.MILLI);
        Forger2 a = forger(p, true);
        p.deliver(p.b, path(true), malformed(a, ExchangeType.IKE_AUTH, false, 1));
        assertTrue(
                said(a, p.b.sent.getLast(), ExchangeType.IKE_AUTH, 1)
                        .is(NotifyType.INVALID_SYNTAX));
        assertEquals(List.of(), p.b.engine().views());
        assertFailed(p.b);
        p.middle(f -> f);
        assertGetOn(p, "IKE_AUTH");
    }

    private static void assertFailed(TwoPeers.Peer who) {
        assertTrue(
                who.events(Event.Failed.class)
                        .anyMatch(e -> e.failure().cause() == Cause.MALFORMED),
                who.events::toString);
    }

    /// No time is lost waiting for another answer.
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anAnswerThatShouldProveWhoSomebodyIs(boolean critical) throws Exception {
        TwoPeers p = peers(3);
        lose(p, false, ExchangeType.IKE_AUTH);
        p.b.load();
        p.a.load();
        p.run(300 * TwoPeers.MILLI);
        Forger2 b = forger(p, false);
        p.deliver(
                p.a,
                path(false),
                critical
                        ? b.seal(
                                ExchangeType.IKE_AUTH,
                                true,
                                1,
                                List.of(new Payload.Unknown(200, true, Octets.EMPTY)))
                        : malformed(b, ExchangeType.IKE_AUTH, true, 1));
        assertFailed(p.a);
        p.middle(f -> f);
        assertGetOn(p, "answer to IKE_AUTH");
    }

    /// What the peer answers to a rekeying: the IKE SA is closed, and they begin anew.
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anAnswerUnderAnIkeSa(boolean invalidSyntax) throws Exception {
        TwoPeers p = peers(3).establish();
        lose(p, false, ExchangeType.CREATE_CHILD_SA);
        p.a.command(new Command.Rekey("Tunnel1", "Tunnel1"));
        p.run(300 * TwoPeers.MILLI);
        Forger2 b = forger(p, false);
        p.deliver(
                p.a,
                path(false),
                invalidSyntax
                        ? b.seal(
                                ExchangeType.CREATE_CHILD_SA,
                                true,
                                2,
                                List.of(Notify.of(NotifyType.INVALID_SYNTAX)))
                        : malformed(b, ExchangeType.CREATE_CHILD_SA, true, 2));
        assertEquals(0, p.a.ikeSas());
        assertEquals(0, p.a.backend.size());
        p.middle(f -> f);
        assertGetOn(p, "answer to CREATE_CHILD_SA");
    }
}
