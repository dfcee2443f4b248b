package io.sallyport.ike.v1;

import io.sallyport.base.Octets;
import io.sallyport.base.Secret;
import io.sallyport.base.net.Path;
import io.sallyport.base.time.Deadlines;
import io.sallyport.crypto.engine.KeyAgreement;
import io.sallyport.crypto.engine.PrfFunction;
import io.sallyport.crypto.kdf.Ikev1Keys;
import io.sallyport.crypto.suite.IkeSuite;
import io.sallyport.ike.exchange.Retransmitter;
import io.sallyport.ike.machine.Input;
import io.sallyport.ike.machine.Output;
import io.sallyport.ike.sa.Connection;
import io.sallyport.ike.sa.EngineContext;
import io.sallyport.ike.v1.MainState.AgreeingI;
import io.sallyport.ike.v1.MainState.AgreeingR;
import io.sallyport.ike.v1.MainState.AuthAwaited;
import io.sallyport.ike.v1.MainState.AuthSent;
import io.sallyport.ike.v1.MainState.Chosen;
import io.sallyport.ike.v1.MainState.Closed;
import io.sallyport.ike.v1.MainState.Done;
import io.sallyport.ike.v1.MainState.Features;
import io.sallyport.ike.v1.MainState.Idle;
import io.sallyport.ike.v1.MainState.KeyMessage;
import io.sallyport.ike.v1.MainState.KeySent;
import io.sallyport.ike.v1.MainState.MakingKeyI;
import io.sallyport.ike.v1.MainState.MakingKeyR;
import io.sallyport.ike.v1.MainState.SaAnswered;
import io.sallyport.ike.v1.MainState.SaSent;
import io.sallyport.ike.v1.MainState.Values;
import io.sallyport.model.event.Event;
import io.sallyport.model.spec.Identity;
import io.sallyport.wire.ike.IkeHeader;
import io.sallyport.wire.ike.MalformedException;
import io.sallyport.wire.ike.v1.ExchangeType;
import io.sallyport.wire.ike.v1.Hash;
import io.sallyport.wire.ike.v1.Identification;
import io.sallyport.wire.ike.v1.KeyExchange;
import io.sallyport.wire.ike.v1.Message;
import io.sallyport.wire.ike.v1.MessageRules;
import io.sallyport.wire.ike.v1.MessageRules.MessageKind;
import io.sallyport.wire.ike.v1.NatDetection;
import io.sallyport.wire.ike.v1.Nonce;
import io.sallyport.wire.ike.v1.Notification;
import io.sallyport.wire.ike.v1.NotifyType;
import io.sallyport.wire.ike.v1.Payload;
import io.sallyport.wire.ike.v1.PayloadChain;
import io.sallyport.wire.ike.v1.ProtocolId;
import io.sallyport.wire.ike.v1.SaPayload;
import io.sallyport.wire.ike.v1.VendorId;
import io.sallyport.wire.ike.v1.VendorIds;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Main mode with pre-shared keys, both roles. It trusts nothing before its hash is checked: a
/// message that does not fit is noticed and left, the state stays, and the true one may still come.
final class MainMode {
    private static final int NONCE_OCTETS = 32;
    private static final int NAT_PORT = 4500;
    private static final int IKE_PORT = 500;

    private final EngineContext context;
    private final Connection connection;
    private final V1Session session;
    private final Retransmitter retransmitter;
    private MainState state = new Idle();
    private boolean mismatchTold;

    MainMode(EngineContext context, Connection connection, V1Session session) {
        this.context = context;
        this.connection = connection;
        this.session = session;
        this.retransmitter = new Retransmitter(context.settings().retransmit());
    }

    MainState state() {
        return state;
    }

    private record Step(MainState state, Input input) {}

    /// All pairs of state and input. The answers are the next states.
    void handle(Input input, long now) {
        state =
                switch (new Step(state, input)) {
                    case Step(Idle s, Input.Tick _) -> s;
                    case Step(SaSent s, Input.Datagram d) -> onAnswer(s, d);
                    case Step(MakingKeyI s, Input.Generated g) when g.job() == s.job() ->
                            sendKey(s, g.ephemeral(), now);
                    case Step(MakingKeyI s, Input.Disagreed a) when a.job() == s.job() ->
                            noOwnKey(a.why(), now);
                    case Step(KeySent s, Input.Datagram d) -> onPeerKey(s, d);
                    case Step(AgreeingI s, Input.Agreed a) when a.job() == s.job() ->
                            sendAuth(s, a.shared(), now);
                    case Step(AgreeingI s, Input.Disagreed a) when a.job() == s.job() ->
                            badPublicValue(a.why(), now);
                    case Step(AuthSent s, Input.Datagram d) -> onPeerAuth(s, d, now);
                    case Step(SaAnswered s, Input.Datagram d) -> onInitiatorKey(s, d);
                    case Step(MakingKeyR s, Input.Generated g) when g.job() == s.job() ->
                            answerKey(s, g.ephemeral());
                    case Step(MakingKeyR s, Input.Disagreed a) when a.job() == s.job() ->
                            noOwnKey(a.why(), now);
                    case Step(AgreeingR s, Input.Datagram d) -> holdEarly(s, d);
                    case Step(AgreeingR s, Input.Agreed a) when a.job() == s.job() ->
                            awaitAuth(s, a.shared(), now);
                    case Step(AgreeingR s, Input.Disagreed a) when a.job() == s.job() ->
                            badPublicValue(a.why(), now);
                    case Step(AuthAwaited s, Input.Datagram d) -> onInitiatorAuth(s, d, now);
                    case Step(MainState s, Input.Tick _) -> onTick(s, now);
                    case Step(Idle s, Input _) -> s;
                    case Step(SaSent s, Input _) -> s;
                    case Step(MakingKeyI s, Input _) -> s;
                    case Step(KeySent s, Input _) -> s;
                    case Step(AgreeingI s, Input _) -> s;
                    case Step(AuthSent s, Input _) -> s;
                    case Step(SaAnswered s, Input _) -> s;
                    case Step(MakingKeyR s, Input _) -> s;
                    case Step(AgreeingR s, Input _) -> s;
                    case Step(AuthAwaited s, Input _) -> s;
                    case Step(Done s, Input _) -> s;
                    case Step(Closed s, Input _) -> s;
                };
    }

    long nextDeadline() {
        return retransmitter.deadline();
    }

    /// The peer repeats its last message: it missed our answer.
    ///
    /// Only while we wait for the next one: else its last message would be answered with ours, ours
    /// with its last, and so on for ever.
    void repeat(Path path) {
        if (retransmitter.deadline() != Deadlines.NEVER) {
            retransmitter.repeat(path, context.out());
        }
    }

    void close() {
        switch (state) {
            case KeySent s -> s.ours().close();
            case AuthSent s -> s.protection().close();
            case AuthAwaited s -> s.protection().close();
            default -> {}
        }
        retransmitter.stop();
        state = new Closed();
    }

    // ---- initiator

    /// Message 1.
    void sendOffer(long now) {
        List<IkeSuite> suites =
                Phase1Proposals.suites(connection.spec().ike().proposals(), context.crypto());
        if (suites.isEmpty()) {
            session.fail(
                    "main mode", "no engine offers any of the configured proposals", "", "", now);
            return;
        }
        SaPayload offer =
                Phase1Proposals.offer(
                        suites, connection.spec().ike().lifetime().life().toSeconds());
        Octets message =
                Message.emit(
                        session.initiatorCookie(),
                        0,
                        ExchangeType.MAIN,
                        0,
                        List.of(
                                offer,
                                new VendorId(VendorIds.DEAD_PEER_DETECTION),
                                new VendorId(VendorIds.NAT_TRAVERSAL)));
        retransmitter.start(message, session.path(), now, context.out());
        state = new SaSent(offer.body(), suites);
    }

    private MainState onAnswer(SaSent s, Input.Datagram d) {
        try {
            Message message = clear(d, MessageKind.MAIN_SA);
            SaPayload answer = message.chain().first(SaPayload.class).orElseThrow();
            Optional<Phase1Offer> chosen = Phase1Proposals.choose(s.offered(), answer);
            if (chosen.isEmpty() || Phase1Proposals.understood(answer).size() != 1) {
                session.notice(
                        "message 2 chooses what was not offered: "
                                + Phase1Proposals.describe(answer));
                return s;
            }
            if (message.header().responderSpi() == 0) {
                session.notice("message 2 bears no responder cookie");
                return s;
            }
            session.responderCookie(message.header().responderSpi());
            session.accepted(d);
            retransmitter.stop();
            Chosen c =
                    new Chosen(
                            chosen.get().suite(),
                            chosen.get().lifeSeconds(),
                            s.saBody(),
                            features(message.chain()));
            return new MakingKeyI(c, context.generate(c.suite().group(), session));
        } catch (MalformedException e) {
            session.notice("message 2: " + e.what());
            return s;
        }
    }

    private MainState sendKey(MakingKeyI s, KeyAgreement.Ephemeral ours, long now) {
        Octets nonce = context.entropy().octets(NONCE_OCTETS);
        Octets message =
                Message.emit(
                        session.initiatorCookie(),
                        session.responderCookie(),
                        ExchangeType.MAIN,
                        0,
                        keyPayloads(s.chosen(), ours.publicValue(), nonce, session.path()));
        retransmitter.start(message, session.path(), now, context.out());
        return new KeySent(s.chosen(), ours, nonce);
    }

    private List<Payload> keyPayloads(Chosen chosen, Octets publicValue, Octets nonce, Path path) {
        List<Payload> payloads = new ArrayList<>();
        payloads.add(new KeyExchange(publicValue));
        payloads.add(new Nonce(nonce));
        if (chosen.peer().natTraversal()) {
            payloads.addAll(
                    natTraversal(chosen)
                            .payloads(path, connection.spec().ike().forceEncapsulation()));
        }
        return payloads;
    }

    private NatTraversal natTraversal(Chosen chosen) {
        return new NatTraversal(prf(chosen), session.initiatorCookie(), session.responderCookie());
    }

    private PrfFunction prf(Chosen chosen) {
        return context.crypto().prf(chosen.suite().prf());
    }

    private MainState onPeerKey(KeySent s, Input.Datagram d) {
        try {
            KeyMessage m = keyMessage(d, s.chosen());
            session.accepted(d);
            retransmitter.stop();
            NatTraversal.Finding nat = natFinding(s.chosen(), m);
            Values values =
                    new Values(s.ours().publicValue(), m.publicValue(), s.nonce(), m.nonce());
            return new AgreeingI(
                    s.chosen(), values, nat, context.agree(s.ours(), m.publicValue(), session));
        } catch (MalformedException e) {
            session.notice("message 4: " + e.what());
            return s;
        }
    }

    private NatTraversal.Finding natFinding(Chosen chosen, KeyMessage m) {
        NatTraversal.Finding found = natTraversal(chosen).find(m.natDetection(), m.path());
        // Forced: we have told the peer that we are behind a NAT, so we must behave like it.
        boolean forced =
                connection.spec().ike().forceEncapsulation() && m.natDetection().size() >= 2;
        return forced ? new NatTraversal.Finding(true, found.peer()) : found;
    }

    private MainState sendAuth(AgreeingI s, Secret shared, long now) {
        Optional<Protection> protection =
                protection(s.chosen(), s.values(), shared, session.path());
        if (protection.isEmpty()) {
            return noKey(now);
        }
        if (s.nat().any() && session.path().local().port() == IKE_PORT) {
            // RFC 3947, 4: "the initiator MUST set both UDP source and destination ports to 4500".
            session.path(session.path().withPorts(NAT_PORT, NAT_PORT));
        }
        Identification id = PeerIds.payload(localIdentity());
        Octets hash =
                protection
                        .get()
                        .authHash(
                                true,
                                s.values().publicI(),
                                s.values().publicR(),
                                s.chosen().saBody(),
                                id.body());
        List<Payload> payloads = new ArrayList<>(List.of(id, new Hash(hash)));
        if (session.isFirstOfConnection()) {
            payloads.add(
                    new Notification(
                            1,
                            ProtocolId.ISAKMP,
                            protection.get().cookies(),
                            NotifyType.INITIAL_CONTACT,
                            Octets.EMPTY));
        }
        Octets iv = firstIv(s.chosen(), s.values());
        Protection.Sealed sealed = protection.get().seal(ExchangeType.MAIN, 0, payloads, iv);
        retransmitter.start(sealed.message(), session.path(), now, context.out());
        return new AuthSent(s.chosen(), s.values(), s.nat(), protection.get(), sealed.nextIv());
    }

    private MainState onPeerAuth(AuthSent s, Input.Datagram d, long now) {
        try {
            Protection.Opened opened =
                    s.protection().open(IkeHeader.parse(d.octets()), d.octets(), s.iv());
            MessageRules.check(MessageKind.MAIN_AUTH, opened.chain().payloads());
            Octets expected =
                    s.protection()
                            .authHash(
                                    false,
                                    s.values().publicI(),
                                    s.values().publicR(),
                                    s.chosen().saBody(),
                                    opened.chain().rawBody(Identification.class).orElseThrow());
            if (!expected.matches(proof(opened.chain()))) {
                session.notice("message 6: HASH_R is wrong: the pre-shared keys differ");
                return s;
            }
            session.accepted(d);
            retransmitter.stop();
            Optional<Identity> id = checkIdentity(opened, now);
            if (id.isEmpty()) {
                s.protection().close();
                return new Closed();
            }
            session.path(d.path());
            session.establish(
                    new Established(
                            s.chosen(),
                            s.protection(),
                            opened.nextIv(),
                            s.nat(),
                            localIdentity(),
                            id.get()),
                    opened.chain(),
                    now);
            return new Done();
        } catch (MalformedException e) {
            session.notice("message 6: " + e.what());
            return s;
        }
    }

    // ---- responder

    /// Message 1 came and names an offer that we take: message 2.
    void answerOffer(Message message, Phase1Offer chosen, Input.Datagram d) {
        PayloadChain chain = message.chain();
        Features features = features(chain);
        SaPayload theirs = chain.first(SaPayload.class).orElseThrow();
        List<Payload> payloads = new ArrayList<>();
        payloads.add(Phase1Proposals.answer(theirs, chosen));
        // Only what the peer announced too: so the answer is never longer than what asked for it.
        if (features.deadPeerDetection()) {
            payloads.add(new VendorId(VendorIds.DEAD_PEER_DETECTION));
        }
        if (features.natTraversal()) {
            payloads.add(new VendorId(VendorIds.NAT_TRAVERSAL));
        }
        answer(
                Message.emit(
                        session.initiatorCookie(),
                        session.responderCookie(),
                        ExchangeType.MAIN,
                        0,
                        payloads),
                d.path());
        session.accepted(d);
        state =
                new SaAnswered(
                        new Chosen(
                                chosen.suite(),
                                chosen.lifeSeconds(),
                                chain.rawBody(SaPayload.class).orElseThrow(),
                                features));
    }

    private Octets answered = Octets.EMPTY;

    private void answer(Octets message, Path path) {
        answered = message;
        context.out().add(new Output.Send(path, message));
    }

    /// As responder: the peer repeats its message.
    void repeatAnswer(Path path) {
        if (!answered.isEmpty()) {
            context.out().add(new Output.Send(path, answered));
        }
    }

    private MainState onInitiatorKey(SaAnswered s, Input.Datagram d) {
        try {
            KeyMessage m = keyMessage(d, s.chosen());
            session.accepted(d);
            answered = Octets.EMPTY; // nothing to repeat before message 4
            return new MakingKeyR(
                    s.chosen(), m, context.generate(s.chosen().suite().group(), session));
        } catch (MalformedException e) {
            session.notice("message 3: " + e.what());
            return s;
        }
    }

    private MainState answerKey(MakingKeyR s, KeyAgreement.Ephemeral ours) {
        KeyMessage m = s.received();
        Octets nonce = context.entropy().octets(NONCE_OCTETS);
        answer(
                Message.emit(
                        session.initiatorCookie(),
                        session.responderCookie(),
                        ExchangeType.MAIN,
                        0,
                        keyPayloads(s.chosen(), ours.publicValue(), nonce, m.path())),
                m.path());
        Values values = new Values(m.publicValue(), ours.publicValue(), m.nonce(), nonce);
        NatTraversal.Finding nat = natFinding(s.chosen(), m);
        return new AgreeingR(
                s.chosen(), values, nat, context.agree(ours, m.publicValue(), session), List.of());
    }

    private MainState holdEarly(AgreeingR s, Input.Datagram d) {
        return s.early().isEmpty() && isSealed(d)
                ? new AgreeingR(s.chosen(), s.values(), s.nat(), s.job(), List.of(d))
                : s;
    }

    private MainState awaitAuth(AgreeingR s, Secret shared, long now) {
        Optional<Protection> protection =
                protection(s.chosen(), s.values(), shared, session.path());
        if (protection.isEmpty()) {
            return noKey(now);
        }
        AuthAwaited next =
                new AuthAwaited(
                        s.chosen(),
                        s.values(),
                        s.nat(),
                        protection.get(),
                        firstIv(s.chosen(), s.values()));
        return s.early().isEmpty() ? next : onInitiatorAuth(next, s.early().getFirst(), now);
    }

    /// Messages 5 and 6 are encrypted (RFC 2409, 5: "*HDR"). What comes in clear instead is message
    /// 1 or 3 once more, held up on its way, or a stranger's: it changes nothing.
    private static boolean isSealed(Input.Datagram d) {
        try {
            return (IkeHeader.parse(d.octets()).flags() & IkeHeader.FLAG_ENCRYPTION) != 0;
        } catch (MalformedException _) {
            return false;
        }
    }

    private MainState onInitiatorAuth(AuthAwaited s, Input.Datagram d, long now) {
        if (!isSealed(d)) {
            session.notice("message in clear where message 5 is due");
            return s;
        }
        try {
            Protection.Opened opened =
                    s.protection().open(IkeHeader.parse(d.octets()), d.octets(), s.iv());
            MessageRules.check(MessageKind.MAIN_AUTH, opened.chain().payloads());
            Octets idBody = opened.chain().rawBody(Identification.class).orElseThrow();
            Octets expected =
                    s.protection()
                            .authHash(
                                    true,
                                    s.values().publicI(),
                                    s.values().publicR(),
                                    s.chosen().saBody(),
                                    idBody);
            if (!expected.matches(proof(opened.chain()))) {
                wrongKey("HASH_I is wrong", now);
                return s;
            }
            session.accepted(d);
            Optional<Identity> id = checkIdentity(opened, now);
            if (id.isEmpty()) {
                s.protection().close();
                return new Closed();
            }
            session.path(d.path());
            Identification ours = PeerIds.payload(localIdentity());
            Octets hash =
                    s.protection()
                            .authHash(
                                    false,
                                    s.values().publicI(),
                                    s.values().publicR(),
                                    s.chosen().saBody(),
                                    ours.body());
            Protection.Sealed sealed =
                    s.protection()
                            .seal(
                                    ExchangeType.MAIN,
                                    0,
                                    List.of(ours, new Hash(hash)),
                                    opened.nextIv());
            answer(sealed.message(), d.path());
            session.establish(
                    new Established(
                            s.chosen(),
                            s.protection(),
                            sealed.nextIv(),
                            s.nat(),
                            localIdentity(),
                            id.get()),
                    opened.chain(),
                    now);
            return new Done();
        } catch (MalformedException e) {
            wrongKey("message 5 cannot be read (" + e.what() + ")", now);
            return s;
        }
    }

    /// Told once a session: nothing here is authentic, so it must not fill a log.
    private void wrongKey(String what, long now) {
        if (!mismatchTold) {
            mismatchTold = true;
            context.tell(
                    new Event.Failed(
                            session.failure(
                                    "main mode",
                                    what
                                            + ": most likely the peer holds another pre-shared key for "
                                            + localIdentity()
                                            + " and "
                                            + wantedIdentity(),
                                    "",
                                    "")));
        }
    }

    // ---- both

    /// We agreed on pre-shared keys only, so the proof is a hash: a signature is none.
    private static Octets proof(PayloadChain chain) throws MalformedException {
        return chain.first(Hash.class)
                .orElseThrow(() -> new MalformedException("a signature, no hash", IkeHeader.LENGTH))
                .value();
    }

    private Message clear(Input.Datagram d, MessageKind kind) throws MalformedException {
        Message message = Message.parse(d.octets());
        MessageRules.check(kind, message.chain().payloads());
        return message;
    }

    private KeyMessage keyMessage(Input.Datagram d, Chosen chosen) throws MalformedException {
        PayloadChain chain = clear(d, MessageKind.MAIN_KEY).chain();
        Octets publicValue = chain.first(KeyExchange.class).orElseThrow().value();
        int wanted = chosen.suite().group().publicOctets();
        if (publicValue.length() != wanted) {
            throw new MalformedException(
                    "public value of "
                            + publicValue.length()
                            + " octets, "
                            + chosen.suite().group()
                            + " has "
                            + wanted,
                    IkeHeader.LENGTH);
        }
        return new KeyMessage(
                publicValue,
                chain.first(Nonce.class).orElseThrow().value(),
                chain.all(NatDetection.class),
                d.path());
    }

    private static Features features(PayloadChain chain) {
        boolean nat = false;
        boolean dpd = false;
        for (VendorId id : chain.all(VendorId.class)) {
            nat |= id.value().equals(VendorIds.NAT_TRAVERSAL);
            // RFC 3706, 5.3: the last two octets are major and minor version.
            dpd |=
                    id.value().length() == VendorIds.DEAD_PEER_DETECTION.length()
                            && id.value()
                                    .slice(0, 14)
                                    .equals(VendorIds.DEAD_PEER_DETECTION.slice(0, 14));
        }
        return new Features(nat, dpd);
    }

    private Octets firstIv(Chosen chosen, Values values) {
        return Ikev1Keys.firstIv(
                prf(chosen),
                values.publicI(),
                values.publicR(),
                chosen.suite().cipher().encryption().blockOctets());
    }

    private Optional<Protection> protection(
            Chosen chosen, Values values, Secret shared, Path path) {
        List<Identity> local = List.of(localIdentity(), Identity.of(path.local().address()));
        List<Identity> remote = List.of(wantedIdentity(), Identity.of(path.remote().address()));
        Optional<Secret> psk = context.credentials().presharedKey(local, remote);
        return psk.map(key -> {
            Ikev1Keys keys =
                    Ikev1Keys.derive(
                            prf(chosen),
                            key,
                            values.nonceI(),
                            values.nonceR(),
                            shared,
                            session.initiatorCookie(),
                            session.responderCookie());
            shared.close();
            return new Protection(
                    context.crypto().messageCipher(chosen.suite().cipher()),
                    prf(chosen),
                    keys,
                    chosen.suite(),
                    session.initiatorCookie(),
                    session.responderCookie());
        });
    }

    private Identity localIdentity() {
        Identity configured = connection.spec().local().identity();
        return configured.isAny() ? Identity.of(session.path().local().address()) : configured;
    }

    private Identity wantedIdentity() {
        return connection.spec().remote().identity();
    }

    private Optional<Identity> checkIdentity(Protection.Opened opened, long now) {
        Optional<Identity> given =
                PeerIds.parse(opened.chain().first(Identification.class).orElseThrow());
        if (given.isPresent() && PeerIds.matches(wantedIdentity(), given.get())) {
            return given;
        }
        session.fail(
                "main mode",
                "the peer proved to be another one than configured (rightid)",
                wantedIdentity().toString(),
                given.map(Identity::toString).orElse("an identity of unknown type"),
                now);
        return Optional.empty();
    }

    private MainState noKey(long now) {
        session.fail(
                "main mode",
                "no pre-shared key for "
                        + localIdentity()
                        + " and "
                        + wantedIdentity()
                        + ": add a line to ipsec.secrets",
                "",
                "",
                now);
        return new Closed();
    }

    private MainState noOwnKey(String why, long now) {
        session.fail("main mode", why, "", "", now);
        return new Closed();
    }

    private MainState badPublicValue(String why, long now) {
        session.fail("main mode", "the peer's public value is illegal: " + why, "", "", now);
        return new Closed();
    }

    private MainState onTick(MainState s, long now) {
        switch (retransmitter.tick(session.path(), now, context.out())) {
            case WAITING -> {}
            case SENT_AGAIN ->
                    context.tell(
                            new Event.Retransmitted(
                                    connection.name(),
                                    session.path(),
                                    waitingFor(s),
                                    retransmitter.sent()));
            case GIVEN_UP -> {
                String ours =
                        s instanceof SaSent sent ? Phase1Proposals.describe(sent.offered()) : "";
                session.fail("main mode", "no answer to " + waitingFor(s) + hint(s), ours, "", now);
                return new Closed();
            }
        }
        return s;
    }

    private static String waitingFor(MainState s) {
        return switch (s) {
            case SaSent _ -> "message 1 (SA)";
            case KeySent _ -> "message 3 (KE)";
            case AuthSent _ -> "message 5 (ID, HASH)";
            default -> "our message";
        };
    }

    private static String hint(MainState s) {
        return switch (s) {
            case SaSent _ -> ": is the peer there, and UDP 500 open on the way?";
            case AuthSent _ ->
                    ": most likely the peer holds another pre-shared key, or UDP 4500 is closed on the way";
            default -> "";
        };
    }
}
