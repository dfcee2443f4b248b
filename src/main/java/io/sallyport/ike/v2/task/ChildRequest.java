package io.sallyport.ike.v2.task;

import io.sallyport.base.Octets;
import io.sallyport.base.Secret;
import io.sallyport.crypto.suite.Group;
import io.sallyport.ike.machine.Input;
import io.sallyport.model.event.Cause;
import io.sallyport.model.event.Event;
import io.sallyport.model.spec.ChildSpec;
import io.sallyport.wire.ike.v2.KeyExchange;
import io.sallyport.wire.ike.v2.Nonce;
import io.sallyport.wire.ike.v2.Notify;
import io.sallyport.wire.ike.v2.Payload;
import io.sallyport.wire.ike.v2.PayloadChain;
import io.sallyport.wire.ike.v2.number.NotifyType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The peer asks for a child SA, or for the successor of one.
public final class ChildRequest implements Answer {
    private static final int NONCE_OCTETS = 32;

    private final Ground ground;
    private final PayloadChain request;
    private final Optional<ChildSpec> about;
    private final long startedAt;
    private Progress progress = new Progress.Idle();

    private sealed interface Progress {
        record Idle() implements Progress {}

        record MakingKey(ChildAnswer.Verdict.Take take, Octets nonceI, Octets publicI, long job)
                implements Progress {}

        record Agreeing(ChildAnswer.Verdict.Take take, Octets nonceI, Octets publicR, long job)
                implements Progress {}

        /// The first key exchange is done, and others follow.
        record Following(
                ChildAnswer.Verdict.Take take, Octets nonceI, Octets nonceR, FollowUpAnswer keys)
                implements Progress {}
    }

    /// @param about the child whose SA it replaces
    /// @param startedAt when the peer may have begun, for the rule of the lowest nonce
    public ChildRequest(
            Ground ground, PayloadChain request, Optional<ChildSpec> about, long startedAt) {
        this.ground = ground;
        this.request = request;
        this.about = about;
        this.startedAt = startedAt;
    }

    /// The child that it turned out to be about.
    public boolean isAbout(String child) {
        return switch (progress) {
            case Progress.Idle _ -> false;
            case Progress.MakingKey m -> m.take().agreement().child().name().equals(child);
            case Progress.Agreeing a -> a.take().agreement().child().name().equals(child);
            case Progress.Following f -> f.take().agreement().child().name().equals(child);
        };
    }

    public boolean isRekeying() {
        return about.isPresent();
    }

    @Override
    public Reply begin(long now) {
        Optional<Nonce> nonceI = request.first(Nonce.class);
        if (nonceI.isEmpty()) {
            return Reply.refuse(NotifyType.INVALID_SYNTAX);
        }
        return switch (ChildAnswer.judge(ground, request, true, about, startedAt)) {
            case ChildAnswer.Verdict.Refuse refuse -> {
                ground.context().tell(new Event.Failed(refuse.failure()));
                yield Reply.refuse(refuse.reason());
            }
            case ChildAnswer.Verdict.Take take -> take(take, nonceI.get().value(), now);
        };
    }

    private Reply take(ChildAnswer.Verdict.Take take, Octets nonceI, long now) {
        Group group = take.agreement().choice().suite().group();
        Optional<KeyExchange> theirs = request.first(KeyExchange.class);
        if (group == Group.NONE) {
            return answer(take, nonceI, Octets.EMPTY, List.of(), now);
        }
        if (theirs.isEmpty() || theirs.get().method() != group.number()) {
            ground.context().releaseInboundSpi(take.agreement().ourSpi());
            // RFC 7296, 1.3: the notify names the group that we want
            return new Reply.Send(
                    List.of(
                            Notify.of(
                                    NotifyType.INVALID_KE_PAYLOAD,
                                    Octets.ofInt(group.number()).slice(2, 4))),
                    () -> {});
        }
        progress =
                new Progress.MakingKey(
                        take,
                        nonceI,
                        theirs.get().data(),
                        ground.context().generate(group, ground.session()));
        return new Reply.Wait();
    }

    @Override
    public Reply onJob(Input answer, long now) {
        return switch (answer) {
            case Input.Generated g
                    when progress instanceof Progress.MakingKey m && g.job() == m.job() -> {
                Octets publicR = g.ephemeral().publicValue();
                long job = ground.context().agree(g.ephemeral(), m.publicI(), ground.session());
                progress = new Progress.Agreeing(m.take(), m.nonceI(), publicR, job);
                yield new Reply.Wait();
            }
            case Input.Agreed a
                    when progress instanceof Progress.Agreeing p && a.job() == p.job() ->
                    answer(p.take(), p.nonceI(), p.publicR(), List.of(a.shared()), now);
            case Input.Disagreed d
                    when progress instanceof Progress.Agreeing p && d.job() == p.job() -> {
                abandon();
                ground.context()
                        .tell(
                                new Event.Failed(
                                        ground.failure(
                                                Cause.MALFORMED,
                                                "CREATE_CHILD_SA",
                                                "the peer's public value is illegal: " + d.why(),
                                                "",
                                                "")));
                yield Reply.refuse(NotifyType.INVALID_SYNTAX);
            }
            case Input.Disagreed d
                    when progress instanceof Progress.MakingKey m && d.job() == m.job() -> {
                abandon();
                yield Reply.refuse(NotifyType.TEMPORARY_FAILURE);
            }
            default ->
                    progress instanceof Progress.Following f
                            ? following(f, answer, now)
                            : new Reply.Wait();
        };
    }

    private Reply answer(
            ChildAnswer.Verdict.Take take,
            Octets nonceI,
            Octets publicR,
            List<Secret> shared,
            long now) {
        Octets nonceR = ground.context().entropy().octets(NONCE_OCTETS);
        List<Payload> payloads = new ArrayList<>();
        payloads.add(take.sa());
        payloads.add(new Nonce(nonceR));
        if (!publicR.isEmpty()) {
            payloads.add(
                    new KeyExchange(take.agreement().choice().suite().group().number(), publicR));
        }
        payloads.addAll(take.selectorsAndNotifies());
        List<Group> additional = take.agreement().choice().additional();
        if (additional.isEmpty()) {
            progress = new Progress.Idle();
            return done(payloads, take, nonceI, nonceR, shared, now);
        }
        FollowUpAnswer keys = new FollowUpAnswer(ground, additional, shared.getFirst());
        progress = new Progress.Following(take, nonceI, nonceR, keys);
        payloads.add(keys.notice());
        return new Reply.Linked(payloads, keys.link());
    }

    @Override
    public Reply followUp(PayloadChain followUp, long now) {
        if (progress instanceof Progress.Following f && f.keys().begin(followUp)) {
            return new Reply.Wait();
        }
        abandon();
        return Reply.refuse(NotifyType.INVALID_SYNTAX);
    }

    private Reply following(Progress.Following f, Input answer, long now) {
        return switch (f.keys().onJob(answer)) {
            case FollowUpAnswer.Outcome.Wait _ -> new Reply.Wait();
            case FollowUpAnswer.Outcome.Failed _ -> {
                abandon();
                yield Reply.refuse(NotifyType.INVALID_SYNTAX);
            }
            case FollowUpAnswer.Outcome.Linked(var payloads, var link) ->
                    new Reply.Linked(payloads, link);
            case FollowUpAnswer.Outcome.Complete(var payloads, var secrets) -> {
                progress = new Progress.Idle();
                yield done(payloads, f.take(), f.nonceI(), f.nonceR(), secrets, now);
            }
        };
    }

    private Reply done(
            List<Payload> payloads,
            ChildAnswer.Verdict.Take take,
            Octets nonceI,
            Octets nonceR,
            List<Secret> shared,
            long now) {
        // The inbound half is live before the peer can use it.
        long id = take.agreement().install(ground, shared, nonceI, nonceR, now);
        return new Reply.Send(payloads, () -> ground.connection().ledger().answered(id, now));
    }

    @Override
    public Octets lowestNonce() {
        if (!(progress instanceof Progress.Following f)) {
            return Octets.EMPTY;
        }
        return f.nonceI().compareTo(f.nonceR()) < 0 ? f.nonceI() : f.nonceR();
    }

    @Override
    public void abandon() {
        switch (progress) {
            case Progress.Idle _ -> {}
            case Progress.MakingKey m ->
                    ground.context().releaseInboundSpi(m.take().agreement().ourSpi());
            case Progress.Agreeing a ->
                    ground.context().releaseInboundSpi(a.take().agreement().ourSpi());
            case Progress.Following f -> {
                f.keys().close();
                ground.context().releaseInboundSpi(f.take().agreement().ourSpi());
            }
        }
        progress = new Progress.Idle();
    }
}
