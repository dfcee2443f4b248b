package io.sallyport.ike.v2;

import io.sallyport.base.Octets;
import io.sallyport.base.net.Path;
import io.sallyport.crypto.kdf.Ikev2Keys;
import io.sallyport.crypto.suite.IkeSuite;
import io.sallyport.crypto.suite.Prf;
import io.sallyport.ike.machine.Input;
import io.sallyport.ike.sa.Connection;
import io.sallyport.ike.sa.CrashTokens;
import io.sallyport.ike.sa.DecidingLine;
import io.sallyport.ike.sa.EngineContext;
import io.sallyport.ike.sa.IkeSession;
import io.sallyport.ike.sa.Minutes;
import io.sallyport.ike.v2.task.CreateChild;
import io.sallyport.ike.v2.task.DeleteChild;
import io.sallyport.ike.v2.task.Ground;
import io.sallyport.ike.v2.task.Liveness;
import io.sallyport.ike.v2.task.NatCheck;
import io.sallyport.ike.v2.task.PathCheck;
import io.sallyport.ike.v2.task.PathProbe;
import io.sallyport.ike.v2.task.RekeyIke;
import io.sallyport.ike.v2.task.Say;
import io.sallyport.ike.v2.task.Succession;
import io.sallyport.model.command.ChildSaView;
import io.sallyport.model.command.IkeSaView;
import io.sallyport.model.event.Cause;
import io.sallyport.model.event.Event;
import io.sallyport.model.event.Failure;
import io.sallyport.model.sa.ChildSa;
import io.sallyport.model.spec.AddressSpec;
import io.sallyport.model.spec.ChildSpec;
import io.sallyport.model.spec.Identity;
import io.sallyport.wire.ike.IkeHeader;
import io.sallyport.wire.ike.v2.ExchangeType;
import io.sallyport.wire.ike.v2.Message;
import io.sallyport.wire.ike.v2.Notify;
import io.sallyport.wire.ike.v2.Payload;
import io.sallyport.wire.ike.v2.notify.Notices;
import java.util.List;
import java.util.Optional;

/// One IKE SA of IKEv2: some exchanges by a [Handshake], then tasks ([Exchanges]). Datagrams come
/// in by its [Inbox]; when what is due, and how it ends, is its [Life].
public final class V2Session implements IkeSession, Ground {
    private final EngineContext context;
    private final boolean initiator;
    private final long spiI;
    private final Courier courier;
    private final Hearsay hearsay;
    private final Keyring keyring;
    private final Life life;
    private final Exchanges exchanges;
    private final Heritage heritage;
    private final Inbox inbox;
    private final Mobility mobility;
    private final Redirects redirects;
    private final Minutes minutes;
    private Handshake handshake = Handshake.OVER;
    private Connection connection;
    private long spiR;
    private Path path;
    private NatCheck.Finding nat = NatCheck.Finding.NONE;
    private V2State.Features peer = V2State.Features.NONE;
    private Optional<Ids> ids = Optional.empty();
    private long lastHeard = Long.MIN_VALUE;
    private long rtt = -1;

    /// Who the two ends are.
    private record Ids(Identity local, Identity remote) {}

    private V2Session(
            EngineContext context,
            Connection connection,
            boolean initiator,
            long spiI,
            long spiR,
            Path path,
            long now) {
        this.context = context;
        this.connection = connection;
        this.initiator = initiator;
        this.spiI = spiI;
        this.spiR = spiR;
        this.path = path;
        this.courier = new Courier(context, path);
        this.hearsay = new Hearsay(this);
        this.keyring = new Keyring(this);
        this.life = new Life(this, initiator, now);
        this.inbox = new Inbox(this);
        this.exchanges = new Exchanges(this);
        this.heritage = new Heritage(this);
        this.mobility = new Mobility(this);
        this.redirects = new Redirects(this);
        this.minutes = new Minutes(initiator);
    }

    /// A session that we begin; [#start] sends its first message.
    public static V2Session initiator(
            EngineContext context, Connection connection, long spi, Path path, long now) {
        V2Session session = new V2Session(context, connection, true, spi, 0, path, now);
        session.handshake = InitiatorResume.first(session, now);
        return session;
    }

    /// A session that the peer begins; [#enter] says how.
    static V2Session responder(
            EngineContext context,
            Connection connection,
            long spi,
            Message message,
            Input.Datagram d,
            long now) {
        long theirs = message.header().initiatorSpi();
        V2Session session = new V2Session(context, connection, false, theirs, spi, d.path(), now);
        session.courier.takenFirst(d.octets());
        return session;
    }

    // ---- facts

    long spiI() {
        return spiI;
    }

    long spiR() {
        return spiR;
    }

    @Override
    public long ourSpi() {
        return initiator ? spiI : spiR;
    }

    @Override
    public boolean initiator() {
        return initiator;
    }

    @Override
    public Phase phase() {
        return life.phase();
    }

    @Override
    public Path path() {
        return path;
    }

    @Override
    public EngineContext context() {
        return context;
    }

    @Override
    public Connection connection() {
        return connection;
    }

    @Override
    public IkeSession session() {
        return this;
    }

    @Override
    public boolean isUdp() {
        return path.tcp() || nat.any() || connection.spec().ike().forceEncapsulation();
    }

    @Override
    public Ikev2Keys keys() {
        return keyring.keys();
    }

    @Override
    public IkeSuite suite() {
        return keyring.suite();
    }

    @Override
    public long startedAt() {
        return life.startedAt();
    }

    @Override
    public boolean outranks(IkeSession other) {
        return other instanceof V2Session o && Long.compareUnsigned(spiI, o.spiI) > 0;
    }

    @Override
    public long establishedAt() {
        return life.dates().establishedAt();
    }

    @Override
    public long authenticatedAt() {
        return life.dates().authenticatedAt();
    }

    @Override
    public long rekeyAt() {
        return life.dates().rekeyAt();
    }

    @Override
    public long expiresAt() {
        return life.dates().expiresAt();
    }

    @Override
    public long lastHeard() {
        return lastHeard;
    }

    @Override
    public long rtt() {
        return rtt;
    }

    // ---- its parts

    Courier courier() {
        return courier;
    }

    Keyring keyring() {
        return keyring;
    }

    Life life() {
        return life;
    }

    Heritage heritage() {
        return heritage;
    }

    Exchanges exchanges() {
        return exchanges;
    }

    Handshake handshake() {
        return handshake;
    }

    Hearsay hearsay() {
        return hearsay;
    }

    Mobility mobility() {
        return mobility;
    }

    Redirects redirects() {
        return redirects;
    }

    Minutes minutes() {
        return minutes;
    }

    NatCheck.Finding nat() {
        return nat;
    }

    /// Our token for this SA (RFC 6290); nothing where we make none.
    List<Notify> crashToken() {
        return CrashTokens.of(context, spiI, spiR).map(Notices::crashToken).stream().toList();
    }

    /// What the peer said it can do.
    V2State.Features peer() {
        return peer;
    }

    // ---- facts of the handshake

    boolean isFirstOfConnection() {
        return !context.table().isTalkingTo(path.remote().address())
                && connection.ledger().isClear();
    }

    /// Who we are: as configured, else our address.
    Identity localIdentity() {
        Identity configured = connection.spec().local().identity();
        return configured.isAny() ? Identity.of(path.local().address()) : configured;
    }

    NatCheck natCheck(long responderSpi) {
        return new NatCheck(context.crypto().prf(Prf.HMAC_SHA1), spiI, responderSpi);
    }

    // ---- inputs

    @Override
    public void start(long now) {
        switch (handshake) {
            case InitiatorInit first -> first.begin(now);
            case InitiatorResume first -> first.begin(now);
            default -> {}
        }
    }

    @Override
    public void onDatagram(Input.Datagram d, long now) {
        inbox.onDatagram(d, now);
    }

    /// An authentic message came.
    void heard(IkeHeader header, Input.Datagram d, long now) {
        lastHeard = now;
        context.lines().heard(this, d.path());
        // with MOBIKE the peer says what it wants, and [Mobility] looks at it
        boolean mayMove = d.path().tcp() ? path.tcp() : nat.peer() && !mobility.isAgreed();
        if (life.isEstablished() && mayMove && !header.response() && !d.path().equals(path)) {
            checks(d.path(), now);
        }
    }

    @Override
    public void onGenerated(Input.Generated answer, long now) {
        onJob(answer, now);
    }

    @Override
    public void onAgreed(Input.Agreed answer, long now) {
        onJob(answer, now);
    }

    @Override
    public void onDisagreed(Input.Disagreed answer, long now) {
        onJob(answer, now);
    }

    @Override
    public void onAnswered(Input.Answered answer, long now) {
        onJob(answer, now);
    }

    @Override
    public void onSigned(Input answer, long now) {
        onJob(answer, now);
    }

    @Override
    public void onJudged(Input.Judged answer, long now) {
        onJob(answer, now);
    }

    @Override
    public void onSpoken(Input.Spoken answer, long now) {
        if (life.isNegotiating()) {
            onJob(answer, now);
        } else {
            answer.close();
        }
    }

    private void onJob(Input answer, long now) {
        if (life.isNegotiating()) {
            handshake.onJob(answer, now);
            letGoOfHandshake();
        } else {
            exchanges.onJob(answer, now);
        }
    }

    @Override
    public void onTick(long now) {
        life.tick(now);
    }

    @Override
    public long nextDeadline() {
        return life.nextDeadline();
    }

    /// For people: what is under way.
    String exchangeName() {
        return life.isNegotiating()
                ? ExchangeType.name(handshake.exchangeType())
                : exchanges.name();
    }

    // ---- sending

    void firstAnswered(long responderSpi) {
        courier.answered();
        spiR = responderSpi;
    }

    /// @param along another path than this SA's
    void request(int exchangeType, List<Payload> payloads, Optional<Path> along, long now) {
        courier.request(exchangeType, payloads, path, along, now);
    }

    /// A request that is to pass whole, or not at all.
    void probe(PathProbe probe, long now) {
        courier.probe(probe, path, now);
    }

    // ---- told by the handshake

    /// IKE_SA_INIT is done, or what stands in its place: these are its findings.
    void learn(V2State.Init init) {
        nat = init.nat();
        peer = init.peer();
    }

    /// What a handshake took and gave is as large as all that is kept of an SA after it.
    void letGoOfHandshake() {
        if (handshake.state() instanceof V2State.Done) {
            handshake.close();
            handshake = Handshake.OVER;
        }
    }

    /// The next part of the handshake.
    void enter(Handshake next) {
        handshake = next;
    }

    /// As [Mobility#floated] has it.
    void floatPorts(V2State.Features ofPeer) {
        path = mobility.floated(ofPeer);
    }

    /// The identities decide for another connection than the addresses did.
    void rebind(Connection meant) {
        if (meant != connection) {
            meant.adopt(this, connection);
            context.table().rebind(this, meant);
            connection = meant;
        }
    }

    /// Both ends are authenticated.
    ///
    /// @param anew the peer said INITIAL_CONTACT
    void establish(V2State.Init init, Identity local, Identity remote, boolean anew, long now) {
        rebind(connection.profile().place(this, remote));
        context.table().established(this);
        ids = Optional.of(new Ids(local, remote));
        minutes.established();
        context.lines().settle(this);
        begin(now);
        if (nat.any()) {
            context.tell(new Event.NatFound(connection.name(), nat.us(), nat.peer()));
        }
        if (anew) {
            connection.forgetOthers(this, now);
        }
        connection.onEstablished(this, now);
    }

    private void begin(long now) {
        lastHeard = now;
        life.establish(nat.us(), now);
    }

    /// Something that changed nothing.
    void notice(String what) {
        hearsay.notice(what);
    }

    @Override
    public Failure failure(
            Cause cause, String exchange, String reason, String ours, String theirs) {
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

    /// The negotiation of this SA failed, by something that is of no kind.
    void fail(String exchange, String reason, String ours, String theirs, long now) {
        fail(Cause.OTHER, exchange, reason, ours, theirs, now);
    }

    /// The negotiation of this SA failed.
    void fail(Cause cause, String exchange, String reason, String ours, String theirs, long now) {
        if (life.fail(now)) {
            connection.onFailed(this, failure(cause, exchange, reason, ours, theirs), now);
        }
    }

    /// What the peer proved is not taken. It may think that this SA stands: it is told.
    void reject(Cause cause, String reason, String ours, String theirs, long now) {
        Failure failure = failure(cause, "IKE_AUTH", reason, ours, theirs);
        if (life.reject(now)) {
            connection.onFailed(this, failure, now);
        }
    }

    /// The peer does not take what we proved. RFC 7296, 2.21.2: that ends the IKE SA.
    void onRejectedByPeer(long now) {
        context.tell(
                new Event.Failed(
                        failure(
                                Cause.NOT_BELIEVED,
                                "IKE_AUTH",
                                "the peer does not take our proof of identity: it says"
                                        + " AUTHENTICATION_FAILED",
                                ids.map(i -> i.local().toString()).orElse(""),
                                ids.map(i -> i.remote().toString()).orElse(""))));
        life.end("the peer does not take our proof", false, true, now);
    }

    // ---- succession

    @Override
    public void take(long childSaId) {
        heritage.take(childSaId);
    }

    @Override
    public void disown(ChildSpec child, int ourSpi, long now) {
        exchanges.add(new DeleteChild(child, ourSpi), now);
    }

    @Override
    public void succeed(Succession s, long now) {
        if (!life.isEstablished()) {
            s.keys().close();
            return;
        }
        V2Session heir =
                new V2Session(context, connection, s.ours(), s.spiI(), s.spiR(), path, now);
        heir.nat = nat;
        heir.peer = peer;
        heir.keyring.take(s.suite(), s.keys());
        heir.ids = ids;
        heir.minutes.inherit(minutes);
        heir.begin(now);
        heir.life.authenticatedAs(life);
        context.table().addInitiator(heir, connection);
        context.table().established(heir);
        context.lines().settle(heir);
        heir.mobility.inherit(mobility, now);
        heritage.settle(heir, s, now);
    }

    /// Who the peer proved to be.
    Optional<Identity> remoteIdentity() {
        return ids.map(Ids::remote);
    }

    /// Who we said we are, once that is established.
    Identity ownIdentity() {
        return ids.orElseThrow().local();
    }

    /// The successor that we made has a token of its own. Whoever made it says it first: the other
    /// end has this SA already, and answers with its own.
    void tellToken(long now) {
        List<Notify> token = crashToken();
        if (!token.isEmpty()) {
            exchanges.add(new Say("our token for after a crash", token, life::heedToken), now);
        }
    }

    @Override
    public void notSucceeded(long now) {
        heritage.settleWithout(now);
    }

    // ---- asked by the connection

    @Override
    public void negotiate(ChildSpec child, long now) {
        if (life.isEstablished() && !isNegotiating(child.name())) {
            Optional<ChildSa> old =
                    connection.ledger().activeOf(child.name()).filter(sa -> heritage.owns(sa.id()));
            if (old.isEmpty() || !connection.ledger().hasSuccessor(old.get().id())) {
                exchanges.add(new CreateChild(this, child, old), now);
            }
        }
    }

    @Override
    public boolean maySendOn() {
        return life.isEstablished() && peer.redirects();
    }

    @Override
    public void sendOn(AddressSpec gateway, long now) {
        if (maySendOn()) {
            Redirects.of(gateway)
                    .ifPresent(
                            to -> exchanges.add(new Say("REDIRECT", List.of(to.redirect())), now));
        }
    }

    @Override
    public boolean isNegotiating(String child) {
        return handshake.child().equals(child) || exchanges.isNegotiating(child);
    }

    @Override
    public boolean isBusy() {
        return exchanges.isBusy();
    }

    @Override
    public boolean carriesChildren() {
        return true;
    }

    @Override
    public boolean owns(long childSaId) {
        return heritage.owns(childSaId);
    }

    @Override
    public boolean rekey(long now) {
        if (life.isEstablished() && !exchanges.isSuccessorUnderWay()) {
            exchanges.add(new RekeyIke(this), now);
        }
        return true;
    }

    @Override
    public long reauthAt() {
        return life.dates().reauthAt();
    }

    @Override
    public boolean noticesDeath() {
        return true;
    }

    @Override
    public boolean isFading() {
        return life.isFading();
    }

    @Override
    public boolean isTelling(ChildSa sa) {
        return exchanges.isDeleting(sa.outbound().spi());
    }

    @Override
    public void tellDeleted(ChildSa sa, long now) {
        if (life.isEstablished() && heritage.giveUp(sa.id())) {
            exchanges.add(new DeleteChild(sa), now);
        }
    }

    @Override
    public void probe(long now) {
        if (life.isEstablished() && !courier.isWaiting()) {
            exchanges.add(new Liveness(nanos -> rtt = nanos), now);
        }
    }

    @Override
    public void probePath(int octets, long now) {
        if (life.isEstablished() && !courier.isWaiting() && !path.tcp()) {
            exchanges.add(new PathProbe(path, octets, rtt, nanos -> rtt = nanos, context), now);
        }
    }

    @Override
    public boolean canProbe() {
        return life.isEstablished();
    }

    @Override
    public boolean checks(Path to, long now) {
        if (to.tcp()) {
            // who is at the other end of a connection is there: RFC 9329, 6.1 has us choose that
            // "on which it last received a valid and decryptable IKE or ESP message"
            connection.onSessionMoved(this, to);
            exchanges.detour(to, now);
        } else if (life.isEstablished() && !exchanges.isChecking(to)) {
            exchanges.check(new PathCheck(this, to), now);
        }
        return true;
    }

    @Override
    public void moveTo(Path to) {
        path = to;
        context.table().moved(this);
        if (life.isEstablished()) {
            context.lines().settle(this);
        }
    }

    @Override
    public boolean isMovable() {
        return life.isEstablished() && mobility.moves();
    }

    @Override
    public void onAddressesChanged(long now) {
        mobility.announce(now);
    }

    @Override
    public void onNoWay(long now) {
        life.onSilence(now);
    }

    @Override
    public void relocate(Path to, long now) {
        mobility.relocateBy(to, now);
    }

    @Override
    public void onConnected(long now) {
        life.onConnected(now);
    }

    @Override
    public void onDisconnected(String why, long now) {
        life.onDisconnected(why, now);
    }

    /// One of the two ends moved, and the other one answers there.
    void moved(Path to, NatCheck.Finding found, long now) {
        nat = found;
        life.behindNat(found.us(), now);
        connection.onSessionRelocated(this, to, isUdp());
    }

    @Override
    public boolean isNamed(Octets spis) {
        return false; // IKEv2 deletes an IKE SA through itself only
    }

    @Override
    public void onDeletedByPeer(long now) {
        if (exchanges.isRekeyingIke()) {
            notSucceeded(now); // the peer's own successor takes over, if it made one
        }
        life.end("deleted by the peer", false, true, now);
    }

    @Override
    public void close(String why, boolean tellPeer, long now) {
        life.end(why, tellPeer, false, now);
    }

    /// Nothing is left of it.
    void gone(long now) {
        life.gone(now);
    }

    /// Lets go of everything; told by its [Life].
    void forget(long now) {
        heritage.closedAtPeer(now);
        courier.forget();
        handshake.close();
        exchanges.abandon();
        context.forget(this);
        keyring.close();
        connection.onFaded(this);
    }

    @Override
    public IkeSaView.Keys label() {
        return new IkeSaView.Keys(
                Octets.ofLong(spiI).hex(),
                Octets.ofLong(spiR).hex(),
                keyring.suiteText(),
                initiator,
                "IKEv2");
    }

    @Override
    public IkeSaView view(List<ChildSaView> views) {
        return new IkeSaView(
                connection.name(),
                label(),
                path,
                life.isEstablished() ? "ESTABLISHED" : handshake.state().getClass().getSimpleName(),
                new IkeSaView.Times(establishedAt(), rekeyAt(), expiresAt()),
                new IkeSaView.Peer(
                        ids.map(i -> i.local().toString()).orElse(""),
                        ids.map(i -> i.remote().toString()).orElse(""),
                        nat.us(),
                        nat.peer(),
                        Math.max(lastHeard, connection.lastHeard()),
                        rtt),
                views);
    }
}
