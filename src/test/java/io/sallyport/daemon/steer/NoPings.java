package io.sallyport.daemon.steer;

import io.sallyport.base.net.IpAddress;
import io.sallyport.model.sa.Owner;
import io.sallyport.model.spec.VpnSpec;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;

/// Of a gateway without a network: nobody is pinged.
public final class NoPings implements Pinger {
    @Override
    public OptionalDouble ping(IpAddress host, String link) {
        return OptionalDouble.empty();
    }

    @Override
    public Map<String, Double> heartbeats() {
        return Map.of();
    }

    @Override
    public void watch(VpnSpec vpn, Set<Owner> up) {}
}
