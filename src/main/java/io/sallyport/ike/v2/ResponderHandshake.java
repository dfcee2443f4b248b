package io.sallyport.ike.v2;

import io.sallyport.base.Octets;
import io.sallyport.base.Secret;
import io.sallyport.crypto.kdf.Ikev2Keys;
import io.sallyport.crypto.suite.Group;
import io.sallyport.ike.auth.Identities;
import io.sallyport.ike.machine.Input;
import io.sallyport.ike.sa.Connection;
import io.sallyport.ike.sa.EngineContext;
import io.sallyport.ike.v2.task.ChildAnswer;
import io.sallyport.ike.v2.task.NatCheck;
import io.sallyport.model.event.Event;
import io.sallyport.model.spec.ConnectionSpec;
import io.sallyport.model.spec.Identity;
import io.sallyport.wire.ike.v2.Authentication;
import io.sallyport.wire.ike.v2.ExchangeType;
import io.sallyport.wire.ike.v2.Identification;
import io.sallyport.wire.ike.v2.KeyExchange;
import io.sallyport.wire.ike.v2.Message;
import io.sallyport.wire.ike.v2.Nonce;
import io.sallyport.wire.ike.v2.Notify;
import io.sallyport.wire.ike.v2.Payload;
import io.sallyport.wire.ike.v2.PayloadChain;
import io.sallyport.wire.ike.v2.PayloadType;
import io.sallyport.wire.ike.v2.SaPayload;
import io.sallyport.wire.ike.v2.number.NotifyType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// IKE_SA_INIT and IKE_AUTH that the peer begins (RFC 7296, 1.2).
final class ResponderHandshake implements Handshake {
    private static final int NONCE_OCTETS = 32;

    private final EngineContext context;
    private final V2Session session;
    private final Proofs proofs;

    /// Connections that the addresses and the proposals allow; identities decide between them.
    private final List<Connection> candidates;

    private V2State state = new V2State.Idle();

    ResponderHandshake(EngineContext context, V2Session session, List<Connection> candidates) {
        this.context = context;
        this.session = session;
        this.proofs = new Proofs(context);
        this.candidates = List.copyOf(candidates);
    }

    @Override
    public V2State state() {
        return state;
    }

    @Override
    public String child() {
        return "";
    }

    // ---- IKE_SA_INIT

    /// The request, of which the choice has been made.
    void answer(V2State.Request request) {
        Group group = request.choice().suite().group();
        state = new V2State.MakingKeyR(request, context.generate(group, session));
    }

    @Override
    public void onJob(Input answer, long now) {
        switch (answer) {
            case Input.Generated g
                    when state instanceof V2State.MakingKeyR(V2State.Request request, long job)
                            && g.job() == job -> {
                Octets publicR = g.ephemeral().publicValue();
                state =
                        new V2State.AgreeingR(
                                request,
                                publicR,
                                context.agree(g.ephemeral(), request.publicI(), session));
            }
            case Input.Agreed a when state instanceof V2State.AgreeingR s && a.job() == s.job() ->
                    sendInit(s, a.shared(), now);
            case Input.Disagreed a
                    when state instanceof V2State.AgreeingR s && a.job() == s.job() ->
                    session.fail(
                            "IKE_SA_INIT",
                            "the peer's public value is illegal: " + a.why(),
                            "",
                            "",
                            now);
            case Input.Disagreed a
                    when state instanceof V2State.MakingKeyR(var _, long job) && a.job() == job ->
                    session.fail("IKE_SA_INIT", a.why(), "", "", now);
            default -> {}
        }
    }

    private void sendInit(V2State.AgreeingR s, Secret shared, long now) {
        Octets nonceR = context.entropy().octets(NONCE_OCTETS);
        boolean force = session.connection().spec().ike().forceEncapsulation();
        List<Payload> payloads = new ArrayList<>();
        payloads.add(s.request().choice().answer(0));
        payloads.add(new KeyExchange(s.request().choice().suite().group().number(), s.publicR()));
        payloads.add(new Nonce(nonceR));
        payloads.addAll(session.natCheck(session.spiR()).payloads(session.path(), force));
        if (s.request().peer().fragmentation()) {
            payloads.add(Notify.of(NotifyType.IKEV2_FRAGMENTATION_SUPPORTED));
        }
        payloads.add(Notify.of(NotifyType.CHILDLESS_IKEV2_SUPPORTED));
        Octets message =
                Message.emit(
                        session.spiI(),
                        session.spiR(),
                        ExchangeType.IKE_SA_INIT,
                        false,
                        true,
                        0,
                        payloads);
        V2State.Init init =
                new V2State.Init(
                        s.request().choice(),
                        s.request().nonceI(),
                        nonceR,
                        s.request().message(),
                        message,
                        force
                                ? new NatCheck.Finding(true, s.request().nat().peer())
                                : s.request().nat(),
                        s.request().peer());
        session.derive(init, shared);
        state = new V2State.AuthAwaited(init);
        session.courier().answerFirst(message);
    }

    @Override
    public void onClear(Message message, Input.Datagram d, long now) {
        session.notice("a message in clear where none is due");
    }

    // ---- IKE_AUTH

    @Override
    public void onSealed(PayloadChain chain, long now) {
        if (!(state instanceof V2State.AuthAwaited(V2State.Init init))) {
            return;
        }
        Optional<Identification> idi = chain.identification(true);
        Optional<Authentication> auth = chain.first(Authentication.class);
        if (idi.isEmpty() || auth.isEmpty()) {
            // EAP is asked for by leaving AUTH out (RFC 7296, 2.16); no connection here has it.
            refuse("the request proves no identity: no AUTH payload", "", "", now);
            return;
        }
        Optional<Identity> given = Proofs.identity(idi.get());
        Optional<Identity> asked = chain.identification(false).flatMap(Proofs::identity);
        Optional<Connection> meant = given.flatMap(id -> meant(id, asked));
        if (meant.isEmpty()) {
            refuse(
                    "no connection for this pair of identities",
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
                    given.map(Identity::toString).orElse("type " + idi.get().idType())
                            + " to "
                            + asked.map(Identity::toString).orElse("%any"),
                    now);
            return;
        }
        session.rebind(meant.get());
        Identity local =
                session.connection().spec().local().identity().isAny() && asked.isPresent()
                        ? asked.get()
                        : session.localIdentity();
        Octets idBody = chain.rawBody(PayloadType.ID_INITIATOR).orElseThrow();
        Optional<Secret> key = proofs.sharedKey(local, given.get(), session.path());
        Ikev2Keys keys = session.keys();
        boolean right =
                key.isPresent()
                        && Proofs.isSharedKeyProof(
                                keys,
                                key.get(),
                                Proofs.signed(init, keys, true, idBody),
                                auth.get());
        if (!right) {
            refuse(
                    key.isEmpty()
                            ? "no pre-shared key for these identities"
                            : "the peer's AUTH is wrong: it has another pre-shared key, or is not"
                                    + " who it says",
                    local.toString(),
                    given.get() + ", auth method " + auth.get().method(),
                    now);
            return;
        }
        accept(init, chain, local, given.get(), key.get(), now);
    }

    /// The connection for these identities: one that names the peer before one that takes any.
    private Optional<Connection> meant(Identity peer, Optional<Identity> asked) {
        List<Connection> fitting =
                candidates.stream()
                        .filter(c -> Identities.matches(c.spec().remote().identity(), peer))
                        .filter(c -> asked.isEmpty() || isUs(c.spec(), asked.get()))
                        .toList();
        return fitting.stream()
                .filter(c -> !c.spec().remote().identity().isAny())
                .findFirst()
                .or(() -> fitting.stream().findFirst());
    }

    private static boolean isUs(ConnectionSpec spec, Identity asked) {
        return spec.local().identity().isAny()
                || Identities.matches(spec.local().identity(), asked);
    }

    /// RFC 7296, 2.21.2: AUTHENTICATION_FAILED is all that a peer learns that proved nothing.
    private void refuse(String reason, String ours, String theirs, long now) {
        session.courier()
                .answer(
                        ExchangeType.IKE_AUTH,
                        List.of(Notify.of(NotifyType.AUTHENTICATION_FAILED)));
        session.fail("IKE_AUTH", reason, ours, theirs, now);
    }

    private void accept(
            V2State.Init init,
            PayloadChain chain,
            Identity local,
            Identity remote,
            Secret key,
            long now) {
        state = new V2State.Done();
        Identification idr = Proofs.payload(false, local);
        Ikev2Keys keys = session.keys();
        List<Payload> payloads = new ArrayList<>();
        payloads.add(idr);
        payloads.add(
                Proofs.sharedKeyProof(keys, key, Proofs.signed(init, keys, false, idr.body())));
        boolean anew = chain.notify(NotifyType.INITIAL_CONTACT.number()).isPresent();
        session.establish(init, local, remote, anew, now);
        if (chain.first(SaPayload.class).isEmpty()) {
            session.courier()
                    .answer(ExchangeType.IKE_AUTH, payloads); // RFC 6023: no child was asked for
            return;
        }
        switch (ChildAnswer.judge(session, chain, false, Optional.empty(), now)) {
            case ChildAnswer.Verdict.Refuse refuse -> {
                // RFC 7296, 2.21.2: the IKE SA is created all the same
                payloads.add(Notify.of(refuse.reason()));
                session.courier().answer(ExchangeType.IKE_AUTH, payloads);
                context.tell(new Event.Failed(refuse.failure()));
            }
            case ChildAnswer.Verdict.Take take -> {
                payloads.add(take.sa());
                payloads.addAll(take.selectorsAndNotifies());
                long id =
                        take.agreement()
                                .install(session, List.of(), init.nonceI(), init.nonceR(), now);
                session.courier().answer(ExchangeType.IKE_AUTH, payloads);
                session.connection().ledger().answered(id, now);
            }
        }
    }

    @Override
    public void close() {
        state = new V2State.Closed();
    }
}
