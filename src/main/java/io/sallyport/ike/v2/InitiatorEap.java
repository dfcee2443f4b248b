package io.sallyport.ike.v2;

import io.sallyport.base.Octets;
import io.sallyport.base.Secret;
import io.sallyport.ike.eap.EapMethod;
import io.sallyport.ike.eap.EapPeer;
import io.sallyport.ike.eap.EapUser;
import io.sallyport.ike.machine.Input;
import io.sallyport.ike.v2.task.Refusals;
import io.sallyport.model.event.Cause;
import io.sallyport.model.port.TlsConversation;
import io.sallyport.model.spec.AuthSpec;
import io.sallyport.model.spec.ConnectionSpec;
import io.sallyport.model.spec.Identity;
import io.sallyport.model.spec.TrustSpec;
import io.sallyport.model.trust.TlsEnd;
import io.sallyport.wire.ike.MalformedException;
import io.sallyport.wire.ike.v2.Authentication;
import io.sallyport.wire.ike.v2.Eap;
import io.sallyport.wire.ike.v2.ExchangeType;
import io.sallyport.wire.ike.v2.MessageRules;
import io.sallyport.wire.ike.v2.MessageRules.MessageKind;
import io.sallyport.wire.ike.v2.Notify;
import io.sallyport.wire.ike.v2.Payload;
import io.sallyport.wire.ike.v2.PayloadChain;
import io.sallyport.wire.ike.v2.number.NotifyType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// We prove ourselves by EAP (RFC 7296, 2.16), once the responder has proved itself by its key:
///
/// ```text
///  HDR, SK {IDi, [IDr,] SAi2, TSi, TSr}  -->                                        [InitiatorAuth]
///                                        <--  HDR, SK {IDr, [CERT,] AUTH, EAP}
///  HDR, SK {EAP}                         -->
///                                        <--  HDR, SK {EAP}            as often as the method needs
///                                        <--  HDR, SK {EAP (success)}
///  HDR, SK {AUTH}                        -->
///                                        <--  HDR, SK {AUTH, SAr2, TSi, TSr}
/// ```
///
/// Both of the last AUTHs are made with the key that the method left; so who only passed EAP on
/// comes to nothing.
final class InitiatorEap implements Handshake {
    private final V2Session session;
    private final V2State.Init init;
    private final Proofs proofs;
    private final InitiatorAuth auth;
    private final EapPeer eap;
    private V2State state;
    private Identity local = Identity.ANY;

    /// The responder, who has proved itself, or will by EAP.
    private Optional<Proofs.Claimant> responder = Optional.empty();

    private Optional<TlsConversation> tls = Optional.empty();

    private Optional<Secret> key = Optional.empty();

    /// @param auth what comes before, and after
    InitiatorEap(V2Session session, V2State.Init init, Proofs proofs, InitiatorAuth auth) {
        this.session = session;
        this.init = init;
        this.proofs = proofs;
        this.auth = auth;
        AuthSpec.Eap spec = (AuthSpec.Eap) session.connection().spec().local().auth();
        Identity user = spec.eapIdentity().isAny() ? session.localIdentity() : spec.eapIdentity();
        this.eap =
                new EapPeer(
                        EapMethod.of(spec.method()).orElse(EapMethod.MSCHAPV2),
                        EapUser.of(user),
                        session.context().credentials(),
                        session.context().entropy());
        this.state = new V2State.EapSent(init);
    }

    /// Whether the peer proves itself by EAP, too (RFC 5998).
    static boolean isAlone(ConnectionSpec spec) {
        return spec.local().auth() instanceof AuthSpec.Eap
                && spec.remote().auth() instanceof AuthSpec.Eap;
    }

    /// Why there is no point in asking.
    static Optional<String> unable(ConnectionSpec spec) {
        return spec.ike().handshake().ppk().required()
                ? Optional.of("a post-quantum key is not used together with EAP")
                : Optional.empty();
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
        return auth.child();
    }

    /// @param us who we said we are
    /// @param peer its proof is right, or EAP is to be it; its answer has the first packet of EAP
    void begin(Identity us, Proofs.Claimant peer, long now) {
        session.enter(this);
        local = us;
        responder = Optional.of(peer);
        onEap(peer.chain(), now);
    }

    @Override
    public void onSealed(Courier.Heard message, long now) {
        PayloadChain chain = message.chain();
        Optional<Notify> error = chain.error();
        if (error.isPresent()
                && chain.first(Eap.class).isEmpty()
                && chain.first(Authentication.class).isEmpty()) {
            fail(
                    Refusals.cause(error.get()),
                    "the peer answers " + NotifyType.name(error.get().notifyType()),
                    now);
            return;
        }
        try {
            MessageRules.check(MessageKind.IKE_AUTH_RESPONSE, chain.payloads());
        } catch (MalformedException e) {
            reject(Cause.MALFORMED, "the answer is malformed: " + e.what(), now);
            return;
        }
        switch (state) {
            case V2State.EapSent _ -> onEap(chain, now);
            case V2State.EapAuthSent _ -> onAuth(chain, now);
            default -> {}
        }
    }

    @Override
    public void onUnreadable(String why, long now) {
        reject(Cause.MALFORMED, why, now);
    }

    private void onEap(PayloadChain chain, long now) {
        Optional<Eap> packet = chain.first(Eap.class);
        if (packet.isEmpty()) {
            reject(Cause.METHOD, "the peer goes on without EAP", now);
            return;
        }
        onOutcome(eap.handle(packet.get()), packet.get().code() == Eap.FAILURE, now);
    }

    /// @param byPeer the peer has ended it
    private void onOutcome(EapPeer.Outcome outcome, boolean byPeer, long now) {
        switch (outcome) {
            case EapPeer.Outcome.Speak(Octets received) ->
                    state =
                            new V2State.EapSpeakingI(
                                    init, session.context().tls(end(), tls, received, session));
            case EapPeer.Outcome.Answer(Eap answer) -> {
                state = new V2State.EapSent(init);
                ask(List.of(answer), now);
            }
            case EapPeer.Outcome.Succeeded(Optional<Secret> left) -> {
                key = left;
                Octets id = Proofs.payload(true, local).body();
                state = new V2State.EapAuthSent(init);
                List<Payload> proof = new ArrayList<>();
                proof.add(proofs.afterEap(key, true, id));
                proof.addAll(session.crashToken());
                ask(proof, now);
            }
            case EapPeer.Outcome.Failed(Cause cause, String why) when byPeer ->
                    fail(cause, why, now);
            case EapPeer.Outcome.Failed(Cause cause, String why) -> reject(cause, why, now);
        }
    }

    /// The client of TLS: the server is who `aaa_id` says, else the gateway itself.
    private TlsEnd end() {
        ConnectionSpec spec = session.connection().spec();
        AuthSpec.Eap ours = (AuthSpec.Eap) spec.local().auth();
        Identity user = ours.eapIdentity().isAny() ? session.localIdentity() : ours.eapIdentity();
        TrustSpec trust =
                switch (spec.remote().auth()) {
                    case AuthSpec.Pubkey p -> p.trust();
                    case AuthSpec.Eap e -> e.trust();
                    case AuthSpec.Psk _, AuthSpec.Xauth _, AuthSpec.Null _ -> TrustSpec.ANY;
                };
        Identity server =
                ours.server().isAny() ? responder.orElseThrow().identity() : ours.server();
        return new TlsEnd(
                false,
                new AuthSpec.Pubkey(user, ours.certificates(), List.of(), TrustSpec.ANY),
                server,
                new AuthSpec.Pubkey(server, List.of(), List.of(), trust));
    }

    private void ask(List<Payload> payloads, long now) {
        session.request(ExchangeType.IKE_AUTH, payloads, Optional.empty(), now);
    }

    private void onAuth(PayloadChain chain, long now) {
        Proofs.Claimant peer = responder.orElseThrow();
        Optional<Authentication> proof = chain.first(Authentication.class);
        if (proof.isEmpty() || !proofs.isRightAfterEap(key, peer.idBody(), proof.get())) {
            reject(
                    Cause.SECRET,
                    "the peer's AUTH after EAP is wrong: who did EAP is somebody else",
                    now);
            return;
        }
        state = new V2State.Done();
        forget();
        auth.finish(peer, chain, now);
    }

    private void fail(Cause cause, String reason, long now) {
        session.fail(cause, "IKE_AUTH", reason, local.toString(), theirs(), now);
    }

    /// The peer may think that this goes on.
    private void reject(Cause cause, String reason, long now) {
        session.reject(cause, reason, local.toString(), theirs(), now);
    }

    private String theirs() {
        return responder.map(r -> r.identity().toString()).orElse("");
    }

    @Override
    public void onJob(Input answer, long now) {
        if (answer instanceof Input.Spoken spoken) {
            if (state instanceof V2State.EapSpeakingI(var _, long job) && spoken.job() == job) {
                tls = Optional.of(spoken.with());
                onOutcome(eap.spoken(spoken.step()), false, now);
            } else {
                spoken.close();
            }
        }
    }

    private void forget() {
        eap.close();
        tls.ifPresent(TlsConversation::close);
        tls = Optional.empty();
        key.ifPresent(Secret::close);
        key = Optional.empty();
    }

    @Override
    public void close() {
        forget();
        auth.close();
        state = new V2State.Closed();
    }
}
