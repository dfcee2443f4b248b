package io.sallyport.ike.v1;

import io.sallyport.base.Octets;
import io.sallyport.base.Secret;
import io.sallyport.base.net.IpAddress;
import io.sallyport.base.net.Path;
import io.sallyport.base.time.Deadlines;
import io.sallyport.crypto.suite.EspSuite;
import io.sallyport.crypto.suite.Group;
import io.sallyport.ike.exchange.Retransmitter;
import io.sallyport.ike.machine.Input;
import io.sallyport.ike.sa.ChildLedger;
import io.sallyport.ike.sa.ChildRecord;
import io.sallyport.ike.sa.Connection;
import io.sallyport.ike.sa.EngineContext;
import io.sallyport.ike.v1.QuickState.AgreeingI;
import io.sallyport.ike.v1.QuickState.AgreeingR;
import io.sallyport.ike.v1.QuickState.Answer;
import io.sallyport.ike.v1.QuickState.Answered;
import io.sallyport.ike.v1.QuickState.Awaiting;
import io.sallyport.ike.v1.QuickState.OfferSent;
import io.sallyport.ike.v1.QuickState.Over;
import io.sallyport.ike.v1.QuickState.Pfs;
import io.sallyport.ike.v1.QuickState.Preparing;
import io.sallyport.ike.v1.QuickState.Request;
import io.sallyport.ike.v1.QuickState.Requested;
import io.sallyport.model.event.Event;
import io.sallyport.model.sa.AhPair;
import io.sallyport.model.sa.Carriage;
import io.sallyport.model.sa.ChildSa;
import io.sallyport.model.sa.NatOriginal;
import io.sallyport.model.sa.Owner;
import io.sallyport.model.sa.SaHalf;
import io.sallyport.model.sa.VolumeLimits;
import io.sallyport.model.spec.ChildSpec;
import io.sallyport.model.spec.LinkSpec;
import io.sallyport.model.spec.Mode;
import io.sallyport.model.spec.SelectorPair;
import io.sallyport.wire.ike.IkeHeader;
import io.sallyport.wire.ike.MalformedException;
import io.sallyport.wire.ike.v1.Attribute;
import io.sallyport.wire.ike.v1.ExchangeType;
import io.sallyport.wire.ike.v1.Hash;
import io.sallyport.wire.ike.v1.Identification;
import io.sallyport.wire.ike.v1.KeyExchange;
import io.sallyport.wire.ike.v1.MessageRules;
import io.sallyport.wire.ike.v1.MessageRules.MessageKind;
import io.sallyport.wire.ike.v1.NatOriginalAddress;
import io.sallyport.wire.ike.v1.Nonce;
import io.sallyport.wire.ike.v1.Notification;
import io.sallyport.wire.ike.v1.NotifyType;
import io.sallyport.wire.ike.v1.Payload;
import io.sallyport.wire.ike.v1.PayloadChain;
import io.sallyport.wire.ike.v1.ProtocolId;
import io.sallyport.wire.ike.v1.SaPayload;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// One quick mode, either role: negotiates one child SA.
final class QuickMode {
    private static final int NONCE_OCTETS = 32;

    /// How long a finished exchange answers repetitions of its last message.
    private static final long REMEMBER_NANOS = 60_000_000_000L;

    /// S1-06: AH's ICV covers the addresses, and there is no form of it in UDP.
    private static final String AH_BEHIND_NAT =
            "AH cannot pass the NAT on this path, which changes the addresses that it protects:"
                    + " use esp=";

    private final EngineContext context;
    private final Connection connection;
    private final V1Session session;
    private final PhaseTwo phaseTwo;
    private final Protection protection;
    private final int messageId;
    private final boolean initiator;
    private final long startedAt;
    private final Retransmitter retransmitter;
    private final int ourSpi;
    private final Octets ourNonce;

    /// Of a bundle's AH; 0: none.
    private int ourAhSpi;

    private final QuickSelectors selectors;
    private Optional<ChildSpec> child;
    private Optional<NatOriginal> natOriginal = Optional.empty();
    private List<EspSuite> offered = List.of();
    private Octets iv;
    private Octets lastReceived = Octets.EMPTY;
    private QuickState state = new Awaiting();
    private boolean installed;

    /// When the state was entered that [#isWorking] may speak of.
    private long workingSince;

    private QuickMode(
            EngineContext context,
            Connection connection,
            V1Session session,
            PhaseTwo phaseTwo,
            int messageId,
            boolean initiator,
            Optional<ChildSpec> child,
            long now) {
        this.context = context;
        this.connection = connection;
        this.session = session;
        this.phaseTwo = phaseTwo;
        this.protection = phaseTwo.facts().protection();
        this.messageId = messageId;
        this.initiator = initiator;
        this.child = child;
        this.startedAt = now;
        this.workingSince = now;
        this.retransmitter = new Retransmitter(context.settings().retransmit());
        this.iv = protection.phase2Iv(phaseTwo.facts().lastBlock(), messageId);
        this.ourSpi = context.newInboundSpi();
        this.ourNonce = context.entropy().octets(NONCE_OCTETS);
        this.selectors = new QuickSelectors(session.path(), isUdp());
    }

    static QuickMode initiator(
            EngineContext context,
            Connection connection,
            V1Session session,
            PhaseTwo phaseTwo,
            int messageId,
            ChildSpec child,
            long now) {
        return new QuickMode(
                context, connection, session, phaseTwo, messageId, true, Optional.of(child), now);
    }

    static QuickMode responder(
            EngineContext context,
            Connection connection,
            V1Session session,
            PhaseTwo phaseTwo,
            int messageId,
            long now) {
        return new QuickMode(
                context, connection, session, phaseTwo, messageId, false, Optional.empty(), now);
    }

    // ---- facts

    int ourSpi() {
        return ourSpi;
    }

    boolean isNegotiating(String name) {
        return !isOver() && child.isPresent() && child.get().name().equals(name);
    }

    boolean isOver() {
        return state instanceof Over;
    }

    boolean isWaitingForAnswer() {
        return state instanceof OfferSent;
    }

    boolean isForgettable(long now) {
        return state instanceof Over(long since) && now >= since + REMEMBER_NANOS;
    }

    long nextDeadline() {
        return state instanceof Over(long since)
                ? since + REMEMBER_NANOS
                : Math.min(retransmitter.deadline(), workDeadline());
    }

    // ---- inputs

    /// As responder: the first message. False if it is not authentic or not legal: then this
    /// exchange never was.
    boolean onFirst(IkeHeader header, Input.Datagram d, long now) throws MalformedException {
        try {
            state = onRequest(header, d, now);
        } catch (MalformedException e) {
            releaseSpis();
            throw e;
        }
        if (state instanceof Awaiting) {
            releaseSpis();
            return false;
        }
        return true;
    }

    void onDatagram(IkeHeader header, Input.Datagram d, long now) throws MalformedException {
        if (d.octets().equals(lastReceived)) {
            retransmitter.repeat(session.path(), context.out());
            return;
        }
        QuickState before = state;
        state =
                switch (state) {
                    case OfferSent s -> onAnswer(s, header, d, now);
                    case Answered s -> onConfirmation(s, header, d, now);
                    case Preparing s -> s;
                    case AgreeingI s -> s;
                    case Awaiting s -> s;
                    case Requested s -> s;
                    case AgreeingR s -> s;
                    case Over s -> s;
                };
        workingSince = state == before ? workingSince : now;
    }

    private record Step(QuickState state, Input input) {}

    void onJob(Input input, long now) {
        QuickState before = state;
        state =
                switch (new Step(state, input)) {
                    case Step(Preparing s, Input.Generated g) when g.job() == s.job() ->
                            sendOffer(
                                    new Pfs.Ours(g.ephemeral()), g.ephemeral().publicValue(), now);
                    case Step(Preparing s, Input.Disagreed a) when a.job() == s.job() ->
                            fail(a.why(), "", "", now);
                    case Step(Requested s, Input.Disagreed a) when a.job() == s.job() ->
                            fail(a.why(), "", "", now);
                    case Step(AgreeingI s, Input.Agreed a) when a.job() == s.job() ->
                            complete(s.answer(), a.shared(), now);
                    case Step(AgreeingI s, Input.Disagreed a) when a.job() == s.job() ->
                            fail("the peer's public value is illegal: " + a.why(), "", "", now);
                    case Step(Requested s, Input.Generated g) when g.job() == s.job() -> {
                        long job = context.agree(g.ephemeral(), s.request().publicI(), session);
                        yield new AgreeingR(s.request(), g.ephemeral().publicValue(), job);
                    }
                    case Step(AgreeingR s, Input.Agreed a) when a.job() == s.job() ->
                            answer(s.request(), s.publicR(), a.shared(), now);
                    case Step(AgreeingR s, Input.Disagreed a) when a.job() == s.job() ->
                            refuse(
                                    NotifyType.INVALID_KEY_INFORMATION,
                                    "the peer's public value is illegal: " + a.why(),
                                    "",
                                    "",
                                    now);
                    case Step(QuickState s, Input _) -> s;
                };
        workingSince = state == before ? workingSince : now;
    }

    /// Whether the next step is up to a job of our own, which takes milliseconds.
    private boolean isWorking() {
        return switch (state) {
            case Preparing _, AgreeingI _, Requested _, AgreeingR _ -> true;
            default -> false;
        };
    }

    private long workDeadline() {
        return isWorking()
                ? workingSince + context.settings().halfOpenTimeout().toNanos()
                : Deadlines.NEVER;
    }

    void onTick(long now) {
        if (now >= workDeadline()) {
            state = fail("our own key computation never ended", "", "", now);
            return;
        }
        switch (retransmitter.tick(session.path(), now, context.out())) {
            case WAITING -> {}
            case SENT_AGAIN ->
                    context.tell(
                            new Event.Retransmitted(
                                    connection.name(),
                                    session.path(),
                                    "quick mode",
                                    retransmitter.sent()));
            case GIVEN_UP -> {
                state = fail("no answer to message " + (initiator ? "1" : "2"), "", "", now);
                if (initiator && phaseTwo.lastHeard() < startedAt) {
                    connection.onSilence(session, startedAt, now);
                }
            }
        }
    }

    /// The peer refused message 1 with an authentic notify.
    void refused(String notify, long now) {
        state =
                fail(
                        "the peer answers " + notify,
                        Phase2Proposals.describe(offered)
                                + " for "
                                + child.map(c -> c.selectors().toString()).orElse(""),
                        "",
                        now);
    }

    /// Its session ends.
    void abandon() {
        switch (state) {
            case OfferSent(Pfs.Ours ours) -> ours.ephemeral().close();
            case Answered s -> connection.ledger().abandon(s.childSaId());
            default -> {}
        }
        if (!installed) {
            releaseSpis();
        }
        retransmitter.stop();
        state = new Over(Deadlines.NEVER);
    }

    private void releaseSpis() {
        context.releaseInboundSpi(ourSpi);
        if (ourAhSpi != 0) {
            context.releaseInboundSpi(ourAhSpi);
        }
    }

    private Phase2Proposals.Spis spis(EspSuite suite) {
        if (suite.isBundle() && ourAhSpi == 0) {
            ourAhSpi = context.newInboundSpi();
        }
        return new Phase2Proposals.Spis(ourSpi, ourAhSpi);
    }

    private static boolean needsAh(EspSuite suite) {
        return suite.isAh() || suite.isBundle();
    }

    private QuickState fail(String reason, String ours, String theirs, long now) {
        abandon();
        state = new Over(now);
        ChildSpec about = child.orElseThrow();
        connection.onChildFailed(
                about,
                session.failure("quick mode for " + about.name(), reason, ours, theirs),
                now);
        return state;
    }

    /// As responder: the peer is told why.
    private QuickState refuse(int notify, String reason, String ours, String theirs, long now) {
        phaseTwo.notify(notify, ProtocolId.ESP, Octets.EMPTY, Octets.EMPTY);
        releaseSpis();
        retransmitter.stop();
        context.tell(new Event.Failed(session.failure("quick mode", reason, ours, theirs)));
        return new Over(now);
    }

    // ---- initiator

    void begin(long now) {
        offered =
                Phase2Proposals.offerable(
                        Phase2Proposals.suites(child.orElseThrow().proposals(), context.crypto()));
        if (offered.isEmpty()) {
            fail("no engine offers any of the configured proposals", "", "", now);
            return;
        }
        if (needsAh(offered.getFirst()) && isUdp()) {
            fail(AH_BEHIND_NAT, Phase2Proposals.describe(offered), "", now);
            return;
        }
        Group group = offered.getFirst().group();
        state =
                group == Group.NONE
                        ? sendOffer(new Pfs.None(), Octets.EMPTY, now)
                        : new Preparing(context.generate(group, session));
    }

    private QuickState sendOffer(Pfs pfs, Octets publicValue, long now) {
        ChildSpec c = child.orElseThrow();
        List<Payload> payloads = new ArrayList<>();
        payloads.add(
                Phase2Proposals.offer(
                        offered,
                        spis(offered.getFirst()),
                        c.mode(),
                        isUdp(),
                        Phase2Life.of(c.lifetime())));
        payloads.add(new Nonce(ourNonce));
        if (!publicValue.isEmpty()) {
            payloads.add(new KeyExchange(publicValue));
        }
        payloads.add(SelectorIds.of(selectors.local(c)));
        payloads.add(SelectorIds.of(selectors.remote(c)));
        payloads.addAll(natOriginalAddresses(c));
        // RFC 2409, 5.5: HASH(1) = prf(SKEYID_a, M-ID | SA | Ni [ | KE ] [ | IDci | IDcr )
        Octets rest = PayloadChain.emit(payloads);
        send(protection.hash(Octets.ofInt(messageId), rest), payloads, now);
        return new OfferSent(pfs);
    }

    private void send(Octets hash, List<Payload> payloads, long now) {
        List<Payload> all = new ArrayList<>();
        all.add(new Hash(hash));
        all.addAll(payloads);
        Protection.Sealed sealed = protection.seal(ExchangeType.QUICK, messageId, all, iv);
        iv = sealed.nextIv();
        retransmitter.start(sealed.message(), session.path(), now, context.out());
    }

    private QuickState onAnswer(OfferSent s, IkeHeader header, Input.Datagram d, long now)
            throws MalformedException {
        Protection.Opened opened = protection.open(header, d.octets(), iv);
        PayloadChain chain = opened.chain();
        MessageRules.check(MessageKind.QUICK_2, chain.payloads());
        // RFC 2409, 5.5: HASH(2) = prf(SKEYID_a, M-ID | Ni_b | SA | Nr [ | KE ] [ | IDci | IDcr )
        Octets expected = protection.hash(Octets.ofInt(messageId), ourNonce, opened.afterHash());
        if (!expected.matches(chain.first(Hash.class).orElseThrow().value())) {
            session.notice("quick mode message 2 with a wrong hash");
            return s;
        }
        iv = opened.nextIv();
        lastReceived = d.octets();
        phaseTwo.heard(d, now);
        retransmitter.stop();
        ChildSpec c = child.orElseThrow();
        natOriginal = natOriginal(chain);
        SaPayload sa = chain.first(SaPayload.class).orElseThrow();
        Optional<Phase2Offer> chosen = Phase2Proposals.choose(offered, c.mode(), sa);
        if (chosen.isEmpty() || Phase2Proposals.understood(sa).size() != 1) {
            return fail(
                    "the peer chooses what was not offered",
                    Phase2Proposals.describe(offered),
                    Phase2Proposals.describe(sa),
                    now);
        }
        Optional<SelectorPair> agreed = selectors.answered(c, chain.all(Identification.class));
        if (agreed.isEmpty()) {
            return fail(
                    "the peer answers with other selectors",
                    c.selectors().toString(),
                    QuickSelectors.describe(chain.all(Identification.class), true),
                    now);
        }
        Answer answer =
                new Answer(
                        chosen.get(),
                        life(chosen.get(), chain),
                        agreed.get(),
                        chain.first(Nonce.class).orElseThrow().value());
        Octets publicR =
                chain.first(KeyExchange.class).map(KeyExchange::value).orElse(Octets.EMPTY);
        return switch (s.pfs()) {
            case Pfs.None _ -> complete(answer, Secret.EMPTY, now);
            case Pfs.Ours ours when publicR.isEmpty() -> {
                ours.ephemeral().close();
                yield fail(
                        "the peer leaves PFS out",
                        chosen.get().suite().toString(),
                        "no KE payload",
                        now);
            }
            case Pfs.Ours ours ->
                    new AgreeingI(answer, context.agree(ours.ephemeral(), publicR, session));
        };
    }

    /// RFC 2407, 4.5.4: a responder whose own life is shorter may say so beside its answer.
    private static Phase2Life life(Phase2Offer chosen, PayloadChain answer)
            throws MalformedException {
        Phase2Life life = chosen.life();
        for (Notification n : answer.all(Notification.class)) {
            if (n.notifyType() == NotifyType.RESPONDER_LIFETIME) {
                life = life.shorter(Phase2Life.parse(Attribute.parse(n.data())));
            }
        }
        return life;
    }

    private QuickState complete(Answer answer, Secret shared, long now) {
        ChildSpec c = child.orElseThrow();
        long id =
                install(
                        c,
                        answer.offer(),
                        answer.life(),
                        answer.selectors(),
                        shared,
                        ourNonce,
                        answer.nonceR(),
                        now);
        // RFC 2409, 5.5: HASH(3) = prf(SKEYID_a, 0 | M-ID | Ni_b | Nr_b)
        Octets hash =
                protection.hash(
                        Octets.of((byte) 0), Octets.ofInt(messageId), ourNonce, answer.nonceR());
        send(hash, List.of(), now);
        retransmitter.stop(); // nothing answers it; it is repeated when message 2 is
        connection.ledger().completed(id, now);
        return new Over(now);
    }

    // ---- responder

    private QuickState onRequest(IkeHeader header, Input.Datagram d, long now)
            throws MalformedException {
        Protection.Opened opened = protection.open(header, d.octets(), iv);
        PayloadChain chain = opened.chain();
        MessageRules.check(MessageKind.QUICK_1, chain.payloads());
        Octets expected = protection.hash(Octets.ofInt(messageId), opened.afterHash());
        if (!expected.matches(chain.first(Hash.class).orElseThrow().value())) {
            session.notice("quick mode message 1 with a wrong hash");
            return state;
        }
        iv = opened.nextIv();
        lastReceived = d.octets();
        phaseTwo.heard(d, now);
        List<Identification> ids = chain.all(Identification.class);
        natOriginal = natOriginal(chain);
        SaPayload sa = chain.first(SaPayload.class).orElseThrow();
        Optional<QuickSelectors.Match> match =
                selectors.requested(connection.spec().children(), ids);
        if (match.isEmpty()) {
            return refuse(
                    NotifyType.INVALID_ID_INFORMATION,
                    "no child of this connection has the selectors that the peer asks for",
                    String.join(
                            "; ",
                            connection.spec().children().stream()
                                    .map(c -> c.name() + ": " + c.selectors())
                                    .toList()),
                    QuickSelectors.describe(ids, false),
                    now);
        }
        ChildSpec c = match.get().child();
        child = Optional.of(c);
        List<EspSuite> ours = Phase2Proposals.suites(c.proposals(), context.crypto());
        Optional<Phase2Offer> chosen = Phase2Proposals.choose(ours, c.mode(), sa);
        if (chosen.isPresent() && needsAh(chosen.get().suite()) && isUdp()) {
            return refuse(
                    NotifyType.NO_PROPOSAL_CHOSEN,
                    AH_BEHIND_NAT,
                    Phase2Proposals.describe(ours),
                    Phase2Proposals.describe(sa),
                    now);
        }
        Octets publicI =
                chain.first(KeyExchange.class).map(KeyExchange::value).orElse(Octets.EMPTY);
        boolean wantsPfs = chosen.isPresent() && chosen.get().suite().group() != Group.NONE;
        if (chosen.isEmpty() || wantsPfs == publicI.isEmpty()) {
            return refuse(
                    NotifyType.NO_PROPOSAL_CHOSEN,
                    "no "
                            + (c.proposals().getFirst().protocol())
                            + " proposal in common for "
                            + c.name(),
                    Phase2Proposals.describe(ours),
                    Phase2Proposals.describe(sa) + (publicI.isEmpty() ? "" : " (with KE)"),
                    now);
        }
        Request request =
                new Request(
                        c,
                        chosen.get(),
                        match.get().selectors(),
                        chain.first(Nonce.class).orElseThrow().value(),
                        publicI,
                        ids);
        return wantsPfs
                ? new Requested(request, context.generate(chosen.get().suite().group(), session))
                : answer(request, Octets.EMPTY, Secret.EMPTY, now);
    }

    private QuickState answer(Request r, Octets publicR, Secret shared, long now) {
        List<Payload> payloads = new ArrayList<>();
        payloads.add(Phase2Proposals.answer(r.offer(), spis(r.offer().suite())));
        payloads.add(new Nonce(ourNonce));
        if (!publicR.isEmpty()) {
            payloads.add(new KeyExchange(publicR));
        }
        payloads.addAll(r.ids());
        payloads.addAll(natOriginalAddresses(r.child()));
        payloads.addAll(responderLifetime(r));
        // The inbound half is live before the peer can use it.
        long id =
                install(
                        r.child(),
                        r.offer(),
                        r.offer().life(),
                        r.selectors(),
                        shared,
                        r.nonceI(),
                        ourNonce,
                        now);
        Octets rest = PayloadChain.emit(payloads);
        send(protection.hash(Octets.ofInt(messageId), r.nonceI(), rest), payloads, now);
        return new Answered(r, ourNonce, id);
    }

    /// What of our life is shorter than the one asked for.
    private List<Payload> responderLifetime(Request r) {
        Phase2Life ours = Phase2Life.of(r.child().lifetime());
        Phase2Life asked = r.offer().life();
        Phase2Life shorter = ours.shorter(asked);
        Phase2Life news =
                new Phase2Life(
                        shorter.seconds() == asked.seconds() ? 0 : shorter.seconds(),
                        shorter.kilobytes() == asked.kilobytes() ? 0 : shorter.kilobytes());
        if (news.attributes().isEmpty()) {
            return List.of();
        }
        return List.of(
                new Notification(
                        1,
                        Phase2Proposals.protocolId(r.offer().suite()),
                        Octets.ofInt(ourSpi),
                        NotifyType.RESPONDER_LIFETIME,
                        Attribute.emit(news.attributes())));
    }

    private QuickState onConfirmation(Answered s, IkeHeader header, Input.Datagram d, long now)
            throws MalformedException {
        Protection.Opened opened = protection.open(header, d.octets(), iv);
        MessageRules.check(MessageKind.QUICK_3, opened.chain().payloads());
        Octets expected =
                protection.hash(
                        Octets.of((byte) 0),
                        Octets.ofInt(messageId),
                        s.request().nonceI(),
                        s.nonceR());
        if (!expected.matches(opened.chain().first(Hash.class).orElseThrow().value())) {
            session.notice("quick mode message 3 with a wrong hash");
            return s;
        }
        lastReceived = d.octets();
        phaseTwo.heard(d, now);
        retransmitter.stop();
        retransmitter.forget(); // RFC 2409, 5.5 ends here: a repeated message 3 needs no answer
        connection.ledger().confirmed(s.childSaId(), now);
        return new Over(now);
    }

    // ---- both

    private boolean isUdp() {
        return phaseTwo.facts().nat().any();
    }

    private ChildSa.Handling handling(ChildSpec c, Optional<AhPair> ah) {
        return new ChildSa.Handling(
                c.mode(),
                c.replayWindow(),
                c.mode() == Mode.TRANSPORT && isUdp() ? natOriginal : Optional.empty(),
                VolumeLimits.NONE,
                ah);
    }

    /// RFC 3947, 5.2: "In case of transport mode, both ends MUST send both original Initiator and
    /// Responder addresses to the other end", the initiator's first.
    private List<Payload> natOriginalAddresses(ChildSpec c) {
        if (c.mode() != Mode.TRANSPORT || !isUdp()) {
            return List.of();
        }
        Payload ours = natOriginalAddress(session.path().local().address());
        Payload theirs = natOriginalAddress(session.path().remote().address());
        return initiator ? List.of(ours, theirs) : List.of(theirs, ours);
    }

    private static Payload natOriginalAddress(IpAddress address) {
        return new NatOriginalAddress(
                address.v6() ? Identification.IPV6_ADDR : Identification.IPV4_ADDR,
                address.octets());
    }

    private Optional<NatOriginal> natOriginal(PayloadChain chain) {
        List<NatOriginalAddress> both = chain.all(NatOriginalAddress.class);
        if (both.size() != 2) {
            return Optional.empty();
        }
        IpAddress first = IpAddress.ofOctets(both.getFirst().address());
        IpAddress second = IpAddress.ofOctets(both.getLast().address());
        return Optional.of(
                initiator ? new NatOriginal(second, first) : new NatOriginal(first, second));
    }

    private long install(
            ChildSpec c,
            Phase2Offer offer,
            Phase2Life life,
            SelectorPair pair,
            Secret shared,
            Octets nonceI,
            Octets nonceR,
            long now) {
        Path path = isUdp() ? session.path() : session.path().withPorts(0, 0);
        Optional<AhPair> ah =
                offer.ah()
                        .map(o ->
                                new AhPair(
                                        half(ourAhSpi, o.suite(), shared, nonceI, nonceR),
                                        half(o.spi(), o.suite(), shared, nonceI, nonceR)));
        String link = c.link() instanceof LinkSpec.Tunnel t ? t.name() : "";
        ChildSa sa =
                new ChildSa(
                        context.newChildSaId(),
                        new Owner(connection.name(), c.name(), link),
                        offer.suite(),
                        half(ourSpi, offer.suite(), shared, nonceI, nonceR),
                        half(offer.spi(), offer.suite(), shared, nonceI, nonceR),
                        pair,
                        new Carriage(path, isUdp()),
                        handling(c, ah));
        shared.close();
        Octets lowest = nonceI.compareTo(nonceR) < 0 ? nonceI : nonceR;
        installed = true;
        connection
                .ledger()
                .install(
                        c,
                        sa,
                        new ChildRecord.Birth(initiator, lowest, startedAt, now),
                        new ChildLedger.Agreed(
                                V1Session.shorter(c.lifetime().life(), life.seconds()),
                                life.octets(c.lifetime())),
                        now);
        return sa.id();
    }

    /// RFC 2409, 5.5: KEYMAT is made for each SPI, so each direction has keys of its own;
    /// encryption key first, then integrity key (RFC 2401, 4.6.1 by way of RFC 2407).
    private SaHalf half(int spi, EspSuite suite, Secret shared, Octets nonceI, Octets nonceR) {
        int encryption = suite.cipher().keyingOctets();
        int all = encryption + suite.integrity().keyOctets();
        try (Secret keymat =
                protection.keymat(
                        shared, Phase2Proposals.protocolId(suite), spi, nonceI, nonceR, all)) {
            return new SaHalf(spi, keymat.slice(0, encryption), keymat.slice(encryption, all));
        }
    }
}
