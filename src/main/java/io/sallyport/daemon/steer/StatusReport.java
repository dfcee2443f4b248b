package io.sallyport.daemon.steer;

import io.sallyport.base.net.Endpoint;
import io.sallyport.base.telemetry.Drop;
import io.sallyport.control.view.AgesView;
import io.sallyport.control.view.EspView;
import io.sallyport.control.view.IkeView;
import io.sallyport.control.view.LinkView;
import io.sallyport.control.view.LivenessView;
import io.sallyport.control.view.PathView;
import io.sallyport.control.view.RouteView;
import io.sallyport.control.view.StateView;
import io.sallyport.control.view.TrafficView;
import io.sallyport.control.view.TunnelState;
import io.sallyport.control.view.TunnelView;
import io.sallyport.daemon.host.HostPlan;
import io.sallyport.daemon.host.HostPlanner;
import io.sallyport.daemon.host.LinkWish;
import io.sallyport.model.command.ChildSaView;
import io.sallyport.model.command.IkeSaView;
import io.sallyport.model.sa.Carriage;
import io.sallyport.model.sa.Owner;
import io.sallyport.model.sa.SaUsage;
import io.sallyport.model.spec.Actions;
import io.sallyport.model.spec.ChildSpec;
import io.sallyport.model.spec.ConnectionSpec;
import io.sallyport.model.spec.LinkSpec;
import io.sallyport.model.spec.VpnSpec;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongToIntFunction;
import org.jspecify.annotations.Nullable;

/// Puts together what the daemon shows of its tunnels: a pure function of what its parts say.
public final class StatusReport {
    private final Facts facts;
    private final SaIndex sas;

    /// By name of the link.
    private final Map<String, Integer> mtus = new HashMap<>();

    /// What the report is made of.
    ///
    /// @param startNanos when the daemon started
    /// @param traffic of an owner since then
    /// @param manual the SA of an owner with manual keys
    /// @param rttMillis by name of the link, of the last answered heartbeat
    public record Facts(
            VpnSpec vpn,
            HostPlan plan,
            Board board,
            List<IkeSaView> sas,
            Function<Owner, Traffic> traffic,
            Function<Owner, Optional<ChildSaView>> manual,
            LongToIntFunction pathMtu,
            Map<String, Double> rttMillis,
            long startNanos,
            long nowNanos) {}

    /// What an owner carried, and what it did not.
    public record Traffic(SaUsage usage, Map<Drop, Long> drops) {}

    private StatusReport(Facts facts) {
        this.facts = facts;
        this.sas = new SaIndex(facts.sas());
        for (LinkWish link : facts.plan().links()) {
            mtus.putIfAbsent(link.name(), link.mtu());
        }
    }

    public static List<TunnelView> tunnels(Facts facts) {
        StatusReport report = new StatusReport(facts);
        List<TunnelView> all = new ArrayList<>();
        for (ConnectionSpec connection : facts.vpn().connections()) {
            for (ChildSpec child : connection.children()) {
                all.addAll(report.tunnels(connection, child));
            }
        }
        return all;
    }

    /// The sum of `tunnels`, with the drops of all of them.
    public static TrafficView totals(List<TunnelView> tunnels, Map<Drop, Long> drops) {
        long packetsIn = 0;
        long octetsIn = 0;
        long packetsOut = 0;
        long octetsOut = 0;
        for (TunnelView tunnel : tunnels) {
            packetsIn += tunnel.traffic().packetsIn();
            octetsIn += tunnel.traffic().octetsIn();
            packetsOut += tunnel.traffic().packetsOut();
            octetsOut += tunnel.traffic().octetsOut();
        }
        return new TrafficView(packetsIn, octetsIn, packetsOut, octetsOut, named(drops));
    }

    static Map<String, Long> named(Map<Drop, Long> drops) {
        Map<String, Long> named = new TreeMap<>();
        drops.forEach((reason, count) -> named.put(reason.name(), count));
        return named;
    }

    /// One, or where several peers have this child one for each, with what that peer's SAs carried.
    private List<TunnelView> tunnels(ConnectionSpec connection, ChildSpec child) {
        Owner owner = HostPlanner.owner(connection, child);
        List<SaIndex.Carrying> carrying = sas.carrying(owner);
        long peers = carrying.stream().map(c -> c.ike().path().remote()).distinct().count();
        if (peers < 2) {
            return List.of(one(connection, child, owner));
        }
        return carrying.stream()
                .map(c ->
                        tunnel(
                                connection,
                                child,
                                Optional.of(c.ike()),
                                Optional.of(c.newest()),
                                new Traffic(c.usage(), Map.of())))
                .toList();
    }

    /// By the IKE SA that has the child, the youngest of several; else by the youngest there is.
    private TunnelView one(ConnectionSpec connection, ChildSpec child, Owner owner) {
        Optional<SaIndex.Carrying> carrying =
                sas.carrying(owner).stream()
                        .max(Comparator.comparingLong(c -> c.ike().times().establishedNanos()));
        return tunnel(
                connection,
                child,
                carrying.map(SaIndex.Carrying::ike).or(() -> sas.youngest(connection.name())),
                carrying.map(SaIndex.Carrying::newest).or(() -> facts.manual().apply(owner)),
                facts.traffic().apply(owner));
    }

    private TunnelView tunnel(
            ConnectionSpec connection,
            ChildSpec child,
            Optional<IkeSaView> ike,
            Optional<ChildSaView> esp,
            Traffic traffic) {
        Owner owner = HostPlanner.owner(connection, child);
        SaUsage usage = traffic.usage();
        TunnelState state = state(connection, child, owner);
        long since = seconds(facts.board().changed(owner, facts.startNanos()), facts.nowNanos());
        return new TunnelView(
                connection.name(),
                child.name(),
                new StateView(state, since, facts.board().lastFailure(connection.name())),
                link(child),
                path(connection, ike, esp),
                ike.map(view -> ikeView(view, child)).orElse(null),
                esp.map(this::espView).orElse(null),
                new TrafficView(
                        usage.packetsIn(),
                        usage.octetsIn(),
                        usage.packetsOut(),
                        usage.octetsOut(),
                        named(traffic.drops())));
    }

    private TunnelState state(ConnectionSpec connection, ChildSpec child, Owner owner) {
        if (facts.board().isUp(owner)) {
            return TunnelState.UP;
        }
        if (facts.board().isStopped(connection.name())) {
            return TunnelState.DOWN;
        }
        if (facts.board().isHeld(connection.name())) {
            return TunnelState.STANDBY;
        }
        if (sas.youngest(connection.name()).isPresent()) {
            return TunnelState.CONNECTING;
        }
        if (facts.board().hasGivenUp(connection.name())) {
            return TunnelState.DOWN;
        }
        boolean restarts =
                child.actions().start() == Actions.Start.START
                        || child.actions().dpd() == Actions.Dpd.RESTART
                                && facts.board().isDead(connection.name());
        if (restarts) {
            return TunnelState.CONNECTING;
        }
        return facts.board().isDead(connection.name()) ? TunnelState.DEAD : TunnelState.WAITING;
    }

    private LinkView link(ChildSpec child) {
        String name =
                child.link() instanceof LinkSpec.Tunnel tunnel ? tunnel.name() : HostPlan.SHARED;
        int mtu = mtus.getOrDefault(name, 0);
        return switch (child.link()) {
            case LinkSpec.Shared _ -> new LinkView(name, List.of(), List.of(), mtu, 0, List.of());
            case LinkSpec.Tunnel t ->
                    new LinkView(
                            name,
                            t.inside().stream().map(Object::toString).toList(),
                            t.remoteInside().stream().map(Object::toString).toList(),
                            mtu == 0 ? t.mtu() : mtu,
                            t.mark(),
                            t.routes().stream()
                                    .map(r ->
                                            new RouteView(
                                                    r.destination().toString(), name, r.metric()))
                                    .toList());
        };
    }

    private static PathView path(
            ConnectionSpec connection, Optional<IkeSaView> ike, Optional<ChildSaView> esp) {
        String carriage = esp.map(e -> word(e.sa().carriage())).orElse("");
        if (ike.isEmpty()) {
            return new PathView(
                    esp.map(e -> end(e.sa().carriage().path().local()))
                            .orElse(connection.local().address().toString()),
                    esp.map(e -> end(e.sa().carriage().path().remote()))
                            .orElse(connection.remote().address().toString()),
                    false,
                    false,
                    carriage);
        }
        IkeSaView view = ike.get();
        return new PathView(
                view.path().local().toString(),
                view.path().remote().toString(),
                view.peer().natLocal(),
                view.peer().natRemote(),
                carriage);
    }

    private static String word(Carriage carriage) {
        return carriage.tcp() ? "TCP" : carriage.udp() ? "UDP" : "ESP";
    }

    private static String end(Endpoint end) {
        return end.port() == 0 ? end.address().toString() : end.toString();
    }

    private IkeView ikeView(IkeSaView view, ChildSpec child) {
        Double rtt =
                child.link() instanceof LinkSpec.Tunnel t ? facts.rttMillis().get(t.name()) : null;
        if (rtt == null && view.peer().rttNanos() >= 0) {
            rtt = view.peer().rttNanos() / 1e6;
        }
        Long heard =
                view.peer().lastHeardNanos() == SaUsage.NEVER
                        ? null
                        : seconds(view.peer().lastHeardNanos(), facts.nowNanos());
        return new IkeView(
                view.state(),
                view.keys().version(),
                view.keys().initiator(),
                view.keys().initiatorSpi(),
                view.keys().responderSpi(),
                view.keys().suite(),
                ages(
                        view.times().establishedNanos(),
                        view.times().rekeyNanos(),
                        view.times().expiryNanos()),
                new LivenessView(heard, rtt));
    }

    private EspView espView(ChildSaView view) {
        return new EspView(
                view.state(),
                view.sa().inbound().spiText(),
                view.sa().outbound().spiText(),
                view.sa().suite().toString(),
                view.sa().selectors().toString(),
                facts.pathMtu().applyAsInt(view.sa().id()),
                ages(view.establishedNanos(), view.rekeyNanos(), view.expiryNanos()));
    }

    private AgesView ages(long established, long rekey, long expiry) {
        long now = facts.nowNanos();
        // 0: not established yet
        long age = established == 0 ? 0 : seconds(established, now);
        return new AgesView(age, until(rekey, now), until(expiry, now));
    }

    private static @Nullable Long until(long at, long now) {
        return at == Long.MAX_VALUE ? null : seconds(now, at);
    }

    private static long seconds(long from, long to) {
        return Math.max(0, TimeUnit.NANOSECONDS.toSeconds(to - from));
    }
}
