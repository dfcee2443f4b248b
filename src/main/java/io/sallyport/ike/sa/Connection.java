package io.sallyport.ike.sa;

import io.sallyport.base.Octets;
import io.sallyport.base.net.IpAddress;
import io.sallyport.base.net.Path;
import io.sallyport.ike.machine.Input;
import io.sallyport.ike.select.Narrowing;
import io.sallyport.ike.ticket.Wallet;
import io.sallyport.model.command.ChildSaView;
import io.sallyport.model.command.IkeSaView;
import io.sallyport.model.event.Event;
import io.sallyport.model.event.Failure;
import io.sallyport.model.sa.Carriage;
import io.sallyport.model.sa.ChildSa;
import io.sallyport.model.spec.Actions;
import io.sallyport.model.spec.ChildSpec;
import io.sallyport.model.spec.ConnectionSpec;
import io.sallyport.model.spec.DpdSpec;
import io.sallyport.model.spec.Identity;
import io.sallyport.model.spec.IkeVersion;
import io.sallyport.model.spec.ike.HandshakeSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Our relation with one peer: the IKE SAs that followed each other, and the child SAs under them.
/// It keeps them alive and replaces them in time. What is wanted of the peer is the business of its
/// [Pursuit]; which peers there are under one configured connection, that of the [Profile].
public final class Connection {
    private static final Duration FOR_EVER = Duration.ofDays(36_500);

    private final EngineContext context;
    private final SessionFactory factory;
    private final Profile profile;
    private final ConnectionSpec spec;
    private final boolean home;
    private final ChildLedger ledger;
    private final Pursuit pursuit;
    private final Tenancy tenancy;
    private final Relocation relocation;
    private final List<IkeSession> sessions = new ArrayList<>();
    private final Anteroom anteroom = new Anteroom();
    private final UnderWay underWay = new UnderWay(this);

    private final Departures departures;

    /// Closed sessions whose delete is not answered yet.
    private final List<IkeSession> fading = new ArrayList<>();

    private final LivenessWatch liveness;

    /// For sessions that notice death themselves: it only asks.
    private final LivenessWatch asking;

    /// Before this time the IKE SA is not rekeyed again.
    private long rekeyNotBefore = Long.MIN_VALUE;

    /// Who the peer is, once it has proved that.
    private Optional<Identity> peer = Optional.empty();

    /// @param home whether this is the peer that we call
    Connection(EngineContext context, SessionFactory factory, Profile profile, boolean home) {
        this.context = context;
        this.factory = factory;
        this.profile = profile;
        this.spec = profile.spec();
        this.home = home;
        this.ledger = new ChildLedger(context, this);
        this.pursuit = new Pursuit(context, this);
        this.tenancy = new Tenancy(context, spec);
        this.relocation = new Relocation(context, this);
        this.departures =
                new Departures(
                        this::current,
                        this::haveMoved,
                        this::moveOver,
                        context.settings().handover());
        this.liveness = new LivenessWatch(spec.ike().dpd());
        this.asking = new LivenessWatch(new DpdSpec(spec.ike().dpd().delay(), FOR_EVER));
    }

    public String name() {
        return spec.name();
    }

    public ConnectionSpec spec() {
        return spec;
    }

    public Profile profile() {
        return profile;
    }

    /// Whether this is the peer that we call; another one called us.
    boolean isHome() {
        return home;
    }

    /// Who the peer is, once it has proved that.
    Optional<Identity> peer() {
        return peer;
    }

    void knows(Identity identity) {
        peer = Optional.of(identity);
    }

    public EngineContext context() {
        return context;
    }

    // ---- virtual addresses

    /// An address for the peer; the same one each time it asks.
    ///
    /// @param wish the any address: one of its family
    public Optional<IpAddress> lend(Identity identity, IpAddress wish) {
        return tenancy.lend(identity, wish);
    }

    /// What we want of the peer: those that we have, else as configured.
    public List<IpAddress> addressesToAskFor() {
        return tenancy.toAskFor();
    }

    /// The peer gave us these.
    public void borrowed(List<IpAddress> addresses, List<IpAddress> dns) {
        tenancy.borrow(addresses, dns);
    }

    /// What the two ends are where a selector says `dynamic`.
    public Narrowing.Ends endsOf(Path path) {
        return tenancy.ends(path);
    }

    /// An IKE SA that was established is of no use: like an attempt that failed.
    public void onUseless(IkeSession session, Failure failure, long now) {
        session.close(failure.reason(), true, now);
        pursuit.failAttempt(failure, now);
    }

    /// With its last IKE SA a peer gives back what it was lent, and we what we were.
    void settle() {
        if (sessions.stream().noneMatch(s -> s.phase() == IkeSession.Phase.ESTABLISHED)) {
            tenancy.end();
        }
    }

    Pursuit pursuit() {
        return pursuit;
    }

    public Wallet wallet() {
        return pursuit.wallet();
    }

    public ChildLedger ledger() {
        return ledger;
    }

    /// Live sessions of this connection, those last that a peer began and is not done with.
    public List<IkeSession> sessions() {
        List<IkeSession> all = new ArrayList<>(sessions);
        all.addAll(anteroom.all());
        return all;
    }

    /// A session was given something by the engine.
    public void onActed(IkeSession session) {
        anteroom.look(session);
    }

    /// The session to talk through: the newest established one that is not leaving, and is ours for
    /// sure if there is such a one.
    public Optional<IkeSession> current() {
        return sessions.stream()
                .filter(s -> s.phase() == IkeSession.Phase.ESTABLISHED)
                .max(
                        Comparator.<IkeSession, Boolean>comparing(s -> !departures.has(s))
                                .thenComparing(s -> !s.isUndecided())
                                .thenComparingLong(IkeSession::establishedAt));
    }

    /// Whether we negotiate an IKE SA that we began. What others began does not count: anybody can
    /// send a first message in the peer's name, and must not keep us waiting with it.
    boolean isInitiating() {
        return sessions.stream()
                .anyMatch(s -> s.initiator() && s.phase() == IkeSession.Phase.NEGOTIATING);
    }

    UnderWay underWay() {
        return underWay;
    }

    Optional<ChildSpec> child(String name) {
        return spec.children().stream().filter(c -> c.name().equals(name)).findFirst();
    }

    // ---- asked from outside

    /// Wants `child` up, or every child if empty.
    public void initiate(String child, long now) {
        pursuit.want(child, now);
    }

    /// A packet asks for `child`.
    public void acquire(String child, long now) {
        pursuit.acquire(child, now);
    }

    /// At load: children that start by themselves.
    public void startAtLoad(long now) {
        pursuit.startAtLoad(now);
    }

    public void onResolved(Input.Resolved answer, long now) {
        if (!relocation.onResolved(answer, now)) {
            pursuit.onResolved(answer, now);
        }
    }

    /// Where the two ends are, when that changes.
    public Relocation relocation() {
        return relocation;
    }

    /// Takes everything down, telling the peer; nothing comes back by itself.
    public void terminate(String why, long now) {
        pursuit.callOff(why);
        ledger.removeAll(why, current().filter(s -> !s.carriesChildren()), now);
        for (IkeSession session : sessions()) {
            session.close(why, true, now);
        }
    }

    /// Takes one IKE SA down, and everything with the last one. Of IKEv1 that is the last one that
    /// is established, for whoever is told so does as it likes with the children: strongSwan ends
    /// them, libreswan keeps them, and neither RFC 2408 nor 2409 says. So it is told of each.
    public void closeIke(IkeSession session, long now) {
        if (sessions.equals(List.of(session))) {
            terminate("taken down", now);
            return;
        }
        if (!session.carriesChildren() && isLast(session)) {
            ledger.removeAll("taken down", Optional.of(session), now);
        }
        session.close("taken down", true, now);
    }

    private boolean isLast(IkeSession session) {
        return sessions.stream()
                .filter(s -> s.phase() == IkeSession.Phase.ESTABLISHED)
                .toList()
                .equals(List.of(session));
    }

    /// Takes one child SA down; with the last one of its child that is no longer wanted.
    public void closeChild(long id, long now) {
        ledger.childOf(id)
                .ifPresent(child -> {
                    if (ledger.isOnly(id)) {
                        pursuit.dropChild(child);
                    }
                    ledger.close(id, "taken down", current(), now);
                });
    }

    /// Fresh keys: by an exchange of the session itself, or by a new IKE SA beside the old one,
    /// which then takes over.
    public void rekeyIke(long now) {
        if (isInitiating()) {
            return;
        }
        current()
                .filter(old -> !old.rekey(now))
                .ifPresent(old -> add(factory.initiate(this, old.path(), now), now));
    }

    /// The same for this IKE SA only; one that is leaving is not renewed.
    public void rekeyIke(IkeSession session, boolean reauthenticate, long now) {
        if (current().filter(s -> s == session).isEmpty()) {
            return;
        }
        if (reauthenticate) {
            reauthenticate(now);
        } else {
            rekeyIke(now);
        }
    }

    /// A new IKE SA with a new authentication beside the old one, which then takes over with new
    /// child SAs (make before break).
    public void reauthenticate(long now) {
        if (!isInitiating()) {
            current().ifPresent(old -> add(factory.initiate(this, old.path(), now), now));
        }
    }

    /// Through which session the peer is told of a child SA.
    Optional<IkeSession> teller(long childSaId) {
        return sessions.stream()
                .filter(s -> s.owns(childSaId))
                .findFirst()
                .or(() -> current().filter(s -> !s.carriesChildren()));
    }

    /// Whether the peer has not answered yet that it knows of an end.
    boolean isTelling(ChildSa sa) {
        return sessions.stream().anyMatch(s -> s.isTelling(sa));
    }

    /// Whether one of two child SAs belongs to a session that is leaving and the other does not:
    /// negative if it is the first, 0 if neither or both.
    int rank(long first, long second) {
        return (isStaying(first) ? 1 : 0) - (isStaying(second) ? 1 : 0);
    }

    private boolean isStaying(long childSaId) {
        return sessions.stream().noneMatch(s -> s.owns(childSaId) && departures.has(s));
    }

    /// Which child comes along with a new IKE SA.
    public Optional<ChildSpec> firstChild() {
        return pursuit.firstChild();
    }

    /// Begins an IKE SA with the peer.
    public void call(Path path, long now) {
        add(factory.initiate(this, path, now), now);
    }

    public void rekeyChild(ChildSpec child, long now) {
        current()
                .filter(s -> !s.isNegotiating(child.name()))
                .filter(_ -> !underWay.isFinishing(child.name(), now))
                .ifPresent(s -> s.negotiate(child, now));
    }

    /// The child that this SA belongs to.
    public void rekeyChild(long id, long now) {
        ledger.childOf(id).ifPresent(child -> rekeyChild(child, now));
    }

    /// @return whether there is such a child
    public boolean rekeyChild(String child, long now) {
        child(child).ifPresent(c -> rekeyChild(c, now));
        return child(child).isPresent();
    }

    /// Takes a session in: one that the peer began, or a new one of ours.
    public void add(IkeSession session, long now) {
        take(session);
        session.start(now);
    }

    private void take(IkeSession session) {
        if (!session.initiator() && session.phase() == IkeSession.Phase.NEGOTIATING) {
            anteroom.admit(session);
        } else {
            sessions.add(session);
        }
    }

    private void drop(IkeSession session) {
        leave(session);
        context.table().ended(session);
    }

    // ---- told by sessions

    /// A session is up: it takes over from older ones.
    public void onEstablished(IkeSession session, long now) {
        if (anteroom.remove(session)) {
            sessions.add(session);
        }
        relocation.redirection().over();
        rekeyNotBefore = Long.MIN_VALUE; // that attempt is over: the pause was for its failure
        boolean rekeyed = supersede(session, now);
        context.tell(new Event.IkeEstablished(name(), session.path(), session.label(), rekeyed));
        pursuit.established(session.initiator(), now);
        if (session.initiator() && session.carriesChildren()) {
            moveOver(session, now);
        }
    }

    /// What `session` replaces goes. While it is only guessed that it belongs here, nothing does.
    ///
    /// @return whether there was an older one
    private boolean supersede(IkeSession session, long now) {
        if (session.isUndecided()) {
            return current().filter(other -> other != session).isPresent();
        }
        boolean rekeyed = false;
        for (IkeSession other : sessions) {
            if (other != session
                    && other.phase() == IkeSession.Phase.ESTABLISHED
                    && !other.isUndecided()
                    && !departures.has(other)) {
                rekeyed = true;
                // Two that were negotiated at the same time: both ends keep the one with the higher
                // initiator cookie. What was rekeyed meanwhile is no younger for that: the ends see
                // it at times of their own.
                boolean crossing = other.authenticatedAt() > session.startedAt();
                boolean otherStays = crossing && other.outranks(session);
                IkeSession loser = otherStays ? session : other;
                boolean ourTask = (otherStays ? loser : session).initiator();
                departures.begin(loser, ourTask, now);
            }
        }
        return rekeyed;
    }

    /// A session that was here on a guess is here to stay.
    public void onDecided(IkeSession session, long now) {
        supersede(session, now);
    }

    /// The children of sessions that are leaving begin anew under `session` (reauthentication).
    private void moveOver(IkeSession session, long now) {
        for (ChildSpec c : spec.children()) {
            boolean elsewhere =
                    ledger.activeOf(c.name())
                            .filter(sa -> departures.all().stream().anyMatch(s -> s.owns(sa.id())))
                            .isPresent();
            if (elsewhere && !departures.has(session) && !session.isNegotiating(c.name())) {
                session.negotiate(c, now);
            }
        }
    }

    /// A session was rekeyed: `heir` has taken its children over and is established. The end that
    /// began the rekeying closes the old one; the other waits for that, not for ever.
    public void onSucceeded(IkeSession old, IkeSession heir, boolean ours, long now) {
        rekeyNotBefore = Long.MIN_VALUE;
        if (!sessions.contains(heir)) {
            sessions.add(heir);
        }
        departures.succeeded(old, heir, ours, context.settings().patienceNanos(), now);
        context.tell(new Event.IkeEstablished(name(), heir.path(), heir.label(), true));
    }

    /// Of two successors this is the one that goes: the peer, who made it, closes it.
    public void onRedundant(IkeSession session, long now) {
        departures.begin(session, false, now);
    }

    /// A session does not fade any more: nothing of it is left.
    public void onFaded(IkeSession session) {
        fading.remove(session);
    }

    /// Whether anything is left that needs time.
    public boolean isOver() {
        return sessions.isEmpty() && anteroom.isEmpty() && fading.isEmpty();
    }

    /// The session turned out to be about another connection of ours: the peer's identity says so.
    public void adopt(IkeSession session, Connection from) {
        from.leave(session);
        take(session);
    }

    /// A half-open session makes room for others; nobody hears of it.
    public void forget(IkeSession session) {
        drop(session);
    }

    private void leave(IkeSession session) {
        sessions.remove(session);
        anteroom.remove(session);
        departures.forget(session);
    }

    /// A negotiation failed for good.
    public void onFailed(IkeSession session, Failure failure, long now) {
        drop(session);
        if (session.isFading()) {
            fading.add(session); // the peer, who proved nothing, is being told
        }
        if (session.initiator()) {
            relocation.redirection().over();
        }
        if (session.initiator() && current().isEmpty()) {
            pursuit.failAttempt(failure, now);
        } else {
            context.tell(new Event.Failed(failure, !session.initiator()));
        }
    }

    /// A session ended: by the peer, by age, or by us.
    public void onClosed(IkeSession session, String why, boolean byPeer, long now) {
        drop(session);
        if (session.isFading()) {
            fading.add(session);
        }
        context.tell(new Event.IkeClosed(name(), session.path(), session.label(), why));
        if (byPeer && current().isEmpty() && !isInitiating()) {
            ledger.forgetAll("the peer closed the IKE SA", now);
        }
    }

    /// The negotiation of a child failed; the session lives on.
    public void onChildFailed(ChildSpec child, Failure failure, long now) {
        pursuit.childFailed(child, failure, now);
    }

    /// The peer is busy with something that collides: not a failure, but `old` is replaced later.
    public void onChildPostponed(ChildSpec child, Optional<ChildSa> old, long now) {
        pursuit.childPostponed(child, old, now);
    }

    /// The same of a rekeying of the IKE SA that ends at `end`.
    public void onRekeyPostponed(long end, long now) {
        rekeyNotBefore = Pause.ofIkeSa(end, now, context.entropy());
    }

    /// The peer has lost an SA that we had: it is made anew.
    public void onChildMissing(ChildSpec child, long now) {
        pursuit.childMissing(child, now);
    }

    void onChildUp(String child) {
        pursuit.childUp(child);
    }

    /// The last SA of a child is gone.
    void onChildGone(ChildSpec child, boolean byPeer, long now) {
        pursuit.childGone(child, byPeer, now);
    }

    /// A child carried nothing for so long that it ends.
    void onIdle(String child) {
        pursuit.dropChild(child);
    }

    /// A quick mode stayed without any answer, and nothing else authentic came in its time: the
    /// peer has no such IKE SA any more. With a peer that knows no dead peer detection this is the
    /// only way to learn it.
    public void onSilence(IkeSession session, long since, long now) {
        if (ledger.lastInbound() >= since) {
            return;
        }
        String why = "the peer answers nothing any more";
        session.close(why, false, now);
        if (current().isEmpty()) {
            ledger.removeAll(why, Optional.empty(), now);
        }
    }

    // ---- time

    /// When the peer gave its last sign of life.
    public long lastHeard() {
        long heard = ledger.lastInbound();
        for (IkeSession session : sessions) {
            if (session.phase() == IkeSession.Phase.ESTABLISHED) {
                heard = Math.max(heard, Math.max(session.lastHeard(), session.establishedAt()));
            }
        }
        return heard;
    }

    public void tick(long now) {
        for (IkeSession session : List.copyOf(sessions)) {
            session.onTick(now);
        }
        anteroom.tick(now);
        for (IkeSession session : List.copyOf(fading)) {
            session.onTick(now);
        }
        watch(now);
        ledger.tick(now);
        departures.tick(now);
        for (IkeSession session : List.copyOf(sessions)) {
            if (session.isUndecided() && now >= session.expiresAt()) {
                session.close("expired", true, now);
            }
        }
        current()
                .ifPresent(session -> {
                    if (now >= session.expiresAt()) {
                        // With IKEv1 the children outlive their IKE SA, but some peers end them
                        // with it when they are told. Where we begin the next one at once, it
                        // is told nothing: its own life of the SA ends too.
                        boolean silent =
                                spec.ike().version() == IkeVersion.IKEV1
                                        && (!pursuit.wantsNothing() || isInitiating());
                        session.close("expired", !silent, now);
                    } else if (now >= session.reauthAt()
                            && now >= rekeyNotBefore
                            && !isInitiating()) {
                        rekeyNotBefore = now + context.settings().retransmit().most().toNanos();
                        if (!spec.children().isEmpty()
                                && pursuit.wantsNothing()
                                && ledger.isClear()) {
                            // Its first AUTH would bring a child that nobody wants
                            session.close("nothing is left of it to renew", true, now);
                        } else {
                            reauthenticate(now);
                        }
                    } else if (now >= session.rekeyAt()
                            && now >= rekeyNotBefore
                            && !isInitiating()) {
                        boolean turn =
                                session.carriesChildren()
                                        || !session.isBusy()
                                        || now >= session.rekeyAt() + UnderWay.PATIENCE;
                        long most = context.settings().retransmit().most().toNanos();
                        rekeyNotBefore = now + (turn ? most : UnderWay.TURN);
                        if (turn) {
                            rekeyIke(now);
                        }
                    }
                });
        pursuit.tick(now);
    }

    /// Whether every child that this session carries is up elsewhere too. What is not, is
    /// negotiated anew before the old is given up.
    private boolean haveMoved(IkeSession session) {
        return !session.carriesChildren()
                || spec.children().stream()
                        .allMatch(c ->
                                ledger.activeOf(c.name())
                                        .filter(sa -> session.owns(sa.id()))
                                        .isEmpty());
    }

    /// Asks whether the path takes an IP packet of so many octets, if there is a way to ask.
    public void probePath(int octets, long now) {
        current().filter(IkeSession::canProbe).ifPresent(s -> s.probePath(octets, now));
    }

    private void watch(long now) {
        Optional<IkeSession> session = current().filter(IkeSession::canProbe);
        if (session.isEmpty() || !spec.ike().dpd().isOn()) {
            return;
        }
        long heard = lastHeard();
        switch (watchOf(session.get()).judge(heard, now)) {
            case ALIVE -> {}
            case PROBE -> session.get().probe(now);
            case DEAD -> bury(session.get(), now - heard, now);
        }
    }

    private LivenessWatch watchOf(IkeSession session) {
        return session.noticesDeath() ? asking : liveness;
    }

    /// A request stayed without any answer: the peer is gone, and everything with it.
    public void onDead(IkeSession session, long now) {
        if (sessions.contains(session)) {
            bury(session, now - lastHeard(), now);
        }
    }

    private void bury(IkeSession session, long silence, long now) {
        context.tell(new Event.PeerDead(name(), session.path(), session.label(), silence));
        Set<String> again = new LinkedHashSet<>();
        for (ChildSpec c : spec.children()) {
            if (home
                    && c.actions().dpd() == Actions.Dpd.RESTART
                    && (ledger.isUp(c.name()) || pursuit.wants(c.name()))) {
                again.add(c.name());
            }
        }
        ledger.removeAll("the peer is dead", Optional.empty(), now);
        for (IkeSession s : sessions()) {
            s.close("the peer is dead", false, now);
        }
        pursuit.beginAgain(again, now);
    }

    public long nextDeadline() {
        long next = Math.min(ledger.nextDeadline(), anteroom.nextDeadline());
        for (IkeSession session : sessions) {
            next = Math.min(next, session.nextDeadline());
            if (session.isUndecided()) {
                next = Math.min(next, session.expiresAt());
            }
        }
        for (IkeSession session : fading) {
            next = Math.min(next, session.nextDeadline());
        }
        next = Math.min(next, departures.nextDeadline());
        Optional<IkeSession> session = current();
        if (session.isPresent()) {
            next = Math.min(next, session.get().expiresAt());
            if (!isInitiating()) {
                long renewal = Math.min(session.get().rekeyAt(), session.get().reauthAt());
                next = Math.min(next, Math.max(renewal, rekeyNotBefore));
            }
            if (session.get().canProbe()) {
                next = Math.min(next, watchOf(session.get()).nextDeadline(lastHeard()));
            }
        }
        return Math.min(next, pursuit.nextDeadline());
    }

    /// The peer's authentic packets come from elsewhere now.
    public void onPeerMoved(long childSaId, Path path, long now) {
        if (!ledger.owns(childSaId)) {
            return;
        }
        current()
                .filter(s -> !s.path().equals(path))
                .filter(s -> !s.checks(path, now))
                .ifPresent(s -> onSessionMoved(s, path));
    }

    /// An authentic IKE message came from elsewhere, through a NAT that changed its mind.
    public void onSessionMoved(IkeSession session, Path path) {
        context.tell(new Event.PathChanged(name(), session.label(), session.path(), path));
        session.moveTo(path);
        ledger.move(new Carriage(path, true));
    }

    /// A peer with MOBIKE is elsewhere, and its child SAs with it: in UDP or not as the new path
    /// has it (RFC 4555, 3.5).
    public void onSessionRelocated(IkeSession session, Path path, boolean udp) {
        if (!session.path().equals(path)) {
            context.tell(new Event.PathChanged(name(), session.label(), session.path(), path));
        }
        session.moveTo(path);
        ledger.relocate(new Carriage(udp ? path : path.withPorts(0, 0), udp));
    }

    /// The peer deletes another IKE SA through the one it talks over.
    public void deletedByPeer(List<Octets> spis, long now) {
        for (IkeSession s : List.copyOf(sessions)) {
            if (spis.stream().anyMatch(s::isNamed)) {
                s.onDeletedByPeer(now);
            }
        }
    }

    /// A peer that begins anew without memory (INITIAL-CONTACT): what we still hold of it is void.
    /// One that was negotiated at the same time is not old: the peer only could not know of it yet.
    /// Neither is what came after `keep`, when the notification comes late or is an old one
    /// replayed.
    public void forgetOthers(IkeSession keep, long now) {
        if (spec.ike().handshake().unique() != HandshakeSpec.Unique.NEVER) {
            forgetBefore(keep, now);
            profile.othersOf(this).forEach(c -> c.forgetBefore(keep, now));
        }
    }

    private void forgetBefore(IkeSession keep, long now) {
        boolean crossed = false;
        for (IkeSession s : List.copyOf(sessions)) {
            if (s != keep && s.phase() == IkeSession.Phase.ESTABLISHED) {
                if (s.establishedAt() > keep.startedAt()) {
                    crossed = true;
                } else {
                    s.close("the peer started anew (INITIAL-CONTACT)", false, now);
                }
            }
        }
        if (!crossed) {
            ledger.forgetOlder(
                    keep.establishedAt(), "the peer started anew (INITIAL-CONTACT)", now);
        }
    }

    /// After a bug of ours: nothing of the broken state is trusted any more.
    public void dropSessions(long now) {
        sessions()
                .forEach(s -> {
                    context.forget(s);
                    drop(s);
                });
        fading.forEach(context::forget);
        fading.clear();
        departures.clear();
        pursuit.rest(now);
    }

    public List<IkeSaView> views() {
        IkeSaView.Vips vips = new IkeSaView.Vips(tenancy.borrowed(), tenancy.lent());
        List<IkeSaView> views = new ArrayList<>();
        Optional<IkeSession> session = current();
        for (IkeSession s : sessions()) {
            List<ChildSaView> children =
                    s.carriesChildren()
                            ? ledger.views(s::owns)
                            : session.isPresent() && session.get() == s
                                    ? ledger.views(_ -> true)
                                    : List.of();
            IkeSaView view = s.view(children);
            views.add(s.phase() == IkeSession.Phase.ESTABLISHED ? view.with(vips) : view);
        }
        return views;
    }
}
