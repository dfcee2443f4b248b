package io.sallyport.ike.v1;

import io.sallyport.base.Octets;
import io.sallyport.base.Secret;
import io.sallyport.crypto.suite.EspSuite;
import io.sallyport.crypto.suite.Group;
import io.sallyport.ike.machine.Input;
import io.sallyport.ike.v1.QuickState.AgreeingI;
import io.sallyport.ike.v1.QuickState.Answer;
import io.sallyport.ike.v1.QuickState.OfferSent;
import io.sallyport.ike.v1.QuickState.Over;
import io.sallyport.ike.v1.QuickState.Pfs;
import io.sallyport.ike.v1.QuickState.Preparing;
import io.sallyport.ike.v1.offer.Phase2Life;
import io.sallyport.ike.v1.offer.Phase2Offer;
import io.sallyport.ike.v1.offer.Phase2Proposals;
import io.sallyport.model.event.Cause;
import io.sallyport.model.spec.ChildSpec;
import io.sallyport.model.spec.SelectorPair;
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

/// The initiator's side of quick mode: messages 1 and 3.
final class QuickInitiator {
    private final QuickFacts facts;
    private final QuickMode quick;
    private final QuickWire wire;
    private final QuickSas sas;
    private final QuickSelectors selectors;
    private final ChildSpec child;
    private List<EspSuite> offered = List.of();

    QuickInitiator(
            QuickFacts facts, QuickMode quick, QuickWire wire, QuickSas sas, ChildSpec child) {
        this.facts = facts;
        this.quick = quick;
        this.wire = wire;
        this.sas = sas;
        this.selectors = new QuickSelectors(facts.session().path(), facts.isUdp());
        this.child = child;
    }

    /// What message 1 asks for, for people.
    String asked() {
        return Phase2Proposals.describe(offered) + " for " + child.selectors();
    }

    QuickState begin(long now) {
        offered =
                Phase2Proposals.offerable(
                        Phase2Proposals.suites(child.proposals(), facts.context().crypto()));
        if (offered.isEmpty()) {
            return quick.fail(
                    Cause.OURSELVES,
                    "no engine offers any of the configured proposals",
                    "",
                    "",
                    now);
        }
        if (QuickMode.needsAh(offered.getFirst()) && facts.isUdp()) {
            return quick.fail(
                    Cause.OURSELVES,
                    QuickMode.AH_BEHIND_NAT,
                    Phase2Proposals.describe(offered),
                    "",
                    now);
        }
        Group group = offered.getFirst().group();
        return group == Group.NONE
                ? sendOffer(new Pfs.None(), Octets.EMPTY, now)
                : new Preparing(facts.context().generate(group, facts.session()));
    }

    QuickState sendOffer(Pfs pfs, Octets publicValue, long now) {
        ChildSpec c = child;
        List<Payload> payloads = new ArrayList<>();
        payloads.add(
                Phase2Proposals.offer(
                        offered,
                        sas.spis(offered.getFirst()),
                        c.mode(),
                        facts.isUdp(),
                        Phase2Life.of(c.lifetime())));
        payloads.add(new Nonce(sas.ourNonce()));
        if (!publicValue.isEmpty()) {
            payloads.add(new KeyExchange(publicValue));
        }
        payloads.add(SelectorIds.of(selectors.local(c)));
        payloads.add(SelectorIds.of(selectors.remote(c)));
        payloads.addAll(sas.natOriginalAddresses(c));
        // RFC 2409, 5.5: HASH(1) = prf(SKEYID_a, M-ID | SA | Ni [ | KE ] [ | IDci | IDcr )
        Octets rest = PayloadChain.emit(payloads);
        wire.send(wire.hash(wire.messageId(), rest), payloads, now);
        sas.asked(now);
        return new OfferSent(pfs);
    }

    QuickState onAnswer(OfferSent s, IkeHeader header, Input.Datagram d, long now)
            throws MalformedException {
        Protection.Opened opened = wire.open(header, d);
        PayloadChain chain = opened.chain();
        MessageRules.check(MessageKind.QUICK_2, chain.payloads());
        // RFC 2409, 5.5: HASH(2) = prf(SKEYID_a, M-ID | Ni_b | SA | Nr [ | KE ] [ | IDci | IDcr )
        Octets expected = wire.hash(wire.messageId(), sas.ourNonce(), opened.afterHash());
        if (!expected.matches(chain.first(Hash.class).orElseThrow().value())) {
            facts.session().notice("quick mode message 2 with a wrong hash");
            return s;
        }
        wire.accept(opened, d, now);
        sas.answered(now);
        ChildSpec c = child;
        sas.hear(chain);
        SaPayload sa = chain.first(SaPayload.class).orElseThrow();
        quick.heard(sa, chain.all(Identification.class));
        Optional<Phase2Offer> chosen = Phase2Proposals.choose(offered, c.mode(), sa);
        if (chosen.isEmpty() || Phase2Proposals.understood(sa).size() != 1) {
            return quick.fail(
                    Cause.NO_PROPOSAL,
                    "the peer chooses what was not offered",
                    Phase2Proposals.describe(offered),
                    Phase2Proposals.describe(sa),
                    now);
        }
        Optional<SelectorPair> agreed = selectors.answered(c, chain.all(Identification.class));
        if (agreed.isEmpty()) {
            return quick.fail(
                    Cause.SELECTORS,
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
                yield quick.fail(
                        Cause.NO_PROPOSAL,
                        "the peer leaves PFS out",
                        chosen.get().suite().toString(),
                        "no KE payload",
                        now);
            }
            case Pfs.Ours ours ->
                    new AgreeingI(
                            answer,
                            facts.context().agree(ours.ephemeral(), publicR, facts.session()));
        };
    }

    /// RFC 2407, 4.5.4: a responder whose own life is shorter may say so beside its answer.
    static Phase2Life life(Phase2Offer chosen, PayloadChain answer) throws MalformedException {
        Phase2Life life = chosen.life();
        for (Notification n : answer.all(Notification.class)) {
            if (n.notifyType() == NotifyType.RESPONDER_LIFETIME) {
                life = life.shorter(Phase2Life.parse(Attribute.parse(n.data())));
            }
        }
        return life;
    }

    QuickState complete(Answer answer, Secret shared, long now) {
        ChildSpec c = child;
        long id =
                sas.install(
                        c,
                        answer.offer(),
                        answer.life(),
                        answer.selectors(),
                        shared,
                        sas.ourNonce(),
                        answer.nonceR(),
                        now);
        // RFC 2409, 5.5: HASH(3) = prf(SKEYID_a, 0 | M-ID | Ni_b | Nr_b)
        Octets hash =
                wire.hash(Octets.of((byte) 0), wire.messageId(), sas.ourNonce(), answer.nonceR());
        wire.send(hash, List.of(), now);
        wire.stop(); // nothing answers it; it is repeated when message 2 is
        facts.connection().ledger().completed(id, now);
        return new Over(now);
    }
}
