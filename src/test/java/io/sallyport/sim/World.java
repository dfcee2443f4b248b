package io.sallyport.sim;

import io.sallyport.base.Octets;
import io.sallyport.base.Secret;
import io.sallyport.base.net.Endpoint;
import io.sallyport.base.net.Path;
import io.sallyport.crypto.choose.Crypto;
import io.sallyport.crypto.engine.KeyAgreement;
import io.sallyport.ike.machine.Input;
import io.sallyport.ike.machine.Output;
import io.sallyport.model.command.Command;
import io.sallyport.model.command.IkeSaView;
import io.sallyport.model.event.Event;
import io.sallyport.model.spec.Actions;
import io.sallyport.model.spec.AddressSpec;
import io.sallyport.model.spec.ChildSpec;
import io.sallyport.model.spec.ConnectionSpec;
import io.sallyport.model.spec.LifetimeSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;

/// One simulated world: gateways, the network between them, the script, and the rules that must
/// hold at each step. Nothing in it but the seed decides what happens.
final class World {
    private static final long SECOND = Scenario.SECOND;

    private record Due(long at, long order, Runnable what) implements Comparable<Due> {
        @Override
        public int compareTo(Due other) {
            return at != other.at ? Long.compare(at, other.at) : Long.compare(order, other.order);
        }
    }

    /// The line between the two gateways of a tie.
    private static final class Line {
        boolean cutFromA;
        boolean cutFromB;
        int loss;
        int doubled;
        int reordered;

        /// When the last one comes that went its way while the line was clear: there, none
        /// overtakes another.
        private final long[] last = new long[2];

        long inOrder(boolean fromA, long arrival) {
            int way = fromA ? 0 : 1;
            last[way] = Math.max(last[way], arrival);
            return last[way];
        }

        boolean isClear() {
            return !cutFromA && !cutFromB && loss == 0 && doubled == 0 && reordered == 0;
        }
    }

    final Scenario scenario;
    final Diary diary;
    final List<Gateway> gateways = new ArrayList<>();
    private final SimEngine crypto;
    private final Random dice;
    private final List<Line> lines = new ArrayList<>();
    private final Rules rules;
    private final PriorityQueue<Due> queue = new PriorityQueue<>();
    private long order;
    private long now;
    private long steadySince;

    /// When the last order was given about each tie.
    private final long[] orders;

    private boolean closing;
    private long messages;
    private long packets;

    World(Scenario scenario, SimEngine engine, Crypto algorithms, Diary diary) {
        this.scenario = scenario;
        this.crypto = engine;
        this.diary = diary;
        this.dice = new Random(scenario.seed() + 1);
        engine.reseed(scenario.seed() + 2);
        if (diary.isOn()) {
            engine.listen();
        }
        Set<Long> keysEver = new HashSet<>();
        for (int i = 0; i < scenario.names().size(); i++) {
            int index = i;
            gateways.add(
                    new Gateway(
                            i,
                            scenario.names().get(i),
                            scenario.seed(),
                            algorithms,
                            scenario.settings(),
                            keysEver,
                            (id, mark) -> {
                                later(now, gateways.get(index), new Input.VolumeSpent(id, mark));
                                return true;
                            }));
        }
        for (Scenario.Tie _ : scenario.ties()) {
            lines.add(new Line());
        }
        this.orders = new long[scenario.ties().size()];
        this.rules = new Rules(this);
    }

    long now() {
        return now;
    }

    /// How long network and machines have been good; 0 while the network is bad.
    long steady() {
        for (Line line : lines) {
            if (!line.isClear()) {
                return 0;
            }
        }
        return now - steadySince;
    }

    /// How long nobody has ended anything of this tie on purpose.
    long sinceOrder(Scenario.Tie tie) {
        return now - orders[scenario.ties().indexOf(tie)];
    }

    boolean isClosing() {
        return closing;
    }

    /// Datagrams and packets that were sent.
    long messages() {
        return messages;
    }

    long packets() {
        return packets;
    }

    Rules rules() {
        return rules;
    }

    // ---- living

    /// Ten minutes and what it takes to close.
    ///
    /// @throws Violation where a rule is broken
    void live() {
        for (Gateway g : gateways) {
            List<ConnectionSpec> specs =
                    scenario.ties().stream()
                            .filter(t -> t.has(g.index))
                            .map(t -> t.of(g.index))
                            .toList();
            g.configured(specs);
            at(dice.nextLong(2 * SECOND), () -> input(g, new Input.Asked(load(g))));
        }
        for (Scenario.Step step : scenario.steps()) {
            at(step.at(), () -> happen(step.what()));
        }
        for (int i = 0; i < scenario.ties().size(); i++) {
            traffic(i, dice.nextLong(scenario.traffic()));
        }
        look(SECOND);
        run(Scenario.CLOSE);
        close();
    }

    private void close() {
        closing = true;
        for (Gateway g : gateways) {
            for (ConnectionSpec c : g.configured()) {
                long soon = now + dice.nextLong(SECOND);
                at(
                        soon,
                        () -> {
                            diary.add(now, g.name + " closes " + c.name());
                            input(g, new Input.Asked(new Command.Terminate(c.name())));
                        });
            }
        }
        // Actions may bring back what one end closed before the other; without a configuration
        // nothing comes back.
        run(now + 5 * SECOND);
        for (Gateway g : gateways) {
            g.configured(List.of());
            input(g, new Input.Asked(load(g)));
        }
        run(now + 2 * scenario.settings().patienceNanos() + 20 * SECOND);
        rules.empty();
    }

    private void run(long end) {
        int turns = 0;
        while (true) {
            long next = queue.isEmpty() ? Long.MAX_VALUE : queue.peek().at();
            for (Gateway g : gateways) {
                next = Math.min(next, g.nextDeadline());
            }
            if (next > end) {
                now = end;
                return;
            }
            turns = next > now || !queue.isEmpty() && queue.peek().at() <= next ? 0 : turns + 1;
            if (turns > 10_000) {
                throw new Violation("busy: time stands still");
            }
            now = Math.max(now, next);
            if (!queue.isEmpty() && queue.peek().at() <= now) {
                queue.remove().what().run();
            }
            for (Gateway g : gateways) {
                if (g.nextDeadline() <= now) {
                    input(g, new Input.Tick());
                }
            }
        }
    }

    private void at(long when, Runnable what) {
        queue.add(new Due(when, order++, what));
    }

    private void later(long when, Gateway g, Input input) {
        int boots = g.boots();
        at(
                when,
                () -> {
                    if (g.boots() == boots) {
                        input(g, input);
                    }
                });
    }

    private static Command load(Gateway g) {
        return new Command.Load(g.vpn());
    }

    // ---- gateways

    private void input(Gateway g, Input input) {
        carryOut(g, g.handle(input, now));
    }

    private void lateAnswer(Gateway g, Input.Datagram datagram) {
        List<Output> outputs = g.handle(datagram, now);
        rules.lateAnswer(g, datagram.octets(), outputs);
        carryOut(g, outputs);
    }

    private void carryOut(Gateway g, List<Output> outputs) {
        for (Output output : outputs) {
            switch (output) {
                case Output.Send(Path path, Octets octets) -> send(g, path, octets);
                case Output.SendWhole(Path path, Octets octets) -> send(g, path, octets);
                case Output.Keepalive _ -> {}
                case Output.Dial _, Output.KeepTcp _, Output.HangUp _ ->
                        throw new Violation(g.name + " wants TCP, and has UDP only");
                case Output.Probed _ -> {}
                case Output.Sign _ -> throw new Violation(g.name + " signs, and has a PSK only");
                case Output.Judge _ -> throw new Violation(g.name + " judges, and has a PSK only");
                case Output.Tls _ -> throw new Violation(g.name + " does TLS, and has a PSK only");
                case Output.Generate job ->
                        later(
                                now + arithmetic(),
                                g,
                                new Input.Generated(job.job(), agreement(job).generate()));
                case Output.Agree job -> later(now + arithmetic(), g, agree(job));
                case Output.Answer job -> later(now + arithmetic(), g, answer(job));
                case Output.Resolve r -> later(now + arithmetic(), g, resolve(r));
                case Output.Install i -> g.plane.install(i.sa(), now);
                case Output.Activate a -> {
                    g.plane.activate(a.childSaId(), now);
                    if (diary.isOn()) {
                        g.plane
                                .byId(a.childSaId())
                                .ifPresent(
                                        p -> diary.add(now, g.name + ": sends over " + ids(p.sa)));
                    }
                }
                case Output.Remove r -> g.plane.remove(r.childSaId());
                case Output.Move m -> g.plane.move(m.childSaId(), m.carriage());
                case Output.Tell(Event event) -> told(g, event);
            }
        }
        rules.step(g);
    }

    private KeyAgreement agreement(Output.Generate job) {
        return crypto.agreement(job.group());
    }

    /// Now and then it takes as long as a busy host needs.
    private long arithmetic() {
        return dice.nextInt(20) == 0
                ? dice.nextLong(SECOND / 2)
                : dice.nextLong(5 * Scenario.MILLI);
    }

    private Input answer(Output.Answer job) {
        try {
            return new Input.Answered(
                    job.job(), crypto.agreement(job.group()).answer(job.theirs()));
        } catch (KeyAgreement.BadPublicValue e) {
            return new Input.Disagreed(job.job(), String.valueOf(e.getMessage()));
        }
    }

    private static Input agree(Output.Agree job) {
        try (KeyAgreement.Ephemeral ours = job.ours()) {
            Secret secret = ours.agree(job.theirs());
            return new Input.Agreed(job.job(), secret);
        } catch (KeyAgreement.BadPublicValue e) {
            return new Input.Disagreed(job.job(), String.valueOf(e.getMessage()));
        }
    }

    private static Input resolve(Output.Resolve r) {
        AddressSpec.Fixed local = (AddressSpec.Fixed) r.local();
        AddressSpec.Fixed remote = (AddressSpec.Fixed) r.remote();
        return new Input.Resolved(
                r.lookup(),
                r.connection(),
                List.of(
                        new Path(
                                new Endpoint(local.address(), 500),
                                new Endpoint(remote.address(), 500))),
                "");
    }

    private void told(Gateway g, Event event) {
        if (event instanceof Event.InternalError e) {
            throw new Violation(g.name + " has a bug: " + e.what());
        }
        if (diary.isOn()) {
            diary.add(now, g.name + ": " + text(event));
        }
    }

    private static String text(Event event) {
        return switch (event) {
            case Event.ChildEstablished e ->
                    "child " + ids(e.sa()) + (e.rekeyed() ? " replaces another" : " is up");
            case Event.ChildClosed e -> "child " + ids(e.sa()) + " is closed: " + e.why();
            case Event.IkeEstablished e ->
                    "IKE SA of "
                            + e.connection()
                            + (e.keys().initiator() ? ", ours, " : ", theirs, ")
                            + (e.rekeyed() ? "replaces another" : "is up");
            case Event.IkeClosed e -> "IKE SA of " + e.connection() + " is closed: " + e.why();
            default -> event.toString();
        };
    }

    static String ids(io.sallyport.model.sa.ChildSa sa) {
        HexFormat hex = HexFormat.of();
        return Plane.key(sa)
                + " in "
                + hex.toHexDigits(sa.inbound().spi())
                + " out "
                + hex.toHexDigits(sa.outbound().spi());
    }

    // ---- the network

    private int tieOf(int from, int to) {
        for (int i = 0; i < scenario.ties().size(); i++) {
            if (scenario.ties().get(i).has(from) && scenario.ties().get(i).has(to)) {
                return i;
            }
        }
        return -1;
    }

    private void send(Gateway from, Path path, Octets octets) {
        messages++;
        from.turns.sends(from.name, octets, now);
        int to = Scenario.ADDRESSES.indexOf(path.remote().address());
        int tie = to < 0 ? -1 : tieOf(from.index, to);
        if (tie < 0) {
            return;
        }
        Gateway target = gateways.get(to);
        Path seen = new Path(path.remote(), path.local());
        List<Long> arrivals = arrivals(tie, from.index);
        if (diary.isOn()) {
            String fate =
                    arrivals.isEmpty()
                            ? "  (lost)"
                            : arrivals.size() > 1
                                    ? "  (twice)"
                                    : "  (%d ms)"
                                            .formatted(
                                                    (arrivals.getFirst() - now) / Scenario.MILLI);
            diary.add(
                    now,
                    from.name
                            + " --> "
                            + target.name
                            + "  "
                            + Diary.describe(octets, crypto)
                            + fate);
        }
        for (long arrival : arrivals) {
            at(
                    arrival,
                    () -> {
                        Input.Datagram datagram = new Input.Datagram(seen, octets);
                        if (target.turns.receives(octets)) {
                            lateAnswer(target, datagram);
                        } else {
                            input(target, datagram);
                        }
                    });
        }
    }

    /// When what is sent now comes: never, once, or twice.
    private List<Long> arrivals(int tie, int from) {
        Line line = lines.get(tie);
        Scenario.Tie between = scenario.ties().get(tie);
        boolean cut = from == between.a() ? line.cutFromA : line.cutFromB;
        if (cut || line.loss > 0 && dice.nextInt(100) < line.loss) {
            return List.of();
        }
        long jitter = dice.nextLong(Scenario.MILLI);
        if (line.isClear()) {
            return List.of(line.inOrder(from == between.a(), now + between.delay() + jitter));
        }
        long first = now + between.delay() + jitter + late(line, between);
        return line.doubled > 0 && dice.nextInt(100) < line.doubled
                ? List.of(first, now + between.delay() + late(line, between))
                : List.of(first);
    }

    /// Some come late, a few very late.
    private long late(Line line, Scenario.Tie between) {
        if (line.reordered == 0 || dice.nextInt(100) >= line.reordered) {
            return 0;
        }
        return dice.nextInt(8) == 0
                ? dice.nextLong(8 * SECOND)
                : dice.nextLong(4 * between.delay());
    }

    /// A packet of each child each way, again and again.
    private void traffic(int tie, long when) {
        at(
                when,
                () -> {
                    if (closing) {
                        return;
                    }
                    Scenario.Tie between = scenario.ties().get(tie);
                    for (ChildSpec child : between.ofA().children()) {
                        packet(tie, gateways.get(between.a()), gateways.get(between.b()), child);
                    }
                    for (ChildSpec child : between.ofB().children()) {
                        packet(tie, gateways.get(between.b()), gateways.get(between.a()), child);
                    }
                    traffic(tie, now + scenario.traffic());
                });
    }

    private void packet(int tie, Gateway from, Gateway to, ChildSpec child) {
        String connection = scenario.ties().get(tie).connection();
        String key = connection + "/" + child.name();
        Optional<Plane.Token> token = from.plane.send(key);
        packets++;
        if (token.isEmpty()) {
            rules.unsent(from, scenario.ties().get(tie), key);
            boolean asks =
                    child.actions().start() != Actions.Start.NONE
                            || child.actions().dpd() == Actions.Dpd.HOLD;
            if (asks && from.plane.active(key).isEmpty()) {
                input(from, new Input.Acquire(connection, child.name()));
            }
            return;
        }
        long steadyWhenSent = steady();
        for (long arrival : arrivals(tie, from.index)) {
            int boots = to.boots();
            at(
                    arrival,
                    () -> {
                        if (to.boots() == boots && !to.plane.receive(token.get(), to.local(now))) {
                            rules.notReceived(
                                    to, scenario.ties().get(tie), key, token.get(), steadyWhenSent);
                        }
                    });
        }
    }

    private void look(long every) {
        at(
                now + every,
                () -> {
                    rules.look();
                    look(every);
                });
    }

    // ---- the script

    private void happen(Scenario.What what) {
        diary.add(now, "*** " + what);
        if (what.isTrouble()) {
            steadySince = now;
        }
        what.about().ifPresent(tie -> orders[tie] = now);
        switch (what) {
            case Scenario.What.Crash(int gateway) -> {
                Gateway g = gateways.get(gateway);
                g.crash();
                input(g, new Input.Asked(load(g)));
            }
            case Scenario.What.Cut(int tie, int way) -> {
                lines.get(tie).cutFromA = way != 2;
                lines.get(tie).cutFromB = way != 1;
            }
            case Scenario.What.Weather(int tie, int loss, int doubled, int reordered) -> {
                lines.get(tie).loss = loss;
                lines.get(tie).doubled = doubled;
                lines.get(tie).reordered = reordered;
            }
            case Scenario.What.Clear(int tie) -> lines.set(tie, new Line());
            case Scenario.What.RekeyChild(int gateway, int tie, int child) ->
                    command(
                            gateway,
                            new Command.Rekey(
                                    connection(tie),
                                    scenario.ties().get(tie).ofA().children().get(child).name()));
            case Scenario.What.RekeyIke(int gateway, int tie) ->
                    command(gateway, new Command.Rekey(connection(tie), ""));
            case Scenario.What.Initiate(int gateway, int tie) ->
                    command(gateway, new Command.Initiate(connection(tie), ""));
            case Scenario.What.Terminate(int gateway, int tie) ->
                    command(gateway, new Command.Terminate(connection(tie)));
            case Scenario.What.CloseChild(int gateway, int tie, int which) ->
                    closeChild(gateways.get(gateway), connection(tie), which);
            case Scenario.What.CloseIke(int gateway, int tie, int which) ->
                    closeIke(gateways.get(gateway), connection(tie), which);
            case Scenario.What.Reload(int gateway, int shorter) ->
                    reload(gateways.get(gateway), shorter);
            case Scenario.What.Jump(int gateway, long nanos) -> gateways.get(gateway).jump(nanos);
        }
    }

    private String connection(int tie) {
        return scenario.ties().get(tie).connection();
    }

    private void command(int gateway, Command command) {
        input(gateways.get(gateway), new Input.Asked(command));
    }

    private void closeChild(Gateway g, String connection, int which) {
        List<Long> ids =
                g.plane.pairs().stream()
                        .filter(p -> p.sa.owner().connection().equals(connection))
                        .map(p -> p.sa.id())
                        .toList();
        if (!ids.isEmpty()) {
            input(
                    g,
                    new Input.Asked(
                            new Command.CloseChild(connection, ids.get(which % ids.size()))));
        }
    }

    private void closeIke(Gateway g, String connection, int which) {
        List<IkeSaView> views = g.engine().viewsOf(connection);
        if (!views.isEmpty()) {
            IkeSaView.Keys keys = views.get(which % views.size()).keys();
            input(g, new Input.Asked(new Command.CloseIke(connection, keys)));
        }
    }

    private void reload(Gateway g, int shorter) {
        if (shorter > 0) {
            g.configured(g.configured().stream().map(c -> shorter(c, shorter)).toList());
        }
        input(g, new Input.Asked(load(g)));
    }

    private static ConnectionSpec shorter(ConnectionSpec c, int by) {
        return c.with(
                c.children().stream()
                        .map(child ->
                                new ChildSpec(
                                        child.name(),
                                        child.mode(),
                                        child.proposals(),
                                        child.selectors(),
                                        other(child.lifetime(), by),
                                        child.actions(),
                                        child.link(),
                                        child.options()))
                        .toList());
    }

    private static LifetimeSpec other(LifetimeSpec was, int by) {
        Duration life = was.life().toSeconds() > 15 ? was.life().minusSeconds(4) : was.life();
        return new LifetimeSpec(
                life.plusMillis(100L * by),
                was.margin(),
                was.fuzzPercent(),
                was.rekey(),
                was.octets(),
                was.packets());
    }
}
