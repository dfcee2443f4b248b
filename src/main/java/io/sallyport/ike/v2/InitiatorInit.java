package io.sallyport.ike.v2;

import io.sallyport.base.Octets;
import io.sallyport.base.Secret;
import io.sallyport.crypto.engine.KeyAgreement;
import io.sallyport.crypto.suite.Group;
import io.sallyport.ike.machine.Input;
import io.sallyport.ike.sa.EngineContext;
import io.sallyport.ike.select.IkeOffers;
import io.sallyport.ike.v2.task.ModeNotify;
import io.sallyport.ike.v2.task.NatCheck;
import io.sallyport.ike.v2.task.Refusals;
import io.sallyport.model.event.Cause;
import io.sallyport.model.spec.AuthSpec;
import io.sallyport.model.spec.Identity;
import io.sallyport.model.spec.IkeSpec;
import io.sallyport.wire.ike.MalformedException;
import io.sallyport.wire.ike.v2.ExchangeType;
import io.sallyport.wire.ike.v2.KeyExchange;
import io.sallyport.wire.ike.v2.Message;
import io.sallyport.wire.ike.v2.MessageRules;
import io.sallyport.wire.ike.v2.MessageRules.MessageKind;
import io.sallyport.wire.ike.v2.Nonce;
import io.sallyport.wire.ike.v2.Notify;
import io.sallyport.wire.ike.v2.Payload;
import io.sallyport.wire.ike.v2.PayloadChain;
import io.sallyport.wire.ike.v2.SaPayload;
import io.sallyport.wire.ike.v2.number.NotifyType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// IKE_SA_INIT that we begin (RFC 7296, 1.2); then [InitiatorAuth].
final class InitiatorInit implements Handshake {
    private static final int NONCE_OCTETS = 32;

    /// So often a first message is changed on the word of an answer that proves nothing.
    private static final int MOST_RESTARTS = 5;

    private final EngineContext context;
    private final V2Session session;
    private final Octets nonce;
    private Optional<SaPayload> offer = Optional.empty();
    private Octets cookie = Octets.EMPTY;
    private int restarts;
    private V2State state = new V2State.Idle();

    InitiatorInit(EngineContext context, V2Session session) {
        this.context = context;
        this.session = session;
        this.nonce = context.entropy().octets(NONCE_OCTETS);
    }

    private IkeSpec spec() {
        return session.connection().spec().ike();
    }

    private Identity wanted() {
        return session.connection().spec().remote().identity();
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

    void begin(long now) {
        offer = IkeOffers.offer(spec().proposals(), context.crypto(), 0);
        session.minutes().weOffer(() -> IkeOffers.describe(spec().proposals()));
        session.minutes().weAre(session.localIdentity(), wanted());
        if (offer.isEmpty()) {
            session.fail(
                    Cause.OURSELVES,
                    "IKE_SA_INIT",
                    "no engine offers any of the configured proposals",
                    IkeOffers.describe(spec().proposals()),
                    "",
                    now);
            return;
        }
        Optional<String> missing = InitiatorPpk.missing(session);
        if (missing.isPresent()) {
            session.fail(Cause.OURSELVES, "IKE_SA_INIT", missing.get(), "ppk_required", "", now);
            return;
        }
        makeKey(IkeOffers.groups(spec().proposals(), context.crypto()).getFirst());
    }

    private void makeKey(Group group) {
        state = new V2State.MakingKeyI(group, context.generate(group, session));
    }

    @Override
    public void onJob(Input answer, long now) {
        switch (answer) {
            case Input.Generated g
                    when state instanceof V2State.MakingKeyI(Group group, long job)
                            && g.job() == job ->
                    sendInit(group, g.ephemeral(), now);
            case Input.Agreed a
                    when state instanceof V2State.AgreeingI(V2State.Init init, long job)
                            && a.job() == job ->
                    onShared(init, a.shared(), now);
            case Input.Disagreed a
                    when state instanceof V2State.AgreeingI(var _, long job) && a.job() == job ->
                    session.fail(
                            Cause.MALFORMED,
                            "IKE_SA_INIT",
                            "the peer's public value is illegal: " + a.why(),
                            "",
                            "",
                            now);
            case Input.Disagreed a
                    when state instanceof V2State.MakingKeyI(var _, long job) && a.job() == job ->
                    session.fail(Cause.OURSELVES, "IKE_SA_INIT", a.why(), "", "", now);
            default -> {}
        }
    }

    private void sendInit(Group group, KeyAgreement.Ephemeral ours, long now) {
        List<Payload> payloads = new ArrayList<>();
        // RFC 7296, 2.6: "the initiator MUST repeat the IKE_SA_INIT request, and include the
        // received COOKIE notification as the first payload, and all other payloads unchanged"
        if (!cookie.isEmpty()) {
            payloads.add(Notify.of(NotifyType.COOKIE, cookie));
        }
        payloads.add(offer.orElseThrow());
        payloads.add(new KeyExchange(group.number(), ours.publicValue()));
        payloads.add(new Nonce(nonce));
        payloads.addAll(session.natCheck(0).payloads(session.path(), spec().forceEncapsulation()));
        if (V2State.Features.offersFragments(spec())) {
            payloads.add(Notify.of(NotifyType.IKEV2_FRAGMENTATION_SUPPORTED));
        }
        payloads.addAll(Certificates.hashes(context.crypto()));
        payloads.addAll(InitiatorPpk.announcement(session));
        if (spec().proposals().stream().anyMatch(p -> !p.additional().isEmpty())
                || session.connection().spec().local().auth() instanceof AuthSpec.Pubkey) {
            // for further key exchanges, or for a list of methods too long for IKE_SA_INIT
            payloads.add(Notify.of(NotifyType.INTERMEDIATE_EXCHANGE_SUPPORTED));
        }
        payloads.add(session.redirects().offer());
        ModeNotify.announcement(List.of(session.connection().spec())).ifPresent(payloads::add);
        Octets message =
                Message.emit(session.spiI(), 0, ExchangeType.IKE_SA_INIT, true, false, 0, payloads);
        state = new V2State.InitSent(group, ours, message);
        session.courier().sendFirst(ExchangeType.IKE_SA_INIT, message, session.path(), now);
    }

    @Override
    public void onClear(Message m, Input.Datagram d, long now) {
        if (!(state instanceof V2State.InitSent sent)
                || m.header().exchangeType() != ExchangeType.IKE_SA_INIT
                || !m.header().response()
                || m.header().messageId() != 0) {
            session.notice("a message in clear where none is due");
            return;
        }
        PayloadChain chain = m.chain();
        if (chain.unsupportedCritical().isPresent()) {
            session.notice("IKE_SA_INIT answer with an unknown critical payload");
            return;
        }
        Optional<Notify> demanded = chain.notify(NotifyType.COOKIE.number());
        Optional<SaPayload> sa = chain.first(SaPayload.class);
        if (sa.isPresent()) {
            onInitAnswer(sent, m, sa.get(), d, now);
        } else if (Redirects.isIn(chain)) {
            session.redirects().onFirst(chain, nonce, now);
        } else if (demanded.isPresent()) {
            onCookie(sent, demanded.get().data(), now);
        } else if (chain.notify(NotifyType.INVALID_KE_PAYLOAD.number()).isPresent()) {
            onOtherGroup(
                    sent, chain.notify(NotifyType.INVALID_KE_PAYLOAD.number()).get().data(), now);
        } else if (session.path().tcp() && chain.error().isPresent()) {
            // RFC 9329, 6.4: "an Initiator SHOULD NOT wait for additional messages in case it
            // receives an error notification from the Responder in the IKE_SA_INIT exchange"
            Notify error = chain.error().get();
            session.fail(
                    Refusals.cause(error),
                    "IKE_SA_INIT",
                    "the peer says " + NotifyType.name(error.notifyType()),
                    IkeOffers.describe(spec().proposals()),
                    "",
                    now);
        } else {
            // RFC 7296, 2.21.1: what is not protected is a hint at most: anybody could have sent
            // it. We go on asking.
            chain.error()
                    .ifPresent(e ->
                            session.hearsay()
                                    .suspect(
                                            Refusals.cause(e),
                                            "the peer says " + NotifyType.name(e.notifyType())));
        }
    }

    private void onCookie(V2State.InitSent sent, Octets demanded, long now) {
        // RFC 7296, 2.6: "between 1 and 64 octets in length"
        if (demanded.isEmpty() || demanded.length() > 64 || demanded.equals(cookie)) {
            session.notice("COOKIE of " + demanded.length() + " octets that we sent already");
            return;
        }
        if (++restarts <= MOST_RESTARTS) {
            cookie = demanded;
            sendInit(sent.group(), sent.ours(), now);
        }
    }

    private static String group(Octets data) {
        if (data.length() != 2) {
            return "";
        }
        int number = data.at(0) << 8 | data.at(1);
        return ": " + Group.byNumber(number).map(Group::toString).orElse("group " + number);
    }

    /// RFC 7296, 1.2 and 2.7: another group of those that we offered. The whole offer is repeated,
    /// so that AUTH covers it and nobody can talk us down.
    private void onOtherGroup(V2State.InitSent sent, Octets data, long now) {
        Optional<Group> wanted =
                data.length() == 2
                        ? Group.byNumber(data.at(0) << 8 | data.at(1))
                                .filter(
                                        IkeOffers.groups(spec().proposals(), context.crypto())
                                                ::contains)
                                .filter(g -> g != sent.group())
                        : Optional.empty();
        if (wanted.isEmpty()) {
            session.hearsay()
                    .suspect(
                            Cause.KEY_EXCHANGE,
                            "the peer wants a key exchange that we did not offer" + group(data));
            return;
        }
        if (++restarts <= MOST_RESTARTS) {
            sent.ours().close();
            session.courier().stopSending();
            makeKey(wanted.get());
        }
    }

    private void onInitAnswer(
            V2State.InitSent sent, Message m, SaPayload sa, Input.Datagram d, long now) {
        PayloadChain chain = m.chain();
        try {
            MessageRules.check(MessageKind.IKE_SA_INIT_RESPONSE, chain.payloads());
        } catch (MalformedException e) {
            session.notice(e.what());
            return;
        }
        Optional<KeyExchange> theirs = chain.first(KeyExchange.class);
        Optional<Nonce> nonceR = chain.first(Nonce.class);
        Optional<IkeOffers.Choice> choice = IkeOffers.accept(offer.orElseThrow(), sa);
        if (m.header().responderSpi() == 0
                || theirs.isEmpty()
                || nonceR.isEmpty()
                || choice.isEmpty()
                || choice.get().suite().group() != sent.group()
                || theirs.get().method() != sent.group().number()
                || !choice.get().suite().additional().isEmpty()
                        && chain.notify(NotifyType.INTERMEDIATE_EXCHANGE_SUPPORTED.number())
                                .isEmpty()) {
            // Whoever sent this may not be the peer: the real answer may still come.
            session.notice(
                    "IKE_SA_INIT answer that we cannot take: "
                            + IkeOffers.describe(sa)
                            + " to "
                            + IkeOffers.describe(offer.orElseThrow()));
            return;
        }
        session.minutes().theyOffer(() -> IkeOffers.describe(sa));
        session.firstAnswered(m.header().responderSpi());
        NatCheck.Finding found =
                session.natCheck(m.header().responderSpi()).find(chain, session.path());
        V2State.Init init =
                new V2State.Init(
                        choice.get(),
                        nonce,
                        nonceR.get().value(),
                        sent.message(),
                        m.octets(),
                        spec().forceEncapsulation()
                                ? new NatCheck.Finding(true, found.peer())
                                : found,
                        V2State.Features.of(chain),
                        Certificates.Asked.of(chain),
                        Octets.EMPTY);
        state =
                new V2State.AgreeingI(
                        init, context.agree(sent.ours(), theirs.get().data(), session));
    }

    private void onShared(V2State.Init init, Secret shared, long now) {
        session.learn(init);
        session.keyring().derive(init, shared);
        session.floatPorts(init.peer());
        new InitiatorIntermediate(session, init).begin(now);
    }

    @Override
    public void onSealed(Courier.Heard message, long now) {
        // nothing sealed is awaited before the keys are there
    }

    @Override
    public void close() {
        if (state instanceof V2State.InitSent sent) {
            sent.ours().close();
        }
        state = new V2State.Closed();
    }
}
