package io.sallyport.control.view;

import java.util.List;

/// The whole daemon at one moment.
///
/// @param totals over all tunnels, with the drops that belong to none
public record StatusView(
        String version,
        long pid,
        long uptimeSeconds,
        List<TunnelView> tunnels,
        TrafficView totals) {
    public StatusView {
        tunnels = List.copyOf(tunnels);
    }
}
