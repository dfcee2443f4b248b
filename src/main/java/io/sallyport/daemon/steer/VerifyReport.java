package io.sallyport.daemon.steer;

import io.sallyport.base.net.InsideAddress;
import io.sallyport.base.net.IpAddress;
import io.sallyport.control.view.RouteView;
import io.sallyport.control.view.TunnelView;
import io.sallyport.control.view.VerifyView;
import io.sallyport.control.view.VerifyView.AddressView;
import io.sallyport.control.view.VerifyView.BindingView;
import io.sallyport.control.view.VerifyView.PingView;
import io.sallyport.daemon.host.RouteWish;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/// The facts of the five checks of S3-48 to S3-52.
final class VerifyReport {
    /// TCP over IPv4 without options: 20 octets each.
    private static final int TCP_IP_OCTETS = 40;

    private VerifyReport() {}

    static VerifyView of(
            List<TunnelView> tunnels, HostFacts facts, List<String> hosts, Pinger pinger) {
        List<RouteView> routes = new ArrayList<>();
        for (RouteWish route : facts.routes()) {
            if (route.kind() == RouteWish.Kind.UNICAST) {
                routes.add(
                        new RouteView(
                                route.destination().toString(),
                                route.link(),
                                (int) Math.min(Integer.MAX_VALUE, route.metric())));
            }
        }
        List<AddressView> addresses =
                facts.links().stream()
                        .map(l ->
                                new AddressView(
                                        l.name(),
                                        l.up(),
                                        l.mtu(),
                                        l.inside().stream().map(Object::toString).toList(),
                                        l.remoteInside().stream().map(Object::toString).toList()))
                        .toList();
        List<BindingView> bindings = tunnels.stream().map(VerifyReport::binding).toList();
        return new VerifyView(tunnels, routes, bindings, addresses, pings(tunnels, hosts, pinger));
    }

    private static BindingView binding(TunnelView tunnel) {
        return new BindingView(
                tunnel.link().name(),
                withoutPort(tunnel.path().remote()),
                withoutPort(tunnel.path().local()),
                tunnel.path().carriage().equals("UDP"),
                tunnel.link().mark(),
                Math.max(0, tunnel.link().mtu() - TCP_IP_OCTETS));
    }

    /// `192.0.2.1:500` and `[2001:db8::1]:500` without their ports; anything else as it is.
    static String withoutPort(String endpoint) {
        if (endpoint.startsWith("[")) {
            return endpoint.substring(1, endpoint.indexOf(']'));
        }
        int colon = endpoint.indexOf(':');
        return colon >= 0 && colon == endpoint.lastIndexOf(':')
                ? endpoint.substring(0, colon)
                : endpoint;
    }

    private static List<PingView> pings(
            List<TunnelView> tunnels, List<String> hosts, Pinger pinger) {
        Map<String, String> wanted = new LinkedHashMap<>();
        for (TunnelView tunnel : tunnels) {
            for (String inside : tunnel.link().remoteInside()) {
                InsideAddress.parse(inside)
                        .ifPresent(a -> wanted.put(a.address().toString(), tunnel.link().name()));
            }
        }
        hosts.forEach(host -> wanted.putIfAbsent(host, ""));
        List<PingView> pings = new ArrayList<>();
        wanted.forEach(
                (host, link) -> pings.add(new PingView(host, link, rtt(host, link, pinger))));
        return pings;
    }

    private static @Nullable Double rtt(String host, String link, Pinger pinger) {
        Optional<IpAddress> address = IpAddress.parse(host);
        if (address.isEmpty()) {
            return null;
        }
        OptionalDouble millis = pinger.ping(address.get(), link);
        return millis.isPresent() ? (Double) millis.getAsDouble() : null;
    }
}
