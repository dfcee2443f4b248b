package io.sallyport.ike.v2.task;

import io.sallyport.base.net.TrafficSelector;
import io.sallyport.crypto.suite.EspProposal;
import io.sallyport.ike.sa.DecidingLine;
import io.sallyport.ike.select.ChildOffers;
import io.sallyport.ike.select.Narrowing;
import io.sallyport.model.event.Failure;
import io.sallyport.model.spec.ChildSpec;
import io.sallyport.model.spec.Mode;
import io.sallyport.model.spec.SelectorPair;
import io.sallyport.wire.ike.v2.Payload;
import io.sallyport.wire.ike.v2.PayloadChain;
import io.sallyport.wire.ike.v2.SaPayload;
import io.sallyport.wire.ike.v2.TrafficSelectors;
import io.sallyport.wire.ike.v2.number.NotifyType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// A child SA that the peer asks for, in IKE_AUTH or in an exchange of its own.
public final class ChildAnswer {
    private ChildAnswer() {}

    /// What we say to it.
    public sealed interface Verdict {
        record Take(ChildAgreement agreement) implements Verdict {
            /// SA, then what follows nonce and KE.
            public SaPayload sa() {
                return agreement.choice().answer(agreement.ourSpi());
            }

            public List<Payload> selectorsAndNotifies() {
                List<Payload> payloads = new ArrayList<>();
                payloads.add(TrafficSelectors.of(true, agreement.selectors().remote()));
                payloads.add(TrafficSelectors.of(false, agreement.selectors().local()));
                ModeNotify.of(agreement.child().mode()).ifPresent(payloads::add);
                agreement
                        .compression()
                        .map(c -> Packing.notify(c.inboundCpi()))
                        .ifPresent(payloads::add);
                return payloads;
            }
        }

        record Refuse(NotifyType reason, Failure failure) implements Verdict {}
    }

    /// @param withGroups false in IKE_AUTH
    /// @param about the child that a rekeying names; empty: any of the connection
    public static Verdict judge(
            Ground ground,
            PayloadChain request,
            boolean withGroups,
            Optional<ChildSpec> about,
            long now) {
        Optional<SaPayload> sa = request.first(SaPayload.class);
        List<TrafficSelector> theirs =
                request.selectors(true).map(TrafficSelectors::ranges).orElse(List.of());
        List<TrafficSelector> ours =
                request.selectors(false).map(TrafficSelectors::ranges).orElse(List.of());
        if (sa.isEmpty() || theirs.isEmpty() || ours.isEmpty()) {
            return refuse(
                    ground,
                    request,
                    about,
                    sa.isEmpty() ? NotifyType.INVALID_SYNTAX : NotifyType.TS_UNACCEPTABLE,
                    "the request has no SA or no selectors that we know",
                    "",
                    new SelectorPair(ours, theirs).toString());
        }
        Mode mode = ModeNotify.in(request);
        SelectorPair asked =
                new SelectorPair(
                        ChildAgreement.substituted(
                                ground, mode, ours, ground.path().local().address()),
                        ChildAgreement.substituted(
                                ground, mode, theirs, ground.path().remote().address()));
        List<ChildSpec> all = about.map(List::of).orElse(ground.connection().spec().children());
        // RFC 7296, 1.3.1: the responder may decline transport mode, and it is tunnel mode then; a
        // configuration names one mode, so children of the mode that is asked for come first.
        Optional<Narrowing.Match> match =
                Narrowing.choose(of(mode, all), ChildInitiation.ends(ground), asked)
                        .or(() ->
                                Narrowing.choose(
                                        of(Mode.TUNNEL, all), ChildInitiation.ends(ground), asked));
        if (match.isEmpty()) {
            return refuse(
                    ground,
                    request,
                    about,
                    NotifyType.TS_UNACCEPTABLE,
                    "no child of this connection has the selectors that the peer asks for",
                    String.join(
                            "; ",
                            all.stream()
                                    .map(c -> c.name() + " (" + c.mode() + "): " + c.selectors())
                                    .toList()),
                    asked + (mode == Mode.TUNNEL ? "" : " (" + ModeNotify.name(mode) + ")"));
        }
        ChildSpec child = match.get().child();
        if (child.mode() == Mode.BEET && !match.get().selectors().isHostToHost()) {
            return refuse(
                    ground,
                    request,
                    Optional.of(child),
                    NotifyType.TS_UNACCEPTABLE,
                    "BEET mode takes one address on each side",
                    child.name() + ": " + child.selectors(),
                    asked.toString());
        }
        List<EspProposal> proposals = child.proposals();
        Optional<ChildOffers.Choice> choice =
                ChildOffers.choose(proposals, ground.context().crypto(), withGroups, sa.get());
        if (choice.isEmpty() || choice.get().suite().isAh() && ground.isUdp()) {
            return refuse(
                    ground,
                    request,
                    Optional.of(child),
                    NotifyType.NO_PROPOSAL_CHOSEN,
                    choice.isPresent()
                            ? "AH cannot pass the NAT on this path: use esp="
                            : "no "
                                    + proposals.getFirst().protocol()
                                    + " proposal in common for "
                                    + child.name(),
                    ChildOffers.describe(proposals),
                    ChildOffers.describe(sa.get()));
        }
        return new Verdict.Take(
                new ChildAgreement(
                        child,
                        choice.get(),
                        match.get().selectors(),
                        ChildAgreement.original(ground, child.mode(), theirs, ours),
                        Packing.answer(ground, child, request),
                        ChildAgreement.outer(child, request),
                        ground.context().newInboundSpi(),
                        false,
                        now));
    }

    private static List<ChildSpec> of(Mode mode, List<ChildSpec> all) {
        return all.stream().filter(c -> c.mode() == mode && c.negotiates()).toList();
    }

    /// @param child that it is about, as far as that is known
    private static Verdict refuse(
            Ground ground,
            PayloadChain request,
            Optional<ChildSpec> child,
            NotifyType notify,
            String reason,
            String ours,
            String theirs) {
        List<ChildSpec> meant = child.map(List::of).orElse(ground.connection().spec().children());
        return new Verdict.Refuse(
                notify,
                ground.failure(Refusals.cause(notify), "CREATE_CHILD_SA", reason, ours, theirs)
                        .offering(
                                child.map(ChildSpec::name).orElse(""),
                                joined(meant, c -> ChildOffers.describe(c.proposals())),
                                joined(meant, c -> c.selectors().toString()),
                                request.first(SaPayload.class)
                                        .map(ChildOffers::describe)
                                        .orElse(""),
                                selectors(request))
                        .at(
                                DecidingLine.of(
                                        ground.connection().spec(),
                                        Refusals.cause(notify),
                                        child.map(ChildSpec::name).orElse(""))));
    }

    private static String joined(List<ChildSpec> children, Function<ChildSpec, String> what) {
        return String.join("; ", children.stream().map(what).distinct().toList());
    }

    /// What the peer asks for, its own side first.
    private static String selectors(PayloadChain request) {
        List<TrafficSelector> theirs =
                request.selectors(true).map(TrafficSelectors::ranges).orElse(List.of());
        List<TrafficSelector> ours =
                request.selectors(false).map(TrafficSelectors::ranges).orElse(List.of());
        return theirs.isEmpty() && ours.isEmpty() ? "" : new SelectorPair(theirs, ours).toString();
    }
}
