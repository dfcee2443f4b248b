package io.sallyport.daemon.vici;

import io.sallyport.control.vici.ViciEvent;
import io.sallyport.control.vici.ViciMessage;
import io.sallyport.control.vici.ViciOperator;
import io.sallyport.daemon.text.LogRing;
import io.sallyport.model.command.ChildSaView;
import io.sallyport.model.command.IkeSaView;
import io.sallyport.model.event.Account;
import io.sallyport.model.event.Event;
import io.sallyport.model.event.Failure;
import io.sallyport.model.event.Terms;
import io.sallyport.model.sa.ChildSa;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;

/// Turns what happens into vici events for those who listen, and wakes commands that wait for
/// something to happen. It takes events on the IKE loop's thread and never blocks it.
public final class ViciFeed {
    private final SaViews views;
    private final LongSupplier nanos;
    private final SaSections sections;
    private final Numbers numbers;
    private final List<ViciOperator.Sink> sinks = new CopyOnWriteArrayList<>();
    private final LastSeen seen = new LastSeen();

    /// By connection.
    private final Map<String, List<Watch>> watches = new HashMap<>();

    /// A command that waits; true from `isOver` ends the waiting.
    private record Watch(Predicate<Optional<Event>> isOver, Runnable ended) {}

    ViciFeed(SaViews views, LongSupplier nanos, SaSections sections, Numbers numbers) {
        this.views = views;
        this.nanos = nanos;
        this.sections = sections;
        this.numbers = numbers;
    }

    /// From any thread; [#remember] must follow, on the loop's thread.
    ViciOperator.Listening listen(ViciOperator.Sink sink, LogRing log, Runnable remember) {
        sinks.add(sink);
        LogRing.Following following =
                log.follow(
                        0,
                        entry -> {
                            if (sink.wants(ViciEvent.LOG)) {
                                sink.tell(ViciEvent.LOG, LogText.event(entry.line()));
                            }
                        });
        return new ViciOperator.Listening() {
            @Override
            public void more() {
                remember.run();
            }

            @Override
            public void close() {
                sinks.remove(sink);
                following.close();
            }
        };
    }

    /// What there is before the first event.
    void remember() {
        seen.clear();
        all().forEach(seen::add);
    }

    /// All IKE SAs there are, those under negotiation included; what is not among them has no
    /// number any more.
    List<IkeSaView> all() {
        List<IkeSaView> all = views.all();
        numbers.keep(all.stream());
        return all;
    }

    /// On the loop's thread: runs `ended` once as soon as `isOver` says so, asked now (without an
    /// event) and after each event of the connection.
    void watch(String connection, Predicate<Optional<Event>> isOver, Runnable ended) {
        if (isOver.test(Optional.empty())) {
            ended.run();
        } else {
            watches.computeIfAbsent(connection, _ -> new ArrayList<>())
                    .add(new Watch(isOver, ended));
        }
    }

    /// On the loop's thread: nobody waits any more.
    void forget(String connection, Runnable ended) {
        watches.computeIfPresent(
                connection,
                (_, those) -> {
                    those.removeIf(watch -> watch.ended() == ended);
                    return those.isEmpty() ? null : those;
                });
    }

    /// On the loop's thread.
    void take(Event event) {
        if (sinks.isEmpty() && !seen.isEmpty()) {
            seen.clear();
        }
        if (event instanceof Event.Failed(Failure failure, _)) {
            alert(failure);
        } else if (isOfSas(event) && isHeard()) {
            tell(event);
        }
        if (event instanceof Event.IkeClosed gone) {
            numbers.forget(gone.keys());
        }
        for (Watch watch : List.copyOf(watches.getOrDefault(event.connection(), List.of()))) {
            if (watch.isOver().test(Optional.of(event))) {
                forget(event.connection(), watch.ended());
                watch.ended().run();
            }
        }
    }

    private static boolean isOfSas(Event event) {
        return event instanceof Event.IkeEstablished
                || event instanceof Event.IkeClosed
                || event instanceof Event.ChildEstablished
                || event instanceof Event.ChildClosed
                || event instanceof Event.PathChanged
                || event instanceof Event.PeerDead;
    }

    /// Whether anybody listens to what happens to SAs.
    private boolean isHeard() {
        for (ViciOperator.Sink sink : sinks) {
            if (sink.wants(ViciEvent.IKE_UPDOWN)
                    || sink.wants(ViciEvent.IKE_REKEY)
                    || sink.wants(ViciEvent.IKE_UPDATE)
                    || sink.wants(ViciEvent.CHILD_UPDOWN)
                    || sink.wants(ViciEvent.CHILD_REKEY)) {
                return true;
            }
        }
        return false;
    }

    private void tell(Event event) {
        switch (event) {
            case Event.IkeEstablished e -> ikeUp(e, saw(views.beside(e.keys())));
            case Event.IkeClosed e -> ikeDown(e);
            case Event.ChildEstablished e -> childUp(e.sa(), saw(views.beside(e.sa().id())));
            case Event.ChildClosed e -> childDown(e.sa());
            case Event.PathChanged e -> ikeMoved(e, saw(views.beside(e.keys())));
            // What it carried is told with its end
            case Event.PeerDead e -> saw(views.beside(e.keys()));
            case Event.Failed _,
                    Event.InternalError _,
                    Event.Retransmitted _,
                    Event.NatFound _,
                    Event.GivenUp _,
                    Event.CalledOff _,
                    Event.AddressLent _,
                    Event.AddressesBorrowed _,
                    Event.AddressesReturned _,
                    Event.Suspected _,
                    Event.Noticed _,
                    Event.WeakAlgorithm _,
                    Event.IkeKeysForExport _ -> {}
        }
    }

    private List<IkeSaView> saw(List<IkeSaView> now) {
        now.forEach(seen::add);
        return now;
    }

    private static boolean established(IkeSaView view) {
        return view.state().equals("ESTABLISHED");
    }

    private static boolean is(IkeSaView view, IkeSaView.Keys keys) {
        return Numbers.key(view.keys()).equals(Numbers.key(keys));
    }

    private void ikeUp(Event.IkeEstablished e, List<IkeSaView> now) {
        Optional<IkeSaView> fresh =
                now.stream().filter(view -> established(view) && is(view, e.keys())).findFirst();
        if (fresh.isEmpty()) {
            return;
        }
        IkeSaView view = fresh.get();
        // IKEv1 does not rekey: what replaces an IKE SA there is another one. By now the old one
        // may be gone from the views.
        Optional<LastSeen.Peer> peer =
                seen.like(view).filter(_ -> e.rekeyed() && SaSections.isV2(view));
        Optional<IkeSaView> old =
                peer.flatMap(p -> p.newest(other -> !is(other, e.keys()) && !p.isReplaced(other)));
        if (old.isPresent()) {
            peer.get().replaced(old.get());
            raise(
                    ViciEvent.IKE_REKEY,
                    () -> pair(view.connection(), replaced(old.get()), ike(view)));
        } else {
            raise(
                    ViciEvent.IKE_UPDOWN,
                    () ->
                            ViciMessage.with()
                                    .put("up", "yes")
                                    .section(view.connection(), ike(view))
                                    .done());
        }
    }

    private static ViciMessage pair(String name, ViciMessage old, ViciMessage fresh) {
        return ViciMessage.with()
                .section(name, ViciMessage.with().section("old", old).section("new", fresh).done())
                .done();
    }

    private ViciMessage ike(IkeSaView view) {
        return sections.ike(view, view.state(), nanos.getAsLong()).done();
    }

    /// It stands until its deletion was answered.
    private ViciMessage replaced(IkeSaView view) {
        return sections.ike(view, "REKEYING", nanos.getAsLong()).done();
    }

    private void ikeDown(Event.IkeClosed e) {
        seen.ikeSaGone(e.keys())
                .ifPresent(view ->
                        raise(
                                ViciEvent.IKE_UPDOWN,
                                () ->
                                        ViciMessage.with()
                                                .section(
                                                        view.connection(),
                                                        sections.ike(
                                                                        view,
                                                                        "DELETING",
                                                                        nanos.getAsLong())
                                                                .done())
                                                .done()));
    }

    private void ikeMoved(Event.PathChanged e, List<IkeSaView> now) {
        now.stream()
                .filter(view -> is(view, e.keys()))
                .findFirst()
                .ifPresent(view ->
                        raise(
                                ViciEvent.IKE_UPDATE,
                                () ->
                                        ViciMessage.with()
                                                .put(
                                                        "local-host",
                                                        e.is().local().address().toString())
                                                .put("local-port", e.is().local().port())
                                                .put(
                                                        "remote-host",
                                                        e.is().remote().address().toString())
                                                .put("remote-port", e.is().remote().port())
                                                .section(view.connection(), ike(view))
                                                .done()));
    }

    /// Of many peers under one connection, the one whose child it is.
    private static boolean has(IkeSaView view, ChildSa sa) {
        return view.children().stream().anyMatch(c -> c.sa().id() == sa.id());
    }

    private void childUp(ChildSa sa, List<IkeSaView> now) {
        Optional<IkeSaView> ike = LastSeen.newest(now, view -> established(view) && has(view, sa));
        if (ike.isEmpty()) {
            return;
        }
        Optional<ChildSaView> fresh =
                ike.get().children().stream().filter(c -> c.sa().id() == sa.id()).findFirst();
        Optional<ChildSaView> old =
                ike.get().children().stream()
                        .filter(c -> c.sa().id() != sa.id() && c.sa().owner().equals(sa.owner()))
                        .max(Comparator.comparingLong(ChildSaView::establishedNanos));
        fresh.ifPresent(child -> {
            long at = nanos.getAsLong();
            if (old.isPresent()) {
                raise(
                        ViciEvent.CHILD_REKEY,
                        () ->
                                within(
                                        ike.get(),
                                        pair(
                                                sa.owner().child(),
                                                sections.child(
                                                        old.get(),
                                                        replaced(ike.get(), old.get()),
                                                        at),
                                                sections.child(child, at)),
                                        false));
            } else {
                raise(
                        ViciEvent.CHILD_UPDOWN,
                        () ->
                                within(
                                        ike.get(),
                                        ViciMessage.with()
                                                .section(
                                                        SaSections.name(sa),
                                                        sections.child(child, at))
                                                .done(),
                                        true));
            }
        });
    }

    /// charon tells of IKEv1 while it replaces, of IKEv2 when it has.
    private static String replaced(IkeSaView ike, ChildSaView old) {
        return SaSections.isV2(ike) ? old.state() : "REKEYING";
    }

    private ViciMessage within(IkeSaView ike, ViciMessage children, boolean up) {
        return ViciMessage.with()
                .flag("up", up)
                .section(
                        ike.connection(),
                        sections.ike(ike, ike.state(), nanos.getAsLong())
                                .section("child-sas", children)
                                .done())
                .done();
    }

    /// The SA is gone from the views: it is told as it was seen last.
    private void childDown(ChildSa sa) {
        Optional<LastSeen.Peer> peer = seen.ofChild(sa.id());
        Optional<IkeSaView> had = peer.flatMap(p -> p.newest(view -> has(view, sa)));
        // A child of IKEv1 outlives its IKE SA
        Optional<IkeSaView> ike =
                had.or(() -> peer.flatMap(p -> p.newest(_ -> true)))
                        .map(view ->
                                saw(views.beside(view.keys())).stream()
                                        .filter(now -> is(now, view.keys()))
                                        .findFirst()
                                        .orElse(view));
        Optional<ChildSaView> child = seen.childGone(sa.id());
        // What was replaced was told with its successor; what never came to carry was never told.
        boolean told =
                child.filter(c -> Spelling.childState(c.state()).equals("INSTALLED")).isPresent();
        if (ike.isPresent() && child.isPresent() && told) {
            raise(
                    ViciEvent.CHILD_UPDOWN,
                    () ->
                            within(
                                    ike.get(),
                                    ViciMessage.with()
                                            .section(
                                                    SaSections.name(sa),
                                                    sections.child(
                                                            child.get(),
                                                            "DELETED",
                                                            nanos.getAsLong()))
                                            .done(),
                                    false));
        }
    }

    /// The record of a failure, as in log and status: both sides and the line that decided.
    private void alert(Failure failure) {
        Account account = failure.account();
        raise(
                ViciEvent.ALERT,
                () ->
                        ViciMessage.with()
                                .put("type", "negotiation-failed")
                                .put("ike", failure.connection())
                                .put("peer", failure.peer())
                                .put("exchange", failure.exchange())
                                .put("reason", failure.reason())
                                .put("ours", failure.ours())
                                .put("theirs", failure.theirs())
                                .put("origin", failure.origin().toString())
                                .put("cause", failure.cause().word())
                                .put("child", account.child())
                                .put("role", account.initiator() ? "initiator" : "responder")
                                .put("proven", account.proven() ? "yes" : "no")
                                .section("local", terms(account.us()))
                                .section("remote", terms(account.them()))
                                .put("verdict", account.verdict())
                                .put("next", failure.cause().advice())
                                .done());
    }

    private static ViciMessage terms(Terms terms) {
        return ViciMessage.with()
                .put("id", terms.identity())
                .put("wanted", terms.wanted())
                .put("proposals", terms.proposals())
                .put("ts", terms.selectors())
                .done();
    }

    private void raise(ViciEvent event, Supplier<ViciMessage> message) {
        ViciMessage made = null;
        for (ViciOperator.Sink sink : sinks) {
            if (sink.wants(event)) {
                if (made == null) {
                    made = message.get();
                }
                sink.tell(event, made);
            }
        }
    }
}
