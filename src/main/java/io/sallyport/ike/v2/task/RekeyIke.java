package io.sallyport.ike.v2.task;

import io.sallyport.base.Octets;
import io.sallyport.base.Secret;
import io.sallyport.crypto.engine.KeyAgreement;
import io.sallyport.crypto.kdf.Ikev2Keys;
import io.sallyport.crypto.suite.Group;
import io.sallyport.crypto.suite.IkeProposal;
import io.sallyport.ike.machine.Input;
import io.sallyport.ike.select.IkeOffers;
import io.sallyport.model.event.Cause;
import io.sallyport.model.event.Event;
import io.sallyport.wire.ike.v2.ExchangeType;
import io.sallyport.wire.ike.v2.KeyExchange;
import io.sallyport.wire.ike.v2.Nonce;
import io.sallyport.wire.ike.v2.Notify;
import io.sallyport.wire.ike.v2.PayloadChain;
import io.sallyport.wire.ike.v2.SaPayload;
import io.sallyport.wire.ike.v2.number.NotifyType;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Fresh keys for the IKE SA: a new SA that inherits all children (RFC 7296, 1.3.2 and 2.18).
public final class RekeyIke implements Task {
    private static final int NONCE_OCTETS = 32;

    private final Ground ground;
    private final long ourSpi;
    private final Set<Group> tried = EnumSet.noneOf(Group.class);
    private Octets nonce = Octets.EMPTY;
    private Progress progress = new Progress.Idle();

    private sealed interface Progress {
        record Idle() implements Progress {}

        record MakingKey(SaPayload offer, Group group, long job) implements Progress {}

        record Asked(SaPayload offer, Group group, KeyAgreement.Ephemeral ours)
                implements Progress {}

        record Agreeing(IkeOffers.Choice choice, Octets nonceR, FollowUp keys)
                implements Progress {}

        /// The peer's own rekeying goes on in its place.
        record Lost() implements Progress {}
    }

    public RekeyIke(Ground ground) {
        this.ground = ground;
        this.ourSpi = ground.context().newIkeSpi();
    }

    @Override
    public String name() {
        return "rekeying of the IKE SA";
    }

    @Override
    public Step begin(long now) {
        Optional<SaPayload> offer = IkeOffers.offer(proposals(), ground.context().crypto(), ourSpi);
        if (offer.isEmpty()) {
            return failed(
                    Cause.OURSELVES, "no engine offers any of the configured proposals", "", now);
        }
        nonce = ground.context().entropy().octets(NONCE_OCTETS);
        // The group that worked is the best guess.
        Group group =
                groups().contains(ground.suite().group())
                        ? ground.suite().group()
                        : groups().getFirst();
        return with(offer.get(), group);
    }

    private List<Group> groups() {
        return IkeOffers.groups(proposals(), ground.context().crypto());
    }

    private List<IkeProposal> proposals() {
        return ground.connection().spec().ike().proposals();
    }

    private Step with(SaPayload offer, Group group) {
        tried.add(group);
        progress =
                new Progress.MakingKey(
                        offer, group, ground.context().generate(group, ground.session()));
        return new Step.Wait();
    }

    @Override
    public Step onJob(Input answer, long now) {
        return switch (answer) {
            case Input.Generated g
                    when progress instanceof Progress.MakingKey m && g.job() == m.job() -> {
                progress = new Progress.Asked(m.offer(), m.group(), g.ephemeral());
                yield new Step.Send(
                        ExchangeType.CREATE_CHILD_SA,
                        List.of(
                                m.offer(),
                                new Nonce(nonce),
                                new KeyExchange(m.group().number(), g.ephemeral().publicValue())));
            }
            case Input.Disagreed d
                    when progress instanceof Progress.MakingKey m && d.job() == m.job() ->
                    failed(Cause.OURSELVES, d.why(), "", now);
            default ->
                    progress instanceof Progress.Agreeing p
                            ? carryOn(p, p.keys().onJob(answer), now)
                            : new Step.Wait();
        };
    }

    private Step carryOn(Progress.Agreeing p, FollowUp.Outcome outcome, long now) {
        return switch (outcome) {
            case FollowUp.Outcome.Wait _ -> new Step.Wait();
            case FollowUp.Outcome.Ask(Step.Send request) -> request;
            case FollowUp.Outcome.Complete(List<Secret> shared) -> succeed(p, shared, now);
            case FollowUp.Outcome.Forgotten _ -> postponed("it does not go on with this one", now);
            case FollowUp.Outcome.Failed(Cause cause, String why) -> failed(cause, why, "", now);
        };
    }

    @Override
    public Optional<Octets> lowestNonce() {
        return progress instanceof Progress.Agreeing p
                ? Optional.of(lowest(p.nonceR()))
                : Optional.empty();
    }

    private Octets lowest(Octets nonceR) {
        return nonce.compareTo(nonceR) < 0 ? nonce : nonceR;
    }

    @Override
    public Step lose(long now) {
        abandon();
        progress = new Progress.Lost();
        return done(now);
    }

    /// From now on the peer's successor may take over.
    private Step done(long now) {
        ground.notSucceeded(now);
        return new Step.Done();
    }

    @Override
    public Step onAnswer(PayloadChain answer, long now) {
        if (progress instanceof Progress.Agreeing p) {
            return carryOn(p, p.keys().onAnswer(answer), now);
        }
        if (!(progress instanceof Progress.Asked asked)) {
            return progress instanceof Progress.Lost ? done(now) : new Step.Done();
        }
        Optional<Group> other =
                answer.notify(NotifyType.INVALID_KE_PAYLOAD.number())
                        .filter(n -> n.data().length() == 2)
                        .flatMap(n -> Group.byNumber(n.data().at(0) << 8 | n.data().at(1)))
                        .filter(g -> groups().contains(g) && !tried.contains(g));
        if (other.isPresent()) {
            asked.ours().close();
            return with(asked.offer(), other.get());
        }
        Optional<Notify> error = answer.error();
        if (error.isPresent()) {
            asked.ours().close();
            return refused(error.get(), now);
        }
        Optional<IkeOffers.Choice> choice =
                answer.first(SaPayload.class).flatMap(sa -> IkeOffers.accept(asked.offer(), sa));
        Optional<Nonce> nonceR = answer.first(Nonce.class);
        Optional<KeyExchange> theirs = answer.first(KeyExchange.class);
        Optional<FollowUp> keys =
                choice.flatMap(c -> FollowUp.of(ground, c.suite().additional(), answer));
        boolean fits =
                choice.isPresent()
                        && choice.get().peerSpi() != 0
                        && choice.get().suite().group() == asked.group()
                        && nonceR.isPresent()
                        && theirs.isPresent()
                        && keys.isPresent()
                        && theirs.get().method() == asked.group().number();
        if (!fits) {
            asked.ours().close();
            return failed(
                    Cause.NO_PROPOSAL,
                    "the peer chooses what was not offered",
                    answer.first(SaPayload.class).map(IkeOffers::describe).orElse("no SA"),
                    now);
        }
        keys.orElseThrow().begin(asked.ours(), theirs.orElseThrow().data());
        progress =
                new Progress.Agreeing(
                        choice.get(), nonceR.orElseThrow().value(), keys.orElseThrow());
        return new Step.Wait();
    }

    private Step succeed(Progress.Agreeing p, List<Secret> shared, long now) {
        progress = new Progress.Idle();
        long peerSpi = p.choice().peerSpi();
        Ikev2Keys keys =
                ground.keys()
                        .rekeyed(
                                ground.context().crypto().prf(p.choice().suite().prf()),
                                p.choice().suite(),
                                shared,
                                new Ikev2Keys.Seed(nonce, p.nonceR(), ourSpi, peerSpi));
        shared.forEach(Secret::close);
        ground.succeed(
                new Succession(p.choice().suite(), keys, true, ourSpi, peerSpi, lowest(p.nonceR())),
                now);
        return new Step.Done();
    }

    private Step refused(Notify error, long now) {
        if (error.is(NotifyType.TEMPORARY_FAILURE)) {
            return postponed("the peer is busy (TEMPORARY_FAILURE)", now);
        }
        return failed(
                Refusals.cause(error),
                "the peer answers " + NotifyType.name(error.notifyType()),
                "",
                now);
    }

    private Step postponed(String why, long now) {
        abandon();
        ground.context()
                .tell(
                        new Event.Noticed(
                                ground.connection().name(),
                                ground.path(),
                                name() + ": " + why + ", again later"));
        ground.connection().onRekeyPostponed(ground.session().expiresAt(), now);
        return done(now);
    }

    private Step failed(Cause cause, String reason, String theirs, long now) {
        abandon();
        ground.context()
                .tell(
                        new Event.Failed(
                                ground.failure(
                                        cause,
                                        name(),
                                        reason,
                                        IkeOffers.describe(
                                                ground.connection().spec().ike().proposals()),
                                        theirs)));
        return done(now);
    }

    @Override
    public void abandon() {
        if (progress instanceof Progress.Asked asked) {
            asked.ours().close();
        }
        if (progress instanceof Progress.Agreeing p) {
            p.keys().close();
        }
        progress = new Progress.Idle();
    }
}
