package io.sallyport.ike.v2;

import io.sallyport.base.Octets;
import io.sallyport.base.net.IpAddress;
import io.sallyport.crypto.suite.IkeProposal;
import io.sallyport.crypto.suite.Prf;
import io.sallyport.ike.exchange.Cookies;
import io.sallyport.ike.machine.Input;
import io.sallyport.ike.machine.Output;
import io.sallyport.ike.sa.Connection;
import io.sallyport.ike.sa.CrashTokens;
import io.sallyport.ike.sa.Doorstep;
import io.sallyport.ike.sa.EngineContext;
import io.sallyport.ike.sa.IkeSession;
import io.sallyport.ike.select.IkeOffers;
import io.sallyport.ike.ticket.TicketState;
import io.sallyport.ike.v2.task.NatCheck;
import io.sallyport.model.event.Event;
import io.sallyport.wire.ike.IkeHeader;
import io.sallyport.wire.ike.MalformedException;
import io.sallyport.wire.ike.v2.ExchangeType;
import io.sallyport.wire.ike.v2.KeyExchange;
import io.sallyport.wire.ike.v2.Message;
import io.sallyport.wire.ike.v2.MessageRules;
import io.sallyport.wire.ike.v2.MessageRules.MessageKind;
import io.sallyport.wire.ike.v2.Nonce;
import io.sallyport.wire.ike.v2.Notify;
import io.sallyport.wire.ike.v2.PayloadChain;
import io.sallyport.wire.ike.v2.SaPayload;
import io.sallyport.wire.ike.v2.notify.Notices;
import io.sallyport.wire.ike.v2.number.NotifyType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;

/// Where peers knock with IKEv2: the first message of an exchange that somebody else begins.
/// Nothing here is authentic, so little is done: an answer is shorter than what asked for it,
/// half-open sessions are counted, and under load a cookie is demanded before anything is kept or
/// computed (RFC 7296, 2.6).
public final class V2Door {
    private static final long SECOND = 1_000_000_000L;

    /// So many tokens a second.
    private static final int MOST_STRAYS = 50;

    private final EngineContext context;
    private final Cookies cookies;
    private long quietUntil = Long.MIN_VALUE;
    private long suppressed;
    private long strayUntil = Long.MIN_VALUE;
    private int strays;

    public V2Door(EngineContext context) {
        this.context = context;
        this.cookies = new Cookies(context.entropy(), context.crypto().prf(Prf.HMAC_SHA2_256));
    }

    /// @param candidates connections whose addresses fit and that speak IKEv2, the most exact first
    /// @return which took it
    public Optional<Connection> onFirst(
            IkeHeader header, Input.Datagram d, Supplier<List<Connection>> candidates, long now) {
        boolean resumes = header.exchangeType() == ExchangeType.IKE_SESSION_RESUME;
        if (!resumes && header.exchangeType() != ExchangeType.IKE_SA_INIT
                || header.messageId() != 0
                || header.response()
                || !header.fromInitiator()
                || header.initiatorSpi() == 0) {
            complain(d, ExchangeType.name(header.exchangeType()) + " without an SA", now);
            return Optional.empty();
        }
        try {
            Message message = Message.parse(d.octets());
            return resumes
                    ? resume(message, d, candidates, now)
                    : admit(message, d, candidates, now);
        } catch (MalformedException e) {
            complain(d, ExchangeType.name(header.exchangeType()) + ": " + e.what(), now);
            return Optional.empty();
        }
    }

    /// Whether it has a payload that must not be skipped, and is none; it is told.
    private boolean isBeyondUs(Message m, Input.Datagram d) {
        OptionalInt unknown = m.chain().unsupportedCritical();
        unknown.ifPresent(type ->
                refuse(
                        m,
                        d,
                        Notify.of(
                                NotifyType.UNSUPPORTED_CRITICAL_PAYLOAD, Octets.of((byte) type))));
        return unknown.isPresent();
    }

    /// IKE_SESSION_RESUME (RFC 5723, 4.3.2). A ticket that is none, or is used or out of time, or
    /// whose connection is another one by now, is answered with TICKET_NACK, and nothing is kept.
    private Optional<Connection> resume(
            Message m, Input.Datagram d, Supplier<List<Connection>> fitting, long now)
            throws MalformedException {
        PayloadChain chain = m.chain();
        Optional<Nonce> nonce = chain.first(Nonce.class);
        Optional<Notify> shown = chain.notify(NotifyType.TICKET_OPAQUE.number());
        if (isBeyondUs(m, d)) {
            return Optional.empty();
        }
        if (nonce.isEmpty() || shown.isEmpty()) {
            complain(d, "IKE_SESSION_RESUME without nonce or ticket", now);
            refuse(m, d, Notify.of(NotifyType.INVALID_SYNTAX));
            return Optional.empty();
        }
        MessageRules.check(MessageKind.IKE_SESSION_RESUME_REQUEST, chain.payloads());
        if (!isAdmitted(m, nonce.get().value(), d, now)) {
            return Optional.empty();
        }
        Octets ticket = shown.get().data();
        Optional<TicketState> old = context.tickets().open(ticket, now);
        Optional<Connection> taken =
                old.flatMap(state -> resume(m, d, nonce.get(), ticket, state, fitting.get(), now));
        if (taken.isEmpty()) {
            old.ifPresent(TicketState::close);
            refuse(m, d, Notify.of(NotifyType.TICKET_NACK));
        }
        return taken;
    }

    private Optional<Connection> resume(
            Message m,
            Input.Datagram d,
            Nonce nonce,
            Octets ticket,
            TicketState old,
            List<Connection> candidates,
            long now) {
        List<Connection> fitting =
                candidates.stream()
                        .filter(c -> ResponderResume.choice(c.spec(), old, context).isPresent())
                        .toList();
        if (fitting.isEmpty()) {
            return Optional.empty();
        }
        Connection connection = fitting.getFirst();
        V2Session session =
                V2Session.responder(context, connection, context.newIkeSpi(), m, d, now);
        ResponderResume handshake = new ResponderResume(session, ticket, old, fitting);
        session.enter(handshake);
        context.table().addResponder(session, connection, m.header().initiatorSpi());
        connection.add(session, now);
        handshake.answer(
                m, nonce, ResponderResume.choice(connection.spec(), old, context).orElseThrow(), d);
        return Optional.of(connection);
    }

    private Optional<Connection> admit(
            Message m, Input.Datagram d, Supplier<List<Connection>> fitting, long now) {
        PayloadChain chain = m.chain();
        if (isBeyondUs(m, d)) {
            return Optional.empty();
        }
        Optional<SaPayload> sa = chain.first(SaPayload.class);
        Optional<KeyExchange> ke = chain.first(KeyExchange.class);
        Optional<Nonce> nonce = chain.first(Nonce.class);
        if (sa.isEmpty() || ke.isEmpty() || nonce.isEmpty()) {
            complain(d, "IKE_SA_INIT without SA, KE or nonce", now);
            refuse(m, d, Notify.of(NotifyType.INVALID_SYNTAX));
            return Optional.empty();
        }
        try {
            MessageRules.check(MessageKind.IKE_SA_INIT_REQUEST, chain.payloads());
        } catch (MalformedException e) {
            complain(d, e.what(), now);
            refuse(m, d, Notify.of(NotifyType.INVALID_SYNTAX));
            return Optional.empty();
        }
        // Under load first who is there at all: only then what is configured is gone through
        if (!isAdmitted(m, nonce.get().value(), d, now)) {
            return Optional.empty();
        }
        List<Connection> candidates = fitting.get();
        if (candidates.isEmpty()) {
            if (mayTell(now)) {
                context.tell(
                        new Event.Failed(step(sa.get(), d).noConnection(suppressedText()), true));
            }
            refuse(m, d, Notify.of(NotifyType.NO_PROPOSAL_CHOSEN));
            return Optional.empty();
        }
        return choose(m, sa.get(), ke.get(), nonce.get(), d, candidates, now);
    }

    /// Below the limits everybody; above, who shows a cookie; above the hard limits nobody.
    private boolean isAdmitted(Message m, Octets nonce, Input.Datagram d, long now) {
        IpAddress from = d.path().remote().address();
        int perPeer = context.table().halfOpen(from);
        int inAll = context.table().halfOpenInAll();
        // RFC 9329, 6.3: who has a TCP connection is there, and "the exchange Responder SHOULD NOT
        // request a Cookie, without accompanied Puzzles"
        boolean thereSurely = d.path().tcp();
        if (!thereSurely
                && (perPeer >= context.settings().cookiePerPeer()
                        || inAll >= context.settings().cookieInAll())) {
            long spi = m.header().initiatorSpi();
            Optional<Notify> shown = m.chain().notify(NotifyType.COOKIE.number());
            if (shown.isEmpty() || !cookies.isRight(shown.get().data(), nonce, from, spi, now)) {
                refuse(m, d, Notify.of(NotifyType.COOKIE, cookies.of(nonce, from, spi, now)));
                return false;
            }
        }
        if (inAll >= context.settings().halfOpenLimit()) {
            // Who has shown a cookie is there; of who began with IKEv1 and did not go on nobody
            // knows that.
            context.table().oldestBarelyBegun().ifPresent(IkeSession::evict);
        }
        if (perPeer >= context.settings().halfOpenPerPeer()
                || context.table().halfOpenInAll() >= context.settings().halfOpenLimit()) {
            complain(d, "too many half-open negotiations (" + perPeer + " of this peer)", now);
            return false;
        }
        return true;
    }

    private Optional<Connection> choose(
            Message m,
            SaPayload sa,
            KeyExchange ke,
            Nonce nonce,
            Input.Datagram d,
            List<Connection> candidates,
            long now) {
        boolean intermediate =
                m.chain().notify(NotifyType.INTERMEDIATE_EXCHANGE_SUPPORTED.number()).isPresent();
        List<Connection> fitting = new ArrayList<>();
        Optional<IkeOffers.Choice> choice = Optional.empty();
        // Many connections with the same proposals are asked once
        Map<List<IkeProposal>, Optional<IkeOffers.Choice>> asked = new HashMap<>();
        for (Connection c : candidates) {
            Optional<IkeOffers.Choice> of =
                    asked.computeIfAbsent(
                            c.spec().ike().proposals(), ours -> choose(ours, sa, intermediate));
            // All that may still be meant must live with the one choice that is made now.
            if (of.isPresent() && (choice.isEmpty() || choice.equals(of))) {
                choice = of;
                fitting.add(c);
            }
        }
        if (choice.isEmpty()) {
            noProposal(sa, d, candidates.getFirst(), now);
            refuse(m, d, Notify.of(NotifyType.NO_PROPOSAL_CHOSEN));
            return Optional.empty();
        }
        int group = choice.get().suite().group().number();
        if (ke.method() != group) {
            // RFC 7296, 1.2: "the responder indicates its preferred group in INVALID_KE_PAYLOAD"
            refuse(m, d, Notify.of(NotifyType.INVALID_KE_PAYLOAD, Octets.ofInt(group).slice(2, 4)));
            return Optional.empty();
        }
        Connection connection = fitting.getFirst();
        NatCheck.Finding nat =
                new NatCheck(context.crypto().prf(Prf.HMAC_SHA1), m.header().initiatorSpi(), 0)
                        .find(m.chain(), d.path());
        V2State.Request request =
                new V2State.Request(
                        choice.get(),
                        ke.data(),
                        nonce.value(),
                        d.octets(),
                        nat,
                        V2State.Features.of(m.chain())
                                .without(
                                        !V2State.Features.offersFragments(
                                                connection.spec().ike())));
        V2Session session =
                V2Session.responder(context, connection, context.newIkeSpi(), m, d, now);
        ResponderInit handshake = new ResponderInit(context, session, fitting);
        session.enter(handshake);
        handshake.answer(request);
        session.minutes()
                .weOffer(() -> IkeOffers.describe(session.connection().spec().ike().proposals()));
        session.minutes().theyOffer(() -> IkeOffers.describe(sa));
        context.table().addResponder(session, connection, m.header().initiatorSpi());
        connection.add(session, now);
        return Optional.of(connection);
    }

    private Optional<IkeOffers.Choice> choose(
            List<IkeProposal> ours, SaPayload sa, boolean intermediate) {
        // RFC 9370, 2.2.1: additional key exchanges need the peer's word that it knows where
        return IkeOffers.choose(ours, context.crypto(), sa)
                .filter(some -> intermediate || some.suite().additional().isEmpty());
    }

    private void noProposal(SaPayload sa, Input.Datagram d, Connection first, long now) {
        if (mayTell(now)) {
            context.tell(
                    new Event.Failed(
                            step(sa, d)
                                    .noProposal(
                                            first.spec(),
                                            IkeOffers.describe(first.spec().ike().proposals()),
                                            suppressedText()),
                            true));
        }
    }

    private static Doorstep step(SaPayload sa, Input.Datagram d) {
        return new Doorstep(d.path(), "IKE_SA_INIT", IkeOffers.describe(sa));
    }

    /// RFC 7296, 1.5 and 2.6: such an answer has the initiator's SPI, a zero for ours, and leaves
    /// nothing behind. It is never longer than what it answers.
    private void refuse(Message m, Input.Datagram d, Notify why) {
        Octets answer =
                Message.emit(
                        m.header().initiatorSpi(),
                        0,
                        m.header().exchangeType(),
                        false,
                        true,
                        0,
                        List.of(why));
        if (answer.length() <= d.octets().length()) {
            context.out().add(new Output.Send(d.path(), answer));
        }
    }

    /// RFC 7296, 2.5: a message of a higher major version is answered with the highest that we
    /// speak.
    public void onOtherVersion(IkeHeader header, Input.Datagram d, long now) {
        complain(d, "IKE version " + header.majorVersion() + " is not spoken", now);
        if (header.majorVersion() > Message.MAJOR_VERSION && !header.response()) {
            Octets answer =
                    Message.emit(
                            header.initiatorSpi(),
                            header.responderSpi(),
                            header.exchangeType(),
                            false,
                            true,
                            header.messageId(),
                            List.of(Notify.of(NotifyType.INVALID_MAJOR_VERSION)));
            if (answer.length() <= d.octets().length()) {
                context.out().add(new Output.Send(d.path(), answer));
            }
        }
    }

    /// A request under an IKE SA that is not here. Perhaps we had it before we crashed: who has our
    /// token for it may believe so (RFC 6290, 4.4).
    public void onStray(IkeHeader header, Input.Datagram d, long now) {
        if (header.response()
                || header.majorVersion() != Message.MAJOR_VERSION
                || !Courier.isSealed(header)
                || !mayAnswerStray(now)) {
            return;
        }
        CrashTokens.of(context, header.initiatorSpi(), header.responderSpi())
                .ifPresent(token ->
                        context.out()
                                .add(
                                        new Output.Send(
                                                d.path(),
                                                Message.emit(
                                                        header.initiatorSpi(),
                                                        header.responderSpi(),
                                                        header.exchangeType(),
                                                        !header.fromInitiator(),
                                                        true,
                                                        header.messageId(),
                                                        List.of(
                                                                Notify.of(
                                                                        NotifyType.INVALID_IKE_SPI),
                                                                Notices.crashToken(token))))));
    }

    /// Such an answer may be longer than what it answers: so there are few.
    private boolean mayAnswerStray(long now) {
        if (now >= strayUntil) {
            strayUntil = now + SECOND;
            strays = 0;
        }
        return ++strays <= MOST_STRAYS;
    }

    /// Tells of a stranger's message; at most one a second, the others are counted.
    public void complain(Input.Datagram d, String what, long now) {
        if (mayTell(now)) {
            context.tell(new Event.Noticed("", d.path(), what + suppressedText()));
        }
    }

    private boolean mayTell(long now) {
        if (now < quietUntil) {
            suppressed++;
            return false;
        }
        quietUntil = now + SECOND;
        return true;
    }

    private String suppressedText() {
        long n = suppressed;
        suppressed = 0;
        return n == 0 ? "" : " (and " + n + " more like this)";
    }
}
