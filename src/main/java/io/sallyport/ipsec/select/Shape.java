package io.sallyport.ipsec.select;

/// Which bits of a packet a rule looks at: those that all packets it covers have in common. Rules
/// of one shape are found with one look into one hash table. A range that is no prefix counts as
/// the prefix round it; the rule itself knows the range.
record Shape(
        boolean v6, int fromBits, int toBits, boolean protocol, int fromPortBits, int toPortBits) {
    /// The shape without ports: where later fragments are looked for.
    Shape portless() {
        return new Shape(v6, fromBits, toBits, protocol, 0, 0);
    }
}
