package io.sallyport.ike.v2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.base.Octets;
import io.sallyport.base.Secret;
import io.sallyport.base.net.Endpoint;
import io.sallyport.base.net.IpAddress;
import io.sallyport.base.net.IpPrefix;
import io.sallyport.base.net.Path;
import io.sallyport.base.net.TrafficSelector;
import io.sallyport.ike.Forger2;
import io.sallyport.ike.TestCrypto;
import io.sallyport.ike.select.ChildOffers;
import io.sallyport.model.command.Command;
import io.sallyport.model.event.Event;
import io.sallyport.model.spec.ConnectionSpec;
import io.sallyport.model.spec.Identity;
import io.sallyport.model.spec.IkeSpec;
import io.sallyport.model.spec.ike.HandshakeSpec.Ppk;
import io.sallyport.testkit.Specs;
import io.sallyport.testkit.TwoPeers;
import io.sallyport.wire.ike.IkeHeader;
import io.sallyport.wire.ike.MalformedException;
import io.sallyport.wire.ike.v2.Authentication;
import io.sallyport.wire.ike.v2.Delete;
import io.sallyport.wire.ike.v2.Eap;
import io.sallyport.wire.ike.v2.ExchangeType;
import io.sallyport.wire.ike.v2.Identification;
import io.sallyport.wire.ike.v2.Nonce;
import io.sallyport.wire.ike.v2.Notify;
import io.sallyport.wire.ike.v2.Payload;
import io.sallyport.wire.ike.v2.PayloadChain;
import io.sallyport.wire.ike.v2.TrafficSelectors;
import io.sallyport.wire.ike.v2.number.NotifyType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// EAP in IKE_AUTH (RFC 7296, 2.16), as dialogues; and what somebody gets who has the keys of
/// IKE_SA_INIT and no password.
class EapTest {
    private static final long SECOND = TwoPeers.SECOND;
    private static final Identity MOON = EapPeers.MOON;
    private static final Identity SUN = EapPeers.SUN;
    private static final Identity CAROL = EapPeers.CAROL;

    private static TwoPeers refused(TwoPeers p, TwoPeers.Peer who, String why) {
        p.b.load();
        p.a.load();
        p.run(100 * SECOND);
        assertEquals(0, p.a.ikeSas() + p.b.ikeSas(), () -> p.a.events + " / " + p.b.events);
        assertEquals(0, p.a.backend.size() + p.b.backend.size());
        assertTrue(
                who.events(Event.Failed.class).anyMatch(e -> e.toString().contains(why)),
                () -> p.a.events + " / " + p.b.events);
        assertNoBugs(p);
        return p;
    }

    private static void assertNoBugs(TwoPeers p) {
        assertFalse(p.a.told(Event.InternalError.class::isInstance), p.a.events::toString);
        assertFalse(p.b.told(Event.InternalError.class::isInstance), p.b.events::toString);
    }

    /// A -> B IKE_SA_INIT, IKE_AUTH so often as the method needs; then all goes on as ever.
    @ParameterizedTest
    @ValueSource(strings = {"mschapv2", "md5", "gtc", ""})
    void eachMethod(String method) {
        TwoPeers p = EapPeers.peers(3, method).establish();
        assertTrue(p.exchange());
        assertEquals("carol", p.b.engine().views().getFirst().peer().remoteId());
        assertEquals("sun.example", p.a.engine().views().getFirst().peer().remoteId());
        p.a.command(new Command.Rekey("Tunnel1", "Tunnel1"));
        p.run(5 * SECOND);
        p.b.command(new Command.Rekey("Tunnel1", ""));
        p.run(5 * SECOND);
        assertTrue(p.exchange());
        assertEquals(1, p.a.ikeSas());
        assertEquals(1, p.b.backend.size());
        assertNoBugs(p);
    }

    /// The gateway proves itself by a signature.
    @Test
    void aGatewayWithAKeyPair() {
        TwoPeers p =
                new TwoPeers(
                        3,
                        TestCrypto.CRYPTO,
                        EapPeers.client("mschapv2", true),
                        EapPeers.gateway("mschapv2", Identity.ANY, true));
        p.a.passwords.put(CAROL.data(), Secret.utf8("tux"));
        p.b.passwords.put(CAROL.data(), Secret.utf8("tux"));
        EapPeers.keyPairs(p);
        assertTrue(p.establish().exchange());
        assertNoBugs(p);
    }

    /// A gateway of another key: no word of EAP is said to it.
    @Test
    void aGatewayThatIsNotWhoItSays() {
        TwoPeers p = EapPeers.peers(3, "mschapv2");
        p.b.psk("another");
        refused(p, p.a, "the peer's AUTH is wrong");
        assertEquals(
                2,
                p.a.sent.stream().filter(m -> m.at(18) != ExchangeType.INFORMATIONAL).count(),
                "IKE_SA_INIT and the first of IKE_AUTH");
    }

    /// `eap_id` names the user: it is not asked for.
    @Test
    void aUserThatIsGiven() {
        TwoPeers p =
                new TwoPeers(
                        3,
                        TestCrypto.CRYPTO,
                        EapPeers.client("mschapv2", false),
                        EapPeers.gateway("mschapv2", CAROL, false));
        p.a.passwords.put(CAROL.data(), Secret.utf8("tux"));
        p.b.passwords.put(CAROL.data(), Secret.utf8("tux"));
        assertTrue(p.establish().exchange());
    }

    /// Who is unknown and who has another password see the same: as many messages, of the same
    /// lengths.
    @ParameterizedTest
    @ValueSource(strings = {"mschapv2", "md5", "gtc"})
    void nobodyLearnsWhoIsKnown(String method) {
        TwoPeers wrong = EapPeers.peers(3, method);
        wrong.a.passwords.put(CAROL.data(), Secret.utf8("tuz"));
        refused(wrong, wrong.b, "no EAP secret, or another one, for carol");
        TwoPeers unknown = EapPeers.peers(3, method);
        unknown.b.passwords.clear();
        refused(unknown, unknown.b, "no EAP secret, or another one, for carol");
        assertEquals(
                wrong.b.sent.stream().map(Octets::length).toList(),
                unknown.b.sent.stream().map(Octets::length).toList());
    }

    @Test
    void noPasswordHere() {
        TwoPeers p = EapPeers.peers(3, "mschapv2");
        p.a.passwords.clear();
        refused(p, p.a, "no EAP secret for carol");
    }

    @Test
    void anotherMethodThanDemanded() {
        TwoPeers p =
                new TwoPeers(
                        3,
                        TestCrypto.CRYPTO,
                        EapPeers.client("md5", false),
                        EapPeers.gateway("mschapv2", Identity.ANY, false));
        p.a.passwords.put(CAROL.data(), Secret.utf8("tux"));
        p.b.passwords.put(CAROL.data(), Secret.utf8("tux"));
        refused(p, p.b, "the peer does not do eap-mschapv2");
    }

    /// A connection that demands EAP takes nothing else, and one that does not takes no EAP.
    @Test
    void onlyWhatIsDemanded() {
        ConnectionSpec plain =
                EapPeers.with(
                        new Specs().between("192.0.2.1", "192.0.2.2").v2().keyingTries(1).build(),
                        EapPeers.key(MOON, false),
                        EapPeers.key(SUN, false));
        TwoPeers p =
                new TwoPeers(
                        3,
                        TestCrypto.CRYPTO,
                        plain,
                        EapPeers.gateway("mschapv2", Identity.ANY, false));
        refused(p, p.b, "must be proved by");
        ConnectionSpec forKeys =
                EapPeers.with(
                        new Specs().between("192.0.2.2", "192.0.2.1").v2().passive().build(),
                        EapPeers.key(SUN, false),
                        EapPeers.key(MOON, false));
        TwoPeers back =
                new TwoPeers(3, TestCrypto.CRYPTO, EapPeers.client("mschapv2", false), forKeys);
        back.a.passwords.put(CAROL.data(), Secret.utf8("tux"));
        refused(back, back.b, "the request proves no identity");
    }

    /// RFC 5998: a client asks for EAP alone. Our methods are not made for that: AUTH is there.
    @Test
    void aGatewayProvesItselfWhateverTheClientAsks() throws MalformedException {
        TwoPeers p = EapPeers.peers(7, "mschapv2");
        p.middle(f -> f.from() == p.a && isLate(f.octets(), 1) ? TwoPeers.LOST : f);
        p.b.load();
        p.a.load();
        p.run(500 * TwoPeers.MILLI);
        Forger2 forger = forger(p, Stand.EAP_AWAITED);
        Identification id = new Identification(true, MOON.type().number(), MOON.data());
        p.deliver(
                p.b,
                pathTo(Stand.EAP_AWAITED),
                forger.seal(
                        ExchangeType.IKE_AUTH,
                        false,
                        1,
                        List.of(id, Notify.of(NotifyType.EAP_ONLY_AUTHENTICATION))));
        PayloadChain answer = forger.open(p.b.sent.getLast());
        assertTrue(answer.first(Authentication.class).isPresent());
        assertTrue(answer.first(Eap.class).isPresent());
    }

    @Test
    void notWithAPostQuantumKey() {
        ConnectionSpec base =
                new Specs()
                        .between("192.0.2.1", "192.0.2.2")
                        .v2()
                        .keyingTries(1)
                        .build(h -> h.ppk(new Ppk(Octets.utf8("q"), true)));
        TwoPeers p =
                new TwoPeers(
                        3,
                        TestCrypto.CRYPTO,
                        EapPeers.with(
                                base,
                                EapPeers.eap(MOON, "mschapv2", CAROL),
                                EapPeers.key(SUN, false)),
                        EapPeers.gateway("mschapv2", Identity.ANY, false));
        p.a.ppks.put(Octets.utf8("q"), Secret.utf8("quantum"));
        refused(p, p.a, "a post-quantum key is not used together with EAP");
    }

    /// What a peer calls itself in IKE is not what it proved: carol, who says that she is moon,
    /// gets nothing of moon's.
    @Test
    void theNameInIkeEndsNobodyElsesSa() {
        TwoPeers p = EapPeers.peers(3, "mschapv2").establish();
        assertEquals("carol", p.b.engine().views().getFirst().peer().remoteId());
        assertFalse(
                p.b.engine().views().stream()
                        .anyMatch(v -> v.peer().remoteId().equals(MOON.toString())));
    }

    /// RFC 4478: the gateway says how long it believes a client, and the client proves itself anew
    /// before, in an IKE SA of its own; no packet is lost.
    @ParameterizedTest
    @CsvSource({"600, 540", "20, 30"})
    void aClientProvesItselfAgainInTime(long lifetime, long after) {
        ConnectionSpec said = EapPeers.gateway("mschapv2", Identity.ANY, false);
        IkeSpec ike = said.ike();
        TwoPeers p =
                new TwoPeers(
                        3,
                        TestCrypto.CRYPTO,
                        EapPeers.client("mschapv2", false),
                        new ConnectionSpec(
                                said.name(),
                                said.local(),
                                said.remote(),
                                new IkeSpec(
                                        ike.version(),
                                        ike.proposals(),
                                        ike.lifetime(),
                                        Duration.ofSeconds(lifetime),
                                        ike.dpd(),
                                        ike.handshake(),
                                        ike.path()),
                                said.children(),
                                said.origin()));
        p.a.passwords.put(CAROL.data(), Secret.utf8("tux"));
        p.b.passwords.put(CAROL.data(), Secret.utf8("tux"));
        p.establish();
        String first = p.a.engine().views().getFirst().keys().initiatorSpi();
        long begin = p.now();
        assertTrue(
                p.runUntil(
                        () ->
                                p.a.engine().views().stream()
                                        .anyMatch(v ->
                                                !v.keys().initiatorSpi().equals(first)
                                                        && v.state().equals("ESTABLISHED")),
                        2 * after * SECOND));
        long took = (p.now() - begin) / SECOND;
        assertTrue(took >= after - 2 && took <= after + 2, "after " + took + " s");
        p.run(20 * SECOND);
        assertEquals(1, p.a.ikeSas());
        assertEquals(1, p.b.ikeSas());
        assertEquals(1, p.a.backend.size());
        assertTrue(p.exchange());
        assertNoBugs(p);
    }

    @Test
    void onABadLine() {
        for (long seed = 1; seed <= 20; seed++) {
            for (String method : List.of("mschapv2", "md5")) {
                TwoPeers p = EapPeers.peers(seed, method);
                p.wire.faults(15, 20, 20);
                assertTrue(p.establish().exchange(), "seed " + seed);
                assertNoBugs(p);
            }
        }
    }

    // ---- nobody gets in without AUTH

    /// Where the target stands; the message ID is that of the exchange of IKE_AUTH that does not
    /// arrive.
    enum Stand {
        /// Our AUTH is sent, an EAP response is due.
        EAP_AWAITED(true, 2),
        /// The user is known, the proof is due.
        EAP_AWAITED_LATER(true, 3),
        EAP_AUTH_AWAITED(true, 5),
        EAP_SENT(false, 2),
        EAP_SENT_LATER(false, 4),
        EAP_AUTH_SENT(false, 5);

        final boolean responder;
        final int id;

        Stand(boolean responder, int id) {
            this.responder = responder;
            this.id = id;
        }
    }

    private static TwoPeers at(Stand stand) {
        TwoPeers p = EapPeers.peers(7, "mschapv2");
        p.middle(f -> {
            boolean awaited = (f.from() == p.a) == stand.responder;
            return awaited && isLate(f.octets(), stand.id) ? TwoPeers.LOST : f;
        });
        p.b.load();
        p.a.load();
        p.run(500 * TwoPeers.MILLI);
        return p;
    }

    private static boolean isLate(Octets message, int id) {
        try {
            IkeHeader header = IkeHeader.parse(message);
            return header.exchangeType() == ExchangeType.IKE_AUTH && header.messageId() >= id;
        } catch (MalformedException e) {
            throw new AssertionError(e);
        }
    }

    private static Map<String, List<Payload>> contents(Forger2 forger, boolean initiator) {
        Identity who = initiator ? MOON : SUN;
        Identification id = new Identification(initiator, who.type().number(), who.data());
        List<TrafficSelector> all = List.of(TrafficSelector.of(IpPrefix.ALL4));
        Payload sa =
                ChildOffers.offer(List.of(Specs.esp2(List.of())), TestCrypto.CRYPTO, false, 0x12345)
                        .orElseThrow();
        Payload tsi = TrafficSelectors.of(true, all);
        Payload tsr = TrafficSelectors.of(false, all);
        Map<String, List<Payload>> contents = new LinkedHashMap<>();
        contents.put("empty", List.of());
        Map<String, Authentication> proofs = new LinkedHashMap<>();
        proofs.put("AUTH of zeros", new Authentication(2, Octets.owned(new byte[32])));
        proofs.put("AUTH of nothing", new Authentication(2, Octets.EMPTY));
        proofs.put("AUTH by the gateway's key", forger.proof("aM6ktTm3pv5etv9eC", id));
        proofs.put("AUTH by the password", forger.proof("tux", id));
        proofs.put("AUTH by SK_p", forger.proofByOwnKey(id));
        proofs.put(
                "AUTH by another method", new Authentication(14, forger.proofByOwnKey(id).data()));
        proofs.forEach((name, auth) -> {
            contents.put(name, List.of(auth));
            contents.put(name + " and a child", List.of(auth, sa, tsi, tsr));
            contents.put(name + ", ID and a child", List.of(id, auth, sa, tsi, tsr));
        });
        for (int code : new int[] {Eap.SUCCESS, Eap.FAILURE}) {
            Eap end = new Eap(Octets.of((byte) code, (byte) 1, (byte) 0, (byte) 4));
            contents.put("EAP code " + code, List.of(end));
            contents.put("EAP code " + code + " and AUTH", List.of(end, forger.proofByOwnKey(id)));
            contents.put(
                    "EAP code " + code + ", AUTH and a child",
                    List.of(end, forger.proofByOwnKey(id), sa, tsi, tsr));
        }
        for (int code : new int[] {Eap.REQUEST, Eap.RESPONSE}) {
            for (int type : new int[] {1, 3, 26}) {
                contents.put(
                        "EAP code " + code + " type " + type,
                        List.of(
                                new Eap(
                                        Octets.of(
                                                (byte) code,
                                                (byte) 1,
                                                (byte) 0,
                                                (byte) 6,
                                                (byte) type,
                                                (byte) 3))));
            }
        }
        contents.put("a child", List.of(sa, new Nonce(Octets.owned(new byte[32])), tsi, tsr));
        contents.put("delete", List.of(Delete.ofIkeSa()));
        contents.put("INITIAL_CONTACT", List.of(Notify.of(NotifyType.INITIAL_CONTACT)));
        contents.put("AUTHENTICATION_FAILED", List.of(Notify.of(NotifyType.AUTHENTICATION_FAILED)));
        return contents;
    }

    /// Every content by every exchange, with the right keys and the message ID that is due, in each
    /// stand: no IKE SA and no child comes of it.
    @ParameterizedTest
    @EnumSource
    void noWayInWithoutAuth(Stand stand) throws MalformedException {
        int cells = 0;
        TwoPeers first = at(stand);
        List<String> names =
                new ArrayList<>(contents(forger(first, stand), stand.responder).keySet());
        for (int exchange : new int[] {35, 36, 37, 43, 44}) {
            for (String name : names) {
                TwoPeers p = at(stand);
                TwoPeers.Peer target = stand.responder ? p.b : p.a;
                assertEquals(0, target.ikeSas());
                Forger2 forger = forger(p, stand);
                List<Payload> payloads =
                        contents(forger, stand.responder).getOrDefault(name, List.of());
                Octets message = forger.seal(exchange, !stand.responder, stand.id, payloads);
                p.deliver(target, pathTo(stand), message);
                p.deliver(target, pathTo(stand), message);
                String cell = stand + ", exchange " + exchange + ": " + name;
                assertEquals(0, target.ikeSas(), cell);
                assertEquals(0, target.backend.size(), cell);
                assertFalse(target.told(Event.InternalError.class::isInstance), cell);
                cells++;
            }
        }
        assertTrue(cells > 100, "cells: " + cells);
        // and the right one gets in from there
        first.middle(f -> f);
        assertTrue(first.runUntil(() -> first.a.isUp() && first.b.isUp(), 100 * SECOND));
    }

    private static Forger2 forger(TwoPeers p, Stand stand) throws MalformedException {
        return new Forger2(
                p.a.sent.getFirst(), p.b.sent.getFirst(), p.a.shared.getFirst(), stand.responder);
    }

    private static Path pathTo(Stand stand) {
        Endpoint a = new Endpoint(IpAddress.of("192.0.2.1"), 500);
        Endpoint b = new Endpoint(IpAddress.of("192.0.2.2"), 500);
        return stand.responder ? new Path(b, a) : new Path(a, b);
    }
}
