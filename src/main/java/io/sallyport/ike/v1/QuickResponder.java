package io.sallyport.ike.v1;

import io.sallyport.base.Octets;
import io.sallyport.base.Secret;
import io.sallyport.crypto.suite.EspSuite;
import io.sallyport.crypto.suite.Group;
import io.sallyport.ike.machine.Input;
import io.sallyport.ike.v1.QuickState.Answered;
import io.sallyport.ike.v1.QuickState.Awaiting;
import io.sallyport.ike.v1.QuickState.Over;
import io.sallyport.ike.v1.QuickState.Request;
import io.sallyport.ike.v1.QuickState.Requested;
import io.sallyport.ike.v1.offer.Phase2Life;
import io.sallyport.ike.v1.offer.Phase2Offer;
import io.sallyport.ike.v1.offer.Phase2Proposals;
import io.sallyport.model.spec.ChildSpec;
import io.sallyport.wire.ike.IkeHeader;
import io.sallyport.wire.ike.MalformedException;
import io.sallyport.wire.ike.v1.Attribute;
import io.sallyport.wire.ike.v1.Hash;
import io.sallyport.wire.ike.v1.Identification;
import io.sallyport.wire.ike.v1.KeyExchange;
import io.sallyport.wire.ike.v1.MessageRules;
import io.sallyport.wire.ike.v1.MessageRules.MessageKind;
import io.sallyport.wire.ike.v1.Nonce;
import io.sallyport.wire.ike.v1.Notification;
import io.sallyport.wire.ike.v1.NotifyType;
import io.sallyport.wire.ike.v1.Payload;
import io.sallyport.wire.ike.v1.PayloadChain;
import io.sallyport.wire.ike.v1.SaPayload;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The responder's side of quick mode: message 2.
final class QuickResponder {
    private final QuickFacts facts;
    private final QuickMode quick;
    private final QuickWire wire;
    private final QuickSas sas;
    private final QuickSelectors selectors;

    QuickResponder(QuickFacts facts, QuickMode quick, QuickWire wire, QuickSas sas) {
        this.facts = facts;
        this.quick = quick;
        this.wire = wire;
        this.sas = sas;
        this.selectors = new QuickSelectors(facts.session().path(), facts.isUdp());
    }

    QuickState onRequest(IkeHeader header, Input.Datagram d, long now) throws MalformedException {
        Protection.Opened opened = wire.open(header, d);
        PayloadChain chain = opened.chain();
        MessageRules.check(MessageKind.QUICK_1, chain.payloads());
        Octets expected = wire.hash(wire.messageId(), opened.afterHash());
        if (!expected.matches(chain.first(Hash.class).orElseThrow().value())) {
            facts.session().notice("quick mode message 1 with a wrong hash");
            return new Awaiting();
        }
        wire.accept(opened, d, now);
        List<Identification> ids = chain.all(Identification.class);
        sas.hear(chain);
        SaPayload sa = chain.first(SaPayload.class).orElseThrow();
        quick.heard(sa, ids);
        Optional<QuickSelectors.Match> match = facts.session().requested(selectors, ids, now);
        if (match.isEmpty()) {
            return quick.refuse(
                    NotifyType.INVALID_ID_INFORMATION,
                    "no child of this connection has the selectors that the peer asks for"
                            + facts.session().elsewhere(selectors, ids),
                    String.join(
                            "; ",
                            facts.connection().spec().children().stream()
                                    .map(c -> c.name() + ": " + c.selectors())
                                    .toList()),
                    QuickSelectors.describe(ids, false),
                    now);
        }
        ChildSpec c = match.get().child();
        quick.isAbout(c);
        List<EspSuite> ours = Phase2Proposals.suites(c.proposals(), facts.context().crypto());
        Optional<Phase2Offer> chosen = Phase2Proposals.choose(ours, c.mode(), sa);
        if (chosen.isPresent() && QuickMode.needsAh(chosen.get().suite()) && facts.isUdp()) {
            return quick.refuse(
                    NotifyType.NO_PROPOSAL_CHOSEN,
                    QuickMode.AH_BEHIND_NAT,
                    Phase2Proposals.describe(ours),
                    Phase2Proposals.describe(sa),
                    now);
        }
        Octets publicI =
                chain.first(KeyExchange.class).map(KeyExchange::value).orElse(Octets.EMPTY);
        boolean wantsPfs = chosen.isPresent() && chosen.get().suite().group() != Group.NONE;
        if (chosen.isEmpty() || wantsPfs == publicI.isEmpty()) {
            return quick.refuse(
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
                ? new Requested(
                        request,
                        facts.context().generate(chosen.get().suite().group(), facts.session()))
                : answer(request, Octets.EMPTY, Secret.EMPTY, now);
    }

    QuickState answer(Request r, Octets publicR, Secret shared, long now) {
        List<Payload> payloads = new ArrayList<>();
        payloads.add(Phase2Proposals.answer(r.offer(), sas.spis(r.offer().suite())));
        payloads.add(new Nonce(sas.ourNonce()));
        if (!publicR.isEmpty()) {
            payloads.add(new KeyExchange(publicR));
        }
        payloads.addAll(r.ids());
        payloads.addAll(sas.natOriginalAddresses(r.child()));
        payloads.addAll(responderLifetime(r));
        // The inbound half is live before the peer can use it.
        long id =
                sas.install(
                        r.child(),
                        r.offer(),
                        r.offer().life(),
                        r.selectors(),
                        shared,
                        r.nonceI(),
                        sas.ourNonce(),
                        now);
        Octets rest = PayloadChain.emit(payloads);
        wire.send(wire.hash(wire.messageId(), r.nonceI(), rest), payloads, now);
        return new Answered(r, sas.ourNonce(), id);
    }

    /// What of our life is shorter than the one asked for.
    List<Payload> responderLifetime(Request r) {
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
                        Octets.ofInt(sas.ourSpi()),
                        NotifyType.RESPONDER_LIFETIME,
                        Attribute.emit(news.attributes())));
    }

    QuickState onConfirmation(Answered s, IkeHeader header, Input.Datagram d, long now)
            throws MalformedException {
        Protection.Opened opened = wire.open(header, d);
        MessageRules.check(MessageKind.QUICK_3, opened.chain().payloads());
        Octets expected =
                wire.hash(Octets.of((byte) 0), wire.messageId(), s.request().nonceI(), s.nonceR());
        if (!expected.matches(opened.chain().first(Hash.class).orElseThrow().value())) {
            facts.session().notice("quick mode message 3 with a wrong hash");
            return s;
        }
        wire.accept(opened, d, now);
        wire.forget(); // RFC 2409, 5.5 ends here: a repeated message 3 needs no answer
        facts.connection().ledger().confirmed(s.childSaId(), now);
        return new Over(now);
    }
}
