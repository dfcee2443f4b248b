package io.sallyport.ike.v1;

import io.sallyport.base.Octets;
import io.sallyport.base.Secret;
import io.sallyport.base.net.Path;
import io.sallyport.base.time.Deadlines;
import io.sallyport.crypto.engine.KeyAgreement;
import io.sallyport.crypto.suite.IkeSuite;
import io.sallyport.ike.exchange.Retransmitter;
import io.sallyport.ike.machine.Input;
import io.sallyport.ike.sa.Connection;
import io.sallyport.ike.sa.EngineContext;
import io.sallyport.ike.v1.MainState.AgreeingI;
import io.sallyport.ike.v1.MainState.AuthSent;
import io.sallyport.ike.v1.MainState.Chosen;
import io.sallyport.ike.v1.MainState.Claim;
import io.sallyport.ike.v1.MainState.Closed;
import io.sallyport.ike.v1.MainState.Done;
import io.sallyport.ike.v1.MainState.JudgingI;
import io.sallyport.ike.v1.MainState.KeyMessage;
import io.sallyport.ike.v1.MainState.KeySent;
import io.sallyport.ike.v1.MainState.MakingKeyI;
import io.sallyport.ike.v1.MainState.SaSent;
import io.sallyport.ike.v1.MainState.SigningI;
import io.sallyport.ike.v1.MainState.Values;
import io.sallyport.ike.v1.offer.AuthenticationMethod;
import io.sallyport.ike.v1.offer.Phase1Offer;
import io.sallyport.ike.v1.offer.Phase1Proposals;
import io.sallyport.model.event.Cause;
import io.sallyport.model.event.Event;
import io.sallyport.model.spec.Identity;
import io.sallyport.model.trust.Verdict;
import io.sallyport.wire.ike.IkeHeader;
import io.sallyport.wire.ike.MalformedException;
import io.sallyport.wire.ike.v1.ExchangeType;
import io.sallyport.wire.ike.v1.Hash;
import io.sallyport.wire.ike.v1.Identification;
import io.sallyport.wire.ike.v1.Message;
import io.sallyport.wire.ike.v1.MessageRules;
import io.sallyport.wire.ike.v1.MessageRules.MessageKind;
import io.sallyport.wire.ike.v1.Notification;
import io.sallyport.wire.ike.v1.NotifyType;
import io.sallyport.wire.ike.v1.Payload;
import io.sallyport.wire.ike.v1.ProtocolId;
import io.sallyport.wire.ike.v1.SaPayload;
import io.sallyport.wire.ike.v1.Signature;
import io.sallyport.wire.ike.v1.VendorId;
import io.sallyport.wire.ike.v1.VendorIds;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The initiator's side of main mode: messages 1, 3 and 5, and their repetition.
final class MainInitiator {
    private static final int NAT_PORT = 4500;
    private static final int IKE_PORT = 500;

    /// Transmissions of message 5 without an answer, after which a person hears of it.
    private static final int TELLING = 3;

    private final EngineContext context;
    private final Connection connection;
    private final V1Session session;
    private final MainShared common;
    private final Retransmitter retransmitter;
    private boolean hinted;
    private Cause suspected = Cause.SILENCE;

    MainInitiator(
            EngineContext context, Connection connection, V1Session session, MainShared common) {
        this.context = context;
        this.connection = connection;
        this.session = session;
        this.common = common;
        this.retransmitter = new Retransmitter(context.settings().retransmit());
    }

    /// Tells a person early what will most likely be the reason, once a session: it is no proof, so
    /// nothing ends by it and the attempt goes on to its own end.
    void hint(MainState state, Cause cause, String what) {
        if (hinted || !(state instanceof SaSent || state instanceof KeySent || isAuth(state))) {
            return;
        }
        hinted = true;
        suspected = isByKey(state) ? Cause.SECRET : cause;
        String ours = state instanceof SaSent s ? describe(s) : "";
        String guess =
                isByKey(state) ? ": it holds another pre-shared key, or packets are lost" : "";
        context.tell(
                new Event.Suspected(
                        session.failure(
                                suspected,
                                "main mode",
                                what + guess + " (not authenticated, so we go on trying)",
                                ours,
                                "")));
    }

    private static boolean isAuth(MainState state) {
        return state instanceof AuthSent;
    }

    /// Whether nothing but the pre-shared key can be wrong now.
    private static boolean isByKey(MainState state) {
        return state instanceof AuthSent s && !s.chosen().method().signs();
    }

    private static String describe(SaSent s) {
        return Phase1Proposals.describe(s.offered(), s.methods());
    }

    /// Message 1.
    MainState sendOffer(long now) {
        List<IkeSuite> suites =
                Phase1Proposals.suites(connection.spec().ike().proposals(), context.crypto());
        if (suites.isEmpty()) {
            session.fail(
                    Cause.OURSELVES,
                    "main mode",
                    "no engine offers any of the configured proposals",
                    "",
                    "",
                    now);
            return new Closed();
        }
        List<AuthenticationMethod> methods = Proofs.methods(connection.spec(), context);
        if (methods.isEmpty()) {
            return common.noOwnKey(
                    Proofs.canBe(connection.spec())
                            ? "no private key that signs in IKEv1 for "
                                    + common.localIdentity()
                                    + ", with a certificate"
                            : "IKEv1 proves both ends by one method, both by a pre-shared key or"
                                    + " both by a signature",
                    now);
        }
        SaPayload offer =
                Phase1Proposals.offer(
                        suites, methods, connection.spec().ike().lifetime().life().toSeconds());
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
        return new SaSent(offer.body(), suites, methods);
    }

    MainState onAnswer(SaSent s, Input.Datagram d) {
        try {
            Message message = common.clear(d, MessageKind.MAIN_SA);
            SaPayload answer = message.chain().first(SaPayload.class).orElseThrow();
            Optional<Phase1Offer> chosen = Phase1Proposals.choose(s.offered(), s.methods(), answer);
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
            session.minutes().theyOffer(() -> Phase1Proposals.describe(answer));
            session.responderCookie(message.header().responderSpi());
            session.accepted(d);
            retransmitter.stop();
            Chosen c =
                    new Chosen(
                            chosen.get().suite(),
                            chosen.get().method(),
                            chosen.get().lifeSeconds(),
                            s.saBody(),
                            MainShared.features(message.chain()));
            return new MakingKeyI(c, context.generate(c.suite().group(), session));
        } catch (MalformedException e) {
            session.notice("message 2: " + e.what());
            return s;
        }
    }

    MainState sendKey(MakingKeyI s, KeyAgreement.Ephemeral ours, long now) {
        Octets nonce = common.newNonce();
        Octets message =
                Message.emit(
                        session.initiatorCookie(),
                        session.responderCookie(),
                        ExchangeType.MAIN,
                        0,
                        common.keyPayloads(
                                s.chosen(), ours.publicValue(), nonce, List.of(), session.path()));
        retransmitter.start(message, session.path(), now, context.out());
        return new KeySent(s.chosen(), ours, nonce);
    }

    MainState onPeerKey(KeySent s, Input.Datagram d) {
        try {
            KeyMessage m = common.keyMessage(d, s.chosen());
            session.accepted(d);
            retransmitter.stop();
            NatTraversal.Finding nat = common.natFinding(s.chosen(), m);
            Values values =
                    new Values(s.ours().publicValue(), m.publicValue(), s.nonce(), m.nonce());
            return new AgreeingI(
                    s.chosen(),
                    values,
                    nat,
                    m.asked(),
                    context.agree(s.ours(), m.publicValue(), session));
        } catch (MalformedException e) {
            session.notice("message 4: " + e.what());
            return s;
        }
    }

    MainState sendAuth(AgreeingI s, Secret shared, long now) {
        Optional<Protection> protection =
                common.protection(s.chosen(), s.values(), shared, session.path());
        if (protection.isEmpty()) {
            return common.noKey(now);
        }
        if (s.nat().any() && session.path().local().port() == IKE_PORT) {
            // RFC 3947, 4: "the initiator MUST set both UDP source and destination ports to 4500".
            session.path(session.path().withPorts(NAT_PORT, NAT_PORT));
        }
        if (s.chosen().method().signs()) {
            return sign(s, protection.get(), now);
        }
        Identification id = PeerIds.payload(common.localIdentity());
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
        Octets nextIv = sendLast(payloads, s.chosen(), s.values(), protection.get(), now);
        return new AuthSent(
                s.chosen(),
                s.values(),
                s.nat(),
                protection.get(),
                nextIv,
                common.localIdentity(),
                List.of());
    }

    /// Message 5.
    ///
    /// @return the IV of message 6
    private Octets sendLast(
            List<Payload> payloads, Chosen chosen, Values values, Protection with, long now) {
        if (session.isFirstOfConnection()) {
            payloads.add(
                    new Notification(
                            1,
                            ProtocolId.ISAKMP,
                            with.cookies(),
                            NotifyType.INITIAL_CONTACT,
                            Octets.EMPTY));
        }
        Protection.Sealed sealed =
                with.seal(ExchangeType.MAIN, 0, payloads, common.firstIv(chosen, values));
        retransmitter.start(sealed.message(), session.path(), now, context.out());
        return sealed.nextIv();
    }

    // ---- by signatures (RFC 2409, 5.1)

    private MainState sign(AgreeingI s, Protection protection, long now) {
        Optional<Proofs.Own> own = common.own(connection.spec(), s.chosen(), s.asked());
        if (own.isEmpty()) {
            protection.close();
            return common.noOwnKey(MainShared.NO_KEY, now);
        }
        return new SigningI(
                s.chosen(),
                s.values(),
                s.nat(),
                s.asked(),
                protection,
                own.get(),
                common.sign(own.get(), true, s.chosen(), s.values(), protection));
    }

    /// `HDR*, IDii, [CERT,] SIG_I`, and what we ask for: in message 3 it would be read by all.
    MainState sendSigned(SigningI s, Octets signature, long now) {
        List<Payload> payloads = new ArrayList<>();
        payloads.add(PeerIds.payload(s.own().identity()));
        payloads.addAll(
                Certificates.shown(
                        s.own().key(),
                        connection.spec().ike().handshake().certificates().send(),
                        s.asked()));
        payloads.add(new Signature(signature));
        payloads.addAll(Certificates.requests(List.of(connection.spec()), context));
        Octets nextIv = sendLast(payloads, s.chosen(), s.values(), s.protection(), now);
        return new AuthSent(
                s.chosen(),
                s.values(),
                s.nat(),
                s.protection(),
                nextIv,
                s.own().identity(),
                List.of());
    }

    private MainState onSignature(AuthSent s, Protection.Opened opened, Input.Datagram d)
            throws MalformedException {
        Identity claimed = MainShared.claimed(opened.chain());
        if (MainShared.isEnough(s.refused())) {
            session.notice("message 6 once more, after signatures that proved nothing");
            return s;
        }
        retransmitter.stop(); // an answer is here; should it be none, message 5 goes out again
        Claim claim = new Claim(opened, d, claimed, List.of(connection));
        return new JudgingI(
                s, claim, common.judge(claim, false, s.chosen(), s.values(), s.protection()));
    }

    MainState onVerdict(JudgingI s, Verdict verdict, long now) {
        AuthSent a = s.sent();
        return switch (verdict) {
            case Verdict.Refused r -> {
                retransmitter.again(session.path(), now, context.out());
                yield new AuthSent(
                        a.chosen(),
                        a.values(),
                        a.nat(),
                        a.protection(),
                        a.iv(),
                        a.us(),
                        common.refused(a.refused(), s.claim(), r));
            }
            case Verdict.Trusted _ -> {
                session.accepted(s.claim().datagram());
                if (!MainShared.isWanted(connection.spec(), s.claim().identity())) {
                    common.tellRefused(a.protection(), s.claim().opened().nextIv(), session.path());
                }
                yield finish(a, s.claim().opened(), s.claim().datagram(), now);
            }
        };
    }

    /// The peer proved who it is.
    private MainState finish(AuthSent s, Protection.Opened opened, Input.Datagram d, long now) {
        Optional<Identity> id = common.checkIdentity(opened, now);
        if (id.isEmpty()) {
            s.protection().close();
            return new Closed();
        }
        session.path(d.path());
        session.establish(
                connection,
                new Established(
                        s.chosen(), s.protection(), opened.nextIv(), s.nat(), s.us(), id.get()),
                opened.chain(),
                now);
        return new Done();
    }

    /// The peer says something under our keys though main mode is not done: whoever did
    /// Diffie-Hellman with us. It is no proof, so nothing ends by it.
    ///
    /// @return whether it was that
    boolean hear(AuthSent s, IkeHeader header, Octets message) {
        Optional<Protection.Opened> opened;
        try {
            opened = s.protection().openInformational(header, message, s.iv());
        } catch (MalformedException _) {
            return false; // other keys than ours
        }
        for (Notification n :
                opened.map(o -> o.chain().all(Notification.class)).orElse(List.of())) {
            // RFC 2408, 3.14.1: errors are numbered below 16384
            if (n.notifyType() < 16384) {
                session.suspect(
                        Refusals.cause(n.notifyType()),
                        "the peer says " + NotifyType.name(n.notifyType()),
                        "",
                        "");
            }
        }
        return opened.isPresent();
    }

    MainState onPeerAuth(AuthSent s, Input.Datagram d, long now) {
        if (s.refused().contains(d.octets())) {
            return s;
        }
        try {
            Protection.Opened opened =
                    s.protection().open(IkeHeader.parse(d.octets()), d.octets(), s.iv());
            MessageRules.check(MessageKind.MAIN_AUTH, opened.chain().payloads());
            if (s.chosen().method().signs()) {
                return onSignature(s, opened, d);
            }
            Octets expected =
                    s.protection()
                            .authHash(
                                    false,
                                    s.values().publicI(),
                                    s.values().publicR(),
                                    s.chosen().saBody(),
                                    opened.chain().rawBody(Identification.class).orElseThrow());
            if (!expected.matches(MainShared.proof(opened.chain()))) {
                session.notice("message 6: HASH_R is wrong: the pre-shared keys differ");
                return s;
            }
            session.accepted(d);
            retransmitter.stop();
            return finish(s, opened, d, now);
        } catch (MalformedException e) {
            session.notice("message 6: " + e.what());
            return s;
        }
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

    long nextDeadline() {
        return retransmitter.deadline();
    }

    void stop() {
        retransmitter.stop();
    }

    MainState onTick(MainState s, long now) {
        switch (retransmitter.tick(session.path(), now, context.out())) {
            case WAITING -> {}
            case SENT_AGAIN -> {
                context.tell(
                        new Event.Retransmitted(
                                connection.name(),
                                session.path(),
                                waitingFor(s),
                                retransmitter.sent()));
                // One lost datagram is nothing; a peer that answered two messages and is silent
                // to the third, sent three times, is something.
                if (isAuth(s) && retransmitter.sent() == TELLING && session.suspected().isEmpty()) {
                    hint(
                            s,
                            isByKey(s) ? Cause.SECRET : Cause.NOT_BELIEVED,
                            "the peer does not answer message 5, sent " + TELLING + " times");
                }
            }
            case GIVEN_UP -> {
                String ours = s instanceof SaSent sent ? describe(sent) : "";
                if (s instanceof AuthSent a && !a.refused().isEmpty()) {
                    // It holds our proof, and an SA that we shall never use
                    common.tellRefused(
                            a.protection(),
                            a.protection().lastBlockOf(a.refused().getLast()),
                            session.path());
                }
                session.fail(
                        isByKey(s) ? Cause.SECRET : session.suspected().orElse(suspected),
                        "main mode",
                        "no answer to " + waitingFor(s) + hint(s),
                        ours,
                        "",
                        now);
                return new Closed();
            }
        }
        return s;
    }

    private static String waitingFor(MainState s) {
        return switch (s) {
            case SaSent _ -> "message 1 (SA)";
            case KeySent _ -> "message 3 (KE)";
            case AuthSent a when a.chosen().method().signs() -> "message 5 (ID, SIG)";
            case AuthSent _ -> "message 5 (ID, HASH)";
            default -> "our message";
        };
    }

    private static String hint(MainState s) {
        return switch (s) {
            case SaSent _ -> ": is the peer there, and UDP 500 open on the way?";
            case AuthSent a when !a.refused().isEmpty() -> " that proves the peer";
            case AuthSent a when a.chosen().method().signs() ->
                    ": most likely the peer does not take our proof, or UDP 4500 is closed on the"
                            + " way";
            case AuthSent _ ->
                    ": most likely the peer holds another pre-shared key, or UDP 4500 is closed on"
                            + " the way";
            default -> "";
        };
    }
}
