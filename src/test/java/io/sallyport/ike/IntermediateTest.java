package io.sallyport.ike;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.base.Octets;
import io.sallyport.base.Secret;
import io.sallyport.crypto.engine.KeyAgreement;
import io.sallyport.crypto.engine.PrfFunction;
import io.sallyport.crypto.kdf.Ikev2Keys;
import io.sallyport.crypto.suite.Group;
import io.sallyport.crypto.suite.IkeProposal;
import io.sallyport.crypto.suite.IkeSuite;
import io.sallyport.crypto.suite.ProposalText;
import io.sallyport.ike.auth.IntAuth;
import io.sallyport.ike.auth.SharedKeyProof;
import io.sallyport.ike.auth.SignedOctets;
import io.sallyport.ike.exchange.SkSealer;
import io.sallyport.ike.machine.Input;
import io.sallyport.ike.machine.Output;
import io.sallyport.model.command.Command;
import io.sallyport.model.event.Event;
import io.sallyport.model.spec.ike.HandshakeSpec.Ppk;
import io.sallyport.testkit.Downgrade;
import io.sallyport.testkit.ScriptedRandom;
import io.sallyport.testkit.Specs;
import io.sallyport.testkit.TwoPeers;
import io.sallyport.wire.ike.IkeHeader;
import io.sallyport.wire.ike.MalformedException;
import io.sallyport.wire.ike.v2.Authentication;
import io.sallyport.wire.ike.v2.Message;
import io.sallyport.wire.ike.v2.Nonce;
import io.sallyport.wire.ike.v2.PayloadChain;
import io.sallyport.wire.ike.v2.number.NotifyType;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Several key exchanges in one handshake (RFC 9242, RFC 9370), ML-KEM among them, as dialogues.
class IntermediateTest {
    private static final long SECOND = TwoPeers.SECOND;
    private static final String FIRST = "aes256gcm16-prfsha384-x25519";

    private static List<IkeProposal> ike(String text) {
        return ((ProposalText.Parsed.Good<IkeProposal>) ProposalText.ike(text)).proposals();
    }

    private static Specs a(String proposals) {
        return new Specs()
                .between("192.0.2.1", "192.0.2.2")
                .v2()
                .ike(ike(proposals))
                .keyingTries(1);
    }

    private static Specs b(String proposals) {
        return new Specs().between("192.0.2.2", "192.0.2.1").v2().ike(ike(proposals)).passive();
    }

    private static TwoPeers peers(long seed, String ofA, String ofB) {
        return new TwoPeers(seed, TestCrypto.CRYPTO, a(ofA).build(), b(ofB).build());
    }

    private static List<Integer> exchanges(TwoPeers.Peer peer) {
        return peer.sent.stream().map(IntermediateTest::exchange).distinct().toList();
    }

    private static int exchange(Octets message) {
        try {
            return IkeHeader.parse(message).exchangeType();
        } catch (MalformedException e) {
            throw new AssertionError(e);
        }
    }

    private static String suite(TwoPeers.Peer peer) {
        return peer.engine().views().getFirst().keys().suite();
    }

    private static TwoPeers refused(TwoPeers p) {
        p.b.load();
        p.a.load();
        p.run(200 * SECOND);
        assertEquals(0, p.a.ikeSas() + p.b.ikeSas(), () -> p.a.events + " / " + p.b.events);
        assertEquals(0, p.a.backend.size() + p.b.backend.size());
        assertFalse(p.a.told(Event.InternalError.class::isInstance), p.a.events::toString);
        assertFalse(p.b.told(Event.InternalError.class::isInstance), p.b.events::toString);
        return p;
    }

    private static boolean says(TwoPeers.Peer peer, String text) {
        return peer.events(Event.Failed.class).anyMatch(e -> e.toString().contains(text));
    }

    /// A -> B IKE_SA_INIT, IKE_INTERMEDIATE for each, in fragments where it is long, IKE_AUTH; then
    /// successors of the child and of the IKE SA.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "ke1_mlkem512",
                "ke1_mlkem768",
                "ke1_mlkem1024",
                "ke1_x448",
                "ke3_mlkem768",
                "ke1_mlkem768-ke2_ecp384-ke3_mlkem1024",
                "ke1_mlkem512-ke2_mlkem768-ke3_mlkem1024-ke4_ecp256-ke5_ecp384-ke6_ecp521-ke7_x448",
            })
    void eachMethod(String additional) {
        String proposal = FIRST + "-" + additional;
        TwoPeers p = peers(9, proposal, proposal).establish();
        assertEquals(List.of(34, 43, 35), exchanges(p.a));
        assertTrue(p.exchange());
        assertTrue(suite(p.a).contains("-ke1_"), suite(p.a));
        assertEquals(suite(p.a), suite(p.b));
        p.a.command(new Command.Rekey("Tunnel1", "Tunnel1"));
        p.run(5 * SECOND);
        assertTrue(p.exchange());
        p.b.command(new Command.Rekey("Tunnel1", ""));
        p.run(5 * SECOND);
        p.a.command(new Command.Rekey("Tunnel1", "Tunnel1"));
        p.run(5 * SECOND);
        assertTrue(p.exchange());
        assertEquals(1, p.a.ikeSas());
    }

    /// What may be left out is left out by who has it not, and done by who has.
    @Test
    void whatMayBeLeftOut() {
        String optional = FIRST + "-ke1_mlkem768-ke1_none";
        TwoPeers without = peers(9, optional, FIRST).establish();
        assertEquals(List.of(34, 35), exchanges(without.a));
        TwoPeers back = peers(9, FIRST, optional).establish();
        assertEquals(List.of(34, 35), exchanges(back.a));
        TwoPeers with = peers(9, optional, FIRST + "-ke1_mlkem512-ke1_mlkem768").establish();
        assertEquals(List.of(34, 43, 35), exchanges(with.a));
        assertTrue(suite(with.b).endsWith("-x25519-ke1_mlkem768"), suite(with.b));
    }

    @Test
    void whatMustNotBeLeftOut() {
        String must = FIRST + "-ke1_mlkem768";
        assertTrue(says(refused(peers(9, FIRST, must)).b, "no IKE proposal in common"));
        assertTrue(says(refused(peers(9, must, FIRST)).b, "no IKE proposal in common"));
        assertTrue(
                says(
                        refused(peers(9, must, FIRST + "-ke1_mlkem1024")).b,
                        "no IKE proposal in common"));
    }

    /// RFC 9370, 2.2.2: no method twice.
    @Test
    void noMethodTwice() {
        String twice = FIRST + "-ke1_mlkem768-ke2_mlkem768";
        assertTrue(says(refused(peers(9, twice, twice)).b, "no IKE proposal in common"));
        String again = FIRST + "-ke1_x25519";
        assertTrue(says(refused(peers(9, again, again)).b, "no IKE proposal in common"));
    }

    /// Together with a post-quantum preshared key and without a child.
    @Test
    void withAllTheRest() {
        String proposal = FIRST + "-ke1_mlkem768";
        Octets id = Octets.utf8("q");
        TwoPeers p =
                new TwoPeers(
                        9,
                        TestCrypto.CRYPTO,
                        a(proposal).build(h -> h.ppk(new Ppk(id, true))),
                        b(proposal).build(h -> h.ppk(new Ppk(id, true))));
        p.a.ppks.put(id, Secret.utf8("quantum"));
        p.b.ppks.put(id, Secret.utf8("quantum"));
        assertTrue(p.establish().exchange());
        assertEquals(List.of(34, 43, 35), exchanges(p.a));
    }

    /// Somebody in between takes the notify out: what needs it does not come about, what does not
    /// need it is found out by AUTH.
    @Test
    void nobodyTalksThemDown() {
        TwoPeers must = peers(9, FIRST + "-ke1_mlkem768", FIRST + "-ke1_mlkem768");
        must.middle(f ->
                f.from() == must.a
                        ? Downgrade.without(NotifyType.INTERMEDIATE_EXCHANGE_SUPPORTED, f)
                        : f);
        refused(must);
        TwoPeers may = peers(9, FIRST + "-ke1_mlkem768-ke1_none", FIRST + "-ke1_none-ke1_mlkem768");
        may.middle(f ->
                f.from() == may.a
                        ? Downgrade.without(NotifyType.INTERMEDIATE_EXCHANGE_SUPPORTED, f)
                        : f);
        refused(may);
        assertTrue(says(may.b, "the peer's AUTH is wrong"), may.b.events::toString);
        TwoPeers back = peers(9, FIRST + "-ke1_mlkem768", FIRST + "-ke1_mlkem768");
        back.middle(f ->
                f.from() == back.b
                        ? Downgrade.without(NotifyType.INTERMEDIATE_EXCHANGE_SUPPORTED, f)
                        : f);
        refused(back);
    }

    /// B answers with `ours` in place of what it computed.
    private static TwoPeers answering(KeyAgreement.Answer ours) {
        TwoPeers p = peers(9, FIRST + "-ke1_mlkem768", FIRST + "-ke1_mlkem768");
        p.b.withhold(o -> {
            if (o instanceof Output.Answer a) {
                assertEquals(Group.ML_KEM_768, a.group());
                assertEquals(1184, a.theirs().length());
                p.b.input(new Input.Answered(a.job(), ours));
                return true;
            }
            return false;
        });
        return p;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 1087, 1089, 1184})
    void aCiphertextOfTheWrongLength(int octets) {
        TwoPeers p =
                refused(
                        answering(
                                new KeyAgreement.Answer(
                                        Octets.owned(new byte[octets]), Secret.utf8("secret"))));
        assertTrue(says(p.a, "IKE_INTERMEDIATE"), p.a.events::toString);
    }

    /// A ciphertext of nothing gives some secret (FIPS 203: implicit rejection): the next message
    /// is not authentic.
    @Test
    void aCiphertextThatWasMadeByNoKey() {
        TwoPeers p =
                refused(
                        answering(
                                new KeyAgreement.Answer(
                                        Octets.owned(new byte[1088]), Secret.utf8("secret"))));
        assertTrue(says(p.a, "no answer"), p.a.events::toString);
    }

    /// Our own arithmetic fails, at either end.
    @Test
    void aJobThatFails() {
        TwoPeers p = peers(9, FIRST + "-ke1_mlkem768", FIRST + "-ke1_mlkem768");
        p.b.withhold(o -> {
            if (o instanceof Output.Answer a) {
                p.b.input(new Input.Disagreed(a.job(), "broken for a test"));
                return true;
            }
            return false;
        });
        refused(p);
        assertTrue(says(p.a, "the peer answers INVALID_SYNTAX"), p.a.events::toString);
        assertTrue(says(p.b, "broken for a test"), p.b.events::toString);
    }

    /// AUTH of the initiator, made again from what was on the wire and the two shared secrets: it
    /// covers both messages of IKE_INTERMEDIATE, by the keys before it, and stands under those
    /// after it.
    @Test
    void whatAuthCovers() throws MalformedException {
        String proposal = "aes256gcm16-prfsha256-x25519-ke1_mlkem512";
        TwoPeers p = peers(9, proposal, proposal).establish();
        assertEquals(3, p.a.sent.size(), "nothing in fragments");
        Message request = Message.parse(p.a.sent.get(0));
        Message answer = Message.parse(p.b.sent.get(0));
        Octets ni = request.chain().first(Nonce.class).orElseThrow().value();
        Octets nr = answer.chain().first(Nonce.class).orElseThrow().value();
        long spiI = answer.header().initiatorSpi();
        long spiR = answer.header().responderSpi();
        Ikev2Keys.Seed seed = new Ikev2Keys.Seed(ni, nr, spiI, spiR);
        IkeSuite suite = Forger2.SUITE;
        PrfFunction prf = TestCrypto.CRYPTO.prf(suite.prf());
        Ikev2Keys before = Ikev2Keys.derive(prf, suite, p.a.shared.get(0), seed);
        Ikev2Keys after = before.mixed(suite, p.a.shared.get(1), seed);
        SkSealer.Opened asked = opened(before, false, seed, p.a.sent.get(1));
        SkSealer.Opened given = opened(before, true, seed, p.b.sent.get(1));
        IntAuth intAuth = new IntAuth(spiI, spiR);
        intAuth.add(prf, before.proof(true), true, 1, asked.firstPayload(), asked.chain());
        intAuth.add(prf, before.proof(false), false, 1, given.firstPayload(), given.chain());
        SkSealer.Opened auth = opened(after, false, seed, p.a.sent.get(2));
        PayloadChain said = PayloadChain.parseInner(auth.firstPayload(), auth.chain());
        Octets signed =
                SignedOctets.of(
                        prf,
                        request.octets(),
                        nr,
                        after.proof(true),
                        said.identification(true).orElseThrow().body(),
                        intAuth.with(2));
        assertEquals(
                SharedKeyProof.of(prf, Secret.utf8("aM6ktTm3pv5etv9eC"), signed),
                said.first(Authentication.class).orElseThrow().data());
    }

    private static SkSealer.Opened opened(
            Ikev2Keys keys, boolean byInitiator, Ikev2Keys.Seed seed, Octets message)
            throws MalformedException {
        SkSealer reader =
                new SkSealer(
                        TestCrypto.CRYPTO,
                        Forger2.SUITE,
                        keys,
                        byInitiator,
                        seed.spiI(),
                        seed.spiR(),
                        new ScriptedRandom(1));
        return reader.open(IkeHeader.parse(message), message).orElseThrow();
    }

    @Test
    void onABadLine() {
        for (long seed = 1; seed <= 20; seed++) {
            TwoPeers p =
                    peers(
                            seed,
                            FIRST + "-ke1_mlkem768-ke2_ecp256",
                            FIRST + "-ke1_mlkem768-ke2_ecp256");
            p.wire.faults(15, 20, 20);
            assertTrue(p.establish().exchange(), "seed " + seed);
        }
    }
}
