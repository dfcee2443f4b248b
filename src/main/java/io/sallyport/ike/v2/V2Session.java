package io.sallyport.ike.v2;

import io.sallyport.base.Octets;
import io.sallyport.base.Secret;
import io.sallyport.base.net.Path;
import io.sallyport.base.time.Deadlines;
import io.sallyport.crypto.kdf.Ikev2Keys;
import io.sallyport.crypto.suite.IkeSuite;
import io.sallyport.crypto.suite.Prf;
import io.sallyport.ike.exchange.SkSealer;
import io.sallyport.ike.machine.Input;
import io.sallyport.ike.machine.Output;
import io.sallyport.ike.sa.Connection;
import io.sallyport.ike.sa.EngineContext;
import io.sallyport.ike.sa.IkeSession;
import io.sallyport.ike.select.IkeOffers;
import io.sallyport.ike.v2.task.CreateChild;
import io.sallyport.ike.v2.task.DeleteChild;
import io.sallyport.ike.v2.task.Ground;
import io.sallyport.ike.v2.task.Liveness;
import io.sallyport.ike.v2.task.NatCheck;
import io.sallyport.ike.v2.task.PathCheck;
import io.sallyport.ike.v2.task.RekeyIke;
import io.sallyport.ike.v2.task.Succession;
import io.sallyport.model.command.ChildSaView;
import io.sallyport.model.command.IkeSaView;
import io.sallyport.model.event.Event;
import io.sallyport.model.event.Failure;
import io.sallyport.model.sa.ChildSa;
import io.sallyport.model.spec.ChildSpec;
import io.sallyport.model.spec.Identity;
import io.sallyport.wire.ike.IkeHeader;
import io.sallyport.wire.ike.MalformedException;
import io.sallyport.wire.ike.v2.ExchangeType;
import io.sallyport.wire.ike.v2.Message;
import io.sallyport.wire.ike.v2.Notify;
import io.sallyport.wire.ike.v2.Payload;
import io.sallyport.wire.ike.v2.PayloadChain;
import io.sallyport.wire.ike.v2.number.NotifyType;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// One IKE SA of IKEv2: two exchanges by a [Handshake], then tasks ([Exchanges]).
public final class V2Session implements IkeSession, Ground {
    private static final int IKE_PORT = 500;
    private static final int NAT_PORT = 4500;

    private final EngineContext context;
    private final boolean initiator;
    private final long spiI;
    private final long startedAt;
    private final Courier courier;
    private final Exchanges exchanges;
    private final Heritage heritage;
    private Handshake handshake = Handshake.OVER;
    private Connection connection;
    private long spiR;
    private Path path;
    private Phase phase = Phase.NEGOTIATING;
    private boolean fading;

    /// Whether the peer is known to have this SA: one that it asked for may never have come about
    /// there.
    boolean shown = true;

    private Optional<Protected> keys = Optional.empty();
    private NatCheck.Finding nat = NatCheck.Finding.NONE;
    private V2State.Features peer = V2State.Features.NONE;
    private Optional<Ids> ids = Optional.empty();
    private String lastNotice = "";
    private int notices;
    private long lastHeard = Long.MIN_VALUE;
    private long rtt = -1;
    private Dates dates = Dates.NONE;
    private long keepaliveAt = Deadlines.NEVER;
    private long forgetAt = Deadlines.NEVER;

    /// What there is once IKE_SA_INIT is done.
    private record Protected(IkeSuite suite, Ikev2Keys keys) {}

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
        this.startedAt = now;
        this.courier = new Courier(context, path);
        this.exchanges = new Exchanges(this);
        this.heritage = new Heritage(this);
    }

    /// A session that we begin; [#start] sends its first message.
    public static V2Session initiator(
            EngineContext context, Connection connection, long spi, Path path, long now) {
        V2Session session = new V2Session(context, connection, true, spi, 0, path, now);
        session.handshake = new InitiatorHandshake(context, session);
        return session;
    }

    /// A session that the peer begins.
    static V2Session responder(
            EngineContext context,
            List<Connection> candidates,
            long spi,
            Message message,
            V2State.Request request,
            Input.Datagram d,
            long now) {
        V2Session session =
                new V2Session(
                        context,
                        candidates.getFirst(),
                        false,
                        message.header().initiatorSpi(),
                        spi,
                        d.path(),
                        now);
        ResponderHandshake handshake = new ResponderHandshake(context, session, candidates);
        session.handshake = handshake;
        session.courier.takenFirst(d.octets());
        handshake.answer(request);
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
        return phase;
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
        return nat.any() || connection.spec().ike().forceEncapsulation();
    }

    private Protected secured() {
        return keys.orElseThrow();
    }

    @Override
    public Ikev2Keys keys() {
        return secured().keys();
    }

    @Override
    public IkeSuite suite() {
        return secured().suite();
    }

    @Override
    public long startedAt() {
        return startedAt;
    }

    @Override
    public boolean outranks(IkeSession other) {
        return other instanceof V2Session o && Long.compareUnsigned(spiI, o.spiI) > 0;
    }

    @Override
    public long establishedAt() {
        return dates.establishedAt();
    }

    @Override
    public long rekeyAt() {
        return dates.rekeyAt();
    }

    @Override
    public long expiresAt() {
        return dates.expiresAt();
    }

    @Override
    public long lastHeard() {
        return lastHeard;
    }

    @Override
    public long rtt() {
        return rtt;
    }

    /// Which state the handshake is in; for the table of all states.
    V2State state() {
        return handshake.state();
    }

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
        if (handshake instanceof InitiatorHandshake first) {
            first.begin(now);
        }
    }

    @Override
    public void onDatagram(Input.Datagram d, long now) {
        try {
            IkeHeader header = IkeHeader.parse(d.octets());
            if (header.initiatorSpi() != spiI
                    || header.responderSpi() != spiR && header.responderSpi() != 0 && spiR != 0
                    || header.fromInitiator() == initiator) {
                notice("SPIs or flags of another SA");
            } else if (header.response()) {
                onAnswer(header, d, now);
            } else {
                onRequest(header, d, now);
            }
        } catch (MalformedException e) {
            notice(e.toString());
        }
    }

    private void onAnswer(IkeHeader header, Input.Datagram d, long now) throws MalformedException {
        if (!courier.isAwaited(header, d)) {
            return; // late: its request was answered before; or of another exchange
        }
        if (!Courier.isSealed(header)) {
            handshake.onClear(Message.parse(d.octets()), d, now);
            return;
        }
        Optional<PayloadChain> chain = open(header, d, now);
        if (chain.isEmpty()) {
            return;
        }
        courier.answered();
        if (phase == Phase.NEGOTIATING) {
            handshake.onSealed(chain.get(), now);
        } else {
            exchanges.onAnswer(chain.get(), now);
        }
    }

    private void onRequest(IkeHeader header, Input.Datagram d, long now) throws MalformedException {
        switch (courier.judge(header, d)) {
            case REPEATED -> courier.repeatAnswer(d.path());
            case STRANGE -> {
                if (header.nextPayload() != SkSealer.SKF) {
                    notice("request with a message ID that is not due");
                }
            }
            case NEW -> {
                if (Courier.isSealed(header)) {
                    onNewRequest(header, d, now);
                } else {
                    notice("a request in clear under an IKE SA");
                }
            }
        }
    }

    /// Before the handshake is done only IKE_AUTH is taken, after it never.
    private void onNewRequest(IkeHeader header, Input.Datagram d, long now)
            throws MalformedException {
        boolean early = phase == Phase.NEGOTIATING;
        if (!courier.isSecured()
                || early && initiator
                || early != (header.exchangeType() == ExchangeType.IKE_AUTH)
                || exchanges.isAnswering()) {
            notice(
                    ExchangeType.name(header.exchangeType())
                            + (early ? " before" : " after")
                            + " the handshake");
            return;
        }
        Optional<PayloadChain> chain = open(header, d, now);
        if (chain.isEmpty()) {
            return;
        }
        courier.taken(header, d);
        OptionalInt unknown = chain.get().unsupportedCritical();
        if (unknown.isPresent()) {
            // RFC 7296, 2.5: the notify bears the payload type in one octet
            courier.answer(
                    header.exchangeType(),
                    List.of(
                            Notify.of(
                                    NotifyType.UNSUPPORTED_CRITICAL_PAYLOAD,
                                    Octets.of((byte) unknown.getAsInt()))));
        } else if (early) {
            path = d.path();
            handshake.onSealed(chain.get(), now);
        } else {
            connection.ledger().shown(heritage::owns, now);
            exchanges.onRequest(header.exchangeType(), chain.get(), now);
        }
    }

    /// What an authentic and whole message says.
    private Optional<PayloadChain> open(IkeHeader header, Input.Datagram d, long now)
            throws MalformedException {
        Optional<SkSealer.Opened> opened = courier.open(header, d);
        if (opened.isEmpty()) {
            notice("a message that is not authentic");
            return Optional.empty();
        }
        heard(header, d, now);
        return courier.whole(header, d, opened.get());
    }

    private void heard(IkeHeader header, Input.Datagram d, long now) {
        lastHeard = now;
        shown = true;
        if (phase == Phase.ESTABLISHED
                && nat.peer()
                && !header.response()
                && !d.path().equals(path)) {
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

    private void onJob(Input answer, long now) {
        if (phase == Phase.NEGOTIATING) {
            handshake.onJob(answer, now);
        } else {
            exchanges.onJob(answer, now);
        }
    }

    @Override
    public void onTick(long now) {
        if (now >= forgetAt) {
            gone();
            return;
        }
        if (phase == Phase.NEGOTIATING && now >= handshakeDeadline()) {
            fail(
                    initiator ? "IKE_SA_INIT" : "IKE_AUTH",
                    initiator
                            ? "it came to no end" + heardLast()
                            : "the peer began and did not go on" + heardLast(),
                    "",
                    "",
                    now);
            return;
        }
        switch (courier.tick(path, now)) {
            case WAITING -> {}
            case SENT_AGAIN ->
                    context.tell(
                            new Event.Retransmitted(
                                    connection.name(), path, exchangeName(), courier.sent()));
            case GIVEN_UP -> onSilence(now);
        }
        if (phase == Phase.ESTABLISHED && now >= keepaliveAt) {
            keepaliveAt = now + context.settings().keepalive().toNanos();
            context.out().add(new Output.Keepalive(path));
        }
    }

    private String exchangeName() {
        if (phase != Phase.NEGOTIATING) {
            return exchanges.name();
        }
        return state() instanceof V2State.AuthSent ? "IKE_AUTH" : "IKE_SA_INIT";
    }

    private void onSilence(long now) {
        if (phase == Phase.NEGOTIATING) {
            fail(exchangeName(), "no answer" + heardLast(), "", "", now);
        } else if (fading) {
            gone();
        } else if (exchanges.isCheckingSomePath()) {
            // The ID is used, and the window of one waits for its answer: along the old path.
            courier.redirect(path, now);
        } else if (connection.current().filter(s -> s != this).isPresent()) {
            close("the peer answers nothing any more", false, now);
        } else {
            connection.onDead(this, now);
        }
    }

    /// A responder's ends with the half-open limit; ours is later than all retransmissions.
    private long handshakeDeadline() {
        long once = context.settings().halfOpenTimeout().toNanos();
        return startedAt + (initiator ? 4 * once : once);
    }

    @Override
    public long nextDeadline() {
        long next = Math.min(forgetAt, courier.deadline());
        return switch (phase) {
            case NEGOTIATING -> Math.min(next, handshakeDeadline());
            case ESTABLISHED -> Math.min(next, keepaliveAt);
            case CLOSED -> next;
        };
    }

    // ---- sending

    Courier courier() {
        return courier;
    }

    void firstAnswered(long responderSpi) {
        courier.answered();
        spiR = responderSpi;
    }

    /// @param along another path than this SA's
    void request(int exchangeType, List<Payload> payloads, Optional<Path> along, long now) {
        courier.request(exchangeType, payloads, path, along, now);
    }

    // ---- told by the handshake

    void derive(V2State.Init init, Secret shared) {
        IkeSuite suite = init.choice().suite();
        Ikev2Keys derived =
                Ikev2Keys.derive(
                        context.crypto().prf(suite.prf()),
                        suite,
                        shared,
                        new Ikev2Keys.Seed(init.nonceI(), init.nonceR(), spiI, spiR));
        shared.close();
        nat = init.nat();
        peer = init.peer();
        secure(suite, derived);
    }

    private void secure(IkeSuite suite, Ikev2Keys fresh) {
        keys = Optional.of(new Protected(suite, fresh));
        courier.secure(
                new SkSealer(
                        context.crypto(), suite, fresh, initiator, spiI, spiR, context.entropy()),
                peer.fragmentation());
    }

    /// RFC 7296, 2.23: with a NAT in between the initiator goes on from port 4500 to port 4500.
    void floatPorts() {
        if (isUdp() && path.local().port() == IKE_PORT) {
            path =
                    path.withPorts(
                            NAT_PORT,
                            path.remote().port() == IKE_PORT ? NAT_PORT : path.remote().port());
        }
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
    void establish(V2State.Init init, Identity local, Identity remote, boolean anew, long now) {
        phase = Phase.ESTABLISHED;
        context.table().established(this);
        ids = Optional.of(new Ids(local, remote));
        begin(now);
        if (nat.any()) {
            context.tell(new Event.NatFound(connection.name(), nat.us(), nat.peer()));
        }
        if (anew) {
            connection.forgetOthers(this, now);
        }
        connection.onEstablished(this, IkeOffers.text(init.choice().suite()), now);
    }

    private void begin(long now) {
        lastHeard = now;
        dates = Dates.from(connection.spec().ike(), initiator, now, context.entropy()::below);
        keepaliveAt = nat.us() ? now + context.settings().keepalive().toNanos() : Deadlines.NEVER;
    }

    /// Something that changed nothing. A few of each session are told, a flood is not.
    void notice(String what) {
        lastNotice = what;
        if (notices++ < 5) {
            context.tell(new Event.Noticed(connection.name(), path, what));
        }
    }

    private String heardLast() {
        return lastNotice.isEmpty() ? "" : " (last heard: " + lastNotice + ")";
    }

    @Override
    public Failure failure(String exchange, String reason, String ours, String theirs) {
        return new Failure(
                connection.name(),
                path.remote().toString(),
                exchange,
                reason,
                ours,
                theirs,
                connection.spec().origin());
    }

    /// The negotiation of this SA failed.
    void fail(String exchange, String reason, String ours, String theirs, long now) {
        if (phase != Phase.CLOSED) {
            phase = Phase.CLOSED;
            gone();
            connection.onFailed(this, failure(exchange, reason, ours, theirs), now);
        }
    }

    // ---- succession

    @Override
    public void take(long childSaId) {
        heritage.take(childSaId);
    }

    @Override
    public void succeed(Succession s, long now) {
        if (phase != Phase.ESTABLISHED) {
            s.keys().close();
            return;
        }
        V2Session heir =
                new V2Session(context, connection, s.ours(), s.spiI(), s.spiR(), path, now);
        heir.nat = nat;
        heir.peer = peer;
        heir.secure(s.suite(), s.keys());
        heir.ids = ids;
        heir.phase = Phase.ESTABLISHED;
        heir.shown = s.ours();
        heir.begin(now);
        heir.dates = heir.dates.authenticatedAs(dates);
        context.table().addInitiator(heir, connection);
        heritage.settle(heir, s, now);
    }

    @Override
    public void notSucceeded(long now) {
        heritage.settleWithout(now);
    }

    String suiteText() {
        return IkeOffers.text(suite());
    }

    Heritage heritage() {
        return heritage;
    }

    Exchanges exchanges() {
        return exchanges;
    }

    // ---- asked by the connection

    @Override
    public void negotiate(ChildSpec child, long now) {
        if (phase == Phase.ESTABLISHED && !isNegotiating(child.name())) {
            Optional<ChildSa> old =
                    connection.ledger().activeOf(child.name()).filter(sa -> heritage.owns(sa.id()));
            if (old.isEmpty() || !connection.ledger().hasSuccessor(old.get().id())) {
                exchanges.add(new CreateChild(this, child, old), now);
            }
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
        if (phase == Phase.ESTABLISHED && !exchanges.isRekeyingIke()) {
            exchanges.add(new RekeyIke(this), now);
        }
        return true;
    }

    @Override
    public long reauthAt() {
        return dates.reauthAt();
    }

    @Override
    public boolean noticesDeath() {
        return true;
    }

    @Override
    public boolean isFading() {
        return fading;
    }

    @Override
    public void tellDeleted(ChildSa sa, long now) {
        if (phase == Phase.ESTABLISHED && heritage.giveUp(sa.id())) {
            exchanges.add(new DeleteChild(sa), now);
        }
    }

    @Override
    public void probe(long now) {
        if (phase == Phase.ESTABLISHED && !courier.isWaiting()) {
            exchanges.add(new Liveness(nanos -> rtt = nanos), now);
        }
    }

    @Override
    public boolean canProbe() {
        return phase == Phase.ESTABLISHED;
    }

    @Override
    public boolean checks(Path to, long now) {
        if (phase == Phase.ESTABLISHED && !exchanges.isChecking(to)) {
            exchanges.add(new PathCheck(this, to), now);
        }
        return true;
    }

    @Override
    public void moveTo(Path to) {
        path = to;
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
        end("deleted by the peer", false, true, now);
    }

    @Override
    public void close(String why, boolean tellPeer, long now) {
        end(why, tellPeer, false, now);
    }

    private void end(String why, boolean tellPeer, boolean byPeer, long now) {
        if (phase == Phase.CLOSED) {
            return;
        }
        boolean lives = phase == Phase.ESTABLISHED;
        phase = Phase.CLOSED;
        handshake.close();
        heritage.end(why, byPeer, now);
        if (lives && tellPeer && shown) {
            fading = true;
            exchanges.close(now);
        } else if (lives && byPeer) {
            // Its delete may come again if our answer is lost.
            fading = true;
            exchanges.retire(now);
            courier.stop();
            forgetAt = now + 2 * context.settings().retransmit().most().toNanos();
        } else {
            gone();
        }
        connection.onClosed(this, why, byPeer, now);
    }

    /// Nothing is left of it.
    void gone() {
        phase = Phase.CLOSED;
        fading = false;
        forgetAt = Deadlines.NEVER;
        courier.forget();
        handshake.close();
        exchanges.abandon();
        context.table().remove(this);
        keys.ifPresent(k -> k.keys().close());
        keys = Optional.empty();
        connection.onFaded(this);
    }

    @Override
    public IkeSaView view(List<ChildSaView> views) {
        return new IkeSaView(
                connection.name(),
                new IkeSaView.Keys(
                        Octets.ofLong(spiI).hex(),
                        Octets.ofLong(spiR).hex(),
                        keys.map(k -> IkeOffers.text(k.suite())).orElse(""),
                        initiator,
                        "IKEv2"),
                path,
                phase == Phase.ESTABLISHED
                        ? "ESTABLISHED"
                        : handshake.state().getClass().getSimpleName(),
                new IkeSaView.Times(dates.establishedAt(), dates.rekeyAt(), dates.expiresAt()),
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
