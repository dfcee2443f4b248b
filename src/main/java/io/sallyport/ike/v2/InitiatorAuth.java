package io.sallyport.ike.v2;

import io.sallyport.base.Octets;
import io.sallyport.base.Secret;
import io.sallyport.base.net.IpAddress;
import io.sallyport.crypto.kdf.Ikev2Keys;
import io.sallyport.ike.auth.Identities;
import io.sallyport.ike.machine.Input;
import io.sallyport.ike.sa.EngineContext;
import io.sallyport.ike.select.ChildOffers;
import io.sallyport.ike.v2.task.ChildAgreement;
import io.sallyport.ike.v2.task.ChildInitiation;
import io.sallyport.model.event.Failure;
import io.sallyport.model.spec.ChildSpec;
import io.sallyport.model.spec.Identity;
import io.sallyport.model.spec.ike.HandshakeSpec;
import io.sallyport.wire.ike.v2.Authentication;
import io.sallyport.wire.ike.v2.ExchangeType;
import io.sallyport.wire.ike.v2.Identification;
import io.sallyport.wire.ike.v2.Message;
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
    private Optional<ChildInitiation> child = Optional.empty();
    private String childName = "";
    private V2State state;

    /// @param init what IKE_SA_INIT came to; the session has its keys
    InitiatorAuth(V2Session session, V2State.Init init) {
        this.context = session.context();
        this.session = session;
        this.init = init;
        this.proofs = new Proofs(context);
        this.state = new V2State.AuthSent(init);
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

    @Override
    public void onJob(Input answer, long now) {}

    @Override
    public void onClear(Message message, Input.Datagram d, long now) {
        session.notice("a message in clear where none is due");
    }

    void begin(long now) {
        session.enter(this);
        Identity local = session.localIdentity();
        Identity wanted = session.connection().spec().remote().identity();
        Optional<Secret> key = proofs.sharedKey(local, wanted, session.path());
        if (key.isEmpty()) {
            session.fail(
                    "IKE_AUTH",
                    "no pre-shared key for these identities",
                    local.toString(),
                    wanted.toString(),
                    now);
            return;
        }
        Identification idi = Proofs.payload(true, local);
        List<Payload> payloads = new ArrayList<>();
        payloads.add(idi);
        if (session.isFirstOfConnection()
                && session.connection().spec().ike().handshake().unique()
                        != HandshakeSpec.Unique.NEVER) {
            payloads.add(Notify.of(NotifyType.INITIAL_CONTACT));
        }
        if (!wanted.isAny()) {
            payloads.add(Proofs.payload(false, wanted));
        }
        Ikev2Keys keys = session.keys();
        payloads.add(
                Proofs.sharedKeyProof(
                        keys, key.get(), Proofs.signed(init, keys, true, idi.body())));
        // RFC 7296, 2.19: "A request for such a temporary address can be included in any request to
        // create a Child SA [...] by including a CP payload"; 1.2 and 2.19 put it before SA
        CfgRequest.of(session.connection()).ifPresent(payloads::add);
        addChild(payloads, now);
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
                                    "IKE_AUTH",
                                    "no engine offers any of the configured proposals, or AH would"
                                            + " have to pass a NAT",
                                    ChildOffers.describe(first.get().proposals()),
                                    ""),
                            now);
            return;
        }
        childName = first.get().name();
        payloads.add(child.get().offer());
        payloads.addAll(child.get().selectorsAndNotifies());
    }

    @Override
    public void onSealed(Courier.Heard message, long now) {
        if (!(state instanceof V2State.AuthSent)) {
            return;
        }
        PayloadChain chain = message.chain();
        Optional<Identification> idr = chain.identification(false);
        Optional<Authentication> auth = chain.first(Authentication.class);
        if (idr.isEmpty() || auth.isEmpty()) {
            // RFC 7296, 2.21.2: an error without AUTH means that the IKE SA came to nothing
            session.fail(
                    "IKE_AUTH",
                    chain.error()
                            .map(e ->
                                    "the peer answers " + NotifyType.name(e.notifyType()) + hint(e))
                            .orElse("the answer proves no identity"),
                    session.localIdentity().toString(),
                    idr.flatMap(Proofs::identity).map(Identity::toString).orElse(""),
                    now);
            return;
        }
        Identity wanted = session.connection().spec().remote().identity();
        Optional<Identity> given = Proofs.identity(idr.get());
        if (given.isEmpty() || !Identities.matches(wanted, given.get())) {
            session.fail(
                    "IKE_AUTH",
                    "the peer has another identity than configured",
                    wanted.toString(),
                    given.map(Identity::toString).orElse("type " + idr.get().idType()),
                    now);
            return;
        }
        Octets idBody = chain.rawBody(PayloadType.ID_RESPONDER).orElseThrow();
        Optional<Secret> key =
                proofs.sharedKey(session.localIdentity(), given.get(), session.path());
        Ikev2Keys keys = session.keys();
        if (key.isEmpty()
                || !Proofs.isSharedKeyProof(
                        keys, key.get(), Proofs.signed(init, keys, false, idBody), auth.get())) {
            session.fail(
                    "IKE_AUTH",
                    "the peer's AUTH is wrong: it has another pre-shared key, or is not who it"
                            + " says",
                    "pre-shared key",
                    "auth method " + auth.get().method(),
                    now);
            return;
        }
        state = new V2State.Done();
        boolean addressed = CfgRequest.take(session.connection(), chain);
        session.establish(init, session.localIdentity(), given.get(), false, now);
        if (addressed) {
            finishChild(chain, now);
        } else {
            abandonChild();
            session.connection().onUseless(session, withoutAddress(chain), now);
        }
    }

    private Failure withoutAddress(PayloadChain answer) {
        return session.failure(
                "IKE_AUTH",
                "the peer gives us no address",
                "vips = "
                        + String.join(
                                ", ",
                                session.connection().spec().addressing().asked().stream()
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
        switch (asked.get().process(chain, now)) {
            case ChildInitiation.Outcome.Agreed(ChildAgreement agreement) -> {
                long id = agreement.install(session, List.of(), init.nonceI(), init.nonceR(), now);
                session.connection().ledger().completed(id, now);
            }
            case ChildInitiation.Outcome.Refused(Failure failure, var _) -> {
                asked.get().abandon();
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
        state = new V2State.Closed();
    }
}
