package io.sallyport.ike;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.base.Octets;
import io.sallyport.base.net.Path;
import io.sallyport.crypto.suite.Group;
import io.sallyport.model.command.IkeSaView;
import io.sallyport.model.event.Event;
import io.sallyport.testkit.Specs;
import io.sallyport.testkit.TwoPeers;
import io.sallyport.wire.ike.IkeHeader;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What a person hears of an attempt before it is given up, and what strangers cannot do to it.
class EarlyWordTest {
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

    /// S0-03: three transmissions of message 5 without an answer are enough to say so.
    @Test
    void aWrongKeyIsToldSoon() {
        TwoPeers p = peers(a(), b());
        p.b.psk("another");
        p.b.load();
        p.a.load();
        assertTrue(p.runUntil(() -> p.a.told(Event.Suspected.class::isInstance), 6 * SECOND));
        Event.Suspected told = p.a.events(Event.Suspected.class).findFirst().orElseThrow();
        assertTrue(told.failure().reason().contains("another pre-shared key"), told.toString());
        p.b.psk("aM6ktTm3pv5etv9eC");
        assertTrue(p.runUntil(() -> p.a.isUp() && p.b.isUp(), 90 * SECOND), "it goes on trying");
    }

    /// A peer that answers message 5 with an informational message under other keys, as strongSwan
    /// does: told at once.
    @Test
    void anAnswerThatOurKeysDoNotOpenIsToldAtOnce() throws Exception {
        TwoPeers p = peers(a(), b());
        p.middle(f -> f.from() == p.a && p.a.sent.size() == 3 ? TwoPeers.LOST : f);
        p.b.load();
        p.a.load();
        p.runUntil(() -> p.a.sent.size() == 3, SECOND);
        Path path = p.a.engine().views().getFirst().path();
        Octets fifth = p.a.sent.get(2);
        IkeHeader h = IkeHeader.parse(fifth);
        p.deliver(
                p.a,
                path,
                informational(h, IkeHeader.FLAG_ENCRYPTION, 16, Octets.owned(new byte[64])));
        assertEquals(1, p.a.events(Event.Suspected.class).count());
        assertEquals("AuthSent", p.a.engine().views().getFirst().state(), "it is no proof");
    }

    /// NO-PROPOSAL-CHOSEN in clear: told at once, with our offers, and only a hint.
    @Test
    void noProposalChosenIsToldAtOnce() {
        TwoPeers p = peers(a().ike(List.of(Specs.ikeWith(Group.MODP_2048))), b());
        p.b.load();
        p.a.load();
        p.run(100 * MILLI);
        Event.Suspected told = p.a.events(Event.Suspected.class).findFirst().orElseThrow();
        assertTrue(told.failure().reason().contains("NO-PROPOSAL-CHOSEN"), told.toString());
        assertTrue(told.failure().ours().contains("modp2048"), told.toString());
        assertEquals("SaSent", p.a.engine().views().getFirst().state(), "it is no proof");
    }

    /// An SA under negotiation has the age of its first message, and a suite when one is chosen.
    @Test
    void whatIsShownOfAnSaUnderNegotiation() {
        TwoPeers p = peers(a(), b());
        p.b.psk("another");
        p.b.load();
        long began = p.now();
        p.a.load();
        IkeSaView first = p.a.engine().views().getFirst();
        assertEquals("", first.keys().suite());
        p.run(3 * SECOND);
        IkeSaView later = p.a.engine().views().getFirst();
        assertEquals(began, later.times().establishedNanos());
        assertTrue(later.keys().suite().contains("modp1024"), later.keys().suite());
    }

    /// Used up attempts are told as such, once.
    @Test
    void givenUp() {
        TwoPeers p = peers(a().keyingTries(2), b());
        p.a.load();
        p.run(600 * SECOND);
        assertEquals(1, p.a.events(Event.GivenUp.class).count());
    }

    /// Any number of first messages in a peer's name: the peer itself still gets in.
    @Test
    void spoofedFirstMessagesDoNotKeepThePeerOut() {
        TwoPeers stranger = peers(a(), b());
        stranger.a.load();
        Octets first = stranger.a.sent.getFirst();
        Path seen = peers(a(), b()).establish().b.engine().views().getFirst().path();
        TwoPeers p = peers(a(), b());
        p.b.load();
        for (int i = 1; i <= 40; i++) {
            p.deliver(p.b, seen, Octets.concat(Octets.ofLong(i), first.slice(8, first.length())));
            p.run(MILLI);
        }
        assertEquals(10, p.b.engine().sessionsHeld());
        p.a.load();
        assertTrue(p.runUntil(() -> p.a.isUp() && p.b.isUp(), 2 * SECOND));
    }

    /// An IKE SA that ends without a successor: the next one comes at once, and the peer is not
    /// told a delete by which it would end the children.
    @Test
    void childrenOutliveAnExpiredIkeSa() {
        TwoPeers p =
                peers(a().ikeEnds(Duration.ofSeconds(20)), b().ikeEnds(Duration.ofHours(8)))
                        .establish();
        long atA = p.a.backend.active("Tunnel1").orElseThrow().id();
        long atB = p.b.backend.active("Tunnel1").orElseThrow().id();
        p.run(15 * SECOND);
        assertTrue(
                p.runUntil(() -> p.a.events(Event.IkeEstablished.class).count() == 2, 10 * SECOND));
        p.run(5 * SECOND);
        assertTrue(p.a.told(e -> e instanceof Event.IkeClosed c && c.why().equals("expired")));
        assertFalse(p.b.told(e -> e instanceof Event.IkeClosed c && c.why().contains("peer")));
        assertEquals(atA, p.a.backend.active("Tunnel1").orElseThrow().id());
        assertEquals(atB, p.b.backend.active("Tunnel1").orElseThrow().id());
        assertTrue(p.exchange());
    }

    private static Octets informational(IkeHeader h, int flags, int messageId, Octets body) {
        return Octets.concat(
                new IkeHeader(
                                h.initiatorSpi(),
                                h.responderSpi(),
                                8,
                                1,
                                0,
                                5,
                                flags,
                                messageId,
                                IkeHeader.LENGTH + body.length())
                        .emit(),
                body);
    }
}
