package io.sallyport.sim;

import io.sallyport.crypto.choose.Crypto;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/// Lives worlds by their seeds. `bench/simulation` and `./check --sim` call [#main].
public final class Simulation {
    private final SimEngine engine = SimEngine.fresh();
    private final Crypto algorithms = engine.crypto();

    /// What a world came to.
    ///
    /// @param violation empty: none
    record Outcome(
            Optional<String> violation,
            List<String> dialogue,
            long messages,
            long packets,
            long lost,
            long recovery) {}

    /// Lives one world; nothing is written down.
    Outcome live(Scenario scenario) {
        return live(scenario, new Diary(false, 0));
    }

    private Outcome live(Scenario scenario, Diary diary) {
        World world = new World(scenario, engine, algorithms, diary);
        Optional<String> violation = Optional.empty();
        try {
            world.live();
        } catch (Violation v) {
            violation =
                    Optional.of(
                            "at %.3f s: %s"
                                    .formatted(
                                            world.now() / (double) Scenario.SECOND,
                                            v.getMessage()));
        } catch (RuntimeException bug) {
            StackTraceElement[] trace = bug.getStackTrace();
            violation = Optional.of(bug + (trace.length > 0 ? " at " + trace[0] : ""));
        }
        return new Outcome(
                violation,
                diary.lines(),
                world.messages(),
                world.packets(),
                world.rules().lost(),
                world.rules().longestRecovery());
    }

    /// Lives a world that fails once more, with as few steps of its script as it still fails with,
    /// and tells its end as a dialogue.
    String story(Scenario scenario, int lines) {
        Scenario small = shrink(scenario);
        Outcome outcome = live(small, new Diary(true, lines));
        StringBuilder text = new StringBuilder();
        text.append("seed ").append(scenario.seed()).append(": ");
        text.append(outcome.violation().orElse("no violation")).append('\n');
        text.append("steps that it takes, ").append(small.steps().size()).append(" of ");
        text.append(scenario.steps().size()).append(":\n");
        small.steps().forEach(s -> text.append(s).append('\n'));
        for (Scenario.Tie tie : small.ties()) {
            text.append(tie.connection()).append(": ").append(about(tie)).append('\n');
        }
        text.append("dialogue:\n");
        outcome.dialogue().forEach(l -> text.append(l).append('\n'));
        return text.toString();
    }

    private static String about(Scenario.Tie tie) {
        return "%s, %d ms, children %s / %s, IKE %s / %s, reauth %s / %s, dpd %s / %s"
                .formatted(
                        tie.ofA().ike().version(),
                        tie.delay() / Scenario.MILLI,
                        tie.ofA().children().stream()
                                .map(c -> c.lifetime().life() + " " + c.actions())
                                .toList(),
                        tie.ofB().children().stream()
                                .map(c -> c.lifetime().life() + " " + c.actions())
                                .toList(),
                        tie.ofA().ike().lifetime().life(),
                        tie.ofB().ike().lifetime().life(),
                        tie.ofA().ike().reauth(),
                        tie.ofB().ike().reauth(),
                        tie.ofA().ike().dpd().delay(),
                        tie.ofB().ike().dpd().delay());
    }

    /// Leaves out halves, quarters ... of the script for as long as something still fails.
    private Scenario shrink(Scenario failing) {
        Scenario best = failing;
        for (int chunk = Math.max(1, best.steps().size() / 2); chunk > 0; chunk /= 2) {
            for (int from = 0; from < best.steps().size(); ) {
                List<Scenario.Step> fewer = new ArrayList<>(best.steps());
                fewer.subList(from, Math.min(fewer.size(), from + chunk)).clear();
                Scenario candidate = best.with(fewer);
                if (live(candidate).violation().isPresent()) {
                    best = candidate;
                } else {
                    from += chunk;
                }
            }
        }
        return best;
    }

    // ---- the command

    private static final class Total {
        final AtomicLong next = new AtomicLong();
        final AtomicLong failures = new AtomicLong();
        final AtomicLong messages = new AtomicLong();
        final AtomicLong packets = new AtomicLong();
        final AtomicLong lost = new AtomicLong();
        final AtomicLong recovery = new AtomicLong();
    }

    /// `--seeds N` worlds from seed `--from S`, or the one of `-Dsim.seed=S`, on `--threads T`
    /// threads; at most `--stories K` failures are told at length.
    public static void main(String[] args) throws InterruptedException {
        long count = option(args, "--seeds", 1000);
        long from = option(args, "--from", 1);
        int threads = (int) option(args, "--threads", Runtime.getRuntime().availableProcessors());
        long stories = option(args, "--stories", 3);
        int lines = (int) option(args, "--lines", 120);
        String only = System.getProperty("sim.seed", "");
        if (!only.isEmpty()) {
            Simulation simulation = new Simulation();
            Scenario scenario = Scenario.of(Long.parseLong(only));
            Optional<String> violation = simulation.live(scenario).violation();
            System.out.println(
                    violation.isEmpty()
                            ? "seed " + only + ": no violation"
                            : simulation.story(scenario, lines));
            System.exit(violation.isEmpty() ? 0 : 1);
        }
        long begin = System.nanoTime();
        Total total = new Total();
        total.next.set(from);
        List<Thread> workers = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            workers.add(
                    Thread.ofPlatform()
                            .start(() -> work(total, from + count, stories, lines)));
        }
        for (Thread t : workers) {
            t.join();
        }
        double seconds = (System.nanoTime() - begin) / 1e9;
        System.out.printf(
                "simulation: %d worlds of 10 virtual minutes (seeds %d to %d) in %.1f s"
                        + " (%.1f ms of a core each), %d violations; %d IKE datagrams, %d packets"
                        + " of which %d did not come out; longest recovery %.1f s%n",
                count,
                from,
                from + count - 1,
                seconds,
                1000 * seconds * threads / count,
                total.failures.get(),
                total.messages.get(),
                total.packets.get(),
                total.lost.get(),
                total.recovery.get() / 1e9);
        System.exit(total.failures.get() == 0 ? 0 : 1);
    }

    private static void work(Total total, long end, long stories, int lines) {
        Simulation simulation = new Simulation();
        while (true) {
            long seed = total.next.getAndIncrement();
            if (seed >= end) {
                return;
            }
            Scenario scenario = Scenario.of(seed);
            Outcome outcome = simulation.live(scenario);
            total.messages.addAndGet(outcome.messages());
            total.packets.addAndGet(outcome.packets());
            total.lost.addAndGet(outcome.lost());
            total.recovery.accumulateAndGet(outcome.recovery(), Math::max);
            if (outcome.violation().isPresent()) {
                System.out.println("seed " + seed + ": " + outcome.violation().get());
                if (total.failures.incrementAndGet() <= stories) {
                    System.out.println(simulation.story(scenario, lines));
                }
            }
        }
    }

    private static long option(String[] args, String name, long otherwise) {
        for (int i = 0; i + 1 < args.length; i++) {
            if (args[i].equals(name)) {
                return Long.parseLong(args[i + 1]);
            }
        }
        return otherwise;
    }
}
