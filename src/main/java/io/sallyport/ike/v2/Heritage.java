package io.sallyport.ike.v2;

import io.sallyport.base.Octets;
import io.sallyport.ike.sa.ChildLedger;
import io.sallyport.ike.sa.Connection;
import io.sallyport.ike.sa.IkeSession;
import io.sallyport.ike.v2.task.CreateChild;
import io.sallyport.ike.v2.task.DeleteChild;
import io.sallyport.ike.v2.task.Succession;
import io.sallyport.ike.v2.task.Task;
import io.sallyport.model.sa.ChildSa;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The child SAs of one IKE SA, and which successor inherits them (RFC 7296, 2.8 and 2.18).
///
/// ```text
///  we rekey, the peer does not        ours inherits; we close the old SA
///  the peer rekeys, we do not         the peer's inherits; the peer closes the old SA
///  both                               of the four nonces the lowest loses: its creator closes the SA that it made,
///                                     and the other one the old SA
/// ```
final class Heritage {
    private final V2Session session;
    private final Set<Long> children = new LinkedHashSet<>();

    /// Those that still receive though this IKE SA is closed: until the peer knows that.
    private final Set<Long> parting = new LinkedHashSet<>();

    /// The successor that the peer made while we are making one.
    private Optional<Rival> rival = Optional.empty();

    /// Whose children this SA will inherit, while that is not decided.
    private Optional<Heritage> predecessor = Optional.empty();

    private record Rival(V2Session heir, Octets lowestNonce) {}

    Heritage(V2Session session) {
        this.session = session;
    }

    private Connection connection() {
        return session.connection();
    }

    private ChildLedger ledger() {
        return connection().ledger();
    }

    // ---- children

    void take(long childSaId) {
        children.removeIf(id -> ledger().specOf(id).isEmpty());
        children.add(childSaId);
    }

    boolean owns(long childSaId) {
        return children.contains(childSaId);
    }

    /// @return whether it was one of these
    boolean giveUp(long childSaId) {
        return children.remove(childSaId);
    }

    /// The child SA of this session that the peer receives with `spi`.
    Optional<ChildSa> byPeerSpi(int spi) {
        return ledger().byPeerSpi(spi).filter(s -> children.contains(s.id()));
    }

    /// Ends a child SA that the peer deletes by the SPI that it receives with.
    ///
    /// @return ours, if we had it
    Optional<Integer> deletedByPeer(int peerSpi, long now) {
        if (predecessor.isPresent()) {
            return predecessor.get().deletedByPeer(peerSpi, now);
        }
        Optional<ChildSa> sa = byPeerSpi(peerSpi);
        sa.ifPresent(s -> {
            children.remove(s.id());
            ledger().end(s.id(), "deleted by the peer", true, now);
        });
        return sa.map(s -> s.inbound().spi());
    }

    /// RFC 7296, 1.4.1: closing the IKE SA closes its children.
    ///
    /// @param telling whether the peer hears of it only now
    void end(String why, boolean byPeer, boolean telling, long now) {
        rival.ifPresent(r -> r.heir().gone(now));
        rival = Optional.empty();
        for (long id : List.copyOf(children)) {
            if (telling) {
                if (ledger().endSoon(id, this::owns, why, now)) {
                    parting.add(id);
                }
            } else {
                ledger().end(id, why, byPeer, now);
            }
        }
        children.clear();
    }

    /// The peer knows that this IKE SA is closed, or is given up.
    void closedAtPeer(long now) {
        parting.forEach(id -> ledger().closedAtPeer(id, now));
        parting.clear();
    }

    // ---- succession

    /// Whether it is not decided yet that this SA takes over.
    boolean isUndecided() {
        return predecessor.isPresent();
    }

    /// A successor is made.
    void settle(V2Session heir, Succession s, long now) {
        if (!s.ours() && session.exchanges().isRekeyingIke()) {
            rival = Optional.of(new Rival(heir, s.lowestNonce()));
            heir.heritage().predecessor = Optional.of(this);
            return;
        }
        if (!s.ours()) {
            inherit(heir, false, now);
            return;
        }
        Optional<Rival> other = takeRival();
        // RFC 7296, 2.8.1: the SA created with the lowest of the four nonces is closed by the end
        // that created it; 2.8.2 says the same of IKE SAs.
        if (other.isPresent() && s.lowestNonce().compareTo(other.get().lowestNonce()) < 0) {
            inherit(other.get().heir(), false, now);
            connection().add(heir, now);
            heir.close("lost against the peer's own rekeying", true, now);
            return;
        }
        other.ifPresent(r -> connection().add(r.heir(), now));
        inherit(heir, true, now);
        other.ifPresent(r -> {
            r.heir().heritage().predecessor = Optional.empty();
            connection().onRedundant(r.heir(), now);
        });
        session.close("replaced", true, now);
    }

    /// Our own attempt came to nothing: the peer's successor takes over, if there is one.
    void settleWithout(long now) {
        takeRival().ifPresent(r -> inherit(r.heir(), false, now));
    }

    private Optional<Rival> takeRival() {
        Optional<Rival> living =
                rival.filter(r -> r.heir().phase() == IkeSession.Phase.ESTABLISHED);
        rival = Optional.empty();
        return living;
    }

    private void inherit(V2Session heir, boolean ours, long now) {
        heir.heritage().children.addAll(children);
        heir.heritage().predecessor = Optional.empty();
        children.clear();
        List<Task> unbegun = session.exchanges().unbegun();
        connection().onSucceeded(session, heir, ours, now);
        session.exchanges().retire();
        if (ours) {
            heir.tellToken(now);
        }
        InitiatorResume.renew(session, heir, now);
        unbegun.forEach(task -> goOn(task, heir, now));
    }

    /// What waited for its turn under this IKE SA is done under its heir, which "inherits all of
    /// the Child SAs" (RFC 7296, 2.8): else a child would outlive its time for want of a successor,
    /// or the peer would keep one that we gave up.
    private static void goOn(Task task, V2Session heir, long now) {
        switch (task) {
            case CreateChild c -> heir.negotiate(c.spec(), now);
            case DeleteChild d -> heir.exchanges().add(d, now);
            default -> {}
        }
    }
}
