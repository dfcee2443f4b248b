package io.sallyport.drivers.filter;

/// Types of a set's key. The kernel only keeps them; `nft list ruleset` shows keys by them.
final class SetKey {
    /// A name of an interface.
    static final int LINK = 41;

    private static final int IPV4_ADDRESS = 7;
    private static final int IPV6_ADDRESS = 8;
    private static final int PROTOCOL = 12;
    private static final int PORT = 13;
    private static final int BITS = 6;

    private SetKey() {}

    /// The type of addresses, and perhaps protocol and ports, one after the other.
    static int of(Term.Shape shape) {
        int address = shape.v6() ? IPV6_ADDRESS : IPV4_ADDRESS;
        int type = address << BITS | address;
        if (shape.protocol()) {
            type = type << BITS | PROTOCOL;
        }
        if (shape.ports()) {
            type = (type << BITS | PORT) << BITS | PORT;
        }
        return type;
    }
}
