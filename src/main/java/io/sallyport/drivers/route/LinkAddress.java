package io.sallyport.drivers.route;

import io.sallyport.base.net.InsideAddress;
import io.sallyport.base.net.IpAddress;

/// An address of a link.
///
/// @param peer the other end of a point-to-point link; equal to the address itself where there is
///   none
public record LinkAddress(String link, InsideAddress address, IpAddress peer) {
    public boolean hasPeer() {
        return !peer.equals(address.address());
    }
}
