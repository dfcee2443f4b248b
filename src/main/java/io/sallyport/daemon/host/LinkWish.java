package io.sallyport.daemon.host;

import io.sallyport.base.net.InsideAddress;
import java.util.List;

/// A TUN that must be there.
///
/// @param name at most 15 octets
/// @param remoteInside the peer's addresses on it, paired with `inside` by family
/// @param v6 whether IPv6 goes through it; if not, the kernel keeps its own chatter to itself
public record LinkWish(
        String name,
        List<InsideAddress> inside,
        List<InsideAddress> remoteInside,
        int mtu,
        boolean v6) {
    public LinkWish {
        inside = List.copyOf(inside);
        remoteInside = List.copyOf(remoteInside);
    }

    /// Whether it differs from `other` in its addresses at most: a live TUN can be given those.
    boolean isButForAddresses(LinkWish other) {
        return new LinkWish(name, other.inside, remoteInside, mtu, v6).equals(other);
    }
}
