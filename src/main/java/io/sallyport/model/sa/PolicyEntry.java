package io.sallyport.model.sa;

import io.sallyport.base.net.TrafficSelector;
import io.sallyport.model.spec.SelectorPair;

/// A policy that stands whether or not an SA is up: packets from the owner's TUN that match
/// `selectors` have `action` done to them, unless a policy before it covers them.
///
/// The order (RFC 4301, 4.4.1: "The SPD is an ordered database"): by `priority`, 1 first; those of
/// priority 0 come after all others, the one with the narrower selectors first; among equals the
/// one that stands first in the configuration.
///
/// @param trap ask for an SA when a packet needs one; of PROTECT only
/// @param priority 1..65535 first match; 0: by longest match
/// @param place in the configuration
public record PolicyEntry(
        Owner owner,
        SelectorPair selectors,
        PolicyAction action,
        boolean trap,
        int priority,
        int place) {
    /// How narrow a pair of selectors is, 0..0xffff: by the bits that all packets it covers have in
    /// common. Addresses first: what is for one host comes before what is for a port of a whole
    /// network.
    public static int narrowness(TrafficSelector from, TrafficSelector to) {
        return from.addresses().commonBits() + to.addresses().commonBits() << 7
                | (from.protocol() != 0 || to.protocol() != 0 ? 1 << 6 : 0)
                | from.ports().commonBits() + to.ports().commonBits();
    }

    /// Most that a priority can be.
    public static final int LAST_PRIORITY = 0xffff;

    public PolicyEntry {
        if (priority < 0 || priority > LAST_PRIORITY) {
            throw new IllegalArgumentException("priority " + priority);
        }
        if (trap && action != PolicyAction.PROTECT) {
            throw new IllegalArgumentException(action + " needs no SA");
        }
    }

    /// PROTECT, by longest match, before its equals.
    public PolicyEntry(Owner owner, SelectorPair selectors, boolean trap) {
        this(owner, selectors, PolicyAction.PROTECT, trap, 0, 0);
    }
}
