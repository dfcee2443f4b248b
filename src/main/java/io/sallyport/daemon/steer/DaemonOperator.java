package io.sallyport.daemon.steer;

import io.sallyport.base.telemetry.Drop;
import io.sallyport.base.time.Clock;
import io.sallyport.control.local.CaptureRequest;
import io.sallyport.control.local.LoadRequest;
import io.sallyport.control.local.TraceRequest;
import io.sallyport.control.server.CaptureStream;
import io.sallyport.control.server.Operator;
import io.sallyport.control.view.Answer;
import io.sallyport.control.view.FailureView;
import io.sallyport.control.view.RoadView;
import io.sallyport.control.view.SadView;
import io.sallyport.control.view.SpdView;
import io.sallyport.control.view.StatusView;
import io.sallyport.control.view.TraceView;
import io.sallyport.control.view.TunnelView;
import io.sallyport.control.view.VerifyView;
import io.sallyport.control.view.VersionView;
import io.sallyport.crypto.suite.EspSuite;
import io.sallyport.daemon.capture.CaptureDesk;
import io.sallyport.daemon.capture.Tap;
import io.sallyport.daemon.loop.IkeLoop;
import io.sallyport.daemon.text.LogLine;
import io.sallyport.daemon.text.LogRing;
import io.sallyport.ike.IkeEngine;
import io.sallyport.model.command.SadEntry;
import io.sallyport.model.port.DataPlane;
import io.sallyport.model.port.IpsecBackend;
import io.sallyport.model.sa.ChildSa;
import io.sallyport.model.spec.ConnectionSpec;
import io.sallyport.model.spec.VpnSpec;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.Supplier;

/// Carries out what is asked on the control socket: each question becomes an errand of the IKE
/// loop, and waits for its answer. Any thread.
public final class DaemonOperator implements Operator {
    private static final long ANSWER_SECONDS = 10;

    private final Parts parts;
    private final String version;
    private final long startNanos;

    /// What the operator works with.
    ///
    /// @param drops over all workers
    public record Parts(
            IkeLoop loop,
            Steward steward,
            IpsecBackend backend,
            DataPlane plane,
            Loaded loaded,
            Supplier<Map<Drop, Long>> drops,
            Looking looking,
            Outfit outfit) {}

    /// How to look at packets.
    ///
    /// @param road whether they pass by the tap; false: the kernel carries them
    /// @param links names of TUNs by number
    /// @param engine that runs packets of a suite
    /// @param offloads in use
    public record Looking(
            Tap tap,
            boolean road,
            IntFunction<String> links,
            Function<EspSuite, String> engine,
            Supplier<RoadView> offloads) {}

    /// What comes from round the loop.
    ///
    /// @param holdings take what files say
    /// @param stop begins the end of the daemon, does not wait for it
    public record Outfit(
            Pinger pinger, Holdings holdings, Runnable stop, Clock clock, LogRing log) {}

    public DaemonOperator(Parts parts, String version) {
        this.parts = parts;
        this.version = version;
        this.startNanos = parts.outfit().clock().nanos();
    }

    @Override
    public VersionView version() {
        return new VersionView(
                version, Runtime.version().toString(), ProcessHandle.current().pid());
    }

    @Override
    public StatusView status() {
        long now = parts.outfit().clock().nanos();
        List<TunnelView> tunnels = ask("status", engine -> tunnels(engine, now));
        return new StatusView(
                version,
                ProcessHandle.current().pid(),
                TimeUnit.NANOSECONDS.toSeconds(now - startNanos),
                tunnels,
                parts.looking().offloads().get(),
                StatusReport.totals(tunnels, parts.drops().get()));
    }

    private List<TunnelView> tunnels(IkeEngine engine, long now) {
        return StatusReport.tunnels(
                new StatusReport.Facts(
                        parts.steward().vpn(),
                        parts.steward().host().plan(),
                        parts.steward().board(),
                        engine.views(),
                        owner ->
                                new StatusReport.Traffic(
                                        parts.loop().traffic().total(owner, parts.backend()::usage),
                                        parts.backend().drops(owner)),
                        parts.steward()::keyedByHand,
                        parts.backend()::pathMtu,
                        parts.outfit().pinger().heartbeats(),
                        startNanos,
                        now));
    }

    @Override
    public VerifyView verify(List<String> hosts) {
        List<TunnelView> tunnels = status().tunnels();
        HostFacts facts = ask("verify", _ -> parts.steward().facts());
        return VerifyReport.of(tunnels, facts, hosts, parts.outfit().pinger());
    }

    @Override
    public Answer load(LoadRequest request) {
        Loaded.Reading reading;
        synchronized (parts.loaded()) {
            reading = parts.loaded().read(request.files(), request.site());
            reading.findings().forEach(parts.outfit().log()::add);
            if (reading.hasErrors()) {
                return Answer.refused(firstError(reading), "see all findings with sallyport check");
            }
            Optional<String> clash = parts.outfit().holdings().ofFiles(reading.vpn());
            if (clash.isPresent()) {
                return Answer.refused(clash.get(), "give one of them another name");
            }
            parts.loaded().keep(request.files(), request.site());
        }
        List<String> names = names(reading.vpn());
        return Answer.done("loaded " + String.join(", ", names), names);
    }

    private static String firstError(Loaded.Reading reading) {
        return reading.findings().stream()
                .filter(f -> f.level() == LogLine.Level.ERROR)
                .map(LogLine::text)
                .findFirst()
                .orElse("");
    }

    @Override
    public Answer up(List<String> connections) {
        return each(connections, "bringing up", parts.steward()::up);
    }

    @Override
    public Answer down(List<String> connections) {
        return each(connections, "took down", parts.steward()::down);
    }

    @Override
    public Answer rekey(String connection, String child) {
        return each(List.of(connection), "rekeying", name -> parts.steward().rekey(name, child));
    }

    @Override
    public List<SadView> sad() {
        return DatabaseReport.sad(
                ask("sad", _ -> parts.plane().associations()), parts.looking().engine());
    }

    @Override
    public List<SpdView> spd() {
        return DatabaseReport.spd(ask("spd", _ -> parts.plane().policies()));
    }

    @Override
    public List<FailureView> why(String peer) {
        return FailureReport.of(ask("why", _ -> parts.steward().failures().of(peer)));
    }

    @Override
    public TraceView trace(TraceRequest request) {
        return ask("trace", _ -> DatabaseReport.trace(parts.plane(), request));
    }

    @Override
    public CaptureStream capture(CaptureRequest request) {
        Looking looking = parts.looking();
        return new CaptureDesk(
                        looking.tap(),
                        "sallyport " + version,
                        looking.road(),
                        looking.links(),
                        this::owners,
                        parts.outfit().clock(),
                        parts.outfit().log())
                .begin(request);
    }

    /// Connection and child of each SA that stands, by SPI.
    private Map<Integer, String> owners() {
        Map<Integer, String> owners = new HashMap<>();
        for (SadEntry entry : ask("capture", _ -> parts.plane().associations())) {
            ChildSa sa = entry.sa();
            String owner = sa.owner().connection() + "/" + sa.owner().child();
            owners.put(sa.inbound().spi(), owner);
            owners.put(sa.outbound().spi(), owner);
        }
        return owners;
    }

    @Override
    public Answer stop() {
        parts.outfit().stop().run();
        return Answer.done("stopping", List.of());
    }

    @Override
    public List<String> recent(int lines) {
        return parts.outfit().log().last(lines).stream().map(Object::toString).toList();
    }

    @Override
    public AutoCloseable follow(int backlog, Consumer<String> lines) {
        return parts.outfit().log().follow(backlog, entry -> lines.accept(entry.toString()));
    }

    private Answer each(List<String> wanted, String done, Consumer<String> work) {
        return ask(
                done,
                _ -> {
                    List<String> known = names(parts.steward().vpn());
                    for (String name : wanted) {
                        if (!known.contains(name)) {
                            return Answer.refused(
                                    "there is no connection " + name,
                                    known.isEmpty()
                                            ? "nothing is loaded"
                                            : "there are: " + String.join(", ", known));
                        }
                    }
                    List<String> all = wanted.isEmpty() ? known : wanted;
                    all.forEach(work);
                    return Answer.done(done + " " + String.join(", ", all), all);
                });
    }

    private static List<String> names(VpnSpec vpn) {
        return vpn.connections().stream().map(ConnectionSpec::name).toList();
    }

    private <T> T ask(String name, Function<IkeEngine, T> work) {
        try {
            return parts.loop().ask(name, work).get(ANSWER_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while asking the IKE loop", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException(name + ": " + e.getCause(), e.getCause());
        } catch (TimeoutException e) {
            throw new IllegalStateException(
                    "the IKE loop gave no answer within " + ANSWER_SECONDS + " s", e);
        }
    }
}
