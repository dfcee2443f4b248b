package io.sallyport.ike.v2;

import io.sallyport.base.Octets;
import io.sallyport.base.Secret;
import io.sallyport.crypto.kdf.Ikev2Keys;
import io.sallyport.ike.auth.Identities;
import io.sallyport.ike.machine.Input;
import io.sallyport.ike.sa.Connection;
import io.sallyport.ike.sa.EngineContext;
import io.sallyport.ike.v2.task.ChildAnswer;
import io.sallyport.model.event.Event;
import io.sallyport.model.spec.ConnectionSpec;
import io.sallyport.model.spec.Identity;
import io.sallyport.wire.ike.v2.Authentication;
import io.sallyport.wire.ike.v2.Configuration;
import io.sallyport.wire.ike.v2.ExchangeType;
import io.sallyport.wire.ike.v2.Identification;
import io.sallyport.wire.ike.v2.Notify;
import io.sallyport.wire.ike.v2.Payload;
import io.sallyport.wire.ike.v2.PayloadChain;
import io.sallyport.wire.ike.v2.PayloadType;
import io.sallyport.wire.ike.v2.SaPayload;
import io.sallyport.wire.ike.v2.number.NotifyType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// IKE_AUTH that the peer begins (RFC 7296, 1.2).
final class ResponderAuth implements Handshake {
    private final EngineContext context;
    private final V2Session session;
    private final V2State.Init init;
    private final Proofs proofs;

    /// Connections that the addresses and the proposals allow; identities decide between them.
    private final List<Connection> candidates;

    private V2State state;

    /// @param init what IKE_SA_INIT came to; the session has its keys
    ResponderAuth(V2Session session, V2State.Init init, List<Connection> candidates) {
        this.context = session.context();
        this.session = session;
        this.init = init;
        this.proofs = new Proofs(context);
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
        return exchangeType == ExchangeType.IKE_AUTH;
    }

    @Override
    public void onJob(Input answer, long now) {}

    @Override
    public void onSealed(Courier.Heard message, long now) {
        if (!(state instanceof V2State.AuthAwaited)) {
            return;
        }
        PayloadChain chain = message.chain();
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
        accept(chain, local, given.get(), key.get(), now);
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

    private void accept(PayloadChain chain, Identity local, Identity remote, Secret key, long now) {
        if (session.connection().profile().refuses(session, remote)) {
            refuse(
                    "the peer has an IKE SA from elsewhere, and unique = keep",
                    local.toString(),
                    remote.toString(),
                    now);
            return;
        }
        state = new V2State.Done();
        Identification idr = Proofs.payload(false, local);
        Ikev2Keys keys = session.keys();
        List<Payload> payloads = new ArrayList<>();
        payloads.add(idr);
        payloads.add(
                Proofs.sharedKeyProof(keys, key, Proofs.signed(init, keys, false, idr.body())));
        boolean anew = chain.notify(NotifyType.INITIAL_CONTACT.number()).isPresent();
        session.establish(init, local, remote, anew, now);
        CfgReply.Outcome addresses = CfgReply.of(session.connection(), remote, chain);
        if (addresses instanceof CfgReply.Outcome.Reply(Configuration configuration)) {
            payloads.add(configuration);
        }
        if (chain.first(SaPayload.class).isEmpty()) {
            session.courier()
                    .answer(ExchangeType.IKE_AUTH, payloads); // RFC 6023: no child was asked for
            return;
        }
        if (addresses instanceof CfgReply.Outcome.Refuse(NotifyType reason, String why)) {
            payloads.add(Notify.of(reason));
            session.courier().answer(ExchangeType.IKE_AUTH, payloads);
            context.tell(new Event.Failed(session.failure("IKE_AUTH", why, "", remote.toString())));
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
