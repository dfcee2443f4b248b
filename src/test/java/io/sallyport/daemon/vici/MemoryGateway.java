package io.sallyport.daemon.vici;

import io.sallyport.base.Octets;
import io.sallyport.base.net.Endpoint;
import io.sallyport.base.net.IpAddress;
import io.sallyport.base.net.Path;
import io.sallyport.base.time.Clock;
import io.sallyport.control.vici.ViciCommand;
import io.sallyport.control.vici.ViciEvent;
import io.sallyport.control.vici.ViciMessage;
import io.sallyport.control.vici.ViciOperator;
import io.sallyport.creds.store.CredentialStore;
import io.sallyport.creds.store.OnTokens;
import io.sallyport.creds.store.Vault;
import io.sallyport.creds.store.VaultLoader;
import io.sallyport.crypto.choose.Crypto;
import io.sallyport.crypto.choose.EngineChooser;
import io.sallyport.crypto.jce.JceEngine;
import io.sallyport.daemon.host.HostNetwork;
import io.sallyport.daemon.host.MemorySystem;
import io.sallyport.daemon.host.StateJournal;
import io.sallyport.daemon.loop.Bugs;
import io.sallyport.daemon.loop.IkeLoop;
import io.sallyport.daemon.loop.Jobs;
import io.sallyport.daemon.loop.Outside;
import io.sallyport.daemon.loop.TrafficLedger;
import io.sallyport.daemon.steer.Holdings;
import io.sallyport.daemon.steer.NoPings;
import io.sallyport.daemon.steer.ReloadableCredentials;
import io.sallyport.daemon.steer.ReloadableNotary;
import io.sallyport.daemon.steer.Steward;
import io.sallyport.daemon.text.LogLine;
import io.sallyport.daemon.text.LogRing;
import io.sallyport.ike.IkeEngine;
import io.sallyport.ike.machine.EngineSettings;
import io.sallyport.ike.machine.Input;
import io.sallyport.ike.machine.Output;
import io.sallyport.ipsec.UserspaceBackend;
import io.sallyport.model.event.Event;
import io.sallyport.model.port.Tokens;
import io.sallyport.model.sa.ChildSa;
import io.sallyport.model.spec.AddressSpec;
import io.sallyport.model.spec.VpnSpec;
import io.sallyport.testkit.ScriptedRandom;
import io.sallyport.testkit.UndatedClock;
import io.sallyport.vpn.pool.LeasePools;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// A gateway as the daemon wires it, with a wire in memory for a network.
final class MemoryGateway implements Outside, AutoCloseable {
    private static final Clock CLOCK = new UndatedClock();

    private final Crypto crypto = EngineChooser.choose(new JceEngine());
    private final LogRing log = new LogRing(CLOCK, 100);
    private final Bugs bugs = new Bugs(log);

    /// What was logged as a warning.
    List<String> warnings() {
        return log.last(100).stream()
                .map(LogRing.Entry::line)
                .filter(l -> l.level() == LogLine.Level.WARN)
                .map(LogLine::toString)
                .toList();
    }

    /// How often what was fetched had to be forgotten.
    final AtomicInteger forgotten = new AtomicInteger();

    private final UserspaceBackend backend = new UserspaceBackend(List.of(crypto));
    private final ReloadableCredentials credentials = new ReloadableCredentials(Optional.empty());
    private final IpAddress address;
    private final IkeLoop loop;
    private final Steward steward;
    private final Jobs jobs;
    final LeasePools pools = new LeasePools();
    final Holdings holdings = new Holdings(this::use);
    private final Tokens tokens;
    private volatile Vault vault = Vault.EMPTY;
    final ViciDesk desk;
    private volatile @Nullable MemoryGateway peer;
    private volatile boolean cut;

    /// What a client was told.
    record Told(ViciEvent event, ViciMessage message) {}

    /// A client that wants everything.
    static final class Client implements ViciOperator.Sink {
        final List<Told> told = new CopyOnWriteArrayList<>();

        @Override
        public void tell(ViciEvent event, ViciMessage message) {
            told.add(new Told(event, message));
        }

        @Override
        public boolean wants(ViciEvent event) {
            return true;
        }

        List<ViciMessage> of(ViciEvent event) {
            return told.stream().filter(t -> t.event() == event).map(Told::message).toList();
        }
    }

    MemoryGateway(java.nio.file.Path state, String address, long seed) throws IOException {
        this(state, address, seed, Tokens.NONE);
    }

    MemoryGateway(java.nio.file.Path state, String address, long seed, Tokens tokens)
            throws IOException {
        this.tokens = tokens;
        this.address = IpAddress.parse(address).orElseThrow();
        IkeEngine engine =
                new IkeEngine(
                        EngineSettings.DEFAULT,
                        crypto,
                        credentials,
                        backend,
                        new ScriptedRandom(seed),
                        pools);
        this.loop = new IkeLoop(engine, backend, new TrafficLedger(), CLOCK, bugs, seed);
        MemorySystem system = new MemorySystem();
        this.steward =
                new Steward(
                        loop,
                        backend,
                        system,
                        new HostNetwork(system, StateJournal.open(state), _ -> {}),
                        CLOCK,
                        log,
                        this::witness,
                        new NoPings());
        this.desk =
                new ViciDesk(
                        new ViciDesk.Parts(
                                loop,
                                steward,
                                holdings,
                                tokens,
                                engine,
                                pools::views,
                                () -> vault,
                                forgotten::incrementAndGet,
                                crypto,
                                CLOCK::nanos,
                                log,
                                "1.2.3"));
        this.jobs = new Jobs(crypto, new ReloadableNotary(), 1, loop::offer, bugs);
        backend.link("", 0);
        loop.attach(this, jobs);
        Thread.ofPlatform().daemon().start(loop);
    }

    void join(MemoryGateway other) {
        peer = other;
        other.peer = this;
    }

    /// Nothing we send arrives any more.
    void cut() {
        cut = true;
    }

    private void witness(Event event) {
        desk.take(event);
    }

    private void use(VpnSpec vpn) {
        vault = VaultLoader.load(vpn, new OnTokens(tokens, vpn.modules())).vault();
        var _ =
                loop.ask(
                                "load",
                                _ -> {
                                    credentials.replace(new CredentialStore(vpn.secrets()));
                                    pools.load(vpn.pools());
                                    steward.load(vpn);
                                    return true;
                                })
                        .join();
    }

    ViciMessage ask(ViciCommand command, ViciMessage request) {
        return desk.answer(command, request, new Client());
    }

    /// The events of a command that answers with nothing else.
    List<ViciMessage> events(ViciCommand command, ViciMessage request) {
        Client client = new Client();
        var _ = desk.answer(command, request, client);
        List<ViciMessage> all = new ArrayList<>();
        client.told.forEach(t -> all.add(t.message()));
        return all;
    }

    @Override
    public void send(Path path, Octets message) {
        desk.sent(message);
        MemoryGateway other = peer;
        if (other != null && !cut) {
            other.loop.offer(new Input.Datagram(new Path(path.remote(), path.local()), message));
        }
    }

    @Override
    public void heard(Octets message) {
        desk.heard(message);
    }

    @Override
    public void keepalive(Path path) {}

    @Override
    public void installing(ChildSa sa) {
        steward.installing(sa);
    }

    @Override
    public void removed(long id) {
        steward.removed(id);
    }

    @Override
    public void resolve(Output.Resolve wanted) {
        if (wanted.remote() instanceof AddressSpec.Fixed(var theirs)) {
            Path path = new Path(new Endpoint(address, 500), new Endpoint(theirs, 500));
            loop.offer(new Input.Resolved(wanted.lookup(), wanted.connection(), List.of(path), ""));
        }
    }

    @Override
    public void tell(Event event) {
        steward.take(event);
    }

    @Override
    public void close() {
        loop.stop();
        jobs.close();
    }
}
