package io.sallyport.daemon.steer;

import io.sallyport.model.command.ChildSaView;
import io.sallyport.model.command.IkeSaView;
import io.sallyport.model.sa.Owner;
import io.sallyport.model.sa.SaUsage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The IKE SAs of one moment, found without a walk over all of them: a report asks for each of its
/// tunnels, and there may be ten thousand.
final class SaIndex {
    private final Map<String, IkeSaView> youngest = new HashMap<>();
    private final Map<Owner, List<Carrying>> carrying = new HashMap<>();

    /// An IKE SA that has a child of some owner.
    ///
    /// @param newest of its SAs
    /// @param usage of all of them
    record Carrying(IkeSaView ike, ChildSaView newest, SaUsage usage) {
        Carrying with(ChildSaView other) {
            SaUsage u = other.usage();
            return new Carrying(
                    ike,
                    other.establishedNanos() > newest.establishedNanos() ? other : newest,
                    new SaUsage(
                            usage.packetsIn() + u.packetsIn(),
                            usage.octetsIn() + u.octetsIn(),
                            usage.packetsOut() + u.packetsOut(),
                            usage.octetsOut() + u.octetsOut(),
                            Math.max(usage.lastInNanos(), u.lastInNanos()),
                            Math.max(usage.lastOutNanos(), u.lastOutNanos())));
        }
    }

    SaIndex(List<IkeSaView> sas) {
        for (IkeSaView view : sas) {
            youngest.merge(view.connection(), view, SaIndex::younger);
            Map<Owner, Carrying> here = new LinkedHashMap<>();
            for (ChildSaView child : view.children()) {
                Owner owner = child.sa().owner();
                Carrying there = here.get(owner);
                here.put(
                        owner,
                        there == null
                                ? new Carrying(view, child, child.usage())
                                : there.with(child));
            }
            here.forEach(
                    (owner, c) -> carrying.computeIfAbsent(owner, _ -> new ArrayList<>(1)).add(c));
        }
    }

    private static IkeSaView younger(IkeSaView a, IkeSaView b) {
        return b.times().establishedNanos() > a.times().establishedNanos() ? b : a;
    }

    /// Those that have a child of `owner`, in the order of the IKE SAs.
    List<Carrying> carrying(Owner owner) {
        return carrying.getOrDefault(owner, List.of());
    }

    /// The IKE SA of a connection that was established last.
    Optional<IkeSaView> youngest(String connection) {
        return Optional.ofNullable(youngest.get(connection));
    }
}
