package io.sallyport.ike;

import io.sallyport.base.net.IpAddress;
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
import io.sallyport.model.spec.ConnectionSpec;
import io.sallyport.model.spec.IkeVersion;
import io.sallyport.model.spec.Origin;
import io.sallyport.model.spec.VpnSpec;
import io.sallyport.wire.ike.IkeHeader;
import io.sallyport.wire.ike.MalformedException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// IKE without I/O: inputs and the time go in, outputs and the next deadline come out. One thread
/// owns it. It finds, or makes, the session for each input; sessions do the rest.
public final class IkeEngine {
    private static final long SHORTEST_PAUSE = 10_000_000L;

    private final EngineContext context;
    private final V1Door door;
    private final V2Door door2;

    /// Those that were unloaded while their last deletes are not answered yet.
    private final Set<Profile> departing = new HashSet<>();

    private final Map<String, Profile> profiles = new LinkedHashMap<>();
    private final Directory directory = new Directory();
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
            case Input.AddressesChanged(List<IpAddress> all) -> {
                context.addresses(all);
                List.copyOf(profiles.keySet())
                        .forEach(name ->
                                withAll(name, now, c -> c.relocation().onAddressesChanged(now)));
            }
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
            case Input.Spoken a -> {
                if (!answered(a.job(), now, s -> s.onSpoken(a, now))) {
                    a.close();
                }
            }
            case Input.TcpUp(Path path) -> usersOf(path, now, s -> s.onConnected(now));
            case Input.TcpDown(Path path, String why) ->
                    usersOf(path, now, s -> s.onDisconnected(why, now));
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

    /// The IKE SAs with the peer of this one; none if it is gone.
    public List<IkeSaView> viewsBeside(IkeSaView.Keys keys) {
        return entry(keys).map(e -> e.connection().views()).orElse(List.of());
    }

    private Optional<SaTable.Entry> entry(IkeSaView.Keys keys) {
        String ours = keys.initiator() ? keys.initiatorSpi() : keys.responderSpi();
        return context.table().byOurSpi(Long.parseUnsignedLong(ours, 16));
    }

    /// The IKE SAs with the peer whose child SA this is; none if it is gone.
    public List<IkeSaView> viewsBeside(long childSaId) {
        return context.ownerOf(childSaId).map(Connection::views).orElse(List.of());
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
            if (header.majorVersion() == 1 && d.path().tcp()) {
                door2.complain(d, "IKEv1 by TCP", now); // RFC 9329 is about IKEv2
                return;
            }
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
                    door2.onStray(header, d, now);
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
                door.onFirst(header, d, () -> directory.candidates(d.path(), IkeVersion.IKEV1), now)
                        .ifPresent(this::schedule);
            } else {
                door2.onFirst(
                                header,
                                d,
                                () -> directory.candidates(d.path(), IkeVersion.IKEV2),
                                now)
                        .ifPresent(this::schedule);
            }
        } catch (MalformedException e) {
            door.complain(d, e.what(), now);
        }
    }

    private void toSession(SaTable.Entry entry, Input.Datagram d, long now) {
        act(entry, now, () -> entry.session().onDatagram(d, now));
    }

    /// Gives a session something.
    private void act(SaTable.Entry entry, long now, Runnable what) {
        guard(entry.connection(), now, what);
        entry.connection().onActed(entry.session());
        schedule(entry.connection());
        // Its identity may have shown that it belongs to another connection.
        context.table()
                .byOurSpi(entry.session().ourSpi())
                .map(SaTable.Entry::connection)
                .filter(c -> c != entry.connection())
                .ifPresent(c -> {
                    c.onActed(entry.session());
                    schedule(c);
                });
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

    private void usersOf(Path path, long now, Consumer<IkeSession> what) {
        for (IkeSession user : context.lines().users(path)) {
            context.table()
                    .byOurSpi(user.ourSpi())
                    .ifPresent(e -> act(e, now, () -> what.accept(e.session())));
        }
    }

    private boolean answered(long job, long now, Consumer<IkeSession> answer) {
        Optional<SaTable.Entry> whose =
                context.takeJob(job)
                        .filter(s -> s.phase() != IkeSession.Phase.CLOSED)
                        .flatMap(s -> context.table().byOurSpi(s.ourSpi()));
        whose.ifPresent(e -> act(e, now, () -> answer.accept(e.session())));
        return whose.isPresent();
    }

    // ---- commands

    private void onCommand(Command command, long now) {
        switch (command) {
            case Command.Load(VpnSpec vpn) -> load(vpn, now);
            case Command.Initiate(String connection, String child) ->
                    atHome(connection, now, c -> c.initiate(child, now));
            case Command.Terminate(String connection) ->
                    withAll(connection, now, c -> c.terminate("taken down", now));
            case Command.CloseIke(String _, IkeSaView.Keys keys) ->
                    entry(keys)
                            .ifPresent(e ->
                                    touch(
                                            e.connection(),
                                            now,
                                            () -> e.connection().closeIke(e.session(), now)));
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
            case Command.RekeyIke(String _, IkeSaView.Keys keys, boolean anew) ->
                    entry(keys)
                            .ifPresent(e ->
                                    touch(
                                            e.connection(),
                                            now,
                                            () -> e.connection().rekeyIke(e.session(), anew, now)));
            case Command.Redirect(String _, IkeSaView.Keys keys, AddressSpec gateway) ->
                    entry(keys)
                            .ifPresent(e ->
                                    touch(
                                            e.connection(),
                                            now,
                                            () -> e.session().sendOn(gateway, now)));
            case Command.RekeyChild(String _, long id) ->
                    context.ownerOf(id).ifPresent(c -> touch(c, now, () -> c.rekeyChild(id, now)));
        }
    }

    /// Connections that did not change keep their SAs.
    private void load(VpnSpec vpn, long now) {
        // Who was let in may not be any more: a ticket must not stand for what is gone
        context.tickets().forget();
        Map<String, ConnectionSpec> wanted = new LinkedHashMap<>();
        vpn.connections().forEach(c -> wanted.put(c.name(), c));
        for (Profile old : List.copyOf(profiles.values())) {
            if (!isSame(old.spec(), wanted.get(old.name()))) {
                profiles.remove(old.name());
                directory.remove(old);
                old.unload();
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
                directory.add(fresh);
                touch(fresh.home(), now, () -> fresh.home().startAtLoad(now));
            }
        }
    }

    /// Whether nothing changed but the place in the file.
    private static boolean isSame(ConnectionSpec old, @Nullable ConnectionSpec wanted) {
        return wanted != null
                && (old.equals(wanted) || old.from(Origin.NONE).equals(wanted.from(Origin.NONE)));
    }

    private IkeSession initiate(Connection connection, Path along, long now) {
        Path path = context.lines().fresh(along);
        long spi = context.newIkeSpi();
        IkeSession session =
                connection.spec().ike().version() == IkeVersion.IKEV1
                        ? V1Session.initiator(
                                context,
                                connection,
                                () -> directory.candidates(path, IkeVersion.IKEV1),
                                spi,
                                path,
                                now)
                        : V2Session.initiator(context, connection, spi, path, now);
        context.table().addInitiator(session, connection);
        context.lines().dial(session, path);
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

    private void touch(Connection c, long now, Runnable what) {
        guard(c, now, what);
        schedule(c);
    }

    /// Runs something on a connection. A bug there ends that connection's sessions, never the
    /// engine.
    private void guard(Connection c, long now, Runnable what) {
        try {
            what.run();
        } catch (RuntimeException bug) {
            StackTraceElement[] trace = bug.getStackTrace();
            String at = trace.length > 0 ? " at " + trace[0] : "";
            c.dropSessions(now);
            context.tell(new Event.InternalError(c.name(), bug + at));
        }
    }

    private void schedule(Connection c) {
        if (isScheduled(c)) {
            deadlines.set(c, c.nextDeadline());
        }
    }

    /// Whether it lives; who does not is let go of.
    private boolean isScheduled(Connection c) {
        Profile profile = c.profile();
        boolean gone = profile.release(c) || !profile.has(c);
        if (departing.contains(profile)) {
            if (profile.isOver()) {
                departing.remove(profile);
            }
            gone |= c.isOver();
        }
        if (gone) {
            deadlines.cancel(c);
        }
        return !gone;
    }
}
