package io.sallyport.ike.v2.task;

import io.sallyport.base.net.TrafficSelector;
import io.sallyport.crypto.suite.Group;
import io.sallyport.crypto.suite.SaProtocol;
import io.sallyport.ike.sa.DecidingLine;
import io.sallyport.ike.select.ChildOffers;
import io.sallyport.ike.select.Narrowing;
import io.sallyport.model.event.Cause;
import io.sallyport.model.event.Failure;
import io.sallyport.model.spec.ChildSpec;
import io.sallyport.model.spec.Mode;
import io.sallyport.model.spec.SelectorPair;
import io.sallyport.wire.ike.v2.Notify;
import io.sallyport.wire.ike.v2.Payload;
import io.sallyport.wire.ike.v2.PayloadChain;
import io.sallyport.wire.ike.v2.SaPayload;
import io.sallyport.wire.ike.v2.TrafficSelectors;
import io.sallyport.wire.ike.v2.number.NotifyType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// A child SA that we ask for, in IKE_AUTH or in an exchange of its own.
public final class ChildInitiation {
    private final Ground ground;
    private final ChildSpec child;
    private final int ourSpi;
    private final SaPayload offer;
    private final SelectorPair asked;
    private final OptionalInt cpi;
    private final long startedAt;

    private ChildInitiation(
            Ground ground, ChildSpec child, int ourSpi, SaPayload offer, long startedAt) {
        this.ground = ground;
        this.child = child;
        this.ourSpi = ourSpi;
        this.offer = offer;
        this.startedAt = startedAt;
        this.asked = Narrowing.resolve(child, ends(ground));
        this.cpi = Packing.offer(ground, child);
    }

    static Narrowing.Ends ends(Ground ground) {
        return ground.connection().endsOf(ground.path());
    }

    /// What came of it.
    public sealed interface Outcome {
        record Agreed(ChildAgreement agreement) implements Outcome {}

        /// @param hint the notify that the peer refused with, if it did
        record Refused(Failure failure, Optional<Notify> hint) implements Outcome {}
    }

    /// @param withGroups false in IKE_AUTH
    /// @return empty if no engine offers what the configuration wants, or it cannot work here
    public static Optional<ChildInitiation> of(
            Ground ground, ChildSpec child, boolean withGroups, long now) {
        int spi = ground.context().newInboundSpi();
        Optional<SaPayload> offer =
                ChildOffers.offer(child.proposals(), ground.context().crypto(), withGroups, spi);
        boolean ahInUdp =
                ground.isUdp() && child.proposals().getFirst().protocol() == SaProtocol.AH;
        if (offer.isEmpty() || ahInUdp) {
            ground.context().releaseInboundSpi(spi);
            return Optional.empty();
        }
        return Optional.of(new ChildInitiation(ground, child, spi, offer.get(), now));
    }

    public ChildSpec child() {
        return child;
    }

    public int ourSpi() {
        return ourSpi;
    }

    /// The group that we shall guess the peer takes; [Group#NONE] without PFS.
    public Group firstGroup() {
        List<Group> groups = groups();
        return groups.isEmpty() ? Group.NONE : groups.getFirst();
    }

    public List<Group> groups() {
        return ChildOffers.groups(child.proposals(), ground.context().crypto());
    }

    public SaPayload offer() {
        return offer;
    }

    /// What follows SA, nonce and KE.
    public List<Payload> selectorsAndNotifies() {
        List<Payload> payloads = new ArrayList<>();
        payloads.add(TrafficSelectors.of(true, asked.local()));
        payloads.add(TrafficSelectors.of(false, asked.remote()));
        ModeNotify.of(child.mode()).ifPresent(payloads::add);
        cpi.ifPresent(ours -> payloads.add(Packing.notify(ours)));
        return payloads;
    }

    /// What the answer says. Everything in it is checked against what we asked for.
    public Outcome process(PayloadChain answer) {
        Optional<Notify> error = answer.error();
        if (error.isPresent()) {
            return refused(
                    Refusals.cause(error.get()),
                    "the peer answers " + NotifyType.name(error.get().notifyType()),
                    "",
                    error);
        }
        Optional<SaPayload> sa = answer.first(SaPayload.class);
        if (sa.isEmpty()) {
            return refused(Cause.MALFORMED, "the answer has no SA payload", "", Optional.empty());
        }
        Optional<ChildOffers.Choice> choice = ChildOffers.accept(offer, sa.get());
        if (choice.isEmpty()) {
            return refused(
                    Cause.NO_PROPOSAL,
                    "the peer chooses what was not offered",
                    ChildOffers.describe(sa.get()),
                    Optional.empty());
        }
        // RFC 7296, 1.3.1: without USE_TRANSPORT_MODE in the response it would be tunnel mode
        Mode granted = ModeNotify.in(answer);
        if (granted != child.mode()) {
            return refused(
                    Cause.SELECTORS,
                    "the peer wants " + ModeNotify.name(granted) + " mode, we do not",
                    "",
                    Optional.empty());
        }
        List<TrafficSelector> givenLocal =
                answer.selectors(true).map(TrafficSelectors::ranges).orElse(List.of());
        List<TrafficSelector> givenRemote =
                answer.selectors(false).map(TrafficSelectors::ranges).orElse(List.of());
        SelectorPair given =
                new SelectorPair(
                        ChildAgreement.substituted(
                                ground, child.mode(), givenLocal, ground.path().local().address()),
                        ChildAgreement.substituted(
                                ground,
                                child.mode(),
                                givenRemote,
                                ground.path().remote().address()));
        // RFC 7296, 2.9: the responder narrows; it never widens.
        if (!Narrowing.isWithin(given.local(), asked.local())
                || !Narrowing.isWithin(given.remote(), asked.remote())) {
            return refused(
                    Cause.SELECTORS,
                    "the peer answers with other selectors",
                    new SelectorPair(givenLocal, givenRemote).toString(),
                    Optional.empty());
        }
        // A virtual address came with this answer: what was asked for all of its family is its.
        SelectorPair ours = Narrowing.resolve(child, ends(ground));
        SelectorPair narrowed =
                new SelectorPair(Narrowing.common(ours.local(), given.local()), given.remote());
        if (narrowed.local().isEmpty()) {
            return refused(
                    Cause.SELECTORS,
                    "the peer answers with selectors without the address that it gave us",
                    given.toString(),
                    Optional.empty());
        }
        if (child.mode() == Mode.BEET && !narrowed.isHostToHost()) {
            return refused(
                    Cause.SELECTORS,
                    "BEET mode takes one address on each side",
                    narrowed.toString(),
                    Optional.empty());
        }
        return new Outcome.Agreed(
                new ChildAgreement(
                        child,
                        choice.get(),
                        narrowed,
                        ChildAgreement.original(ground, child.mode(), givenRemote, givenLocal),
                        Packing.agreed(cpi, answer),
                        ChildAgreement.outer(child, answer),
                        ourSpi,
                        true,
                        startedAt));
    }

    private Outcome refused(Cause cause, String reason, String theirs, Optional<Notify> hint) {
        return new Outcome.Refused(failure(cause, reason, theirs), hint);
    }

    private Failure failure(Cause cause, String reason, String theirs) {
        String proposals = ChildOffers.describe(offer);
        boolean traffic = cause == Cause.SELECTORS;
        return ground.failure(
                        cause,
                        "CREATE_CHILD_SA for " + child.name(),
                        reason,
                        proposals + " for " + asked,
                        theirs)
                .offering(
                        child.name(),
                        proposals,
                        asked.toString(),
                        traffic ? "" : theirs,
                        traffic ? theirs : "")
                .at(DecidingLine.of(ground.connection().spec(), cause, child.name()));
    }

    /// It came to nothing here; where the peer took it for done, it is told.
    public void reject(PayloadChain answer, long now) {
        abandon();
        if (answer.error().isEmpty() && answer.first(SaPayload.class).isPresent()) {
            ground.disown(child, ourSpi, now);
        }
    }

    /// It came to nothing.
    public void abandon() {
        ground.context().releaseInboundSpi(ourSpi);
    }
}
