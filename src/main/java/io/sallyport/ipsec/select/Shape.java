package io.sallyport.ipsec.select;

import io.sallyport.base.net.TrafficSelector;

/// Which bits of a packet a rule looks at: those that all packets it covers have in common. Rules
/// of one shape are found with one look into one hash table. A range that is no prefix counts as
/// the prefix round it; the rule itself knows the range.
record Shape(
        boolean v6, int fromBits, int toBits, boolean protocol, int fromPortBits, int toPortBits) {
    /// Of packets from `from` to `to`, which are of one family.
    static Shape of(TrafficSelector from, TrafficSelector to) {
        return new Shape(
                from.addresses().first().v6(),
                from.addresses().commonBits(),
                to.addresses().commonBits(),
                from.protocol() != 0 || to.protocol() != 0,
                from.ports().commonBits(),
                to.ports().commonBits());
    }

    /// The shape without ports: where later fragments are looked for.
    Shape portless() {
        return new Shape(v6, fromBits, toBits, protocol, 0, 0);
    }
}
