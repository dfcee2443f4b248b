package io.sallyport.ike.v2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.base.Octets;
import io.sallyport.base.Secret;
import io.sallyport.ike.Forger2;
import io.sallyport.ike.TestCrypto;
import io.sallyport.model.command.Command;
import io.sallyport.model.event.Event;
import io.sallyport.testkit.Specs;
import io.sallyport.testkit.TwoPeers;
import io.sallyport.wire.ike.IkeHeader;
import io.sallyport.wire.ike.MalformedException;
import io.sallyport.wire.ike.v2.ExchangeType;
import io.sallyport.wire.ike.v2.Message;
import io.sallyport.wire.ike.v2.Notify;
import io.sallyport.wire.ike.v2.notify.Notices;
import io.sallyport.wire.ike.v2.number.NotifyType;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Quick crash detection (RFC 6290), as dialogues: B loses its memory.
class CrashDetectionTest {
    private static final long SECOND = TwoPeers.SECOND;

    private static TwoPeers peers() {
        TwoPeers p =
                new TwoPeers(
                        3,
                        TestCrypto.CRYPTO,
                        new Specs().between("192.0.2.1", "192.0.2.2").v2().build(),
                        new Specs().between("192.0.2.2", "192.0.2.1").v2().passive().build());
        p.a.crashSecret = Optional.of(Secret.utf8("a's, 32 octets of it, more or less"));
        p.b.crashSecret = Optional.of(Secret.utf8("b's, 32 octets of it, more or less"));
        return p;
    }

    /// Nothing is left of it but its secret and its configuration.
    private static void crash(TwoPeers.Peer peer) {
        peer.boot();
        peer.backend.clear();
        peer.load();
    }

    private static void assertNoBugs(TwoPeers p) {
        assertFalse(p.a.told(Event.InternalError.class::isInstance), p.a.events::toString);
        assertFalse(p.b.told(Event.InternalError.class::isInstance), p.b.events::toString);
    }

    /// The next thing that A asks shows it, and it begins anew at once; so does a successor's,
    /// whoever made it.
    @ParameterizedTest
    @ValueSource(strings = {"", "a", "b"})
    void theNextQuestionShowsIt(String rekeys) {
        TwoPeers p = peers().establish();
        if (!rekeys.isEmpty()) {
            (rekeys.equals("a") ? p.a : p.b).command(new Command.Rekey("Tunnel1", ""));
            p.run(5 * SECOND);
        }
        crash(p.b);
        p.a.events.clear();
        p.a.command(new Command.Rekey("Tunnel1", "Tunnel1"));
        assertTrue(
                p.runUntil(
                        () -> p.b.ikeSas() == 1 && p.b.isUp() && p.a.ikeSas() == 1 && p.a.isUp(),
                        3 * SECOND),
                p.a.events::toString);
        assertTrue(p.a.told(Event.PeerDead.class::isInstance), p.a.events::toString);
        assertEquals(1, p.a.ikeSas());
        assertTrue(p.exchange());
        assertNoBugs(p);
    }

    /// With the secret gone as well A finds out as ever, by asking in vain.
    @Test
    void withoutTheSecretItTakesItsTime() {
        TwoPeers p = peers().establish();
        p.b.crashSecret = Optional.empty();
        crash(p.b);
        p.a.command(new Command.Rekey("Tunnel1", "Tunnel1"));
        p.run(5 * SECOND);
        assertEquals(1, p.a.ikeSas());
        assertEquals(0, p.b.ikeSas());
    }

    private enum Wrong {
        TOKEN_OF_ZEROS,
        NO_TOKEN,
        SHORT_TOKEN,
        ANOTHER_SAS_TOKEN,
        NO_INVALID_SPI,
        ANOTHER_MESSAGE
    }

    /// Who says so in clear, and has not the token of this SA, or is not asked, changes nothing.
    @ParameterizedTest
    @EnumSource
    void nobodyElseEndsIt(Wrong what) throws MalformedException {
        TwoPeers p = peers().establish();
        p.middle(f -> f.from() == p.b ? TwoPeers.LOST : f);
        p.a.command(new Command.Rekey("Tunnel1", "Tunnel1"));
        IkeHeader asked = IkeHeader.parse(p.a.sent.getLast());
        Octets right = token(p, asked.initiatorSpi(), asked.responderSpi());
        Octets token =
                switch (what) {
                    case TOKEN_OF_ZEROS -> Octets.owned(new byte[32]);
                    case SHORT_TOKEN -> right.slice(0, 16);
                    case ANOTHER_SAS_TOKEN -> token(p, asked.initiatorSpi(), 77);
                    case NO_TOKEN, NO_INVALID_SPI, ANOTHER_MESSAGE -> right;
                };
        Notify invalid = Notify.of(NotifyType.INVALID_IKE_SPI);
        List<Notify> said =
                switch (what) {
                    case NO_TOKEN -> List.of(invalid);
                    case NO_INVALID_SPI -> List.of(Notices.crashToken(token));
                    default -> List.of(invalid, Notices.crashToken(token));
                };
        int id = asked.messageId() + (what == Wrong.ANOTHER_MESSAGE ? 1 : 0);
        p.deliver(
                p.a,
                p.a.engine().views().getFirst().path(),
                Message.emit(
                        asked.initiatorSpi(),
                        asked.responderSpi(),
                        asked.exchangeType(),
                        false,
                        true,
                        id,
                        List.copyOf(said)));
        assertEquals(1, p.a.ikeSas(), what::toString);
        assertEquals(1, p.a.backend.size(), what::toString);
        p.middle(f -> f);
        p.run(20 * SECOND);
        assertEquals(1, p.a.ikeSas(), what::toString);
        assertFalse(p.a.told(Event.PeerDead.class::isInstance), what::toString);
        assertTrue(p.exchange());
        assertNoBugs(p);
    }

    private static Octets token(TwoPeers p, long spiI, long spiR) {
        return TestCrypto.CRYPTO
                .prf(io.sallyport.crypto.suite.Prf.HMAC_SHA2_256)
                .hash(p.b.crashSecret.orElseThrow(), Octets.ofLong(spiI), Octets.ofLong(spiR));
    }

    /// While the SA stands nobody gets its token, whatever is sent under its SPIs; and one who asks
    /// for SAs that never were gets few.
    @Test
    void noTokenOfAnSaThatStands() throws MalformedException {
        TwoPeers p = peers().establish();
        Forger2 forger = new Forger2(p.a.sent.get(0), p.b.sent.get(0), p.a.shared.get(0), true);
        Octets request = forger.seal(ExchangeType.INFORMATIONAL, false, 2, List.of());
        byte[] bent = request.toArray();
        bent[bent.length - 1] ^= 1;
        int before = p.b.sent.size();
        p.deliver(p.b, p.b.engine().views().getFirst().path(), Octets.of(bent));
        assertEquals(before, p.b.sent.size());
        for (int i = 1; i < 1000; i++) {
            byte[] stray = request.toArray();
            stray[14] ^= (byte) i;
            stray[15] ^= (byte) (i >> 8 | 0x40);
            p.deliver(p.b, p.b.engine().views().getFirst().path(), Octets.owned(stray));
        }
        int answers = p.b.sent.size() - before;
        assertTrue(answers > 0 && answers <= 50, "answers: " + answers);
        for (Octets answer : p.b.sent.subList(before, p.b.sent.size())) {
            assertFalse(
                    Message.parse(answer).header().responderSpi()
                            == IkeHeader.parse(request).responderSpi());
        }
        assertTrue(p.exchange());
    }
}
