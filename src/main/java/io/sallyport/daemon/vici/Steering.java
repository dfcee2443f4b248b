package io.sallyport.daemon.vici;

import io.sallyport.base.net.IpAddress;
import io.sallyport.base.net.IpPrefix;
import io.sallyport.base.net.IpRange;
import io.sallyport.control.vici.ViciEvent;
import io.sallyport.control.vici.ViciMessage;
import io.sallyport.control.vici.ViciOperator.Sink;
import io.sallyport.daemon.host.HostPlanner;
import io.sallyport.daemon.steer.Steward;
import io.sallyport.daemon.text.LogLine;
import io.sallyport.daemon.text.LogRing;
import io.sallyport.model.command.ChildSaView;
import io.sallyport.model.command.Command;
import io.sallyport.model.command.IkeSaView;
import io.sallyport.model.event.Event;
import io.sallyport.model.sa.Owner;
import io.sallyport.model.sa.PolicyAction;
import io.sallyport.model.sa.PolicyEntry;
import io.sallyport.model.spec.AddressSpec;
import io.sallyport.model.spec.ChildSpec;
import io.sallyport.model.spec.ConnectionSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;

/// The commands that make SAs come and go. Those that wait stream the log of their connection
/// meanwhile, as `control-log`.
final class Steering {
    /// Where a client gives no timeout it waits until it is known how it went; SAs close sooner.
    private static final long CLOSING_MILLIS = 10_000;

    private static final int LINES_WAITING = 1000;

    private final ViciDesk.Parts parts;
    private final ViciFeed feed;
    private final Numbers numbers;
    private final Asking loop;

    /// A child with its connection.
    private record Target(ConnectionSpec connection, ChildSpec child) {
        Owner owner() {
            return HostPlanner.owner(connection, child);
        }
    }

    /// How a waiting ended.
    private enum End {
        DONE,
        FAILED,
        TIMEOUT
    }

    /// What waits for the IKE loop: lines to pass on, and the end.
    private sealed interface Note {
        record Line(LogLine line) implements Note {}

        record Over(End end) implements Note {}
    }

    Steering(ViciDesk.Parts parts, ViciFeed feed, Numbers numbers, Asking loop) {
        this.parts = parts;
        this.feed = feed;
        this.numbers = numbers;
        this.loop = loop;
    }

    boolean matches(IkeSaView view, Optional<String> name, OptionalLong id) {
        return name.filter(n -> !n.equals(view.connection())).isEmpty()
                && (id.isEmpty() || id.getAsLong() == numbers.ofIkeSa(view));
    }

    static boolean matches(ChildSaView view, Optional<String> name, OptionalLong id) {
        return name.filter(n -> !n.equals(view.sa().owner().child())).isEmpty()
                && (id.isEmpty() || id.getAsLong() == view.sa().id());
    }

    private Optional<Target> target(Optional<String> ike, String child) {
        return loop.ask(
                "target",
                _ -> {
                    for (ConnectionSpec connection : parts.steward().vpn().connections()) {
                        if (ike.filter(n -> !n.equals(connection.name())).isEmpty()) {
                            for (ChildSpec spec : connection.children()) {
                                if (spec.name().equals(child)) {
                                    return Optional.of(new Target(connection, spec));
                                }
                            }
                        }
                    }
                    return Optional.<Target>empty();
                });
    }

    // ---- initiate

    ViciMessage initiate(ViciMessage request, Sink stream) {
        Optional<String> child = request.text("child");
        Optional<String> ike = request.text("ike");
        if (child.isEmpty() && ike.isEmpty()) {
            return Replies.failed("missing configuration name");
        }
        if (child.isEmpty()) {
            return initiateIke(ike.orElseThrow(), request, stream);
        }
        Optional<Target> target = target(ike, child.get());
        if (target.isEmpty()) {
            return Replies.failed("CHILD_SA config '" + child.get() + "' not found");
        }
        String connection = target.get().connection().name();
        Owner owner = target.get().owner();
        End end =
                await(
                        request,
                        stream,
                        connection,
                        steward -> steward.initiate(connection, owner.child()),
                        event ->
                                parts.steward().board().isUp(owner)
                                        ? Optional.of(End.DONE)
                                        : failure(event, connection));
        return told(end, request, "CHILD_SA '" + child.get() + "'");
    }

    private ViciMessage initiateIke(String ike, ViciMessage request, Sink stream) {
        boolean known =
                loop.ask(
                        "target",
                        _ ->
                                parts.steward().vpn().connections().stream()
                                        .anyMatch(c -> c.name().equals(ike)));
        if (!known) {
            return Replies.failed("IKE_SA config '" + ike + "' not found");
        }
        End end =
                await(
                        request,
                        stream,
                        ike,
                        steward -> steward.initiate(ike, ""),
                        event ->
                                parts.engine().viewsOf(ike).stream()
                                                .anyMatch(v -> v.state().equals("ESTABLISHED"))
                                        ? Optional.of(End.DONE)
                                        : failure(event, ike));
        return told(end, request, "IKE_SA '" + ike + "'");
    }

    private static Optional<End> failure(Optional<Event> event, String connection) {
        return event.filter(e -> e.connection().equals(connection) && ends(e)).map(_ -> End.FAILED);
    }

    /// Whether an attempt comes to nothing by it.
    private static boolean ends(Event event) {
        return event instanceof Event.Failed failed && !failed.byStranger()
                || event instanceof Event.CalledOff
                || event instanceof Event.PeerDead;
    }

    private static ViciMessage told(End end, ViciMessage request, String what) {
        return switch (end) {
            case DONE -> Replies.done();
            case FAILED -> Replies.failed("establishing " + what + " failed");
            case TIMEOUT ->
                    Replies.failed(
                            what + " not established after " + request.number("timeout", 0) + "ms");
        };
    }

    /// Begins something on the loop and passes on what is logged of `connection` until it is over.
    /// A negative timeout: the client does not wait.
    private End await(
            ViciMessage request,
            Sink stream,
            String connection,
            Consumer<Steward> begin,
            Function<Optional<Event>, Optional<End>> isOver) {
        long timeout = request.number("timeout", 0);
        if (timeout < 0) {
            loop.ask(
                    "begin",
                    _ -> {
                        begin.accept(parts.steward());
                        return true;
                    });
            return End.DONE;
        }
        long level = request.number("loglevel", 1);
        BlockingQueue<Note> notes = new ArrayBlockingQueue<>(LINES_WAITING);
        // Lines that find no room are lost, the end is not: it makes itself room.
        LogRing.Following following =
                parts.log()
                        .follow(
                                0,
                                entry -> {
                                    if (entry.line().connection().equals(connection)
                                            && LogText.level(entry.line()) <= level) {
                                        var _ = notes.offer(new Note.Line(entry.line()));
                                    }
                                });
        List<End> ends = new ArrayList<>();
        Runnable ended = () -> over(notes, ends.isEmpty() ? End.FAILED : ends.getFirst());
        try (following) {
            loop.ask(
                    "begin",
                    _ -> {
                        begin.accept(parts.steward());
                        feed.watch(
                                connection,
                                event -> {
                                    Optional<End> end = isOver.apply(event);
                                    end.ifPresent(ends::add);
                                    return end.isPresent();
                                },
                                ended);
                        return true;
                    });
            return passOn(notes, timeout, stream);
        } finally {
            loop.ask(
                    "forget",
                    _ -> {
                        feed.forget(connection, ended);
                        return true;
                    });
        }
    }

    private static void over(BlockingQueue<Note> notes, End end) {
        while (!notes.offer(new Note.Over(end))) {
            notes.poll();
        }
    }

    private End passOn(BlockingQueue<Note> notes, long timeoutMillis, Sink stream) {
        long deadline = parts.nanos().getAsLong() + TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
        try {
            while (true) {
                Note note =
                        timeoutMillis == 0
                                ? notes.take()
                                : notes.poll(
                                        deadline - parts.nanos().getAsLong(), TimeUnit.NANOSECONDS);
                switch (note) {
                    case Note.Line(LogLine line) ->
                            stream.tell(ViciEvent.CONTROL_LOG, LogText.control(line));
                    case Note.Over(End end) -> {
                        return end;
                    }
                    case null -> {
                        return End.TIMEOUT;
                    }
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return End.TIMEOUT;
        }
    }

    // ---- terminate

    ViciMessage terminate(ViciMessage request, Sink stream) {
        Optional<String> child = request.text("child");
        Optional<String> ike = request.text("ike");
        OptionalLong childId = request.id("child-id");
        OptionalLong ikeId = request.id("ike-id");
        if (child.isEmpty() && ike.isEmpty() && childId.isEmpty() && ikeId.isEmpty()) {
            return Replies.failed("missing terminate selector");
        }
        boolean children = child.isPresent() || childId.isPresent();
        List<Command> commands =
                loop.ask(
                        "terminate",
                        _ ->
                                children
                                        ? childCommands(ike, ikeId, child, childId)
                                        : ikeCommands(ike, ikeId));
        int done = 0;
        for (Command command : commands) {
            End end =
                    await(
                            timed(request),
                            stream,
                            connection(command),
                            steward -> steward.close(command),
                            _ -> isGone(command) ? Optional.of(End.DONE) : Optional.empty());
            done += end == End.DONE ? 1 : 0;
        }
        return terminated(commands.size(), done);
    }

    private static ViciMessage timed(ViciMessage request) {
        long timeout = request.number("timeout", 0);
        return ViciMessage.with()
                .put("timeout", timeout == 0 ? CLOSING_MILLIS : timeout)
                .put("loglevel", request.number("loglevel", 1))
                .done();
    }

    private static String connection(Command command) {
        return switch (command) {
            case Command.CloseIke(String connection, IkeSaView.Keys _) -> connection;
            case Command.CloseChild(String connection, long _) -> connection;
            default -> throw new IllegalArgumentException("closes nothing: " + command);
        };
    }

    private boolean isGone(Command command) {
        return switch (command) {
            case Command.CloseIke(String _, IkeSaView.Keys keys) ->
                    parts.engine().viewsBeside(keys).stream()
                            .noneMatch(v -> Numbers.key(v.keys()).equals(Numbers.key(keys)));
            case Command.CloseChild(String _, long id) ->
                    parts.engine().viewsBeside(id).stream()
                            .flatMap(v -> v.children().stream())
                            .noneMatch(c -> c.sa().id() == id);
            default -> throw new IllegalArgumentException("closes nothing: " + command);
        };
    }

    private List<Command> ikeCommands(Optional<String> ike, OptionalLong ikeId) {
        List<Command> commands = new ArrayList<>();
        for (IkeSaView view : feed.all()) {
            if (matches(view, ike, ikeId)) {
                commands.add(new Command.CloseIke(view.connection(), view.keys()));
            }
        }
        return commands;
    }

    private List<Command> childCommands(
            Optional<String> ike,
            OptionalLong ikeId,
            Optional<String> child,
            OptionalLong childId) {
        List<Command> commands = new ArrayList<>();
        for (IkeSaView view : feed.all()) {
            if (matches(view, ike, ikeId)) {
                for (ChildSaView sa : view.children()) {
                    if (matches(sa, child, childId)) {
                        commands.add(new Command.CloseChild(view.connection(), sa.sa().id()));
                    }
                }
            }
        }
        return commands;
    }

    private static ViciMessage terminated(int matches, int done) {
        ViciMessage.Builder to = ViciMessage.with();
        to.put("success", matches > 0 && done == matches ? "yes" : "no");
        to.put("matches", matches);
        to.put("terminated", done);
        if (matches == 0) {
            to.put("errmsg", "no matching SAs to terminate found");
        } else if (done < matches) {
            to.put(
                    "errmsg",
                    matches == 1
                            ? "terminating SA failed"
                            : "not all matching SAs could be terminated");
        }
        return to.done();
    }

    // ---- rekey

    ViciMessage rekey(ViciMessage request) {
        Optional<String> child = request.text("child");
        Optional<String> ike = request.text("ike");
        OptionalLong childId = request.id("child-id");
        OptionalLong ikeId = request.id("ike-id");
        if (child.isEmpty() && ike.isEmpty() && childId.isEmpty() && ikeId.isEmpty()) {
            return Replies.failed("missing rekey selector");
        }
        boolean children = child.isPresent() || childId.isPresent();
        boolean reauthenticate = request.text("reauth").filter("yes"::equals).isPresent();
        int found =
                loop.ask(
                        "rekey",
                        engine -> {
                            List<Command> wanted = new ArrayList<>();
                            int matches = 0;
                            for (IkeSaView view : feed.all()) {
                                if (!matches(view, ike, ikeId)) {
                                    continue;
                                }
                                if (!children) {
                                    matches++;
                                    wanted.add(
                                            new Command.RekeyIke(
                                                    view.connection(),
                                                    view.keys(),
                                                    reauthenticate));
                                    continue;
                                }
                                for (ChildSaView sa : view.children()) {
                                    if (matches(sa, child, childId)) {
                                        matches++;
                                        wanted.add(
                                                new Command.RekeyChild(
                                                        view.connection(), sa.sa().id()));
                                    }
                                }
                            }
                            wanted.forEach(parts.steward()::renew);
                            return matches;
                        });
        ViciMessage.Builder to = ViciMessage.with();
        to.put("success", found > 0 ? "yes" : "no").put("matches", found);
        if (found == 0) {
            to.put("errmsg", "no matching SAs to rekey found");
        }
        return to.done();
    }

    // ---- redirect

    /// Peers are sent on to another gateway (RFC 5685). One that does not go where it is sent
    /// counts as matching, as with charon, and stays.
    ViciMessage redirect(ViciMessage request) {
        Optional<String> gateway = request.text("gateway");
        if (gateway.isEmpty()) {
            return Replies.failed("missing target gateway");
        }
        Optional<String> ike = request.text("ike");
        OptionalLong ikeId = request.id("ike-id");
        Optional<String> peerIp = request.text("peer-ip");
        Optional<String> peerId = request.text("peer-id");
        if (ike.isEmpty() && ikeId.isEmpty() && peerIp.isEmpty() && peerId.isEmpty()) {
            return Replies.failed("missing redirect selector");
        }
        Optional<IpRange> range = peerIp.flatMap(Steering::range);
        if (peerIp.isPresent() && range.isEmpty()) {
            return Replies.failed("invalid peer-ip selector");
        }
        AddressSpec to =
                IpAddress.parse(gateway.get())
                        .<AddressSpec>map(AddressSpec.Fixed::new)
                        .orElseGet(() -> new AddressSpec.Named(gateway.get()));
        int found =
                loop.ask(
                        "redirect",
                        _ -> {
                            List<IkeSaView> meant =
                                    feed.all().stream()
                                            .filter(v -> v.state().equals("ESTABLISHED"))
                                            .filter(v -> matches(v, ike, ikeId))
                                            .filter(v ->
                                                    range.isEmpty()
                                                            || range.get()
                                                                    .contains(
                                                                            v.path()
                                                                                    .remote()
                                                                                    .address()))
                                            .filter(v ->
                                                    peerId.isEmpty()
                                                            || isCalled(
                                                                    v.peer().remoteId(),
                                                                    peerId.get()))
                                            .toList();
                            meant.forEach(v ->
                                    parts.steward()
                                            .renew(
                                                    new Command.Redirect(
                                                            v.connection(), v.keys(), to)));
                            return meant.size();
                        });
        ViciMessage.Builder answer = ViciMessage.with();
        answer.put("success", found > 0 ? "yes" : "no").put("matches", found);
        if (found == 0) {
            answer.put("errmsg", "no matching SAs to redirect found");
        }
        return answer.done();
    }

    /// An address, a network or a range.
    private static Optional<IpRange> range(String text) {
        int dash = text.indexOf('-');
        if (dash < 0) {
            return IpPrefix.parse(text)
                    .map(IpRange::of)
                    .or(() -> IpAddress.parse(text).map(a -> new IpRange(a, a)));
        }
        Optional<IpAddress> first = IpAddress.parse(text.substring(0, dash).strip());
        Optional<IpAddress> last = IpAddress.parse(text.substring(dash + 1).strip());
        boolean fits =
                first.isPresent()
                        && last.isPresent()
                        && first.get().v6() == last.get().v6()
                        && first.get().compareTo(last.get()) <= 0;
        return fits ? Optional.of(new IpRange(first.get(), last.get())) : Optional.empty();
    }

    /// @param wanted an identity, perhaps with wildcards
    private static boolean isCalled(String id, String wanted) {
        return wanted.equals(id)
                || wanted.startsWith("*") && id.endsWith(wanted.substring(1))
                || wanted.equals("%any");
    }

    // ---- install

    ViciMessage install(ViciMessage request) {
        Optional<String> child = request.text("child");
        if (child.isEmpty()) {
            return Replies.failed("missing configuration name");
        }
        Optional<Target> target = target(request.text("ike"), child.get());
        if (target.isEmpty()) {
            return Replies.failed("configuration name not found");
        }
        trap(target.get().owner(), true);
        return Replies.done();
    }

    ViciMessage uninstall(ViciMessage request) {
        Optional<String> child = request.text("child");
        if (child.isEmpty()) {
            return Replies.failed("missing configuration name");
        }
        Optional<Target> target = target(request.text("ike"), child.get());
        boolean standing =
                target.isPresent()
                        && loop.ask(
                                "policies",
                                _ ->
                                        parts.steward().policies().stream()
                                                .filter(p -> p.owner().equals(target.get().owner()))
                                                .anyMatch(Steering::canGo));
        if (!standing) {
            return Replies.failed("policy '" + child.get() + "' not found");
        }
        trap(target.orElseThrow().owner(), false);
        return Replies.done();
    }

    /// What protects stays as long as it is configured: only its trap can go.
    private static boolean canGo(PolicyEntry entry) {
        return entry.trap() || entry.action() != PolicyAction.PROTECT;
    }

    private void trap(Owner owner, boolean on) {
        loop.ask(
                "trap",
                _ -> {
                    parts.steward().trap(owner, on);
                    return true;
                });
    }
}
