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
import io.sallyport.model.event.Event;
import io.sallyport.model.spec.AuthSpec;
import io.sallyport.model.spec.ConnectionSpec;
import io.sallyport.model.spec.Identity;
import io.sallyport.testkit.Specs;
import io.sallyport.testkit.TwoPeers;
import io.sallyport.wire.ike.v2.Authentication;
import io.sallyport.wire.ike.v2.ExchangeType;
import io.sallyport.wire.ike.v2.Identification;
import io.sallyport.wire.ike.v2.PayloadChain;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Peers that stay unknown (RFC 7619), as dialogues.
class NullAuthTest {
    private static final long SECOND = TwoPeers.SECOND;
    private static final AuthSpec NOBODY = new AuthSpec.Null(Identity.ANY);
    private static final AuthSpec KEY = new AuthSpec.Psk(Identity.ANY);

    private static ConnectionSpec a(AuthSpec local, AuthSpec remote) {
        return EapPeers.with(
                new Specs().between("192.0.2.1", "192.0.2.2").v2().keyingTries(1).build(),
                local,
                remote);
    }

    private static ConnectionSpec b(AuthSpec local, AuthSpec remote) {
        return EapPeers.with(
                new Specs().between("192.0.2.2", "192.0.2.1").v2().passive().build(),
                local,
                remote);
    }

    private static TwoPeers peers(long seed, AuthSpec ofA, AuthSpec ofB) {
        return new TwoPeers(seed, TestCrypto.CRYPTO, a(ofA, ofB), b(ofB, ofA));
    }

    private static AuthSpec spec(String word) {
        return word.equals("null") ? NOBODY : KEY;
    }

    private static void assertNoBugs(TwoPeers p) {
        assertFalse(p.a.told(Event.InternalError.class::isInstance), p.a.events::toString);
        assertFalse(p.b.told(Event.InternalError.class::isInstance), p.b.events::toString);
    }

    @ParameterizedTest
    @CsvSource({"null, psk", "psk, null", "null, null"})
    void eachPair(String ofA, String ofB) throws Exception {
        TwoPeers p = peers(3, spec(ofA), spec(ofB)).establish();
        assertTrue(p.exchange());
        Forger2 b =
                new Forger2(p.a.sent.getFirst(), p.b.sent.getFirst(), p.a.shared.getFirst(), false);
        PayloadChain asked = b.open(p.a.sent.get(1));
        assertEquals(
                ofA.equals("null") ? 13 : 2,
                asked.first(Authentication.class).orElseThrow().method());
        assertEquals(
                ofA.equals("null") ? 13 : 1, asked.identification(true).orElseThrow().idType());
        assertEquals(
                ofA.equals("null") ? "%null" : "192.0.2.1",
                p.b.engine().views().getFirst().peer().remoteId());
        p.a.command(new Command.Rekey("Tunnel1", ""));
        p.run(5 * SECOND);
        assertTrue(p.exchange());
        assertNoBugs(p);
    }

    /// It is never taken where it is not said, and not in place of it.
    @ParameterizedTest
    @CsvSource({"null, psk, psk, psk", "psk, psk, psk, null", "psk, psk, null, psk"})
    void onlyWhereItIsSaid(String ofA, String wantedByA, String ofB, String wantedByB) {
        TwoPeers p =
                new TwoPeers(
                        3,
                        TestCrypto.CRYPTO,
                        a(spec(ofA), spec(wantedByA)),
                        b(spec(ofB), spec(wantedByB)));
        p.b.load();
        p.a.load();
        p.run(100 * SECOND);
        assertEquals(0, p.a.ikeSas() + p.b.ikeSas(), () -> p.a.events + " / " + p.b.events);
        assertEquals(0, p.a.backend.size() + p.b.backend.size());
        assertNoBugs(p);
    }

    /// Somebody in the middle, who has the keys of one half each, cannot pass on an AUTH: it covers
    /// IKE_SA_INIT of this IKE SA and its SK_p.
    @ParameterizedTest
    @CsvSource({"13, true", "13, false", "2, true"})
    void anAuthOfAnother(int method, boolean changed) throws Exception {
        TwoPeers p = peers(3, NOBODY, KEY);
        p.middle(f ->
                f.from() == p.a && f.octets().at(18) == ExchangeType.IKE_AUTH ? TwoPeers.LOST : f);
        p.b.load();
        p.a.load();
        p.run(300 * TwoPeers.MILLI);
        Forger2 a =
                new Forger2(p.a.sent.getFirst(), p.b.sent.getFirst(), p.a.shared.getFirst(), true);
        Identification nobody = new Identification(true, 13, Octets.EMPTY);
        Octets right = a.proofByOwnKey(nobody).data();
        byte[] other = right.toArray();
        other[0] ^= (byte) (changed ? 1 : 0);
        Endpoint ofA = new Endpoint(IpAddress.of("192.0.2.1"), 500);
        Endpoint ofB = new Endpoint(IpAddress.of("192.0.2.2"), 500);
        p.deliver(
                p.b,
                new Path(ofB, ofA),
                a.seal(
                        ExchangeType.IKE_AUTH,
                        false,
                        1,
                        List.of(nobody, new Authentication(method, Octets.owned(other)))));
        assertEquals(method == 13 && !changed ? 1 : 0, p.b.ikeSas(), p.b.events::toString);
        assertNoBugs(p);
    }

    /// What ID payloads may hold that nobody expects.
    @ParameterizedTest
    @CsvSource({"13, 010203", "4, 0a", "7, 0a0b", "6, ''", "201, 00", "10, ''"})
    void oddIdentities(int type, String data) throws Exception {
        TwoPeers p = peers(3, NOBODY, KEY);
        p.middle(f ->
                f.from() == p.a && f.octets().at(18) == ExchangeType.IKE_AUTH ? TwoPeers.LOST : f);
        p.b.load();
        p.a.load();
        p.run(300 * TwoPeers.MILLI);
        Forger2 a =
                new Forger2(p.a.sent.getFirst(), p.b.sent.getFirst(), p.a.shared.getFirst(), true);
        Identification odd = new Identification(true, type, Octets.hex(data));
        Endpoint ofA = new Endpoint(IpAddress.of("192.0.2.1"), 500);
        Endpoint ofB = new Endpoint(IpAddress.of("192.0.2.2"), 500);
        p.deliver(
                p.b,
                new Path(ofB, ofA),
                a.seal(
                        ExchangeType.IKE_AUTH,
                        false,
                        1,
                        List.of(odd, new Authentication(13, a.proofByOwnKey(odd).data()))));
        assertNoBugs(p);
    }

    /// Two that nobody can tell apart: the second does not end the first one's IKE SA, whatever it
    /// says of INITIAL_CONTACT.
    @Test
    void initialContactOfNobodyEndsNothing() throws Exception {
        TwoPeers p = peers(3, NOBODY, KEY).establish();
        long before = p.b.ikeSas();
        p.a.boot();
        p.a.load();
        p.run(20 * SECOND);
        assertEquals(1, p.a.ikeSas());
        assertEquals(before + 1, p.b.ikeSas(), "the old one goes by dead peer detection");
        assertNoBugs(p);
    }

    @Test
    void onABadLine() {
        for (long seed = 1; seed <= 20; seed++) {
            TwoPeers p = peers(seed, NOBODY, KEY);
            p.wire.faults(15, 20, 20);
            assertTrue(p.establish().exchange(), "seed " + seed);
        }
    }
}
