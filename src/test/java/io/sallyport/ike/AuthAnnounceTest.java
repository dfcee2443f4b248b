package io.sallyport.ike;

import static io.sallyport.ike.SignedPeers.MOON;
import static io.sallyport.ike.SignedPeers.SUN;
import static io.sallyport.ike.SignedPeers.pair;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.base.Octets;
import io.sallyport.crypto.suite.IkeProposal;
import io.sallyport.crypto.suite.ProposalText;
import io.sallyport.crypto.suite.SignatureScheme;
import io.sallyport.model.event.Event;
import io.sallyport.model.spec.ConnectionSpec;
import io.sallyport.model.spec.IkeSpec;
import io.sallyport.testkit.Downgrade;
import io.sallyport.testkit.RawKeys;
import io.sallyport.testkit.Specs;
import io.sallyport.testkit.TwoPeers;
import io.sallyport.wire.ike.MalformedException;
import io.sallyport.wire.ike.v2.CertificateRequest;
import io.sallyport.wire.ike.v2.ExchangeType;
import io.sallyport.wire.ike.v2.Message;
import io.sallyport.wire.ike.v2.Notify;
import io.sallyport.wire.ike.v2.PayloadChain;
import io.sallyport.wire.ike.v2.number.NotifyType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Both ends have several keys, and are told which of them will do (RFC 9593), as dialogues.
public class AuthAnnounceTest {
    private static final long SECOND = TwoPeers.SECOND;
    private static final int ANNOUNCED = NotifyType.SUPPORTED_AUTH_METHODS.number();

    /// So many CAs that IKE_SA_INIT has no room for the methods beside them.
    public static final List<Octets> MANY = many();

    private static List<Octets> many() {
        List<Octets> all = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            all.add(Octets.hex("%02x".formatted(i).repeat(20)));
        }
        return all;
    }

    /// What takes such a signature has so many schemes to tell that with [#MANY] there is no room.
    private static final List<String> LONG = List.of("ike:rsa", "ike:ed448");

    /// Keys in this order, and the one of the other end that is known.
    private static RawKeys keys(String owner, List<String> sorts, String known) {
        boolean moon = owner.equals("moon");
        RawKeys keys =
                new RawKeys(TestCrypto.CRYPTO)
                        .knows(moon ? SUN : MOON, pair(moon ? "sun" : "moon", known).getPublic());
        sorts.forEach(sort -> keys.own(pair(owner, sort)));
        return keys;
    }

    private static ConnectionSpec spec(boolean first, List<String> demanded, String proposals) {
        ConnectionSpec c = SignedPeers.spec(first, demanded);
        List<IkeProposal> ike =
                proposals.isEmpty()
                        ? c.ike().proposals()
                        : ((ProposalText.Parsed.Good<IkeProposal>) ProposalText.ike(proposals))
                                .proposals();
        return new ConnectionSpec(
                c.name(),
                c.local(),
                c.remote(),
                new IkeSpec(
                        c.ike().version(),
                        ike,
                        c.ike().lifetime(),
                        c.ike().reauth(),
                        c.ike().dpd(),
                        c.ike().handshake(),
                        c.ike().path()),
                c.children(),
                c.origin());
    }

    private static TwoPeers peers(long seed, List<Octets> authoritiesOfB, String proposals) {
        List<String> ed = List.of("ike:ed25519");
        boolean more = !authoritiesOfB.isEmpty();
        TwoPeers p =
                new TwoPeers(
                        seed,
                        TestCrypto.CRYPTO,
                        spec(true, ed, proposals),
                        spec(false, more ? LONG : ed, proposals));
        // Each would take its first key, and that by another scheme
        RawKeys moon = keys("moon", List.of("ecdsa-256", "rsa", "ed25519"), "ed25519");
        RawKeys sun = keys("sun", List.of("ecdsa-384", "rsa", "ed25519"), more ? "rsa" : "ed25519");
        p.a.notary(moon, (_, _) -> moon.ownKeys(List.of()), List.of());
        p.b.notary(sun, (_, _) -> sun.ownKeys(List.of()), authoritiesOfB);
        return p;
    }

    private static PayloadChain answerToInit(TwoPeers p) {
        try {
            return Message.parse(p.b.sent.getFirst()).chain();
        } catch (MalformedException e) {
            throw new AssertionError(e);
        }
    }

    private static List<Integer> exchanges(TwoPeers.Peer peer) {
        return peer.sent.stream().map(m -> m.at(18)).distinct().toList();
    }

    private static void refused(TwoPeers p) {
        p.b.load();
        p.a.load();
        p.run(100 * SECOND);
        assertEquals(0, p.a.ikeSas() + p.b.ikeSas(), () -> p.a.events + " / " + p.b.events);
        assertFalse(p.a.told(Event.InternalError.class::isInstance), p.a.events::toString);
        assertFalse(p.b.told(Event.InternalError.class::isInstance), p.b.events::toString);
    }

    /// -> IKE_SA_INIT, <- with B's methods; -> IKE_AUTH by the third key of A, with A's methods; <-
    /// by the third key of B.
    @Test
    void eachTakesTheKeyThatWillDo() {
        TwoPeers p = peers(11, List.of(), "").establish();
        assertTrue(p.exchange());
        assertEquals(
                Octets.hex("0a0e00300506032b6570"),
                answerToInit(p).notify(ANNOUNCED).orElseThrow().data());
        assertEquals(List.of(34, 35), exchanges(p.a));
    }

    /// The announcement is what does it: without, A signs by its first key, and is refused. Whoever
    /// strikes it out gains nothing: B's AUTH covers what B sent.
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void struckOutOnTheWay(boolean demanded) {
        TwoPeers p = peers(11, List.of(), "");
        if (!demanded) {
            p =
                    new TwoPeers(
                            11,
                            TestCrypto.CRYPTO,
                            spec(true, List.of("ike:ed25519"), ""),
                            spec(false, List.of(), ""));
            RawKeys moon = keys("moon", List.of("ed25519"), "ed25519");
            RawKeys sun = keys("sun", List.of("ed25519"), "ed25519");
            p.a.notary(moon, (_, _) -> moon.ownKeys(List.of()), List.of());
            p.b.notary(sun, (_, _) -> sun.ownKeys(List.of()), List.of());
        }
        TwoPeers world = p;
        p.middle(f ->
                f.from() == world.b && f.octets().at(18) == ExchangeType.IKE_SA_INIT
                        ? Downgrade.without(NotifyType.SUPPORTED_AUTH_METHODS, f)
                        : f);
        if (demanded) {
            refused(p);
            assertTrue(
                    p.b.events(Event.Failed.class)
                            .anyMatch(e -> e.toString().contains("does not allow ecdsa")),
                    p.b.events::toString);
        } else {
            world.b.load();
            world.a.load();
            world.run(20 * SECOND);
            assertEquals(0, world.a.ikeSas(), world.a.events::toString);
        }
    }

    /// -> IKE_SA_INIT, <- an empty list; -> IKE_INTERMEDIATE, <- the list and the CERTREQs; ->
    /// IKE_AUTH, which covers both.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "aes256gcm16-prfsha256-x25519",
                "aes256gcm16-prfsha256-x25519-ke1_ecp256",
                "aes256gcm16-prfsha256-x25519-ke1_ecp256-ke2_ecp384"
            })
    void aLongListGoesIntoIkeIntermediate(String proposals) {
        TwoPeers p = peers(11, MANY, proposals).establish();
        assertTrue(p.exchange());
        Notify said = answerToInit(p).notify(ANNOUNCED).orElseThrow();
        assertTrue(said.data().isEmpty());
        assertTrue(p.b.sent.getFirst().length() <= 1248, () -> "" + p.b.sent.getFirst().length());
        assertEquals(List.of(34, 43, 35), exchanges(p.a));
        long asked = p.a.sent.stream().filter(m -> m.at(18) == 43).count();
        // It comes with the last key exchange, or by an exchange of its own where there is none
        assertEquals(proposals.contains("ke2") ? 2 : 1, asked);
    }

    @Test
    void aLongListOnABadLine() {
        for (long seed = 1; seed <= 5; seed++) {
            TwoPeers p = peers(seed, MANY, "");
            p.wire.faults(25, 20, 20);
            p.establish();
            assertTrue(p.exchange());
        }
    }

    /// What is inside of the answer to IKE_INTERMEDIATE.
    @Test
    void theCertReqsComeAgain() throws Exception {
        TwoPeers p = peers(11, MANY, "").establish();
        Octets answer = p.b.sent.stream().filter(m -> m.at(18) == 43).findFirst().orElseThrow();
        Forger2 a =
                new Forger2(p.a.sent.getFirst(), p.b.sent.getFirst(), p.a.shared.getFirst(), true);
        PayloadChain inside = a.open(answer);
        assertEquals(MANY, inside.first(CertificateRequest.class).orElseThrow().authorities());
        Octets ed448 = SignatureScheme.ED448.algorithmIdentifier();
        assertEquals(
                Octets.concat(Octets.hex("0a0e00"), ed448),
                inside.notify(ANNOUNCED).orElseThrow().data().slice(0, 10));
    }

    /// A peer that knows no IKE_INTERMEDIATE gets no long list.
    @Test
    void noLongListWithoutIkeIntermediate() {
        TwoPeers p = peers(11, MANY, "");
        p.middle(f ->
                f.from() == p.a && f.octets().at(18) == ExchangeType.IKE_SA_INIT
                        ? Downgrade.without(NotifyType.INTERMEDIATE_EXCHANGE_SUPPORTED, f)
                        : f);
        p.b.load();
        p.a.load();
        p.run(300 * TwoPeers.MILLI);
        assertEquals(Optional.empty(), answerToInit(p).notify(ANNOUNCED));
        assertEquals(
                40,
                answerToInit(p).first(CertificateRequest.class).orElseThrow().authorities().size());
    }

    @Test
    void withPreSharedKeysNothingIsSaid() {
        TwoPeers p =
                new TwoPeers(
                                3,
                                TestCrypto.CRYPTO,
                                new Specs().between("192.0.2.1", "192.0.2.2").v2().build(),
                                new Specs()
                                        .between("192.0.2.2", "192.0.2.1")
                                        .v2()
                                        .passive()
                                        .build())
                        .establish();
        assertEquals(Optional.empty(), answerToInit(p).notify(ANNOUNCED));
    }
}
