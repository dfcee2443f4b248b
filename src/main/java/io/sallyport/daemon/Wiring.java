package io.sallyport.daemon;

import io.sallyport.base.Secret;
import io.sallyport.base.time.Clock;
import io.sallyport.control.local.RunRequest.Backend;
import io.sallyport.control.server.Operator;
import io.sallyport.control.vici.ViciOperator;
import io.sallyport.control.view.RoadView;
import io.sallyport.creds.revocation.AnswerCache;
import io.sallyport.creds.revocation.RevocationDesk;
import io.sallyport.creds.store.CertificateNotary;
import io.sallyport.creds.store.CredentialStore;
import io.sallyport.creds.store.LocatedCertificates;
import io.sallyport.creds.store.OnTokens;
import io.sallyport.creds.store.Vault;
import io.sallyport.creds.store.VaultLoader;
import io.sallyport.crypto.choose.Crypto;
import io.sallyport.crypto.choose.EngineChooser;
import io.sallyport.daemon.capture.Tap;
import io.sallyport.daemon.hook.Devices;
import io.sallyport.daemon.hook.Updown;
import io.sallyport.daemon.host.CrashSecret;
import io.sallyport.daemon.host.HostNetwork;
import io.sallyport.daemon.host.HostPlan;
import io.sallyport.daemon.host.LinuxSystem;
import io.sallyport.daemon.host.StateJournal;
import io.sallyport.daemon.loop.Bugs;
import io.sallyport.daemon.loop.GuardWatch;
import io.sallyport.daemon.loop.IkeLoop;
import io.sallyport.daemon.loop.Jobs;
import io.sallyport.daemon.loop.Links;
import io.sallyport.daemon.loop.Ports;
import io.sallyport.daemon.loop.TrafficLedger;
import io.sallyport.daemon.loop.Workers;
import io.sallyport.daemon.steer.DaemonOperator;
import io.sallyport.daemon.steer.Heartbeat;
import io.sallyport.daemon.steer.Holdings;
import io.sallyport.daemon.steer.KeyFile;
import io.sallyport.daemon.steer.Loaded;
import io.sallyport.daemon.steer.PathWarden;
import io.sallyport.daemon.steer.RawEcho;
import io.sallyport.daemon.steer.ReloadableCredentials;
import io.sallyport.daemon.steer.ReloadableNotary;
import io.sallyport.daemon.steer.Steward;
import io.sallyport.daemon.steer.World;
import io.sallyport.daemon.text.LogLine;
import io.sallyport.daemon.text.LogRing;
import io.sallyport.daemon.vici.ViciDesk;
import io.sallyport.drivers.fault.Faults;
import io.sallyport.drivers.fetch.HttpFetcher;
import io.sallyport.drivers.tcp.TcpLimits;
import io.sallyport.drivers.tcp.TcpPort;
import io.sallyport.drivers.token.Pkcs11Tokens;
import io.sallyport.drivers.xfrm.XfrmMonitor;
import io.sallyport.ike.IkeEngine;
import io.sallyport.ike.machine.EngineSettings;
import io.sallyport.ike.machine.Input;
import io.sallyport.ipsec.UserspaceBackend;
import io.sallyport.ipsec.pipeline.IcmpEar;
import io.sallyport.model.event.Event;
import io.sallyport.model.spec.VpnSpec;
import io.sallyport.vpn.pool.LeasePools;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One gateway, put together from its rooms: the only place that knows all of them.
///
/// ```text
///           control socket, vici          console, `log`
///                       |                     ^
///             DaemonOperator, ViciDesk     LogRing
///                       | errands             ^ lines
///  sockets, TUNs  ->  IkeLoop: IkeEngine, Steward, HostNetwork   (one thread)
///       |               | install, activate, remove
///  Workers         UserspaceBackend                              (some threads)
/// ```
public final class Wiring implements AutoCloseable {
    private static final int JOB_THREADS = 2;
    private static final long ORDERLY_END_SECONDS = 10;

    private final LogRing log;
    private final Tap tap;
    private final Ports ports;
    private final IkeLoop loop;
    private final Steward steward;
    private final Crypto crypto;
    private final ReloadableCredentials credentials;
    private final ReloadableNotary notary = new ReloadableNotary();

    /// What was read for the configuration that is in use; for those who show it.
    private volatile Vault vault = Vault.EMPTY;

    private final HttpFetcher fetcher;
    private final LocatedCertificates.Kept located = new LocatedCertificates.Kept();
    private final AnswerCache answers = new AnswerCache();
    private final Pkcs11Tokens tokens = new Pkcs11Tokens();
    private final Heartbeat heartbeat;
    private final PathWarden paths;
    private final DaemonOperator operator;
    private final Holdings holdings = new Holdings(this::use);
    private final LeasePools pools = new LeasePools();
    private final ViciDesk vici;
    private final Updown updown;
    private final Consumer<Event> keys;
    private final List<Thread> threads = new ArrayList<>();
    private final Deque<AutoCloseable> toClose;
    private final Workers workers;
    private final @Nullable XfrmMonitor monitor;
    private final List<GuardWatch> watches = new ArrayList<>();
    private boolean closed;

    /// What a gateway is started with.
    ///
    /// @param stateFolder where the journal of changed settings is kept
    /// @param keys takes every event; writes keys to a file where that was asked for
    /// @param road who carries the packets
    /// @param faults makes the line bad on purpose, for labs
    /// @param stop begins the end of the process, for the operator's `stop`
    public record Setup(
            String version,
            Path stateFolder,
            Road road,
            EngineSettings engine,
            Faults faults,
            Loaded loaded,
            Consumer<Event> keys,
            Runnable stop,
            LogRing log) {}

    /// How packets pass.
    ///
    /// @param backend who carries them
    /// @param workers outbound, and as many inbound
    /// @param filtered packets in clear that policy protects are refused, or the start fails
    /// @param tcpPort where others open TCP connections; 0: nowhere
    public record Road(Backend backend, int workers, boolean filtered, int tcpPort) {}

    private Wiring(Setup setup, Deque<AutoCloseable> toClose) throws IOException {
        this.toClose = toClose;
        this.log = setup.log();
        this.keys = setup.keys();
        Clock clock = new SystemClock();
        Bugs bugs = new Bugs(log);
        Consumer<String> warn = line -> log.add(LogLine.warn(line));
        boolean inKernel =
                Plane.isKernel(setup.road().backend(), line -> log.add(LogLine.info(line)));
        this.tap = new Tap(clock);
        kept(tokens);
        this.fetcher = new HttpFetcher(clock);
        int count = inKernel ? 1 : setup.road().workers();
        this.ports = kept(Ports.open(HostPlan.MARK, inKernel, count, setup.faults(), tap, warn));
        if (!inKernel) {
            ports.attach(
                    TcpPort.open(
                            HostPlan.MARK,
                            setup.road().tcpPort(),
                            TcpLimits.USUAL,
                            clock,
                            new Lines(),
                            warn));
        } else if (setup.road().tcpPort() != 0) {
            throw new IOException("--tcp-port: the kernel's data plane has no ESP in TCP");
        }
        this.crypto = EngineChooser.choose(PacketEngines.found());
        UserspaceBackend road = kept(new UserspaceBackend(List.of(crypto), count));
        Optional<Plane.Kernel> kernel =
                inKernel ? Optional.of(Plane.Kernel.open(clock, warn)) : Optional.empty();
        kernel.ifPresent(k -> kept(k.backend()));
        Plane plane = kernel.map(Plane.Kernel::plane).orElseGet(() -> Plane.of(road));
        this.credentials = new ReloadableCredentials(crashSecret(setup.stateFolder(), warn));
        IkeEngine engine =
                new IkeEngine(
                        setup.engine(),
                        crypto,
                        credentials,
                        plane.meter(),
                        new SystemEntropy(),
                        pools);
        this.loop =
                new IkeLoop(
                        engine,
                        plane.backend(),
                        new TrafficLedger(),
                        clock,
                        bugs,
                        new SystemEntropy().octets(8).buffer().getLong());
        this.paths = new PathWarden(road.paths(), loop, clock, log);
        Workers.Ears ears =
                new Workers.Ears(
                        owner -> loop.offer(new Input.Acquire(owner.connection(), owner.child())),
                        (id, path) -> loop.offer(new Input.PeerMoved(id, path)),
                        (id, mark) -> loop.offer(new Input.VolumeSpent(id, mark)),
                        new IcmpEar(paths::heard),
                        loop.gate());
        this.workers = new Workers(road, ports, ears, tap, clock, bugs);
        road.whenActivated(workers::wake);
        road.senders().whenChanged(ports::know);
        // the kernel's XFRM refuses by its own policies
        boolean filtered = setup.road().filtered() && !inKernel;
        if (!filtered && !inKernel) {
            warn.accept(
                    "PACKETS IN CLEAR THAT POLICY PROTECTS MAY COME IN (--without-filter); none"
                            + " go out");
        }
        LinuxSystem system =
                kept(
                        LinuxSystem.open(
                                kernel.map(Plane.Kernel::links)
                                        .orElseGet(() -> new Links(road, workers)),
                                filtered));
        HostNetwork host = new HostNetwork(system, StateJournal.open(setup.stateFolder()), warn);
        host.leftovers()
                .forEach(
                        left -> log.add(LogLine.warn("left by a daemon that was killed: " + left)));
        this.heartbeat = new Heartbeat(kept(new RawEcho()), bugs);
        this.steward =
                new Steward(
                        loop, plane.backend(), system, host, clock, log, this::witness, heartbeat);
        this.vici =
                new ViciDesk(
                        new ViciDesk.Parts(
                                loop,
                                steward,
                                holdings,
                                tokens,
                                engine,
                                pools::views,
                                () -> vault,
                                answers::flush,
                                crypto,
                                clock::nanos,
                                log,
                                setup.version()));
        this.updown =
                new Updown(
                        new Updown.World(
                                steward::vpn,
                                engine::viewsOf,
                                vici::uniqueId,
                                vici::reqid,
                                Devices::with,
                                log::add),
                        Updown.LIMIT);
        this.monitor = kernel.isEmpty() ? null : kept(kernel.get().monitor(loop, warn));
        Runnable gone =
                () -> {
                    var _ = errand("what of ours went", steward::mend);
                };
        watches.add(kept(GuardWatch.ofRoutes(gone, warn)));
        if (filtered) {
            watches.add(kept(GuardWatch.ofFilter(gone, warn)));
        }
        watches.add(kept(GuardWatch.ofAddresses(this::lookWhereWeAre, warn)));
        Jobs jobs = kept(new Jobs(crypto, notary, JOB_THREADS, loop::offer, bugs));
        loop.attach(
                new World(ports, system, loop, jobs, steward, paths, vici::heard, vici::sent),
                jobs);
        this.operator =
                new DaemonOperator(
                        new DaemonOperator.Parts(
                                loop,
                                steward,
                                plane.backend(),
                                plane.shown(),
                                setup.loaded(),
                                workers::dropped,
                                new DaemonOperator.Looking(
                                        tap,
                                        !inKernel,
                                        workers::link,
                                        suite ->
                                                inKernel
                                                        ? "kernel"
                                                        : crypto.engineOf(suite).orElse(""),
                                        () -> offloads(inKernel)),
                                new DaemonOperator.Outfit(
                                        heartbeat, holdings, setup.stop(), clock, log)),
                        setup.version());
    }

    /// What the engine is told of the connections that it asked for.
    private final class Lines implements TcpPort.News {
        @Override
        public void up(io.sallyport.base.net.Path path) {
            loop.offer(new Input.TcpUp(path));
        }

        @Override
        public void down(io.sallyport.base.net.Path path, String why) {
            loop.offer(new Input.TcpDown(path, why));
        }
    }

    /// Opens everything in the calling thread's network namespace and starts the threads. Nothing
    /// is loaded yet.
    ///
    /// @throws IOException with advice, e.g. a port in use; then nothing is left open
    public static Wiring start(Setup setup) throws IOException {
        Precedence.ahead(true);
        Deque<AutoCloseable> parts = new ArrayDeque<>();
        Wiring wiring;
        try {
            wiring = new Wiring(setup, parts);
        } catch (IOException e) {
            closeAll(parts, setup.log());
            throw e;
        }
        wiring.thread("sallyport-ike", wiring.loop);
        wiring.thread("sallyport-ike-in", wiring.workers.reader(Precedence::ahead));
        wiring.workers.start((name, work) -> wiring.thread(name, Precedence.behind(work)));
        wiring.lookWhereWeAre();
        wiring.thread("sallyport-heartbeat", wiring.heartbeat);
        wiring.thread("sallyport-paths", wiring.paths);
        for (GuardWatch watch : wiring.watches) {
            wiring.thread("sallyport-guards", watch);
        }
        if (wiring.monitor != null) {
            wiring.thread("sallyport-kernel", wiring.monitor);
        }
        return wiring;
    }

    private <T extends AutoCloseable> T kept(T part) {
        toClose.push(part);
        return part;
    }

    private void thread(String name, Runnable work) {
        threads.add(Thread.ofPlatform().daemon().name(name).start(work));
    }

    public Operator operator() {
        return operator;
    }

    public ViciOperator vici() {
        return vici;
    }

    private RoadView offloads(boolean inKernel) {
        List<RoadView.Port> all = new ArrayList<>(ports.offloads());
        all.addAll(workers.offloads());
        return new RoadView(inKernel ? "kernel" : "userspace", all);
    }

    /// On the IKE loop's thread, after the steward.
    private void witness(Event event) {
        keys.accept(event);
        if (event instanceof Event.ChildEstablished came) {
            tap.came(() -> KeyFile.lines(came.sa()));
        }
        vici.take(event);
        updown.take(event);
    }

    /// Runs what files say from now on, in place of what they said before.
    public void load(VpnSpec vpn) {
        holdings.ofFiles(vpn).ifPresent(why -> log.add(LogLine.error(why)));
    }

    /// Files and tokens are read here, before the loop is asked: it never waits for a disk.
    private void use(VpnSpec vpn) {
        VaultLoader.Loaded read = VaultLoader.load(vpn, new OnTokens(tokens, vpn.modules()));
        read.findings().forEach(finding -> log.add(LogLine.warn(finding.toString())));
        Vault loaded = read.vault();
        vault = loaded;
        await(
                "load",
                () -> {
                    credentials.replace(new CredentialStore(vpn.secrets(), loaded));
                    notary.replace(
                            new CertificateNotary(
                                    crypto,
                                    loaded,
                                    revocation(loaded),
                                    new LocatedCertificates(
                                            fetcher,
                                            InstantSource.system(),
                                            loaded.bases().values(),
                                            located),
                                    InstantSource.system()));
                    pools.load(vpn.pools());
                    steward.load(vpn);
                });
    }

    /// What was fetched outlives a reload: an authority is not asked again for it.
    private RevocationDesk revocation(Vault vault) {
        return new RevocationDesk(
                crypto, fetcher, new SystemEntropy(), vault, answers, InstantSource.system());
    }

    private static Optional<Secret> crashSecret(Path folder, Consumer<String> warn) {
        try {
            return Optional.of(CrashSecret.in(folder));
        } catch (IOException e) {
            warn.accept("peers get no tokens for after a crash (RFC 6290): " + e.getMessage());
            return Optional.empty();
        }
    }

    private void lookWhereWeAre() {
        var _ = errand("addresses of this host", steward::addressesChanged);
    }

    private Future<Boolean> errand(String what, Runnable errand) {
        return loop.ask(
                what,
                _ -> {
                    errand.run();
                    return true;
                });
    }

    private void await(String what, Runnable errand) {
        try {
            var _ = errand(what, errand).get(ORDERLY_END_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            log.add(LogLine.error(what + " did not end as it should: " + e));
        }
    }

    /// The orderly end: peers are told, everything is taken out of the system, threads end.
    @Override
    public void close() {
        close(false);
    }

    /// @param keepGuards what keeps protected packets from passing in clear stays in the system
    public synchronized void close(boolean keepGuards) {
        if (closed) {
            return;
        }
        closed = true;
        heartbeat.stop();
        paths.stop();
        watches.forEach(GuardWatch::stop);
        await("the orderly end", () -> steward.end(keepGuards));
        if (!updown.finish(Duration.ofSeconds(ORDERLY_END_SECONDS))) {
            log.add(LogLine.warn("updown programs still run, and are left alone"));
        }
        loop.stop();
        workers.stop();
        if (monitor != null) {
            monitor.stop();
        }
        for (Thread thread : threads) {
            try {
                thread.join(TimeUnit.SECONDS.toMillis(ORDERLY_END_SECONDS));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        if (!ports.faults().isEmpty()) {
            log.add(LogLine.warn("what the bad line did, " + ports.faults()));
        }
        closeAll(toClose, log);
    }

    private static void closeAll(Deque<AutoCloseable> parts, LogRing log) {
        while (!parts.isEmpty()) {
            try {
                parts.pop().close();
            } catch (Exception e) {
                log.add(LogLine.warn("could not close: " + e));
            }
        }
    }
}
