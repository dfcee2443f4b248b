package io.sallyport.ipsec.select;

import io.sallyport.base.net.TrafficSelector;
import io.sallyport.model.sa.PolicyEntry;

/// The place of a rule among others: by `major`, then by `minor`, smaller first.
///
/// ```text
///  major   | priority, 0 as the last (31) | how wide: addresses, protocol, ports (32) |
///  minor   the policy's place among equals
/// ```
public record Order(long major, long minor) implements Comparable<Order> {
    private static final int AFTER_ALL = 0x7fffffff;

    /// Of packets from `from` to `to`.
    ///
    /// @param priority 0: behind all others, by how narrow the selectors are
    /// @param place breaks a tie, smaller first
    public static Order of(TrafficSelector from, TrafficSelector to, int priority, long place) {
        return priority != 0
                ? new Order((long) priority << 32, place)
                : new Order(
                        (long) AFTER_ALL << 32 | 0xffffL - PolicyEntry.narrowness(from, to), place);
    }

    @Override
    public int compareTo(Order other) {
        int first = Long.compare(major, other.major);
        return first != 0 ? first : Long.compare(minor, other.minor);
    }

    boolean before(Order other) {
        return major < other.major || major == other.major && minor < other.minor;
    }
}
