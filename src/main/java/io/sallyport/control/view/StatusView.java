package io.sallyport.control.view;

import java.util.List;

/// The whole daemon at one moment.
///
/// @param road which offloads are in use
/// @param totals over all tunnels, with the drops that belong to none
public record StatusView(
        String version,
        long pid,
        long uptimeSeconds,
        List<TunnelView> tunnels,
        RoadView road,
        TrafficView totals) {
    public StatusView {
        tunnels = List.copyOf(tunnels);
    }
}
