package io.sallyport.daemon.steer;

import io.sallyport.base.net.IpAddress;
import io.sallyport.model.sa.Owner;
import io.sallyport.model.spec.VpnSpec;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;

/// Asks hosts for a sign of life.
public interface Pinger {
    /// One echo request; may take as long as its time limit. Any thread.
    ///
    /// @param link to send it through; empty: as routing decides
    /// @return round-trip time in milliseconds; empty: no answer
    OptionalDouble ping(IpAddress host, String link);

    /// By name of the link: the round trip of the last heartbeat that was answered, in
    /// milliseconds. Any thread.
    Map<String, Double> heartbeats();

    /// Which children are up: their tunnels are watched from now on. Any thread.
    void watch(VpnSpec vpn, Set<Owner> up);
}
