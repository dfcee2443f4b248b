package io.sallyport.ike.v1;

import io.sallyport.base.Octets;
import io.sallyport.base.Secret;
import io.sallyport.base.net.Path;
import io.sallyport.crypto.engine.KeyAgreement;
import io.sallyport.ike.machine.Input;
import io.sallyport.ike.machine.Output;
import io.sallyport.ike.sa.Connection;
import io.sallyport.ike.sa.EngineContext;
import io.sallyport.ike.v1.MainState.AgreeingR;
import io.sallyport.ike.v1.MainState.AuthAwaited;
import io.sallyport.ike.v1.MainState.Chosen;
import io.sallyport.ike.v1.MainState.Claim;
import io.sallyport.ike.v1.MainState.Closed;
import io.sallyport.ike.v1.MainState.Done;
import io.sallyport.ike.v1.MainState.Features;
import io.sallyport.ike.v1.MainState.JudgingR;
import io.sallyport.ike.v1.MainState.KeyMessage;
import io.sallyport.ike.v1.MainState.MakingKeyR;
import io.sallyport.ike.v1.MainState.SaAnswered;
import io.sallyport.ike.v1.MainState.SigningR;
import io.sallyport.ike.v1.MainState.Values;
import io.sallyport.ike.v1.offer.Phase1Offer;
import io.sallyport.ike.v1.offer.Phase1Proposals;
import io.sallyport.model.event.Cause;
import io.sallyport.model.spec.ConnectionSpec;
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
import io.sallyport.wire.ike.v1.Payload;
import io.sallyport.wire.ike.v1.PayloadChain;
import io.sallyport.wire.ike.v1.SaPayload;
import io.sallyport.wire.ike.v1.Signature;
import io.sallyport.wire.ike.v1.VendorId;
import io.sallyport.wire.ike.v1.VendorIds;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The responder's side of main mode: messages 2, 4 and 6. It repeats what it said when the peer
/// repeats what it asked; it never speaks unasked.
final class MainResponder {
    private final EngineContext context;
    private final V1Session session;
    private final MainShared common;
    private Octets answered = Octets.EMPTY;

    /// How often one answer is sent again: more than any implementation repeats what it asked.
    private static final int MOST_REPEATS = 16;

    private int repeats;

    MainResponder(
            EngineContext context, Connection connection, V1Session session, MainShared common) {
        this.context = context;
        this.session = session;
        this.common = common;
    }

    /// Message 1 came and names an offer that we take: message 2.
    MainState answerOffer(Message message, Phase1Offer chosen, Input.Datagram d) {
        PayloadChain chain = message.chain();
        Features features = MainShared.features(chain);
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
        return new SaAnswered(
                new Chosen(
                        chosen.suite(),
                        chosen.method(),
                        chosen.lifeSeconds(),
                        chain.rawBody(SaPayload.class).orElseThrow(),
                        features));
    }

    void answer(Octets message, Path path) {
        answered = message;
        repeats = 0;
        context.out().add(new Output.Send(path, message));
    }

    /// As responder: the peer repeats its message.
    void repeatAnswer(Path path) {
        if (!answered.isEmpty() && repeats < MOST_REPEATS) {
            repeats++;
            context.out().add(new Output.Send(path, answered));
        }
    }

    MainState onInitiatorKey(SaAnswered s, Input.Datagram d) {
        try {
            KeyMessage m = common.keyMessage(d, s.chosen());
            session.accepted(d);
            answered = Octets.EMPTY; // nothing to repeat before message 4
            return new MakingKeyR(
                    s.chosen(), m, context.generate(s.chosen().suite().group(), session));
        } catch (MalformedException e) {
            session.notice("message 3: " + e.what());
            return s;
        }
    }

    MainState answerKey(MakingKeyR s, KeyAgreement.Ephemeral ours) {
        KeyMessage m = s.received();
        Octets nonce = common.newNonce();
        answer(
                Message.emit(
                        session.initiatorCookie(),
                        session.responderCookie(),
                        ExchangeType.MAIN,
                        0,
                        common.keyPayloads(
                                s.chosen(),
                                ours.publicValue(),
                                nonce,
                                requests(s.chosen()),
                                m.path())),
                m.path());
        Values values = new Values(m.publicValue(), ours.publicValue(), m.nonce(), nonce);
        NatTraversal.Finding nat = common.natFinding(s.chosen(), m);
        return new AgreeingR(
                s.chosen(),
                values,
                nat,
                m.asked(),
                context.agree(ours, m.publicValue(), session),
                List.of());
    }

    /// Whoever it is: which of our connections the peer means is known by message 5 only.
    private List<Payload> requests(Chosen chosen) {
        return chosen.method().signs()
                ? Certificates.requests(
                        session.suiting(chosen).stream().map(Connection::spec).toList(), context)
                : List.of();
    }

    MainState holdEarly(AgreeingR s, Input.Datagram d) {
        return s.early().isEmpty() && isSealed(d)
                ? new AgreeingR(s.chosen(), s.values(), s.nat(), s.asked(), s.job(), List.of(d))
                : s;
    }

    MainState awaitAuth(AgreeingR s, Secret shared, long now) {
        Optional<Protection> protection =
                common.protection(s.chosen(), s.values(), shared, session.path());
        if (protection.isEmpty()) {
            return common.noKey(now);
        }
        AuthAwaited next =
                new AuthAwaited(
                        s.chosen(),
                        s.values(),
                        s.nat(),
                        s.asked(),
                        protection.get(),
                        common.firstIv(s.chosen(), s.values()),
                        List.of());
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

    MainState onInitiatorAuth(AuthAwaited s, Input.Datagram d, long now) {
        if (!isSealed(d)) {
            session.notice("message in clear where message 5 is due");
            return s;
        }
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
            Octets idBody = opened.chain().rawBody(Identification.class).orElseThrow();
            Octets expected =
                    s.protection()
                            .authHash(
                                    true,
                                    s.values().publicI(),
                                    s.values().publicR(),
                                    s.chosen().saBody(),
                                    idBody);
            if (!expected.matches(MainShared.proof(opened.chain()))) {
                suspect(s, "HASH_I is wrong");
                return s;
            }
            session.accepted(d);
            Optional<Identity> id = common.checkIdentity(opened, now);
            if (id.isEmpty()) {
                s.protection().close();
                return new Closed();
            }
            session.path(d.path());
            Identification ours = PeerIds.payload(common.localIdentity());
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
                    session.connection(),
                    new Established(
                            s.chosen(),
                            s.protection(),
                            sealed.nextIv(),
                            s.nat(),
                            common.localIdentity(),
                            id.get()),
                    opened.chain(),
                    now);
            return new Done();
        } catch (MalformedException e) {
            suspect(s, "message 5 cannot be read (" + e.what() + ")");
            return s;
        }
    }

    private void suspect(AuthAwaited s, String what) {
        if (s.chosen().method().signs()) {
            session.notice(what); // whoever did main mode with us has the keys: it is not for us
            return;
        }
        session.suspect(
                Cause.SECRET,
                what
                        + ": most likely the peer holds another pre-shared key for "
                        + common.localIdentity()
                        + " and "
                        + common.wantedIdentity(),
                "",
                "");
    }

    // ---- by signatures (RFC 2409, 5.1)

    private MainState onSignature(AuthAwaited s, Protection.Opened opened, Input.Datagram d)
            throws MalformedException {
        Identity claimed = MainShared.claimed(opened.chain());
        if (MainShared.isEnough(s.refused())) {
            session.notice("message 5 once more, after signatures that proved nothing");
            return s;
        }
        return judge(s, new Claim(opened, d, claimed, session.meantBy(s.chosen(), claimed)));
    }

    private MainState judge(AuthAwaited s, Claim claim) {
        return new JudgingR(
                s, claim, common.judge(claim, true, s.chosen(), s.values(), s.protection()));
    }

    MainState onVerdict(JudgingR s, Verdict verdict, long now) {
        AuthAwaited a = s.awaited();
        Claim claim = s.claim();
        return switch (verdict) {
            case Verdict.Refused _ when claim.meant().size() > 1 ->
                    judge(
                            a,
                            new Claim(
                                    claim.opened(),
                                    claim.datagram(),
                                    claim.identity(),
                                    claim.meant().subList(1, claim.meant().size())));
            case Verdict.Refused r -> {
                List<Octets> refused = common.refused(a.refused(), claim, r);
                common.tellRefused(
                        a.protection(), claim.opened().nextIv(), claim.datagram().path());
                yield new AuthAwaited(
                        a.chosen(),
                        a.values(),
                        a.nat(),
                        a.asked(),
                        a.protection(),
                        a.iv(),
                        refused);
            }
            case Verdict.Trusted _ -> sign(a, claim, now);
        };
    }

    /// The peer is who it says. Our own key is used for nobody else.
    private MainState sign(AuthAwaited a, Claim claim, long now) {
        answered = Octets.EMPTY; // nothing to repeat before message 6
        session.accepted(claim.datagram());
        session.path(claim.datagram().path());
        ConnectionSpec spec = claim.meant().getFirst().spec();
        if (!MainShared.isWanted(spec, claim.identity())) {
            common.tellRefused(a.protection(), claim.opened().nextIv(), session.path());
        }
        if (common.checkIdentity(spec, claim.opened(), now).isEmpty()) {
            a.protection().close();
            return new Closed();
        }
        Optional<Proofs.Own> own =
                common.own(
                        spec,
                        a.chosen(),
                        a.asked().and(Certificates.Asked.of(claim.opened().chain())));
        if (own.isEmpty()) {
            a.protection().close();
            return common.noOwnKey(MainShared.NO_KEY, now);
        }
        return new SigningR(
                a,
                claim,
                own.get(),
                common.sign(own.get(), false, a.chosen(), a.values(), a.protection()));
    }

    MainState onSigned(SigningR s, Octets signature, long now) {
        AuthAwaited a = s.awaited();
        Connection home = s.claim().meant().getFirst();
        if (!session.isStill(home)) {
            a.protection().close();
            return common.noOwnKey("conn " + home.name() + " was changed meanwhile", now);
        }
        List<Payload> payloads = new ArrayList<>();
        payloads.add(PeerIds.payload(s.own().identity()));
        payloads.addAll(
                Certificates.shown(
                        s.own().key(),
                        home.spec().ike().handshake().certificates().send(),
                        a.asked().and(Certificates.Asked.of(s.claim().opened().chain()))));
        payloads.add(new Signature(signature));
        Protection.Sealed sealed =
                a.protection().seal(ExchangeType.MAIN, 0, payloads, s.claim().opened().nextIv());
        answer(sealed.message(), session.path());
        session.establish(
                home,
                new Established(
                        a.chosen(),
                        a.protection(),
                        sealed.nextIv(),
                        a.nat(),
                        s.own().identity(),
                        s.claim().identity()),
                s.claim().opened().chain(),
                now);
        return new Done();
    }
}
