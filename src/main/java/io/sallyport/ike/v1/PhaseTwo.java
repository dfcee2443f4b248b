package io.sallyport.ike.v1;

import io.sallyport.base.Octets;
import io.sallyport.base.net.Path;
import io.sallyport.base.time.Deadlines;
import io.sallyport.ike.machine.Input;
import io.sallyport.ike.machine.Output;
import io.sallyport.ike.sa.EngineContext;
import io.sallyport.ike.sa.IkeSession;
import io.sallyport.ike.v1.offer.Phase2Life;
import io.sallyport.ike.v1.offer.Phase2Proposals;
import io.sallyport.model.sa.ChildSa;
import io.sallyport.model.sa.SaHalf;
import io.sallyport.model.spec.ChildSpec;
import io.sallyport.wire.ike.IkeHeader;
import io.sallyport.wire.ike.MalformedException;
import io.sallyport.wire.ike.v1.Attribute;
import io.sallyport.wire.ike.v1.Delete;
import io.sallyport.wire.ike.v1.ExchangeType;
import io.sallyport.wire.ike.v1.Notification;
import io.sallyport.wire.ike.v1.NotifyType;
import io.sallyport.wire.ike.v1.Payload;
import io.sallyport.wire.ike.v1.ProtocolId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What runs under an established ISAKMP SA: quick modes, and informational exchanges with deletes,
/// notifications and dead peer detection (RFC 2409, 5.5 and 5.7; RFC 3706).
final class PhaseTwo {
    /// Message IDs we remember: an exchange that was is never taken a second time.
    private static final int REMEMBERED = 1 << 16;

    /// So many exchanges are enough under one ISAKMP SA: it is rekeyed before an ID is forgotten.
    private static final int ENOUGH = REMEMBERED / 4 * 3;

    private static final int MOST_QUICK_MODES = 64;

    /// Of those that are over, which only answer what comes again: the oldest goes first.
    private static final int MOST_OVER = 256;

    private final EngineContext context;
    private final V1Session session;
    private final Established facts;
    private final Map<Integer, QuickMode> quickModes = new LinkedHashMap<>();
    private final Set<Integer> usedMessageIds = new LinkedHashSet<>();
    private long lastHeard;
    private long keepaliveAt = Deadlines.NEVER;
    private int probeSequence;

    /// The number that dead peer detection sent last; path probes take others.
    private int probed;

    private long probedAt;
    private long rtt = -1;
    private Optional<PathProbe> pathProbe = Optional.empty();

    PhaseTwo(EngineContext context, V1Session session, Established facts, long now) {
        this.context = context;
        this.session = session;
        this.facts = facts;
        this.lastHeard = now;
        this.probeSequence = context.entropy().octets(4).buffer().getInt() & 0x7fffffff;
        if (facts.nat().us()) {
            keepaliveAt = now + context.settings().keepalive().toNanos();
        }
    }

    Established facts() {
        return facts;
    }

    long lastHeard() {
        return lastHeard;
    }

    long rtt() {
        return rtt;
    }

    /// An authentic message came.
    void heard(Input.Datagram d, long now) {
        lastHeard = now;
        if (facts.nat().peer() && !d.path().equals(session.path())) {
            session.connection().onSessionMoved(session, d.path());
        }
    }

    // ---- messages

    void onDatagram(IkeHeader header, Input.Datagram d, long now) throws MalformedException {
        int id = header.messageId();
        switch (header.exchangeType()) {
            case ExchangeType.QUICK -> onQuick(header, d, now);
            case ExchangeType.INFORMATIONAL -> {
                if (id == 0 || usedMessageIds.contains(id)) {
                    session.notice("informational message repeated or without message ID");
                } else {
                    onInformational(header, d, now);
                }
            }
            default ->
                    session.notice("exchange type " + header.exchangeType() + " is not supported");
        }
    }

    private void onQuick(IkeHeader header, Input.Datagram d, long now) throws MalformedException {
        int id = header.messageId();
        QuickMode known = quickModes.get(id);
        if (known != null) {
            known.onDatagram(header, d, now);
        } else if (id == 0 || usedMessageIds.contains(id)) {
            session.notice("quick mode with a message ID that was used before");
        } else if (quickModes.values().stream().filter(q -> !q.isOver()).count()
                >= MOST_QUICK_MODES) {
            session.notice("more than " + MOST_QUICK_MODES + " quick modes at once");
        } else {
            QuickMode fresh = QuickMode.responder(quickFacts(id, false, now));
            if (fresh.onFirst(header, d, now)) {
                remember(id);
                keep(id, fresh);
            }
        }
    }

    private void remember(int messageId) {
        if (usedMessageIds.size() >= REMEMBERED) {
            usedMessageIds.remove(usedMessageIds.iterator().next());
        }
        usedMessageIds.add(messageId);
        if (usedMessageIds.size() == ENOUGH) {
            session.rekeySoon();
        }
    }

    private int newMessageId() {
        while (true) {
            int id = context.entropy().octets(4).buffer().getInt();
            // RFC 2408, 3.1: the message ID is 0 in phase 1 only.
            if (id != 0 && !usedMessageIds.contains(id)) {
                remember(id);
                return id;
            }
        }
    }

    /// Opens and authenticates an informational message, then does what it says.
    private void onInformational(IkeHeader header, Input.Datagram d, long now)
            throws MalformedException {
        if ((header.flags() & IkeHeader.FLAG_ENCRYPTION) == 0) {
            // RFC 2409, 5.7: once keys exist, the informational exchange is protected; what is not,
            // says nothing.
            session.notice("informational message in clear under an established SA");
            return;
        }
        Optional<Protection.Opened> opened =
                facts.protection().openInformational(header, d.octets(), facts.lastBlock());
        if (opened.isEmpty()) {
            session.notice("informational message with a wrong hash");
            return;
        }
        remember(header.messageId());
        heard(d, now);
        for (Payload payload : opened.get().chain().payloads()) {
            if (session.phase() == IkeSession.Phase.CLOSED) {
                return; // by a delete before it in the same message
            }
            switch (payload) {
                case Notification n -> onNotification(n, now);
                case Delete x -> onDelete(x, now);
                default -> {}
            }
        }
    }

    /// RFC 2407, 4.6.3.1: the responder ends an SA earlier than was agreed. Only the time can be
    /// shortened of what is installed; the volume counts when it comes beside message 2.
    private void onResponderLifetime(Notification n) throws MalformedException {
        long seconds = Phase2Life.parse(Attribute.parse(n.data())).seconds();
        if (seconds <= 0 || seconds > Integer.MAX_VALUE) {
            return;
        }
        if (n.protocolId() == ProtocolId.ISAKMP) {
            session.shorten(seconds * 1_000_000_000L);
        } else if (n.spi().length() == 4) {
            session.connection()
                    .ledger()
                    .shorten(n.spi().buffer().getInt(), seconds * 1_000_000_000L);
        }
    }

    private void onNotification(Notification n, long now) throws MalformedException {
        switch (n.notifyType()) {
            case NotifyType.R_U_THERE -> {
                if (n.data().length() == 4) {
                    notify(
                            NotifyType.R_U_THERE_ACK,
                            ProtocolId.ISAKMP,
                            facts.protection().cookies(),
                            n.data());
                }
            }
            case NotifyType.R_U_THERE_ACK -> {
                if (n.data().equals(Octets.ofInt(probed))) {
                    rtt = now - probedAt;
                }
                pathProbe
                        .map(p -> p.onAnswer(n.data(), now))
                        .filter(trip -> trip >= 0)
                        .ifPresent(trip -> rtt = trip);
            }
            case NotifyType.RESPONDER_LIFETIME -> onResponderLifetime(n);
            case NotifyType.INITIAL_CONTACT -> session.connection().forgetOthers(session, now);
            default -> {
                if (n.notifyType() < 16384) {
                    onError(n, now);
                }
            }
        }
    }

    /// An error notify (RFC 2408, 3.14.1: below 16384) ends the quick mode that it is about: by
    /// SPI, or the only one.
    private void onError(Notification n, long now) {
        List<QuickMode> waiting =
                quickModes.values().stream().filter(QuickMode::isWaitingForAnswer).toList();
        for (QuickMode quick : waiting) {
            // INVALID-SPI is about an ESP packet that the peer could not place.
            boolean general = n.notifyType() != NotifyType.INVALID_SPI && waiting.size() == 1;
            if (general || n.spi().equals(Octets.ofInt(quick.ourSpi()))) {
                quick.refused(n.notifyType(), now);
                return;
            }
        }
        session.notice("the peer says " + NotifyType.name(n.notifyType()));
    }

    private void onDelete(Delete delete, long now) {
        if (delete.protocolId() == ProtocolId.ESP || delete.protocolId() == ProtocolId.AH) {
            for (Octets spi : delete.spis()) {
                if (spi.length() == 4) {
                    session.connection().ledger().deletedByPeer(spi.buffer().getInt(), now);
                }
            }
        } else if (delete.protocolId() == ProtocolId.ISAKMP) {
            if (delete.spis().contains(facts.protection().cookies())) {
                session.onDeletedByPeer(now);
            } else {
                session.connection().deletedByPeer(delete.spis(), now);
            }
        }
    }

    // ---- sending

    private void informational(Payload payload) {
        context.out()
                .add(new Output.Send(session.path(), sealed(newMessageId(), List.of(payload))));
    }

    /// An informational message of its own.
    private Octets sealed(int id, List<Payload> payloads) {
        return facts.protection().informational(facts.lastBlock(), id, payloads);
    }

    void notify(int type, int protocolId, Octets spi, Octets data) {
        informational(new Notification(1, protocolId, spi, type, data));
    }

    void tellDeleted(ChildSa sa) {
        sa.handling().ah().ifPresent(ah -> tellDeleted(ProtocolId.AH, ah.inbound()));
        tellDeleted(Phase2Proposals.protocolId(sa.suite()), sa.inbound());
    }

    private void tellDeleted(int protocolId, SaHalf half) {
        informational(new Delete(1, protocolId, 4, List.of(Octets.ofInt(half.spi()))));
    }

    boolean canProbe() {
        return facts.chosen().peer().deadPeerDetection();
    }

    void probe(long now) {
        probed = ++probeSequence;
        probedAt = now;
        notify(
                NotifyType.R_U_THERE,
                ProtocolId.ISAKMP,
                facts.protection().cookies(),
                Octets.ofInt(probed));
    }

    void probePath(int octets, long now) {
        if (pathProbe.filter(p -> !p.isOver()).isEmpty()) {
            pathProbe = Optional.of(new PathProbe(new Line(), octets, rtt, now));
        }
    }

    private final class Line implements PathProbe.Line {
        @Override
        public Path path() {
            return session.path();
        }

        @Override
        public int nextNumber() {
            return ++probeSequence;
        }

        @Override
        public int newMessageId() {
            return PhaseTwo.this.newMessageId();
        }

        @Override
        public Octets sealed(int messageId, List<Payload> payloads) {
            return PhaseTwo.this.sealed(messageId, payloads);
        }

        @Override
        public Octets cookies() {
            return facts.protection().cookies();
        }

        @Override
        public void put(Output output) {
            context.out().add(output);
        }
    }

    // ---- quick modes

    void negotiate(ChildSpec child, long now) {
        int id = newMessageId();
        QuickMode quick = QuickMode.initiator(quickFacts(id, true, now), child);
        keep(id, quick);
        quick.begin(now);
    }

    private void keep(int id, QuickMode quick) {
        List<Integer> over =
                quickModes.entrySet().stream()
                        .filter(e -> e.getValue().isOver())
                        .map(Map.Entry::getKey)
                        .toList();
        if (over.size() >= MOST_OVER) {
            quickModes.remove(over.getFirst());
        }
        quickModes.put(id, quick);
    }

    private QuickFacts quickFacts(int messageId, boolean initiator, long now) {
        return new QuickFacts(
                context, session, this, facts.protection(), messageId, initiator, now);
    }

    boolean isNegotiating(String child) {
        return quickModes.values().stream().anyMatch(q -> q.isNegotiating(child));
    }

    boolean isBusy() {
        return quickModes.values().stream().anyMatch(q -> !q.isOver());
    }

    void onJob(Input answer, long now) {
        for (QuickMode quick : new ArrayList<>(quickModes.values())) {
            quick.onJob(answer, now);
        }
    }

    // ---- time

    void onTick(long now) {
        for (QuickMode quick : new ArrayList<>(quickModes.values())) {
            quick.onTick(now);
        }
        quickModes.values().removeIf(q -> q.isForgettable(now));
        pathProbe.ifPresent(p -> p.onTick(now));
        if (now >= keepaliveAt) {
            keepaliveAt = now + context.settings().keepalive().toNanos();
            context.out().add(new Output.Keepalive(session.path()));
        }
    }

    long nextDeadline() {
        long next =
                Math.min(
                        keepaliveAt,
                        pathProbe.map(PathProbe::nextDeadline).orElse(Deadlines.NEVER));
        for (QuickMode quick : quickModes.values()) {
            next = Math.min(next, quick.nextDeadline());
        }
        return next;
    }

    void close(boolean tellPeer, long now) {
        if (tellPeer) {
            informational(
                    new Delete(1, ProtocolId.ISAKMP, 16, List.of(facts.protection().cookies())));
        }
        for (QuickMode quick : quickModes.values()) {
            quick.abandon();
        }
        quickModes.clear();
        keepaliveAt = Deadlines.NEVER;
        pathProbe = Optional.empty();
        facts.protection().close();
    }
}
