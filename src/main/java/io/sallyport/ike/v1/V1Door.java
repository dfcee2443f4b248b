package io.sallyport.ike.v1;

import io.sallyport.base.Octets;
import io.sallyport.base.net.IpAddress;
import io.sallyport.crypto.suite.IkeSuite;
import io.sallyport.ike.machine.Input;
import io.sallyport.ike.machine.Output;
import io.sallyport.ike.sa.Connection;
import io.sallyport.ike.sa.Doorstep;
import io.sallyport.ike.sa.EngineContext;
import io.sallyport.ike.sa.IkeSession;
import io.sallyport.ike.v1.offer.AuthenticationMethod;
import io.sallyport.ike.v1.offer.Phase1Offer;
import io.sallyport.ike.v1.offer.Phase1Proposals;
import io.sallyport.model.event.Event;
import io.sallyport.model.spec.ConnectionSpec;
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
    /// @return which took it
    public Optional<Connection> onFirst(
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
            return Optional.empty();
        }
        try {
            Message message = Message.parse(d.octets());
            MessageRules.check(MessageKind.MAIN_SA, message.chain().payloads());
            SaPayload offer = message.chain().first(SaPayload.class).orElseThrow();
            return admit(header, message, offer, d, candidates, now);
        } catch (MalformedException e) {
            complain(d, "message 1: " + e.what(), now);
            return Optional.empty();
        }
    }

    private Optional<Connection> admit(
            IkeHeader header,
            Message message,
            SaPayload offer,
            Input.Datagram d,
            Supplier<List<Connection>> fitting,
            long now) {
        List<Connection> candidates = fitting.get();
        if (candidates.isEmpty()) {
            if (mayTell(now)) {
                context.tell(new Event.Failed(step(offer, d).noConnection(suppressedText()), true));
            }
            refuse(header, d);
            return Optional.empty();
        }
        IpAddress from = d.path().remote().address();
        if (context.table().halfOpen(from) >= context.settings().halfOpenPerPeer()) {
            // Ten first messages in a peer's name must not keep the peer out: the oldest of them
            // that did not go on makes room.
            context.table().oldestBarelyBegun(from).ifPresent(IkeSession::evict);
        }
        if (context.table().halfOpenInAll() >= context.settings().halfOpenLimit()) {
            // Neither must a thousand in the names of others. Who means it goes on within a round
            // trip, and is no longer among those that make room.
            context.table().oldestBarelyBegun().ifPresent(IkeSession::evict);
        }
        int perPeer = context.table().halfOpen(from);
        if (perPeer >= context.settings().halfOpenPerPeer()
                || context.table().halfOpenInAll() >= context.settings().halfOpenLimit()) {
            complain(d, "too many half-open negotiations (" + perPeer + " of this peer)", now);
            return Optional.empty();
        }
        for (Connection connection : candidates) {
            Optional<Phase1Offer> chosen =
                    Phase1Proposals.choose(
                            ours(connection), Proofs.methods(connection.spec(), context), offer);
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
                session.minutes().theyOffer(() -> Phase1Proposals.describe(offer));
                context.table().addResponder(session, connection, header.initiatorSpi());
                connection.add(session, now);
                return Optional.of(connection);
            }
        }
        Connection first = candidates.getFirst();
        if (mayTell(now)) {
            context.tell(
                    new Event.Failed(
                            step(offer, d)
                                    .noProposal(first.spec(), weTake(first), suppressedText()),
                            true));
        }
        refuse(header, d);
        return Optional.empty();
    }

    private List<IkeSuite> ours(Connection connection) {
        return Phase1Proposals.suites(connection.spec().ike().proposals(), context.crypto());
    }

    private String weTake(Connection connection) {
        List<AuthenticationMethod> methods = Proofs.methods(connection.spec(), context);
        return methods.isEmpty()
                ? "nothing: no private key that signs in IKEv1 for "
                        + connection.spec().local().identity()
                : Phase1Proposals.describe(ours(connection), methods);
    }

    /// Whether main mode can prove both ends as this connection demands.
    public static boolean mayBeFor(ConnectionSpec spec) {
        return Proofs.canBe(spec);
    }

    private static Doorstep step(SaPayload offer, Input.Datagram d) {
        return new Doorstep(d.path(), "main mode", Phase1Proposals.describe(offer));
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
