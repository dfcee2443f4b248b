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
import io.sallyport.ike.v1.MainState.Closed;
import io.sallyport.ike.v1.MainState.Done;
import io.sallyport.ike.v1.MainState.KeyMessage;
import io.sallyport.ike.v1.MainState.KeySent;
import io.sallyport.ike.v1.MainState.MakingKeyI;
import io.sallyport.ike.v1.MainState.SaSent;
import io.sallyport.ike.v1.MainState.Values;
import io.sallyport.model.event.Cause;
import io.sallyport.model.event.Event;
import io.sallyport.model.spec.Identity;
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
        suspected = isAuth(state) ? Cause.SECRET : cause;
        String ours = state instanceof SaSent s ? Phase1Proposals.describe(s.offered()) : "";
        String guess =
                isAuth(state) ? ": it holds another pre-shared key, or packets are lost" : "";
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
        return new SaSent(offer.body(), suites);
    }

    MainState onAnswer(SaSent s, Input.Datagram d) {
        try {
            Message message = common.clear(d, MessageKind.MAIN_SA);
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
            session.minutes().theyOffer(() -> Phase1Proposals.describe(answer));
            session.responderCookie(message.header().responderSpi());
            session.accepted(d);
            retransmitter.stop();
            Chosen c =
                    new Chosen(
                            chosen.get().suite(),
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
                        common.keyPayloads(s.chosen(), ours.publicValue(), nonce, session.path()));
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
                    s.chosen(), values, nat, context.agree(s.ours(), m.publicValue(), session));
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
        if (session.isFirstOfConnection()) {
            payloads.add(
                    new Notification(
                            1,
                            ProtocolId.ISAKMP,
                            protection.get().cookies(),
                            NotifyType.INITIAL_CONTACT,
                            Octets.EMPTY));
        }
        Octets iv = common.firstIv(s.chosen(), s.values());
        Protection.Sealed sealed = protection.get().seal(ExchangeType.MAIN, 0, payloads, iv);
        retransmitter.start(sealed.message(), session.path(), now, context.out());
        return new AuthSent(s.chosen(), s.values(), s.nat(), protection.get(), sealed.nextIv());
    }

    MainState onPeerAuth(AuthSent s, Input.Datagram d, long now) {
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
            if (!expected.matches(MainShared.proof(opened.chain()))) {
                session.notice("message 6: HASH_R is wrong: the pre-shared keys differ");
                return s;
            }
            session.accepted(d);
            retransmitter.stop();
            Optional<Identity> id = common.checkIdentity(opened, now);
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
                            common.localIdentity(),
                            id.get()),
                    opened.chain(),
                    now);
            return new Done();
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
                if (isAuth(s) && retransmitter.sent() == TELLING) {
                    hint(
                            s,
                            Cause.SECRET,
                            "the peer does not answer message 5, sent " + TELLING + " times");
                }
            }
            case GIVEN_UP -> {
                String ours =
                        s instanceof SaSent sent ? Phase1Proposals.describe(sent.offered()) : "";
                session.fail(
                        isAuth(s) ? Cause.SECRET : suspected,
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
            case AuthSent _ -> "message 5 (ID, HASH)";
            default -> "our message";
        };
    }

    private static String hint(MainState s) {
        return switch (s) {
            case SaSent _ -> ": is the peer there, and UDP 500 open on the way?";
            case AuthSent _ ->
                    ": most likely the peer holds another pre-shared key, or UDP 4500 is closed on"
                            + " the way";
            default -> "";
        };
    }
}
