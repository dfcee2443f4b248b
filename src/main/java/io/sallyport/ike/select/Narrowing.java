package io.sallyport.ike.select;

import io.sallyport.base.net.IpAddress;
import io.sallyport.base.net.IpPrefix;
import io.sallyport.base.net.TrafficSelector;
import io.sallyport.model.spec.ChildSpec;
import io.sallyport.model.spec.Mode;
import io.sallyport.model.spec.SelectorPair;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Traffic selectors of IKEv2: several a side, narrowed by the responder (RFC 7296, 2.9).
public final class Narrowing {
    private Narrowing() {}

    /// The child that a request is for, and what both sides have in common.
    public record Match(ChildSpec child, SelectorPair selectors) {}

    /// What an end is when its configuration says "the end itself": its addresses. The any address
    /// is one that is not known yet.
    public record Ends(List<IpAddress> local, List<IpAddress> remote) {
        public Ends {
            local = List.copyOf(local);
            remote = List.copyOf(remote);
        }

        public static Ends of(IpAddress local, IpAddress remote) {
            return new Ends(List.of(local), List.of(remote));
        }
    }

    /// The selectors of `child` with its dynamic parts filled in. In transport mode the ends of the
    /// SA are the hosts themselves (RFC 4301, 4.1).
    public static SelectorPair resolve(ChildSpec child, Ends ends) {
        boolean transport = child.mode() == Mode.TRANSPORT;
        return new SelectorPair(
                resolve(child.selectors().local(), ends.local(), transport),
                resolve(child.selectors().remote(), ends.remote(), transport));
    }

    private static List<TrafficSelector> resolve(
            List<TrafficSelector> configured, List<IpAddress> end, boolean transport) {
        List<TrafficSelector> hosts = end.stream().map(a -> TrafficSelector.of(prefix(a))).toList();
        if (configured.isEmpty()) {
            return hosts;
        }
        if (!transport) {
            return configured;
        }
        List<TrafficSelector> all = new ArrayList<>();
        for (TrafficSelector c : configured) {
            for (TrafficSelector host : hosts) {
                all.add(new TrafficSelector(host.addresses(), c.protocol(), c.ports()));
            }
        }
        return all;
    }

    private static IpPrefix prefix(IpAddress end) {
        if (!end.isAny()) {
            return IpPrefix.host(end);
        }
        return end.v6() ? IpPrefix.ALL6 : IpPrefix.ALL4;
    }

    /// Everything that lies in both lists, without what lies in another part of the answer.
    public static List<TrafficSelector> common(
            List<TrafficSelector> ours, List<TrafficSelector> theirs) {
        List<TrafficSelector> all = new ArrayList<>();
        for (TrafficSelector t : theirs) {
            for (TrafficSelector o : ours) {
                o.intersect(t).ifPresent(both -> addUncovered(all, both));
            }
        }
        return List.copyOf(all);
    }

    private static void addUncovered(List<TrafficSelector> all, TrafficSelector fresh) {
        if (all.stream().noneMatch(s -> s.contains(fresh))) {
            all.removeIf(fresh::contains);
            all.add(fresh);
        }
    }

    /// Whether each of `parts` lies in one of `whole`.
    public static boolean isWithin(List<TrafficSelector> parts, List<TrafficSelector> whole) {
        return !parts.isEmpty()
                && parts.stream().allMatch(p -> whole.stream().anyMatch(w -> w.contains(p)));
    }

    /// As responder: the child that fits best, an exact one before one that has something in
    /// common; of those the first in the configuration.
    ///
    /// @param asked local is our side
    public static Optional<Match> choose(List<ChildSpec> children, Ends ends, SelectorPair asked) {
        Optional<Match> narrowed = Optional.empty();
        for (ChildSpec child : children) {
            SelectorPair ours = resolve(child, ends);
            SelectorPair both =
                    new SelectorPair(
                            common(ours.local(), asked.local()),
                            common(ours.remote(), asked.remote()));
            if (both.local().isEmpty() || both.remote().isEmpty()) {
                continue;
            }
            boolean exact =
                    isWithin(ours.local(), both.local()) && isWithin(ours.remote(), both.remote());
            if (exact) {
                return Optional.of(new Match(child, both));
            }
            narrowed = narrowed.or(() -> Optional.of(new Match(child, both)));
        }
        return narrowed;
    }
}
