package io.sallyport.control.view;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Facts for the five checks of S3-48 to S3-52, as found in the running system; who asks judges.
///
/// @param tunnels S3-48: what is established, and in `link` what the rest should be
/// @param routes S3-49: the kernel's routes that lead through our interfaces
/// @param bindings S3-50: our equivalent of the mangle table
/// @param addresses S3-51: our interfaces as the kernel has them
/// @param pings S3-52: what was pinged through the tunnels
public record VerifyView(
        List<TunnelView> tunnels,
        List<RouteView> routes,
        List<BindingView> bindings,
        List<AddressView> addresses,
        List<PingView> pings) {
    public VerifyView {
        tunnels = List.copyOf(tunnels);
        routes = List.copyOf(routes);
        bindings = List.copyOf(bindings);
        addresses = List.copyOf(addresses);
        pings = List.copyOf(pings);
    }

    /// Which peer's SAs belong to which interface (INPUT: the mark), and what TCP segment size is
    /// forced on what leaves by it (FORWARD).
    ///
    /// @param udp ESP arrives in UDP: no `-p esp` packet exists (S3-36)
    /// @param clampMss 0: not clamped
    public record BindingView(
            String interfaceName, String peer, String local, boolean udp, int mark, int clampMss) {}

    /// An interface with its addresses.
    ///
    /// @param inside with prefix length
    /// @param remoteInside addresses of the far end, where point-to-point
    public record AddressView(
            String interfaceName,
            boolean up,
            int mtu,
            List<String> inside,
            List<String> remoteInside) {
        public AddressView {
            inside = List.copyOf(inside);
            remoteInside = List.copyOf(remoteInside);
        }
    }

    /// One pinged host.
    ///
    /// @param interfaceName through which it was asked, empty where routing decided
    /// @param rttMillis null: no answer
    public record PingView(String host, String interfaceName, @Nullable Double rttMillis) {}
}
