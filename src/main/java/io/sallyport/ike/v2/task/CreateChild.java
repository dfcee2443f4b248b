package io.sallyport.ike.v2.task;

import io.sallyport.base.Octets;
import io.sallyport.base.Secret;
import io.sallyport.crypto.engine.KeyAgreement;
import io.sallyport.crypto.suite.Group;
import io.sallyport.ike.machine.Input;
import io.sallyport.ike.sa.ChildLedger;
import io.sallyport.ike.sa.DecidingLine;
import io.sallyport.ike.select.ChildOffers;
import io.sallyport.model.event.Cause;
import io.sallyport.model.event.Event;
import io.sallyport.model.sa.ChildSa;
import io.sallyport.model.spec.ChildSpec;
import io.sallyport.wire.ike.v2.ExchangeType;
import io.sallyport.wire.ike.v2.KeyExchange;
import io.sallyport.wire.ike.v2.Nonce;
import io.sallyport.wire.ike.v2.Notify;
import io.sallyport.wire.ike.v2.Payload;
import io.sallyport.wire.ike.v2.PayloadChain;
import io.sallyport.wire.ike.v2.number.NotifyType;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// A new child SA, or the successor of one (RFC 7296, 1.3.1 and 1.3.3).
public final class CreateChild implements Task {
    private static final int NONCE_OCTETS = 32;

    private final Ground ground;
    private final ChildSpec child;
    private final Optional<ChildSa> old;
    private final Set<Group> tried = EnumSet.noneOf(Group.class);
    private Octets nonce = Octets.EMPTY;

    /// The group that the peer asked for in place of our first.
    private Optional<Group> wanted = Optional.empty();

    private Progress progress = new Progress.Idle();

    /// How far it is.
    private sealed interface Progress {
        record Idle() implements Progress {}

        record MakingKey(ChildInitiation initiation, long job) implements Progress {}

        record Asked(ChildInitiation initiation, Optional<KeyAgreement.Ephemeral> ours)
                implements Progress {}

        record Agreeing(ChildAgreement agreement, Octets nonceR, FollowUp keys)
                implements Progress {}
    }

    /// @param old the SA that the new one replaces
    public CreateChild(Ground ground, ChildSpec child, Optional<ChildSa> old) {
        this.ground = ground;
        this.child = child;
        this.old = old;
    }

    @Override
    public String name() {
        return "CREATE_CHILD_SA for " + child.name();
    }

    public String child() {
        return child.name();
    }

    public ChildSpec spec() {
        return child;
    }

    public boolean isRekeying() {
        return old.isPresent();
    }

    /// Whether it replaces the SA that the peer receives with `spi`.
    public boolean isRekeying(int spi) {
        return old.isPresent() && old.get().outbound().spi() == spi;
    }

    @Override
    public Step begin(long now) {
        if (isOvertaken()) {
            return new Step.Done();
        }
        Optional<ChildInitiation> initiation = ChildInitiation.of(ground, child, true, now);
        if (initiation.isEmpty()) {
            return failed(
                    Cause.OURSELVES,
                    "no engine offers any of the configured proposals, or AH would have to pass a"
                            + " NAT",
                    ChildOffers.describe(child.proposals()),
                    now);
        }
        nonce = ground.context().entropy().octets(NONCE_OCTETS);
        return with(initiation.get(), initiation.get().firstGroup());
    }

    /// Whether what it is to replace is gone meanwhile, or replaced by the peer. Who asks after it
    /// has answered does not cross the peer's exchange, and the two ends would not agree on which
    /// of the two SAs stays (RFC 7296, 2.8.1).
    private boolean isOvertaken() {
        ChildLedger ledger = ground.connection().ledger();
        return old.filter(sa ->
                        ledger.byPeerSpi(sa.outbound().spi()).isEmpty()
                                || ledger.hasSuccessor(sa.id()))
                .isPresent();
    }

    private Step with(ChildInitiation initiation, Group group) {
        if (group == Group.NONE) {
            return ask(initiation, Optional.empty());
        }
        tried.add(group);
        long job = ground.context().generate(group, ground.session());
        progress = new Progress.MakingKey(initiation, job);
        return new Step.Wait();
    }

    private Step ask(ChildInitiation initiation, Optional<KeyAgreement.Ephemeral> ours) {
        if (isOvertaken()) {
            ours.ifPresent(KeyAgreement.Ephemeral::close);
            initiation.abandon();
            progress = new Progress.Idle();
            return new Step.Done();
        }
        List<Payload> payloads = new ArrayList<>();
        // RFC 7296, 1.3.3: N(REKEY_SA) names the SA by the SPI that its sender receives with.
        old.ifPresent(sa ->
                payloads.add(
                        new Notify(
                                ChildOffers.protocolId(sa.suite().protocol()),
                                Octets.ofInt(sa.inbound().spi()),
                                NotifyType.REKEY_SA.number(),
                                Octets.EMPTY)));
        payloads.add(initiation.offer());
        payloads.add(new Nonce(nonce));
        if (ours.isPresent()) {
            payloads.add(new KeyExchange(lastTried(initiation).number(), ours.get().publicValue()));
        }
        payloads.addAll(initiation.selectorsAndNotifies());
        progress = new Progress.Asked(initiation, ours);
        return new Step.Send(ExchangeType.CREATE_CHILD_SA, payloads);
    }

    private Group lastTried(ChildInitiation initiation) {
        return wanted.orElse(initiation.firstGroup());
    }

    @Override
    public Step onJob(Input answer, long now) {
        return switch (answer) {
            case Input.Generated g
                    when progress instanceof Progress.MakingKey(ChildInitiation i, long job)
                            && g.job() == job ->
                    ask(i, Optional.of(g.ephemeral()));
            case Input.Disagreed d
                    when progress instanceof Progress.MakingKey(ChildInitiation i, long job)
                            && d.job() == job -> {
                i.abandon();
                yield failed(Cause.OURSELVES, d.why(), now);
            }
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
            case FollowUp.Outcome.Complete(List<Secret> shared) ->
                    install(p.agreement(), shared, p.nonceR(), now);
            case FollowUp.Outcome.Forgotten _ -> {
                abandon();
                yield postponed("it does not go on with this one", now);
            }
            case FollowUp.Outcome.Failed(Cause cause, String why) -> {
                boolean isMadeThere = p.keys().isLast();
                abandon();
                if (isMadeThere) {
                    ground.disown(child, p.agreement().ourSpi(), now);
                }
                yield failed(cause, why, now);
            }
        };
    }

    @Override
    public Optional<Octets> lowestNonce() {
        return progress instanceof Progress.Agreeing p
                ? Optional.of(nonce.compareTo(p.nonceR()) < 0 ? nonce : p.nonceR())
                : Optional.empty();
    }

    private Step failed(Cause cause, String reason, long now) {
        return failed(cause, reason, child.selectors().toString(), now);
    }

    private Step failed(Cause cause, String reason, String ours, long now) {
        progress = new Progress.Idle();
        ground.connection()
                .onChildFailed(
                        child,
                        ground.failure(cause, name(), reason, ours, "")
                                .offering(
                                        child.name(),
                                        ChildOffers.describe(child.proposals()),
                                        child.selectors().toString(),
                                        "",
                                        "")
                                .at(
                                        DecidingLine.of(
                                                ground.connection().spec(), cause, child.name())),
                        now);
        return new Step.Done();
    }

    @Override
    public Step onAnswer(PayloadChain answer, long now) {
        if (progress instanceof Progress.Agreeing p) {
            return carryOn(p, p.keys().onAnswer(answer), now);
        }
        if (!(progress instanceof Progress.Asked(ChildInitiation initiation, var ours))) {
            return new Step.Done();
        }
        progress = new Progress.Idle();
        Optional<Group> other = otherGroup(initiation, answer);
        if (other.isPresent()) {
            ours.ifPresent(KeyAgreement.Ephemeral::close);
            wanted = other;
            return with(initiation, other.get());
        }
        return switch (initiation.process(answer)) {
            case ChildInitiation.Outcome.Refused refused -> {
                ours.ifPresent(KeyAgreement.Ephemeral::close);
                initiation.reject(answer, now);
                yield refused(refused, now);
            }
            case ChildInitiation.Outcome.Agreed(ChildAgreement agreement) ->
                    agreed(initiation, agreement, ours, answer, now);
        };
    }

    /// RFC 7296, 1.3: the responder may want another group of those that we offered.
    private Optional<Group> otherGroup(ChildInitiation initiation, PayloadChain answer) {
        return answer.notify(NotifyType.INVALID_KE_PAYLOAD.number())
                .filter(n -> n.data().length() == 2)
                .flatMap(n -> Group.byNumber(n.data().at(0) << 8 | n.data().at(1)))
                .filter(g -> initiation.groups().contains(g) && !tried.contains(g));
    }

    private Step agreed(
            ChildInitiation initiation,
            ChildAgreement agreement,
            Optional<KeyAgreement.Ephemeral> ours,
            PayloadChain answer,
            long now) {
        Optional<Nonce> nonceR = answer.first(Nonce.class);
        Optional<KeyExchange> theirs = answer.first(KeyExchange.class);
        Group group = agreement.choice().suite().group();
        boolean keFits =
                ours.isPresent()
                        ? theirs.isPresent()
                                && group == lastTried(initiation)
                                && theirs.get().method() == group.number()
                        : group == Group.NONE && theirs.isEmpty();
        Optional<FollowUp> keys = FollowUp.of(ground, agreement.choice().additional(), answer);
        if (nonceR.isEmpty() || !keFits || keys.isEmpty()) {
            ours.ifPresent(KeyAgreement.Ephemeral::close);
            initiation.reject(answer, now);
            return failed(
                    Cause.MALFORMED,
                    "the answer has no nonce, or not the key exchange of its proposal",
                    now);
        }
        if (ours.isEmpty()) {
            return install(agreement, List.of(), nonceR.get().value(), now);
        }
        keys.get().begin(ours.get(), theirs.orElseThrow().data());
        progress = new Progress.Agreeing(agreement, nonceR.get().value(), keys.get());
        return new Step.Wait();
    }

    private Step install(ChildAgreement agreement, List<Secret> shared, Octets nonceR, long now) {
        progress = new Progress.Idle();
        long id = agreement.install(ground, shared, nonce, nonceR, now);
        ground.connection().ledger().completed(id, now);
        return new Step.Done();
    }

    private Step refused(ChildInitiation.Outcome.Refused refused, long now) {
        Optional<NotifyType> why = refused.hint().flatMap(Notify::known);
        if (why.isPresent() && why.get() == NotifyType.TEMPORARY_FAILURE) {
            // RFC 7296, 2.25: "MUST NOT immediately retry": the ledger and the connection come back
            // at their own pace.
            return postponed("the peer is busy (TEMPORARY_FAILURE)", now);
        }
        if (why.isPresent() && why.get() == NotifyType.CHILD_SA_NOT_FOUND && old.isPresent()) {
            // RFC 7296, 2.25: the initiator "SHOULD silently delete the Child SA and send a request
            // to create a new Child SA from scratch"
            ground.connection().ledger().end(old.get().id(), "the peer has it no more", false, now);
            ground.connection().onChildMissing(child, now);
            return new Step.Done();
        }
        ground.connection().onChildFailed(child, refused.failure(), now);
        return new Step.Done();
    }

    private Step postponed(String why, long now) {
        ground.context()
                .tell(
                        new Event.Noticed(
                                ground.connection().name(),
                                ground.path(),
                                name() + ": " + why + ", again later"));
        ground.connection().onChildPostponed(child, old, now);
        return new Step.Done();
    }

    @Override
    public void abandon() {
        switch (progress) {
            case Progress.Idle _ -> {}
            case Progress.MakingKey(ChildInitiation i, long _) -> i.abandon();
            case Progress.Asked(ChildInitiation i, var ours) -> {
                ours.ifPresent(KeyAgreement.Ephemeral::close);
                i.abandon();
            }
            case Progress.Agreeing p -> {
                p.keys().close();
                ground.context().releaseInboundSpi(p.agreement().ourSpi());
            }
        }
        progress = new Progress.Idle();
    }
}
