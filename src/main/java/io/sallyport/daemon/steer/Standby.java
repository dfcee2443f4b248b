package io.sallyport.daemon.steer;

import io.sallyport.model.spec.Actions;
import io.sallyport.model.spec.ChildSpec;
import io.sallyport.model.spec.ConnectionSpec;
import io.sallyport.model.spec.LinkSpec;
import io.sallyport.model.spec.SelectorPair;
import io.sallyport.model.spec.VpnSpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/// S3-02: of policy-based connections that are for the same traffic and all begin by themselves,
/// one at a time is up, the first in the file that can be. The others are held down until those
/// before them are lost, and again when one of those is back.
///
/// ```text
///          first is lost, or cannot be had              first is up
///  held ------------------------------------> tried ------------------> held
/// ```
///
/// The IKE loop's thread owns it.
final class Standby {
    /// The names of each group, in the order of the file.
    private final List<List<String>> groups = new ArrayList<>();

    private final Map<String, List<String>> groupOf = new HashMap<>();
    private final Set<String> held = new HashSet<>();
    private boolean contested;

    /// Groups anew. What was tried and is still there goes on being tried.
    void load(VpnSpec vpn) {
        Set<String> before = new HashSet<>(groupOf.keySet());
        before.removeAll(held);
        groups.clear();
        groupOf.clear();
        held.clear();
        // Each is compared with those only that have its first child's traffic
        Map<SelectorPair, List<ConnectionSpec>> leaders = new HashMap<>();
        for (ConnectionSpec connection : vpn.connections()) {
            if (!begins(connection)) {
                continue;
            }
            leaders.getOrDefault(connection.children().getFirst().selectors(), List.of()).stream()
                    .filter(leader -> covers(leader, connection))
                    .findFirst()
                    .ifPresentOrElse(
                            leader -> join(group(leader), connection.name()),
                            () -> {
                                lead(connection, leaders);
                                groups.add(new ArrayList<>());
                                join(groups.getLast(), connection.name());
                            });
        }
        contested = groups.stream().anyMatch(group -> group.size() > 1);
        groups.forEach(group -> held.addAll(group.subList(1, group.size())));
        held.removeAll(before);
    }

    private List<String> group(ConnectionSpec leader) {
        return Objects.requireNonNull(groupOf.get(leader.name()));
    }

    private static void lead(
            ConnectionSpec connection, Map<SelectorPair, List<ConnectionSpec>> leaders) {
        Set<SelectorPair> its = new HashSet<>();
        connection.children().forEach(child -> its.add(child.selectors()));
        for (SelectorPair traffic : its) {
            leaders.computeIfAbsent(traffic, _ -> new ArrayList<>()).add(connection);
        }
    }

    private void join(List<String> group, String name) {
        group.add(name);
        groupOf.put(name, group);
    }

    private static boolean begins(ConnectionSpec connection) {
        return connection.negotiates()
                && !connection.children().isEmpty()
                && connection.children().stream()
                        .allMatch(c ->
                                c.link() instanceof LinkSpec.Shared
                                        && c.actions().start() == Actions.Start.START);
    }

    private static boolean covers(ConnectionSpec leader, ConnectionSpec other) {
        return other.children().stream()
                .allMatch(c -> leader.children().stream().anyMatch(l -> sameTraffic(l, c)));
    }

    private static boolean sameTraffic(ChildSpec one, ChildSpec other) {
        // Selectors that are left to the addresses differ with them
        return !one.selectors().remote().isEmpty() && one.selectors().equals(other.selectors());
    }

    /// Held down, so that another one may be up.
    boolean isHeld(String connection) {
        return held.contains(connection);
    }

    /// Whether any connection has another one for the same traffic.
    boolean isContested() {
        return contested;
    }

    Set<String> held() {
        return Set.copyOf(held);
    }

    /// Whether the connection's policies are to stand: alone in its group, or the one that carries,
    /// or, if none does, the first one.
    boolean decides(String connection, Set<String> up, Set<String> stopped) {
        List<String> group = groupOf.get(connection);
        if (group == null) {
            return true;
        }
        return wanted(group, stopped).stream()
                .filter(up::contains)
                .findFirst()
                .or(() -> wanted(group, stopped).stream().findFirst())
                .map(connection::equals)
                .orElse(false);
    }

    private static List<String> wanted(List<String> group, Set<String> stopped) {
        return group.stream().filter(name -> !stopped.contains(name)).toList();
    }

    /// Something changed: what to begin and what to hold from now on.
    ///
    /// @param lost a connection whose peer is dead or that could not be had; empty: none
    /// @param up connections with a child SA
    /// @param stopped taken down by a person
    Turn turn(String lost, Set<String> up, Set<String> stopped) {
        List<String> begin = new ArrayList<>();
        List<String> hold = new ArrayList<>();
        for (List<String> group : groups) {
            List<String> wanted = wanted(group, stopped);
            int carries = 0;
            while (carries < wanted.size() && !up.contains(wanted.get(carries))) {
                carries++;
            }
            int tried = Math.min(carries, last(wanted));
            if (carries == wanted.size() && wanted.contains(lost)) {
                tried = Math.max(tried, wanted.indexOf(lost) + 1);
            }
            for (int i = 0; i < wanted.size(); i++) {
                if (i <= tried && held.remove(wanted.get(i))) {
                    begin.add(wanted.get(i));
                } else if (i > tried && held.add(wanted.get(i))) {
                    hold.add(wanted.get(i));
                }
            }
        }
        return new Turn(begin, hold);
    }

    /// The last one that is tried, at least the first.
    private int last(List<String> wanted) {
        int last = 0;
        for (int i = 0; i < wanted.size(); i++) {
            if (!held.contains(wanted.get(i))) {
                last = i;
            }
        }
        return last;
    }

    /// What is to be done.
    record Turn(List<String> begin, List<String> hold) {}
}
