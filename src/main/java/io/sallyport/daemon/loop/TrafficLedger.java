package io.sallyport.daemon.loop;

import io.sallyport.model.port.UsageMeter;
import io.sallyport.model.sa.ChildSa;
import io.sallyport.model.sa.Owner;
import io.sallyport.model.sa.SaUsage;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/// What a tunnel carried over all its SAs: those that live, and those that were rekeyed away. The
/// IKE loop's thread owns it.
public final class TrafficLedger {
    private final Map<Long, Owner> living = new HashMap<>();
    private final Map<Owner, Set<Long>> byOwner = new HashMap<>();
    private final Map<Owner, SaUsage> closed = new HashMap<>();

    public void installed(ChildSa sa) {
        living.put(sa.id(), sa.owner());
        byOwner.computeIfAbsent(sa.owner(), _ -> new HashSet<>(2)).add(sa.id());
    }

    /// @param last what it carried in all
    public void removed(long id, SaUsage last) {
        Owner owner = living.remove(id);
        if (owner != null) {
            closed.merge(owner, last, TrafficLedger::sum);
            byOwner.computeIfPresent(
                    owner,
                    (_, ids) -> {
                        ids.remove(id);
                        return ids.isEmpty() ? null : ids;
                    });
        }
    }

    /// All that `owner` carried so far.
    public SaUsage total(Owner owner, UsageMeter meter) {
        SaUsage total = closed.getOrDefault(owner, SaUsage.NONE);
        for (long id : byOwner.getOrDefault(owner, Set.of())) {
            total = sum(total, meter.usage(id));
        }
        return total;
    }

    private static SaUsage sum(SaUsage a, SaUsage b) {
        return new SaUsage(
                a.packetsIn() + b.packetsIn(),
                a.octetsIn() + b.octetsIn(),
                a.packetsOut() + b.packetsOut(),
                a.octetsOut() + b.octetsOut(),
                Math.max(a.lastInNanos(), b.lastInNanos()),
                Math.max(a.lastOutNanos(), b.lastOutNanos()));
    }
}
