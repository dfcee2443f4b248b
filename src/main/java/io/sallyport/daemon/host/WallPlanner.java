package io.sallyport.daemon.host;

import io.sallyport.base.net.IpPrefix;
import io.sallyport.base.net.PortRange;
import io.sallyport.base.net.TrafficSelector;
import io.sallyport.drivers.filter.PortPrefix;
import io.sallyport.drivers.filter.Term;
import io.sallyport.drivers.filter.Wall;
import io.sallyport.ipsec.select.Order;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// Decides which packets must not come in clear: what policy protects, or discards, comes by a TUN
/// of ours or not at all (RFC 4301, 5.2). In the order of the SPD, so that what is let pass before
/// a policy that protects may come.
final class WallPlanner {
    private record Placed(Order order, Term term) {}

    private final Set<Placed> placed = new LinkedHashSet<>();
    private long came;

    /// What comes from `remote` to `local`.
    ///
    /// @param priority of the policy, 0: by how narrow it is
    void policy(
            Term.Answer answer,
            Collection<TrafficSelector> remote,
            Collection<TrafficSelector> local,
            int priority) {
        came++;
        for (TrafficSelector from : remote) {
            for (TrafficSelector to : local) {
                if (from.addresses().first().v6() == to.addresses().first().v6()
                        && (from.protocol() == 0
                                || to.protocol() == 0
                                || from.protocol() == to.protocol())) {
                    pair(answer, from, to, priority);
                }
            }
        }
    }

    private void pair(Term.Answer answer, TrafficSelector from, TrafficSelector to, int priority) {
        int protocol = from.protocol() != 0 ? from.protocol() : to.protocol();
        // One place for all pieces: the SPD knows how narrow the whole range is
        Order order = Order.of(from, to, priority, came);
        for (IpPrefix source : from.addresses().prefixes()) {
            for (IpPrefix destination : to.addresses().prefixes()) {
                for (PortPrefix sourcePort : ports(protocol, from.ports())) {
                    for (PortPrefix destinationPort : ports(protocol, to.ports())) {
                        placed.add(
                                new Placed(
                                        order,
                                        new Term(
                                                answer,
                                                source,
                                                destination,
                                                protocol,
                                                sourcePort,
                                                destinationPort)));
                    }
                }
            }
        }
    }

    /// Ports of whatever protocol ask for none: there is no telling where they would be.
    private static List<PortPrefix> ports(int protocol, PortRange range) {
        return protocol == 0 ? List.of(PortPrefix.ALL) : PortPrefix.of(range);
    }

    private void add(Term.Answer answer, IpPrefix from, IpPrefix to) {
        placed.add(
                new Placed(
                        Order.of(TrafficSelector.of(from), TrafficSelector.of(to), 0, came),
                        new Term(answer, from, to)));
    }

    /// What is routed into a TUN, whatever its policy says.
    void routed(IpPrefix remote, Collection<TrafficSelector> local) {
        came++;
        IpPrefix any = remote.address().v6() ? IpPrefix.ALL6 : IpPrefix.ALL4;
        List<IpPrefix> to = new ArrayList<>();
        for (TrafficSelector selector : local) {
            selector.addresses().prefixes().stream()
                    .filter(p -> p.address().v6() == remote.address().v6())
                    .forEach(to::add);
        }
        for (IpPrefix destination : to.isEmpty() ? List.of(any) : to) {
            add(Term.Answer.DROP_UNLESS_ROUTED, remote, destination);
        }
    }

    /// Our own networks speak to each other in clear.
    void pass(IpPrefix from, IpPrefix to) {
        came++;
        add(Term.Answer.PASS, from, to);
    }

    Wall wall(Collection<LinkWish> links) {
        Set<String> names = new LinkedHashSet<>();
        links.forEach(link -> names.add(link.name()));
        return new Wall(
                names,
                placed.stream()
                        .sorted(Comparator.comparing(Placed::order))
                        .map(Placed::term)
                        .toList());
    }
}
