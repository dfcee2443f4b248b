package io.sallyport.testkit;

import io.sallyport.control.view.AgesView;
import io.sallyport.control.view.EspView;
import io.sallyport.control.view.FailureView;
import io.sallyport.control.view.IkeView;
import io.sallyport.control.view.LinkView;
import io.sallyport.control.view.LivenessView;
import io.sallyport.control.view.PathView;
import io.sallyport.control.view.RoadView;
import io.sallyport.control.view.RouteView;
import io.sallyport.control.view.SadView;
import io.sallyport.control.view.SpdView;
import io.sallyport.control.view.StateView;
import io.sallyport.control.view.StatusView;
import io.sallyport.control.view.TermsView;
import io.sallyport.control.view.TrafficView;
import io.sallyport.control.view.TunnelState;
import io.sallyport.control.view.TunnelView;
import io.sallyport.control.view.VerifyView;
import io.sallyport.control.view.VerifyView.AddressView;
import io.sallyport.control.view.VerifyView.BindingView;
import io.sallyport.control.view.VerifyView.PingView;
import java.util.List;
import java.util.Map;

/// Views as a gateway with the two tunnels of a VPN connection would give them.
public final class Views {
    private Views() {}

    public static StatusView status() {
        return new StatusView(
                "0.1.0",
                4711,
                8041,
                List.of(up(), connecting()),
                new RoadView(
                        "userspace",
                        List.of(
                                new RoadView.Port("UDP port 500 (IPv4)", "sendmmsg, recvmmsg"),
                                new RoadView.Port("UDP port 4500 (IPv4)", "UDP_SEGMENT, UDP_GRO"),
                                new RoadView.Port("IP protocol 50 (IPv4)", "sendmmsg, recvmmsg"),
                                new RoadView.Port(
                                        "TUN Tunnel1", "TCP and UDP segmentation offload"))),
                new TrafficView(
                        10234,
                        1_234_567,
                        9120,
                        640_001,
                        Map.of("REPLAYED", 3L, "UNKNOWN_SPI", 1200L)));
    }

    public static FailureView failure() {
        return new FailureView(
                "office",
                "192.0.2.9:500",
                "net",
                "CREATE_CHILD_SA",
                "responder",
                "selectors",
                "the two ends want other traffic protected",
                "no child of this connection has the selectors that the peer asks for",
                true,
                false,
                "net (TUNNEL): 10.9.0.0/16 === 10.1.0.0/16",
                "10.2.0.0/16 === 10.1.0.0/16",
                new TermsView(
                        "sun.example",
                        "moon.example",
                        "aes256gcm16",
                        "10.9.0.0/16 === 10.1.0.0/16"),
                new TermsView("moon.example", "", "aes256gcm16", "10.1.0.0/16 === 10.2.0.0/16"),
                "",
                "/etc/swanctl/swanctl.conf:12",
                "Let the selectors mirror each other.",
                3,
                "2026-11-27T03:41:12Z",
                "2026-11-27T03:45:00Z",
                null);
    }

    public static TunnelView up() {
        return new TunnelView(
                "Tunnel1",
                "Tunnel1",
                new StateView(TunnelState.UP, 7985L, ""),
                link("Tunnel1", 23, 6, 5, 100),
                new PathView("10.9.0.4:4500", "52.50.67.155:4500", true, false, "UDP"),
                new IkeView(
                        "ESTABLISHED",
                        "IKEv1",
                        true,
                        "0123456789abcdef",
                        "89abcdef01234567",
                        "aes128-sha1-modp1024",
                        new AgesView(7985, 19860L, 20815L),
                        new LivenessView(3L, 12.34)),
                new EspView(
                        "INSTALLED",
                        "c3a80a1f",
                        "9b2e11d0",
                        "aes128-sha1-modp1024",
                        "0.0.0.0/0 === 0.0.0.0/0",
                        1500,
                        new AgesView(782, 1877L, 2818L)),
                new TrafficView(10234, 1_234_567, 9120, 640_001, Map.of("REPLAYED", 3L)));
    }

    public static TunnelView connecting() {
        return new TunnelView(
                "Tunnel2",
                "Tunnel2",
                new StateView(
                        TunnelState.CONNECTING,
                        59L,
                        "Tunnel2 (54.77.23.12): main mode failed: NO_PROPOSAL_CHOSEN;"
                                + " ours: aes128-sha1-modp1024 [vpn.txt:80]"),
                link("Tunnel2", 22, 74, 73, 200),
                new PathView("10.9.0.4:500", "54.77.23.12:500", false, false, ""),
                null,
                null,
                TrafficView.NONE);
    }

    public static TunnelView withState(TunnelView tunnel, TunnelState state, String failure) {
        return new TunnelView(
                tunnel.connection(),
                tunnel.child(),
                new StateView(state, 1L, failure),
                tunnel.link(),
                tunnel.path(),
                tunnel.ike(),
                tunnel.esp(),
                tunnel.traffic());
    }

    public static StatusView statusOf(TunnelView... tunnels) {
        return new StatusView("0.1.0", 4711, 60, List.of(tunnels), RoadView.NONE, TrafficView.NONE);
    }

    private static LinkView link(String name, int third, int ours, int theirs, int mark) {
        return new LinkView(
                name,
                List.of("169.254." + third + "." + ours + "/30"),
                List.of("169.254." + third + "." + theirs),
                1419,
                mark,
                List.of(new RouteView("10.0.0.0/16", name, mark)));
    }

    /// Tunnel1 alone, with nothing wrong.
    public static VerifyView verify() {
        return new VerifyView(
                List.of(up()),
                List.of(new RouteView("10.0.0.0/16", "Tunnel1", 100)),
                List.of(new BindingView("Tunnel1", "52.50.67.155", "10.9.0.4", true, 100, 1379)),
                List.of(
                        new AddressView(
                                "Tunnel1",
                                true,
                                1419,
                                List.of("169.254.23.6/30"),
                                List.of("169.254.23.5"))),
                List.of(
                        new PingView("169.254.23.5", "Tunnel1", 12.3),
                        new PingView("10.0.1.20", "", 14.0)));
    }

    public static SadView sad() {
        return new SadView(
                "Tunnel1",
                "Tunnel1",
                "Tunnel1",
                "ESP",
                "tunnel",
                "aes128-sha1",
                true,
                "c3a80a1f",
                "5e01aa00",
                "192.0.2.1:4500",
                "198.51.100.7:4500",
                true,
                false,
                "0.0.0.0/0 === 0.0.0.0/0",
                17,
                15,
                0,
                1024,
                "jce",
                1500,
                new TrafficView(15, 1500, 17, 1700, Map.of()));
    }

    public static SpdView spd() {
        return new SpdView(
                "Tunnel1",
                "Tunnel1",
                "Tunnel1",
                "protect",
                "0.0.0.0/0 === 0.0.0.0/0",
                0,
                true,
                true,
                17,
                1700);
    }
}
