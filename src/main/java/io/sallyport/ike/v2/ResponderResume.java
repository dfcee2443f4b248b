package io.sallyport.ike.v2;

import io.sallyport.base.Octets;
import io.sallyport.ike.auth.Identities;
import io.sallyport.ike.machine.Input;
import io.sallyport.ike.sa.Connection;
import io.sallyport.ike.sa.EngineContext;
import io.sallyport.ike.sa.SaTable;
import io.sallyport.ike.select.IkeOffers;
import io.sallyport.ike.ticket.TicketKeys;
import io.sallyport.ike.ticket.TicketState;
import io.sallyport.ike.v2.task.NatCheck;
import io.sallyport.model.event.Cause;
import io.sallyport.model.event.Event;
import io.sallyport.model.spec.AuthSpec;
import io.sallyport.model.spec.ConnectionSpec;
import io.sallyport.model.spec.Identity;
import io.sallyport.wire.ike.MalformedException;
import io.sallyport.wire.ike.v2.Authentication;
import io.sallyport.wire.ike.v2.Certificate;
import io.sallyport.wire.ike.v2.ExchangeType;
import io.sallyport.wire.ike.v2.Identification;
import io.sallyport.wire.ike.v2.Message;
import io.sallyport.wire.ike.v2.MessageRules;
import io.sallyport.wire.ike.v2.MessageRules.MessageKind;
import io.sallyport.wire.ike.v2.Nonce;
import io.sallyport.wire.ike.v2.Notify;
import io.sallyport.wire.ike.v2.Payload;
import io.sallyport.wire.ike.v2.PayloadChain;
import io.sallyport.wire.ike.v2.PayloadType;
import io.sallyport.wire.ike.v2.notify.Ticket;
import io.sallyport.wire.ike.v2.number.NotifyType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// IKE_SESSION_RESUME that the peer begins, and IKE_AUTH after it (RFC 5723). Whoever has a ticket
/// can begin; in gets who has the key of the IKE SA that it was given under, and says that it is
/// the one of before.
final class ResponderResume implements Handshake {
    private static final int NONCE_OCTETS = 32;
    private static final long SECOND = 1_000_000_000L;

    private final EngineContext context;
    private final V2Session session;
    private final Octets ticket;
    private final TicketState old;
    private final List<Connection> candidates;
    private V2State state = new V2State.Idle();

    /// @param old what `ticket` says; this object's to close
    /// @param candidates whose peer this was
    ResponderResume(
            V2Session session, Octets ticket, TicketState old, List<Connection> candidates) {
        this.context = session.context();
        this.session = session;
        this.ticket = ticket;
        this.old = old;
        this.candidates = List.copyOf(candidates);
    }

    // ---- tickets

    /// What is said to who asks for a ticket, under an IKE SA that stands.
    static List<Payload> granted(V2Session session, PayloadChain request, long now) {
        if (request.notify(NotifyType.TICKET_REQUEST.number()).isEmpty()) {
            return List.of();
        }
        return grant(session, request, now)
                .map(t -> List.<Payload>of(t.given()))
                .orElse(List.of(Notify.of(NotifyType.TICKET_NACK)));
    }

    private static Optional<Ticket> grant(V2Session session, PayloadChain request, long now) {
        ConnectionSpec spec = session.connection().spec();
        OptionalInt method = method(spec.remote().auth());
        Optional<Identity> remote = session.remoteIdentity();
        // Who is somebody else in EAP than in IKE cannot be told from its ID payload next time
        boolean same =
                request.identification(true)
                        .map(id -> Proofs.identity(id).equals(remote))
                        .orElse(true);
        // RFC 5723, 6.2: "The lifetime of the ticket sent by the gateway SHOULD be the minimum of
        // the IKE SA lifetime [...] and its re-authentication time"
        long end =
                Math.min(
                        now + TicketKeys.LONGEST_NANOS,
                        Math.min(session.life().dates().expiresAt(), session.life().provenUntil()));
        if (!spec.ike().handshake().resumption()
                || method.isEmpty()
                || remote.isEmpty()
                || !same
                || end - now < SECOND) {
            return Optional.empty();
        }
        try (TicketState state =
                new TicketState(
                        Proofs.payload(true, remote.get()),
                        Proofs.payload(false, session.ownIdentity()),
                        session.spiI(),
                        session.spiR(),
                        IkeOffers.of(session.suite()).answer(0),
                        session.keys().d().copy(),
                        method.getAsInt(),
                        end)) {
            Optional<Octets> sealed = session.context().tickets().seal(state, now);
            sealed.ifPresent(t -> session.life().gives(t, now));
            return sealed.map(t -> new Ticket((end - now) / SECOND, t));
        }
    }

    /// How an end proves itself that this is demanded of; empty for one that stays unknown.
    private static OptionalInt method(AuthSpec demanded) {
        return switch (demanded) {
            case AuthSpec.Psk _ -> OptionalInt.of(2);
            case AuthSpec.Pubkey _ -> OptionalInt.of(14);
            case AuthSpec.Eap _ -> OptionalInt.of(TicketState.EAP);
            case AuthSpec.Null _, AuthSpec.Xauth _ -> OptionalInt.empty();
        };
    }

    /// What was agreed on, if a connection still has this peer, demands such a proof of it, and
    /// allows such an IKE SA.
    static Optional<IkeOffers.Choice> choice(
            ConnectionSpec spec, TicketState old, EngineContext context) {
        Optional<Identity> idI = Proofs.identity(old.idI());
        Optional<Identity> idR = Proofs.identity(old.idR());
        OptionalInt method = method(spec.remote().auth());
        boolean meant =
                spec.ike().handshake().resumption()
                        && idI.isPresent()
                        && idR.isPresent()
                        && Identities.matches(spec.remote().identity(), idI.get())
                        && (spec.local().identity().isAny()
                                || Identities.matches(spec.local().identity(), idR.get()))
                        && method.isPresent()
                        && method.getAsInt() == old.method();
        return meant
                ? IkeOffers.choose(spec.ike().proposals(), context.crypto(), old.sa())
                : Optional.empty();
    }

    // ---- the exchange

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
        return exchangeType == ExchangeType.IKE_AUTH && state instanceof V2State.ResumeAuthAwaited;
    }

    /// @param choice what the ticket's IKE SA had
    void answer(Message request, Nonce nonceI, IkeOffers.Choice choice, Input.Datagram d) {
        ConnectionSpec spec = session.connection().spec();
        Octets nonceR = context.entropy().octets(NONCE_OCTETS);
        boolean force = spec.ike().forceEncapsulation();
        NatCheck.Finding nat = session.natCheck(0).find(request.chain(), d.path());
        V2State.Features peer =
                V2State.Features.of(request.chain())
                        .without(!V2State.Features.offersFragments(spec.ike()));
        List<Payload> payloads = new ArrayList<>();
        payloads.add(new Nonce(nonceR));
        payloads.addAll(session.natCheck(session.spiR()).payloads(session.path(), force));
        if (peer.fragmentation()) {
            payloads.add(Notify.of(NotifyType.IKEV2_FRAGMENTATION_SUPPORTED));
        }
        if (Childless.isAnnounced(spec)) {
            payloads.add(Notify.of(NotifyType.CHILDLESS_IKEV2_SUPPORTED));
        }
        Octets message =
                Message.emit(
                        session.spiI(),
                        session.spiR(),
                        ExchangeType.IKE_SESSION_RESUME,
                        false,
                        true,
                        0,
                        payloads);
        V2State.Init init =
                new V2State.Init(
                        choice,
                        nonceI.value(),
                        nonceR,
                        request.octets(),
                        message,
                        force ? new NatCheck.Finding(true, nat.peer()) : nat,
                        peer,
                        Certificates.Asked.NOTHING,
                        Octets.EMPTY);
        session.learn(init);
        session.keyring().resume(init, old.d());
        state = new V2State.ResumeAuthAwaited(init);
        session.courier().answerFirst(message);
    }

    @Override
    public void onClear(Message message, Input.Datagram d, long now) {
        session.notice("a message in clear where none is due");
    }

    @Override
    public void onSealed(Courier.Heard message, long now) {
        if (!(state instanceof V2State.ResumeAuthAwaited(V2State.Init init))) {
            return;
        }
        PayloadChain chain = message.chain();
        Optional<String> wrong = wrong(init, chain);
        if (wrong.isPresent()) {
            refuse(wrong.get(), now);
        } else if (!context.tickets().spend(ticket, now)) {
            // RFC 5723, 4.3.1: "A reused ticket SHOULD be rejected by a gateway."
            refuse("the ticket was used before, or is void by now", now);
        } else {
            admit(init, chain, now);
        }
    }

    /// Why this is not the client that has the ticket.
    private Optional<String> wrong(V2State.Init init, PayloadChain chain) {
        try {
            MessageRules.check(MessageKind.IKE_AUTH_REQUEST, chain.payloads());
        } catch (MalformedException e) {
            return Optional.of("the request is malformed: " + e.what());
        }
        Optional<Authentication> auth = chain.first(Authentication.class);
        Optional<Identification> asked = chain.identification(false);
        Octets idBody = chain.rawBody(PayloadType.ID_INITIATOR).orElseThrow();
        // RFC 5723, 4.3.3: "A CERT payload MUST NOT be included in this exchange"
        if (chain.first(Certificate.class).isPresent()) {
            return Optional.of("a certificate where a ticket speaks for the peer");
        }
        if (!idBody.equals(old.idI().body())
                || asked.filter(id -> !id.body().equals(old.idR().body())).isPresent()) {
            return Optional.of("other identities than those of the ticket");
        }
        boolean right =
                auth.isPresent() && new Proofs(session, init).isRightResuming(idBody, auth.get());
        return right
                ? Optional.empty()
                : Optional.of("the peer's AUTH is not that of who was given the ticket");
    }

    private void admit(V2State.Init init, PayloadChain chain, long now) {
        Identity local = Proofs.identity(old.idR()).orElseThrow();
        Identity remote = Proofs.identity(old.idI()).orElseThrow();
        Connection meant =
                candidates.stream()
                        .filter(c -> ResponderAuth.hasChildFor(session, c, chain))
                        .findFirst()
                        .orElse(candidates.getFirst());
        session.rebind(meant);
        session.minutes().weAre(local, meant.spec().remote().identity());
        session.minutes().theyAre(remote, local);
        session.minutes().proven();
        // RFC 5723, 4.3.4: where the IKE SA of the ticket "is still active", it is "silently
        // deleted", and its children with it
        context.table()
                .find(old.spiI(), old.spiR())
                .map(SaTable.Entry::session)
                .filter(s -> s != session && s instanceof V2Session)
                .ifPresent(s -> s.close("its peer resumes it", false, now));
        Optional<String> refused = Admission.refusal(session, remote);
        if (refused.isPresent()) {
            refuse(refused.get(), now);
            return;
        }
        state = new V2State.Done();
        session.life().provenUntil(old.expiresAt());
        session.life().heedToken(chain);
        Identification id = Proofs.payload(false, local);
        List<Payload> proof = List.of(id, new Proofs(session, init).resuming(false, id.body()));
        context.tell(
                new Event.Noticed(
                        session.connection().name(),
                        session.path(),
                        "the IKE SA is resumed by a ticket (RFC 5723)"));
        new Admission(session, init, chain).admit(local, remote, proof, now);
    }

    private void refuse(String why, long now) {
        session.courier()
                .answer(
                        ExchangeType.IKE_AUTH,
                        List.of(Notify.of(NotifyType.AUTHENTICATION_FAILED)));
        session.fail(
                Cause.SECRET,
                "IKE_AUTH",
                why,
                Proofs.identity(old.idR()).map(Identity::toString).orElse(""),
                Proofs.identity(old.idI()).map(Identity::toString).orElse(""),
                now);
    }

    @Override
    public void onJob(Input answer, long now) {
        // nothing is asked for
    }

    @Override
    public void close() {
        old.close();
        state = new V2State.Closed();
    }
}
