package io.sallyport.ike.sa;

import io.sallyport.base.time.Deadlines;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.ObjLongConsumer;
import java.util.function.Predicate;
import java.util.function.Supplier;

/// IKE SAs of a connection that were replaced, and when each is closed: once its children are up
/// elsewhere.
///
/// With IKEv2 the ends may each believe another one of two to be the one that stays, when both
/// began and both were rekeyed meanwhile. Then each end renews its children under its own, and
/// would for ever. So one that stays so long is settled by what both ends know alike: their SPIs.
final class Departures {
    private static final long SECOND = 1_000_000_000L;

    /// So many times the handover an end waits for the peer to close one.
    private static final int THEIRS = 4;

    /// So many times the handover one may be leaving until it is settled which of two goes.
    private static final int STALE = 8;

    /// @param at when it is closed
    /// @param since when it was replaced
    private record Departure(long at, long since) {}

    private final Supplier<Optional<IkeSession>> current;
    private final Predicate<IkeSession> haveMoved;
    private final ObjLongConsumer<IkeSession> moveOver;
    private final long handover;
    private final Map<IkeSession, Departure> leaving = new LinkedHashMap<>();

    /// @param current the IKE SA to talk through
    /// @param haveMoved whether the children of one are up elsewhere
    /// @param moveOver begins the children of those that are leaving anew under one
    Departures(
            Supplier<Optional<IkeSession>> current,
            Predicate<IkeSession> haveMoved,
            ObjLongConsumer<IkeSession> moveOver,
            Duration handover) {
        this.current = current;
        this.haveMoved = haveMoved;
        this.moveOver = moveOver;
        this.handover = handover.toNanos();
    }

    boolean has(IkeSession session) {
        return leaving.containsKey(session);
    }

    Set<IkeSession> all() {
        return Set.copyOf(leaving.keySet());
    }

    /// @param ours whether it is our task to close it; the peer is given more time
    void begin(IkeSession session, boolean ours, long now) {
        begin(session, now + (ours ? handover : THEIRS * handover), now);
    }

    private void begin(IkeSession session, long at, long now) {
        Departure before = leaving.get(session);
        leaving.put(session, new Departure(at, before == null ? now : before.since()));
    }

    /// `old` was rekeyed, and `heir` is in its place.
    ///
    /// @param patience how long the peer, who made the heir, may take to close the old one
    void succeeded(IkeSession old, IkeSession heir, boolean ours, long patience, long now) {
        Departure before = leaving.remove(old);
        if (before != null) {
            leaving.put(heir, new Departure(now + handover, before.since()));
        }
        if (!ours) {
            begin(old, now + patience, now);
        }
    }

    void forget(IkeSession session) {
        leaving.remove(session);
    }

    void clear() {
        leaving.clear();
    }

    long nextDeadline() {
        return leaving.values().stream().mapToLong(Departure::at).min().orElse(Deadlines.NEVER);
    }

    void tick(long now) {
        for (IkeSession session : List.copyOf(leaving.keySet())) {
            Departure departure = leaving.get(session);
            if (departure != null) {
                tick(session, departure, now);
            }
        }
    }

    private void tick(IkeSession session, Departure departure, long now) {
        Optional<IkeSession> staying = current.get().filter(s -> !has(s));
        if (staying.isEmpty()) {
            leaving.remove(session); // its successor is gone: it stays
        } else if (now < departure.at()) {
            return;
        } else if (!session.isBusy() && haveMoved.test(session)) {
            session.close("replaced", true, now);
        } else if (!session.isBusy() && now - departure.since() >= STALE * handover) {
            settle(session, staying.get(), now);
        } else {
            // a negotiation is still under way
            leaving.put(session, new Departure(now + SECOND, departure.since()));
        }
    }

    /// RFC 7296, 2.8: two IKE SAs between the same peers are allowed, so no rule there says which
    /// one goes.
    private void settle(IkeSession going, IkeSession staying, long now) {
        IkeSession winner = going.outranks(staying) ? going : staying;
        IkeSession loser = winner == going ? staying : going;
        leaving.remove(going);
        begin(loser, false, now);
        if (winner.initiator()) {
            moveOver.accept(winner, now);
        }
    }
}
