package io.sallyport.control.view;

import org.jspecify.annotations.Nullable;

/// One tunnel: a child of a connection with all that is known of it.
///
/// @param ike null: there is no IKE SA
/// @param esp null: there is no child SA
/// @param traffic since the daemon started, over all its SAs
public record TunnelView(
        String connection,
        String child,
        StateView state,
        LinkView link,
        PathView path,
        @Nullable IkeView ike,
        @Nullable EspView esp,
        TrafficView traffic) {
    /// `Tunnel1`, or `net/lan` where the child has a name of its own.
    public String title() {
        return child.isEmpty() || child.equals(connection) ? connection : connection + "/" + child;
    }
}
