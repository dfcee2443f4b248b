package io.sallyport.vpn.pool;

import io.sallyport.base.net.IpAddress;
import io.sallyport.base.net.IpRange;
import io.sallyport.model.spec.Identity;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;

/// Addresses of some ranges, lent to identities. Each step takes the same time, however large the
/// pool.
///
/// ```text
///  never lent ──lend──> online ──last holder gives back──> offline ──the same identity──> online
///                                                             └── none never lent: the longest offline ──> online, another identity
/// ```
///
/// A lease is sticky: an address that was given back stays with its identity until the pool has no
/// fresh one left.
public final class LeasePool {
    private static final BigInteger MOST = BigInteger.ONE.shiftLeft(31);

    private final List<IpRange> ranges;
    private final long size;
    private final Map<IpAddress, Holding> byAddress = new LinkedHashMap<>();

    /// Leases of an identity that nobody uses now, the latest first.
    private final Map<Identity, SequencedSet<Holding>> resting = new HashMap<>();

    /// All that nobody uses, the longest unused first.
    private final LinkedHashSet<Holding> offline = new LinkedHashSet<>();

    /// Where to look for an address that was never lent.
    private int range;

    private IpAddress cursor;

    /// An address that was lent at least once. Two with the same fields are two.
    private static final class Holding {
        private final IpAddress address;
        private Identity holder;

        /// Several where its holder begins anew beside what it had (reauthentication).
        private int users;

        private Holding(IpAddress address, Identity holder) {
            this.address = address;
            this.holder = holder;
        }
    }

    /// A lease as it is shown.
    public record View(IpAddress address, Identity holder, boolean online) {}

    /// @param ranges without overlap, at least one; every address of them is lent
    public LeasePool(List<IpRange> ranges) {
        this.ranges = List.copyOf(ranges);
        BigInteger sum = BigInteger.ZERO;
        for (IpRange r : this.ranges) {
            sum = sum.add(r.last().number().subtract(r.first().number()).add(BigInteger.ONE));
        }
        this.size = sum.min(MOST).longValueExact();
        this.cursor = this.ranges.getFirst().first();
    }

    /// The addresses of `range` that a host can have: of a network of more than two, neither the
    /// first nor the last.
    public static IpRange hosts(IpRange range) {
        return range.prefix().filter(p -> p.size().compareTo(BigInteger.TWO) > 0).isPresent()
                ? new IpRange(range.first().next(), before(range.last()))
                : range;
    }

    /// The addresses of a network whose devices are no hosts of a link: all but the first, which
    /// names it. 2^n - 1 of them, as carriers count the pool of an APN.
    public static IpRange devices(IpRange network) {
        return new IpRange(network.first().next(), network.last());
    }

    private static IpAddress before(IpAddress a) {
        return a.v6()
                ? new IpAddress(true, a.low() == 0 ? a.high() - 1 : a.high(), a.low() - 1)
                : IpAddress.v4(a.toInt() - 1);
    }

    public List<IpRange> ranges() {
        return ranges;
    }

    /// How many addresses can be lent, at most 2^31.
    public long size() {
        return size;
    }

    public long online() {
        return byAddress.size() - offline.size();
    }

    public long offline() {
        return offline.size();
    }

    /// @param wanted the any address of a family: any of it
    public Optional<IpAddress> lend(Identity holder, IpAddress wanted) {
        if (ranges.getFirst().first().v6() != wanted.v6()) {
            return Optional.empty();
        }
        Holding known = byAddress.get(wanted);
        if (known != null && known.holder.equals(holder)) {
            return Optional.of(use(known));
        }
        SequencedSet<Holding> own = resting.get(holder);
        if (own != null) {
            return Optional.of(use(own.getFirst()));
        }
        if (known == null && contains(wanted)) {
            return Optional.of(first(wanted, holder));
        }
        return fresh().map(a -> first(a, holder)).or(() -> inherit(holder));
    }

    private IpAddress first(IpAddress address, Identity holder) {
        Holding holding = new Holding(address, holder);
        byAddress.put(address, holding);
        return use(holding);
    }

    private IpAddress use(Holding holding) {
        if (holding.users++ == 0) {
            offline.remove(holding);
            forget(holding);
        }
        return holding.address;
    }

    private void forget(Holding holding) {
        SequencedSet<Holding> own = resting.get(holding.holder);
        if (own != null && own.remove(holding) && own.isEmpty()) {
            resting.remove(holding.holder);
        }
    }

    private Optional<IpAddress> inherit(Identity heir) {
        Iterator<Holding> longest = offline.iterator();
        if (!longest.hasNext()) {
            return Optional.empty();
        }
        Holding holding = longest.next();
        forget(holding);
        holding.holder = heir;
        return Optional.of(use(holding));
    }

    /// The next address that was never lent.
    private Optional<IpAddress> fresh() {
        while (range < ranges.size()) {
            IpAddress candidate = cursor;
            if (candidate.equals(ranges.get(range).last())) {
                range++;
                cursor = range < ranges.size() ? ranges.get(range).first() : cursor;
            } else {
                cursor = candidate.next();
            }
            if (!byAddress.containsKey(candidate)) {
                return Optional.of(candidate);
            }
        }
        return Optional.empty();
    }

    public boolean contains(IpAddress address) {
        return ranges.stream().anyMatch(r -> r.contains(address));
    }

    /// One user less.
    ///
    /// @return false, and nothing happens: the holder does not have it
    public boolean giveBack(IpAddress address, Identity holder) {
        Holding holding = byAddress.get(address);
        if (holding == null || holding.users == 0 || !holding.holder.equals(holder)) {
            return false;
        }
        if (--holding.users == 0) {
            offline.add(holding);
            resting.computeIfAbsent(holder, _ -> new LinkedHashSet<>()).addFirst(holding);
        }
        return true;
    }

    /// All that were ever lent, those in use first.
    public List<View> leases() {
        List<View> views = new ArrayList<>();
        for (boolean online : new boolean[] {true, false}) {
            for (Holding h : byAddress.values()) {
                if (h.users > 0 == online) {
                    views.add(new View(h.address, h.holder, online));
                }
            }
        }
        return views;
    }
}
