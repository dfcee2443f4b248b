package io.sallyport.ike.v2;

import io.sallyport.base.Octets;
import io.sallyport.base.net.IpAddress;
import io.sallyport.ike.auth.Identities;
import io.sallyport.ike.machine.Input;
import io.sallyport.ike.sa.EngineContext;
import io.sallyport.ike.select.ChildOffers;
import io.sallyport.ike.ticket.Resumable;
import io.sallyport.ike.v2.task.CfgRequest;
import io.sallyport.ike.v2.task.ChildAgreement;
import io.sallyport.ike.v2.task.ChildInitiation;
import io.sallyport.ike.v2.task.Refusals;
import io.sallyport.model.event.Cause;
import io.sallyport.model.event.Event;
import io.sallyport.model.event.Failure;
import io.sallyport.model.spec.AuthSpec;
import io.sallyport.model.spec.ChildSpec;
import io.sallyport.model.spec.ConnectionSpec;
import io.sallyport.model.spec.Identity;
import io.sallyport.model.spec.ike.HandshakeSpec;
import io.sallyport.wire.ike.MalformedException;
import io.sallyport.wire.ike.v2.Authentication;
import io.sallyport.wire.ike.v2.Eap;
import io.sallyport.wire.ike.v2.ExchangeType;
import io.sallyport.wire.ike.v2.Identification;
import io.sallyport.wire.ike.v2.Message;
import io.sallyport.wire.ike.v2.MessageRules;
import io.sallyport.wire.ike.v2.MessageRules.MessageKind;
import io.sallyport.wire.ike.v2.Notify;
import io.sallyport.wire.ike.v2.Payload;
import io.sallyport.wire.ike.v2.PayloadChain;
import io.sallyport.wire.ike.v2.PayloadType;
import io.sallyport.wire.ike.v2.number.NotifyType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// IKE_AUTH that we begin (RFC 7296, 1.2).
final class InitiatorAuth implements Handshake {
    private final EngineContext context;
    private final V2Session session;
    private final V2State.Init init;
    private final Proofs proofs;
    private final InitiatorPpk ppk;

    /// RFC 6023: the IKE SA comes first, and children by exchanges of their own.
    private final boolean childless;

    /// The IKE SA that is resumed, which proves both ends (RFC 5723).
    private final Optional<Resumable> resumed;

    private Optional<ChildInitiation> child = Optional.empty();
    private String childName = "";

    /// Who we said we are.
    private Identity local;

    private V2State state;

    /// The request while its AUTH is being made.
    private Optional<Request> request = Optional.empty();

    /// The answer while it is being judged.
    private Optional<Proofs.Shown> shown = Optional.empty();

    private record Request(Proofs.Own.Signature own, Identification id) {}

    /// @param init what IKE_SA_INIT came to; the session has its keys
    InitiatorAuth(V2Session session, V2State.Init init) {
        this(session, init, Optional.empty());
    }

    /// @param resumed this object's to close
    InitiatorAuth(V2Session session, V2State.Init init, Optional<Resumable> resumed) {
        this.resumed = resumed;
        this.context = session.context();
        this.session = session;
        this.init = init;
        this.proofs = new Proofs(session, init);
        this.ppk = new InitiatorPpk(session, init.peer().ppk());
        this.childless = Childless.begins(spec(), init.peer());
        this.local = session.localIdentity();
        this.state = new V2State.ProvingI(init, 0);
    }

    @Override
    public V2State state() {
        return state;
    }

    @Override
    public int exchangeType() {
        return ExchangeType.IKE_AUTH;
    }

    @Override
    public boolean takes(int exchangeType) {
        return false;
    }

    @Override
    public String child() {
        return childName;
    }

    private ConnectionSpec spec() {
        return session.connection().spec();
    }

    // ---- our proof

    void begin(long now) {
        session.enter(this);
        Optional<String> unable =
                Childless.unable(spec(), init.peer())
                        .or(
                                resumed.isPresent()
                                        ? Optional::empty
                                        : isEap() ? () -> InitiatorEap.unable(spec()) : ppk::begin);
        if (unable.isPresent()) {
            session.fail(Cause.OURSELVES, "IKE_AUTH", unable.get(), "", "", now);
            return;
        }
        if (resumed.isPresent()) {
            // RFC 5723, 4.3.3: "The IDi value sent in the IKE_AUTH exchange MUST be identical to
            // the value included in the ticket."
            local = resumed.get().local();
            session.minutes().weAre(local, resumed.get().remote());
            Identification id = Proofs.payload(true, local);
            send(id, List.of(), List.of(proofs.resuming(true, id.body())), now);
            return;
        }
        if (isEap()) {
            // RFC 7296, 2.16: "An initiator indicates a desire to use EAP by leaving out the AUTH
            // payload from the first message in the IKE_AUTH exchange."
            session.minutes().weAre(local, spec().remote().identity());
            send(Proofs.payload(true, local), List.of(), List.of(), now);
            return;
        }
        Identity wanted = spec().remote().identity();
        Proofs.Own own =
                proofs.own(spec(), spec().local().auth(), Optional.empty(), wanted, init.asked());
        local = own.identity();
        session.minutes().weAre(local, wanted);
        prove(own, Proofs.payload(true, local), now);
    }

    private void prove(Proofs.Own own, Identification id, long now) {
        Octets signed = proofs.signed(true, id.body());
        switch (own) {
            case Proofs.Own.Nothing nothing ->
                    proved(nothing, id, List.of(), proofs.ofNobody(true, id.body()), now);
            case Proofs.Own.Shared shared ->
                    proved(shared, id, List.of(), proofs.made(shared, signed), now);
            case Proofs.Own.Signature signature -> {
                request = Optional.of(new Request(signature, id));
                state = new V2State.ProvingI(init, proofs.ask(signature, signed));
            }
            case Proofs.Own.Missing(Identity identity, String why) ->
                    session.fail(
                            Cause.OURSELVES,
                            "IKE_AUTH",
                            why,
                            identity.toString(),
                            spec().remote().identity().toString(),
                            now);
        }
    }

    /// One AUTH is made; who can do without the PPK makes a second one.
    private void proved(
            Proofs.Own own,
            Identification id,
            List<Payload> certificates,
            Authentication auth,
            long now) {
        if (ppk.isAnotherDue(auth)) {
            prove(own, id, now);
        } else {
            send(id, certificates, List.of(auth), now);
        }
    }

    private boolean isEap() {
        return spec().local().auth() instanceof AuthSpec.Eap;
    }

    @Override
    public void onJob(Input answer, long now) {
        switch (answer) {
            case Input.Signed s
                    when state instanceof V2State.ProvingI(var _, long job)
                            && s.job() == job
                            && request.isPresent() -> {
                Request r = request.get();
                request = Optional.empty();
                proved(
                        r.own(),
                        r.id(),
                        Certificates.shown(
                                r.own().key(),
                                spec().ike().handshake().certificates().send(),
                                init.asked()),
                        r.own().choice().payload(s.signature()),
                        now);
            }
            case Input.NotSigned s
                    when state instanceof V2State.ProvingI(var _, long job) && s.job() == job ->
                    session.fail(
                            Cause.OURSELVES,
                            "IKE_AUTH",
                            "our AUTH: " + s.why(),
                            local.toString(),
                            "",
                            now);
            case Input.Judged j
                    when state instanceof V2State.JudgingI(var _, long job)
                            && j.job() == job
                            && shown.isPresent() -> {
                Proofs.Shown peer = shown.get();
                shown = Optional.empty();
                conclude(Proofs.of(j.verdict(), spec().remote().auth(), peer), peer, now);
            }
            default -> {}
        }
    }

    private void send(Identification id, List<Payload> certificates, List<Payload> auth, long now) {
        List<Payload> payloads = new ArrayList<>();
        payloads.add(id);
        payloads.addAll(certificates);
        if (session.isFirstOfConnection()
                && spec().ike().handshake().unique() != HandshakeSpec.Unique.NEVER) {
            payloads.add(Notify.of(NotifyType.INITIAL_CONTACT));
        }
        if (resumed.isEmpty()) {
            payloads.addAll(Certificates.demands(List.of(spec()), context).payloads());
        }
        Identity wanted = resumed.map(Resumable::remote).orElse(spec().remote().identity());
        if (Identities.isExact(wanted)) {
            payloads.add(Proofs.payload(false, wanted));
        }
        payloads.addAll(auth);
        if (!auth.isEmpty()) {
            payloads.addAll(session.crashToken());
        }
        payloads.addAll(InitiatorResume.request(session));
        payloads.addAll(ppk.payloads());
        if (resumed.isEmpty() && InitiatorEap.isAlone(spec())) {
            // RFC 5998, 3: the responder need not prove itself by a key before EAP
            payloads.add(Notify.of(NotifyType.EAP_ONLY_AUTHENTICATION));
        }
        payloads.addAll(session.mobility().offer());
        // RFC 7296, 2.19: "A request for such a temporary address can be included in any request to
        // create a Child SA [...] by including a CP payload"; 1.2 and 2.19 put it before SA
        CfgRequest.of(session.connection()).ifPresent(payloads::add);
        if (!childless) {
            addChild(payloads, now);
        }
        state = new V2State.AuthSent(init);
        session.request(ExchangeType.IKE_AUTH, payloads, Optional.empty(), now);
    }

    private void addChild(List<Payload> payloads, long now) {
        Optional<ChildSpec> first =
                session.connection()
                        .firstChild()
                        .or(() -> session.connection().spec().children().stream().findFirst());
        if (first.isEmpty()) {
            return;
        }
        child = ChildInitiation.of(session, first.get(), false, now);
        if (child.isEmpty()) {
            session.connection()
                    .onChildFailed(
                            first.get(),
                            session.failure(
                                            Cause.OURSELVES,
                                            "IKE_AUTH",
                                            "no engine offers any of the configured proposals, or"
                                                    + " AH would have to pass a NAT",
                                            ChildOffers.describe(first.get().proposals()),
                                            "")
                                    .offering(
                                            first.get().name(),
                                            ChildOffers.describe(first.get().proposals()),
                                            first.get().selectors().toString(),
                                            "",
                                            ""),
                            now);
            return;
        }
        childName = first.get().name();
        payloads.add(child.get().offer());
        payloads.addAll(child.get().selectorsAndNotifies());
    }

    // ---- the peer's proof

    @Override
    public void onClear(Message message, Input.Datagram d, long now) {
        session.notice("a message in clear where none is due");
    }

    @Override
    public void onSealed(Courier.Heard message, long now) {
        if (!(state instanceof V2State.AuthSent)) {
            return;
        }
        PayloadChain chain = message.chain();
        Optional<Identification> idr = chain.identification(false);
        Optional<Authentication> auth = chain.first(Authentication.class);
        idr.flatMap(Proofs::identity).ifPresent(id -> session.minutes().theyAre(id, Identity.ANY));
        boolean byEap =
                resumed.isEmpty()
                        && InitiatorEap.isAlone(spec())
                        && chain.first(Eap.class).isPresent();
        if (idr.isEmpty() || auth.isEmpty() && !byEap) {
            String theirs = idr.flatMap(Proofs::identity).map(Identity::toString).orElse("");
            Optional<Notify> error = chain.error();
            if (error.isPresent()) {
                // RFC 7296, 2.21.2: an error without AUTH means that the IKE SA came to nothing
                session.fail(
                        Refusals.cause(error.get()),
                        "IKE_AUTH",
                        "the peer answers "
                                + NotifyType.name(error.get().notifyType())
                                + hint(error.get()),
                        local.toString(),
                        theirs,
                        now);
            } else {
                session.reject(
                        Cause.METHOD,
                        "the answer proves no identity",
                        local.toString(),
                        theirs,
                        now);
            }
            return;
        }
        try {
            MessageRules.check(MessageKind.IKE_AUTH_RESPONSE, chain.payloads());
        } catch (MalformedException e) {
            session.reject(
                    Cause.MALFORMED,
                    "the answer is malformed: " + e.what(),
                    local.toString(),
                    "",
                    now);
            return;
        }
        Identity wanted = spec().remote().identity();
        Optional<Identity> given = Proofs.identity(idr.get());
        if (resumed.isPresent()) {
            onResumed(resumed.get(), given, auth.orElseThrow(), chain, now);
            return;
        }
        boolean anybody = spec().remote().auth() instanceof AuthSpec.Null;
        if (given.isEmpty() || !anybody && !Identities.matches(wanted, given.get())) {
            session.reject(
                    Cause.IDENTITY,
                    "the peer has another identity than configured",
                    wanted.toString(),
                    given.map(Identity::toString).orElse("type " + idr.get().idType()),
                    now);
            return;
        }
        Optional<String> without = ppk.answered(chain);
        if (without.isPresent()) {
            session.fail(
                    Cause.SECRET,
                    "IKE_AUTH",
                    without.get(),
                    "ppk_required",
                    given.get().toString(),
                    now);
            return;
        }
        Octets idBody = chain.rawBody(PayloadType.ID_RESPONDER).orElseThrow();
        if (byEap) {
            // An AUTH that comes along all the same proves nothing that was asked for: who it is
            // EAP shows, and the AUTH after it
            new InitiatorEap(session, init, proofs, this)
                    .begin(local, new Proofs.Claimant(given.get(), idBody, chain), now);
            return;
        }
        Proofs.Shown peer = new Proofs.Shown(given.get(), idBody, auth.get(), chain);
        conclude(proofs.judge(spec().remote().auth(), local, peer), peer, now);
    }

    /// RFC 5723, 4.3.3: the IDr value "MUST also be identical to the value included in the ticket".
    private void onResumed(
            Resumable old,
            Optional<Identity> given,
            Authentication auth,
            PayloadChain chain,
            long now) {
        Octets idBody = chain.rawBody(PayloadType.ID_RESPONDER).orElseThrow();
        boolean same = given.filter(old.remote()::equals).isPresent();
        if (!same || !proofs.isRightResuming(idBody, auth)) {
            session.reject(
                    same ? Cause.SECRET : Cause.IDENTITY,
                    "who takes our ticket does not prove that it is the gateway of before",
                    old.remote().toString(),
                    given.map(Identity::toString).orElse(""),
                    now);
            return;
        }
        session.minutes().proven();
        session.life().provenUntil(old.expiresAt());
        session.context()
                .tell(
                        new Event.Noticed(
                                session.connection().name(),
                                session.path(),
                                "the IKE SA is resumed by a ticket (RFC 5723)"));
        finish(new Proofs.Claimant(old.remote(), idBody, chain), chain, now);
    }

    @Override
    public void onUnreadable(String why, long now) {
        session.reject(Cause.MALFORMED, why, local.toString(), "", now);
    }

    private void conclude(Proofs.Judgement judgement, Proofs.Shown peer, long now) {
        switch (judgement) {
            case Proofs.Judgement.Later(long job) -> {
                shown = Optional.of(peer);
                state = new V2State.JudgingI(init, job);
            }
            case Proofs.Judgement.Wrong(Cause cause, String reason, String ours, String theirs) -> {
                session.minutes().verdict(() -> reason + "; " + theirs);
                session.reject(cause, reason, ours, theirs, now);
            }
            case Proofs.Judgement.Right _ -> {
                if (isEap()) {
                    session.minutes().proven();
                    new InitiatorEap(session, init, proofs, this)
                            .begin(local, peer.claimant(), now);
                } else {
                    finish(peer.claimant(), peer.chain(), now);
                }
            }
        }
    }

    /// Both ends are proved.
    ///
    /// @param answer the last one, with the child
    void finish(Proofs.Claimant peer, PayloadChain answer, long now) {
        state = new V2State.Done();
        session.mobility().agreed(answer);
        boolean addressed = CfgRequest.take(session.connection(), answer);
        session.establish(
                init, local, Proofs.proved(spec().remote().auth(), peer.identity()), false, now);
        session.life().heed(answer, now);
        session.life().heedToken(answer);
        InitiatorResume.heed(session, answer, now);
        if (Redirects.isIn(answer)) {
            abandonChild();
            session.redirects().onAuthentic(answer, now);
        } else if (addressed) {
            finishChild(answer, now);
        } else {
            abandonChild();
            session.connection().onUseless(session, withoutAddress(answer), now);
        }
    }

    private Failure withoutAddress(PayloadChain answer) {
        return session.failure(
                Cause.ADDRESSES,
                "IKE_AUTH",
                "the peer gives us no address",
                "vips = "
                        + String.join(
                                ", ",
                                spec().addressing().asked().stream()
                                        .map(IpAddress::toString)
                                        .toList()),
                answer.error().map(e -> NotifyType.name(e.notifyType())).orElse("no CFG_REPLY"));
    }

    private static String hint(Notify error) {
        return error.is(NotifyType.AUTHENTICATION_FAILED)
                ? ": it knows no such identity, or has another key"
                : "";
    }

    private void finishChild(PayloadChain chain, long now) {
        childName = "";
        Optional<ChildInitiation> asked = child;
        child = Optional.empty();
        if (asked.isEmpty()) {
            return;
        }
        switch (asked.get().process(chain)) {
            case ChildInitiation.Outcome.Agreed(ChildAgreement agreement) -> {
                long id = agreement.install(session, List.of(), init.nonceI(), init.nonceR(), now);
                session.connection().ledger().completed(id, now);
            }
            case ChildInitiation.Outcome.Refused(Failure failure, var _) -> {
                asked.get().reject(chain, now);
                session.connection().onChildFailed(asked.get().child(), failure, now);
            }
        }
    }

    private void abandonChild() {
        child.ifPresent(ChildInitiation::abandon);
        child = Optional.empty();
        childName = "";
    }

    @Override
    public void close() {
        abandonChild();
        ppk.close();
        resumed.ifPresent(Resumable::close);
        request = Optional.empty();
        shown = Optional.empty();
        state = new V2State.Closed();
    }
}
