package io.sallyport.ike.v2;

import io.sallyport.base.Octets;
import io.sallyport.base.net.Path;
import io.sallyport.base.time.Deadlines;
import io.sallyport.ike.machine.Input;
import io.sallyport.ike.v2.task.Answer;
import io.sallyport.ike.v2.task.ChildRequest;
import io.sallyport.ike.v2.task.CreateChild;
import io.sallyport.ike.v2.task.DeleteChild;
import io.sallyport.ike.v2.task.DeleteIke;
import io.sallyport.ike.v2.task.IkeRekeyRequest;
import io.sallyport.ike.v2.task.LinkedAnswers;
import io.sallyport.ike.v2.task.PathCheck;
import io.sallyport.ike.v2.task.PathProbe;
import io.sallyport.ike.v2.task.RekeyIke;
import io.sallyport.ike.v2.task.Task;
import io.sallyport.ike.v2.task.UpdateAddresses;
import io.sallyport.model.sa.ChildSa;
import io.sallyport.model.spec.ChildSpec;
import io.sallyport.wire.ike.MalformedException;
import io.sallyport.wire.ike.v2.Delete;
import io.sallyport.wire.ike.v2.ExchangeType;
import io.sallyport.wire.ike.v2.MessageRules;
import io.sallyport.wire.ike.v2.MessageRules.MessageKind;
import io.sallyport.wire.ike.v2.Notify;
import io.sallyport.wire.ike.v2.Payload;
import io.sallyport.wire.ike.v2.PayloadChain;
import io.sallyport.wire.ike.v2.SaPayload;
import io.sallyport.wire.ike.v2.number.NotifyType;
import io.sallyport.wire.ike.v2.number.ProtocolId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/// What runs under an established IKE SA: our tasks, one at a time, and the peer's requests, one at
/// a time; and what is done when the two collide (RFC 7296, 2.25).
final class Exchanges {
    /// How long a peer like us takes to ask again for a new IKE SA.
    private static final long COURTESY = 2_000_000_000L;

    private final V2Session session;
    private final Deque<Task> queue = new ArrayDeque<>();
    private Optional<Task> active = Optional.empty();
    private Optional<Answer> answering = Optional.empty();
    private int answeringType;
    private final LinkedAnswers linked;

    /// Our delete waits for the request before it, or for its own answer.
    private boolean closing;

    /// A successor has taken over: nothing is begun here any more.
    private boolean retired;

    /// Until then we begin no child: the peer, whose rekeying of the IKE SA we refused for one,
    /// comes first. Else both ends refuse each other again and again (RFC 7296, 2.25.2).
    private long courteousUntil = Deadlines.NEVER;

    Exchanges(V2Session session) {
        this.session = session;
        this.linked = new LinkedAnswers(session.context().settings().patienceNanos());
    }

    // ---- facts

    String name() {
        return active.map(Task::name).orElse("");
    }

    boolean isAnswering() {
        return answering.isPresent();
    }

    boolean isBusy() {
        return answering.isPresent()
                || !linked.isEmpty()
                || tasks().stream()
                        .anyMatch(t -> t instanceof CreateChild || t instanceof RekeyIke);
    }

    private List<Task> tasks() {
        List<Task> all = new ArrayList<>(queue);
        active.ifPresent(all::add);
        return all;
    }

    boolean isRekeyingIke() {
        return tasks().stream().anyMatch(RekeyIke.class::isInstance);
    }

    /// Whether one of the two ends is making a successor.
    boolean isSuccessorUnderWay() {
        return isRekeyingIke() || linked.isForIke();
    }

    boolean isNegotiating(String child) {
        return linked.isFor(child)
                || tasks().stream()
                        .anyMatch(t -> t instanceof CreateChild c && c.child().equals(child))
                || answering.isPresent()
                        && answering.get() instanceof ChildRequest r
                        && r.isAbout(child);
    }

    boolean isChecking(Path path) {
        return tasks().stream()
                .anyMatch(t -> t instanceof PathCheck c && c.along().equals(Optional.of(path)));
    }

    private Optional<PathCheck> check() {
        return active.flatMap(t -> t instanceof PathCheck c ? Optional.of(c) : Optional.empty());
    }

    /// A path that does not answer proves nothing against the peer.
    boolean isCheckingSomePath() {
        return check().filter(c -> !c.isMissed()).isPresent();
    }

    /// The request under way, if there is one, goes along another path from now on.
    void detour(Path to, long now) {
        check().ifPresent(PathCheck::miss);
        session.courier().detour(to, now);
    }

    /// The check under way is silent. Its ID is used, and the window of one waits for its answer:
    /// along the usual path, where silence is a dead peer's.
    void redirectCheck(long now) {
        check().ifPresent(PathCheck::miss);
        session.courier().redirect(session.path(), now);
    }

    boolean isDeleting(int peerSpi) {
        return tasks().stream().anyMatch(t -> t instanceof DeleteChild d && d.isAbout(peerSpi));
    }

    // ---- our tasks

    void add(Task task, long now) {
        if (!closing && !retired) {
            queue.add(task);
            pump(now);
        }
    }

    /// Where the peer is now: one place of each kind waits, the latest, behind what waits already.
    /// Places come as fast as packets do, and each may be silent.
    void check(PathCheck check, long now) {
        queue.removeIf(t -> t instanceof PathCheck c && c.isOfMove() == check.isOfMove());
        add(check, now);
    }

    /// We are elsewhere: that goes before all else, and before an older word of that kind. One that
    /// is under way already is answered along its own path, if at all.
    void relocate(UpdateAddresses update, long now) {
        queue.removeIf(UpdateAddresses.class::isInstance);
        if (!closing && !retired) {
            queue.addFirst(update);
            pump(now);
        }
    }

    private void pump(long now) {
        while (active.isEmpty() && !session.courier().isWaiting()) {
            Optional<Task> next = queue.stream().filter(t -> !isHeldUp(t)).findFirst();
            if (next.isEmpty()) {
                return;
            }
            queue.remove(next.get());
            active = next;
            carryOn(next.get().begin(now), now);
        }
    }

    /// What would be made under this SA just when the peer's successor takes over, or keep it from
    /// that.
    private boolean isHeldUp(Task next) {
        return linked.isForIke() && (next instanceof CreateChild || next instanceof RekeyIke)
                || courteousUntil != Deadlines.NEVER && next instanceof CreateChild;
    }

    private void carryOn(Task.Step step, long now) {
        switch (step) {
            case Task.Step.Send _ when active.orElse(null) instanceof PathProbe probe ->
                    session.probe(probe, now);
            case Task.Step.Send(int exchangeType, List<Payload> payloads) ->
                    session.request(exchangeType, payloads, active.flatMap(Task::along), now);
            case Task.Step.Wait _ -> {}
            case Task.Step.Done _ -> active = Optional.empty();
        }
    }

    void onAnswer(PayloadChain answer, long now) {
        Optional<Task> task = active;
        if (closing) {
            active = Optional.empty();
            if (task.isPresent() && task.get() instanceof PathCheck check) {
                check.onAnswer(answer, now);
            }
            if (task.isPresent() && task.get() instanceof DeleteIke) {
                session.gone(now);
            } else {
                pump(now); // what was under way when we closed: now the delete can go
            }
            return;
        }
        if (task.isPresent()) {
            carryOnIfStill(task.get(), task.get().onAnswer(answer, now), now);
            cross(now);
        }
        if (isFatal(answer.payloads())) {
            session.close("the peer takes our request for malformed: INVALID_SYNTAX", true, now);
        }
    }

    /// Both ends rekey the same SA, and know all four nonces before either is done: whose exchange
    /// has the lowest one goes no further (RFC 7296, 2.8.1 and 2.8.2, with the nonces of
    /// CREATE_CHILD_SA: RFC 9370, 2.2.4).
    private void cross(long now) {
        Optional<Task> ours = active.filter(t -> t.lowestNonce().isPresent());
        Optional<Answer> theirs = ours.flatMap(linked::rivalOf);
        if (theirs.isEmpty()) {
            return;
        }
        Task task = ours.orElseThrow();
        if (task.lowestNonce().orElseThrow().compareTo(theirs.get().lowestNonce()) > 0) {
            linked.drop(theirs.get());
        } else if (session.courier().isWaiting()) {
            task.lose(now); // what is under way is answered first
        } else {
            carryOnIfStill(task, task.lose(now), now);
        }
    }

    /// A step may end the session, and with it this task.
    private void carryOnIfStill(Task task, Task.Step step, long now) {
        if (active.isPresent() && active.get() == task) {
            carryOn(step, now);
            pump(now);
        }
    }

    void onJob(Input answer, long now) {
        Optional<Task> task = active;
        if (task.isPresent() && !session.courier().isWaiting()) {
            carryOnIfStill(task.get(), task.get().onJob(answer, now), now);
        }
        Optional<Answer> request = answering;
        if (request.isPresent()) {
            reply(request.get().onJob(answer, now), now);
        }
    }

    /// The session is closed by us: what is under way is waited for, then the peer is told.
    void close(DeleteIke delete, long now) {
        onlyChecks();
        closing = true;
        active.ifPresent(Task::abandon);
        answering.ifPresent(Answer::abandon);
        answering = Optional.empty();
        linked.abandon();
        if (!session.courier().isWaiting()) {
            active = Optional.empty();
        }
        queue.add(delete);
        pump(now);
    }

    /// What was not begun yet and is about children: the heir's business from now on.
    List<Task> unbegun() {
        return queue.stream()
                .filter(t -> t instanceof CreateChild || t instanceof DeleteChild)
                .toList();
    }

    /// Nothing is begun here any more.
    void retire() {
        retired = true;
        linked.abandon();
        onlyChecks();
    }

    /// Where the peer is now: there it is to be told that we close this.
    private void onlyChecks() {
        queue.removeIf(t -> !(t instanceof PathCheck));
    }

    void abandon() {
        queue.clear();
        active.ifPresent(Task::abandon);
        active = Optional.empty();
        answering.ifPresent(Answer::abandon);
        answering = Optional.empty();
        linked.abandon();
    }

    // ---- time

    long nextDeadline() {
        return Math.min(linked.nextDeadline(), courteousUntil);
    }

    void tick(long now) {
        if (now >= courteousUntil) {
            courteousUntil = Deadlines.NEVER;
            pump(now);
        }
        if (now >= linked.nextDeadline()) {
            linked.tick(now);
            pump(now);
        }
    }

    // ---- the peer's requests

    /// Whether a request of this kind is due after the handshake.
    static boolean takes(int exchangeType) {
        return exchangeType != ExchangeType.IKE_AUTH;
    }

    void onRequest(int exchangeType, PayloadChain request, long now) {
        try {
            if (exchangeType == ExchangeType.CREATE_CHILD_SA) {
                MessageRules.check(MessageKind.CREATE_CHILD_SA_REQUEST, request.payloads());
            } else if (exchangeType == ExchangeType.INFORMATIONAL) {
                MessageRules.check(MessageKind.INFORMATIONAL_REQUEST, request.payloads());
            } else if (exchangeType == ExchangeType.IKE_FOLLOWUP_KE) {
                MessageRules.check(MessageKind.IKE_FOLLOWUP_KE_REQUEST, request.payloads());
            }
        } catch (MalformedException e) {
            refuseSyntax(exchangeType, "the peer's request is malformed: " + e.what(), now);
            return;
        }
        switch (exchangeType) {
            case ExchangeType.INFORMATIONAL -> onInformational(request, now);
            case ExchangeType.CREATE_CHILD_SA -> onCreate(request, now);
            case ExchangeType.IKE_FOLLOWUP_KE -> onFollowUp(request, now);
            default ->
                    refuseSyntax(
                            exchangeType,
                            "the peer's request is of an exchange that is unknown here",
                            now);
        }
    }

    /// RFC 7296, 2.21.3: "If a peer parsing a request notices that it is badly formatted [...] and
    /// it returns an INVALID_SYNTAX notification, then this error notification is considered fatal
    /// in both peers, meaning that the IKE SA is deleted without needing an explicit Delete
    /// payload." It is sent one all the same, for there are peers that go on.
    void refuseSyntax(int exchangeType, String why, long now) {
        session.courier().answer(exchangeType, List.of(Notify.of(NotifyType.INVALID_SYNTAX)));
        session.close(why, true, now);
    }

    private static boolean isFatal(List<Payload> said) {
        return said.stream()
                .anyMatch(p -> p instanceof Notify n && n.is(NotifyType.INVALID_SYNTAX));
    }

    private void onInformational(PayloadChain request, long now) {
        if (request.notify(NotifyType.AUTHENTICATION_FAILED.number()).isPresent() && !closing) {
            session.courier().answer(ExchangeType.INFORMATIONAL, List.of());
            session.onRejectedByPeer(now);
            return;
        }
        List<Payload> payloads = new ArrayList<>();
        for (Delete delete : request.all(Delete.class)) {
            if (delete.protocolId() == ProtocolId.IKE) {
                // RFC 7296, 1.4.1: "MUST be answered with an empty INFORMATIONAL message"
                session.courier().answer(ExchangeType.INFORMATIONAL, List.of());
                if (closing) {
                    session.gone(now); // 2.25.2: both close it: ours is void
                } else {
                    session.onDeletedByPeer(now);
                }
                return;
            }
            onDelete(delete, now).ifPresent(payloads::add);
        }
        for (Notify n : request.all(Notify.class)) {
            if (n.isError()) {
                session.notice("the peer says " + NotifyType.name(n.notifyType()));
            } else if (n.is(NotifyType.COOKIE2)) {
                payloads.add(n); // RFC 4555, 3.7: it is copied into the answer
            }
        }
        if (!closing) {
            session.life().heed(request, now);
        }
        if (request.notify(NotifyType.QUICK_CRASH_DETECTION.number()).isPresent()) {
            session.life().heedToken(request);
            payloads.addAll(session.crashToken());
        }
        if (!closing && !retired) {
            payloads.addAll(ResponderResume.granted(session, request, now));
        }
        Path from = session.courier().answerPath();
        payloads.addAll(session.mobility().answer(request, from));
        session.courier().answer(ExchangeType.INFORMATIONAL, payloads);
        session.mobility().follow(from, now);
        if (!closing && !retired) {
            session.redirects().onAuthentic(request, now);
        }
    }

    /// RFC 7296, 1.4.1: the answer names the other halves; but not those that we are deleting
    /// ourselves (2.25.1).
    private Optional<Delete> onDelete(Delete delete, long now) {
        List<Octets> ours = new ArrayList<>();
        for (Octets spi : delete.spis()) {
            if (spi.length() == 4) {
                session.heritage()
                        .deletedByPeer(spi.buffer().getInt(), now)
                        .ifPresent(s -> ours.add(Octets.ofInt(s)));
            }
        }
        return ours.isEmpty()
                ? Optional.empty()
                : Optional.of(Delete.ofChildSas(delete.protocolId(), ours));
    }

    private void onCreate(PayloadChain request, long now) {
        answeringType = ExchangeType.CREATE_CHILD_SA;
        boolean rekeysIke =
                request.first(SaPayload.class)
                        .filter(sa -> sa.proposals().getFirst().protocolId() == ProtocolId.IKE)
                        .isPresent();
        Optional<NotifyType> busy = rekeysIke ? busyForIke() : busyForChild();
        if (busy.isPresent()) {
            if (rekeysIke && !closing && !retired) {
                long left = session.connection().ledger().firstEnd() - now;
                courteousUntil = now + Math.clamp(left / 3, 0, COURTESY);
            }
            reply(Answer.Reply.refuse(busy.get()), now);
        } else if (rekeysIke) {
            answer(new IkeRekeyRequest(session, request), now);
        } else {
            onChild(request, now);
        }
    }

    /// RFC 7296, 2.25.2: "If a peer receives a request to rekey the IKE SA when it is currently
    /// creating, rekeying, or closing a Child SA of that IKE SA, it SHOULD reply with
    /// TEMPORARY_FAILURE."
    private Optional<NotifyType> busyForIke() {
        boolean busy =
                closing
                        || retired
                        || session.heritage().isUndecided()
                        || linked.isForSomeChild()
                        || active.filter(t -> t instanceof CreateChild || t instanceof DeleteChild)
                                .isPresent();
        return busy ? Optional.of(NotifyType.TEMPORARY_FAILURE) : Optional.empty();
    }

    /// RFC 7296, 2.25.2: the same for a child while the IKE SA is rekeyed or closed.
    private Optional<NotifyType> busyForChild() {
        boolean busy =
                closing
                        || retired
                        || session.heritage().isUndecided()
                        || linked.isForIke()
                        || active.filter(RekeyIke.class::isInstance).isPresent();
        return busy ? Optional.of(NotifyType.TEMPORARY_FAILURE) : Optional.empty();
    }

    private void onChild(PayloadChain request, long now) {
        Optional<Notify> rekey = request.notify(NotifyType.REKEY_SA.number());
        if (rekey.isEmpty()) {
            answer(new ChildRequest(session, request, Optional.empty(), now), now);
            return;
        }
        int spi = rekey.get().spi().length() == 4 ? rekey.get().spi().buffer().getInt() : 0;
        Optional<ChildSa> old = session.heritage().byPeerSpi(spi);
        if (isDeleting(spi)) {
            // RFC 7296, 2.25.1: a request to rekey what we are closing
            reply(Answer.Reply.refuse(NotifyType.TEMPORARY_FAILURE), now);
        } else if (old.isEmpty()) {
            // RFC 7296, 2.25: the notify names the SPI that is not there
            reply(
                    new Answer.Reply.Send(
                            List.of(
                                    new Notify(
                                            rekey.get().protocolId(),
                                            rekey.get().spi(),
                                            NotifyType.CHILD_SA_NOT_FOUND.number(),
                                            Octets.EMPTY)),
                            () -> {}),
                    now);
        } else {
            Optional<ChildSpec> about = session.connection().ledger().specOf(old.get().id());
            long since = session.connection().ledger().startedAtForRekeying(old.get().id(), now);
            answer(new ChildRequest(session, request, about, since), now);
        }
    }

    private void onFollowUp(PayloadChain request, long now) {
        answeringType = ExchangeType.IKE_FOLLOWUP_KE;
        Optional<Answer> goesOn =
                request.notify(NotifyType.ADDITIONAL_KEY_EXCHANGE.number())
                        .flatMap(n -> linked.take(n.data()));
        if (goesOn.isEmpty()) {
            // RFC 9370, 2.2.4: what the link stands for is not here, or not any more
            reply(Answer.Reply.refuse(NotifyType.STATE_NOT_FOUND), now);
            return;
        }
        answering = goesOn;
        reply(goesOn.get().followUp(request, now), now);
    }

    private void answer(Answer request, long now) {
        answering = Optional.of(request);
        reply(request.begin(now), now);
    }

    private void reply(Answer.Reply reply, long now) {
        switch (reply) {
            case Answer.Reply.Wait _ -> {}
            case Answer.Reply.Send(List<Payload> payloads, Runnable afterwards) -> {
                answering = Optional.empty();
                session.courier().answer(answeringType, payloads);
                afterwards.run();
                if (isFatal(payloads)) {
                    session.close("the peer's request is malformed", true, now);
                }
                pump(now);
            }
            case Answer.Reply.Linked(List<Payload> payloads, Octets link) -> {
                linked.keep(link, answering.orElseThrow(), now);
                answering = Optional.empty();
                session.courier().answer(answeringType, payloads);
                cross(now);
            }
        }
    }
}
