package io.sallyport.daemon.host;

import io.sallyport.base.net.InsideAddress;
import java.util.List;

/// A TUN that must be there.
///
/// @param name at most 15 octets
/// @param remoteInside the peer's addresses on it, paired with `inside` by family
public record LinkWish(
        String name, List<InsideAddress> inside, List<InsideAddress> remoteInside, int mtu) {
    public LinkWish {
        inside = List.copyOf(inside);
        remoteInside = List.copyOf(remoteInside);
    }
}
