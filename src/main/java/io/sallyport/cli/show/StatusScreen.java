package io.sallyport.cli.show;

import io.sallyport.base.telemetry.Drop;
import io.sallyport.cli.console.Paint;
import io.sallyport.cli.console.Printable;
import io.sallyport.cli.console.Quantity;
import io.sallyport.control.view.AgesView;
import io.sallyport.control.view.EspView;
import io.sallyport.control.view.IkeView;
import io.sallyport.control.view.LinkView;
import io.sallyport.control.view.PathView;
import io.sallyport.control.view.RoadView;
import io.sallyport.control.view.RouteView;
import io.sallyport.control.view.StateView;
import io.sallyport.control.view.StatusView;
import io.sallyport.control.view.TrafficView;
import io.sallyport.control.view.TunnelState;
import io.sallyport.control.view.TunnelView;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// A daemon's status as a table, and below it a paragraph for each tunnel.
///
/// @param width columns to fit into
public record StatusScreen(int width, Paint paint) {
    /// Ports of one kind that are named.
    private static final int MOST_PORTS = 8;

    /// The head line and the table.
    public List<String> overview(StatusView status) {
        List<String> lines = new ArrayList<>();
        lines.add(head(status));
        if (!status.tunnels().isEmpty()) {
            lines.add("");
            lines.addAll(table(status.tunnels()));
        }
        return lines;
    }

    /// [#overview], then everything known of each tunnel, then what belongs to none.
    public List<String> full(StatusView status) {
        List<String> lines = new ArrayList<>(overview(status));
        for (TunnelView tunnel : status.tunnels()) {
            lines.add("");
            lines.addAll(details(tunnel));
        }
        lines.add("");
        lines.add(paint.strong("all tunnels"));
        lines.addAll(traffic(status.totals()));
        lines.addAll(road(status.road()));
        return lines;
    }

    /// Ports of one kind have one line.
    private List<String> road(RoadView road) {
        Map<String, List<String>> byOffload = new LinkedHashMap<>();
        for (RoadView.Port port : road.ports()) {
            byOffload
                    .computeIfAbsent(port.offload(), _ -> new ArrayList<>())
                    .add(Printable.of(port.name()));
        }
        List<String> lines = new ArrayList<>();
        String label = road.carrier().equals("kernel") ? "kernel" : "offload";
        for (Map.Entry<String, List<String>> each : byOffload.entrySet()) {
            List<String> names = each.getValue();
            String some =
                    names.size() <= MOST_PORTS
                            ? String.join(", ", names)
                            : String.join(", ", names.subList(0, MOST_PORTS))
                                    + " and "
                                    + (names.size() - MOST_PORTS)
                                    + " more";
            lines.addAll(Paragraph.words(label, each.getKey() + ": " + some, width));
            label = "";
        }
        return lines;
    }

    private static String head(StatusView status) {
        StringBuilder head = new StringBuilder("sallyport " + status.version());
        head.append(", pid ").append(status.pid());
        head.append(", running for ").append(Quantity.duration(status.uptimeSeconds()));
        head.append(": ").append(Quantity.of(status.tunnels().size(), "tunnel"));
        for (TunnelState state : TunnelState.values()) {
            long count = status.tunnels().stream().filter(t -> t.state().name() == state).count();
            if (count > 0) {
                head.append(", ").append(count).append(' ').append(state);
            }
        }
        return head.toString();
    }

    private List<String> table(List<TunnelView> tunnels) {
        TextTable table = new TextTable();
        table.column("TUNNEL", 100, false, cells(tunnels, TunnelView::title), paint::strong);
        table.column("STATE", 99, false, cells(tunnels, t -> t.state().name().name()), this::tint);
        table.column("FOR", 90, true, cells(tunnels, t -> seconds(t.state().sinceSeconds())));
        table.column("PEER", 95, false, cells(tunnels, t -> withoutPort(t.path().remote())));
        table.column("INSIDE", 60, false, cells(tunnels, t -> String.join(" ", t.link().inside())));
        table.column("IN", 80, true, cells(tunnels, t -> Quantity.octets(t.traffic().octetsIn())));
        table.column(
                "OUT", 80, true, cells(tunnels, t -> Quantity.octets(t.traffic().octetsOut())));
        table.column("DROPS", 65, true, cells(tunnels, t -> Quantity.count(drops(t.traffic()))));
        table.column("REKEY", 85, true, cells(tunnels, StatusScreen::nextRekey));
        table.column("HEARD", 70, true, cells(tunnels, StatusScreen::heard));
        table.column("RTT", 75, true, cells(tunnels, StatusScreen::rtt));
        return table.lines(width);
    }

    private static List<String> cells(List<TunnelView> tunnels, Function<TunnelView, String> cell) {
        return tunnels.stream().map(cell).toList();
    }

    private String tint(String cell) {
        return colourOf(TunnelState.valueOf(cell.strip())).apply(cell);
    }

    private UnaryOperator<String> colourOf(TunnelState state) {
        return switch (state) {
            case UP -> paint::good;
            case STANDBY, WAITING -> paint::strong;
            case CONNECTING -> paint::busy;
            case DEAD -> paint::bad;
            case DOWN -> paint::faint;
        };
    }

    private static String seconds(@Nullable Long seconds) {
        return seconds == null ? "-" : Quantity.duration(seconds);
    }

    private static String withoutPort(String endpoint) {
        if (endpoint.startsWith("[")) {
            return endpoint.substring(1, Math.max(1, endpoint.indexOf(']')));
        }
        int colon = endpoint.indexOf(':');
        boolean port = colon >= 0 && colon == endpoint.lastIndexOf(':');
        return port ? endpoint.substring(0, colon) : endpoint;
    }

    private static long drops(TrafficView traffic) {
        return traffic.drops().values().stream().mapToLong(Long::longValue).sum();
    }

    /// Of whichever SA is next.
    private static String nextRekey(TunnelView tunnel) {
        IkeView ike = tunnel.ike();
        EspView esp = tunnel.esp();
        Long first = ike == null ? null : ike.ages().rekeySeconds();
        Long second = esp == null ? null : esp.ages().rekeySeconds();
        if (first == null || second == null) {
            return seconds(first == null ? second : first);
        }
        return seconds(Math.min(first, second));
    }

    private static String heard(TunnelView tunnel) {
        IkeView ike = tunnel.ike();
        return ike == null ? "-" : seconds(ike.liveness().heardSeconds());
    }

    private static String rtt(TunnelView tunnel) {
        IkeView ike = tunnel.ike();
        Double millis = ike == null ? null : ike.liveness().rttMillis();
        return millis == null ? "-" : Quantity.millis(millis);
    }

    private List<String> details(TunnelView tunnel) {
        List<String> lines = new ArrayList<>();
        StateView state = tunnel.state();
        Long since = state.sinceSeconds();
        lines.add(
                paint.strong(Printable.of(tunnel.title()))
                        + " "
                        + colourOf(state.name()).apply(state.name().name())
                        + (since == null ? "" : " for " + Quantity.duration(since)));
        lines.addAll(link(tunnel.link()));
        lines.addAll(Paragraph.lines("path", path(tunnel.path()), width));
        IkeView ike = tunnel.ike();
        if (ike != null) {
            lines.addAll(ike(ike));
        }
        EspView esp = tunnel.esp();
        if (esp != null) {
            lines.addAll(esp(esp));
        }
        lines.addAll(traffic(tunnel.traffic()));
        if (!state.lastFailure().isEmpty()) {
            lines.addAll(Paragraph.words("failure", state.lastFailure(), width));
        }
        return lines;
    }

    private List<String> link(LinkView link) {
        List<String> phrases = new ArrayList<>();
        phrases.add(link.name().isEmpty() ? "no interface" : link.name());
        if (!link.inside().isEmpty()) {
            String far =
                    link.remoteInside().isEmpty()
                            ? ""
                            : " -> " + String.join(" ", link.remoteInside());
            phrases.add("inside " + String.join(" ", link.inside()) + far);
        }
        if (link.mtu() > 0) {
            phrases.add("MTU " + link.mtu());
        }
        if (link.mark() != 0) {
            phrases.add("mark " + link.mark());
        }
        for (RouteView route : link.routes()) {
            phrases.add("route " + route.destination() + " metric " + route.metric());
        }
        return Paragraph.lines("link", phrases, width);
    }

    private static List<String> path(PathView path) {
        List<String> phrases = new ArrayList<>();
        phrases.add(path.local() + " -> " + path.remote());
        if (path.natLocal()) {
            phrases.add("NAT before us");
        }
        if (path.natRemote()) {
            phrases.add("NAT before the peer");
        }
        if (!path.carriage().isEmpty()) {
            phrases.add(
                    path.carriage().equals("ESP")
                            ? "ESP as protocol 50"
                            : "ESP in " + path.carriage());
        }
        return phrases;
    }

    private List<String> ike(IkeView ike) {
        List<String> phrases = new ArrayList<>();
        phrases.add(ike.state());
        phrases.add(ike.version() + (ike.initiator() ? " initiator" : " responder"));
        phrases.add(ike.suite());
        phrases.add("SPIs " + ike.initiatorSpi() + " " + ike.responderSpi());
        ages(ike.ages(), phrases);
        Long heard = ike.liveness().heardSeconds();
        phrases.add(
                heard == null
                        ? "peer not heard yet"
                        : "peer heard " + Quantity.duration(heard) + " ago");
        Double rtt = ike.liveness().rttMillis();
        if (rtt != null) {
            phrases.add("RTT " + Quantity.millis(rtt));
        }
        return Paragraph.lines("IKE", phrases, width);
    }

    private List<String> esp(EspView esp) {
        List<String> phrases = new ArrayList<>();
        phrases.add(esp.state());
        phrases.add(esp.suite());
        phrases.add("SPI in " + esp.spiIn());
        phrases.add("SPI out " + esp.spiOut());
        ages(esp.ages(), phrases);
        phrases.add(esp.selectors());
        if (esp.pathMtu() > 0) {
            phrases.add("path MTU " + esp.pathMtu());
        }
        return Paragraph.lines("ESP", phrases, width);
    }

    private static void ages(AgesView ages, List<String> phrases) {
        phrases.add("age " + Quantity.duration(ages.ageSeconds()));
        Long rekey = ages.rekeySeconds();
        phrases.add(rekey == null ? "never rekeyed" : "rekey in " + Quantity.duration(rekey));
        Long expiry = ages.expirySeconds();
        if (expiry != null) {
            phrases.add("ends in " + Quantity.duration(expiry));
        }
    }

    private List<String> traffic(TrafficView traffic) {
        List<String> lines = new ArrayList<>();
        lines.addAll(
                Paragraph.lines(
                        "traffic",
                        List.of(
                                "in "
                                        + Quantity.of(traffic.packetsIn(), "packet")
                                        + " "
                                        + Quantity.octets(traffic.octetsIn()),
                                "out "
                                        + Quantity.of(traffic.packetsOut(), "packet")
                                        + " "
                                        + Quantity.octets(traffic.octetsOut())),
                        width));
        String label = "drops";
        for (Map.Entry<String, Long> drop : traffic.drops().entrySet()) {
            String text =
                    Quantity.count(drop.getValue()) + " " + drop.getKey() + meaning(drop.getKey());
            lines.addAll(Paragraph.words(label, text, width));
            label = "";
        }
        return lines;
    }

    private static String meaning(String reason) {
        for (Drop drop : Drop.values()) {
            if (drop.name().equals(reason)) {
                return ": " + drop.meaning();
            }
        }
        return ""; // a newer daemon knows more
    }
}
