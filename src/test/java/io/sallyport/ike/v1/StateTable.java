package io.sallyport.ike.v1;

import io.sallyport.base.Octets;
import io.sallyport.base.net.IpAddress;
import io.sallyport.crypto.choose.Crypto;
import io.sallyport.crypto.choose.EngineChooser;
import io.sallyport.crypto.engine.Signer;
import io.sallyport.crypto.jce.JceEngine;
import io.sallyport.crypto.suite.SignatureScheme;
import io.sallyport.ike.SignedPeers;
import io.sallyport.ike.machine.Output;
import io.sallyport.model.command.Command;
import io.sallyport.model.event.Event;
import io.sallyport.testkit.CellTable;
import io.sallyport.testkit.Specs;
import io.sallyport.testkit.TwoPeers;
import io.sallyport.wire.ike.IkeHeader;
import io.sallyport.wire.ike.MalformedException;
import io.sallyport.wire.ike.v1.Attribute;
import io.sallyport.wire.ike.v1.Certificate;
import io.sallyport.wire.ike.v1.CertificateRequest;
import io.sallyport.wire.ike.v1.Delete;
import io.sallyport.wire.ike.v1.ExchangeType;
import io.sallyport.wire.ike.v1.Hash;
import io.sallyport.wire.ike.v1.Identification;
import io.sallyport.wire.ike.v1.KeyExchange;
import io.sallyport.wire.ike.v1.Message;
import io.sallyport.wire.ike.v1.Nonce;
import io.sallyport.wire.ike.v1.Notification;
import io.sallyport.wire.ike.v1.NotifyType;
import io.sallyport.wire.ike.v1.Payload;
import io.sallyport.wire.ike.v1.Proposal;
import io.sallyport.wire.ike.v1.ProtocolId;
import io.sallyport.wire.ike.v1.SaPayload;
import io.sallyport.wire.ike.v1.Signature;
import io.sallyport.wire.ike.v1.Transform;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/// The state table of IKEv1, tried cell by cell on real engines: every state of both modes, every
/// exchange type, keys from the right pre-shared key and from another, in clear, with the IV of
/// phase 1 and as in phase 2, payloads right, wrong, missing, or there twice.
///
/// The pre-shared key makes all keys here (RFC 2409, 5), so who seals with the right ones knows it:
/// for him it is the HASH that must be right. Nothing of anybody else changes a state that has
/// keys. In the stands with signatures the right keys are everybody's who did Diffie-Hellman: there
/// nothing but the right signature changes anything.
final class StateTable extends CellTable {
    static final Crypto CRYPTO = EngineChooser.choose(List.of(new JceEngine()));

    private static final int[] EXCHANGES = {
        0,
        ExchangeType.BASE,
        ExchangeType.MAIN,
        ExchangeType.AUTH_ONLY,
        ExchangeType.AGGRESSIVE,
        ExchangeType.INFORMATIONAL,
        ExchangeType.TRANSACTION,
        ExchangeType.QUICK,
        ExchangeType.NEW_GROUP,
        35,
        240
    };

    /// Where the target stands (docs/machines/ikev1.md).
    enum Stand {
        SA_ANSWERED(true),
        MAKING_KEY_R(true),
        AGREEING_R(true),
        AUTH_AWAITED(true),
        DONE_R(true),
        SA_SENT(false),
        MAKING_KEY_I(false),
        KEY_SENT(false),
        AGREEING_I(false),
        AUTH_SENT(false),

        /// By signatures (RFC 2409, 5.1).
        SIGNED_AUTH_AWAITED(true, true),
        JUDGING_R(true, true),
        SIGNING_R(true, true),
        SIGNED_DONE_R(true, true),
        SIGNING_I(false, true),
        SIGNED_AUTH_SENT(false, true),
        JUDGING_I(false, true),
        SIGNED_DONE_I(false, true),

        DONE_I(false),

        /// Quick mode, of the first child and of its successor (RFC 2409, 5.5).
        QUICK_MAKING_KEY_R(true),
        QUICK_AGREEING_R(true),
        QUICK_ANSWERED(true),
        CHILD_REKEY_ANSWERED(true),
        QUICK_MAKING_KEY_I(false),
        QUICK_SENT(false),
        QUICK_AGREEING_I(false),
        CHILD_REKEY_SENT(false);

        final boolean responder;
        final boolean signed;

        Stand(boolean responder) {
            this(responder, false);
        }

        Stand(boolean responder, boolean signed) {
            this.responder = responder;
            this.signed = signed;
        }

        /// Whether the ISAKMP SA stands: what comes under its keys is a peer's.
        boolean done() {
            return this == DONE_R || this == SIGNED_DONE_R || ordinal() >= SIGNED_DONE_I.ordinal();
        }

        boolean isRekey() {
            return this == CHILD_REKEY_ANSWERED || this == CHILD_REKEY_SENT;
        }

        TwoPeers.Peer target(TwoPeers p) {
            return responder ? p.b : p.a;
        }
    }

    enum Seal {
        RIGHT_PSK,
        ANOTHER_PSK,
        ANOTHER_DIALOGUE,
        CLEAR
    }

    /// One cell.
    ///
    /// @param hashed sealed as in phase 2, with the right HASH(1); else as message 5 or 6
    record Cell(
            Stand stand, int exchange, Seal seal, boolean hashed, int messageId, String content) {
        boolean proves() {
            return List.of(
                                    Stand.AUTH_AWAITED,
                                    Stand.AUTH_SENT,
                                    Stand.SIGNED_AUTH_AWAITED,
                                    Stand.SIGNED_AUTH_SENT)
                            .contains(stand)
                    && isLast()
                    && content.startsWith("right");
        }

        /// Whether it can be message 5 or 6, for who has the keys.
        boolean isLast() {
            return exchange == ExchangeType.MAIN
                    && seal == Seal.RIGHT_PSK
                    && !hashed
                    && messageId == 0;
        }

        /// Main mode's first four messages are not authentic by design (RFC 2409, 5): in clear they
        /// may move a session on, never to an SA.
        boolean isByDesign() {
            return seal == Seal.CLEAR
                    && exchange == ExchangeType.MAIN
                    && content.startsWith("beginning");
        }
    }

    private final List<TwoPeers> others = new ArrayList<>();

    /// @param weakened as of [CellTable]
    StateTable(UnaryOperator<TwoPeers> weakened) {
        super(weakened);
    }

    String summary() {
        return summary(Stand.values().length, EXCHANGES.length, "HASH");
    }

    // ---- worlds

    /// Two peers, of which the target stands where it shall.
    TwoPeers at(Stand stand) {
        TwoPeers p =
                world(
                        stand.signed
                                ? SignedPeers.main(
                                        9, "rsa", address("192.0.2.1"), address("192.0.2.2"))
                                : new TwoPeers(
                                        9,
                                        CRYPTO,
                                        new Specs()
                                                .between("192.0.2.1", "192.0.2.2")
                                                .ids(address("192.0.2.1"), address("192.0.2.2"))
                                                .build(),
                                        new Specs()
                                                .between("192.0.2.2", "192.0.2.1")
                                                .ids(address("192.0.2.2"), address("192.0.2.1"))
                                                .passive()
                                                .build()));
        boolean[] barred = {
            stand == Stand.DONE_R
                    || stand == Stand.DONE_I
                    || stand == Stand.SIGNED_DONE_R
                    || stand == Stand.SIGNED_DONE_I
        };
        p.middle(f -> {
            boolean lost = isLost(stand, f.from() == p.a, p);
            barred[0] |= lost;
            return lost ? TwoPeers.LOST : f;
        });
        stand.target(p)
                .withhold(job -> {
                    boolean held = isHeld(stand, job, p);
                    barred[0] |= held;
                    return held;
                });
        p.b.load();
        p.a.load();
        p.run(400 * TwoPeers.MILLI);
        if (stand.isRekey()) {
            p.a.command(new Command.Rekey("Tunnel1", "Tunnel1"));
            p.run(400 * TwoPeers.MILLI);
        }
        if (!barred[0]) {
            throw new AssertionError(stand + " was not reached: " + p.a.events);
        }
        return p;
    }

    /// Whether the message that A or B just sent does not arrive: by how many it sent with it.
    private static boolean isLost(Stand stand, boolean fromA, TwoPeers p) {
        int sent = fromA ? p.a.sent.size() : p.b.sent.size();
        return switch (stand) {
            case SA_ANSWERED -> fromA && sent == 2;
            case AUTH_AWAITED, SIGNED_AUTH_AWAITED -> fromA && sent == 3;
            case QUICK_ANSWERED -> fromA && sent == 5;
            case CHILD_REKEY_ANSWERED -> fromA && sent == 7;
            case SA_SENT -> !fromA;
            case KEY_SENT -> !fromA && sent == 2;
            case AUTH_SENT, SIGNED_AUTH_SENT -> !fromA && sent == 3;
            case QUICK_SENT -> !fromA && sent == 4;
            case CHILD_REKEY_SENT -> !fromA && sent == 5;
            default -> false;
        };
    }

    /// Whether a job of the target never comes back.
    private static boolean isHeld(Stand stand, Output job, TwoPeers p) {
        boolean make = job instanceof Output.Generate;
        boolean agree = job instanceof Output.Agree;
        boolean quick = stand.target(p).sent.size() >= 3;
        return switch (stand) {
            case MAKING_KEY_R, MAKING_KEY_I -> make;
            case AGREEING_R, AGREEING_I -> agree;
            case JUDGING_R, JUDGING_I -> job instanceof Output.Judge;
            case SIGNING_R, SIGNING_I -> job instanceof Output.Sign;
            case QUICK_MAKING_KEY_R, QUICK_MAKING_KEY_I -> make && quick;
            case QUICK_AGREEING_R, QUICK_AGREEING_I -> agree && quick;
            default -> false;
        };
    }

    private Forger forger(TwoPeers p, Stand stand, Seal seal) throws MalformedException {
        boolean agreed =
                p.a.sent.size() > 1
                        && p.b.sent.size() > 1
                        && !(p.a.shared.isEmpty() && p.b.shared.isEmpty());
        if (others.isEmpty()) {
            others.add(at(Stand.DONE_R));
        }
        return new Forger(
                agreed && seal != Seal.ANOTHER_DIALOGUE ? p : others.getFirst(),
                CRYPTO,
                seal == Seal.ANOTHER_PSK
                        ? "another"
                        : stand.signed && seal == Seal.RIGHT_PSK ? "" : "aM6ktTm3pv5etv9eC");
    }

    // ---- messages

    private static Identification id(String address) {
        return new Identification(1, 0, 0, IpAddress.of(address).octets());
    }

    private static Map<String, List<Payload>> contents(Forger forger, Stand stand)
            throws MalformedException {
        boolean initiator = stand.responder;
        Identification id = id(initiator ? "192.0.2.1" : "192.0.2.2");
        Identification targets = id(initiator ? "192.0.2.2" : "192.0.2.1");
        Identification mallory = id("192.0.2.66");
        Hash right = forger.proof(initiator, id);
        Hash wrong = new Hash(Octets.owned(new byte[right.value().length()]));
        Map<String, List<Payload>> contents = new LinkedHashMap<>();
        contents.put("empty", List.of(new Nonce(Octets.owned(new byte[16]))));
        contents.put("without HASH", List.of(id));
        contents.put("without ID", List.of(right));
        contents.put("wrong HASH", List.of(id, wrong));
        contents.put("HASH twice", List.of(id, right, right));
        contents.put("wrong HASH, then a right one", List.of(id, wrong, right));
        contents.put("a right HASH, then a wrong one", List.of(id, right, wrong));
        contents.put("ID twice", List.of(id, id, right));
        contents.put("another ID, then the right one", List.of(mallory, id, right));
        contents.put("another ID", List.of(mallory, right));
        contents.put("another ID, proved", List.of(mallory, forger.proof(initiator, mallory)));
        contents.put("HASH of the other role", List.of(id, forger.proof(!initiator, id)));
        contents.put("the target's own", List.of(targets, forger.proof(!initiator, targets)));
        contents.put("a short HASH", List.of(id, new Hash(right.value().slice(0, 12))));
        contents.put(
                "a long HASH",
                List.of(id, new Hash(Octets.concat(right.value(), Octets.of((byte) 0)))));
        contents.put("HASH of one octet", List.of(id, new Hash(Octets.of((byte) 0))));
        contents.put("a signature", List.of(id, new Signature(right.value())));
        contents.put("HASH and a signature", List.of(id, right, new Signature(right.value())));
        contents.put("a quick mode", quick());
        contents.put("HASH and a quick mode", with(right, quick()));
        contents.put(
                "delete",
                List.of(
                        new Delete(
                                1, ProtocolId.ISAKMP, 16, List.of(forger.protection.cookies()))));
        for (int type :
                new int[] {NotifyType.AUTHENTICATION_FAILED, NotifyType.INITIAL_CONTACT, 16384}) {
            contents.put(
                    NotifyType.name(type),
                    List.of(
                            new Notification(
                                    1,
                                    ProtocolId.ISAKMP,
                                    forger.protection.cookies(),
                                    type,
                                    Octets.EMPTY)));
        }
        contents.put(
                "beginning: a KE and a nonce",
                List.of(
                        new KeyExchange(Octets.owned(new byte[128])),
                        new Nonce(Octets.owned(new byte[16]))));
        contents.put(
                "right and INITIAL_CONTACT",
                List.of(
                        id,
                        right,
                        new Notification(
                                1,
                                ProtocolId.ISAKMP,
                                forger.protection.cookies(),
                                NotifyType.INITIAL_CONTACT,
                                Octets.EMPTY)));
        contents.put("right", List.of(id, right));
        return stand.signed ? signed(contents, forger, stand) : contents;
    }

    /// The same where a signature is due: no HASH is right, and what is signed is.
    private static Map<String, List<Payload>> signed(
            Map<String, List<Payload>> byHash, Forger forger, Stand stand)
            throws MalformedException {
        boolean initiator = stand.responder;
        Identification id = id(initiator ? "192.0.2.1" : "192.0.2.2");
        Identification targets = id(initiator ? "192.0.2.2" : "192.0.2.1");
        Identification mallory = id("192.0.2.66");
        String peer = initiator ? "moon" : "sun";
        Signature right = signature(peer, forger.proof(initiator, id));
        Hash hash = forger.proof(initiator, id);
        Map<String, List<Payload>> contents = new LinkedHashMap<>();
        byHash.forEach((name, payloads) ->
                contents.put(name.startsWith("right") ? "by HASH: " + name : name, payloads));
        contents.put("without a signature", List.of(id));
        contents.put("a signature without ID", List.of(right));
        contents.put("signature twice", List.of(id, right, right));
        contents.put("HASH and a right signature", List.of(id, hash, right));
        contents.put("the HASH as signature", List.of(id, new Signature(hash.value())));
        contents.put(
                "a signature of naught",
                List.of(id, new Signature(Octets.owned(new byte[right.value().length()]))));
        contents.put("a signature by another key", List.of(id, signature("mallory", hash)));
        contents.put(
                "the target's own signature",
                List.of(
                        targets,
                        signature(initiator ? "sun" : "moon", forger.proof(!initiator, targets))));
        contents.put(
                "signature of the other role",
                List.of(id, signature(peer, forger.proof(!initiator, id))));
        contents.put("another ID than signed", List.of(mallory, right));
        contents.put(
                "another ID, signed",
                List.of(mallory, signature(peer, forger.proof(initiator, mallory))));
        contents.put("a short signature", List.of(id, new Signature(right.value().slice(0, 255))));
        contents.put(
                "a long signature",
                List.of(id, new Signature(Octets.concat(Octets.of((byte) 0), right.value()))));
        contents.put(
                "right with what nobody needs",
                List.of(
                        id,
                        new Certificate(1, Octets.of((byte) 0x30, (byte) 0)),
                        right,
                        new CertificateRequest(4, Octets.EMPTY)));
        contents.put("right", List.of(id, right));
        return contents;
    }

    private static Signature signature(String who, Hash hash) {
        try {
            return new Signature(
                    CRYPTO.signer(SignatureScheme.RSA_BARE)
                            .sign(SignedPeers.pair(who, "rsa").getPrivate(), hash.value()));
        } catch (Signer.CannotSign e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<Payload> with(Payload first, List<Payload> rest) {
        List<Payload> all = new ArrayList<>(List.of(first));
        all.addAll(rest);
        return all;
    }

    private static List<Payload> quick() {
        Transform t =
                new Transform(
                        1,
                        12,
                        List.of(
                                Attribute.basic(4, 1),
                                Attribute.basic(6, 128),
                                Attribute.basic(5, 2)));
        return List.of(
                SaPayload.ipsec(
                        List.of(
                                new Proposal(
                                        1, ProtocolId.ESP, Octets.ofInt(0x12345678), List.of(t)))),
                new Nonce(Octets.owned(new byte[32])),
                new Identification(4, 0, 0, Octets.owned(new byte[8])),
                new Identification(4, 0, 0, Octets.owned(new byte[8])));
    }

    // ---- cells

    /// All cells of one stand.
    void fill(Stand stand) throws MalformedException {
        TwoPeers p = at(stand);
        for (int exchange : EXCHANGES) {
            for (Seal seal : Seal.values()) {
                for (boolean hashed : new boolean[] {false, true}) {
                    for (int messageId : new int[] {0, 0x77}) {
                        if (!(seal == Seal.CLEAR && hashed)) {
                            p = row(p, stand, exchange, seal, hashed, messageId);
                        }
                    }
                }
            }
        }
        freely(p);
        asUsual(p, stand);
    }

    private TwoPeers row(
            TwoPeers world, Stand stand, int exchange, Seal seal, boolean hashed, int messageId)
            throws MalformedException {
        TwoPeers p = world;
        Forger forger = forger(p, stand, seal);
        Map<String, List<Payload>> contents = contents(forger, stand);
        for (String content : List.copyOf(contents.keySet())) {
            Cell cell = new Cell(stand, exchange, seal, hashed, messageId, content);
            List<Payload> payloads = contents.getOrDefault(content, List.of());
            // Of what one session has judged there is an end, so each has its own
            if (!isSame(p, cell, message(p, forger, cell, payloads))
                    || stand.signed && cell.isLast()) {
                p = at(stand);
                forger = forger(p, stand, seal);
                contents = contents(forger, stand);
            }
        }
        return p;
    }

    private static Octets message(TwoPeers p, Forger forger, Cell cell, List<Payload> payloads)
            throws MalformedException {
        if (cell.seal == Seal.CLEAR) {
            IkeHeader first = IkeHeader.parse((p.b.sent.isEmpty() ? p.a : p.b).sent.getFirst());
            return Message.emit(
                    first.initiatorSpi(),
                    first.responderSpi(),
                    cell.exchange,
                    cell.messageId,
                    payloads);
        }
        return cell.hashed
                ? forger.hashed(cell.exchange, cell.messageId, payloads)
                : forger.main(cell.exchange, cell.messageId, cell.stand.responder, payloads);
    }

    private boolean isSame(TwoPeers p, Cell cell, Octets message) {
        cell();
        TwoPeers.Peer target = cell.stand.target(p);
        Seen before = Seen.of(target);
        p.deliver(target, pathTo(target, p), message);
        Seen after = Seen.of(target);
        p.deliver(target, pathTo(target, p), message);
        boolean authentic = cell.seal == Seal.RIGHT_PSK;
        if (target.told(Event.InternalError.class::isInstance)) {
            violation(cell + ": " + target.events.getLast());
            return false;
        }
        if (cell.proves()) {
            if (after.ikeSas() != 1) {
                violation(cell + " does not get in as it should: " + after);
            }
            proof();
        } else if (cell.stand.done() && authentic) {
            // An authentic peer may do what an authentic peer may do.
            return before.equals(Seen.of(target));
        } else if (!authentic && !cell.isByDesign() && !before.equals(after)) {
            violation(cell + " is not authentic and changes " + before + " to " + after);
        } else if (!cell.stand.done() && (after.ikeSas() > 0 || after.children() > 0)) {
            violation(cell + " makes an SA without a verified HASH: " + after);
        } else if (cell.stand.signed
                && !cell.stand.done()
                && !cell.isByDesign()
                && !before.equals(after)) {
            violation(cell + " is no proof and changes " + before + " to " + after);
        } else if (cell.stand.responder && !cell.stand.done() && after.blamed() > 0) {
            violation(cell + " fails as if the peer had proved who it is");
        }
        return before.equals(Seen.of(target));
    }
}
