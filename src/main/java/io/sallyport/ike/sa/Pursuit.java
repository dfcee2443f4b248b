package io.sallyport.ike.sa;

import io.sallyport.base.net.Path;
import io.sallyport.base.time.Deadlines;
import io.sallyport.ike.machine.Input;
import io.sallyport.ike.machine.Output;
import io.sallyport.ike.ticket.Wallet;
import io.sallyport.model.event.Account;
import io.sallyport.model.event.Cause;
import io.sallyport.model.event.Event;
import io.sallyport.model.event.Failure;
import io.sallyport.model.sa.ChildSa;
import io.sallyport.model.spec.Actions;
import io.sallyport.model.spec.AddressSpec;
import io.sallyport.model.spec.ChildSpec;
import io.sallyport.model.spec.ConnectionSpec;
import io.sallyport.model.spec.ike.PathSpec;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Which children of a connection are wanted up, and the effort to get them there: calls, attempts
/// and the pauses between them.
final class Pursuit {
    private static final long SECOND = 1_000_000_000L;

    /// A look-up that is not answered by then never will be.
    private static final long RESOLVE_TIMEOUT = 60 * SECOND;

    private final EngineContext context;
    private final Connection connection;
    private final ConnectionSpec spec;
    private final Set<String> wanted = new LinkedHashSet<>();
    private final Map<String, Long> childRetryAt = new HashMap<>();
    private final Wallet wallet = new Wallet();

    /// A connection without children is asked for: its IKE SA alone is wanted, until it was there.
    private boolean bare;

    private int attempts;
    private boolean resolving;

    /// Where the gateway sent us that was called last; for one call.
    private Optional<AddressSpec> elsewhere = Optional.empty();

    private long lookup;
    private long resolveDeadline;

    /// Before this time nothing is begun.
    private long notBefore = Long.MIN_VALUE;

    Pursuit(EngineContext context, Connection connection) {
        this.context = context;
        this.connection = connection;
        this.spec = connection.spec();
    }

    private ChildLedger ledger() {
        return connection.ledger();
    }

    // ---- what is wanted

    boolean wants(String child) {
        return wanted.contains(child);
    }

    boolean wantsNothing() {
        return wanted.isEmpty() && !bare;
    }

    /// Wants `child` up, or every child if empty.
    void want(String child, long now) {
        for (ChildSpec c : spec.children()) {
            if (child.isEmpty() || c.name().equals(child)) {
                wanted.add(c.name());
                childRetryAt.remove(c.name());
            }
        }
        bare = spec.children().isEmpty() && child.isEmpty();
        attempts = 0;
        notBefore = Long.MIN_VALUE;
        pursue(now);
    }

    /// A packet asks for `child`. If it is wanted already, it comes at its time: packets must not
    /// outrun the pauses between attempts.
    void acquire(String child, long now) {
        if (!ledger().isUp(child) && !wanted.contains(child)) {
            want(child, now);
        }
    }

    /// At load: children that start by themselves.
    void startAtLoad(long now) {
        for (ChildSpec c : spec.children()) {
            if (c.actions().start() == Actions.Start.START) {
                wanted.add(c.name());
            }
        }
        pursue(now);
    }

    /// By what an IKE SA that was lost is resumed.
    Wallet wallet() {
        return wallet;
    }

    void giveUp() {
        wallet.clear();
        wanted.clear();
        bare = false;
        resolving = false;
        attempts = 0;
    }

    /// Gives up what has not come up yet because somebody says so: who waits for it hears of it,
    /// though there may be no session yet whose end could be told.
    void callOff(String why) {
        boolean missing = isAnythingMissing();
        giveUp();
        if (missing) {
            context.tell(new Event.CalledOff(spec.name(), why));
        }
    }

    void dropChild(String child) {
        wanted.remove(child);
    }

    /// The peer is dead: from now on just these.
    void beginAgain(Set<String> children, long now) {
        wanted.clear();
        wanted.addAll(children);
        attempts = 0;
        notBefore = Long.MIN_VALUE;
        pursue(now);
    }

    /// Which child comes along with a new IKE SA: the first that is wanted and not up; else one
    /// that is up and so has to move over.
    Optional<ChildSpec> firstChild() {
        Optional<ChildSpec> missing =
                spec.children().stream()
                        .filter(c -> wanted.contains(c.name()) && !ledger().isUp(c.name()))
                        .findFirst();
        return missing.or(() ->
                        spec.children().stream().filter(c -> ledger().isUp(c.name())).findFirst())
                .or(() ->
                        spec.children().stream()
                                .filter(c -> wanted.contains(c.name()))
                                .findFirst());
    }

    // ---- getting it

    void pursue(long now) {
        if (now < notBefore || !isAnythingMissing()) {
            return;
        }
        Optional<IkeSession> session = connection.current();
        if (session.isPresent()) {
            for (String name : wanted) {
                if (!ledger().isUp(name)
                        && !session.get().isNegotiating(name)
                        && now >= childRetryAt.getOrDefault(name, Long.MIN_VALUE)) {
                    connection.child(name).ifPresent(c -> session.get().negotiate(c, now));
                }
            }
        } else if (mayCall()) {
            resolving = true;
            lookup = context.newLookup();
            resolveDeadline = now + RESOLVE_TIMEOUT;
            context.out()
                    .add(
                            new Output.Resolve(
                                    lookup,
                                    spec.name(),
                                    spec.local().address(),
                                    elsewhere.orElse(spec.remote().address())));
        }
    }

    /// The gateway sends us on. If there is nobody there, we begin again where it is configured.
    void callElsewhere(AddressSpec to, long now) {
        elsewhere = Optional.of(to);
        notBefore = Long.MIN_VALUE;
        pursue(now);
    }

    private boolean mayCall() {
        return connection.isHome() && !connection.isInitiating() && !resolving;
    }

    /// A wanted child, or the IKE SA over which dead peers are noticed.
    private boolean isAnythingMissing() {
        return !wanted.stream().allMatch(ledger()::isUp)
                || !wantsNothing() && connection.current().isEmpty();
    }

    void onResolved(Input.Resolved answer, long now) {
        // A late answer is one to a look-up that was given up, or to a configuration that is gone.
        if (!resolving || answer.lookup() != lookup) {
            return;
        }
        resolving = false;
        if (answer.paths().isEmpty()) {
            failAttempt(
                    new Failure(
                            spec.name(),
                            spec.remote().address().toString(),
                            "address lookup",
                            Cause.LOOKUP,
                            answer.why(),
                            "",
                            "",
                            Account.NONE,
                            DecidingLine.of(spec, Cause.LOOKUP, "")),
                    now);
        } else if (connection.current().isEmpty() && !connection.isInitiating()) {
            Path path = answer.paths().get(attempts % answer.paths().size());
            elsewhere = Optional.empty();
            connection.call(asConfigured(path), now);
        }
    }

    /// How a gateway is called first. RFC 9329, 7.2: one that we are sent on to, too, by UDP
    /// "unless the client's configuration instructs it to instantly use TCP".
    Path asConfigured(Path path) {
        PathSpec.Tcp tcp = spec.ike().path().tcp();
        return tcp.use() == PathSpec.Tcp.Use.YES ? path.overTcp(0, tcp.port()) : path;
    }

    void failAttempt(Failure failure, long now) {
        context.tell(new Event.Failed(failure));
        elsewhere = Optional.empty();
        attempts++;
        int tries = spec.ike().keyingTries();
        if (tries > 0 && attempts >= tries) {
            giveUp();
            context.tell(
                    new Event.Failed(
                            new Failure(
                                    spec.name(),
                                    failure.peer(),
                                    failure.exchange(),
                                    Cause.GIVEN_UP,
                                    "given up after "
                                            + tries
                                            + (tries == 1 ? " attempt" : " attempts")
                                            + " (keyingtries)",
                                    "",
                                    "",
                                    Account.NONE,
                                    DecidingLine.of(spec, Cause.GIVEN_UP, ""))));
            context.tell(new Event.GivenUp(spec.name()));
        } else {
            notBefore = now + Math.min(attempts, 5) * SECOND;
        }
        if (!ledger().isClear() && connection.sessions().isEmpty()) {
            // Without an IKE SA nobody can tell whether the peer still lives; it did not answer a
            // whole attempt.
            ledger().removeAll("the peer answers no negotiation", Optional.empty(), now);
        }
    }

    // ---- what came of it

    /// @param ours whether we began it
    void established(boolean ours, long now) {
        attempts = 0;
        bare = false;
        if (!ours) {
            // The peer that began will most likely begin the quick mode too: give it the chance.
            notBefore = now + SECOND;
        }
        pursue(now);
    }

    /// The negotiation of a child failed; the session lives on.
    void childFailed(ChildSpec child, Failure failure, long now) {
        context.tell(new Event.Failed(failure));
        childRetryAt.put(child.name(), now + 10 * SECOND);
        if (spec.ike().keyingTries() == 1 && !ledger().isUp(child.name())) {
            wanted.remove(child.name());
        }
    }

    /// The peer is busy with something that collides: not a failure, but not now.
    void childPostponed(ChildSpec child, Optional<ChildSa> old, long now) {
        long end = old.map(sa -> ledger().endOf(sa.id())).orElse(Deadlines.NEVER);
        long again = Pause.ofChild(end, now, context.entropy());
        childRetryAt.put(child.name(), again);
        old.ifPresent(sa -> ledger().rekeyAt(sa.id(), again));
    }

    /// The peer has lost an SA that we had: it is made anew.
    void childMissing(ChildSpec child, long now) {
        if (!ledger().isUp(child.name())) {
            wanted.add(child.name());
            childRetryAt.remove(child.name());
            pursue(now);
        }
    }

    void childUp(String child) {
        childRetryAt.remove(child);
    }

    /// The last SA of a child is gone. What the peer closed comes back if the close action says so;
    /// what ended otherwise (age, silence) is as wanted as before.
    void childGone(ChildSpec child, boolean byPeer, long now) {
        notBefore = Math.max(notBefore, now + SECOND / 4);
        if (!byPeer) {
            return;
        }
        Actions actions = child.actions();
        // "%forever" means for ever: such a child comes back whatever the peer did.
        boolean back =
                actions.close() == Actions.Close.START
                        || actions.start() == Actions.Start.START && spec.ike().keyingTries() == 0;
        if (wanted.contains(child.name()) && !back) {
            wanted.remove(child.name());
        }
    }

    /// After a bug of ours: a pause before anything is begun.
    void rest(long now) {
        resolving = false;
        notBefore = Math.max(notBefore, now + SECOND);
    }

    // ---- time

    void tick(long now) {
        if (resolving && now >= resolveDeadline) {
            onResolved(
                    new Input.Resolved(lookup, spec.name(), List.of(), "the look-up never ended"),
                    now);
        }
        pursue(now);
    }

    long nextDeadline() {
        Optional<IkeSession> session = connection.current();
        long next = resolving ? resolveDeadline : Deadlines.NEVER;
        if (isAnythingMissing() && session.isEmpty() && mayCall()) {
            next = Math.min(next, notBefore);
        }
        for (String name : wanted) {
            if (ledger().isUp(name)) {
                continue;
            }
            if (session.isPresent() && !session.get().isNegotiating(name)) {
                next =
                        Math.min(
                                next,
                                Math.max(
                                        notBefore,
                                        childRetryAt.getOrDefault(name, Long.MIN_VALUE)));
            }
        }
        return next;
    }
}
