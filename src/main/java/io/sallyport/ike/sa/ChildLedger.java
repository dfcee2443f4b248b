package io.sallyport.ike.sa;

import io.sallyport.base.Octets;
import io.sallyport.base.time.Deadlines;
import io.sallyport.ike.machine.Output;
import io.sallyport.model.command.ChildSaView;
import io.sallyport.model.event.Event;
import io.sallyport.model.sa.Carriage;
import io.sallyport.model.sa.ChildSa;
import io.sallyport.model.sa.SaHalf;
import io.sallyport.model.sa.SaUsage;
import io.sallyport.model.sa.VolumeMark;
import io.sallyport.model.spec.ChildSpec;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.LongPredicate;
import java.util.function.Predicate;

/// The child SAs of one connection, and the art of replacing them without losing a packet.
///
/// ```text
///  install ──> INBOUND ──activate──> ACTIVE ──successor active──> REPLACED ──handover──> removed
///                 │                    │                             │
///                 └── lost a crossing ─┼─────────────────────────────┘
///                                      └── deleted by the peer, expired: the newest that is left becomes ACTIVE
/// ```
///
/// Two exchanges that ran at the same time leave two SAs. Both ends then close the one whose
/// exchange has the lowest of the four nonces, the rule of RFC 7296, 2.8.1, which needs no message
/// and so serves IKEv1 as well.
public final class ChildLedger {
    /// How long a replaced SA still receives after its deletion was told.
    private static final long LINGER = 500_000_000L;

    private static final long SECOND = 1_000_000_000L;

    private final EngineContext context;
    private final Connection connection;
    private final List<ChildRecord> records = new ArrayList<>();

    ChildLedger(EngineContext context, Connection connection) {
        this.context = context;
        this.connection = connection;
    }

    /// Makes the inbound half live.
    ///
    /// @param lifeNanos the smaller of our life and the peer's
    public void install(
            ChildSpec spec,
            ChildSa sa,
            boolean initiator,
            Octets lowestNonce,
            long startedAt,
            long lifeNanos,
            long now) {
        Agreed agreed = new Agreed(lifeNanos, spec.lifetime().octets());
        install(
                spec,
                sa,
                new ChildRecord.Birth(initiator, lowestNonce, startedAt, now),
                agreed,
                now);
    }

    /// How long an SA lives, of what both ends want the smaller.
    ///
    /// @param octets 0: no such limit
    public record Agreed(long nanos, long octets) {}

    /// Makes the inbound half live.
    public void install(
            ChildSpec spec, ChildSa unlimited, ChildRecord.Birth birth, Agreed agreed, long now) {
        long lifeNanos = agreed.nanos();
        ChildSa sa =
                unlimited.limited(
                        Volume.limits(
                                spec.lifetime(),
                                agreed.octets(),
                                unlimited.suite().esn(),
                                context.entropy()::below));
        long margin = spec.lifetime().marginOf(lifeNanos, context.entropy()::below);
        long rekeyAt = spec.lifetime().rekey() ? now + lifeNanos - margin : Deadlines.NEVER;
        ChildRecord record = new ChildRecord(spec, sa, birth, rekeyAt, now + lifeNanos);
        // Fresh keys are no traffic
        record.used(Math.max(lastUse(spec.name()), isUp(spec.name()) ? Long.MIN_VALUE : now));
        records.add(record);
        context.owns(connection, sa.id());
        context.out().add(new Output.Install(sa));
    }

    /// As responder: the peer has shown that it has the SA, so our packets may take it.
    public void confirmed(long id, long now) {
        byId(id).ifPresent(r -> {
            if (r.state == ChildRecord.State.INBOUND) {
                activate(r, now);
            } else {
                announce(r, true); // it had to take over before this
            }
        });
    }

    /// Tells, once, that the child has this SA now.
    private void announce(ChildRecord record, boolean rekeyed) {
        if (!record.told) {
            record.told = true;
            context.tell(new Event.ChildEstablished(connection.name(), record.sa, rekeyed));
        }
    }

    /// As responder of IKEv2, with our answer under way: the first SA of a child is used at once; a
    /// successor when the peer shows that it has it, by a packet over it or by its next request
    /// (RFC 7296, 2.8: until then the answer may be lost, and our packets with it).
    public void answered(long id, long now) {
        byId(id).filter(r -> r.state == ChildRecord.State.INBOUND)
                .ifPresent(r -> {
                    if (active(r.child()).isEmpty()) {
                        activate(r, now);
                    } else {
                        r.lookAt = now + context.settings().handover().toNanos() / 8;
                        r.activateAt = now + context.settings().patienceNanos();
                    }
                });
    }

    /// The peer's next request shows that it got our last answer, and so what that created.
    public void shown(LongPredicate ofSession, long now) {
        for (ChildRecord r : List.copyOf(records)) {
            if (r.lookAt != Deadlines.NEVER && ofSession.test(r.sa.id())) {
                confirmed(r.sa.id(), now);
            }
        }
    }

    private void look(ChildRecord r, long now) {
        if (context.usage().usage(r.sa.id()).packetsIn() > 0) {
            confirmed(r.sa.id(), now);
        } else {
            r.lookAt = now + context.settings().handover().toNanos() / 8;
        }
    }

    /// As initiator: our last message is under way. The first SA of a child is used at once; a
    /// successor a little later, because a responder may install it only when that message arrives,
    /// and its packets could overtake it.
    public void completed(long id, long now) {
        byId(id).filter(r -> r.state == ChildRecord.State.INBOUND)
                .ifPresent(r -> {
                    Optional<ChildRecord> before = active(r.child());
                    if (before.isEmpty() || before.get().mark.compareTo(VolumeMark.LOW) >= 0) {
                        activate(r, now);
                    } else {
                        r.activateAt = now + context.settings().handover().toNanos() / 4;
                    }
                });
    }

    private void activate(ChildRecord record, long now) {
        boolean rekeyed = false;
        record.activateAt = Deadlines.NEVER;
        record.lookAt = Deadlines.NEVER;
        for (ChildRecord other : List.copyOf(records)) {
            if (other == record
                    || !other.child().equals(record.child())
                    || other.state == ChildRecord.State.REPLACED) {
                continue;
            }
            rekeyed = true;
            if (other.isAwaited() && loses(record, other)) {
                continue; // it takes over when the peer has shown that it has it
            }
            if (loses(record, other)) {
                replace(record, record.birth.initiator(), now);
                if (other.state != ChildRecord.State.ACTIVE) {
                    turnTo(other);
                }
                announce(record, true);
                return;
            }
            boolean crossed = record.birth.crosses(other.birth);
            replace(other, crossed ? other.birth.initiator() : record.birth.initiator(), now);
        }
        turnTo(record);
        announce(record, rekeyed);
        connection.onChildUp(record.child());
    }

    private boolean loses(ChildRecord record, ChildRecord other) {
        int rank = connection.rank(record.sa.id(), other.sa.id());
        if (rank != 0) {
            return rank < 0;
        }
        return record.birth.crosses(other.birth)
                ? record.birth.lowestNonce().compareTo(other.birth.lowestNonce()) < 0
                : record.birth.isBefore(other.birth);
    }

    private void turnTo(ChildRecord record) {
        record.state = ChildRecord.State.ACTIVE;
        record.activateAt = Deadlines.NEVER;
        record.lookAt = Deadlines.NEVER;
        record.deleteAt = Deadlines.NEVER;
        context.out().add(new Output.Activate(record.sa.id()));
    }

    /// The end that began the exchange deletes soon; the other only if that does not happen.
    private void replace(ChildRecord record, boolean ourTask, long now) {
        record.state = ChildRecord.State.REPLACED;
        long handover = context.settings().handover().toNanos();
        // Before its life ends, so that the peer has turned to the successor by then.
        record.deleteAt =
                Math.min(now + (ourTask ? handover : 4 * handover), record.expiresAt - LINGER);
    }

    /// The SA with this id came so far in its volume. The first mark asks for a successor, the next
    /// one for its use; at the end an SA without successor goes.
    public void volumeSpent(long id, VolumeMark mark, long now) {
        Optional<ChildRecord> spent = byId(id).filter(r -> r.state != ChildRecord.State.REPLACED);
        if (spent.isEmpty()) {
            return; // it is on its way out already
        }
        ChildRecord record = spent.get();
        record.mark = mark;
        switch (mark) {
            case PLENTY -> {}
            case SOFT -> record.rekeyRetryAt = Math.min(record.rekeyRetryAt, now);
            case LOW -> {
                record.rekeyRetryAt = Math.min(record.rekeyRetryAt, now);
                successors(record).stream()
                        .filter(r -> r.activateAt != Deadlines.NEVER)
                        .findFirst()
                        .ifPresent(s -> activate(s, now));
            }
            case OVER -> {
                List<ChildRecord> successors = successors(record);
                if (!successors.isEmpty()) {
                    // even one that the peer did not confirm yet: the old one carries nothing
                    activate(successors.getLast(), now);
                } else {
                    connection.current().ifPresent(s -> s.tellDeleted(record.sa, now));
                    remove(record, "its volume is used up", false, now);
                }
            }
        }
    }

    /// What is installed to take over from it, and waits for its time or for the peer's sign.
    private List<ChildRecord> successors(ChildRecord record) {
        return records.stream()
                .filter(r -> r != record && r.child().equals(record.child()))
                .filter(r -> r.state == ChildRecord.State.INBOUND)
                .toList();
    }

    /// This SA is to be rekeyed then, if nothing has replaced it.
    void rekeyAt(long id, long at) {
        byId(id).ifPresent(r -> r.rekeyRetryAt = Math.min(r.rekeyRetryAt, at));
    }

    /// When the life of this SA ends.
    long endOf(long id) {
        return byId(id).map(r -> r.expiresAt).orElse(Deadlines.NEVER);
    }

    /// When the first life ends of those that carry packets.
    public long firstEnd() {
        return records.stream()
                .filter(r -> r.state == ChildRecord.State.ACTIVE)
                .mapToLong(r -> r.expiresAt)
                .min()
                .orElse(Deadlines.NEVER);
    }

    /// The peer ends the SA that it receives with `peerSpi` earlier than we knew.
    public void shorten(int peerSpi, long lifeNanos) {
        for (ChildRecord r : records) {
            if (r.isPeersSpi(peerSpi)) {
                r.shorten(lifeNanos, context.entropy()::below);
            }
        }
    }

    /// A negotiation that had installed its inbound half came to nothing.
    public void abandon(long id) {
        byId(id).ifPresent(r -> {
            records.remove(r);
            forget(r);
        });
    }

    /// The peer deleted the SA that it receives with `peerSpi`, our outbound half (RFC 2408, 3.15).
    ///
    /// @return whether we had it
    public boolean deletedByPeer(int peerSpi, long now) {
        Optional<ChildRecord> gone =
                records.stream().filter(r -> r.isPeersSpi(peerSpi)).findFirst();
        gone.ifPresent(r -> remove(r, "deleted by the peer", true, now));
        return gone.isPresent();
    }

    private void remove(ChildRecord record, String why, boolean byPeer, long now) {
        passUse(record, byPeer, now);
        records.remove(record);
        boolean wasActive = record.state == ChildRecord.State.ACTIVE;
        Optional<ChildRecord> heir = heirOf(record, _ -> true);
        if (wasActive && heir.isPresent() && active(record.child()).isEmpty()) {
            inherit(heir.get());
        }
        forget(record);
        boolean last = heir.isEmpty() && !record.isTakingLeave();
        context.tell(new Event.ChildClosed(connection.name(), record.sa, why, last));
        if (last) {
            connection.onChildGone(record.spec, byPeer, now);
        }
    }

    /// The newest that is left of its child.
    private Optional<ChildRecord> heirOf(ChildRecord record, Predicate<ChildRecord> which) {
        return records.stream()
                .filter(r -> r != record && r.child().equals(record.child()))
                .filter(r -> !r.isTakingLeave() && which.test(r))
                .max(Comparator.comparingLong(r -> r.birth.establishedAt()));
    }

    /// What carried the child is gone before its successor's turn came: a peer that authenticates
    /// anew says nothing over the new IKE SA before it deletes the old one. Told first, so that
    /// nobody takes the child for down in between.
    private void inherit(ChildRecord heir) {
        boolean agreed = heir.lookAt != Deadlines.NEVER || heir.activateAt != Deadlines.NEVER;
        turnTo(heir);
        if (agreed) {
            announce(heir, true);
            connection.onChildUp(heir.child());
        }
    }

    private void forget(ChildRecord record) {
        context.disowned(record.sa.id());
        context.out().add(new Output.Remove(record.sa.id()));
        forget(record.sa.inbound(), record.sa.outbound());
        record.sa.handling().ah().ifPresent(ah -> forget(ah.inbound(), ah.outbound()));
    }

    private void forget(SaHalf inbound, SaHalf outbound) {
        context.releaseInboundSpi(inbound.spi());
        for (SaHalf half : List.of(inbound, outbound)) {
            half.encryptionKey().close();
            half.integrityKey().close();
        }
    }

    Optional<String> childOf(long id) {
        return byId(id).map(ChildRecord::child);
    }

    /// Whether its child has no other SA.
    boolean isOnly(long id) {
        Optional<String> child = childOf(id);
        return records.stream()
                .filter(r -> r.sa.id() != id && !r.isTakingLeave())
                .noneMatch(r -> child.filter(r.child()::equals).isPresent());
    }

    /// Removes one; the peer is told if a session is given.
    void close(long id, String why, Optional<IkeSession> teller, long now) {
        byId(id).ifPresent(record -> {
            teller.ifPresent(s -> s.tellDeleted(record.sa, now));
            remove(record, why, false, now);
        });
    }

    /// Removes all; the peer is told if a session is given.
    void removeAll(String why, Optional<IkeSession> teller, long now) {
        for (ChildRecord record : List.copyOf(records)) {
            teller.ifPresent(s -> s.tellDeleted(record.sa, now));
        }
        while (!records.isEmpty()) {
            remove(records.getLast(), why, false, now);
        }
    }

    /// Removes all, because the peer has none of them any more.
    void forgetAll(String why, long now) {
        while (!records.isEmpty()) {
            remove(records.getLast(), why, true, now);
        }
    }

    /// Removes those from before `time`, because the peer has none of them any more.
    void forgetOlder(long time, String why, long now) {
        for (ChildRecord record : List.copyOf(records)) {
            if (records.contains(record) && record.birth.establishedAt() < time) {
                remove(record, why, true, now);
            }
        }
    }

    /// Does what is due: activation, the end of replaced and of expired SAs, and rekeying.
    void tick(long now) {
        for (ChildRecord record : List.copyOf(records)) {
            if (!records.contains(record)) {
                continue;
            }
            if (now >= record.activateAt) {
                activate(record, now);
            } else if (now >= record.lookAt) {
                look(record, now);
            }
            if (now >= record.expiresAt || now >= record.deleteAt) {
                String why = record.state == ChildRecord.State.REPLACED ? "replaced" : "expired";
                boolean told = record.deletionTold;
                if (!told) {
                    record.deletionTold = true;
                    connection.teller(record.sa.id()).ifPresent(s -> s.tellDeleted(record.sa, now));
                }
                boolean heard = told && !connection.isTelling(record.sa);
                if (!heard
                        && record.state == ChildRecord.State.REPLACED
                        && now < record.expiresAt) {
                    // strongSwan turns to the new SA when our DELETE comes, and who took another
                    // for the successor sends by this one until then: that still comes. DELETE may
                    // have to wait for what is asked before it.
                    record.deleteAt = now + LINGER;
                } else {
                    remove(record, why, false, now);
                }
            } else if (record.state == ChildRecord.State.ACTIVE && now >= record.askAt) {
                judgeIdleness(record, now);
            } else if (record.state == ChildRecord.State.ACTIVE && now >= record.rekeyRetryAt) {
                rekey(record, now);
            }
        }
    }

    /// A child that carried nothing for as long as it may ends, and is not wanted any more until
    /// somebody, or a packet, asks for it (`inactivity`).
    private void judgeIdleness(ChildRecord record, long now) {
        long most = record.spec.options().inactivityNanos();
        record.used(lastUse(record.child()));
        if (record.askAt > now) {
            return;
        }
        if (connection.underWay().isMaking(record.child()) || !successors(record).isEmpty()) {
            record.askAt = now + UnderWay.TURN; // not under what is being made
            return;
        }
        if (connection.teller(record.sa.id()).isEmpty()) {
            record.askAt = now + most; // IKEv1 between two IKE SAs: the peer could not be told
            return;
        }
        connection.onIdle(record.child());
        String why = "no traffic for " + most / SECOND + " s (inactivity)";
        for (ChildRecord r : List.copyOf(records)) {
            if (r.child().equals(record.child()) && !r.isTakingLeave()) {
                connection.teller(r.sa.id()).ifPresent(s -> s.tellDeleted(r.sa, now));
                remove(r, why, false, now);
            }
        }
    }

    /// When a packet of this child was carried last, by any of its SAs; `Long.MIN_VALUE`: unknown.
    private long lastUse(String child) {
        long last = Long.MIN_VALUE;
        for (ChildRecord r : records) {
            if (r.child().equals(child)) {
                SaUsage usage = context.usage().usage(r.sa.id());
                last = Math.max(last, Math.max(r.usedAt, usage.lastInNanos()));
                last = Math.max(last, usage.lastOutNanos());
            }
        }
        return last;
    }

    /// What an SA of this child carried counts for those that stay, and a peer that ends it because
    /// it was idle need not wait for the same here.
    private void passUse(ChildRecord going, boolean byPeer, long now) {
        long most = going.spec.options().inactivityNanos();
        if (most == 0) {
            return;
        }
        long last = lastUse(going.child());
        records.stream()
                .filter(r -> r != going && r.child().equals(going.child()))
                .forEach(r -> r.used(last));
        if (byPeer && now - last >= most - most / 10) {
            connection.onIdle(going.child());
        }
    }

    private void rekey(ChildRecord record, long now) {
        if (connection.underWay().isInTheWayOf(record.child(), now)) {
            record.rekeyRetryAt = now + UnderWay.TURN;
        } else if (!successors(record).isEmpty()) {
            // It takes over, or it lost against this one and goes: then this one needs another.
            record.rekeyRetryAt = now + context.settings().handover().toNanos() / 8;
        } else {
            // What the exchange comes to may set another time before it begins.
            record.rekeyRetryAt = now + context.settings().retransmit().most().toNanos();
            connection.rekeyChild(record.spec, now);
        }
    }

    long nextDeadline() {
        long next = Deadlines.NEVER;
        for (ChildRecord record : records) {
            next =
                    Math.min(
                            next,
                            Math.min(
                                    Math.min(record.activateAt, record.lookAt),
                                    Math.min(record.deleteAt, record.expiresAt)));
            if (record.state == ChildRecord.State.ACTIVE) {
                next = Math.min(next, Math.min(record.askAt, record.rekeyRetryAt));
            }
        }
        return next;
    }

    /// All SAs follow the peer to another address or port.
    void move(Carriage carriage) {
        for (ChildRecord record : records) {
            if (record.carriage.udp()) {
                record.carriage = carriage;
                context.out().add(new Output.Move(record.sa.id(), carriage));
            }
        }
    }

    /// All SAs go along another path, those that went in UDP and those that did not.
    void relocate(Carriage carriage) {
        for (ChildRecord record : records) {
            // AH covers the addresses: it cannot pass a NAT
            if (!carriage.udp() || !record.sa.suite().isAh()) {
                record.carriage = carriage;
                context.out().add(new Output.Move(record.sa.id(), carriage));
            }
        }
    }

    /// The SA that the peer receives with `spi`.
    public Optional<ChildSa> byPeerSpi(int spi) {
        return records.stream().map(r -> r.sa).filter(sa -> sa.outbound().spi() == spi).findFirst();
    }

    public Optional<ChildSpec> specOf(long id) {
        return byId(id).map(r -> r.spec);
    }

    /// The SA that carries a child's packets.
    public Optional<ChildSa> activeOf(String child) {
        return active(child).map(r -> r.sa);
    }

    /// When the peer may have begun to rekey this SA. If we have made it a successor already, both
    /// ends rekey it at the same time, however late the peer's request comes (RFC 7296, 2.8.1).
    public long startedAtForRekeying(long id, long now) {
        return byId(id).filter(old -> records.stream().anyMatch(r -> r.isOurSuccessorOf(old)))
                .map(old -> old.birth.establishedAt() + 1)
                .orElse(now);
    }

    /// Whether a successor of this SA is there, in use or not yet.
    public boolean hasSuccessor(long id) {
        return byId(id).filter(old ->
                        old.state == ChildRecord.State.REPLACED || !successors(old).isEmpty())
                .isPresent();
    }

    /// Ends one SA; nobody is told.
    ///
    /// @param byPeer whether the peer wanted it so
    public void end(long id, String why, boolean byPeer, long now) {
        byId(id).ifPresent(r -> remove(r, why, byPeer, now));
    }

    /// The IKE SA of this one is closed, and the peer is being told. Until it knows, it may send
    /// over any SA that it has there, and receives over it: if another IKE SA has the child, too,
    /// that carries our packets, and this one only receives until [#closedAtPeer]. RFC 7296, 1.4.1:
    /// "A node MAY refuse to accept incoming data on half-closed connections"; we do not.
    ///
    /// @param closing the child SAs of that IKE SA
    /// @return whether it still receives
    public boolean endSoon(long id, LongPredicate closing, String why, long now) {
        Optional<ChildRecord> ending = byId(id);
        if (ending.isEmpty()) {
            return false;
        }
        ChildRecord record = ending.get();
        Optional<ChildRecord> heir = heirOf(record, r -> !closing.test(r.sa.id()));
        if (heir.isEmpty() || now >= record.expiresAt) {
            remove(record, why, false, now);
            return false;
        }
        if (record.state == ChildRecord.State.ACTIVE) {
            inherit(heir.get());
        }
        record.takeLeave();
        return true;
    }

    /// The peer knows that this one is closed: only what is under way still comes.
    public void closedAtPeer(long id, long now) {
        byId(id).filter(ChildRecord::isTakingLeave)
                .ifPresent(r -> r.deleteAt = Math.min(r.deleteAt, now + LINGER));
    }

    private Optional<ChildRecord> byId(long id) {
        for (ChildRecord r : records) {
            if (r.sa.id() == id) {
                return Optional.of(r);
            }
        }
        return Optional.empty();
    }

    private Optional<ChildRecord> active(String child) {
        for (ChildRecord r : records) {
            if (r.state == ChildRecord.State.ACTIVE && r.child().equals(child)) {
                return Optional.of(r);
            }
        }
        return Optional.empty();
    }

    /// Whether this child has an SA that carries our packets.
    public boolean isUp(String child) {
        return active(child).isPresent();
    }

    /// Whether no child SA is left of earlier times.
    public boolean isClear() {
        return records.isEmpty();
    }

    boolean owns(long childSaId) {
        return byId(childSaId).isPresent();
    }

    /// When an authentic packet came last over any of these SAs; `Long.MIN_VALUE`: never.
    long lastInbound() {
        long last = Long.MIN_VALUE;
        for (ChildRecord record : records) {
            last = Math.max(last, context.usage().usage(record.sa.id()).lastInNanos());
        }
        return last;
    }

    List<ChildSaView> views(LongPredicate which) {
        return records.stream()
                .filter(r -> which.test(r.sa.id()))
                .map(r ->
                        new ChildSaView(
                                r.sa,
                                r.state.name(),
                                r.birth.establishedAt(),
                                r.rekeyAt,
                                r.expiresAt,
                                context.usage().usage(r.sa.id())))
                .toList();
    }
}
