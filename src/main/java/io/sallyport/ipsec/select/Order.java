package io.sallyport.ipsec.select;

/// The place of a rule among others: by `major`, then by `minor`, smaller first.
///
/// ```text
///  major   | priority, 0 as the last (31) | how wide: addresses, protocol, ports (32) |
///  minor   when the policy came
/// ```
public record Order(long major, long minor) implements Comparable<Order> {
    private static final int AFTER_ALL = 0x7fffffff;

    /// @param priority 0: behind all others, by how narrow the rule is
    /// @param addresses bits of both prefixes
    /// @param ports bits of both port prefixes
    public static Order of(int priority, int addresses, boolean protocol, int ports, long came) {
        if (priority != 0) {
            return new Order((long) priority << 32, came);
        }
        // Addresses first: a rule for one host comes before one for a port of a whole network
        int narrow = addresses << 7 | (protocol ? 1 << 6 : 0) | ports;
        return new Order((long) AFTER_ALL << 32 | 0xffffL - narrow, came);
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
