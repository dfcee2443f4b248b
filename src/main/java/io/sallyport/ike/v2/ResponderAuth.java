package io.sallyport.ike.v2;

import io.sallyport.base.Octets;
import io.sallyport.base.net.TrafficSelector;
import io.sallyport.ike.auth.Identities;
import io.sallyport.ike.machine.Input;
import io.sallyport.ike.sa.Connection;
import io.sallyport.ike.sa.EngineContext;
import io.sallyport.ike.select.Narrowing;
import io.sallyport.model.event.Cause;
import io.sallyport.model.spec.AuthSpec;
import io.sallyport.model.spec.ChildSpec;
import io.sallyport.model.spec.ConnectionSpec;
import io.sallyport.model.spec.Identity;
import io.sallyport.model.spec.SelectorPair;
import io.sallyport.wire.ike.MalformedException;
import io.sallyport.wire.ike.v2.Authentication;
import io.sallyport.wire.ike.v2.ExchangeType;
import io.sallyport.wire.ike.v2.Identification;
import io.sallyport.wire.ike.v2.MessageRules;
import io.sallyport.wire.ike.v2.MessageRules.MessageKind;
import io.sallyport.wire.ike.v2.Notify;
import io.sallyport.wire.ike.v2.Payload;
import io.sallyport.wire.ike.v2.PayloadChain;
import io.sallyport.wire.ike.v2.PayloadType;
import io.sallyport.wire.ike.v2.TrafficSelectors;
import io.sallyport.wire.ike.v2.number.NotifyType;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// IKE_AUTH that the peer begins (RFC 7296, 1.2).
final class ResponderAuth implements Handshake {
    /// So many connections are tried for one peer that proved nothing yet.
    private static final int MOST_TRIED = 4;

    private final EngineContext context;
    private final V2Session session;
    private final V2State.Init init;
    private final Proofs proofs;

    /// Connections that the addresses and the proposals allow; identities decide between them.
    private final List<Connection> candidates;

    private V2State state;

    /// Whether the peer's post-quantum key is in the keys.
    private boolean withPpk;

    private Optional<Claim> claim = Optional.empty();

    /// Our signature while it is being made.
    private Optional<Proofs.Own.Signature> own = Optional.empty();

    /// What the peer says it is, while that is being judged.
    ///
    /// @param asked who it takes us for, if it says so
    /// @param meant connections that fit and were not tried yet; the first is being tried
    /// @param failed what was wrong with the first one that was tried
    private record Claim(
            Proofs.Shown shown,
            Optional<Identity> asked,
            Certificates.Asked certificates,
            List<Connection> meant,
            Optional<Proofs.Judgement.Wrong> failed) {
        Connection connection() {
            return meant.getFirst();
        }

        AuthSpec demanded() {
            return connection().spec().remote().auth();
        }

        Claim withoutFirst(Proofs.Judgement.Wrong why) {
            return new Claim(
                    shown,
                    asked,
                    certificates,
                    meant.subList(1, meant.size()),
                    Optional.of(failed.orElse(why)));
        }
    }

    /// @param init what IKE_SA_INIT came to; the session has its keys
    ResponderAuth(V2Session session, V2State.Init init, List<Connection> candidates) {
        this.context = session.context();
        this.session = session;
        this.init = init;
        this.proofs = new Proofs(session, init);
        this.candidates = candidates;
        this.state = new V2State.AuthAwaited(init);
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
        return exchangeType == ExchangeType.IKE_AUTH && state instanceof V2State.AuthAwaited;
    }

    // ---- the peer's proof

    @Override
    public void onSealed(Courier.Heard message, long now) {
        if (!(state instanceof V2State.AuthAwaited)) {
            return;
        }
        PayloadChain chain = message.chain();
        Optional<Identification> idi = chain.identification(true);
        Optional<Authentication> auth = chain.first(Authentication.class);
        if (idi.isPresent() && auth.isEmpty() && candidates.stream().anyMatch(this::isForEap)) {
            onEapWanted(chain, idi.get(), now);
            return;
        }
        if (idi.isEmpty() || auth.isEmpty()) {
            refuse(Cause.METHOD, "the request proves no identity: no AUTH payload", "", "", now);
            return;
        }
        if (!isWellFormed(chain, now)) {
            return;
        }
        Authentication proof;
        switch (ResponderPpk.of(session, init.peer().ppk(), chain, auth.get())) {
            case ResponderPpk.Outcome.With _ -> {
                withPpk = true;
                proof = auth.get();
            }
            case ResponderPpk.Outcome.Without(Authentication plain) -> proof = plain;
            case ResponderPpk.Outcome.Refuse(String why) -> {
                refuse(
                        Cause.SECRET,
                        why,
                        "",
                        Proofs.identity(idi.get()).map(Identity::toString).orElse(""),
                        now);
                return;
            }
        }
        Optional<Identity> given = Proofs.identity(idi.get());
        Optional<Identity> asked = chain.identification(false).flatMap(Proofs::identity);
        given.ifPresent(id -> session.minutes().theyAre(id, asked.orElse(Identity.ANY)));
        List<Connection> meant =
                given.map(id -> meant(candidates, id, asked, proof.method(), chain))
                        .orElse(List.of());
        if (meant.isEmpty()) {
            refuseIdentities(
                    "no connection for this pair of identities"
                            + (withPpk ? "" : " without a post-quantum key"),
                    idi.get(),
                    asked,
                    now);
            return;
        }
        Octets idBody = chain.rawBody(PayloadType.ID_INITIATOR).orElseThrow();
        session.rebind(meant.getFirst());
        weAre(meant.getFirst());
        judge(
                new Claim(
                        new Proofs.Shown(given.orElseThrow(), idBody, proof, chain),
                        asked,
                        Certificates.Asked.of(chain),
                        meant,
                        Optional.empty()),
                now);
    }

    /// By the rules of the message; else it is refused.
    private boolean isWellFormed(PayloadChain chain, long now) {
        try {
            MessageRules.check(MessageKind.IKE_AUTH_REQUEST, chain.payloads());
            return true;
        } catch (MalformedException e) {
            refuse(
                    Cause.MALFORMED,
                    NotifyType.INVALID_SYNTAX,
                    "the request is malformed: " + e.what(),
                    "",
                    "",
                    now);
            return false;
        }
    }

    private boolean isForEap(Connection c) {
        return c.spec().remote().auth() instanceof AuthSpec.Eap;
    }

    /// RFC 7296, 2.16: EAP is asked for by leaving AUTH out.
    private void onEapWanted(PayloadChain chain, Identification idi, long now) {
        if (!isWellFormed(chain, now)) {
            return;
        }
        Optional<Identity> given = Proofs.identity(idi);
        Optional<Identity> asked = chain.identification(false).flatMap(Proofs::identity);
        given.ifPresent(id -> session.minutes().theyAre(id, asked.orElse(Identity.ANY)));
        List<Connection> forEap = candidates.stream().filter(this::isForEap).toList();
        List<Connection> meant =
                given.map(id -> meant(forEap, id, asked, 0, chain)).orElse(List.of());
        if (meant.isEmpty()) {
            refuseIdentities("no connection with EAP for this pair of identities", idi, asked, now);
            return;
        }
        session.rebind(meant.getFirst());
        weAre(meant.getFirst());
        new ResponderEap(session, init, proofs, chain).begin(given.orElseThrow(), asked, now);
    }

    private void refuseIdentities(
            String why, Identification idi, Optional<Identity> asked, long now) {
        weAre(candidates.getFirst());
        refuse(
                Cause.IDENTITY,
                why,
                String.join(
                        "; ",
                        candidates.stream()
                                .map(c ->
                                        c.name()
                                                + ": "
                                                + c.spec().remote().identity()
                                                + " to "
                                                + c.spec().local().identity())
                                .toList()),
                Proofs.identity(idi).map(Identity::toString).orElse("type " + idi.idType())
                        + " to "
                        + asked.map(Identity::toString).orElse("%any"),
                now);
    }

    /// The connections for these identities: those that demand such a proof before the others, of
    /// them those that name the peer before those that take any, for what is said of one peer is
    /// not to be had otherwise by asking for it; of these, those with a child for the selectors
    /// that are asked for. It is an order of trial: each wants its own proof.
    private List<Connection> meant(
            List<Connection> among,
            Identity peer,
            Optional<Identity> asked,
            int method,
            PayloadChain chain) {
        return among.stream()
                .filter(c -> c.profile().isLoaded())
                .filter(c -> Identities.matches(c.spec().remote().identity(), peer))
                .filter(c -> asked.isEmpty() || isUs(c.spec(), asked.get()))
                .filter(c -> withPpk || !ResponderPpk.isRequired(c.spec()))
                .sorted(
                        Comparator.<Connection, Boolean>comparing(
                                        c -> !Proofs.mayBe(c.spec().remote().auth(), method))
                                .thenComparing(c -> c.spec().remote().identity().isAny())
                                .thenComparing(c -> !hasChildFor(session, c, chain)))
                .limit(MOST_TRIED)
                .toList();
    }

    static boolean hasChildFor(V2Session session, Connection c, PayloadChain chain) {
        List<TrafficSelector> theirs =
                chain.selectors(true).map(TrafficSelectors::ranges).orElse(List.of());
        List<TrafficSelector> ours =
                chain.selectors(false).map(TrafficSelectors::ranges).orElse(List.of());
        if (theirs.isEmpty() || ours.isEmpty()) {
            return true; // no child is asked for
        }
        List<ChildSpec> children =
                c.spec().children().stream().filter(ChildSpec::negotiates).toList();
        Narrowing.Ends ends =
                Narrowing.Ends.of(
                        session.path().local().address(), session.path().remote().address());
        return Narrowing.choose(children, ends, new SelectorPair(ours, theirs)).isPresent();
    }

    private void weAre(Connection as) {
        Identity configured = as.spec().local().identity();
        Identity us =
                configured.isAny() ? Identity.of(session.path().local().address()) : configured;
        session.minutes().weAre(us, as.spec().remote().identity());
    }

    private static boolean isUs(ConnectionSpec spec, Identity asked) {
        return spec.local().identity().isAny()
                || Identities.matches(spec.local().identity(), asked);
    }

    private void judge(Claim c, long now) {
        claim = Optional.of(c);
        conclude(proofs.judge(c.demanded(), local(c), c.shown()), c, now);
    }

    /// Who we are to the peer, as far as that is known before our own key is chosen.
    private Identity local(Claim c) {
        Identity configured = c.connection().spec().local().identity();
        return configured.isAny()
                ? c.asked().orElse(Identity.of(session.path().local().address()))
                : configured;
    }

    private void conclude(Proofs.Judgement judgement, Claim c, long now) {
        switch (judgement) {
            case Proofs.Judgement.Later(long job) -> state = new V2State.JudgingR(init, job);
            case Proofs.Judgement.Wrong wrong -> {
                Claim rest = c.withoutFirst(wrong);
                if (rest.meant().isEmpty()) {
                    Proofs.Judgement.Wrong first = rest.failed().orElse(wrong);
                    session.minutes().verdict(() -> first.reason() + "; " + first.theirs());
                    refuse(first.cause(), first.reason(), first.ours(), first.theirs(), now);
                } else {
                    judge(rest, now);
                }
            }
            case Proofs.Judgement.Right _ when !c.connection().profile().isLoaded() ->
                    refuse(
                            Cause.OTHER,
                            "conn " + c.connection().name() + " was changed meanwhile",
                            "",
                            "",
                            now);
            case Proofs.Judgement.Right _ -> {
                session.rebind(c.connection());
                weAre(c.connection());
                session.minutes().proven();
                prove(c, now);
            }
        }
    }

    /// RFC 7296, 2.21.2: AUTHENTICATION_FAILED is all that a peer learns that proved nothing.
    private void refuse(Cause cause, String reason, String ours, String theirs, long now) {
        refuse(cause, NotifyType.AUTHENTICATION_FAILED, reason, ours, theirs, now);
    }

    private void refuse(
            Cause cause, NotifyType answer, String reason, String ours, String theirs, long now) {
        session.courier().answer(ExchangeType.IKE_AUTH, List.of(Notify.of(answer)));
        session.fail(cause, "IKE_AUTH", reason, ours, theirs, now);
    }

    // ---- our proof

    private void prove(Claim c, long now) {
        ConnectionSpec spec = c.connection().spec();
        Proofs.Own how =
                proofs.own(
                        spec,
                        spec.local().auth(),
                        c.asked(),
                        c.shown().identity(),
                        c.certificates());
        Identification id = Proofs.payload(false, how.identity());
        Octets signed = proofs.signed(false, id.body());
        switch (how) {
            case Proofs.Own.Nothing(Identity us) ->
                    accept(c, us, List.of(), proofs.ofNobody(false, id.body()), now);
            case Proofs.Own.Shared shared ->
                    accept(c, how.identity(), List.of(), proofs.made(shared, signed), now);
            case Proofs.Own.Signature signature -> {
                own = Optional.of(signature);
                state = new V2State.ProvingR(init, proofs.ask(signature, signed));
            }
            case Proofs.Own.Missing(Identity identity, String why) ->
                    refuse(
                            Cause.OURSELVES,
                            why,
                            identity.toString(),
                            c.shown().identity().toString(),
                            now);
        }
    }

    @Override
    public void onJob(Input answer, long now) {
        if (claim.isEmpty()) {
            return;
        }
        Claim c = claim.get();
        switch (answer) {
            case Input.Judged j
                    when state instanceof V2State.JudgingR(var _, long job) && j.job() == job ->
                    conclude(Proofs.of(j.verdict(), c.demanded(), c.shown()), c, now);
            case Input.Signed s
                    when state instanceof V2State.ProvingR(var _, long job)
                            && s.job() == job
                            && own.isPresent() -> {
                Proofs.Own.Signature by = own.get();
                own = Optional.empty();
                accept(
                        c,
                        by.identity(),
                        Certificates.shown(
                                by.key(),
                                c.connection().spec().ike().handshake().certificates().send(),
                                c.certificates()),
                        by.choice().payload(s.signature()),
                        now);
            }
            case Input.NotSigned s
                    when state instanceof V2State.ProvingR(var _, long job) && s.job() == job ->
                    refuse(
                            Cause.OURSELVES,
                            "our AUTH: " + s.why(),
                            "",
                            c.shown().identity().toString(),
                            now);
            default -> {}
        }
    }

    private void accept(
            Claim c, Identity local, List<Payload> certificates, Authentication auth, long now) {
        Identity remote = Proofs.proved(c.demanded(), c.shown().identity());
        Optional<String> refused = Admission.refusal(session, remote);
        if (refused.isPresent()) {
            refuse(Cause.OTHER, refused.get(), local.toString(), remote.toString(), now);
            return;
        }
        state = new V2State.Done();
        claim = Optional.empty();
        List<Payload> payloads = new ArrayList<>();
        payloads.add(Proofs.payload(false, local));
        payloads.addAll(certificates);
        payloads.add(auth);
        if (withPpk) {
            payloads.add(ResponderPpk.acknowledgement());
        }
        session.life().heedToken(c.shown().chain());
        new Admission(session, init, c.shown().chain()).admit(local, remote, payloads, now);
    }

    @Override
    public void close() {
        claim = Optional.empty();
        own = Optional.empty();
        state = new V2State.Closed();
    }
}
