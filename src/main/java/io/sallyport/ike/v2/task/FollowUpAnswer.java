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

    /// One exchange is computed.
    ///
    /// @param payload our part of it
    record Done(Payload payload) {}

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

    boolean isFailed(Input answer) {
        return answer instanceof Input.Disagreed d && d.job() == job;
    }

    /// Our part, once it is computed.
    Optional<Done> onJob(Input answer) {
        if (!(answer instanceof Input.Answered(long of, KeyAgreement.Answer ours)) || of != job) {
            return Optional.empty();
        }
        Group group = groups.get(secrets.size() - 1);
        secrets.add(ours.secret());
        link = ground.context().entropy().octets(LINK_OCTETS);
        return Optional.of(new Done(new KeyExchange(group.number(), ours.publicValue())));
    }

    boolean isComplete() {
        return secrets.size() > groups.size();
    }

    /// The secrets in order; whoever takes them closes them.
    List<Secret> take() {
        List<Secret> all = List.copyOf(secrets);
        secrets.clear();
        return all;
    }

    @Override
    public void close() {
        secrets.forEach(Secret::close);
        secrets.clear();
    }
}
