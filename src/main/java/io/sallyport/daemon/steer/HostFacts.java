package io.sallyport.daemon.steer;

import io.sallyport.daemon.host.HostSystem;
import io.sallyport.daemon.host.RouteWish;
import java.util.List;

/// What the kernel has of ours at one moment.
public record HostFacts(List<RouteWish> routes, List<HostSystem.LinkState> links) {
    public HostFacts {
        routes = List.copyOf(routes);
        links = List.copyOf(links);
    }
}
