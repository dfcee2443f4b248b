package io.sallyport.control.local;

import io.sallyport.base.net.IpAddress;
import io.sallyport.base.net.IpPrefix;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a configuration from AWS leaves open (S3-03): known only where the gateway stands.
///
/// @param vpcs networks behind the tunnels, routed into them
/// @param local our address; null: the one the route to the peer chooses
/// @param behindNat `local` is private and a NAT is before us
public record Site(List<IpPrefix> vpcs, @Nullable IpAddress local, boolean behindNat) {
    public static final Site UNSAID = new Site(List.of(), null, false);

    public Site {
        vpcs = List.copyOf(vpcs);
    }
}
