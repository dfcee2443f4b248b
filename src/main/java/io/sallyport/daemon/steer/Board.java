package io.sallyport.daemon.steer;

import io.sallyport.model.event.Event;
import io.sallyport.model.sa.Owner;
import io.sallyport.model.spec.SelectorPair;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/// What the events told so far, as far as the status and the host need it: which children are up
/// with which selectors, who failed and why, whose peer is dead. The IKE loop's thread owns it.
public final class Board {
    private final Map<Owner, SelectorPair> up = new LinkedHashMap<>();
    private final Map<Owner, Long> changed = new HashMap<>();
    private final Map<String, String> failures = new HashMap<>();
    private final Set<String> dead = new HashSet<>();
    private final Set<String> stopped = new HashSet<>();
    private Set<String> held = Set.of();
    private final Set<String> givenUp = new HashSet<>();

    /// Takes an event; true if the set of children that are up, or their selectors, changed.
    public boolean take(Event event, long nowNanos) {
        switch (event) {
            case Event.ChildEstablished e -> {
                dead.remove(e.connection());
                failures.remove(e.connection());
                SelectorPair before = up.put(e.sa().owner(), e.sa().selectors());
                if (before == null) {
                    changed.put(e.sa().owner(), nowNanos);
                }
                return !e.sa().selectors().equals(before);
            }
            case Event.ChildClosed e -> {
                if (e.last() && up.remove(e.sa().owner()) != null) {
                    changed.put(e.sa().owner(), nowNanos);
                    return true;
                }
                return false;
            }
            case Event.PeerDead e -> dead.add(e.connection());
            case Event.IkeEstablished e -> {
                dead.remove(e.connection());
                givenUp.remove(e.connection());
            }
            case Event.GivenUp e -> givenUp.add(e.connection());
            case Event.Failed e -> failures.put(e.connection(), e.failure().toString());
            case Event.Suspected e ->
                    failures.put(e.connection(), e.failure().text("will most likely fail"));
            case Event.IkeClosed _,
                    Event.Retransmitted _,
                    Event.NatFound _,
                    Event.PathChanged _,
                    Event.InternalError _,
                    Event.Noticed _,
                    Event.WeakAlgorithm _,
                    Event.IkeKeysForExport _ -> {}
        }
        return false;
    }

    /// A person took it down; it stays down.
    public void stop(String connection) {
        stopped.add(connection);
        dead.remove(connection);
    }

    /// A person wants it up.
    public void start(String connection) {
        stopped.remove(connection);
        givenUp.remove(connection);
    }

    /// Children that have an SA, with the selectors they negotiated.
    public Map<Owner, SelectorPair> up() {
        return Map.copyOf(up);
    }

    public Set<String> stopped() {
        return Set.copyOf(stopped);
    }

    /// Connections that stand by.
    void hold(Set<String> connections) {
        held = Set.copyOf(connections);
    }

    boolean isHeld(String connection) {
        return held.contains(connection);
    }

    boolean isDead(String connection) {
        return dead.contains(connection);
    }

    boolean isStopped(String connection) {
        return stopped.contains(connection);
    }

    boolean hasGivenUp(String connection) {
        return givenUp.contains(connection);
    }

    String lastFailure(String connection) {
        return failures.getOrDefault(connection, "");
    }

    /// When the child came up or went down last; `start` if it never did.
    long changed(Owner owner, long start) {
        return changed.getOrDefault(owner, start);
    }
}
