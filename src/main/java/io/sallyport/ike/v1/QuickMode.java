package io.sallyport.ike.v1;

import io.sallyport.base.Octets;
import io.sallyport.base.time.Deadlines;
import io.sallyport.crypto.suite.EspSuite;
import io.sallyport.ike.exchange.Retransmitter;
import io.sallyport.ike.machine.Input;
import io.sallyport.ike.sa.DecidingLine;
import io.sallyport.ike.v1.QuickState.AgreeingI;
import io.sallyport.ike.v1.QuickState.AgreeingR;
import io.sallyport.ike.v1.QuickState.Answered;
import io.sallyport.ike.v1.QuickState.Awaiting;
import io.sallyport.ike.v1.QuickState.OfferSent;
import io.sallyport.ike.v1.QuickState.Over;
import io.sallyport.ike.v1.QuickState.Pfs;
import io.sallyport.ike.v1.QuickState.Preparing;
import io.sallyport.ike.v1.QuickState.Requested;
import io.sallyport.ike.v1.offer.Phase2Proposals;
import io.sallyport.model.event.Cause;
import io.sallyport.model.event.Event;
import io.sallyport.model.event.Failure;
import io.sallyport.model.spec.ChildSpec;
import io.sallyport.wire.ike.IkeHeader;
import io.sallyport.wire.ike.MalformedException;
import io.sallyport.wire.ike.v1.Identification;
import io.sallyport.wire.ike.v1.NotifyType;
import io.sallyport.wire.ike.v1.ProtocolId;
import io.sallyport.wire.ike.v1.SaPayload;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// One quick mode, either role: negotiates one child SA.
final class QuickMode {
    /// How long a finished exchange answers repetitions of its last message.
    private static final long REMEMBER_NANOS = 60_000_000_000L;

    /// S1-06: AH's ICV covers the addresses, and there is no form of it in UDP.
    static final String AH_BEHIND_NAT =
            "AH cannot pass the NAT on this path, which changes the addresses that it protects:"
                    + " use esp=";

    private final QuickFacts facts;
    private final QuickWire wire;
    private final QuickSas sas;
    private final Optional<QuickInitiator> initiator;
    private final QuickResponder responder;
    private Optional<ChildSpec> child;
    private Optional<SaPayload> theirSa = Optional.empty();
    private List<Identification> theirIds = List.of();
    private QuickState state = new Awaiting();

    /// When the state was entered that [#isWorking] may speak of.
    private long workingSince;

    private QuickMode(QuickFacts facts, Optional<ChildSpec> child) {
        this.facts = facts;
        this.child = child;
        this.workingSince = facts.startedAt();
        this.wire = new QuickWire(facts);
        this.sas = new QuickSas(facts);
        this.initiator = child.map(c -> new QuickInitiator(facts, this, wire, sas, c));
        this.responder = new QuickResponder(facts, this, wire, sas);
    }

    static QuickMode initiator(QuickFacts facts, ChildSpec child) {
        return new QuickMode(facts, Optional.of(child));
    }

    static QuickMode responder(QuickFacts facts) {
        return new QuickMode(facts, Optional.empty());
    }

    // ---- facts

    int ourSpi() {
        return sas.ourSpi();
    }

    boolean isNegotiating(String name) {
        return !isOver() && child.isPresent() && child.get().name().equals(name);
    }

    boolean isOver() {
        return state instanceof Over;
    }

    boolean isWaitingForAnswer() {
        return state instanceof OfferSent;
    }

    boolean isForgettable(long now) {
        return state instanceof Over(long since) && now >= since + REMEMBER_NANOS;
    }

    long nextDeadline() {
        return state instanceof Over(long since)
                ? since + REMEMBER_NANOS
                : Math.min(wire.deadline(), workDeadline());
    }

    /// As responder: message 1 is about this child.
    void isAbout(ChildSpec named) {
        child = Optional.of(named);
    }

    private QuickInitiator began() {
        return initiator.orElseThrow();
    }

    // ---- inputs

    /// As initiator: makes a key if PFS wants one, and sends message 1.
    void begin(long now) {
        QuickState next = began().begin(now);
        state = next;
    }

    /// As responder: the first message. False if it is not authentic or not legal: then this
    /// exchange never was.
    boolean onFirst(IkeHeader header, Input.Datagram d, long now) throws MalformedException {
        try {
            state = responder.onRequest(header, d, now);
        } catch (MalformedException e) {
            sas.release();
            throw e;
        }
        if (state instanceof Awaiting) {
            sas.release();
            return false;
        }
        return true;
    }

    void onDatagram(IkeHeader header, Input.Datagram d, long now) throws MalformedException {
        if (wire.isRepeated(d)) {
            return;
        }
        QuickState before = state;
        state =
                switch (state) {
                    case OfferSent s -> began().onAnswer(s, header, d, now);
                    case Answered s -> responder.onConfirmation(s, header, d, now);
                    case Preparing s -> s;
                    case AgreeingI s -> s;
                    case Awaiting s -> s;
                    case Requested s -> s;
                    case AgreeingR s -> s;
                    case Over s -> s;
                };
        workingSince = state == before ? workingSince : now;
    }

    private record Step(QuickState state, Input input) {}

    void onJob(Input input, long now) {
        QuickState before = state;
        state =
                switch (new Step(state, input)) {
                    case Step(Preparing s, Input.Generated g) when g.job() == s.job() ->
                            began().sendOffer(
                                            new Pfs.Ours(g.ephemeral()),
                                            g.ephemeral().publicValue(),
                                            now);
                    case Step(Preparing s, Input.Disagreed a) when a.job() == s.job() ->
                            fail(Cause.OURSELVES, a.why(), "", "", now);
                    case Step(Requested s, Input.Disagreed a) when a.job() == s.job() ->
                            fail(Cause.OURSELVES, a.why(), "", "", now);
                    case Step(AgreeingI s, Input.Agreed a) when a.job() == s.job() ->
                            began().complete(s.answer(), a.shared(), now);
                    case Step(AgreeingI s, Input.Disagreed a) when a.job() == s.job() ->
                            fail(
                                    Cause.MALFORMED,
                                    "the peer's public value is illegal: " + a.why(),
                                    "",
                                    "",
                                    now);
                    case Step(Requested s, Input.Generated g) when g.job() == s.job() -> {
                        long job =
                                facts.context()
                                        .agree(
                                                g.ephemeral(),
                                                s.request().publicI(),
                                                facts.session());
                        yield new AgreeingR(s.request(), g.ephemeral().publicValue(), job);
                    }
                    case Step(AgreeingR s, Input.Agreed a) when a.job() == s.job() ->
                            responder.answer(s.request(), s.publicR(), a.shared(), now);
                    case Step(AgreeingR s, Input.Disagreed a) when a.job() == s.job() ->
                            refuse(
                                    NotifyType.INVALID_KEY_INFORMATION,
                                    "the peer's public value is illegal: " + a.why(),
                                    "",
                                    "",
                                    now);
                    case Step(QuickState s, Input _) -> s;
                };
        workingSince = state == before ? workingSince : now;
    }

    /// Whether the next step is up to a job of our own, which takes milliseconds.
    private boolean isWorking() {
        return switch (state) {
            case Preparing _, AgreeingI _, Requested _, AgreeingR _ -> true;
            default -> false;
        };
    }

    private long workDeadline() {
        return isWorking()
                ? workingSince + facts.context().settings().halfOpenTimeout().toNanos()
                : Deadlines.NEVER;
    }

    void onTick(long now) {
        if (now >= workDeadline()) {
            state = fail(Cause.OURSELVES, "our own key computation never ended", "", "", now);
            return;
        }
        if (wire.tick(now) == Retransmitter.Outcome.GIVEN_UP) {
            String message = facts.initiator() ? "1" : "2";
            state = fail(Cause.SILENCE, "no answer to message " + message, "", "", now);
            if (facts.initiator() && facts.phaseTwo().lastHeard() < facts.startedAt()) {
                facts.connection().onSilence(facts.session(), facts.startedAt(), now);
            }
        }
    }

    /// The peer refused message 1 with an authentic notify.
    void refused(int notify, long now) {
        state =
                fail(
                        Refusals.cause(notify),
                        "the peer answers " + NotifyType.name(notify),
                        initiator.map(QuickInitiator::asked).orElse(""),
                        "",
                        now);
    }

    /// Its session ends.
    void abandon() {
        switch (state) {
            case OfferSent(Pfs.Ours ours) -> ours.ephemeral().close();
            case Answered s -> facts.connection().ledger().abandon(s.childSaId());
            default -> {}
        }
        sas.releaseUnused();
        wire.stop();
        state = new Over(Deadlines.NEVER);
    }

    static boolean needsAh(EspSuite suite) {
        return suite.isAh() || suite.isBundle();
    }

    QuickState fail(Cause cause, String reason, String ours, String theirs, long now) {
        abandon();
        state = new Over(now);
        ChildSpec about = child.orElseThrow();
        facts.connection()
                .onChildFailed(
                        about,
                        failure(cause, "quick mode for " + about.name(), reason, ours, theirs),
                        now);
        return state;
    }

    /// As responder: the peer is told why.
    QuickState refuse(int notify, String reason, String ours, String theirs, long now) {
        facts.phaseTwo().notify(notify, ProtocolId.ESP, Octets.EMPTY, Octets.EMPTY);
        sas.release();
        wire.stop();
        facts.context()
                .tell(
                        new Event.Failed(
                                failure(
                                        Refusals.cause(notify),
                                        "quick mode",
                                        reason,
                                        ours,
                                        theirs)));
        return new Over(now);
    }

    /// The peer's authentic message has these.
    void heard(SaPayload sa, List<Identification> ids) {
        theirSa = Optional.of(sa);
        theirIds = ids;
    }

    private Failure failure(
            Cause cause, String exchange, String reason, String ours, String theirs) {
        List<ChildSpec> meant = child.map(List::of).orElse(facts.connection().spec().children());
        return facts.session()
                .failure(cause, exchange, reason, ours, theirs)
                .offering(
                        child.map(ChildSpec::name).orElse(""),
                        joined(meant, this::proposals),
                        joined(meant, c -> c.selectors().toString()),
                        theirSa.map(Phase2Proposals::describe).orElse(""),
                        theirIds.isEmpty()
                                ? ""
                                : QuickSelectors.describe(theirIds, !facts.initiator()))
                .at(
                        DecidingLine.of(
                                facts.connection().spec(),
                                cause,
                                child.map(ChildSpec::name).orElse("")));
    }

    private String proposals(ChildSpec of) {
        return Phase2Proposals.describe(
                Phase2Proposals.suites(of.proposals(), facts.context().crypto()));
    }

    private static String joined(List<ChildSpec> children, Function<ChildSpec, String> what) {
        return String.join("; ", children.stream().map(what).distinct().toList());
    }
}
