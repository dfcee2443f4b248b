package io.sallyport.daemon.steer;

import io.sallyport.base.net.InsideAddress;
import io.sallyport.base.time.Clock;
import io.sallyport.daemon.host.HostNetwork;
import io.sallyport.daemon.host.HostPlanner;
import io.sallyport.daemon.host.HostSystem;
import io.sallyport.daemon.loop.IkeLoop;
import io.sallyport.daemon.text.EventText;
import io.sallyport.daemon.text.LogLine;
import io.sallyport.daemon.text.LogRing;
import io.sallyport.ike.machine.Input;
import io.sallyport.model.command.ChildSaView;
import io.sallyport.model.command.Command;
import io.sallyport.model.event.Event;
import io.sallyport.model.port.IpsecBackend;
import io.sallyport.model.sa.ChildSa;
import io.sallyport.model.sa.Owner;
import io.sallyport.model.sa.PolicyAction;
import io.sallyport.model.sa.PolicyEntry;
import io.sallyport.model.spec.Actions;
import io.sallyport.model.spec.ChildSpec;
import io.sallyport.model.spec.ConnectionSpec;
import io.sallyport.model.spec.VpnSpec;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/// Keeps engine, data plane and system in step with the configuration and with what happens. The
/// IKE loop's thread owns it, from the first call of [#load] on.
public final class Steward {
    /// What a path takes that nobody measured.
    private static final int PATH_MTU = 1500;

    /// Connections from which on a settlement may be dear.
    private static final int MANY = 200;

    private final IkeLoop loop;
    private final IpsecBackend backend;
    private final HostSystem system;
    private final HostNetwork host;
    private final Board board = new Board();
    private final FailureLedger failures = new FailureLedger();
    private final Standby standby = new Standby();
    private final Clock clock;
    private final LogRing log;
    private final Consumer<Event> witness;
    private final Pinger pinger;
    private final ManualKeying manual;
    private final Map<Owner, PolicyEntry> policies = new HashMap<>();

    /// Children that a person made trap, or not, whatever the configuration says; the last comes
    /// last.
    private final Map<Owner, Boolean> traps = new LinkedHashMap<>();

    private final Pace settling = new Pace();

    /// SAs that are installed, and of which nobody has told yet that they are established: a
    /// responder installs with its answer, and is told by the message after that.
    private final Map<Long, Owner> coming = new HashMap<>();

    private VpnSpec vpn = VpnSpec.EMPTY;
    private Map<Owner, Integer> places = Map.of();

    /// The end has begun: what protects goes at once when every peer is told, or stays, but does
    /// not go connection by connection.
    private boolean ending;

    /// @param witness takes every event after it was logged
    public Steward(
            IkeLoop loop,
            IpsecBackend backend,
            HostSystem system,
            HostNetwork host,
            Clock clock,
            LogRing log,
            Consumer<Event> witness,
            Pinger pinger) {
        this.loop = loop;
        this.backend = backend;
        this.system = system;
        this.host = host;
        this.clock = clock;
        this.log = log;
        this.witness = witness;
        this.pinger = pinger;
        this.manual = new ManualKeying(backend, loop.traffic());
    }

    public VpnSpec vpn() {
        return vpn;
    }

    public Board board() {
        return board;
    }

    FailureLedger failures() {
        return failures;
    }

    public HostNetwork host() {
        return host;
    }

    /// Replaces the configuration: guards, links and policies first, then the engine starts what is
    /// to be started.
    public void load(VpnSpec wanted) {
        vpn = wanted;
        standby.load(wanted);
        board.hold(standby.held());
        places = places(wanted);
        traps.keySet().retainAll(places.keySet());
        settle();
        keyByHand();
        loop.handle(new Input.Asked(new Command.Load(negotiated(wanted))));
        standby.held().forEach(this::hold);
        turn("");
        settle();
    }

    /// What IKE is for.
    private static VpnSpec negotiated(VpnSpec all) {
        return new VpnSpec(
                all.connections().stream()
                        .filter(ConnectionSpec::negotiates)
                        .map(c ->
                                c.with(
                                        c.children().stream()
                                                .filter(ChildSpec::negotiates)
                                                .toList()))
                        .toList(),
                all.secrets(),
                all.keys(),
                all.certificates(),
                all.pools(),
                all.authorities(),
                all.modules());
    }

    /// Installs and removes what has manual keys, as the configuration and people say.
    private void keyByHand() {
        List<Event> news = manual.settle(vpn, board.stopped(), clock.nanos());
        for (Event event : news) {
            log.add(EventText.of(event));
            board.take(event, clock.nanos());
            failures.take(event, clock.now());
            witness.accept(event);
        }
        if (!news.isEmpty()) {
            settle();
        }
    }

    /// The SA of a child with manual keys.
    public Optional<ChildSaView> keyedByHand(Owner owner) {
        return manual.view(owner);
    }

    /// A person wants a connection up.
    public void up(String connection) {
        boolean stopped = board.isStopped(connection);
        board.start(connection);
        turn("");
        // What stands already need not be looked at again, for each of many.
        if (stopped || standby.isContested()) {
            settle();
            keyByHand();
        }
        if (standby.isHeld(connection)) {
            log.add(LogLine.info(connection + " stands by: another one carries its traffic"));
            return;
        }
        loop.handle(new Input.Asked(new Command.Initiate(connection, "")));
    }

    /// A person wants it down: the peer is told, then guards, routes and policies go.
    public void down(String connection) {
        board.stop(connection);
        loop.handle(new Input.Asked(new Command.Terminate(connection)));
        keyByHand();
        turn("");
        settle();
    }

    private void hold(String connection) {
        loop.handle(new Input.Asked(new Command.Terminate(connection)));
    }

    /// S3-02: whose turn is it among those that are for the same traffic? What follows is done when
    /// the engine is through with what it does now.
    private void turn(String lost) {
        if (!standby.isContested()) {
            return;
        }
        Standby.Turn turn = standby.turn(lost, connectionsUp(), board.stopped());
        board.hold(standby.held());
        turn.begin()
                .forEach(name -> {
                    log.add(LogLine.warn(name + " takes over: those before it are lost"));
                    loop.offer(new Input.Asked(new Command.Initiate(name, "")));
                });
        turn.hold()
                .forEach(name -> {
                    log.add(LogLine.info(name + " stands by again: one before it is up"));
                    loop.offer(new Input.Asked(new Command.Terminate(name)));
                });
    }

    private Set<String> connectionsUp() {
        return board.up().keySet().stream().map(Owner::connection).collect(Collectors.toSet());
    }

    private static String lost(Event event) {
        return switch (event) {
            case Event.PeerDead e -> e.connection();
            // A first message that anybody can send must not make another connection take over
            case Event.Failed e when !e.byStranger() -> e.connection();
            case Event.ChildClosed e when e.last() -> e.connection();
            default -> "";
        };
    }

    /// Brings one child up; `child` empty: the IKE SA with all it has.
    public void initiate(String connection, String child) {
        boolean stopped = board.isStopped(connection);
        board.start(connection);
        if (stopped) {
            settle();
        }
        loop.handle(new Input.Asked(new Command.Initiate(connection, child)));
    }

    /// Closes an SA or several. The policies stay: what they protect does not leave in clear, and
    /// those that trap ask for an SA again.
    public void close(Command command) {
        loop.handle(new Input.Asked(command));
        settle();
    }

    /// Makes the policy of a child ask for an SA when a packet needs one, or no longer. One that
    /// passes or drops stands, or no longer.
    public void trap(Owner owner, boolean on) {
        traps.remove(owner);
        traps.put(owner, on);
        settle();
    }

    /// Those that a person made trap, the newest first.
    public List<Owner> trapped() {
        return traps.entrySet().stream()
                .filter(Map.Entry::getValue)
                .map(Map.Entry::getKey)
                .toList()
                .reversed();
    }

    /// The policies that stand, in the order of the configuration.
    public List<PolicyEntry> policies() {
        List<PolicyEntry> standing = new ArrayList<>();
        for (ConnectionSpec connection : vpn.connections()) {
            for (ChildSpec child : connection.children()) {
                PolicyEntry entry = policies.get(HostPlanner.owner(connection, child));
                if (entry != null) {
                    standing.add(entry);
                }
            }
        }
        return standing;
    }

    public void rekey(String connection, String child) {
        loop.handle(new Input.Asked(new Command.Rekey(connection, child)));
    }

    /// Renews one SA, of one peer.
    public void renew(Command one) {
        loop.handle(new Input.Asked(one));
    }

    /// The orderly end: every peer is told, then everything is taken out of the system.
    ///
    /// @param keepGuards but for what keeps protected packets from passing in clear
    public void end(boolean keepGuards) {
        ending = true;
        for (ConnectionSpec connection : vpn.connections()) {
            board.stop(connection.name());
            loop.handle(new Input.Asked(new Command.Terminate(connection.name())));
        }
        if (keepGuards) {
            host.withdrawTunnels();
        } else {
            host.withdraw();
        }
    }

    /// An SA is about to be installed. Where the configuration left the selectors to the
    /// negotiation, only now there is a policy to stand behind it.
    public void installing(ChildSa sa) {
        coming.put(sa.id(), sa.owner());
        if (!policies.containsKey(sa.owner())) {
            PolicyEntry entry =
                    new PolicyEntry(
                            sa.owner(),
                            sa.selectors(),
                            PolicyAction.PROTECT,
                            false,
                            0,
                            place(sa.owner()));
            policies.put(sa.owner(), entry);
            backend.protect(entry);
        }
    }

    private int place(Owner owner) {
        return places.getOrDefault(owner, places.size());
    }

    /// An SA was removed. If it never came to be established, its policy may have stood for it
    /// alone.
    public void removed(long id) {
        if (coming.remove(id) != null && settling.wants(clock.nanos())) {
            settle();
        }
    }

    /// Something happened.
    public void take(Event event) {
        log.add(EventText.of(event));
        if (event instanceof Event.ChildEstablished established) {
            coming.remove(established.sa().id());
        }
        boolean changed = board.take(event, clock.nanos());
        failures.take(event, clock.now());
        if (changed || !lost(event).isEmpty()) {
            turn(lost(event));
        }
        if (changed && settling.wants(clock.nanos())) {
            settle();
        }
        witness.accept(event);
    }

    /// Settles what had to wait, if it is time.
    ///
    /// @return nanoseconds until it is; [Long#MAX_VALUE] if nothing waits
    public long catchUp() {
        if (settling.isDue(clock.nanos())) {
            settle();
        }
        return settling.left(clock.nanos());
    }

    /// Something of ours went from the system.
    public void mend() {
        if (!ending) {
            host.mend();
        }
    }

    /// What the kernel has of ours right now.
    public HostFacts facts() {
        try {
            return new HostFacts(system.routes(), system.links());
        } catch (IOException e) {
            log.add(LogLine.warn("could not read the system's state: " + e.getMessage()));
            return new HostFacts(List.of(), List.of());
        }
    }

    private void settle() {
        if (ending) {
            return;
        }
        long begun = clock.nanos();
        settleAll();
        // Where there are few it is cheap, however long the machine made it take. One connection
        // may be many peers, each with a route.
        boolean few = vpn.connections().size() < MANY && host.plan().routes().size() < MANY;
        settling.done(begun, few ? begun : clock.nanos());
    }

    private void settleAll() {
        Map<Owner, PolicyEntry> wanted = new LinkedHashMap<>();
        Set<Owner> lifted = new HashSet<>();
        Set<String> up = connectionsUp();
        for (ConnectionSpec connection : vpn.connections()) {
            if (!board.isStopped(connection.name())
                    && standby.decides(connection.name(), up, board.stopped())) {
                for (ChildSpec child : connection.children()) {
                    PolicyEntry entry = policy(connection, child);
                    if (!child.mode().protects() && !traps.getOrDefault(entry.owner(), true)) {
                        lifted.add(entry.owner());
                    } else if (!entry.selectors().local().isEmpty()
                            && !entry.selectors().remote().isEmpty()) {
                        wanted.put(entry.owner(), entry);
                    }
                }
            }
        }
        host.apply(
                HostPlanner.plan(
                        vpn,
                        board.stopped(),
                        lifted,
                        board.up(),
                        board.borrowed(),
                        addresses(),
                        PATH_MTU));
        List<PolicyEntry> changed =
                wanted.values().stream()
                        .filter(entry -> !entry.equals(policies.get(entry.owner())))
                        .toList();
        // With its policy an SA would go that the peer begins to use in a moment
        Set<Owner> gone = new HashSet<>(policies.keySet());
        gone.removeAll(wanted.keySet());
        coming.values().forEach(gone::remove);
        if (!changed.isEmpty() || !gone.isEmpty()) {
            backend.replace(changed, gone);
            changed.forEach(entry -> policies.put(entry.owner(), entry));
            gone.forEach(policies::remove);
        }
        pinger.watch(vpn, board.up().keySet());
    }

    /// Where the children stand in the configuration.
    private static Map<Owner, Integer> places(VpnSpec vpn) {
        Map<Owner, Integer> places = new HashMap<>();
        for (ConnectionSpec connection : vpn.connections()) {
            for (ChildSpec child : connection.children()) {
                places.put(HostPlanner.owner(connection, child), places.size());
            }
        }
        return places;
    }

    private PolicyEntry policy(ConnectionSpec connection, ChildSpec child) {
        Owner owner = HostPlanner.owner(connection, child);
        boolean trap =
                child.actions().start() == Actions.Start.TRAP
                        || child.actions().close() == Actions.Close.TRAP
                        || child.actions().dpd() == Actions.Dpd.HOLD;
        return new PolicyEntry(
                owner,
                HostPlanner.covered(vpn, connection, child, board.selectors(owner)),
                switch (child.mode()) {
                    case TUNNEL, TRANSPORT, BEET -> PolicyAction.PROTECT;
                    case PASS -> PolicyAction.BYPASS;
                    case DROP -> PolicyAction.DISCARD;
                },
                child.negotiates() && traps.getOrDefault(owner, trap),
                child.options().policy().priority(),
                place(owner));
    }

    /// Addresses of this host came or went, or are looked at for the first time.
    public void addressesChanged() {
        try {
            loop.offer(new Input.AddressesChanged(system.reachable()));
        } catch (IOException e) {
            log.add(LogLine.warn("could not read this host's addresses: " + e.getMessage()));
        }
    }

    private List<InsideAddress> addresses() {
        try {
            return system.addresses();
        } catch (IOException e) {
            log.add(LogLine.warn("could not read this host's addresses: " + e.getMessage()));
            return List.of();
        }
    }
}
