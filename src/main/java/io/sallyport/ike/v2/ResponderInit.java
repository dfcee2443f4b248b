package io.sallyport.ike.v2;

import io.sallyport.base.Octets;
import io.sallyport.base.Secret;
import io.sallyport.crypto.suite.Group;
import io.sallyport.ike.machine.Input;
import io.sallyport.ike.sa.Connection;
import io.sallyport.ike.sa.EngineContext;
import io.sallyport.ike.v2.task.ModeNotify;
import io.sallyport.ike.v2.task.NatCheck;
import io.sallyport.model.event.Cause;
import io.sallyport.model.spec.ConnectionSpec;
import io.sallyport.wire.ike.v2.ExchangeType;
import io.sallyport.wire.ike.v2.KeyExchange;
import io.sallyport.wire.ike.v2.Message;
import io.sallyport.wire.ike.v2.Nonce;
import io.sallyport.wire.ike.v2.Notify;
import io.sallyport.wire.ike.v2.Payload;
import io.sallyport.wire.ike.v2.number.NotifyType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// IKE_SA_INIT that the peer begins (RFC 7296, 1.2); then [ResponderAuth].
final class ResponderInit implements Handshake {
    private static final int NONCE_OCTETS = 32;

    private final EngineContext context;
    private final V2Session session;

    /// Connections that the addresses and the proposals allow; identities decide between them.
    private final List<Connection> candidates;

    private V2State state = new V2State.Idle();

    ResponderInit(EngineContext context, V2Session session, List<Connection> candidates) {
        this.context = context;
        this.session = session;
        this.candidates = List.copyOf(candidates);
    }

    @Override
    public V2State state() {
        return state;
    }

    @Override
    public int exchangeType() {
        return ExchangeType.IKE_SA_INIT;
    }

    @Override
    public boolean takes(int exchangeType) {
        return false;
    }

    // ---- IKE_SA_INIT

    /// The request, of which the choice has been made.
    void answer(V2State.Request request) {
        Group group = request.choice().suite().group();
        state = new V2State.MakingKeyR(request, context.generate(group, session));
    }

    @Override
    public void onJob(Input answer, long now) {
        switch (answer) {
            case Input.Generated g
                    when state instanceof V2State.MakingKeyR(V2State.Request request, long job)
                            && g.job() == job -> {
                Octets publicR = g.ephemeral().publicValue();
                state =
                        new V2State.AgreeingR(
                                request,
                                publicR,
                                context.agree(g.ephemeral(), request.publicI(), session));
            }
            case Input.Agreed a when state instanceof V2State.AgreeingR s && a.job() == s.job() ->
                    sendInit(s, a.shared(), now);
            case Input.Disagreed a
                    when state instanceof V2State.AgreeingR s && a.job() == s.job() ->
                    session.fail(
                            Cause.MALFORMED,
                            "IKE_SA_INIT",
                            "the peer's public value is illegal: " + a.why(),
                            "",
                            "",
                            now);
            case Input.Disagreed a
                    when state instanceof V2State.MakingKeyR(var _, long job) && a.job() == job ->
                    session.fail(Cause.OURSELVES, "IKE_SA_INIT", a.why(), "", "", now);
            default -> {}
        }
    }

    private void sendInit(V2State.AgreeingR s, Secret shared, long now) {
        Octets nonceR = context.entropy().octets(NONCE_OCTETS);
        boolean force = session.connection().spec().ike().forceEncapsulation();
        List<Payload> payloads = new ArrayList<>();
        payloads.add(s.request().choice().answer(0));
        payloads.add(new KeyExchange(s.request().choice().suite().group().number(), s.publicR()));
        payloads.add(new Nonce(nonceR));
        payloads.addAll(session.natCheck(session.spiR()).payloads(session.path(), force));
        if (s.request().peer().fragmentation()) {
            payloads.add(Notify.of(NotifyType.IKEV2_FRAGMENTATION_SUPPORTED));
        }
        if (Childless.isAnnounced(session.connection().spec())) {
            payloads.add(Notify.of(NotifyType.CHILDLESS_IKEV2_SUPPORTED));
        }
        V2State.Features peer = ResponderPpk.agreed(session, s.request().peer());
        if (peer.ppk()) {
            payloads.add(Notify.of(NotifyType.USE_PPK));
        }
        if (peer.intermediate()) {
            payloads.add(Notify.of(NotifyType.INTERMEDIATE_EXCHANGE_SUPPORTED));
        }
        if (!s.request().peer().hashes().isEmpty()) {
            payloads.addAll(Certificates.hashes(context.crypto()));
        }
        List<ConnectionSpec> possible = candidates.stream().map(Connection::spec).toList();
        ModeNotify.announcement(possible).ifPresent(payloads::add);
        Certificates.Demands demands = Certificates.demands(possible, context);
        payloads.addAll(demands.requests());
        List<Payload> later = List.of();
        Octets message = emit(payloads, demands.methods());
        if (demands.methods().isPresent()
                && message.length() > Courier.mostOctets(session.path())) {
            // RFC 9593, 3.1: a list that would have IP cut the message goes into IKE_INTERMEDIATE,
            // which can be fragmented, and a notification "containing no data" says so here
            later = peer.intermediate() ? demands.payloads() : List.of();
            message =
                    emit(
                            payloads,
                            later.isEmpty()
                                    ? Optional.empty()
                                    : Optional.of(Notify.of(NotifyType.SUPPORTED_AUTH_METHODS)));
        }
        V2State.Init init =
                new V2State.Init(
                        s.request().choice(),
                        s.request().nonceI(),
                        nonceR,
                        s.request().message(),
                        message,
                        force
                                ? new NatCheck.Finding(true, s.request().nat().peer())
                                : s.request().nat(),
                        peer,
                        Certificates.Asked.NOTHING,
                        Octets.EMPTY);
        session.learn(init);
        session.keyring().derive(init, shared);
        session.enter(
                peer.intermediate()
                        ? new ResponderIntermediate(session, init, candidates, later)
                        : new ResponderAuth(session, init, candidates));
        session.courier().answerFirst(message);
    }

    private Octets emit(List<Payload> payloads, Optional<Notify> methods) {
        List<Payload> all = new ArrayList<>(payloads);
        methods.ifPresent(all::add);
        return Message.emit(
                session.spiI(), session.spiR(), ExchangeType.IKE_SA_INIT, false, true, 0, all);
    }

    @Override
    public void onClear(Message message, Input.Datagram d, long now) {
        session.notice("a message in clear where none is due");
    }

    @Override
    public void onSealed(Courier.Heard message, long now) {
        // nothing sealed is awaited before the keys are there
    }

    @Override
    public void close() {
        state = new V2State.Closed();
    }
}
