package io.sallyport.ipsec.select;

import io.sallyport.base.net.TrafficSelector;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Finds the first rule in order that covers a packet, however many rules there are: one hash table
/// for each shape of rules, asked from the shape with the foremost rule on, until no other can hold
/// one that comes before what was found. Rules made by one configuration have few shapes, so that
/// the time does not grow with their number.
///
/// Adding or removing a rule changes one chain of one table. One thread changes; any thread finds,
/// without a lock, and creates nothing.
///
/// @param <T> what is found
public final class RuleTable<T> {
    private final Map<Shape, RuleShelf<T>> byShape = new HashMap<>();
    private final Map<Shape, RuleShelf<T>> withPorts = new HashMap<>();
    private volatile RuleShelf<T>[] v4 = shelves(List.of());
    private volatile RuleShelf<T>[] v6 = shelves(List.of());
    private volatile RuleShelf<T>[] portless4 = shelves(List.of());
    private volatile RuleShelf<T>[] portless6 = shelves(List.of());
    private volatile RuleShelf<T>[] fragments4 = shelves(List.of());
    private volatile RuleShelf<T>[] fragments6 = shelves(List.of());

    /// Rules of IPv6 that ask for more than addresses.
    private volatile int narrow6;

    private int count;

    @SuppressWarnings("unchecked")
    private static <T> RuleShelf<T>[] shelves(List<RuleShelf<T>> list) {
        return list.toArray((RuleShelf<T>[]) new RuleShelf<?>[0]);
    }

    /// Adds what covers packets from any of `from` to any of `to`, and gives the rules made of it.
    ///
    /// @param priority 1.. first; 0: behind all others, by how narrow a rule is
    /// @param place breaks a tie, smaller first
    public List<Rule<T>> add(
            List<TrafficSelector> from,
            List<TrafficSelector> to,
            int priority,
            long place,
            T target) {
        List<Rule<T>> rules = new ArrayList<>();
        for (TrafficSelector one : from) {
            for (TrafficSelector other : to) {
                if (Rule.possible(one, other)) {
                    rules.add(Rule.of(one, other, priority, place, target));
                }
            }
        }
        rules.forEach(this::add);
        return rules;
    }

    private void add(Rule<T> rule) {
        RuleShelf<T> shelf = byShape.get(rule.shape);
        boolean sort = shelf == null || rule.order.before(shelf.first());
        if (shelf == null) {
            shelf = new RuleShelf<>(rule.shape, true);
            byShape.put(rule.shape, shelf);
        }
        countNarrow(rule, 1);
        shelf.add(rule);
        count++;
        if (rule.asksForPorts()) {
            Shape portless = rule.shape.portless();
            RuleShelf<T> known = withPorts.get(portless);
            if (known == null) {
                known = new RuleShelf<>(portless, false);
                withPorts.put(portless, known);
                sort = true;
            }
            known.add(rule);
        }
        if (sort) {
            publish(rule.v6);
        }
    }

    private void countNarrow(Rule<T> rule, int more) {
        if (rule.v6 && rule.asksForMoreThanAddresses()) {
            int now = narrow6 + more;
            narrow6 = now;
        }
    }

    public void remove(List<Rule<T>> rules) {
        for (Rule<T> rule : rules) {
            boolean gone = taken(byShape, rule.shape, rule);
            if (rule.asksForPorts()) {
                gone |= taken(withPorts, rule.shape.portless(), rule);
            }
            if (gone) {
                publish(rule.v6);
            }
            countNarrow(rule, -1);
            count--;
        }
    }

    /// Whether the shelf is empty now, and gone.
    private static <T> boolean taken(Map<Shape, RuleShelf<T>> shelves, Shape shape, Rule<T> rule) {
        RuleShelf<T> shelf = shelves.get(shape);
        if (shelf == null) {
            return false;
        }
        shelf.remove(rule);
        return shelf.isEmpty() && shelves.remove(shape) != null;
    }

    private void publish(boolean six) {
        RuleShelf<T>[] all = ordered(byShape, six, false);
        RuleShelf<T>[] portless = ordered(byShape, six, true);
        RuleShelf<T>[] fragments = ordered(withPorts, six, false);
        if (six) {
            v6 = all;
            portless6 = portless;
            fragments6 = fragments;
        } else {
            v4 = all;
            portless4 = portless;
            fragments4 = fragments;
        }
    }

    private static <T> RuleShelf<T>[] ordered(
            Map<Shape, RuleShelf<T>> shelves, boolean six, boolean portless) {
        List<RuleShelf<T>> some = new ArrayList<>();
        shelves.forEach((shape, shelf) -> {
            boolean ports = shape.fromPortBits() > 0 || shape.toPortBits() > 0;
            if (shape.v6() == six && !(portless && ports)) {
                some.add(shelf);
            }
        });
        RuleShelf<T>[] array = shelves(some);
        Arrays.sort(
                array,
                Comparator.comparingLong((RuleShelf<T> s) -> s.first().major())
                        .thenComparingLong(s -> s.first().minor()));
        return array;
    }

    /// Rules in the table. The changing thread only.
    public int count() {
        return count;
    }

    /// Hash tables that are asked in the worst case.
    public int shapes() {
        return v4.length + v6.length;
    }

    /// The first rule that covers the packet. A fragment, of which only the first has ports, passes
    /// over rules that ask for them; see [#fragmentUncertain].
    public @Nullable Rule<T> find(Flow flow) {
        if (flow.isFragment()) {
            return find(flow, flow.v6() ? portless6 : portless4);
        }
        return find(flow, flow.v6() ? v6 : v4);
    }

    private static <T> @Nullable Rule<T> find(Flow flow, RuleShelf<T>[] shelves) {
        Rule<T> best = null;
        for (RuleShelf<T> shelf : shelves) {
            if (best != null && !shelf.first().before(best.order)) {
                break;
            }
            Rule<T> found = shelf.find(flow);
            if (found != null && (best == null || found.before(best))) {
                best = found;
            }
        }
        return best;
    }

    /// Whether a fragment may be of a packet that a rule with ports covers, one that comes before
    /// `found`. Of one that hides its protocol nothing is certain as long as any rule asks for it.
    ///
    /// @param found what [#find] gives for it
    public boolean fragmentUncertain(Flow flow, @Nullable Rule<T> found) {
        if (flow.hidesProtocol()) {
            return narrow6 > 0;
        }
        for (RuleShelf<T> shelf : flow.v6() ? fragments6 : fragments4) {
            if (shelf.anyButPorts(flow, found)) {
                return true;
            }
        }
        return false;
    }
}
