package io.sallyport.ipsec.select;

import io.sallyport.base.net.IpAddress;
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
                common(from.addresses().first(), from.addresses().last()),
                common(to.addresses().first(), to.addresses().last()),
                from.protocol() != 0 || to.protocol() != 0,
                common(from.ports().first(), from.ports().last()),
                common(to.ports().first(), to.ports().last()));
    }

    /// Bits that all addresses from `a` to `b` begin with.
    private static int common(IpAddress a, IpAddress b) {
        if (!a.v6()) {
            return Long.numberOfLeadingZeros(a.low() ^ b.low()) - 32;
        }
        int high = Long.numberOfLeadingZeros(a.high() ^ b.high());
        return high < 64 ? high : 64 + Long.numberOfLeadingZeros(a.low() ^ b.low());
    }

    private static int common(int a, int b) {
        return Integer.numberOfLeadingZeros(a ^ b) - 16;
    }

    /// The shape without ports: where later fragments are looked for.
    Shape portless() {
        return new Shape(v6, fromBits, toBits, protocol, 0, 0);
    }
}
