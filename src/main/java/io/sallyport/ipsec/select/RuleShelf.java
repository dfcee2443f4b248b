package io.sallyport.ipsec.select;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/// The rules of one [Shape]: a hash table with chains, the first in order at the front of each. One
/// thread changes it, any thread finds; nodes never change, so that a reader sees a chain as it was
/// before a change, or as it is after.
final class RuleShelf<T> {
    private static final VarHandle ELEMENT = MethodHandles.arrayElementVarHandle(Object[].class);
    private static final int SMALLEST = 4;

    private record Node<T>(Rule<T> rule, @Nullable Node<T> next) {}

    private final long fromMaskHigh;
    private final long fromMaskLow;
    private final long toMaskHigh;
    private final long toMaskLow;
    private final int protocolMask;
    private final int fromPortMask;
    private final int toPortMask;
    private final boolean inOrder;
    private volatile @Nullable Node<T>[] table = empty(SMALLEST);
    private int count;

    /// The smallest order of any rule that ever was here.
    private volatile Order first = new Order(Long.MAX_VALUE, Long.MAX_VALUE);

    /// @param inOrder whether chains are kept in order
    RuleShelf(Shape shape, boolean inOrder) {
        fromMaskHigh = shape.v6() ? mask(shape.fromBits(), 64) : -1;
        fromMaskLow = shape.v6() ? mask(shape.fromBits() - 64, 64) : mask(shape.fromBits(), 32);
        toMaskHigh = shape.v6() ? mask(shape.toBits(), 64) : -1;
        toMaskLow = shape.v6() ? mask(shape.toBits() - 64, 64) : mask(shape.toBits(), 32);
        protocolMask = shape.protocol() ? 0xff : 0;
        fromPortMask = (int) mask(shape.fromPortBits(), 16);
        toPortMask = (int) mask(shape.toPortBits(), 16);
        this.inOrder = inOrder;
    }

    private static long mask(int bits, int width) {
        return bits <= 0 ? 0 : -1L << width - Math.min(bits, width);
    }

    @SuppressWarnings("unchecked")
    private static <T> @Nullable Node<T>[] empty(int size) {
        return (Node<T>[]) new Node<?>[size];
    }

    Order first() {
        return first;
    }

    boolean isEmpty() {
        return count == 0;
    }

    /// The first rule in order that covers the packet.
    @Nullable Rule<T> find(Flow flow) {
        for (Node<T> n = chain(flow); n != null; n = n.next()) {
            if (n.rule().covers(flow)) {
                return n.rule();
            }
        }
        return null;
    }

    /// Whether any rule covers the packet but for the ports, and comes before `other`.
    boolean anyButPorts(Flow flow, @Nullable Rule<T> other) {
        for (Node<T> n = chain(flow); n != null; n = n.next()) {
            if ((other == null || n.rule().before(other)) && n.rule().coversButPorts(flow)) {
                return true;
            }
        }
        return false;
    }

    private @Nullable Node<T> chain(Flow flow) {
        @Nullable Node<T>[] now = table;
        int place =
                place(
                        now.length,
                        flow.sourceHigh(),
                        flow.sourceLow(),
                        flow.destinationHigh(),
                        flow.destinationLow(),
                        flow.protocol(),
                        flow.sourcePort(),
                        flow.destinationPort());
        return at(now, place);
    }

    @SuppressWarnings("unchecked")
    private static <T> @Nullable Node<T> at(@Nullable Node<T>[] table, int place) {
        // The handle's own types, so that calling it creates nothing
        Object there = ELEMENT.getAcquire((Object[]) table, place);
        return (Node<T>) there;
    }

    private int place(int size, Rule<T> r) {
        return place(
                size,
                r.fromFirstHigh,
                r.fromFirstLow,
                r.toFirstHigh,
                r.toFirstLow,
                r.protocol,
                r.fromPortFirst,
                r.toPortFirst);
    }

    private int place(
            int size, long fh, long fl, long th, long tl, int protocol, int fromPort, int toPort) {
        long hash = (fh & fromMaskHigh) * 0x9e3779b97f4a7c15L;
        hash = (Long.rotateLeft(hash, 29) ^ fl & fromMaskLow) * 0xbf58476d1ce4e5b9L;
        hash = (Long.rotateLeft(hash, 31) ^ th & toMaskHigh) * 0x94d049bb133111ebL;
        hash = (Long.rotateLeft(hash, 27) ^ tl & toMaskLow) * 0x9e3779b97f4a7c15L;
        long rest =
                (long) (fromPort & fromPortMask) << 24
                        | (long) (toPort & toPortMask) << 8
                        | protocol & protocolMask;
        hash = (Long.rotateLeft(hash, 33) ^ rest) * 0xbf58476d1ce4e5b9L;
        return (int) (hash >>> 32) & size - 1;
    }

    void add(Rule<T> rule) {
        if (rule.order.before(first)) {
            first = rule.order;
        }
        if (count >= table.length) {
            resize(table.length * 2);
        }
        count++;
        put(table, rule);
    }

    private void put(@Nullable Node<T>[] into, Rule<T> rule) {
        int place = place(into.length, rule);
        Node<T> was = at(into, place);
        Object now = inOrder ? inserted(was, rule) : new Node<>(rule, was);
        ELEMENT.setRelease((Object[]) into, place, now);
    }

    private static <T> Node<T> inserted(@Nullable Node<T> chain, Rule<T> rule) {
        if (chain == null || rule.before(chain.rule())) {
            return new Node<>(rule, chain);
        }
        int before = 0;
        for (Node<T> n = chain; n != null && !rule.before(n.rule()); n = n.next()) {
            before++;
        }
        return copied(chain, before, rule);
    }

    /// The first `many` nodes anew, then `rule`, then the others.
    private static <T> Node<T> copied(Node<T> chain, int many, Rule<T> rule) {
        @Nullable Node<T>[] ahead = empty(many);
        @Nullable Node<T> n = chain;
        for (int i = 0; i < many && n != null; i++, n = n.next()) {
            ahead[i] = n;
        }
        Node<T> tail = new Node<>(rule, n);
        for (int i = many - 1; i >= 0; i--) {
            Node<T> one = ahead[i];
            if (one != null) {
                tail = new Node<>(one.rule(), tail);
            }
        }
        return tail;
    }

    void remove(Rule<T> rule) {
        @Nullable Node<T>[] now = table;
        int place = place(now.length, rule);
        @Nullable Node<T> behind = null;
        @Nullable Node<T> without = null;
        int ahead = 0;
        Node<T> chain = at(now, place);
        for (Node<T> n = chain; n != null; n = n.next()) {
            if (n.rule() == rule) {
                behind = n;
                break;
            }
            ahead++;
        }
        if (behind == null || chain == null) {
            return;
        }
        without = behind.next();
        @Nullable Node<T>[] front = empty(ahead);
        Node<T> n = chain;
        for (int i = 0; i < ahead && n != null; i++, n = n.next()) {
            front[i] = n;
        }
        for (int i = ahead - 1; i >= 0; i--) {
            Node<T> one = front[i];
            if (one != null) {
                without = new Node<>(one.rule(), without);
            }
        }
        Object left = without;
        ELEMENT.setRelease((Object[]) now, place, left);
        count--;
        if (now.length > SMALLEST && count < now.length / 4) {
            resize(now.length / 2);
        }
    }

    private void resize(int size) {
        @Nullable Node<T>[] was = table;
        @Nullable Node<T>[] fresh = empty(size);
        for (int i = 0; i < was.length; i++) {
            for (Node<T> n = at(was, i); n != null; n = n.next()) {
                put(fresh, n.rule());
            }
        }
        table = fresh;
    }
}
