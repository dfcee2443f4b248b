package io.sallyport.daemon.vici;

import io.sallyport.control.vici.ViciEvent;
import io.sallyport.control.vici.ViciMessage;
import io.sallyport.control.vici.ViciOperator;
import io.sallyport.daemon.text.LogRing;
import io.sallyport.model.command.ChildSaView;
import io.sallyport.model.command.IkeSaView;
import io.sallyport.model.event.Event;
import io.sallyport.model.event.Failure;
import io.sallyport.model.sa.ChildSa;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;

/// Turns what happens into vici events for those who listen, and wakes commands that wait for
/// something to happen. It takes events on the IKE loop's thread and never blocks it.
public final class ViciFeed {
    private final Function<String, List<IkeSaView>> views;
    private final LongSupplier nanos;
    private final SaSections sections;
    private final Numbers numbers;
    private final List<ViciOperator.Sink> sinks = new CopyOnWriteArrayList<>();
    private final List<Watch> watches = new ArrayList<>();

    /// By connection, how its SAs were seen last: what closes is gone from the views already, often
    /// several at once, and is told as it was.
    private final Map<String, Memory> seen = new HashMap<>();

    /// What is not known to be closed, by [Numbers#key] and by the child SA's number.
    ///
    /// @param replaced IKE SAs that were told together with what replaced them
    private record Memory(
            Map<String, IkeSaView> ikeSas, Map<Long, ChildSaView> children, Set<String> replaced) {
        Memory() {
            this(new LinkedHashMap<>(), new LinkedHashMap<>(), new HashSet<>());
        }

        void add(IkeSaView view) {
            ikeSas.put(Numbers.key(view), view);
            view.children().forEach(child -> children.put(child.sa().id(), child));
        }
    }

    /// A command that waits; true from `isOver` ends the waiting.
    private record Watch(Predicate<Optional<Event>> isOver, Runnable ended) {}

    ViciFeed(
            Function<String, List<IkeSaView>> views,
            LongSupplier nanos,
            SaSections sections,
            Numbers numbers) {
        this.views = views;
        this.nanos = nanos;
        this.sections = sections;
        this.numbers = numbers;
    }

    /// From any thread; [#remember] must follow, on the loop's thread.
    ViciOperator.Listening listen(ViciOperator.Sink sink, LogRing log) {
        sinks.add(sink);
        LogRing.Following following =
                log.follow(
                        0,
                        entry -> {
                            if (sink.wants(ViciEvent.LOG)) {
                                sink.tell(ViciEvent.LOG, LogText.event(entry.line()));
                            }
                        });
        return () -> {
            sinks.remove(sink);
            following.close();
        };
    }

    /// What there is before the first event.
    void remember(List<IkeSaView> all) {
        seen.clear();
        for (IkeSaView view : all) {
            seen.computeIfAbsent(view.connection(), _ -> new Memory()).add(view);
        }
    }

    /// On the loop's thread: runs `ended` once as soon as `isOver` says so, asked now (without an
    /// event) and after each event.
    void watch(Predicate<Optional<Event>> isOver, Runnable ended) {
        if (isOver.test(Optional.empty())) {
            ended.run();
        } else {
            watches.add(new Watch(isOver, ended));
        }
    }

    /// On the loop's thread: nobody waits any more.
    void forget(Runnable ended) {
        watches.removeIf(watch -> watch.ended() == ended);
    }

    /// On the loop's thread.
    void take(Event event) {
        if (!sinks.isEmpty() && !event.connection().isEmpty()) {
            List<IkeSaView> now = views.apply(event.connection());
            tell(event, now);
            now.forEach(seen(event.connection())::add);
        }
        if (event instanceof Event.IkeClosed closed) {
            forget(closed.connection());
        }
        for (Watch watch : List.copyOf(watches)) {
            if (watch.isOver().test(Optional.of(event))) {
                watches.remove(watch);
                watch.ended().run();
            }
        }
    }

    /// Numbers of IKE SAs that are gone and told are free; of those that are gone and not yet told
    /// they are not.
    private void forget(String connection) {
        List<IkeSaView> alive = new ArrayList<>(views.apply(connection));
        Memory memory = seen(connection);
        if (sinks.isEmpty() || memory.ikeSas().isEmpty()) {
            seen.remove(connection);
        } else {
            alive.addAll(memory.ikeSas().values());
        }
        numbers.keep(connection, alive);
    }

    private Memory seen(String connection) {
        return seen.computeIfAbsent(connection, _ -> new Memory());
    }

    private void tell(Event event, List<IkeSaView> now) {
        switch (event) {
            case Event.IkeEstablished e -> ikeUp(e, now);
            case Event.IkeClosed e -> ikeDown(e, now);
            case Event.ChildEstablished e -> childUp(e.connection(), e.sa(), now);
            case Event.ChildClosed e -> childDown(e.connection(), e.sa(), now);
            case Event.PathChanged e -> ikeMoved(e, now);
            case Event.Failed(Failure failure, _) -> alert(failure);
            case Event.PeerDead _,
                    Event.InternalError _,
                    Event.Retransmitted _,
                    Event.NatFound _,
                    Event.GivenUp _,
                    Event.AddressLent _,
                    Event.AddressesBorrowed _,
                    Event.AddressesReturned _,
                    Event.Suspected _,
                    Event.Noticed _,
                    Event.WeakAlgorithm _,
                    Event.IkeKeysForExport _ -> {}
        }
    }

    private static boolean established(IkeSaView view) {
        return view.state().equals("ESTABLISHED");
    }

    /// The SA that an event is about, of those of its connection.
    private static Optional<IkeSaView> newest(List<IkeSaView> among, Predicate<IkeSaView> and) {
        return among.stream()
                .filter(and)
                .max(Comparator.comparingLong(view -> view.times().establishedNanos()));
    }

    private void ikeUp(Event.IkeEstablished e, List<IkeSaView> now) {
        Optional<IkeSaView> fresh =
                newest(now, view -> established(view) && view.path().equals(e.path()));
        // By now it may be gone from the views.
        Memory memory = seen(e.connection());
        Optional<IkeSaView> old =
                newest(
                        List.copyOf(memory.ikeSas().values()),
                        view ->
                                fresh.isPresent()
                                        && !Numbers.key(view).equals(Numbers.key(fresh.get()))
                                        && !memory.replaced().contains(Numbers.key(view))
                                        && view.times().establishedNanos() > 0);
        // IKEv1 does not rekey: what replaces an IKE SA there is another one.
        boolean rekeyed = e.rekeyed() && fresh.filter(SaSections::isV2).isPresent();
        fresh.ifPresent(view -> {
            if (rekeyed && old.isPresent()) {
                memory.replaced().add(Numbers.key(old.get()));
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
        });
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

    private void ikeDown(Event.IkeClosed e, List<IkeSaView> now) {
        Set<String> left = new HashSet<>();
        now.forEach(view -> left.add(Numbers.key(view)));
        Memory memory = seen(e.connection());
        for (String gone : List.copyOf(memory.replaced())) {
            if (!left.contains(gone)) {
                memory.replaced().remove(gone);
                if (memory.ikeSas().remove(gone) != null) {
                    return; // told with its successor
                }
            }
        }
        newest(
                        List.copyOf(memory.ikeSas().values()),
                        view -> established(view) && !left.contains(Numbers.key(view)))
                .ifPresent(view -> {
                    memory.ikeSas().remove(Numbers.key(view));
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
                                            .done());
                });
    }

    private void ikeMoved(Event.PathChanged e, List<IkeSaView> now) {
        newest(now, ViciFeed::established)
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

    private void childUp(String connection, ChildSa sa, List<IkeSaView> now) {
        Optional<IkeSaView> ike = newest(now, ViciFeed::established);
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
    private void childDown(String connection, ChildSa sa, List<IkeSaView> now) {
        Memory memory = seen(connection);
        Optional<IkeSaView> ike =
                newest(now, ViciFeed::established)
                        .or(() ->
                                newest(
                                        List.copyOf(memory.ikeSas().values()),
                                        ViciFeed::established));
        Optional<ChildSaView> child = Optional.ofNullable(memory.children().remove(sa.id()));
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
                                .done());
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
