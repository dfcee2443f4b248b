package io.sallyport.daemon.steer;

import io.sallyport.base.net.IpAddress;
import io.sallyport.base.net.TrafficSelector;
import io.sallyport.model.event.Event;
import io.sallyport.model.sa.Owner;
import io.sallyport.model.spec.SelectorPair;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What the events told so far, as far as the status and the host need it: which children are up
/// with which selectors, who failed and why, whose peer is dead. The IKE loop's thread owns it.
public final class Board {
    private final Map<Owner, Uplinks> up = new LinkedHashMap<>();
    private final Map<Owner, Long> changed = new HashMap<>();
    private final Map<String, String> failures = new HashMap<>();

    /// What looks like a failure, or is one of somebody who proved nothing: shown where nothing is
    /// up and nothing better is known.
    private final Map<String, String> rumours = new HashMap<>();

    private final Set<String> dead = new HashSet<>();
    private final Set<String> stopped = new HashSet<>();
    private final Map<String, List<IpAddress>> borrowed = new LinkedHashMap<>();
    private Set<String> held = Set.of();
    private final Set<String> givenUp = new HashSet<>();

    /// The SAs of a child, of whichever peers, and what they cover together.
    private static final class Uplinks {
        private final Map<Long, SelectorPair> bySa = new HashMap<>();

        /// How many SAs have these selectors.
        private final Map<SelectorPair, Integer> counts = new LinkedHashMap<>();

        private Optional<SelectorPair> union = Optional.empty();

        /// @return whether what they cover changed
        boolean add(long id, SelectorPair selectors) {
            return bySa.putIfAbsent(id, selectors) == null
                    && counts.merge(selectors, 1, Integer::sum) == 1
                    && changed();
        }

        boolean remove(long id) {
            SelectorPair selectors = bySa.remove(id);
            return selectors != null
                    && counts.computeIfPresent(selectors, (_, n) -> n > 1 ? n - 1 : null) == null
                    && changed();
        }

        private boolean changed() {
            union = Optional.empty();
            return true;
        }

        SelectorPair selectors() {
            if (union.isEmpty()) {
                Set<TrafficSelector> local = new LinkedHashSet<>();
                Set<TrafficSelector> remote = new LinkedHashSet<>();
                for (SelectorPair pair : counts.keySet()) {
                    local.addAll(pair.local());
                    remote.addAll(pair.remote());
                }
                union = Optional.of(new SelectorPair(List.copyOf(local), List.copyOf(remote)));
            }
            return union.get();
        }
    }

    /// Takes an event; true if the set of children that are up, their selectors, or our virtual
    /// addresses changed.
    public boolean take(Event event, long nowNanos) {
        switch (event) {
            case Event.ChildEstablished e -> {
                dead.remove(e.connection());
                failures.remove(e.connection());
                rumours.remove(e.connection());
                if (!up.containsKey(e.sa().owner())) {
                    changed.put(e.sa().owner(), nowNanos);
                }
                return up.computeIfAbsent(e.sa().owner(), _ -> new Uplinks())
                        .add(e.sa().id(), e.sa().selectors());
            }
            case Event.ChildClosed e -> {
                Uplinks of = up.get(e.sa().owner());
                boolean covers = of != null && of.remove(e.sa().id());
                if (of != null && of.bySa.isEmpty()) {
                    up.remove(e.sa().owner());
                    changed.put(e.sa().owner(), nowNanos);
                }
                return covers;
            }
            case Event.PeerDead e -> dead.add(e.connection());
            case Event.IkeEstablished e -> {
                dead.remove(e.connection());
                givenUp.remove(e.connection());
            }
            case Event.AddressesBorrowed e -> {
                borrowed.put(e.connection(), e.addresses());
                return true;
            }
            case Event.AddressesReturned e -> {
                return borrowed.remove(e.connection()) != null;
            }
            case Event.GivenUp e -> givenUp.add(e.connection());
            case Event.Failed e ->
                    (e.byStranger() ? rumours : failures)
                            .put(e.connection(), e.failure().toString());
            case Event.Suspected e ->
                    rumours.put(e.connection(), e.failure().text("will most likely fail"));
            case Event.IkeClosed _,
                    Event.Retransmitted _,
                    Event.NatFound _,
                    Event.PathChanged _,
                    Event.AddressLent _,
                    Event.CalledOff _,
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
        Map<Owner, SelectorPair> all = new LinkedHashMap<>();
        up.forEach((owner, links) -> all.put(owner, links.selectors()));
        return all;
    }

    /// The selectors that a child negotiated; null if it has no SA.
    @Nullable SelectorPair selectors(Owner owner) {
        Uplinks links = up.get(owner);
        return links == null ? null : links.selectors();
    }

    /// Whether a child has an SA.
    public boolean isUp(Owner owner) {
        return up.containsKey(owner);
    }

    /// Virtual addresses of ours, by connection.
    Map<String, List<IpAddress>> borrowed() {
        return Map.copyOf(borrowed);
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
        String known = failures.get(connection);
        if (known != null) {
            return known;
        }
        String said = rumours.getOrDefault(connection, "");
        return said.isEmpty() || isUp(connection) ? "" : said;
    }

    private boolean isUp(String connection) {
        return up.keySet().stream().anyMatch(owner -> owner.connection().equals(connection));
    }

    /// When the child came up or went down last; `start` if it never did.
    long changed(Owner owner, long start) {
        return changed.getOrDefault(owner, start);
    }
}
