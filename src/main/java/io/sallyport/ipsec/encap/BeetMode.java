package io.sallyport.ipsec.encap;

import io.sallyport.base.net.Endpoint;
import io.sallyport.base.net.IpAddress;
import io.sallyport.base.net.Path;
import io.sallyport.base.net.TrafficSelector;
import io.sallyport.model.spec.SelectorPair;
import java.util.List;

/// BEET mode (draft-nikander-esp-beet-mode): the addresses of tunnel mode on a packet of transport
/// mode's size. The inner addresses are the SA's two selectors, so they need not travel.
///
/// ```text
///  the host's packet    | inner IP | upper layer |
///  on the wire          | outer IP | ESP | upper layer | trailer | ICV |
/// ```
///
/// So it is [TransportMode] with other addresses in front: the families may differ. What the
/// pseudo-header of the draft would carry, IPv4 options, does not go (`OPTIONS`).
public final class BeetMode {
    /// The next header of the draft's pseudo-header, which bears IPv4 options.
    public static final int PSEUDO_HEADER = 94;

    private BeetMode() {}

    /// The inner addresses of an SA, ours first.
    ///
    /// @throws IllegalArgumentException if a side of the selectors is more than one address
    public static Path inner(SelectorPair selectors) {
        return new Path(
                new Endpoint(only(selectors.local(), selectors), 0),
                new Endpoint(only(selectors.remote(), selectors), 0));
    }

    private static IpAddress only(List<TrafficSelector> side, SelectorPair selectors) {
        IpAddress first = side.getFirst().addresses().first();
        for (TrafficSelector selector : side) {
            if (!selector.addresses().first().equals(first)
                    || !selector.addresses().last().equals(first)) {
                throw new IllegalArgumentException(
                        "BEET mode takes one address on each side, not " + selectors);
            }
        }
        return first;
    }
}
