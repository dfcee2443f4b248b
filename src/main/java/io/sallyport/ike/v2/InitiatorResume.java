package io.sallyport.ike.v2;

import io.sallyport.base.Octets;
import io.sallyport.ike.machine.Input;
import io.sallyport.ike.select.IkeOffers;
import io.sallyport.ike.ticket.Resumable;
import io.sallyport.ike.ticket.TicketKeys;
import io.sallyport.ike.v2.task.NatCheck;
import io.sallyport.ike.v2.task.Refusals;
import io.sallyport.ike.v2.task.Say;
import io.sallyport.model.spec.Identity;
import io.sallyport.model.spec.IkeSpec;
import io.sallyport.wire.ike.MalformedException;
import io.sallyport.wire.ike.v2.ExchangeType;
import io.sallyport.wire.ike.v2.Message;
import io.sallyport.wire.ike.v2.MessageRules;
import io.sallyport.wire.ike.v2.MessageRules.MessageKind;
import io.sallyport.wire.ike.v2.Nonce;
import io.sallyport.wire.ike.v2.Notify;
import io.sallyport.wire.ike.v2.Payload;
import io.sallyport.wire.ike.v2.PayloadChain;
import io.sallyport.wire.ike.v2.notify.Notices;
import io.sallyport.wire.ike.v2.notify.Ticket;
import io.sallyport.wire.ike.v2.number.NotifyType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// IKE_SESSION_RESUME that we begin, in place of IKE_SA_INIT, where an IKE SA was lost (RFC 5723);
/// then [InitiatorAuth].
///
/// ```text
///  HDR, [N(COOKIE),] Ni, N(TICKET_OPAQUE)  -->
///                                          <--  HDR, Nr                 and both have new keys from SK_d of the SA before
///                                          <--  HDR, N(TICKET_NACK)     then a whole handshake follows
///  HDR, SK {IDi, IDr, AUTH, ...}           -->
///                                          <--  HDR, SK {IDr, AUTH, ..., N(TICKET_LT_OPAQUE)}
/// ```
final class InitiatorResume implements Handshake {
    private static final int NONCE_OCTETS = 32;
    private static final int MOST_COOKIES = 5;
    private static final long SECOND = 1_000_000_000L;

    private final V2Session session;
    private final Resumable old;
    private final Octets nonce;
    private Octets cookie = Octets.EMPTY;
    private int cookies;
    private V2State state = new V2State.Idle();

    /// @param old this object's to close, or to give back
    InitiatorResume(V2Session session, Resumable old) {
        this.session = session;
        this.old = old;
        this.nonce = session.context().entropy().octets(NONCE_OCTETS);
    }

    // ---- tickets

    /// By what a new IKE SA comes about: where one still stands, and is to be authenticated anew,
    /// by no ticket.
    static Handshake first(V2Session session, long now) {
        Optional<Resumable> ticket =
                isOn(session) && session.connection().current().isEmpty()
                        ? session.connection().wallet().take(now)
                        : Optional.empty();
        return ticket.isPresent()
                ? new InitiatorResume(session, ticket.get())
                : new InitiatorInit(session.context(), session);
    }

    private static boolean isOn(V2Session session) {
        return session.connection().spec().ike().handshake().resumption();
    }

    /// What the first request of IKE_AUTH says (RFC 5723, 4.1).
    static List<Payload> request(V2Session session) {
        return isOn(session) ? List.of(Notify.of(NotifyType.TICKET_REQUEST)) : List.of();
    }

    /// The answer to it. What was not asked for is not kept.
    static void heed(V2Session session, PayloadChain answer, long now) {
        Optional<Notify> given = answer.notify(NotifyType.TICKET_LT_OPAQUE.number());
        Optional<Identity> remote = session.remoteIdentity();
        if (!isOn(session) || remote.isEmpty() || remote.get().equals(Proofs.NOBODY)) {
            return;
        }
        try {
            if (given.isPresent()) {
                Ticket ticket = Ticket.of(given.get());
                long life = Math.min(ticket.lifetimeSeconds() * SECOND, TicketKeys.LONGEST_NANOS);
                long end = Math.min(now + life, session.life().provenUntil());
                session.connection()
                        .wallet()
                        .keep(
                                new Resumable(
                                        ticket.ticket(),
                                        IkeOffers.of(session.suite()),
                                        session.keys().d().copy(),
                                        session.ownIdentity(),
                                        remote.get(),
                                        session.spiI(),
                                        session.spiR(),
                                        Math.min(end, session.life().dates().expiresAt())));
            } else if (answer.notify(NotifyType.TICKET_ACK.number()).isPresent()) {
                // RFC 5723, 4.1: "the client MAY request a ticket later using an Informational
                // exchange"
                ask(session, now);
            }
        } catch (MalformedException e) {
            session.notice(e.what());
        }
    }

    private static void ask(V2Session session, long now) {
        session.exchanges()
                .add(
                        new Say(
                                "a ticket",
                                List.of(Notify.of(NotifyType.TICKET_REQUEST)),
                                answer -> {
                                    if (answer.notify(NotifyType.TICKET_ACK.number()).isEmpty()) {
                                        heed(session, answer, session.lastHeard());
                                    }
                                }),
                        now);
    }

    /// RFC 5723, 6.2: "When the IKE SA is rekeyed, the ticket is invalidated, and the client SHOULD
    /// request a new ticket."
    static void renew(V2Session before, V2Session heir, long now) {
        before.life().withdraw(now);
        if (heir.connection().wallet().drop(before.spiI(), before.spiR())) {
            ask(heir, now);
        }
    }

    // ---- the exchange

    private IkeSpec spec() {
        return session.connection().spec().ike();
    }

    @Override
    public V2State state() {
        return state;
    }

    @Override
    public int exchangeType() {
        return ExchangeType.IKE_SESSION_RESUME;
    }

    @Override
    public boolean takes(int exchangeType) {
        return false;
    }

    void begin(long now) {
        session.minutes().weAre(old.local(), old.remote());
        send(now);
    }

    private void send(long now) {
        List<Payload> payloads = new ArrayList<>();
        if (!cookie.isEmpty()) {
            payloads.add(Notify.of(NotifyType.COOKIE, cookie));
        }
        payloads.add(new Nonce(nonce));
        payloads.add(Notify.of(NotifyType.TICKET_OPAQUE, old.ticket()));
        payloads.addAll(session.natCheck(0).payloads(session.path(), spec().forceEncapsulation()));
        if (V2State.Features.offersFragments(spec())) {
            payloads.add(Notify.of(NotifyType.IKEV2_FRAGMENTATION_SUPPORTED));
        }
        payloads.add(session.redirects().offer());
        Octets message =
                Message.emit(
                        session.spiI(),
                        0,
                        ExchangeType.IKE_SESSION_RESUME,
                        true,
                        false,
                        0,
                        payloads);
        state = new V2State.ResumeSent(message);
        session.courier().sendFirst(ExchangeType.IKE_SESSION_RESUME, message, session.path(), now);
    }

    @Override
    public void onClear(Message m, Input.Datagram d, long now) throws MalformedException {
        if (!(state instanceof V2State.ResumeSent sent) || m.header().messageId() != 0) {
            session.notice("a message in clear where none is due");
            return;
        }
        PayloadChain chain = m.chain();
        Optional<Nonce> theirs = chain.first(Nonce.class);
        Optional<Notify> demanded = chain.notify(NotifyType.COOKIE.number());
        if (chain.unsupportedCritical().isPresent()) {
            session.notice("IKE_SESSION_RESUME answer with an unknown critical payload");
        } else if (theirs.isPresent() && m.header().responderSpi() != 0) {
            MessageRules.check(MessageKind.IKE_SESSION_RESUME_RESPONSE, chain.payloads());
            onAnswer(sent, m, theirs.get(), now);
        } else if (Redirects.isIn(chain)) {
            session.redirects().onFirst(chain, nonce, now);
        } else if (demanded.isPresent()) {
            onCookie(Notices.cookie(demanded.get()), now);
        } else if (chain.notify(NotifyType.TICKET_NACK.number()).isPresent()) {
            onRefused(now);
        } else {
            chain.error()
                    .ifPresent(e ->
                            session.hearsay()
                                    .suspect(
                                            Refusals.cause(e),
                                            "the peer says " + NotifyType.name(e.notifyType())));
        }
    }

    private void onCookie(Octets demanded, long now) {
        if (!demanded.equals(cookie) && ++cookies <= MOST_COOKIES) {
            cookie = demanded;
            send(now);
        }
    }

    /// RFC 5723, 4.3.2: "In that case, the initiator SHOULD re-initiate a regular IKE exchange."
    /// Anybody could have said it; all that it costs is the ticket.
    private void onRefused(long now) {
        state = new V2State.Closed();
        old.close();
        beginAnew(now);
    }

    /// Nobody answers. It may be a gateway by now that does not know the exchange, so that a whole
    /// handshake follows; the ticket waits for the attempt after that.
    void onSilence(long now) {
        state = new V2State.Closed();
        session.connection().wallet().giveBack(old);
        beginAnew(now);
    }

    private void beginAnew(long now) {
        if (session.life().fail(now)) {
            session.connection().forget(session);
            session.connection().call(session.path(), now);
        }
    }

    private void onAnswer(V2State.ResumeSent sent, Message m, Nonce theirs, long now) {
        session.firstAnswered(m.header().responderSpi());
        NatCheck.Finding found =
                session.natCheck(m.header().responderSpi()).find(m.chain(), session.path());
        V2State.Init init =
                new V2State.Init(
                        old.choice(),
                        nonce,
                        theirs.value(),
                        sent.message(),
                        m.octets(),
                        spec().forceEncapsulation()
                                ? new NatCheck.Finding(true, found.peer())
                                : found,
                        V2State.Features.of(m.chain()),
                        Certificates.Asked.NOTHING,
                        Octets.EMPTY);
        state = new V2State.Closed(); // the ticket is InitiatorAuth's from here on
        session.learn(init);
        session.keyring().resume(init, old.d());
        session.floatPorts(init.peer());
        new InitiatorAuth(session, init, Optional.of(old)).begin(now);
    }

    @Override
    public void onSealed(Courier.Heard message, long now) {
        // nothing sealed is awaited before the keys are there
    }

    @Override
    public void onJob(Input answer, long now) {
        // nothing is asked for
    }

    @Override
    public void close() {
        if (state instanceof V2State.ResumeSent || state instanceof V2State.Idle) {
            old.close();
        }
        state = new V2State.Closed();
    }
}
