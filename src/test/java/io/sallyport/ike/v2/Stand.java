package io.sallyport.ike.v2;

import io.sallyport.base.Octets;
import io.sallyport.base.net.IpAddress;
import io.sallyport.crypto.suite.Group;
import io.sallyport.ike.machine.Input;
import io.sallyport.ike.machine.Output;
import io.sallyport.model.command.Command;
import io.sallyport.model.event.Event;
import io.sallyport.testkit.TwoPeers;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/// Where a target stands (docs/machines/ikev2.md): which end it is, what both are to do, and what
/// keeps the dialogue from going on.
enum Stand {
    MAKING_KEY_R(Dialogue.PLAIN, Due.of(1), held(Output.Generate.class)),
    AGREEING_R(Dialogue.PLAIN, Due.of(1), held(Output.Agree.class)),
    AUTH_AWAITED(Dialogue.PLAIN, Due.of(1), lost(true, 35)),
    AUTH_AWAITED_SIGNED(Dialogue.SIGNED, Due.of(1), lost(true, 35)),
    AUTH_AWAITED_PPK(Dialogue.PPK, Due.of(1), lost(true, 35)),
    JUDGING_R(Dialogue.SIGNED, Due.of(2), held(Output.Judge.class)),
    PROVING_R(Dialogue.SIGNED, Due.of(2), held(Output.Sign.class)),
    INTERMEDIATE_AWAITED(Dialogue.INTERMEDIATE, Due.of(1), lost(true, 43)),
    ANSWERING_INTERMEDIATE(Dialogue.INTERMEDIATE, Due.of(2), held(Output.Answer.class)),
    AUTH_AWAITED_AFTER_IT(Dialogue.INTERMEDIATE, Due.of(2), lost(true, 35)),
    /// IKE_INTERMEDIATE may come to ask for methods (RFC 9593).
    METHODS_AWAITED(Dialogue.METHODS, Due.of(1), lost(true, 43)),
    /// Our AUTH is sent, a response of EAP is due.
    EAP_AWAITED(Dialogue.EAP, Due.of(2), lost(true, 35, 2)),
    /// EAP is done, AUTH by its key is due.
    EAP_AUTH_AWAITED(Dialogue.EAP, Due.of(5), lost(true, 35, 5)),
    EAP_SPEAKING_R(Dialogue.EAP_TLS, Due.of(4), held(Output.Tls.class)),
    /// The ticket is right, the AUTH of who was given it is due (RFC 5723).
    RESUME_AUTH_AWAITED(Dialogue.RESUME, Due.of(1), lost(true, 35)),
    DONE_R(Dialogue.PLAIN, Due.of(2), nothing()),

    MAKING_KEY_I(Dialogue.PLAIN, Due.by(0), held(Output.Generate.class)),
    INIT_SENT(Dialogue.PLAIN, Due.by(0), lost(false, 34)),
    AGREEING_I(Dialogue.PLAIN, Due.by(0), held(Output.Agree.class)),
    PROVING_I(Dialogue.SIGNED, Due.by(1), held(Output.Sign.class)),
    MAKING_INTERMEDIATE_I(
            Dialogue.INTERMEDIATE,
            Due.by(1),
            heldIf(o -> o instanceof Output.Generate g && g.group() == Group.ECP_256)),
    INTERMEDIATE_SENT(Dialogue.INTERMEDIATE, Due.by(1), lost(false, 43)),
    AGREEING_INTERMEDIATE_I(
            Dialogue.INTERMEDIATE,
            Due.by(2),
            heldIf(o -> o instanceof Output.Agree a && a.theirs().length() == 64)),
    METHODS_ASKED(Dialogue.METHODS, Due.by(1), lost(false, 43)),
    AUTH_SENT(Dialogue.PLAIN, Due.by(1), lost(false, 35)),
    AUTH_SENT_SIGNED(Dialogue.SIGNED, Due.by(1), lost(false, 35)),
    AUTH_SENT_PPK(Dialogue.PPK, Due.by(1), lost(false, 35)),
    AUTH_SENT_AFTER_INTERMEDIATE(Dialogue.INTERMEDIATE, Due.by(2), lost(false, 35)),
    EAP_SENT(Dialogue.EAP, Due.by(2), lost(false, 35, 2)),
    EAP_AUTH_SENT(Dialogue.EAP, Due.by(5), lost(false, 35, 5)),
    EAP_SPEAKING_I(Dialogue.EAP_TLS, Due.by(3), held(Output.Tls.class)),
    RESUME_SENT(Dialogue.RESUME, Due.by(0), lost(false, 38)),
    RESUME_AUTH_SENT(Dialogue.RESUME, Due.by(1), lost(false, 35)),
    JUDGING_I(Dialogue.SIGNED, Due.by(2), held(Output.Judge.class)),
    DONE_I(Dialogue.PLAIN, Due.by(2), nothing()),

    /// The peer's request for a successor of the child is being answered.
    ANSWERING_CHILD_REKEY(Dialogue.REKEY_CHILD, Due.of(3), held(Output.Generate.class)),
    ANSWERING_IKE_REKEY(Dialogue.REKEY_IKE, Due.of(3), held(Output.Generate.class)),
    /// Answered; the peer does not come to delete what was replaced.
    CHILD_REKEYED_R(Dialogue.REKEY_CHILD, Due.of(3), lost(true, 37)),
    IKE_REKEYED_R(Dialogue.REKEY_IKE, Due.of(3), lost(true, 37)),

    MAKING_CHILD_REKEY(Dialogue.REKEY_CHILD, Due.by(2), held(Output.Generate.class)),
    CHILD_REKEY_SENT(Dialogue.REKEY_CHILD, Due.by(2), lost(false, 36)),
    AGREEING_CHILD_REKEY(Dialogue.REKEY_CHILD, Due.by(3), held(Output.Agree.class)),
    OLD_CHILD_DELETE_SENT(Dialogue.REKEY_CHILD, Due.by(3), lost(false, 37)),
    MAKING_IKE_REKEY(Dialogue.REKEY_IKE, Due.by(2), held(Output.Generate.class)),
    IKE_REKEY_SENT(Dialogue.REKEY_IKE, Due.by(2), lost(false, 36)),
    AGREEING_IKE_REKEY(Dialogue.REKEY_IKE, Due.by(3), held(Output.Agree.class)),
    OLD_IKE_DELETE_SENT(Dialogue.REKEY_IKE, Due.by(3), lost(false, 37)),

    /// One more key exchange of the peer's rekeying is due (RFC 9370, 2.2.4).
    FOLLOWUP_AWAITED(Dialogue.FOLLOW_CHILD, Due.of(3), lost(true, 44)),
    ANSWERING_FOLLOWUP(Dialogue.FOLLOW_CHILD, Due.of(4), held(Output.Answer.class)),
    MAKING_FOLLOWUP(
            Dialogue.FOLLOW_CHILD,
            Due.by(3),
            heldIf(o -> o instanceof Output.Generate g && g.group() == Group.ML_KEM_512)),
    FOLLOWUP_SENT(Dialogue.FOLLOW_CHILD, Due.by(3), lost(false, 44)),
    AGREEING_FOLLOWUP(
            Dialogue.FOLLOW_CHILD,
            Due.by(4),
            heldIf(o -> o instanceof Output.Agree a && a.theirs().length() == 768)),
    IKE_FOLLOWUP_AWAITED(Dialogue.FOLLOW_IKE, Due.of(4), lost(true, 44)),
    IKE_FOLLOWUP_SENT(Dialogue.FOLLOW_IKE, Due.by(4), lost(false, 44)),

    /// Both rekey the same SA at once: the other end's attempt is answered, ours is not.
    CROSSING_CHILD_I(Dialogue.CROSS_CHILD, Due.by(2), lost(false, 36, 2)),
    CROSSING_CHILD_R(Dialogue.CROSS_CHILD, Due.of(3), lostAnswer(true, 36)),
    CROSSING_IKE_I(Dialogue.CROSS_IKE, Due.by(2), lost(false, 36, 2)),
    CROSSING_IKE_R(Dialogue.CROSS_IKE, Due.of(3), lostAnswer(true, 36)),

    /// The IKE SA stands without a child (RFC 6023).
    CHILDLESS_R(Dialogue.CHILDLESS, Due.of(2), lost(true, 36)),
    FIRST_CHILD_SENT(Dialogue.CHILDLESS, Due.by(2), lost(false, 36)),

    /// It said that it is elsewhere (RFC 4555).
    UPDATE_ADDRESSES_SENT(Dialogue.MOBIKE, Due.by(2), lost(false, 37)),
    /// It asks at the address where the peer says it is.
    PATH_CHECK_SENT(Dialogue.MOBIKE, Due.of(3), lostAnswer(true, 37));

    /// What both are to do: handshakes, and, of A, a rekeying after it.
    enum Dialogue {
        PLAIN,
        SIGNED,
        /// The same, and B names so many CAs that its methods come later (RFC 9593).
        METHODS,
        /// With one more key exchange (RFC 9242, 9370).
        INTERMEDIATE,
        /// With a post-quantum preshared key that both require (RFC 8784).
        PPK,
        /// A proves itself by EAP-MSCHAPv2.
        EAP,
        /// A and B prove themselves by EAP-TLS alone (RFC 5998).
        EAP_TLS,
        /// Both lost an IKE SA without a word, and A has a ticket (RFC 5723).
        RESUME,
        REKEY_CHILD,
        REKEY_IKE,
        /// With one more key exchange, of the child or of the IKE SA.
        FOLLOW_CHILD,
        FOLLOW_IKE,
        /// Both begin at once.
        CROSS_CHILD,
        CROSS_IKE,
        CHILDLESS,
        /// A moves.
        MOBIKE;

        /// Whether something is done after the handshake, under an IKE SA that stands.
        boolean goesOn() {
            return ordinal() >= REKEY_CHILD.ordinal();
        }

        boolean isCrossing() {
            return this == CROSS_CHILD || this == CROSS_IKE;
        }
    }

    /// The message ID of the next request of the other end, where the target is the responder of
    /// IKE_SA_INIT, or of the next answer of the other end.
    private record Due(boolean responder, int id) {
        static Due of(int id) {
            return new Due(true, id);
        }

        static Due by(int id) {
            return new Due(false, id);
        }
    }

    /// What keeps the dialogue from going on.
    ///
    /// @param held a job of the target that never comes back
    /// @param lost messages, of A or of B, that do not arrive
    /// @param from the first message ID of these
    /// @param till the last one
    private record Bar(Predicate<Output> held, boolean ofA, int lost, int from, int till) {}

    private static final int NONE = -1;

    final Dialogue dialogue;
    final boolean responder;
    private final int due;
    private final Bar bar;

    Stand(Dialogue dialogue, Due due, Bar bar) {
        this.dialogue = dialogue;
        this.responder = due.responder();
        this.due = due.id();
        this.bar = bar;
    }

    private static Bar nothing() {
        return new Bar(_ -> false, false, NONE, 0, 0);
    }

    private static Bar held(Class<? extends Output> job) {
        return heldIf(job::isInstance);
    }

    private static Bar heldIf(Predicate<Output> job) {
        return new Bar(job, false, NONE, 0, 0);
    }

    private static Bar lost(boolean ofA, int exchange) {
        return lost(ofA, exchange, 0);
    }

    private static Bar lost(boolean ofA, int exchange, int from) {
        return new Bar(_ -> false, ofA, exchange, from, Integer.MAX_VALUE);
    }

    /// What answers the first request of the other end.
    private static Bar lostAnswer(boolean ofA, int exchange) {
        return new Bar(_ -> false, ofA, exchange, 0, 0);
    }

    /// Whether the IKE SA stands: what comes under its keys is a peer's.
    boolean done() {
        return this == DONE_R || this == DONE_I || dialogue.goesOn();
    }

    /// Whether an AUTH by pre-shared key is awaited here.
    boolean awaitsProof() {
        return switch (this) {
            case AUTH_AWAITED,
                    AUTH_AWAITED_PPK,
                    AUTH_AWAITED_AFTER_IT,
                    AUTH_SENT,
                    AUTH_SENT_PPK,
                    AUTH_SENT_AFTER_INTERMEDIATE ->
                    true;
            default -> false;
        };
    }

    /// Whether the SA of the target is one that resumes another.
    boolean isResuming() {
        return dialogue == Dialogue.RESUME;
    }

    /// Whether IKE_INTERMEDIATE is over, so that its keys hold.
    boolean isAfterIntermediate() {
        return this == AUTH_AWAITED_AFTER_IT
                || this == AUTH_SENT_AFTER_INTERMEDIATE
                || dialogue == Dialogue.FOLLOW_IKE;
    }

    /// Whether the target waits for an answer of this exchange type over an IKE SA that stands.
    boolean asked(int exchange) {
        return dialogue.goesOn() && !bar.ofA && bar.lost == exchange;
    }

    /// The message ID that would be taken in this direction.
    int due(boolean response) {
        // The target's own requests, of which it sent none, or the first of the other's
        if (dialogue.isCrossing() && !response && !responder) {
            return 1; // B's own attempt was its first request
        }
        return response == responder ? 0 : due;
    }

    TwoPeers.Peer target(TwoPeers p) {
        return responder ? p.b : p.a;
    }

    /// Has two peers of its dialogue go on until the target stands here.
    TwoPeers reach(TwoPeers p) {
        if (isResuming()) {
            loseEachOther(p);
        }
        boolean[] barred = {this == DONE_R || this == DONE_I};
        p.middle(f -> {
            boolean drop =
                    (f.from() == p.a) == bar.ofA
                            && exchange(f.octets()) == bar.lost
                            && messageId(f.octets()) >= bar.from
                            && messageId(f.octets()) <= bar.till;
            barred[0] |= drop;
            return drop ? TwoPeers.LOST : f;
        });
        Runnable hold =
                () ->
                        target(p)
                                .withhold(job -> {
                                    boolean held = bar.held.test(job);
                                    barred[0] |= held;
                                    return held;
                                });
        if (!dialogue.goesOn()) {
            hold.run();
        }
        if (isResuming()) {
            p.wire.cut(false);
            // A's message is under way, and repeated at longer and longer intervals
            p.runUntil(() -> barred[0], 200 * TwoPeers.SECOND);
        } else {
            p.b.load();
            p.a.load();
        }
        p.run(300 * TwoPeers.MILLI);
        rekeyed()
                .ifPresent(child -> {
                    hold.run();
                    p.a.command(new Command.Rekey("Tunnel1", child));
                    if (dialogue.isCrossing()) {
                        p.b.command(new Command.Rekey("Tunnel1", child));
                    }
                    // The delete of what was replaced comes a moment after
                    p.run(bar.lost == 37 ? 3 * TwoPeers.SECOND : 300 * TwoPeers.MILLI);
                });
        if (dialogue == Dialogue.MOBIKE) {
            p.a.elsewhere = Optional.of(IpAddress.of("192.0.2.77"));
            p.a.input(new Input.AddressesChanged(List.of()));
            p.run(300 * TwoPeers.MILLI);
        }
        if (!barred[0]) {
            throw new AssertionError(
                    this
                            + " was not reached: "
                            + p.a.sent.stream().map(Stand::exchange).toList()
                            + p.b.sent.stream().map(Stand::exchange).toList());
        }
        return p;
    }

    /// Both ends find the other one dead.
    private static void loseEachOther(TwoPeers p) {
        p.establish();
        p.wire.cut(true);
        p.a.command(new Command.Rekey("Tunnel1", "Tunnel1"));
        p.b.command(new Command.Rekey("Tunnel1", "Tunnel1"));
        boolean dead =
                p.runUntil(
                        () ->
                                p.a.told(Event.PeerDead.class::isInstance)
                                        && p.b.told(Event.PeerDead.class::isInstance),
                        600 * TwoPeers.SECOND);
        if (!dead) {
            throw new AssertionError("alive: " + p.a.events + p.b.events);
        }
    }

    private Optional<String> rekeyed() {
        return switch (dialogue) {
            case REKEY_CHILD, FOLLOW_CHILD, CROSS_CHILD -> Optional.of("Tunnel1");
            case REKEY_IKE, FOLLOW_IKE, CROSS_IKE -> Optional.of("");
            default -> Optional.empty();
        };
    }

    private static int messageId(Octets message) {
        return message.slice(20, 24).buffer().getInt();
    }

    private static int exchange(Octets message) {
        return message.at(18);
    }
}
