package io.sallyport.ipsec.select;

import io.sallyport.base.net.TrafficSelector;

/// One selector of each side, and what it leads to. A policy is as many rules as it has pairs of
/// selectors that can match at once. Immutable; any thread.
///
/// @param <T> what is found
public final class Rule<T> {
    final boolean v6;
    final long fromFirstHigh;
    final long fromFirstLow;
    final long fromLastHigh;
    final long fromLastLow;
    final long toFirstHigh;
    final long toFirstLow;
    final long toLastHigh;
    final long toLastLow;
    final int protocol;
    final int fromPortFirst;
    final int fromPortLast;
    final int toPortFirst;
    final int toPortLast;
    final Shape shape;
    final Order order;
    private final T target;

    private Rule(
            TrafficSelector from, TrafficSelector to, int protocol, Order order, Shape s, T t) {
        this.v6 = from.addresses().first().v6();
        this.fromFirstHigh = from.addresses().first().high();
        this.fromFirstLow = from.addresses().first().low();
        this.fromLastHigh = from.addresses().last().high();
        this.fromLastLow = from.addresses().last().low();
        this.toFirstHigh = to.addresses().first().high();
        this.toFirstLow = to.addresses().first().low();
        this.toLastHigh = to.addresses().last().high();
        this.toLastLow = to.addresses().last().low();
        this.protocol = protocol;
        this.fromPortFirst = from.ports().first();
        this.fromPortLast = from.ports().last();
        this.toPortFirst = to.ports().first();
        this.toPortLast = to.ports().last();
        this.shape = s;
        this.order = order;
        this.target = t;
    }

    /// Whether a packet can match both sides at once.
    static boolean possible(TrafficSelector from, TrafficSelector to) {
        return from.addresses().first().v6() == to.addresses().first().v6()
                && (from.protocol() == 0 || to.protocol() == 0 || from.protocol() == to.protocol());
    }

    /// @param priority as in [Order#of]
    static <T> Rule<T> of(
            TrafficSelector from, TrafficSelector to, int priority, long place, T target) {
        int protocol = from.protocol() != 0 ? from.protocol() : to.protocol();
        Order order = Order.of(from, to, priority, place);
        return new Rule<>(from, to, protocol, order, Shape.of(from, to), target);
    }

    public T target() {
        return target;
    }

    boolean before(Rule<T> other) {
        return order.before(other.order);
    }

    /// Whether it asks for more than a fragment tells that hides its protocol.
    boolean asksForMoreThanAddresses() {
        return protocol != 0 || asksForPorts();
    }

    /// Whether it asks for ports, or for type and code of ICMP.
    boolean asksForPorts() {
        return fromPortFirst != 0
                || fromPortLast != 0xffff
                || toPortFirst != 0
                || toPortLast != 0xffff;
    }

    /// A fragment, the first one, too, is covered by no rule that asks for ports.
    boolean covers(Flow flow) {
        return coversButPorts(flow)
                && (flow.isFragment()
                        ? !asksForPorts()
                        : inside(flow.sourcePort(), fromPortFirst, fromPortLast)
                                && inside(flow.destinationPort(), toPortFirst, toPortLast));
    }

    private static boolean inside(int port, int first, int last) {
        return first == 0 && last == 0xffff
                || port != Flow.NO_PORT && first <= port && port <= last;
    }

    boolean coversButPorts(Flow flow) {
        return v6 == flow.v6()
                && (protocol == 0 || protocol == flow.protocol())
                && !below(flow.sourceHigh(), flow.sourceLow(), fromFirstHigh, fromFirstLow)
                && !below(fromLastHigh, fromLastLow, flow.sourceHigh(), flow.sourceLow())
                && !below(flow.destinationHigh(), flow.destinationLow(), toFirstHigh, toFirstLow)
                && !below(toLastHigh, toLastLow, flow.destinationHigh(), flow.destinationLow());
    }

    private static boolean below(long high, long low, long otherHigh, long otherLow) {
        int order = Long.compareUnsigned(high, otherHigh);
        return order < 0 || order == 0 && Long.compareUnsigned(low, otherLow) < 0;
    }
}
