package io.sallyport.ike.v2.task;

import io.sallyport.base.Octets;
import io.sallyport.base.Secret;
import io.sallyport.crypto.engine.KeyAgreement;
import io.sallyport.crypto.suite.Group;
import io.sallyport.ike.machine.Input;
import io.sallyport.model.event.Cause;
import io.sallyport.wire.ike.MalformedException;
import io.sallyport.wire.ike.v2.ExchangeType;
import io.sallyport.wire.ike.v2.KeyExchange;
import io.sallyport.wire.ike.v2.Notify;
import io.sallyport.wire.ike.v2.PayloadChain;
import io.sallyport.wire.ike.v2.notify.Notices;
import io.sallyport.wire.ike.v2.number.NotifyType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The key exchanges of one CREATE_CHILD_SA that we began, from the first one to the last (RFC
/// 9370, 2.2.4). Each IKE_FOLLOWUP_KE gives back the link that the answer before it bore:
///
/// ```text
///  HDR(CREATE_CHILD_SA), SK {SA, Ni, KEi ..}            -->
///                            <--  HDR(CREATE_CHILD_SA), SK {SA, Nr, KEr .., N(ADDITIONAL_KEY_EXCHANGE)}
///  HDR(IKE_FOLLOWUP_KE), SK {KEi(1), N(ADDITIONAL_KEY_EXCHANGE)}  -->
///                            <--  HDR(IKE_FOLLOWUP_KE), SK {KEr(1) [, N(ADDITIONAL_KEY_EXCHANGE)]}
/// ```
///
/// The SA is there when the last one is answered; until then nothing is.
final class FollowUp implements AutoCloseable {
    private final Ground ground;
    private final List<Group> groups;
    private final List<Secret> secrets = new ArrayList<>();
    private Octets link;
    private Optional<KeyAgreement.Ephemeral> ours = Optional.empty();
    private long job;

    /// What became of one step.
    sealed interface Outcome {
        record Wait() implements Outcome {}

        record Ask(Task.Step.Send request) implements Outcome {}

        /// @param secrets of all the key exchanges in order; whoever takes them closes them
        record Complete(List<Secret> secrets) implements Outcome {
            public Complete {
                secrets = List.copyOf(secrets);
            }
        }

        /// The peer does not go on: it has lost, or given up, what this belongs to.
        record Forgotten() implements Outcome {}

        record Failed(Cause cause, String why) implements Outcome {}
    }

    /// @param groups of the key exchanges after the first one
    /// @param link of the answer to CREATE_CHILD_SA; empty if none is to follow
    private FollowUp(Ground ground, List<Group> groups, Octets link) {
        this.ground = ground;
        this.groups = groups;
        this.link = link;
    }

    /// After the answer to CREATE_CHILD_SA; empty if it has no link where one must be, or one where
    /// none may be.
    static Optional<FollowUp> of(Ground ground, List<Group> groups, PayloadChain answer) {
        return link(answer, !groups.isEmpty()).map(l -> new FollowUp(ground, groups, l));
    }

    /// @param due whether there is another exchange to come
    private static Optional<Octets> link(PayloadChain answer, boolean due) {
        Optional<Notify> notify = answer.notify(NotifyType.ADDITIONAL_KEY_EXCHANGE.number());
        if (!due) {
            return Optional.of(Octets.EMPTY); // one too many is passed over
        }
        try {
            return notify.isEmpty()
                    ? Optional.empty()
                    : Optional.of(Notices.additionalKeyExchange(notify.get()));
        } catch (MalformedException _) {
            return Optional.empty();
        }
    }

    /// Computes the first secret.
    void begin(KeyAgreement.Ephemeral first, Octets theirs) {
        job = ground.context().agree(first, theirs, ground.session());
    }

    Outcome onJob(Input answer) {
        return switch (answer) {
            case Input.Agreed a when a.job() == job -> {
                secrets.add(a.shared());
                if (isComplete()) {
                    List<Secret> all = List.copyOf(secrets);
                    secrets.clear();
                    yield new Outcome.Complete(all);
                }
                job = ground.context().generate(next(), ground.session());
                yield new Outcome.Wait();
            }
            case Input.Generated g when g.job() == job -> {
                ours = Optional.of(g.ephemeral());
                yield new Outcome.Ask(
                        new Task.Step.Send(
                                ExchangeType.IKE_FOLLOWUP_KE,
                                List.of(
                                        new KeyExchange(
                                                next().number(), g.ephemeral().publicValue()),
                                        Notices.additionalKeyExchange(link))));
            }
            case Input.Disagreed d when d.job() == job ->
                    new Outcome.Failed(
                            Cause.MALFORMED, "the peer's public value is illegal: " + d.why());
            default -> new Outcome.Wait();
        };
    }

    /// The answer to an IKE_FOLLOWUP_KE.
    Outcome onAnswer(PayloadChain answer) {
        Optional<Notify> error = answer.error();
        if (error.isPresent()) {
            return error.get().is(NotifyType.STATE_NOT_FOUND)
                            || error.get().is(NotifyType.TEMPORARY_FAILURE)
                    ? new Outcome.Forgotten()
                    : new Outcome.Failed(
                            Refusals.cause(error.get()),
                            "the peer answers " + NotifyType.name(error.get().notifyType()));
        }
        Optional<KeyExchange> theirs =
                answer.first(KeyExchange.class).filter(ke -> ke.method() == next().number());
        Optional<Octets> following = link(answer, !isLast());
        if (ours.isEmpty() || theirs.isEmpty() || following.isEmpty()) {
            return new Outcome.Failed(
                    Cause.MALFORMED,
                    "the answer has not the key exchange that was agreed on, or no link to the"
                            + " next one");
        }
        link = following.get();
        job = ground.context().agree(ours.get(), theirs.get().data(), ground.session());
        ours = Optional.empty();
        return new Outcome.Wait();
    }

    /// The group of the exchange that is due; `secrets` holds that of CREATE_CHILD_SA and of those
    /// before it.
    private Group next() {
        return groups.get(secrets.size() - 1);
    }

    private boolean isComplete() {
        return secrets.size() > groups.size();
    }

    /// Whether the peer takes the SA for made once it has answered what is under way.
    boolean isLast() {
        return secrets.size() >= groups.size();
    }

    @Override
    public void close() {
        ours.ifPresent(KeyAgreement.Ephemeral::close);
        ours = Optional.empty();
        secrets.forEach(Secret::close);
        secrets.clear();
    }
}
