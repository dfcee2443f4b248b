package io.sallyport.daemon.steer;

import io.sallyport.base.net.IpAddress;
import io.sallyport.control.local.TraceRequest;
import io.sallyport.control.view.SadView;
import io.sallyport.control.view.SpdView;
import io.sallyport.control.view.TraceView;
import io.sallyport.control.view.TrafficView;
import io.sallyport.crypto.suite.EspSuite;
import io.sallyport.model.command.Probe;
import io.sallyport.model.command.SadEntry;
import io.sallyport.model.command.SpdEntry;
import io.sallyport.model.port.DataPlane;
import io.sallyport.model.sa.ChildSa;
import io.sallyport.model.sa.PolicyEntry;
import io.sallyport.model.sa.SaUsage;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// What the data plane has, as people see it (S1-05).
final class DatabaseReport {
    private DatabaseReport() {}

    /// @param engine that runs packets of a suite
    static List<SadView> sad(List<SadEntry> entries, Function<EspSuite, String> engine) {
        return entries.stream().map(entry -> view(entry, engine)).toList();
    }

    private static SadView view(SadEntry entry, Function<EspSuite, String> engine) {
        ChildSa sa = entry.sa();
        SaUsage usage = entry.usage();
        return new SadView(
                sa.owner().connection(),
                sa.owner().child(),
                sa.owner().link(),
                protocol(sa.suite()),
                sa.handling().mode().name().toLowerCase(Locale.ROOT),
                sa.suite().toString(),
                entry.active(),
                sa.inbound().spiText(),
                sa.outbound().spiText(),
                sa.carriage().path().local().toString(),
                sa.carriage().path().remote().toString(),
                sa.carriage().udp() && !sa.carriage().tcp(),
                sa.carriage().tcp(),
                sa.selectors().toString(),
                entry.sequenceOut(),
                entry.highestIn(),
                entry.dummiesOut(),
                sa.handling().replayWindow(),
                engine.apply(sa.suite()),
                entry.pathMtu(),
                new TrafficView(
                        usage.packetsIn(),
                        usage.octetsIn(),
                        usage.packetsOut(),
                        usage.octetsOut(),
                        Map.of()));
    }

    private static String protocol(EspSuite suite) {
        return suite.isBundle() ? "AH+ESP" : suite.isAh() ? "AH" : "ESP";
    }

    static List<SpdView> spd(List<SpdEntry> entries) {
        return entries.stream().map(DatabaseReport::view).toList();
    }

    private static SpdView view(SpdEntry entry) {
        PolicyEntry policy = entry.policy();
        return new SpdView(
                policy.owner().connection(),
                policy.owner().child(),
                policy.owner().link(),
                policy.action().name().toLowerCase(Locale.ROOT),
                policy.selectors().toString(),
                policy.priority(),
                policy.trap(),
                entry.up(),
                entry.packets(),
                entry.octets());
    }

    static TraceView trace(DataPlane plane, TraceRequest request) {
        Optional<IpAddress> from = IpAddress.parse(request.from());
        Optional<IpAddress> to = IpAddress.parse(request.to());
        if (from.isEmpty() || to.isEmpty()) {
            return new TraceView("addresses are wanted, not names", List.of());
        }
        try {
            Probe probe =
                    new Probe(
                            request.link(),
                            from.get(),
                            to.get(),
                            request.protocol(),
                            request.fromPort(),
                            request.toPort(),
                            request.length(),
                            request.dontFragment());
            return new TraceView(
                    "",
                    plane.trace(probe).stream()
                            .map(s -> new TraceView.Step(s.stage(), s.says(), s.last()))
                            .toList());
        } catch (IllegalArgumentException e) {
            return new TraceView(String.valueOf(e.getMessage()), List.of());
        }
    }
}
