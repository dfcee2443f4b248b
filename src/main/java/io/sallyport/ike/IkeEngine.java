package io.sallyport.ike;

import io.sallyport.base.net.IpAddress;
import io.sallyport.base.net.IpRange;
import io.sallyport.base.net.Path;
import io.sallyport.base.time.Deadlines;
import io.sallyport.crypto.choose.Crypto;
import io.sallyport.ike.machine.EngineSettings;
import io.sallyport.ike.machine.Input;
import io.sallyport.ike.machine.Outbox;
import io.sallyport.ike.sa.Connection;
import io.sallyport.ike.sa.EngineContext;
import io.sallyport.ike.sa.IkeSession;
import io.sallyport.ike.sa.Profile;
import io.sallyport.ike.sa.SaTable;
import io.sallyport.ike.sa.SpiSieve;
import io.sallyport.ike.v1.V1Door;
import io.sallyport.ike.v1.V1Session;
import io.sallyport.ike.v2.V2Door;
import io.sallyport.ike.v2.V2Session;
import io.sallyport.model.command.Command;
import io.sallyport.model.command.IkeSaView;
import io.sallyport.model.event.Event;
import io.sallyport.model.port.AddressPools;
import io.sallyport.model.port.Credentials;
import io.sallyport.model.port.Entropy;
import io.sallyport.model.port.UsageMeter;
import io.sallyport.model.sa.VolumeMark;
import io.sallyport.model.spec.AddressSpec;
import io.sallyport.model.spec.AuthSpec;
import io.sallyport.model.spec.ConnectionSpec;
import io.sallyport.model.spec.IkeVersion;
import io.sallyport.model.spec.Origin;
import io.sallyport.model.spec.VpnSpec;
import io.sallyport.wire.ike.IkeHeader;
import io.sallyport.wire.ike.MalformedException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// IKE without I/O: inputs and the time go in, outputs and the next deadline come out. One thread
/// owns it. It finds, or makes, the session for each input; sessions do the rest.
public final class IkeEngine {
    private static final long SHORTEST_PAUSE = 10_000_000L;

    private final EngineContext context;
    private final V1Door door;
    private final V2Door door2;

    /// Those that were unloaded while their last deletes are not answered yet.
    private final List<Profile> departing = new ArrayList<>();

    private final Map<String, Profile> profiles = new LinkedHashMap<>();
    private final Deadlines<Connection> deadlines = new Deadlines<>();

    public IkeEngine(
            EngineSettings settings,
            Crypto crypto,
            Credentials credentials,
            UsageMeter usage,
            Entropy entropy) {
        this(settings, crypto, credentials, usage, entropy, AddressPools.NONE);
    }

    /// @param pools where peers get their addresses from
    public IkeEngine(
            EngineSettings settings,
            Crypto crypto,
            Credentials credentials,
            UsageMeter usage,
            Entropy entropy,
            AddressPools pools) {
        this.context = new EngineContext(settings, crypto, credentials, usage, entropy, pools);
        this.door = new V1Door(context);
        this.door2 = new V2Door(context);
    }

    /// Handles one input at time `now` (monotonic nanoseconds); what is to be done is added to
    /// `out`.
    public void handle(Input input, long now, Outbox out) {
        context.collectIn(out);
        switch (input) {
            case Input.Datagram d -> onDatagram(d, now);
            case Input.Tick _ -> onTick(now);
            case Input.Asked(Command command) -> onCommand(command, now);
            case Input.Acquire(String connection, String child) ->
                    atHome(connection, now, c -> c.acquire(child, now));
            case Input.PeerMoved(long id, Path path) ->
                    context.ownerOf(id)
                            .ifPresent(c -> touch(c, now, () -> c.onPeerMoved(id, path, now)));
            case Input.AddressesChanged _ ->
                    List.copyOf(profiles.keySet())
                            .forEach(name -> atHome(name, now, Connection::onAddressesChanged));
            case Input.ProbePath(long id, int octets) ->
                    context.ownerOf(id)
                            .ifPresent(c -> touch(c, now, () -> c.probePath(octets, now)));
            case Input.VolumeSpent(long id, VolumeMark mark) ->
                    context.ownerOf(id)
                            .ifPresent(c ->
                                    touch(c, now, () -> c.ledger().volumeSpent(id, mark, now)));
            case Input.Generated a -> {
                if (!answered(a.job(), now, s -> s.onGenerated(a, now))) {
                    a.ephemeral().close();
                }
            }
            case Input.Agreed a -> {
                if (!answered(a.job(), now, s -> s.onAgreed(a, now))) {
                    a.shared().close();
                }
            }
            case Input.Answered a -> {
                if (!answered(a.job(), now, s -> s.onAnswered(a, now))) {
                    a.answer().secret().close();
                }
            }
            case Input.Disagreed a -> answered(a.job(), now, s -> s.onDisagreed(a, now));
            case Input.Resolved r -> atHome(r.connection(), now, c -> c.onResolved(r, now));
            case Input.Signed a -> answered(a.job(), now, s -> s.onSigned(a, now));
            case Input.NotSigned a -> answered(a.job(), now, s -> s.onSigned(a, now));
            case Input.Judged a -> answered(a.job(), now, s -> s.onJudged(a, now));
        }
    }

    /// When [Input.Tick] is due; [Deadlines#NEVER] if nothing waits.
    public long nextDeadline() {
        return deadlines.next();
    }

    /// All IKE SAs, those under negotiation included.
    public List<IkeSaView> views() {
        List<IkeSaView> views = new ArrayList<>();
        profiles.values().forEach(p -> views.addAll(p.views()));
        return views;
    }

    /// The IKE SAs of one connection.
    public List<IkeSaView> viewsOf(String connection) {
        Profile found = profiles.get(connection);
        return found == null ? List.of() : found.views();
    }

    /// The SPIs of our IKE SAs, for the thread that receives.
    public SpiSieve ourSpis() {
        return context.table().sieve();
    }

    /// Sessions that a datagram can still reach; more than [#views] only if some leaked.
    public int sessionsHeld() {
        return context.table().size();
    }

    /// What is kept in memory; all zero when nothing is wanted and all is closed.
    ///
    /// @param sessions that a datagram can reach
    /// @param jobs asked for and not answered
    /// @param inboundSpis given out and not taken back
    /// @param children child SAs whose connection is known
    /// @param departing connections that were unloaded and still tell their peers
    public record Holdings(
            int sessions,
            int halfOpen,
            int jobs,
            int inboundSpis,
            int children,
            int departing,
            int deadlines) {
        public boolean isEmpty() {
            return sessions + halfOpen + jobs + inboundSpis + children + departing + deadlines == 0;
        }
    }

    public Holdings holdings() {
        return new Holdings(
                context.table().size(),
                context.table().halfOpenInAll(),
                context.jobs(),
                context.inboundSpis(),
                context.childrenOwned(),
                departing.size(),
                deadlines.size());
    }

    // ---- datagrams

    private void onDatagram(Input.Datagram d, long now) {
        try {
            IkeHeader header = IkeHeader.parse(d.octets());
            if (header.majorVersion() != 1 && header.majorVersion() != 2) {
                door2.onOtherVersion(header, d, now);
                return;
            }
            if (header.responderSpi() != 0) {
                Optional<SaTable.Entry> entry =
                        context.table().find(header.initiatorSpi(), header.responderSpi());
                if (entry.isPresent()) {
                    toSession(entry.get(), d, now);
                } else {
                    door.complain(d, "message for an IKE SA that we do not have", now);
                }
                return;
            }
            Optional<SaTable.Entry> known =
                    context.table()
                            .findFirst(header.initiatorSpi(), d.path().remote())
                            .or(() -> context.table().find(header.initiatorSpi(), 0));
            if (known.isPresent()) {
                toSession(known.get(), d, now);
            } else if (header.majorVersion() == 1) {
                List<Connection> candidates = candidates(d.path(), IkeVersion.IKEV1);
                door.onFirst(header, d, () -> candidates(d.path(), IkeVersion.IKEV1), now);
                candidates.forEach(this::schedule);
            } else {
                List<Connection> candidates = candidates(d.path(), IkeVersion.IKEV2);
                door2.onFirst(header, d, candidates, now);
                candidates.forEach(this::schedule);
            }
        } catch (MalformedException e) {
            door.complain(d, e.what(), now);
        }
    }

    private void toSession(SaTable.Entry entry, Input.Datagram d, long now) {
        touch(entry.connection(), now, () -> entry.session().onDatagram(d, now));
        // Its identity may have shown that it belongs to another connection.
        context.table()
                .byOurSpi(entry.session().ourSpi())
                .map(SaTable.Entry::connection)
                .filter(c -> c != entry.connection())
                .ifPresent(this::schedule);
    }

    /// Connections that a peer at this path may mean, fixed addresses before `%any`.
    private List<Connection> candidates(Path path, IkeVersion version) {
        return profiles.values().stream()
                .filter(c ->
                        c.spec().ike().version() == version
                                || c.spec().ike().version() == IkeVersion.ANY)
                // IKEv1 proves itself by pre-shared keys only: no way round a certificate
                .filter(c -> version == IkeVersion.IKEV2 || isShared(c.spec()))
                .filter(c ->
                        mayBe(c.spec().local().address(), path.local().address())
                                && mayBe(c.spec().remote().address(), path.remote().address()))
                .sorted(
                        Comparator.comparing(
                                c -> !(c.spec().remote().address() instanceof AddressSpec.Fixed)))
                .map(Profile::home)
                .toList();
    }

    private static boolean isShared(ConnectionSpec spec) {
        return Stream.of(spec.local(), spec.remote())
                .flatMap(end -> end.rounds().stream())
                .allMatch(AuthSpec.Psk.class::isInstance);
    }

    private static boolean mayBe(AddressSpec spec, IpAddress address) {
        return switch (spec) {
            case AddressSpec.Fixed(IpAddress wanted) -> wanted.equals(address);
            case AddressSpec.Within(IpRange range) -> range.contains(address);
            case AddressSpec.DefaultRoute _ -> true;
            case AddressSpec.Any _ -> true;
            case AddressSpec.Named _ -> true; // its identity is checked, and its key must fit
        };
    }

    // ---- time and jobs

    private void onTick(long now) {
        for (Optional<Connection> due = deadlines.takeDue(now);
                due.isPresent();
                due = deadlines.takeDue(now)) {
            Connection c = due.get();
            touch(c, now, () -> c.tick(now));
            // A deadline that its own tick did not move comes later, not first again: it must not
            // starve the other connections.
            if (isScheduled(c)) {
                deadlines.set(c, Math.max(c.nextDeadline(), now + SHORTEST_PAUSE));
            }
            if (deadlines.next() <= now) {
                break; // what is still due comes with the next tick, so that no input waits for
                // ever
            }
        }
    }

    private boolean answered(long job, long now, Consumer<IkeSession> answer) {
        Optional<IkeSession> session =
                context.takeJob(job).filter(s -> s.phase() != IkeSession.Phase.CLOSED);
        session.flatMap(s -> context.table().byOurSpi(s.ourSpi()))
                .ifPresent(e -> touch(e.connection(), now, () -> answer.accept(e.session())));
        return session.isPresent();
    }

    // ---- commands

    private void onCommand(Command command, long now) {
        switch (command) {
            case Command.Load(VpnSpec vpn) -> load(vpn, now);
            case Command.Initiate(String connection, String child) ->
                    atHome(connection, now, c -> c.initiate(child, now));
            case Command.Terminate(String connection) ->
                    withAll(connection, now, c -> c.terminate("taken down", now));
            case Command.CloseIke(String connection, String spi) ->
                    withAll(connection, now, c -> c.closeIke(spi, now));
            case Command.CloseChild(String _, long id) ->
                    context.ownerOf(id).ifPresent(c -> touch(c, now, () -> c.closeChild(id, now)));
            case Command.Rekey(String connection, String child) ->
                    withAll(
                            connection,
                            now,
                            c -> {
                                if (child.isEmpty()) {
                                    c.rekeyIke(now);
                                } else {
                                    c.rekeyChild(child, now);
                                }
                            });
            case Command.RekeyIke(String connection, String spi, boolean reauthenticate) ->
                    withAll(connection, now, c -> c.rekeyIke(spi, reauthenticate, now));
            case Command.RekeyChild(String _, long id) ->
                    context.ownerOf(id).ifPresent(c -> touch(c, now, () -> c.rekeyChild(id, now)));
        }
    }

    /// Connections that did not change keep their SAs.
    private void load(VpnSpec vpn, long now) {
        Map<String, ConnectionSpec> wanted = new LinkedHashMap<>();
        vpn.connections().forEach(c -> wanted.put(c.name(), c));
        for (Profile old : List.copyOf(profiles.values())) {
            if (!isSame(old.spec(), wanted.get(old.name()))) {
                profiles.remove(old.name());
                departing.add(old);
                for (Connection c : old.connections()) {
                    touch(c, now, () -> c.terminate("its configuration changed or is gone", now));
                }
            }
        }
        for (ConnectionSpec spec : wanted.values()) {
            if (!profiles.containsKey(spec.name())) {
                Profile fresh = new Profile(context, this::initiate, spec);
                profiles.put(spec.name(), fresh);
                touch(fresh.home(), now, () -> fresh.home().startAtLoad(now));
            }
        }
    }

    /// Whether nothing changed but the place in the file.
    private static boolean isSame(ConnectionSpec old, @Nullable ConnectionSpec wanted) {
        return wanted != null && old.from(Origin.NONE).equals(wanted.from(Origin.NONE));
    }

    private IkeSession initiate(Connection connection, Path path, long now) {
        long spi = context.newIkeSpi();
        IkeSession session =
                connection.spec().ike().version() == IkeVersion.IKEV1
                        ? V1Session.initiator(
                                context,
                                connection,
                                () -> candidates(path, IkeVersion.IKEV1),
                                spi,
                                path,
                                now)
                        : V2Session.initiator(context, connection, spi, path, now);
        context.table().addInitiator(session, connection);
        return session;
    }

    private void atHome(String connection, long now, Consumer<Connection> what) {
        Profile p = profiles.get(connection);
        if (p != null) {
            touch(p.home(), now, () -> what.accept(p.home()));
        }
    }

    private void withAll(String connection, long now, Consumer<Connection> what) {
        Profile p = profiles.get(connection);
        if (p != null) {
            p.connections().forEach(c -> touch(c, now, () -> what.accept(c)));
        }
    }

    /// Runs something on a connection. A bug there ends that connection's sessions, never the
    /// engine.
    private void touch(Connection c, long now, Runnable what) {
        try {
            what.run();
        } catch (RuntimeException bug) {
            StackTraceElement[] trace = bug.getStackTrace();
            String at = trace.length > 0 ? " at " + trace[0] : "";
            c.dropSessions(now);
            context.tell(new Event.InternalError(c.name(), bug + at));
        }
        schedule(c);
    }

    private void schedule(Connection c) {
        if (isScheduled(c)) {
            deadlines.set(c, c.nextDeadline());
        }
    }

    /// Whether it lives; who does not is let go of.
    private boolean isScheduled(Connection c) {
        Profile profile = c.profile();
        if (profile.release(c) || !profile.has(c)) {
            deadlines.cancel(c);
            return false;
        }
        if (departing.contains(profile)) {
            if (profile.connections().stream().allMatch(Connection::isOver)) {
                departing.remove(profile);
            }
            if (c.isOver()) {
                deadlines.cancel(c);
                return false;
            }
        }
        return true;
    }
}
