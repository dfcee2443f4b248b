package io.sallyport.ike.v2;

import io.sallyport.base.Octets;
import io.sallyport.base.Secret;
import io.sallyport.base.net.IpPrefix;
import io.sallyport.base.net.TrafficSelector;
import io.sallyport.crypto.suite.Encryption;
import io.sallyport.crypto.suite.Group;
import io.sallyport.crypto.suite.IkeProposal;
import io.sallyport.crypto.suite.ProposalText;
import io.sallyport.crypto.suite.SignatureScheme;
import io.sallyport.ike.AuthAnnounceTest;
import io.sallyport.ike.Forger2;
import io.sallyport.ike.SignedPeers;
import io.sallyport.ike.TestCrypto;
import io.sallyport.ike.select.ChildOffers;
import io.sallyport.ike.select.IkeOffers;
import io.sallyport.model.command.Command;
import io.sallyport.model.event.Event;
import io.sallyport.model.spec.ConnectionSpec;
import io.sallyport.model.spec.Identity;
import io.sallyport.model.spec.ike.HandshakeSpec.Childless;
import io.sallyport.model.spec.ike.HandshakeSpec.Ppk;
import io.sallyport.testkit.CellTable;
import io.sallyport.testkit.Specs;
import io.sallyport.testkit.TwoPeers;
import io.sallyport.wire.ike.MalformedException;
import io.sallyport.wire.ike.v2.Authentication;
import io.sallyport.wire.ike.v2.Delete;
import io.sallyport.wire.ike.v2.Eap;
import io.sallyport.wire.ike.v2.Identification;
import io.sallyport.wire.ike.v2.KeyExchange;
import io.sallyport.wire.ike.v2.Nonce;
import io.sallyport.wire.ike.v2.Notify;
import io.sallyport.wire.ike.v2.Payload;
import io.sallyport.wire.ike.v2.TrafficSelectors;
import io.sallyport.wire.ike.v2.notify.PpkIdentity;
import io.sallyport.wire.ike.v2.number.NotifyType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/// The state table of IKEv2, tried cell by cell on real engines: every state of a session, every
/// exchange type, every kind of protection, both directions, message IDs that are due and others,
/// and payloads that are right, wrong, missing, or there twice.
///
/// The attacker did IKE_SA_INIT with the target (or heard one), so it has SK_e and SK_a. What it
/// lacks is what AUTH needs: the pre-shared key, the private key, or the post-quantum one. The one
/// content `right` is made with the keys: it must get in, and only in its own cell.
final class StateTable extends CellTable {
    private static final String PSK = "aM6ktTm3pv5etv9eC";
    private static final String PPK = "quantum";
    private static final Octets PPK_ID = Octets.utf8("PPK_MOON");

    /// A value of ECP_256 that somebody may send.
    private static final Octets POINT =
            TestCrypto.CRYPTO.agreement(Group.ECP_256).generate().publicValue();

    private static final int INIT = 34;
    private static final int AUTH = 35;
    private static final int CREATE = 36;
    private static final int INFORMATIONAL = 37;

    /// None, those of RFC 7296, IKE_SESSION_RESUME, GSA_AUTH, IKE_INTERMEDIATE, IKE_FOLLOWUP_KE,
    /// and one for private use.
    private static final int[] EXCHANGES = {
        0, INIT, AUTH, CREATE, INFORMATIONAL, 38, 39, 43, 44, 240
    };

    /// How a message is protected.
    enum Seal {
        /// By the target's own keys, once it has some.
        RIGHT_KEYS,
        /// Of another dialogue, or, once IKE_INTERMEDIATE made new ones, those before it.
        OTHER_KEYS,
        CLEAR
    }

    /// One cell.
    ///
    /// @param response the flag
    /// @param fromOther the flag that says which end sends it is right
    /// @param due the message ID is the one that would be taken
    record Cell(
            Stand stand,
            int exchange,
            Seal seal,
            boolean response,
            boolean fromOther,
            boolean due,
            String content) {
        /// The direction that the target waits for in this stand.
        boolean isRightWay() {
            return response != stand.responder && fromOther;
        }

        /// Whether this message proves the identity that is wanted, where that is due.
        boolean proves() {
            return stand.awaitsProof()
                    && exchange == AUTH
                    && seal == Seal.RIGHT_KEYS
                    && isRightWay()
                    && due
                    && (content.equals("right") || PROVING.contains(content));
        }

        /// Whether the peer that proved who it is says it, in its turn.
        boolean isAuthentic() {
            return stand.done() && seal == Seal.RIGHT_KEYS && fromOther && due;
        }
    }

    /// Contents with a right AUTH in which something else is wrong.
    private static final List<String> PROVING = List.of("right and an error", "PPK_IDENTITY twice");

    /// @param weakened as of [CellTable]
    StateTable(UnaryOperator<TwoPeers> weakened) {
        super(weakened);
    }

    String summary() {
        return summary(Stand.values().length, EXCHANGES.length, "AUTH");
    }

    // ---- worlds

    private static Specs plain(boolean first) {
        Specs specs =
                first
                        ? new Specs().between("192.0.2.1", "192.0.2.2")
                        : new Specs().between("192.0.2.2", "192.0.2.1").passive();
        return specs.v2().ids(id(first), id(!first));
    }

    private static Identity id(boolean initiator) {
        return address(initiator ? "192.0.2.1" : "192.0.2.2");
    }

    private static ConnectionSpec spec(Stand.Dialogue dialogue, boolean first) {
        return switch (dialogue) {
            case PLAIN -> plain(first).build();
            case SIGNED, METHODS -> SignedPeers.spec(first, List.of());
            case INTERMEDIATE -> plain(first).ike(hybrid()).build();
            case PPK -> withPpk(first, true);
            case EAP ->
                    first
                            ? EapPeers.client("mschapv2", false)
                            : EapPeers.gateway("mschapv2", Identity.ANY, false);
            case EAP_TLS -> first ? TlsPeers.client(Identity.ANY, true) : TlsPeers.gateway(true);
            case FOLLOW_CHILD ->
                    plain(first).esp(FollowUpTest.esp(FollowUpTest.HYBRID_ESP)).build();
            case FOLLOW_IKE -> plain(first).ike(hybrid()).build();
            case CHILDLESS ->
                    plain(first)
                            .build(h -> h.childless(first ? Childless.PREFER : Childless.ALLOW));
            case RESUME -> plain(first).build(h -> h.resumption(true));
            case MOBIKE -> plain(first).mobike(true);
            case REKEY_CHILD, REKEY_IKE, CROSS_CHILD, CROSS_IKE ->
                    plain(first).esp(List.of(Specs.esp2(List.of(Group.CURVE_25519)))).build();
        };
    }

    static ConnectionSpec withPpk(boolean first, boolean required) {
        return plain(first).build(h -> h.ppk(new Ppk(first ? PPK_ID : Octets.EMPTY, required)));
    }

    private static List<IkeProposal> hybrid() {
        String text = "aes256gcm16-prfsha256-x25519-ke1_ecp256";
        return ((ProposalText.Parsed.Good<IkeProposal>) ProposalText.ike(text)).proposals();
    }

    private TwoPeers peers(Stand.Dialogue dialogue) {
        TwoPeers p =
                new TwoPeers(7, TestCrypto.CRYPTO, spec(dialogue, true), spec(dialogue, false));
        if (dialogue == Stand.Dialogue.SIGNED || dialogue == Stand.Dialogue.METHODS) {
            List<Octets> authorities =
                    dialogue == Stand.Dialogue.SIGNED ? List.of() : AuthAnnounceTest.MANY;
            var moon =
                    SignedPeers.keys(
                            "moon", "ed25519", SignedPeers.SUN, SignedPeers.pair("sun", "ed25519"));
            var sun =
                    SignedPeers.keys(
                            "sun",
                            "ed25519",
                            SignedPeers.MOON,
                            SignedPeers.pair("moon", "ed25519"));
            p.a.notary(moon, (_, _) -> moon.ownKeys(List.of()), List.of());
            p.b.notary(sun, (_, _) -> sun.ownKeys(List.of()), authorities);
        }
        if (dialogue == Stand.Dialogue.PPK) {
            p.a.ppks.put(PPK_ID, Secret.utf8(PPK));
            p.b.ppks.put(PPK_ID, Secret.utf8(PPK));
        }
        if (dialogue == Stand.Dialogue.EAP) {
            p.a.passwords.put(EapPeers.CAROL.data(), Secret.utf8("tux"));
            p.b.passwords.put(EapPeers.CAROL.data(), Secret.utf8("tux"));
        }
        if (dialogue == Stand.Dialogue.EAP_TLS) {
            TlsPeers.Holder ca = TlsPeers.authority("ca.example");
            TlsPeers.equip(p.a, TlsPeers.holder("carol.example", "ecdsa", ca, Set.of()), ca);
            TlsPeers.equip(p.b, TlsPeers.holder("sun.example", "ecdsa", ca, Set.of()), ca);
        }
        return world(p);
    }

    /// Two peers, of which the target stands where it shall.
    TwoPeers at(Stand stand) {
        return stand.reach(peers(stand.dialogue));
    }

    // ---- messages

    /// Plays the other end of the target's SA.
    private Forger2 forger(TwoPeers p, Stand stand, Seal seal, boolean fromOther)
            throws MalformedException {
        boolean own =
                !p.a.sent.isEmpty()
                        && !p.b.sent.isEmpty()
                        && (seal == Seal.RIGHT_KEYS || stand.isAfterIntermediate());
        TwoPeers heard = own && !(p.a.shared.isEmpty() && p.b.shared.isEmpty()) ? p : other();
        Octets first = p.a.sent.isEmpty() ? heard.a.sent.getFirst() : p.a.sent.getFirst();
        Forger2 forger =
                new Forger2(
                        first,
                        p.b.sent.isEmpty() ? heard.b.sent.getFirst() : p.b.sent.getFirst(),
                        heard.a.shared.isEmpty()
                                ? heard.b.shared.getFirst()
                                : heard.a.shared.getFirst(),
                        stand.responder == fromOther);
        if (stand.isResuming()) {
            return forger.resumed(last(p.a.sent), last(p.b.sent));
        }
        return stand.isAfterIntermediate() && seal == Seal.RIGHT_KEYS
                ? forger.intermediate(p.a.sent.get(1), p.b.sent.get(1), p.a.shared.get(1))
                : forger;
    }

    /// The last IKE_SESSION_RESUME among these.
    private static Octets last(List<Octets> sent) {
        return sent.reversed().stream().filter(m -> m.at(18) == 38).findFirst().orElseThrow();
    }

    private final List<TwoPeers> others = new ArrayList<>();

    /// A dialogue that is over, with other keys.
    private TwoPeers other() {
        if (others.isEmpty()) {
            others.add(at(Stand.DONE_R));
        }
        return others.getFirst();
    }

    /// The contents that are tried, by name.
    private static Map<String, List<Payload>> contents(Forger2 forger, Stand stand) {
        boolean initiator = stand.responder;
        boolean ppk = stand.dialogue == Stand.Dialogue.PPK;
        Identification id = id(stand, initiator);
        Authentication right = (ppk ? forger.withPpk(PPK) : forger).proof(PSK, id);
        Authentication wrong = forger.proof("another", id);
        List<TrafficSelector> all = List.of(TrafficSelector.of(IpPrefix.ALL4));
        Payload sa =
                ChildOffers.offer(List.of(Specs.esp2(List.of())), TestCrypto.CRYPTO, false, 0x12345)
                        .orElseThrow();
        Payload tsi = TrafficSelectors.of(true, all);
        Payload tsr = TrafficSelectors.of(false, all);
        Nonce nonce = new Nonce(Octets.owned(new byte[32]));
        Payload eapSuccess = new Eap(Octets.of((byte) 3, (byte) 1, (byte) 0, (byte) 4));
        Map<String, Payload> five = new LinkedHashMap<>();
        five.put("ID", id);
        five.put("AUTH", right);
        five.put("SA", sa);
        five.put("TSi", tsi);
        five.put("TSr", tsr);
        if (ppk) {
            five.put("PPK_IDENTITY", named(initiator, PPK_ID));
        }
        Map<String, List<Payload>> contents = new LinkedHashMap<>();
        contents.put("empty", List.of());
        five.forEach((name, payload) -> {
            List<Payload> without = new ArrayList<>(five.values());
            without.remove(payload);
            contents.put("without " + name, without);
            List<Payload> twice = new ArrayList<>(five.values());
            twice.add(payload);
            contents.put(name + " twice", twice);
            contents.put(name + " alone", List.of(payload));
        });
        contents.put("wrong AUTH", List.of(id, wrong, sa, tsi, tsr));
        contents.put("wrong AUTH, then a right one", List.of(id, wrong, right, sa, tsi, tsr));
        contents.put("right AUTH, then a wrong one", List.of(id, right, wrong, sa, tsi, tsr));
        contents.put("another ID", List.of(another(id), right, sa, tsi, tsr));
        contents.put(
                "another ID, proved",
                List.of(another(id), forger.proof(PSK, another(id)), sa, tsi, tsr));
        contents.put("another ID, then the right one", List.of(another(id), id, right, sa));
        contents.put("ID of the other end", List.of(otherEnd(id), right, sa, tsi, tsr));
        contents.put("AUTH of nothing", auth(five, new Authentication(2, Octets.EMPTY)));
        contents.put(
                "AUTH of zeros", auth(five, new Authentication(2, Octets.owned(new byte[32]))));
        contents.put("a longer AUTH", auth(five, longer(right)));
        contents.put("a shorter AUTH", auth(five, shorter(right)));
        for (int method : new int[] {0, 1, 3, 9, 10, 11, 12, 13, 14, 255}) {
            contents.put(
                    "AUTH by method " + method,
                    auth(five, new Authentication(method, right.data())));
        }
        for (SignatureScheme scheme :
                List.of(
                        SignatureScheme.ED25519,
                        SignatureScheme.ECDSA_SHA2_256,
                        SignatureScheme.RSA_PSS_SHA2_256)) {
            contents.put(
                    "a signature of " + scheme + " that nobody made",
                    auth(
                            five,
                            Authentication.of(
                                    new Authentication.DigitalSignature(
                                            scheme.algorithmIdentifier(),
                                            Octets.owned(new byte[64])))));
        }
        contents.put("EAP success", List.of(id, eapSuccess));
        contents.put("EAP success and AUTH", List.of(id, eapSuccess, wrong, sa, tsi, tsr));
        contents.put("a child alone", List.of(sa, nonce, tsi, tsr));
        contents.put(
                "rekey of a child",
                List.of(
                        new Notify(
                                3,
                                Octets.ofInt(0x12345),
                                NotifyType.REKEY_SA.number(),
                                Octets.EMPTY),
                        sa,
                        nonce,
                        tsi,
                        tsr));
        IkeOffers.offer(
                        List.of(Specs.ike2(Encryption.AES_GCM_16, Group.CURVE_25519)),
                        TestCrypto.CRYPTO,
                        0x1234567L)
                .ifPresent(ike -> contents.put("rekey of the IKE SA", List.of(ike, nonce)));
        contents.put("delete", List.of(Delete.ofIkeSa()));
        contents.put("INITIAL_CONTACT", List.of(Notify.of(NotifyType.INITIAL_CONTACT)));
        for (NotifyType error :
                List.of(
                        NotifyType.AUTHENTICATION_FAILED,
                        NotifyType.INVALID_SYNTAX,
                        NotifyType.NO_PROPOSAL_CHOSEN)) {
            contents.put(error.name(), List.of(Notify.of(error)));
        }
        keyExchanges(contents);
        if (ppk) {
            withoutPpk(contents, forger, id, five);
        }
        if (stand.isAfterIntermediate()) {
            contents.put(
                    "AUTH of IKE_SA_INIT alone",
                    auth(five, forger.withoutIntAuth().proof(PSK, id)));
        }
        if (stand.isResuming()) {
            contents.put(
                    "AUTH of the other end", auth(five, forger.proofOfResumption(id, !initiator)));
            contents.put("AUTH by SK_p as after EAP", auth(five, forger.proofByOwnKey(id)));
        }
        List<Payload> odd = new ArrayList<>(five.values());
        odd.add(Notify.of(NotifyType.TS_UNACCEPTABLE));
        contents.put("right and an error", odd);
        contents.put("right", new ArrayList<>(five.values()));
        return contents;
    }

    /// What IKE_INTERMEDIATE bears, and what it should not.
    private static void keyExchanges(Map<String, List<Payload>> contents) {
        KeyExchange right = new KeyExchange(Group.ECP_256.number(), POINT);
        KeyExchange off = new KeyExchange(Group.ECP_256.number(), Octets.owned(new byte[64]));
        contents.put("KE", List.of(right));
        contents.put("KE twice", List.of(right, right));
        contents.put("KE off the curve", List.of(off));
        contents.put(
                "KE of another group",
                List.of(new KeyExchange(Group.CURVE_25519.number(), Octets.owned(new byte[32]))));
        contents.put(
                "a short KE", List.of(new KeyExchange(Group.ECP_256.number(), POINT.slice(0, 63))));
    }

    /// Proofs of somebody who knows the pre-shared key, and not the post-quantum one.
    private static void withoutPpk(
            Map<String, List<Payload>> contents,
            Forger2 forger,
            Identification id,
            Map<String, Payload> five) {
        Authentication without = forger.proof(PSK, id);
        Authentication another = forger.withPpk("another").proof(PSK, id);
        contents.put("PPK named, not used", auth(five, without));
        contents.put("another PPK", auth(five, another));
        Map<String, Payload> unnamed = new LinkedHashMap<>(five);
        unnamed.remove("PPK_IDENTITY");
        contents.put("no PPK", auth(unnamed, without));
        for (Authentication auth : List.of(without, another)) {
            List<Payload> both = auth(five, auth);
            both.add(Notify.of(NotifyType.NO_PPK_AUTH, without.data()));
            contents.put(
                    "NO_PPK_AUTH beside " + (auth.equals(without) ? "itself" : "another"), both);
        }
        Map<String, Payload> unknown = new LinkedHashMap<>(five);
        unknown.put("PPK_IDENTITY", named(true, Octets.utf8("nobody's")));
        List<Payload> all = auth(unknown, without);
        all.add(Notify.of(NotifyType.NO_PPK_AUTH, without.data()));
        contents.put("a PPK that nobody has", all);
    }

    private static Notify named(boolean initiator, Octets ppkId) {
        return initiator
                ? new PpkIdentity(PpkIdentity.FIXED, ppkId).emit()
                : Notify.of(NotifyType.PPK_IDENTITY);
    }

    private static List<Payload> auth(Map<String, Payload> five, Authentication auth) {
        Map<String, Payload> other = new LinkedHashMap<>(five);
        other.put("AUTH", auth);
        return new ArrayList<>(other.values());
    }

    private static Authentication longer(Authentication a) {
        return new Authentication(2, Octets.concat(a.data(), Octets.of((byte) 0)));
    }

    private static Authentication shorter(Authentication a) {
        return new Authentication(2, a.data().slice(0, a.data().length() - 1));
    }

    private static Identification id(Stand stand, boolean initiator) {
        Identity who = id(initiator);
        if (stand.dialogue == Stand.Dialogue.SIGNED
                || stand.dialogue == Stand.Dialogue.METHODS
                || stand.dialogue == Stand.Dialogue.EAP) {
            who = initiator ? SignedPeers.MOON : SignedPeers.SUN;
        }
        return new Identification(initiator, who.type().number(), who.data());
    }

    private static Identification otherEnd(Identification id) {
        return new Identification(!id.initiator(), id.idType(), id.data());
    }

    private static Identification another(Identification id) {
        return new Identification(id.initiator(), 2, Octets.ascii("mallory.example"));
    }

    // ---- cells

    /// Requests of the other end that the target answered in this world.
    private int answered;

    private TwoPeers afresh(Stand stand) {
        answered = 0;
        return at(stand);
    }

    /// All cells of one stand.
    void fill(Stand stand) throws MalformedException {
        TwoPeers p = afresh(stand);
        for (int exchange : EXCHANGES) {
            for (Seal seal : Seal.values()) {
                for (int flags = 0; flags < 8; flags++) {
                    p = row(p, stand, exchange, seal, flags);
                }
            }
        }
        letIn(p, stand);
    }

    private TwoPeers row(TwoPeers world, Stand stand, int exchange, Seal seal, int flags)
            throws MalformedException {
        TwoPeers p = world;
        boolean response = (flags & 1) != 0;
        boolean fromOther = (flags & 2) == 0;
        boolean due = (flags & 4) == 0;
        Forger2 forger = forger(p, stand, seal, fromOther);
        Map<String, List<Payload>> contents = contents(forger, stand);
        for (String content : List.copyOf(contents.keySet())) {
            Cell cell = new Cell(stand, exchange, seal, response, fromOther, due, content);
            List<Payload> payloads = contents.getOrDefault(content, List.of());
            int id = stand.due(response) + (response ? 0 : answered) + (due ? 0 : 5);
            Octets message =
                    seal == Seal.CLEAR
                            ? forger.clear(exchange, response, id, payloads)
                            : forger.seal(exchange, response, id, payloads);
            if (!isSame(p, cell, message)) {
                p = afresh(stand);
                forger = forger(p, stand, seal, fromOther);
                contents = contents(forger, stand);
            }
        }
        return p;
    }

    /// Delivers it, twice, and judges.
    ///
    /// @return whether the target stands as before
    private boolean isSame(TwoPeers p, Cell cell, Octets message) {
        cell();
        TwoPeers.Peer target = cell.stand.target(p);
        Seen before = Seen.of(target);
        int sent = target.sent.size();
        p.deliver(target, pathTo(target, p), message);
        Seen after = Seen.of(target);
        p.deliver(target, pathTo(target, p), message);
        if (target.told(Event.InternalError.class::isInstance)) {
            violation(cell + ": " + target.events.getLast());
            return false;
        }
        if (cell.proves()) {
            boolean child = cell.content.equals("right");
            if (after.ikeSas() != 1 || child && after.children() != 1) {
                violation(cell + " does not get in as it should: " + after);
            }
            proof();
        } else if (cell.isAuthentic()) {
            // A peer may do what a peer may do.
            answered += !cell.response && target.sent.size() > sent ? 1 : 0;
            return before.equals(Seen.of(target))
                    && !(cell.response && cell.stand.asked(cell.exchange));
        } else if ((cell.stand.done() || cell.seal != Seal.RIGHT_KEYS) && !before.equals(after)) {
            violation(cell + " is not authentic and changes " + before + " to " + after);
        } else if (!cell.stand.done() && (after.ikeSas() > 0 || after.children() > 0)) {
            violation(cell + " makes an SA without a verified AUTH: " + after);
        } else if (cell.stand.responder && !cell.stand.done() && after.blamed() > 0) {
            violation(cell + " fails as if the peer had proved who it is");
        }
        return before.equals(Seen.of(target));
    }

    private void letIn(TwoPeers p, Stand stand) {
        freely(p);
        boolean once =
                stand.dialogue == Stand.Dialogue.SIGNED
                        || stand.dialogue == Stand.Dialogue.METHODS
                        || stand.dialogue == Stand.Dialogue.EAP_TLS;
        if (once && !p.runUntil(() -> p.a.isUp() && p.b.isUp(), 300 * TwoPeers.SECOND)) {
            // Its one attempt was spent on a job that never came back.
            p.a.command(new Command.Initiate("Tunnel1", "Tunnel1"));
        }
        asUsual(p, stand);
    }
}
