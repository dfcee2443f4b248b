package io.sallyport.ipsec.select;

import io.sallyport.base.net.TrafficSelector;

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
        return of(Shape.of(from, to), priority, place);
    }

    static Order of(Shape shape, int priority, long place) {
        if (priority != 0) {
            return new Order((long) priority << 32, place);
        }
        // Addresses first: a rule for one host comes before one for a port of a whole network
        int narrow =
                shape.fromBits() + shape.toBits() << 7
                        | (shape.protocol() ? 1 << 6 : 0)
                        | shape.fromPortBits() + shape.toPortBits();
        return new Order((long) AFTER_ALL << 32 | 0xffffL - narrow, place);
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
