package io.sallyport.model.spec;

import io.sallyport.base.Octets;
import io.sallyport.base.net.IpRange;
import java.util.List;

/// Addresses that are lent to peers, and what they are told with them.
public record PoolSpec(
        String name, List<IpRange> addresses, List<Attribute> attributes, Origin origin) {
    /// A configuration attribute (RFC 7296, 3.15.1): its number and value.
    public record Attribute(int type, Octets value) {}

    public PoolSpec {
        addresses = List.copyOf(addresses);
        attributes = List.copyOf(attributes);
    }
}
