package io.sallyport.ike.v1;

import io.sallyport.base.Octets;
import io.sallyport.base.net.Path;
import io.sallyport.base.time.Deadlines;
import io.sallyport.ike.machine.Input;
import io.sallyport.ike.sa.Connection;
import io.sallyport.ike.sa.DecidingLine;
import io.sallyport.ike.sa.EngineContext;
import io.sallyport.ike.sa.IkeSession;
import io.sallyport.ike.sa.Minutes;
import io.sallyport.ike.v1.offer.Phase1Offer;
import io.sallyport.ike.v1.offer.Phase1Proposals;
import io.sallyport.model.command.ChildSaView;
import io.sallyport.model.command.IkeSaView;
import io.sallyport.model.event.Cause;
import io.sallyport.model.event.Event;
import io.sallyport.model.event.Failure;
import io.sallyport.model.sa.ChildSa;
import io.sallyport.model.spec.ChildSpec;
import io.sallyport.model.spec.Identity;
import io.sallyport.model.spec.LifetimeSpec;
import io.sallyport.wire.ike.IkeHeader;
import io.sallyport.wire.ike.MalformedException;
import io.sallyport.wire.ike.v1.ExchangeType;
import io.sallyport.wire.ike.v1.Identification;
import io.sallyport.wire.ike.v1.Message;
import io.sallyport.wire.ike.v1.Notification;
import io.sallyport.wire.ike.v1.NotifyType;
import io.sallyport.wire.ike.v1.PayloadChain;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// One ISAKMP SA: main mode first ([MainMode]), then everything that runs under it ([PhaseTwo]).
public final class V1Session implements IkeSession {
    private final EngineContext context;
    private Connection connection;
    private final boolean initiator;
    private final long initiatorCookie;
    private final long startedAt;
    private final MainMode main;
    private final Minutes minutes;
    private final Meant meant;
    private long responderCookie;
    private Path path;
    private Phase phase = Phase.NEGOTIATING;
    private Optional<PhaseTwo> phaseTwo = Optional.empty();
    private Octets lastReceived = Octets.EMPTY;
    private String lastNotice = "";
    private String suspicion = "";
    private Optional<Cause> suspected = Optional.empty();
    private int notices;
    private long establishedAt;
    private long rekeyAt = Deadlines.NEVER;
    private long expiresAt = Deadlines.NEVER;
    private boolean undecided;

    private V1Session(
            EngineContext context,
            Connection connection,
            Meant meant,
            boolean initiator,
            long initiatorCookie,
            long responderCookie,
            Path path,
            long now) {
        this.context = context;
        this.connection = connection;
        this.meant = meant;
        this.initiator = initiator;
        this.initiatorCookie = initiatorCookie;
        this.responderCookie = responderCookie;
        this.path = path;
        this.startedAt = now;
        this.minutes = new Minutes(initiator);
        this.main = new MainMode(context, connection, this);
        minutes.weOffer(() ->
                Phase1Proposals.describe(
                        Phase1Proposals.suites(
                                this.connection.spec().ike().proposals(), context.crypto()),
                        Proofs.methods(this.connection.spec(), context)));
    }

    /// A session that we begin; [#start] sends its first message.
    ///
    /// @param candidates connections that have this path, asked when needed
    public static V1Session initiator(
            EngineContext context,
            Connection connection,
            Supplier<List<Connection>> candidates,
            long cookie,
            Path path,
            long now) {
        return new V1Session(
                context, connection, new Meant(context, candidates), true, cookie, 0, path, now);
    }

    /// A session that the peer begins with `message` (message 1), whose offer `chosen` we take. Its
    /// answer is sent.
    public static V1Session responder(
            EngineContext context,
            Connection connection,
            Meant meant,
            long cookie,
            Message message,
            Phase1Offer chosen,
            Input.Datagram datagram,
            long now) {
        V1Session session =
                new V1Session(
                        context,
                        connection,
                        meant,
                        false,
                        message.header().initiatorSpi(),
                        cookie,
                        datagram.path(),
                        now);
        session.main.answerOffer(message, chosen, datagram);
        return session;
    }

    // ---- facts

    public long initiatorCookie() {
        return initiatorCookie;
    }

    Minutes minutes() {
        return minutes;
    }

    long responderCookie() {
        return responderCookie;
    }

    void responderCookie(long cookie) {
        responderCookie = cookie;
    }

    @Override
    public long ourSpi() {
        return initiator ? initiatorCookie : responderCookie;
    }

    @Override
    public boolean initiator() {
        return initiator;
    }

    @Override
    public Phase phase() {
        return phase;
    }

    @Override
    public Path path() {
        return path;
    }

    void path(Path to) {
        path = to;
    }

    @Override
    public long startedAt() {
        return startedAt;
    }

    @Override
    public boolean outranks(IkeSession other) {
        return other instanceof V1Session o
                && Long.compareUnsigned(initiatorCookie, o.initiatorCookie) > 0;
    }

    @Override
    public long establishedAt() {
        return establishedAt;
    }

    @Override
    public long rekeyAt() {
        return rekeyAt;
    }

    @Override
    public long expiresAt() {
        return expiresAt;
    }

    @Override
    public long lastHeard() {
        return phaseTwo.map(PhaseTwo::lastHeard).orElse(Long.MIN_VALUE);
    }

    @Override
    public long rtt() {
        return phaseTwo.map(PhaseTwo::rtt).orElse(-1L);
    }

    boolean isFirstOfConnection() {
        // RFC 2407, 4.6.3.3: it is said with the first SA "established with the remote system", so
        // one of another connection with the same peer counts too: the notification would end it.
        return !context.table().isTalkingTo(path.remote().address())
                && connection.ledger().isClear();
    }

    // ---- inputs

    @Override
    public void start(long now) {
        if (initiator) {
            main.sendOffer(now);
        }
    }

    @Override
    public void onDatagram(Input.Datagram d, long now) {
        if (d.octets().equals(lastReceived)) {
            // RFC 2408, 5.1: a repeated message means that our answer was lost: it is sent again,
            // nothing is computed.
            if (initiator) {
                main.repeat(
                        path); // where that came from is not authentic, and may be port 500 still
            } else {
                main.repeatAnswer(d.path());
            }
            return;
        }
        try {
            IkeHeader header = IkeHeader.parse(d.octets());
            if (header.initiatorSpi() != initiatorCookie
                    || header.responderSpi() != responderCookie
                            && header.responderSpi() != 0
                            && responderCookie != 0) {
                notice("cookies of another SA");
            } else if (header.exchangeType() == ExchangeType.MAIN) {
                if (header.messageId() != 0) {
                    // RFC 2408, 3.1: "During Phase 1 negotiations, the value MUST be set to 0."
                    notice("main mode with a message ID");
                } else {
                    main.handle(d, now);
                }
            } else if (phaseTwo.isPresent()) {
                phaseTwo.get().onDatagram(header, d, now);
            } else if (header.exchangeType() == ExchangeType.INFORMATIONAL) {
                onClearInformational(d);
            } else {
                notice("exchange type " + header.exchangeType() + " before main mode is done");
            }
        } catch (MalformedException e) {
            notice(e.toString());
        }
    }

    /// A notify without protection proves nothing and changes nothing, but a person may want to
    /// know of it.
    private void onClearInformational(Input.Datagram d) throws MalformedException {
        if ((IkeHeader.parse(d.octets()).flags() & IkeHeader.FLAG_ENCRYPTION) != 0) {
            if (main.hear(IkeHeader.parse(d.octets()), d.octets())) {
                return;
            }
            notice("encrypted informational before main mode is done");
            if (main.state() instanceof MainState.AuthSent) {
                main.hint(
                        Cause.SECRET, "the peer answers with something that our keys do not open");
            }
            return;
        }
        PayloadChain chain = Message.parse(d.octets()).chain();
        for (Notification n : chain.all(Notification.class)) {
            String said = "the peer says " + NotifyType.name(n.notifyType());
            notice(said + " (not authenticated)");
            // RFC 2408, 3.14.1: errors are numbered below 16384
            if (initiator && n.notifyType() < 16384) {
                main.hint(Refusals.cause(n.notifyType()), said);
            }
        }
    }

    @Override
    public void onGenerated(Input.Generated answer, long now) {
        main.handle(answer, now);
        phaseTwo.ifPresent(p -> p.onJob(answer, now));
    }

    @Override
    public void onAgreed(Input.Agreed answer, long now) {
        main.handle(answer, now);
        phaseTwo.ifPresent(p -> p.onJob(answer, now));
    }

    @Override
    public void onDisagreed(Input.Disagreed answer, long now) {
        main.handle(answer, now);
        phaseTwo.ifPresent(p -> p.onJob(answer, now));
    }

    @Override
    public void onSigned(Input answer, long now) {
        main.handle(answer, now);
    }

    @Override
    public void onJudged(Input.Judged answer, long now) {
        main.handle(answer, now);
    }

    @Override
    public void onTick(long now) {
        if (phase == Phase.NEGOTIATING) {
            if (!initiator && now >= halfOpenDeadline()) {
                fail(
                        suspected().orElse(Cause.UNFINISHED),
                        "main mode",
                        "the peer began and did not go on" + heard(),
                        "",
                        "",
                        now);
                return;
            }
            if (initiator && now >= negotiationDeadline()) {
                fail(
                        suspected().orElse(Cause.OURSELVES),
                        "main mode",
                        "it came to no end" + heard(),
                        "",
                        "",
                        now);
                return;
            }
            main.handle(new Input.Tick(), now);
        }
        phaseTwo.ifPresent(p -> p.onTick(now));
    }

    private long halfOpenDeadline() {
        return startedAt + context.settings().halfOpenTimeout().toNanos();
    }

    /// Later than all retransmissions of the three messages: only a lost job of our own gets here.
    private long negotiationDeadline() {
        return startedAt + 4 * context.settings().halfOpenTimeout().toNanos();
    }

    @Override
    public long nextDeadline() {
        if (phase == Phase.NEGOTIATING) {
            return initiator
                    ? Math.min(main.nextDeadline(), negotiationDeadline())
                    : halfOpenDeadline();
        }
        return phaseTwo.map(PhaseTwo::nextDeadline).orElse(Deadlines.NEVER);
    }

    // ---- told by the machines

    /// This message was taken: the same octets again are a repetition.
    void accepted(Input.Datagram d) {
        lastReceived = d.octets();
    }

    /// Something that changed nothing. A few of each session are told, a flood is not.
    void notice(String what) {
        lastNotice = what;
        if (notices++ < 5) {
            context.tell(new Event.Noticed(connection.name(), path, what));
        }
    }

    /// Something that is not authentic says why this will most likely fail. It changes nothing, for
    /// anybody could have sent it; a person hears of it once, and it is remembered for the end.
    ///
    /// @param ours what we demand, and `theirs` what came instead; or empty
    void suspect(Cause cause, String what, String ours, String theirs) {
        if (suspicion.isEmpty()) {
            suspicion = what;
            suspected = Optional.of(cause);
            context.tell(
                    new Event.Suspected(
                            failure(
                                    cause,
                                    "main mode",
                                    what + " (not authenticated, so we go on waiting)",
                                    ours,
                                    theirs)));
        }
    }

    /// What it will most likely fail by.
    Optional<Cause> suspected() {
        return suspected;
    }

    private String heard() {
        String heard = suspicion.isEmpty() ? lastNotice : suspicion;
        return heard.isEmpty() ? "" : " (last heard: " + heard + ")";
    }

    Failure failure(Cause cause, String exchange, String reason, String ours, String theirs) {
        minutes.weAre(Meant.local(connection, path), connection.spec().remote().identity());
        return new Failure(
                connection.name(),
                path.remote().toString(),
                exchange,
                cause,
                reason,
                ours,
                theirs,
                minutes.account(),
                DecidingLine.of(connection.spec(), cause, ""));
    }

    /// The negotiation of this SA failed.
    void fail(Cause cause, String exchange, String reason, String ours, String theirs, long now) {
        if (phase != Phase.CLOSED) {
            phase = Phase.CLOSED;
            context.table().remove(this);
            main.close();
            connection.onFailed(
                    this, failure(cause, exchange, reason + heard(), ours, theirs), now);
        }
    }

    /// Main mode is done.
    ///
    /// @param home the connection that the peer proved itself for
    void establish(Connection home, Established done, PayloadChain lastMessage, long now) {
        List<Connection> others = initiator ? List.of() : meant.others(home, done, path);
        undecided = !others.isEmpty();
        settle(Meant.guess(home, others), done);
        minutes.theyAre(done.remoteId(), Identity.ANY);
        minutes.established();
        phase = Phase.ESTABLISHED;
        context.table().established(this);
        establishedAt = now;
        live(done);
        PhaseTwo two = new PhaseTwo(context, this, done, now);
        phaseTwo = Optional.of(two);
        if (context.settings().exportKeys()) {
            context.tell(
                    new Event.IkeKeysForExport(
                            connection.name(),
                            Octets.ofLong(initiatorCookie).hex(),
                            done.protection().cipherKeyHex()));
        }
        if (done.nat().any()) {
            context.tell(new Event.NatFound(connection.name(), done.nat().us(), done.nat().peer()));
        }
        boolean anew =
                lastMessage.all(Notification.class).stream()
                        .anyMatch(n -> n.notifyType() == NotifyType.INITIAL_CONTACT);
        if (anew) {
            connection.forgetOthers(this, now);
        }
        connection.onEstablished(this, now);
    }

    /// How old it may become, as its connection says.
    private void live(Established done) {
        LifetimeSpec lifetime = connection.spec().ike().lifetime();
        long life = shorter(lifetime.life(), done.chosen().lifeSeconds());
        // Where the life is the initiator's, the initiator ends it and begins the next: a little
        // patience, so that our delete does not come before its first message.
        boolean theirs = !initiator && life == done.chosen().lifeSeconds() * 1_000_000_000L;
        long patience = theirs ? 2 * context.settings().handover().toNanos() : 0;
        expiresAt = establishedAt + life + patience;
        rekeyAt =
                lifetime.rekey()
                        ? establishedAt + life - lifetime.marginOf(life, context.entropy()::below)
                        : Deadlines.NEVER;
    }

    /// The peer's identity says which of our connections this is about.
    private void settle(Connection home, Established done) {
        Connection place = home.profile().place(this, done.remoteId());
        if (place != connection) {
            place.adopt(this, connection);
            context.table().rebind(this, place);
            connection = place;
        }
    }

    // ---- whom the peer means

    Connection connection() {
        return connection;
    }

    /// As responder: the connections that this offer suits.
    List<Connection> suiting(MainState.Chosen chosen) {
        return meant.suiting(connection, chosen);
    }

    /// As responder: whether this connection is still there that the peer proved itself for.
    boolean isStill(Connection home) {
        return meant.isStill(connection, home);
    }

    /// As responder: those of them that a peer means that claims to be `claimed`, in order of
    /// trial.
    List<Connection> meantBy(MainState.Chosen chosen, Identity claimed) {
        return meant.meant(connection, chosen, claimed);
    }

    @Override
    public boolean isUndecided() {
        return undecided && phase == Phase.ESTABLISHED;
    }

    /// Whether it may belong to `other`, for all that we know.
    boolean mayMean(Connection other) {
        return undecided
                && phaseTwo.map(PhaseTwo::facts)
                        .filter(done ->
                                meant.others(connection, done, path).stream()
                                        .anyMatch(c -> c.profile() == other.profile()))
                        .isPresent();
    }

    /// As responder: what a quick mode asks for. The first one shows whose IKE SA this is.
    Optional<QuickSelectors.Match> requested(
            QuickSelectors selectors, List<Identification> ids, long now) {
        List<Connection> others =
                undecided
                        ? phaseTwo.map(p -> meant.others(connection, p.facts(), path))
                                .orElse(List.of())
                        : List.of();
        Optional<Meant.Choice> choice = Meant.choose(connection, others, selectors, ids);
        choice.ifPresent(c -> decide(c.connection(), now));
        return choice.map(Meant.Choice::match);
    }

    /// For people: the connection that has what this one has not. Under one ISAKMP SA there are
    /// children of one connection only.
    String elsewhere(QuickSelectors selectors, List<Identification> ids) {
        return phaseTwo.map(p -> meant.others(connection, p.facts(), path)).stream()
                .flatMap(List::stream)
                .filter(c -> Meant.choose(c, List.of(), selectors, ids).isPresent())
                .map(c -> "; " + c.name() + " has, but needs an IKE SA of its own")
                .findFirst()
                .orElse("");
    }

    private void decide(Connection whose, long now) {
        if (!undecided || phaseTwo.isEmpty()) {
            return;
        }
        undecided = false;
        if (whose.profile() == connection.profile()) {
            connection.onDecided(this, now);
            return;
        }
        Established done = phaseTwo.get().facts();
        String guessed = connection.name();
        settle(whose, done);
        live(done);
        context.tell(
                new Event.IkeClosed(guessed, path, label(), "the peer means " + connection.name()));
        connection.onEstablished(this, now);
    }

    /// The peer ended the last IKE SA of its connection: if it began another one before, of which
    /// we do not know yet whom it means, it means this connection.
    private void bequeath(long now) {
        if (connection.current().isEmpty()) {
            meant.heir(connection).ifPresent(heir -> heir.decide(connection, now));
        }
    }

    /// The shorter of our lifetime and the peer's, in nanoseconds.
    ///
    /// @param theirs seconds, up to 2^63 - 1; 0: none given
    static long shorter(Duration ours, long theirs) {
        return theirs > 0 && theirs < ours.toSeconds() ? theirs * 1_000_000_000L : ours.toNanos();
    }

    /// The peer ends it `lifeNanos` after its birth.
    void shorten(long lifeNanos) {
        if (establishedAt + lifeNanos < expiresAt) {
            expiresAt = establishedAt + lifeNanos;
            LifetimeSpec spec = connection.spec().ike().lifetime();
            if (spec.rekey()) {
                long margin = spec.marginOf(lifeNanos, context.entropy()::below);
                rekeyAt = Math.min(rekeyAt, expiresAt - margin);
            }
        }
    }

    /// It has seen so much that it shall be replaced, whatever its age.
    void rekeySoon() {
        rekeyAt = Math.min(rekeyAt, establishedAt);
    }

    // ---- asked by the connection

    @Override
    public void negotiate(ChildSpec child, long now) {
        phaseTwo.ifPresent(p -> p.negotiate(child, now));
    }

    @Override
    public boolean isNegotiating(String child) {
        return phaseTwo.isPresent() && phaseTwo.get().isNegotiating(child);
    }

    @Override
    public boolean isBusy() {
        return phaseTwo.isPresent() && phaseTwo.get().isBusy();
    }

    @Override
    public void tellDeleted(ChildSa sa, long now) {
        phaseTwo.ifPresent(p -> p.tellDeleted(sa));
    }

    @Override
    public void probe(long now) {
        phaseTwo.ifPresent(p -> p.probe(now));
    }

    @Override
    public void probePath(int octets, long now) {
        phaseTwo.filter(_ -> phase == Phase.ESTABLISHED).ifPresent(p -> p.probePath(octets, now));
    }

    @Override
    public boolean canProbe() {
        return phase == Phase.ESTABLISHED && phaseTwo.isPresent() && phaseTwo.get().canProbe();
    }

    @Override
    public void moveTo(Path to) {
        path = to;
        context.table().moved(this);
    }

    @Override
    public void close(String why, boolean tellPeer, long now) {
        end(why, tellPeer, false, now);
    }

    @Override
    public boolean isBarelyBegun() {
        return phase == Phase.NEGOTIATING && !initiator && main.isBarelyBegun();
    }

    @Override
    public void evict() {
        phase = Phase.CLOSED;
        context.table().remove(this);
        main.close();
        connection.forget(this);
    }

    @Override
    public boolean isNamed(Octets spis) {
        return phaseTwo.isPresent() && phaseTwo.get().facts().protection().cookies().equals(spis);
    }

    @Override
    public void onDeletedByPeer(long now) {
        end("deleted by the peer", false, true, now);
    }

    private void end(String why, boolean tellPeer, boolean byPeer, long now) {
        if (phase == Phase.CLOSED) {
            return;
        }
        phaseTwo.ifPresent(p -> p.close(tellPeer, now));
        phase = Phase.CLOSED;
        context.table().remove(this);
        main.close();
        if (byPeer) {
            bequeath(now);
        }
        connection.onClosed(this, why, byPeer, now);
    }

    @Override
    public IkeSaView.Keys label() {
        return new IkeSaView.Keys(
                Octets.ofLong(initiatorCookie).hex(),
                Octets.ofLong(responderCookie).hex(),
                phaseTwo.map(p -> p.facts().chosen().suite())
                        .or(main::suite)
                        .map(Phase1Proposals::text)
                        .orElse(""),
                initiator,
                "IKEv1");
    }

    @Override
    public IkeSaView view(List<ChildSaView> children) {
        Optional<Established> done = phaseTwo.map(PhaseTwo::facts);
        return new IkeSaView(
                connection.name(),
                label(),
                path,
                phase == Phase.ESTABLISHED
                        ? "ESTABLISHED"
                        : main.state().getClass().getSimpleName(),
                new IkeSaView.Times(
                        done.isPresent() ? establishedAt : startedAt, rekeyAt, expiresAt),
                new IkeSaView.Peer(
                        done.map(e -> e.localId().toString()).orElse(""),
                        done.map(e -> e.remoteId().toString()).orElse(""),
                        done.map(e -> e.nat().us()).orElse(false),
                        done.map(e -> e.nat().peer()).orElse(false),
                        Math.max(lastHeard(), connection.lastHeard()),
                        rtt()),
                children);
    }
}
