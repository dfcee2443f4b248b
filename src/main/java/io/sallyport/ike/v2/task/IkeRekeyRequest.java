package io.sallyport.ike.v2.task;

import io.sallyport.base.Octets;
import io.sallyport.base.Secret;
import io.sallyport.crypto.kdf.Ikev2Keys;
import io.sallyport.crypto.suite.Group;
import io.sallyport.ike.machine.Input;
import io.sallyport.ike.select.IkeOffers;
import io.sallyport.model.event.Cause;
import io.sallyport.model.event.Event;
import io.sallyport.model.spec.IkeSpec;
import io.sallyport.wire.ike.v2.KeyExchange;
import io.sallyport.wire.ike.v2.Nonce;
import io.sallyport.wire.ike.v2.Notify;
import io.sallyport.wire.ike.v2.Payload;
import io.sallyport.wire.ike.v2.PayloadChain;
import io.sallyport.wire.ike.v2.SaPayload;
import io.sallyport.wire.ike.v2.number.NotifyType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The peer asks for fresh keys for the IKE SA.
public final class IkeRekeyRequest implements Answer {
    private static final int NONCE_OCTETS = 32;

    private final Ground ground;
    private final PayloadChain request;
    private final long ourSpi;
    private Progress progress = new Progress.Idle();

    private sealed interface Progress {
        record Idle() implements Progress {}

        record MakingKey(IkeOffers.Choice choice, Octets nonceI, Octets publicI, long job)
                implements Progress {}

        record Agreeing(IkeOffers.Choice choice, Octets nonceI, Octets publicR, long job)
                implements Progress {}

        /// The first key exchange is done, and others follow.
        record Following(IkeOffers.Choice choice, Octets nonceI, Octets nonceR, FollowUpAnswer keys)
                implements Progress {}
    }

    public IkeRekeyRequest(Ground ground, PayloadChain request) {
        this.ground = ground;
        this.request = request;
        this.ourSpi = ground.context().newIkeSpi();
    }

    @Override
    public Reply begin(long now) {
        Optional<SaPayload> sa = request.first(SaPayload.class);
        Optional<Nonce> nonceI = request.first(Nonce.class);
        Optional<KeyExchange> theirs = request.first(KeyExchange.class);
        if (sa.isEmpty() || nonceI.isEmpty()) {
            return Reply.refuse(NotifyType.INVALID_SYNTAX);
        }
        IkeSpec spec = ground.connection().spec().ike();
        Optional<IkeOffers.Choice> choice =
                IkeOffers.choose(spec.proposals(), ground.context().crypto(), sa.get())
                        .filter(c -> c.peerSpi() != 0);
        if (choice.isEmpty()) {
            ground.context()
                    .tell(
                            new Event.Failed(
                                    ground.failure(
                                            Cause.NO_PROPOSAL,
                                            "rekeying of the IKE SA",
                                            "no IKE proposal in common",
                                            IkeOffers.describe(spec.proposals()),
                                            IkeOffers.describe(sa.get()))));
            return Reply.refuse(NotifyType.NO_PROPOSAL_CHOSEN);
        }
        Group group = choice.get().suite().group();
        if (theirs.isEmpty() || theirs.get().method() != group.number()) {
            return new Reply.Send(
                    List.of(
                            Notify.of(
                                    NotifyType.INVALID_KE_PAYLOAD,
                                    Octets.ofInt(group.number()).slice(2, 4))),
                    () -> {});
        }
        progress =
                new Progress.MakingKey(
                        choice.get(),
                        nonceI.get().value(),
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
                progress = new Progress.Agreeing(m.choice(), m.nonceI(), publicR, job);
                yield new Reply.Wait();
            }
            case Input.Agreed a
                    when progress instanceof Progress.Agreeing p && a.job() == p.job() ->
                    answer(p, a.shared(), now);
            case Input.Disagreed d
                    when progress instanceof Progress.Agreeing p && d.job() == p.job() -> {
                abandon();
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

    private Reply answer(Progress.Agreeing p, Secret shared, long now) {
        Octets nonceR = ground.context().entropy().octets(NONCE_OCTETS);
        List<Payload> payloads = new ArrayList<>();
        payloads.add(p.choice().answer(ourSpi));
        payloads.add(new Nonce(nonceR));
        payloads.add(new KeyExchange(p.choice().suite().group().number(), p.publicR()));
        List<Group> additional = p.choice().suite().additional();
        if (additional.isEmpty()) {
            progress = new Progress.Idle();
            return done(payloads, p.choice(), p.nonceI(), nonceR, List.of(shared), now);
        }
        FollowUpAnswer keys = new FollowUpAnswer(ground, additional, shared);
        progress = new Progress.Following(p.choice(), p.nonceI(), nonceR, keys);
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
                yield done(payloads, f.choice(), f.nonceI(), f.nonceR(), secrets, now);
            }
        };
    }

    private Reply done(
            List<Payload> payloads,
            IkeOffers.Choice choice,
            Octets nonceI,
            Octets nonceR,
            List<Secret> shared,
            long now) {
        long peerSpi = choice.peerSpi();
        Ikev2Keys keys =
                ground.keys()
                        .rekeyed(
                                ground.context().crypto().prf(choice.suite().prf()),
                                choice.suite(),
                                shared,
                                new Ikev2Keys.Seed(nonceI, nonceR, peerSpi, ourSpi));
        shared.forEach(Secret::close);
        Succession heir =
                new Succession(choice.suite(), keys, false, peerSpi, ourSpi, lower(nonceI, nonceR));
        return new Reply.Send(payloads, () -> ground.succeed(heir, now));
    }

    private static Octets lower(Octets nonceI, Octets nonceR) {
        return nonceI.compareTo(nonceR) < 0 ? nonceI : nonceR;
    }

    @Override
    public Octets lowestNonce() {
        return progress instanceof Progress.Following f
                ? lower(f.nonceI(), f.nonceR())
                : Octets.EMPTY;
    }

    @Override
    public void abandon() {
        if (progress instanceof Progress.Following f) {
            f.keys().close();
        }
        progress = new Progress.Idle();
    }
}
