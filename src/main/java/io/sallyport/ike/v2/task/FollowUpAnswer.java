package io.sallyport.ike.v2.task;

import io.sallyport.base.Octets;
import io.sallyport.base.Secret;
import io.sallyport.crypto.engine.KeyAgreement;
import io.sallyport.crypto.suite.Group;
import io.sallyport.ike.machine.Input;
import io.sallyport.wire.ike.v2.KeyExchange;
import io.sallyport.wire.ike.v2.Notify;
import io.sallyport.wire.ike.v2.Payload;
import io.sallyport.wire.ike.v2.PayloadChain;
import io.sallyport.wire.ike.v2.notify.Notices;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The key exchanges of one CREATE_CHILD_SA that the peer began, after the first one: the other end
/// of [FollowUp].
final class FollowUpAnswer implements AutoCloseable {
    private static final int LINK_OCTETS = 8;

    private final Ground ground;
    private final List<Group> groups;
    private final List<Secret> secrets = new ArrayList<>();
    private Octets link;
    private long job;

    /// What became of one step.
    sealed interface Outcome {
        record Wait() implements Outcome {}

        /// Theirs is no public value.
        record Failed() implements Outcome {}

        /// Our part, and what the peer shall give back with its next request.
        record Linked(List<Payload> payloads, Octets link) implements Outcome {
            public Linked {
                payloads = List.copyOf(payloads);
            }
        }

        /// Our part of the last one.
        ///
        /// @param secrets of all the key exchanges in order; whoever takes them closes them
        record Complete(List<Payload> payloads, List<Secret> secrets) implements Outcome {
            public Complete {
                payloads = List.copyOf(payloads);
                secrets = List.copyOf(secrets);
            }
        }
    }

    /// @param groups of the key exchanges after the first one, of which there is at least one
    /// @param first the secret of that one
    FollowUpAnswer(Ground ground, List<Group> groups, Secret first) {
        this.ground = ground;
        this.groups = groups;
        secrets.add(first);
        this.link = ground.context().entropy().octets(LINK_OCTETS);
    }

    /// What the peer shall give back with its next request.
    Octets link() {
        return link;
    }

    /// What says so.
    Notify notice() {
        return Notices.additionalKeyExchange(link);
    }

    /// @return false: it has not the key exchange that is due
    boolean begin(PayloadChain request) {
        Group group = groups.get(secrets.size() - 1);
        Optional<KeyExchange> theirs =
                request.first(KeyExchange.class).filter(ke -> ke.method() == group.number());
        if (theirs.isEmpty()) {
            return false;
        }
        job = ground.context().answer(group, theirs.get().data(), ground.session());
        return true;
    }

    Outcome onJob(Input answer) {
        return switch (answer) {
            case Input.Disagreed d when d.job() == job -> new Outcome.Failed();
            case Input.Answered(long of, KeyAgreement.Answer ours) when of == job -> computed(ours);
            default -> new Outcome.Wait();
        };
    }

    private Outcome computed(KeyAgreement.Answer ours) {
        KeyExchange part =
                new KeyExchange(groups.get(secrets.size() - 1).number(), ours.publicValue());
        secrets.add(ours.secret());
        if (secrets.size() > groups.size()) {
            List<Secret> all = List.copyOf(secrets);
            secrets.clear();
            return new Outcome.Complete(List.of(part), all);
        }
        link = ground.context().entropy().octets(LINK_OCTETS);
        return new Outcome.Linked(List.of(part, notice()), link);
    }

    @Override
    public void close() {
        secrets.forEach(Secret::close);
        secrets.clear();
    }
}
