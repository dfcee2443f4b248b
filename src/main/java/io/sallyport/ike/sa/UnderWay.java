package io.sallyport.ike.sa;

import java.util.Optional;

/// What a connection's IKEv1 SAs have under way that the rekeying of a child waits for.
final class UnderWay {
    /// How long one rekeying gives way to another that is about done, before it looks again.
    static final long TURN = 50_000_000L;

    /// What takes longer than this is in trouble; nothing waits for it.
    static final long PATIENCE = 2_000_000_000L;

    private final Connection connection;

    UnderWay(Connection connection) {
        this.connection = connection;
    }

    /// Whether a child is not to be rekeyed just now.
    boolean isInTheWayOf(String child, long now) {
        return isRenewing(now) || isFinishing(child, now);
    }

    /// Whether an SA of this child is being made.
    boolean isMaking(String child) {
        return connection.sessions().stream().anyMatch(s -> s.isNegotiating(child));
    }

    /// Whether an IKEv1 SA is about to be replaced. strongSwan moves the children of the old SA to
    /// the new one when it comes; a quick mode that crosses that makes a child of the old SA, which
    /// goes with it. So the two take turns.
    private boolean isRenewing(long now) {
        return connection.sessions().stream()
                .anyMatch(s ->
                        s.initiator()
                                && !s.carriesChildren()
                                && s.phase() == IkeSession.Phase.NEGOTIATING
                                && now < s.startedAt() + PATIENCE);
    }

    /// Whether this child is negotiated under an IKEv1 SA that has a successor since just now: what
    /// is under way there is done there, and not begun a second time. Of two quick modes of one end
    /// for one child the two ends could take different ones for the later one.
    boolean isFinishing(String child, long now) {
        Optional<IkeSession> current = connection.current().filter(s -> !s.carriesChildren());
        return current.filter(s -> now < s.establishedAt() + PATIENCE).isPresent()
                && connection.sessions().stream()
                        .anyMatch(s -> s != current.get() && s.isNegotiating(child));
    }
}
