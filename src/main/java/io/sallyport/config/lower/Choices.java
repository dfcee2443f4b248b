package io.sallyport.config.lower;

import io.sallyport.base.net.IpAddress;
import io.sallyport.base.net.IpPrefix;
import io.sallyport.model.spec.AddressSpec;
import java.util.List;
import java.util.Optional;

/// What the files leave open and the caller knows: the slots `<VPC CIDR>` and `<LOCAL IP>` of AWS's
/// text, and whether a NAT stands before us.
///
/// @param vpc routes for tunnels whose file leaves the VPC's CIDR open
/// @param local our address where a file says `%defaultroute`
/// @param behindNat ESP in UDP even where no NAT is seen
public record Choices(List<IpPrefix> vpc, AddressSpec local, boolean behindNat) {
    /// Nothing known: no routes, the address of the default route.
    public static final Choices NONE =
            new Choices(List.of(), new AddressSpec.DefaultRoute(), false);

    public Choices {
        vpc = List.copyOf(vpc);
    }

    public static Choices of(List<IpPrefix> vpc, Optional<IpAddress> local, boolean behindNat) {
        return new Choices(
                vpc,
                local.<AddressSpec>map(AddressSpec.Fixed::new)
                        .orElseGet(AddressSpec.DefaultRoute::new),
                behindNat);
    }
}
