package io.sallyport.ike.v1;

import io.sallyport.base.Octets;
import io.sallyport.base.net.IpAddress;
import io.sallyport.crypto.suite.IkeSuite;
import io.sallyport.ike.machine.Input;
import io.sallyport.ike.machine.Output;
import io.sallyport.ike.sa.Connection;
import io.sallyport.ike.sa.EngineContext;
import io.sallyport.ike.sa.IkeSession;
import io.sallyport.model.event.Event;
import io.sallyport.model.event.Failure;
import io.sallyport.wire.ike.IkeHeader;
import io.sallyport.wire.ike.MalformedException;
import io.sallyport.wire.ike.v1.ExchangeType;
import io.sallyport.wire.ike.v1.Message;
import io.sallyport.wire.ike.v1.MessageRules;
import io.sallyport.wire.ike.v1.MessageRules.MessageKind;
import io.sallyport.wire.ike.v1.Notification;
import io.sallyport.wire.ike.v1.NotifyType;
import io.sallyport.wire.ike.v1.ProtocolId;
import io.sallyport.wire.ike.v1.SaPayload;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// Where peers knock: the first message of a main mode that somebody else begins. Nothing here is
/// authentic, so little is done: an answer is shorter than what asked for it, half-open sessions
/// are counted, and complaints are few.
public final class V1Door {
    private static final long SECOND = 1_000_000_000L;

    private final EngineContext context;
    private long quietUntil = Long.MIN_VALUE;
    private long suppressed;

    public V1Door(EngineContext context) {
        this.context = context;
    }

    /// @param candidates connections whose addresses fit, the most exact first; to be asked again
    ///   later
    public void onFirst(
            IkeHeader header, Input.Datagram d, Supplier<List<Connection>> candidates, long now) {
        if (header.exchangeType() != ExchangeType.MAIN
                || header.messageId() != 0
                || header.flags() != 0) {
            complain(
                    d,
                    header.exchangeType() == ExchangeType.AGGRESSIVE
                            ? "aggressive mode is not spoken: it gives the hash of a pre-shared key to anybody who asks"
                            : "exchange type " + header.exchangeType() + " without an SA",
                    now);
            return;
        }
        try {
            Message message = Message.parse(d.octets());
            MessageRules.check(MessageKind.MAIN_SA, message.chain().payloads());
            SaPayload offer = message.chain().first(SaPayload.class).orElseThrow();
            admit(header, message, offer, d, candidates, now);
        } catch (MalformedException e) {
            complain(d, "message 1: " + e.what(), now);
        }
    }

    private void admit(
            IkeHeader header,
            Message message,
            SaPayload offer,
            Input.Datagram d,
            Supplier<List<Connection>> fitting,
            long now) {
        List<Connection> candidates = fitting.get();
        if (candidates.isEmpty()) {
            complain(d, "no connection for this peer", now);
            refuse(header, d);
            return;
        }
        IpAddress from = d.path().remote().address();
        if (context.table().halfOpen(from) >= context.settings().halfOpenPerPeer()) {
            // Ten first messages in a peer's name must not keep the peer out: the oldest of them
            // that did not go on makes room.
            context.table().oldestBarelyBegun(from).ifPresent(IkeSession::evict);
        }
        int perPeer = context.table().halfOpen(d.path().remote().address());
        if (perPeer >= context.settings().halfOpenPerPeer()
                || context.table().halfOpenInAll() >= context.settings().halfOpenLimit()) {
            complain(d, "too many half-open negotiations (" + perPeer + " of this peer)", now);
            return;
        }
        for (Connection connection : candidates) {
            List<IkeSuite> ours =
                    Phase1Proposals.suites(connection.spec().ike().proposals(), context.crypto());
            Optional<Phase1Offer> chosen = Phase1Proposals.choose(ours, offer);
            if (chosen.isPresent()) {
                long cookie = newCookie();
                V1Session session =
                        V1Session.responder(
                                context,
                                connection,
                                new Meant(context, fitting),
                                cookie,
                                message,
                                chosen.get(),
                                d,
                                now);
                context.table().addResponder(session, connection, header.initiatorSpi());
                connection.add(session, now);
                return;
            }
        }
        Connection first = candidates.getFirst();
        if (mayTell(now)) {
            context.tell(
                    new Event.Failed(
                            new Failure(
                                    first.name(),
                                    d.path().remote().toString(),
                                    "main mode",
                                    "no IKE proposal in common" + suppressedText(),
                                    Phase1Proposals.describe(
                                            Phase1Proposals.suites(
                                                    first.spec().ike().proposals(),
                                                    context.crypto())),
                                    Phase1Proposals.describe(offer),
                                    first.spec().origin()),
                            true));
        }
        refuse(header, d);
    }

    /// RFC 2408, 2.5.3: a cookie must not be guessed; ours is random and unique.
    public long newCookie() {
        long cookie;
        do {
            cookie = context.entropy().octets(8).buffer().getLong();
        } while (context.table().isTaken(cookie));
        return cookie;
    }

    private void refuse(IkeHeader header, Input.Datagram d) {
        Octets answer =
                Message.emit(
                        header.initiatorSpi(),
                        0,
                        ExchangeType.INFORMATIONAL,
                        0,
                        List.of(
                                new Notification(
                                        1,
                                        ProtocolId.ISAKMP,
                                        Octets.EMPTY,
                                        NotifyType.NO_PROPOSAL_CHOSEN,
                                        Octets.EMPTY)));
        if (answer.length() <= d.octets().length()) {
            context.out().add(new Output.Send(d.path(), answer));
        }
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
