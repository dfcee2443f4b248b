package io.sallyport.ike.v2;

import io.sallyport.base.Octets;
import io.sallyport.base.Secret;
import io.sallyport.ike.eap.EapMethod;
import io.sallyport.ike.eap.EapServer;
import io.sallyport.ike.eap.EapUser;
import io.sallyport.ike.machine.Input;
import io.sallyport.model.event.Cause;
import io.sallyport.model.port.TlsConversation;
import io.sallyport.model.spec.AuthSpec;
import io.sallyport.model.spec.ConnectionSpec;
import io.sallyport.model.spec.Identity;
import io.sallyport.model.spec.KeySource;
import io.sallyport.model.spec.TrustSpec;
import io.sallyport.model.trust.TlsEnd;
import io.sallyport.wire.ike.MalformedException;
import io.sallyport.wire.ike.v2.Authentication;
import io.sallyport.wire.ike.v2.Eap;
import io.sallyport.wire.ike.v2.ExchangeType;
import io.sallyport.wire.ike.v2.Identification;
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

/// The peer proves itself by EAP (RFC 7296, 2.16): the other end of [InitiatorEap]. We prove
/// ourselves first; nothing of the peer's is believed, and nothing is set up, before its AUTH with
/// the key that EAP left.
///
/// EAP_ONLY_AUTHENTICATION (RFC 5998) asks us to leave out our own AUTH. That is for methods that
/// authenticate both ends, leave a key and withstand guessing at passwords (section 4), and done
/// only where our own end is configured so; else we prove ourselves all the same, and a client that
/// asked takes that.
final class ResponderEap implements Handshake {
    private final V2Session session;
    private final V2State.Init init;
    private final Proofs proofs;

    /// The first request of IKE_AUTH.
    private final PayloadChain request;

    private final EapServer eap;
    private V2State state;
    private Identity claimed = Identity.ANY;

    /// Our signature while it is being made.
    private Optional<Proofs.Own.Signature> signing = Optional.empty();

    /// Who we said we are.
    private Optional<Identification> own = Optional.empty();

    private Identity local = Identity.ANY;

    private Optional<TlsConversation> tls = Optional.empty();

    /// What EAP came to.
    private Optional<Passed> passed = Optional.empty();

    private record Passed(EapUser user, Optional<Secret> key) {}

    /// @param request the first of IKE_AUTH; the session's connection demands EAP
    ResponderEap(V2Session session, V2State.Init init, Proofs proofs, PayloadChain request) {
        this.session = session;
        this.init = init;
        this.proofs = proofs;
        this.request = request;
        AuthSpec.Eap demanded = (AuthSpec.Eap) session.connection().spec().remote().auth();
        this.eap =
                new EapServer(
                        EapMethod.of(demanded.method()).orElse(EapMethod.MSCHAPV2),
                        demanded.eapIdentity().isAny()
                                ? Optional.empty()
                                : Optional.of(EapUser.of(demanded.eapIdentity())),
                        session.context().credentials(),
                        session.context().entropy());
        this.state = new V2State.ProvingR(init, 0);
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
        return exchangeType == ExchangeType.IKE_AUTH
                && (state instanceof V2State.EapAwaited || state instanceof V2State.EapAuthAwaited);
    }

    // ---- our proof

    /// @param peer who it says it is
    /// @param asked who it takes us for, if it says so
    void begin(Identity peer, Optional<Identity> asked, long now) {
        session.enter(this);
        claimed = peer;
        ConnectionSpec spec = session.connection().spec();
        if (spec.local().auth() instanceof AuthSpec.Eap) {
            beginAlone(asked, now);
            return;
        }
        Proofs.Own how =
                proofs.own(spec, spec.local().auth(), asked, peer, Certificates.Asked.of(request));
        local = how.identity();
        Identification id = Proofs.payload(false, local);
        own = Optional.of(id);
        Octets signed = proofs.signed(false, id.body());
        switch (how) {
            case Proofs.Own.Shared shared -> askFirst(List.of(), proofs.made(shared, signed));
            case Proofs.Own.Signature signature -> {
                signing = Optional.of(signature);
                state = new V2State.ProvingR(init, proofs.ask(signature, signed));
            }
            case Proofs.Own.Nothing _ ->
                    refuse(Cause.OURSELVES, "EAP with a gateway that is unknown", now);
            case Proofs.Own.Missing(Identity _, String why) -> refuse(Cause.OURSELVES, why, now);
        }
    }

    /// RFC 5998, 3: neither CERT nor AUTH before EAP.
    private void beginAlone(Optional<Identity> asked, long now) {
        Identity configured = session.connection().spec().local().identity();
        local = configured.isAny() ? asked.orElse(session.localIdentity()) : configured;
        own = Optional.of(Proofs.payload(false, local));
        if (request.notify(NotifyType.EAP_ONLY_AUTHENTICATION.number()).isEmpty()) {
            refuse(
                    Cause.METHOD,
                    "our end is proved by EAP alone, and the peer does not ask for that (RFC 5998)",
                    now);
            return;
        }
        state = new V2State.EapAwaited(init);
        session.courier().answer(ExchangeType.IKE_AUTH, List.of(own.orElseThrow(), eap.begin()));
    }

    /// The server of TLS: the client is who it says it is in EAP.
    private TlsEnd end(EapUser user) {
        ConnectionSpec spec = session.connection().spec();
        List<KeySource> certificates =
                switch (spec.local().auth()) {
                    case AuthSpec.Pubkey p -> p.certificates();
                    case AuthSpec.Eap e -> e.certificates();
                    case AuthSpec.Psk _, AuthSpec.Xauth _, AuthSpec.Null _ -> List.of();
                };
        Identity client = user.identity(claimed);
        return new TlsEnd(
                true,
                new AuthSpec.Pubkey(local, certificates, List.of(), TrustSpec.ANY),
                client,
                new AuthSpec.Pubkey(
                        client,
                        List.of(),
                        List.of(),
                        ((AuthSpec.Eap) spec.remote().auth()).trust()));
    }

    @Override
    public void onJob(Input answer, long now) {
        switch (answer) {
            case Input.Spoken s
                    when state instanceof V2State.EapSpeakingR(var _, long job)
                            && s.job() == job -> {
                tls = Optional.of(s.with());
                state = new V2State.EapAwaited(init);
                onOutcome(eap.spoken(s.step()), now);
            }
            case Input.Spoken s -> s.close();
            case Input.Signed s
                    when state instanceof V2State.ProvingR(var _, long job)
                            && s.job() == job
                            && signing.isPresent() -> {
                Proofs.Own.Signature by = signing.get();
                signing = Optional.empty();
                askFirst(
                        Certificates.shown(
                                by.key(),
                                session.connection().spec().ike().handshake().certificates().send(),
                                Certificates.Asked.of(request)),
                        by.choice().payload(s.signature()));
            }
            case Input.NotSigned s
                    when state instanceof V2State.ProvingR(var _, long job) && s.job() == job ->
                    refuse(Cause.OURSELVES, "our AUTH: " + s.why(), now);
            default -> {}
        }
    }

    private void askFirst(List<Payload> certificates, Authentication auth) {
        List<Payload> payloads = new ArrayList<>();
        payloads.add(own.orElseThrow());
        payloads.addAll(certificates);
        payloads.add(auth);
        payloads.add(eap.begin());
        state = new V2State.EapAwaited(init);
        session.courier().answer(ExchangeType.IKE_AUTH, payloads);
    }

    // ---- the peer's proof

    @Override
    public void onSealed(Courier.Heard message, long now) {
        PayloadChain chain = message.chain();
        try {
            MessageRules.check(MessageKind.IKE_AUTH_REQUEST_LATER, chain.payloads());
        } catch (MalformedException e) {
            refuse(
                    Cause.MALFORMED,
                    NotifyType.INVALID_SYNTAX,
                    "the request is malformed: " + e.what(),
                    now);
            return;
        }
        Optional<Eap> packet = chain.first(Eap.class);
        Optional<Authentication> auth = chain.first(Authentication.class);
        if (state instanceof V2State.EapAwaited && packet.isPresent() && auth.isEmpty()) {
            onEap(packet.get(), now);
        } else if (state instanceof V2State.EapAuthAwaited
                && auth.isPresent()
                && packet.isEmpty()) {
            onAuth(auth.get(), chain, now);
        } else {
            refuse(
                    Cause.MALFORMED,
                    state instanceof V2State.EapAwaited
                            ? "EAP is due, and there is none"
                            : "AUTH after EAP is due, and there is none",
                    now);
        }
    }

    private void onEap(Eap packet, long now) {
        onOutcome(eap.handle(packet), now);
    }

    private void onOutcome(EapServer.Outcome outcome, long now) {
        switch (outcome) {
            case EapServer.Outcome.Speak(EapUser user, Octets received) ->
                    state =
                            new V2State.EapSpeakingR(
                                    init, session.context().tls(end(user), tls, received, session));
            case EapServer.Outcome.Ask(Eap next) -> answer(next);
            case EapServer.Outcome.Succeeded(Eap success, EapUser user, var key) -> {
                passed = Optional.of(new Passed(user, key));
                state = new V2State.EapAuthAwaited(init);
                answer(success);
            }
            case EapServer.Outcome.Failed(Eap failure, Cause cause, String why) -> {
                answer(failure);
                fail(cause, why, now);
            }
        }
    }

    private void answer(Payload only) {
        session.courier().answer(ExchangeType.IKE_AUTH, List.of(only));
    }

    private void onAuth(Authentication auth, PayloadChain chain, long now) {
        Passed p = passed.orElseThrow();
        Octets idBody = request.rawBody(PayloadType.ID_INITIATOR).orElseThrow();
        if (!proofs.isRightAfterEap(p.key(), idBody, auth)) {
            refuse(
                    Cause.SECRET,
                    "the peer's AUTH after EAP is wrong: who did EAP is somebody else",
                    now);
            return;
        }
        // What it calls itself in IKE is not proved, unless it is the same: it gets nobody else's
        // addresses, and ends nobody else's IKE SA.
        Identity remote = p.user().identity(claimed);
        session.minutes().theyAre(remote, Identity.ANY);
        session.minutes().proven();
        Optional<String> refused = Admission.refusal(session, remote);
        if (refused.isPresent()) {
            refuse(Cause.OTHER, refused.get(), now);
            return;
        }
        Authentication ours = proofs.afterEap(p.key(), false, own.orElseThrow().body());
        forget();
        state = new V2State.Done();
        session.life().heedToken(chain);
        new Admission(session, init, request).admit(local, remote, List.of(ours), now);
    }

    /// RFC 7296, 2.21.2: AUTHENTICATION_FAILED is all that a peer learns that proved nothing.
    private void refuse(Cause cause, String why, long now) {
        refuse(cause, NotifyType.AUTHENTICATION_FAILED, why, now);
    }

    private void refuse(Cause cause, NotifyType notify, String why, long now) {
        answer(Notify.of(notify));
        fail(cause, why, now);
    }

    private void fail(Cause cause, String why, long now) {
        session.fail(cause, "IKE_AUTH", why, local.toString(), claimed.toString(), now);
    }

    private void forget() {
        eap.close();
        tls.ifPresent(TlsConversation::close);
        tls = Optional.empty();
        passed.flatMap(Passed::key).ifPresent(Secret::close);
        passed = Optional.empty();
    }

    @Override
    public void close() {
        forget();
        signing = Optional.empty();
        state = new V2State.Closed();
    }
}
