package io.sallyport.ike;

import io.sallyport.base.Octets;
import io.sallyport.base.net.IpAddress;
import io.sallyport.base.net.IpPrefix;
import io.sallyport.base.net.TrafficSelector;
import io.sallyport.crypto.suite.Encryption;
import io.sallyport.crypto.suite.Group;
import io.sallyport.crypto.suite.SignatureScheme;
import io.sallyport.ike.machine.Output;
import io.sallyport.ike.select.ChildOffers;
import io.sallyport.ike.select.IkeOffers;
import io.sallyport.model.command.Command;
import io.sallyport.model.event.Event;
import io.sallyport.model.spec.Identity;
import io.sallyport.testkit.CellTable;
import io.sallyport.testkit.Specs;
import io.sallyport.testkit.TwoPeers;
import io.sallyport.wire.ike.MalformedException;
import io.sallyport.wire.ike.v2.Authentication;
import io.sallyport.wire.ike.v2.Delete;
import io.sallyport.wire.ike.v2.Eap;
import io.sallyport.wire.ike.v2.Identification;
import io.sallyport.wire.ike.v2.Nonce;
import io.sallyport.wire.ike.v2.Notify;
import io.sallyport.wire.ike.v2.Payload;
import io.sallyport.wire.ike.v2.TrafficSelectors;
import io.sallyport.wire.ike.v2.number.NotifyType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/// The state table of IKEv2, tried cell by cell on real engines: every state of a session, every
/// exchange type, every kind of protection, both directions, message IDs that are due and others,
/// and payloads that are right, wrong, missing, or there twice.
///
/// The attacker did IKE_SA_INIT with the target (or heard one), so it has SK_e and SK_a. What it
/// lacks is what AUTH needs: the pre-shared key, or the private key. The one content `right` is
/// made with the pre-shared key: it must get in, and only in its own cell.
final class StateTable extends CellTable {
    private static final String PSK = "aM6ktTm3pv5etv9eC";
    private static final int INIT = 34;
    private static final int AUTH = 35;
    private static final int CREATE = 36;
    private static final int INFORMATIONAL = 37;

    /// None, those of RFC 7296, IKE_SESSION_RESUME, GSA_AUTH, IKE_INTERMEDIATE, IKE_FOLLOWUP_KE,
    /// and one for private use.
    private static final int[] EXCHANGES = {
        0, INIT, AUTH, CREATE, INFORMATIONAL, 38, 39, 43, 44, 240
    };

    /// Where the target stands (docs/machines/ikev2.md).
    enum Stand {
        MAKING_KEY_R(true, false),
        AGREEING_R(true, false),
        AUTH_AWAITED(true, false),
        AUTH_AWAITED_SIGNED(true, true),
        JUDGING_R(true, true),
        PROVING_R(true, true),
        DONE_R(true, false),
        MAKING_KEY_I(false, false),
        INIT_SENT(false, false),
        AGREEING_I(false, false),
        PROVING_I(false, true),
        AUTH_SENT(false, false),
        AUTH_SENT_SIGNED(false, true),
        JUDGING_I(false, true),
        DONE_I(false, false);

        final boolean responder;
        final boolean signed;

        Stand(boolean responder, boolean signed) {
            this.responder = responder;
            this.signed = signed;
        }

        boolean done() {
            return this == DONE_R || this == DONE_I;
        }
    }

    /// How a message is protected.
    enum Seal {
        /// By the keys of the target's own IKE_SA_INIT, once it has some.
        RIGHT_KEYS,
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
            return (stand == Stand.AUTH_AWAITED || stand == Stand.AUTH_SENT)
                    && exchange == AUTH
                    && seal == Seal.RIGHT_KEYS
                    && isRightWay()
                    && due
                    && (content.equals("right") || PROVING.contains(content));
        }
    }

    /// Contents with a right AUTH in which only something of the child is wrong.
    private static final List<String> PROVING = List.of("right and an error");

    /// @param weakened as of [CellTable]
    StateTable(UnaryOperator<TwoPeers> weakened) {
        super(weakened);
    }

    String summary() {
        return summary(Stand.values().length, EXCHANGES.length, "AUTH");
    }

    // ---- worlds

    private TwoPeers peers(boolean signed) {
        if (!signed) {
            return world(
                    new TwoPeers(
                            7,
                            TestCrypto.CRYPTO,
                            new Specs()
                                    .between("192.0.2.1", "192.0.2.2")
                                    .v2()
                                    .ids(address("192.0.2.1"), address("192.0.2.2"))
                                    .build(),
                            new Specs()
                                    .between("192.0.2.2", "192.0.2.1")
                                    .v2()
                                    .ids(address("192.0.2.2"), address("192.0.2.1"))
                                    .passive()
                                    .build()));
        }
        TwoPeers p =
                new TwoPeers(
                        7,
                        TestCrypto.CRYPTO,
                        SignedPeers.spec(true, List.of()),
                        SignedPeers.spec(false, List.of()));
        var moon =
                SignedPeers.keys(
                        "moon", "ed25519", SignedPeers.SUN, SignedPeers.pair("sun", "ed25519"));
        var sun =
                SignedPeers.keys(
                        "sun", "ed25519", SignedPeers.MOON, SignedPeers.pair("moon", "ed25519"));
        p.a.notary(moon, (_, _) -> moon.ownKeys(List.of()), List.of());
        p.b.notary(sun, (_, _) -> sun.ownKeys(List.of()), List.of());
        return world(p);
    }

    private static int type(Octets message) {
        return message.at(18);
    }

    /// Two peers, of which the target stands where it shall.
    private TwoPeers at(Stand stand) {
        TwoPeers p = peers(stand.signed);
        p.middle(f -> {
            boolean fromA = f.from() == p.a;
            boolean drop =
                    switch (stand) {
                        case AUTH_AWAITED, AUTH_AWAITED_SIGNED -> fromA && type(f.octets()) == AUTH;
                        case INIT_SENT -> !fromA;
                        case AUTH_SENT, AUTH_SENT_SIGNED -> !fromA && type(f.octets()) == AUTH;
                        default -> false;
                    };
            return drop ? TwoPeers.LOST : f;
        });
        switch (stand) {
            case MAKING_KEY_R -> p.b.withhold(Output.Generate.class::isInstance);
            case AGREEING_R -> p.b.withhold(Output.Agree.class::isInstance);
            case JUDGING_R -> p.b.withhold(Output.Judge.class::isInstance);
            case PROVING_R -> p.b.withhold(Output.Sign.class::isInstance);
            case MAKING_KEY_I -> p.a.withhold(Output.Generate.class::isInstance);
            case AGREEING_I -> p.a.withhold(Output.Agree.class::isInstance);
            case PROVING_I -> p.a.withhold(Output.Sign.class::isInstance);
            case JUDGING_I -> p.a.withhold(Output.Judge.class::isInstance);
            default -> {}
        }
        p.b.load();
        p.a.load();
        p.run(300 * TwoPeers.MILLI);
        return p;
    }

    // ---- messages

    /// Plays the other end of the target's SA.
    private Forger2 forger(TwoPeers p, Stand stand, Seal seal, boolean fromOther)
            throws MalformedException {
        boolean own = !p.a.sent.isEmpty() && !p.b.sent.isEmpty() && seal == Seal.RIGHT_KEYS;
        TwoPeers heard = own && !(p.a.shared.isEmpty() && p.b.shared.isEmpty()) ? p : other();
        Octets first = p.a.sent.isEmpty() ? heard.a.sent.getFirst() : p.a.sent.getFirst();
        return new Forger2(
                first,
                p.b.sent.isEmpty() ? heard.b.sent.getFirst() : p.b.sent.getFirst(),
                heard.a.shared.isEmpty() ? heard.b.shared.getFirst() : heard.a.shared.getFirst(),
                stand.responder == fromOther);
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
        Identification id = id(stand, initiator);
        Authentication right = forger.proof(PSK, id);
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
        List<Payload> odd = new ArrayList<>(five.values());
        odd.add(Notify.of(NotifyType.TS_UNACCEPTABLE));
        contents.put("right and an error", odd);
        contents.put("right", new ArrayList<>(five.values()));
        return contents;
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
        if (!stand.signed) {
            String address = initiator ? "192.0.2.1" : "192.0.2.2";
            return new Identification(initiator, 1, IpAddress.of(address).octets());
        }
        Identity who = initiator ? SignedPeers.MOON : SignedPeers.SUN;
        return new Identification(initiator, who.type().number(), who.data());
    }

    private static Identification otherEnd(Identification id) {
        return new Identification(!id.initiator(), id.idType(), id.data());
    }

    private static Identification another(Identification id) {
        return new Identification(id.initiator(), 2, Octets.ascii("mallory.example"));
    }

    /// The ID that would be taken in this direction.
    private static int dueId(Stand stand, boolean response) {
        if (response == stand.responder) {
            return 0; // the target's own requests, of which it sent none, or the first of the
            // other's
        }
        return switch (stand) {
            case MAKING_KEY_R,
                    AGREEING_R,
                    AUTH_AWAITED,
                    AUTH_AWAITED_SIGNED,
                    AUTH_SENT,
                    AUTH_SENT_SIGNED,
                    PROVING_I ->
                    1;
            case JUDGING_R, PROVING_R, DONE_R, JUDGING_I, DONE_I -> 2;
            case MAKING_KEY_I, INIT_SENT, AGREEING_I -> 0;
        };
    }

    // ---- cells

    /// All cells of one stand.
    void fill(Stand stand) throws MalformedException {
        TwoPeers p = at(stand);
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
            int id = dueId(stand, response) + (due ? 0 : 5);
            Octets message =
                    seal == Seal.CLEAR
                            ? forger.clear(exchange, response, id, payloads)
                            : forger.seal(exchange, response, id, payloads);
            if (!isSame(p, cell, message)) {
                p = at(stand);
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
        TwoPeers.Peer target = cell.stand.responder ? p.b : p.a;
        Seen before = Seen.of(target);
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
        } else if (cell.stand.done() && cell.seal == Seal.RIGHT_KEYS) {
            // An authentic peer may do what an authentic peer may do.
            return before.equals(Seen.of(target)) && !(cell.due && cell.isRightWay());
        } else if (cell.seal != Seal.RIGHT_KEYS && !before.equals(after)) {
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
        if (stand.signed && !p.runUntil(() -> p.a.isUp() && p.b.isUp(), 300 * TwoPeers.SECOND)) {
            // Its one attempt was spent on a job that never came back.
            p.a.command(new Command.Initiate("Tunnel1", "Tunnel1"));
        }
        asUsual(p, stand);
    }
}
