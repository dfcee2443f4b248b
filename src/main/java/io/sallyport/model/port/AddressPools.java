package io.sallyport.model.port;

import io.sallyport.base.net.IpAddress;
import io.sallyport.base.net.IpRange;
import io.sallyport.model.spec.Identity;
import io.sallyport.model.spec.PoolSpec;
import java.util.List;
import java.util.Optional;

/// Addresses for peers that ask for one. Called by the IKE loop only.
public interface AddressPools {
    /// Lends an address out of the first of `pools` that has one for this identity.
    ///
    /// @param pools by name; unknown ones are passed over
    /// @param wanted the address that the peer would like; the any address: one of its family. What
    ///   it would like it gets if it had it before or nobody did.
    /// @return empty: all are lent
    Optional<Lease> lend(List<String> pools, Identity holder, IpAddress wanted);

    /// The peer needs the lease no more. Its identity gets the same address again, as long as no
    /// other one needs it.
    void giveBack(Lease lease);

    /// What a holder of these addresses is told besides, in the order of the configuration: the
    /// attributes of those of `pools` that one of the addresses is from.
    List<PoolSpec.Attribute> attributes(List<String> pools, List<IpAddress> lent);

    /// Everything that can be lent out of these pools.
    List<IpRange> addresses(List<String> pools);

    /// An address that somebody has.
    record Lease(String pool, IpAddress address, Identity holder) {}

    /// There are none.
    AddressPools NONE =
            new AddressPools() {
                @Override
                public Optional<Lease> lend(List<String> pools, Identity holder, IpAddress wanted) {
                    return Optional.empty();
                }

                @Override
                public void giveBack(Lease lease) {}

                @Override
                public List<PoolSpec.Attribute> attributes(
                        List<String> pools, List<IpAddress> lent) {
                    return List.of();
                }

                @Override
                public List<IpRange> addresses(List<String> pools) {
                    return List.of();
                }
            };
}
