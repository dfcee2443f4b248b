package io.sallyport.control.view;

import java.util.List;

/// The interface that carries a tunnel's clear packets, as wanted.
///
/// @param name of the interface, empty before there is one
/// @param inside our addresses on it with prefix length, e.g. `169.254.23.6/30`
/// @param remoteInside the peer's addresses on it
/// @param mark 0: none
/// @param routes wanted through it
public record LinkView(
        String name,
        List<String> inside,
        List<String> remoteInside,
        int mtu,
        int mark,
        List<RouteView> routes) {
    public LinkView {
        inside = List.copyOf(inside);
        remoteInside = List.copyOf(remoteInside);
        routes = List.copyOf(routes);
    }
}
