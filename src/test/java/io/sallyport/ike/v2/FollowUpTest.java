package io.sallyport.ike.v2;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.base.Octets;
import io.sallyport.crypto.kdf.Ikev2Keys;
import io.sallyport.crypto.suite.EspProposal;
import io.sallyport.crypto.suite.Group;
import io.sallyport.crypto.suite.IkeProposal;
import io.sallyport.crypto.suite.ProposalText;
import io.sallyport.ike.Forger2;
import io.sallyport.ike.TestCrypto;
import io.sallyport.ike.Traffic;
import io.sallyport.ike.exchange.SkSealer;
import io.sallyport.ike.machine.Input;
import io.sallyport.ike.machine.Output;
import io.sallyport.model.command.Command;
import io.sallyport.model.event.Event;
import io.sallyport.testkit.ScriptedRandom;
import io.sallyport.testkit.Specs;
import io.sallyport.testkit.TwoPeers;
import io.sallyport.wire.ike.IkeHeader;
import io.sallyport.wire.ike.MalformedException;
import io.sallyport.wire.ike.v2.ExchangeType;
import io.sallyport.wire.ike.v2.Message;
import io.sallyport.wire.ike.v2.Nonce;
import io.sallyport.wire.ike.v2.PayloadChain;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Additional key exchanges of rekeyings (RFC 9370, 2.2.4), as dialogues.
class FollowUpTest {
    private static final long SECOND = TwoPeers.SECOND;
    private static final long MILLI = TwoPeers.MILLI;
    private static final String PLAIN = "aes256gcm16-prfsha256-x25519";
    private static final String HYBRID = PLAIN + "-ke1_mlkem512";
    private static final String ESP = "aes256gcm16-x25519";
    static final String HYBRID_ESP = ESP + "-ke1_mlkem512";

    private static List<IkeProposal> ike(String text) {
        return ((ProposalText.Parsed.Good<IkeProposal>) ProposalText.ike(text)).proposals();
    }

    static List<EspProposal> esp(String text) {
        return ((ProposalText.Parsed.Good<EspProposal>) ProposalText.esp(text)).proposals();
    }

    private static Specs a(String ike, String esp) {
        return new Specs().between("192.0.2.1", "192.0.2.2").v2().ike(ike(ike)).esp(esp(esp));
    }

    private static Specs b(String ike, String esp) {
        return new Specs()
                .between("192.0.2.2", "192.0.2.1")
                .v2()
                .ike(ike(ike))
                .esp(esp(esp))
                .passive();
    }

    private static TwoPeers peers(long seed, String ike, String esp) {
        return new TwoPeers(seed, TestCrypto.CRYPTO, a(ike, esp).build(), b(ike, esp).build())
                .establish();
    }

    private static void assertOneOfEach(TwoPeers p, String what) {
        assertEquals(1, p.a.ikeSas(), what + ": IKE SAs of a " + p.a.events);
        assertEquals(1, p.b.ikeSas(), what + ": IKE SAs of b " + p.b.events);
        assertEquals(1, p.a.backend.size(), what + ": child SAs of a " + p.a.events);
        assertEquals(1, p.b.backend.size(), what + ": child SAs of b " + p.b.events);
        assertTrue(p.exchange(), what);
        assertEquals(1, p.a.engine().sessionsHeld(), what + ": sessions of a");
        assertEquals(1, p.b.engine().sessionsHeld(), what + ": sessions of b");
        assertFalse(p.a.told(Event.InternalError.class::isInstance), p.a.events::toString);
        assertFalse(p.b.told(Event.InternalError.class::isInstance), p.b.events::toString);
    }

    private static List<Integer> exchanges(TwoPeers.Peer peer, int from) {
        return peer.sent.stream().skip(from).map(m -> m.at(18)).toList();
    }

    private static String suite(TwoPeers.Peer peer) {
        return peer.engine().views().getFirst().keys().suite();
    }

    /// The successor of a hybrid SA is hybrid, whoever makes it, and so is the one after it.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "ke1_mlkem512",
                "ke1_mlkem768",
                "ke2_mlkem1024",
                "ke1_mlkem768-ke2_ecp384-ke3_x448"
            })
    void theIkeSa(String additional) {
        String proposal = PLAIN + "-" + additional;
        TwoPeers p = peers(4, proposal, "aes256gcm16");
        String before = p.a.engine().views().getFirst().keys().initiatorSpi();
        for (TwoPeers.Peer who : List.of(p.a, p.b, p.a)) {
            int said = who.sent.size();
            who.command(new Command.Rekey("Tunnel1", ""));
            assertEquals(0, Traffic.lost(p, 15 * SECOND));
            assertOneOfEach(p, additional);
            assertTrue(suite(p.a).contains("_mlkem"), suite(p.a));
            assertEquals(suite(p.a), suite(p.b));
            List<Integer> exchanges = exchanges(who, said).stream().distinct().toList();
            assertEquals(
                    List.of(
                            ExchangeType.CREATE_CHILD_SA,
                            ExchangeType.IKE_FOLLOWUP_KE,
                            ExchangeType.INFORMATIONAL),
                    exchanges);
        }
        assertFalse(p.a.engine().views().getFirst().keys().initiatorSpi().equals(before));
        p.b.command(new Command.Rekey("Tunnel1", "Tunnel1"));
        p.run(10 * SECOND);
        assertOneOfEach(p, "a child under it");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ke1_mlkem512", "ke1_mlkem768-ke2_ecp384", "ke3_mlkem1024"})
    void aChild(String additional) {
        for (boolean fromA : new boolean[] {true, false}) {
            TwoPeers p = peers(3, PLAIN, ESP + "-" + additional);
            int before = p.a.backend.active("Tunnel1").orElseThrow().inbound().spi();
            TwoPeers.Peer who = fromA ? p.a : p.b;
            int said = who.sent.size();
            who.command(new Command.Rekey("Tunnel1", "Tunnel1"));
            assertEquals(0, Traffic.lost(p, 15 * SECOND));
            assertOneOfEach(p, additional);
            var sa = p.a.backend.active("Tunnel1").orElseThrow();
            assertFalse(sa.inbound().spi() == before);
            assertEquals(Group.CURVE_25519, sa.suite().group());
            assertTrue(exchanges(who, said).contains(ExchangeType.IKE_FOLLOWUP_KE));
        }
    }

    /// What one end may leave out and the other has not: one exchange, as ever.
    @Test
    void whatMayBeLeftOut() {
        String may = ESP + "-ke1_mlkem512-ke1_none";
        TwoPeers p =
                new TwoPeers(5, TestCrypto.CRYPTO, a(PLAIN, may).build(), b(PLAIN, ESP).build())
                        .establish();
        int said = p.a.sent.size();
        p.a.command(new Command.Rekey("Tunnel1", "Tunnel1"));
        p.run(15 * SECOND);
        assertOneOfEach(p, "without");
        assertFalse(exchanges(p.a, said).contains(ExchangeType.IKE_FOLLOWUP_KE));
    }

    /// `KEYMAT = prf+(SK_d, SK(0) | Ni | Nr | SK(1))`, made again from the wire and the secrets.
    @Test
    void whatTheChildsKeysAreMadeOf() throws Exception {
        TwoPeers p = peers(7, PLAIN, HYBRID_ESP);
        assertEquals(2, p.a.sent.size(), "IKE_SA_INIT, IKE_AUTH");
        p.a.command(new Command.Rekey("Tunnel1", "Tunnel1"));
        p.run(5 * SECOND);
        Message request = Message.parse(p.a.sent.get(0));
        Message answer = Message.parse(p.b.sent.get(0));
        Ikev2Keys.Seed seed =
                new Ikev2Keys.Seed(
                        nonce(request.chain()),
                        nonce(answer.chain()),
                        answer.header().initiatorSpi(),
                        answer.header().responderSpi());
        Ikev2Keys keys =
                Ikev2Keys.derive(
                        TestCrypto.CRYPTO.prf(Forger2.SUITE.prf()),
                        Forger2.SUITE,
                        p.a.shared.get(0),
                        seed);
        Octets ni = nonce(opened(keys, false, seed, p.a.sent.get(2)));
        Octets nr = nonce(opened(keys, true, seed, p.b.sent.get(2)));
        assertEquals(3, p.a.shared.size(), "IKE_SA_INIT, CREATE_CHILD_SA, IKE_FOLLOWUP_KE");
        Octets seeds =
                Octets.concat(
                        Octets.of(p.a.shared.get(1).expose()),
                        ni,
                        nr,
                        Octets.of(p.a.shared.get(2).expose()));
        byte[] keymat = prfPlus(keys.d().expose(), seeds.toArray(), 36);
        assertArrayEquals(
                keymat,
                p.a.backend.active("Tunnel1").orElseThrow().outbound().encryptionKey().expose());
        assertArrayEquals(
                keymat,
                p.b.backend.active("Tunnel1").orElseThrow().inbound().encryptionKey().expose());
    }

    private static byte[] prfPlus(byte[] key, byte[] seed, int octets)
            throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        byte[] all = new byte[0];
        byte[] last = new byte[0];
        for (int i = 1; all.length < octets; i++) {
            mac.update(last);
            mac.update(seed);
            mac.update((byte) i);
            last = mac.doFinal();
            byte[] longer = Arrays.copyOf(all, all.length + last.length);
            System.arraycopy(last, 0, longer, all.length, last.length);
            all = longer;
        }
        return Arrays.copyOf(all, octets);
    }

    private static Octets nonce(PayloadChain chain) {
        return chain.first(Nonce.class).orElseThrow().value();
    }

    private static PayloadChain opened(
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
        SkSealer.Opened o = reader.open(IkeHeader.parse(message), message).orElseThrow();
        return PayloadChain.parseInner(o.firstPayload(), o.chain());
    }

    /// RFC 7296, 2.8.1 and 2.8.2: both rekey the same SA at once, with any delay between the two,
    /// and a bad line.
    @ParameterizedTest
    @CsvSource({"Tunnel1", "''"})
    void crossing(String child) {
        for (int seed = 1; seed <= 40; seed++) {
            TwoPeers p = peers(seed, HYBRID, HYBRID_ESP);
            p.run(2 * SECOND);
            p.wire.faults(seed % 3 == 0 ? 25 : 0, seed % 3 == 1 ? 25 : 0, seed % 2 == 0 ? 40 : 0);
            p.a.command(new Command.Rekey("Tunnel1", child));
            p.run(seed % 9 * 13 * MILLI);
            p.b.command(new Command.Rekey("Tunnel1", child));
            int lost = Traffic.lost(p, 20 * SECOND);
            p.wire.faults(0, 0, 0);
            p.run(60 * SECOND);
            assertEquals(0, lost, "seed " + seed);
            assertOneOfEach(p, "seed " + seed);
            assertTrue(suite(p.a).endsWith("-ke1_mlkem512"), suite(p.a));
        }
    }

    /// A child is rekeyed by one end while the other one rekeys the IKE SA.
    @Test
    void aChildAndTheIkeSaAtOnce() {
        for (int seed = 1; seed <= 40; seed++) {
            TwoPeers p = peers(seed, HYBRID, HYBRID_ESP);
            p.run(2 * SECOND);
            p.wire.faults(seed % 3 == 0 ? 25 : 0, seed % 3 == 1 ? 25 : 0, seed % 2 == 0 ? 40 : 0);
            p.a.command(new Command.Rekey("Tunnel1", seed % 2 == 0 ? "" : "Tunnel1"));
            p.run(seed % 9 * 13 * MILLI);
            p.b.command(new Command.Rekey("Tunnel1", seed % 2 == 0 ? "Tunnel1" : ""));
            int lost = Traffic.lost(p, 20 * SECOND);
            p.wire.faults(0, 0, 0);
            p.run(60 * SECOND);
            assertEquals(0, lost, "seed " + seed);
            assertOneOfEach(p, "seed " + seed);
        }
    }

    /// A's arithmetic is never done: B waits for the next exchange, forgets it, and is free; then A
    /// comes after all and hears STATE_NOT_FOUND, and later rekeys anew.
    @ParameterizedTest
    @CsvSource({"Tunnel1", "''"})
    void whoComesTooLate(String child) {
        TwoPeers p = peers(8, HYBRID, HYBRID_ESP);
        p.run(2 * SECOND);
        List<Output.Generate> held = new ArrayList<>();
        p.a.withhold(o ->
                o instanceof Output.Generate g && g.group() == Group.ML_KEM_512 && held.add(g));
        p.a.command(new Command.Rekey("Tunnel1", child));
        p.run(5 * SECOND);
        assertEquals(1, held.size());
        assertEquals(1, p.b.backend.size(), "nothing is made before the last exchange");
        p.run(200 * SECOND);
        p.a.withhold(_ -> false);
        p.a.input(
                new Input.Generated(
                        held.getFirst().job(),
                        TestCrypto.CRYPTO.agreement(Group.ML_KEM_512).generate()));
        p.run(2 * SECOND);
        assertTrue(
                p.a.events(Event.Noticed.class)
                        .anyMatch(e -> e.toString().contains("does not go on with this one")),
                p.a.events::toString);
        p.run(200 * SECOND);
        p.a.command(new Command.Rekey("Tunnel1", child));
        p.run(20 * SECOND);
        assertOneOfEach(p, "anew");
    }

    /// B takes A's value for illegal: A hears it, and INVALID_SYNTAX is the end of the IKE SA (RFC
    /// 7296, 2.21.3). Nothing is left half made, and they begin anew.
    @ParameterizedTest
    @CsvSource({"Tunnel1", "''"})
    void aJobThatFails(String child) {
        TwoPeers p = peers(8, HYBRID, HYBRID_ESP);
        p.b.withhold(o -> {
            if (o instanceof Output.Answer answer) {
                p.b.input(new Input.Disagreed(answer.job(), "broken for a test"));
                return true;
            }
            return false;
        });
        p.a.command(new Command.Rekey("Tunnel1", child));
        p.run(2 * SECOND);
        assertTrue(
                p.a.events(Event.Failed.class)
                        .anyMatch(e -> e.toString().contains("the peer answers INVALID_SYNTAX")),
                p.a.events::toString);
        assertEquals(0, p.a.backend.size() + p.b.backend.size());
        p.b.withhold(_ -> false);
        p.run(60 * SECOND);
        assertOneOfEach(p, "anew");
    }
}
