package io.sallyport.vpn.pool;

import io.sallyport.base.net.IpAddress;
import io.sallyport.base.net.IpRange;
import io.sallyport.model.port.AddressPools;
import io.sallyport.model.spec.Identity;
import io.sallyport.model.spec.PoolSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The pools of a configuration by name. The IKE loop's thread owns it.
public final class LeasePools implements AddressPools {
    private Map<String, Named> pools = new LinkedHashMap<>();

    /// Pools that are gone, as long as addresses of theirs are in use.
    private final List<Named> leaving = new ArrayList<>();

    private record Named(PoolSpec spec, LeasePool pool) {}

    /// A pool as it is shown.
    ///
    /// @param base the first address of its configuration
    public record View(
            String name,
            IpAddress base,
            long size,
            long online,
            long offline,
            List<LeasePool.View> leases) {}

    /// Replaces the configuration. A pool with the addresses that it had keeps its leases.
    public void load(List<PoolSpec> wanted) {
        Map<String, Named> before = pools;
        pools = new LinkedHashMap<>();
        for (PoolSpec spec : wanted) {
            Named old = before.remove(spec.name());
            if (old != null && old.spec().addresses().equals(spec.addresses())) {
                pools.put(spec.name(), new Named(spec, old.pool()));
                continue;
            }
            if (old != null) {
                leaving.add(old);
            }
            pools.put(
                    spec.name(),
                    new Named(
                            spec,
                            new LeasePool(
                                    spec.addresses().stream().map(LeasePool::hosts).toList())));
        }
        leaving.addAll(before.values());
        leaving.removeIf(n -> n.pool().online() == 0);
    }

    @Override
    public Optional<Lease> lend(List<String> names, Identity holder, IpAddress wanted) {
        List<Named> meant = of(names);
        // The pool that the peer's wish is from comes first, whichever that is.
        for (boolean wished : new boolean[] {true, false}) {
            for (Named n : meant) {
                if (n.pool().contains(wanted) == wished) {
                    Optional<IpAddress> lent = n.pool().lend(holder, wanted);
                    if (lent.isPresent()) {
                        return lent.map(a -> new Lease(n.spec().name(), a, holder));
                    }
                }
            }
        }
        return Optional.empty();
    }

    private List<Named> of(List<String> names) {
        List<Named> found = new ArrayList<>();
        for (String name : names) {
            Named named = pools.get(name);
            if (named != null) {
                found.add(named);
            }
        }
        return found;
    }

    @Override
    public void giveBack(Lease lease) {
        for (Named old : leaving) {
            if (old.spec().name().equals(lease.pool())
                    && old.pool().giveBack(lease.address(), lease.holder())) {
                leaving.removeIf(n -> n.pool().online() == 0);
                return;
            }
        }
        Named named = pools.get(lease.pool());
        if (named != null) {
            named.pool().giveBack(lease.address(), lease.holder());
        }
    }

    @Override
    public List<PoolSpec.Attribute> attributes(List<String> names, List<IpAddress> lent) {
        return of(names).stream()
                .filter(n -> lent.stream().anyMatch(n.pool()::contains))
                .flatMap(n -> n.spec().attributes().stream())
                .toList();
    }

    @Override
    public List<IpRange> addresses(List<String> names) {
        return of(names).stream().flatMap(n -> n.spec().addresses().stream()).toList();
    }

    /// How many addresses of a pool are in use; 0 for one that is not there.
    public long online(String name) {
        Named named = pools.get(name);
        return named == null ? 0 : named.pool().online();
    }

    /// All pools, in the order of the configuration.
    public List<View> views() {
        return pools.values().stream()
                .map(n ->
                        new View(
                                n.spec().name(),
                                n.spec().addresses().getFirst().first(),
                                n.pool().size(),
                                n.pool().online(),
                                n.pool().offline(),
                                n.pool().leases()))
                .toList();
    }
}
