package io.sallyport.model.spec;

import io.sallyport.base.net.IpAddress;
import java.util.List;

/// Virtual addresses: what we ask the peer for, and out of which pools we answer.
///
/// @param asked the unspecified address of a family: any of it
/// @param pools by name, the first with a free address; `dhcp`, `radius` are names as well
/// @param pull IKEv1: the client asks (RFC: draft-dukes-ike-mode-cfg); false: the server pushes
public record AddressingSpec(List<IpAddress> asked, List<String> pools, boolean pull) {
    public static final AddressingSpec NONE = new AddressingSpec(List.of(), List.of(), true);

    public AddressingSpec {
        asked = List.copyOf(asked);
        pools = List.copyOf(pools);
    }
}
