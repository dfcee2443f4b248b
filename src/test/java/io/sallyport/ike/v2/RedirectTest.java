package io.sallyport.ike.v2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.base.Octets;
import io.sallyport.base.net.IpAddress;
import io.sallyport.ike.TestCrypto;
import io.sallyport.model.command.Command;
import io.sallyport.model.event.Event;
import io.sallyport.model.spec.AddressSpec;
import io.sallyport.model.spec.ConnectionSpec;
import io.sallyport.model.spec.PeerSpec;
import io.sallyport.testkit.Specs;
import io.sallyport.testkit.TwoPeers;
import io.sallyport.wire.ike.MalformedException;
import io.sallyport.wire.ike.v2.ExchangeType;
import io.sallyport.wire.ike.v2.Message;
import io.sallyport.wire.ike.v2.Nonce;
import io.sallyport.wire.ike.v2.Notify;
import io.sallyport.wire.ike.v2.PayloadChain;
import io.sallyport.wire.ike.v2.notify.Redirect;
import io.sallyport.wire.ike.v2.number.NotifyType;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Redirection (RFC 5685), as dialogues: B is every gateway.
class RedirectTest {
    private static final long SECOND = TwoPeers.SECOND;
    private static final IpAddress HERE = IpAddress.of("192.0.2.2");
    private static final IpAddress THERE = IpAddress.of("198.51.100.2");

    private static TwoPeers peers() {
        ConnectionSpec b = new Specs().between("192.0.2.2", "192.0.2.1").v2().passive().build();
        return new TwoPeers(
                3,
                TestCrypto.CRYPTO,
                new Specs().between("192.0.2.1", "192.0.2.2").v2().keyingTries(3).build(),
                new ConnectionSpec(
                        b.name(),
                        new PeerSpec(
                                List.of(new AddressSpec.DefaultRoute()), 500, b.local().rounds()),
                        b.remote(),
                        b.ike(),
                        b.children(),
                        b.origin()));
    }

    private static IpAddress gateOf(TwoPeers.Peer a) {
        return a.engine().views().getFirst().path().remote().address();
    }

    private static PayloadChain said(Octets firstMessage) {
        try {
            return Message.parse(firstMessage).chain();
        } catch (MalformedException e) {
            throw new AssertionError(e);
        }
    }

    private static boolean isFirst(TwoPeers p, TwoPeers.Flying f) {
        return f.from() == p.a && f.octets().at(18) == ExchangeType.IKE_SA_INIT;
    }

    /// What a gateway at `here` answers to a first message.
    private static Octets redirect(Octets first, AddressSpec to, Octets nonce) {
        Redirect r = Redirects.of(to).orElseThrow();
        return Message.emit(
                first.slice(0, 8).buffer().getLong(),
                0,
                ExchangeType.IKE_SA_INIT,
                false,
                true,
                0,
                List.of(new Redirect(r.gatewayType(), r.identity(), nonce).redirect()));
    }

    private static Octets nonce(Octets first) {
        return said(first).first(Nonce.class).orElseThrow().value();
    }

    /// Whoever is called at one of these answers with a REDIRECT to `to`.
    private static void sendsOn(TwoPeers p, List<IpAddress> here, AddressSpec to) {
        p.middle(f -> {
            if (!isFirst(p, f) || !here.contains(f.path().remote().address())) {
                return f;
            }
            p.deliver(p.a, f.path(), redirect(f.octets(), to, nonce(f.octets())));
            return TwoPeers.LOST;
        });
    }

    private static void assertNoBugs(TwoPeers p) {
        assertFalse(p.a.told(Event.InternalError.class::isInstance), p.a.events::toString);
        assertFalse(p.b.told(Event.InternalError.class::isInstance), p.b.events::toString);
    }

    /// In place of an answer to IKE_SA_INIT; the next gateway hears who sent us.
    @Test
    void fromTheBeginning() throws MalformedException {
        TwoPeers p = peers();
        sendsOn(p, List.of(HERE), new AddressSpec.Fixed(THERE));
        p.b.load();
        p.a.load();
        assertTrue(p.runUntil(() -> p.a.isUp() && p.b.isUp(), 20 * SECOND), p.a.events::toString);
        assertEquals(THERE, gateOf(p.a));
        assertTrue(p.exchange());
        assertEquals(1, p.a.ikeSas());
        assertEquals(1, p.a.engine().sessionsHeld());
        assertTrue(
                said(p.a.sent.get(0)).notify(NotifyType.REDIRECT_SUPPORTED.number()).isPresent());
        Optional<Notify> from = said(p.a.sent.get(1)).notify(NotifyType.REDIRECTED_FROM.number());
        assertEquals(HERE.octets(), Redirect.of(from.orElseThrow()).identity());
        assertFalse(p.a.told(Event.Failed.class::isInstance), p.a.events::toString);
        assertNoBugs(p);
    }

    /// RFC 5685, 3: who did not see our request cannot send us anywhere.
    @Test
    void anotherNonceIsNotListenedTo() {
        TwoPeers p = peers();
        p.middle(f -> {
            if (isFirst(p, f)) {
                for (Octets wrong : List.of(Octets.EMPTY, Octets.owned(new byte[32]))) {
                    p.deliver(
                            p.a,
                            f.path(),
                            redirect(f.octets(), new AddressSpec.Fixed(THERE), wrong));
                }
            }
            return f;
        });
        assertTrue(p.establish().exchange());
        assertEquals(HERE, gateOf(p.a));
    }

    /// Two gateways that send us to each other: after five times in five minutes that was one
    /// attempt that failed.
    @Test
    void inCircles() {
        TwoPeers p = peers();
        int[] calls = {0};
        p.middle(f -> {
            if (!isFirst(p, f)) {
                return f;
            }
            calls[0]++;
            IpAddress to = f.path().remote().address().equals(HERE) ? THERE : HERE;
            p.deliver(
                    p.a,
                    f.path(),
                    redirect(f.octets(), new AddressSpec.Fixed(to), nonce(f.octets())));
            return TwoPeers.LOST;
        });
        p.b.load();
        p.a.load();
        p.run(100 * SECOND);
        assertTrue(
                p.a.events(Event.Failed.class)
                        .anyMatch(e -> e.toString().contains("one gateway after the other")),
                p.a.events::toString);
        assertEquals(5 + 3, calls[0], "five that went on, and three attempts that ended");
        assertTrue(p.a.told(Event.GivenUp.class::isInstance));
        assertNoBugs(p);
    }

    /// Nobody is there: back to where it is configured.
    @Test
    void toNobody() {
        TwoPeers p = peers();
        int[] sent = {0};
        p.middle(f -> {
            IpAddress to = f.path().remote().address();
            if (to.equals(THERE)) {
                return TwoPeers.LOST;
            }
            if (isFirst(p, f) && sent[0]++ == 0) {
                p.deliver(
                        p.a,
                        f.path(),
                        redirect(f.octets(), new AddressSpec.Fixed(THERE), nonce(f.octets())));
                return TwoPeers.LOST;
            }
            return f;
        });
        p.b.load();
        p.a.load();
        assertTrue(p.runUntil(() -> p.a.isUp() && p.b.isUp(), 600 * SECOND), p.a.events::toString);
        assertEquals(HERE, gateOf(p.a));
        assertTrue(p.exchange());
        assertNoBugs(p);
    }

    /// A gateway sends a client on whose IKE SA stands: the new one takes over before the old one
    /// is closed.
    @Test
    void later() {
        TwoPeers p = peers().establish();
        var first = p.b.engine().views().getFirst().keys();
        p.b.command(new Command.Redirect("Tunnel1", first, new AddressSpec.Fixed(THERE)));
        for (int i = 0; i < 200; i++) {
            p.run(SECOND / 10);
            assertTrue(p.a.isUp() && p.exchange(), "after " + i + " tenths of a second");
        }
        p.run(60 * SECOND);
        assertEquals(1, p.a.ikeSas(), p.a.events::toString);
        assertEquals(1, p.b.ikeSas(), p.b.events::toString);
        assertEquals(1, p.a.backend.size());
        assertEquals(THERE, gateOf(p.a));
        assertTrue(p.exchange());
        assertNoBugs(p);
    }

    /// Who was called is not sent anywhere, whatever the caller says.
    @Test
    void onlyWhoCalls() {
        TwoPeers p = peers().establish();
        var keys = p.a.engine().views().getFirst().keys();
        int before = p.a.sent.size();
        p.a.command(new Command.Redirect("Tunnel1", keys, new AddressSpec.Fixed(THERE)));
        p.run(5 * SECOND);
        assertEquals(before, p.a.sent.size());
        assertEquals(HERE, gateOf(p.a));
    }

    /// What is no address and no name is not followed.
    @ParameterizedTest
    @ValueSource(strings = {"gw/../x", "a..b", ".", " ", "a b"})
    void whatIsNoName(String name) {
        assertTrue(Redirects.of(new AddressSpec.Named(name)).isEmpty());
    }
}
