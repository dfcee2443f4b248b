package io.sallyport.sim;

import io.sallyport.crypto.choose.Crypto;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/// Lives worlds by their seeds. `scripts/simulate` calls [#main].
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

    /// Lives a world that fails once more and tells its end as a dialogue.
    ///
    /// @param whole with all steps of its script; else with as few as it still fails with
    String story(Scenario scenario, int lines, boolean whole) {
        Scenario small = whole ? scenario : shrink(scenario);
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

    /// Leaves out halves, quarters ... of the script for as long as the same still fails.
    private Scenario shrink(Scenario failing) {
        Optional<String> kind = live(failing).violation().map(Simulation::kind);
        Scenario best = failing;
        for (int chunk = Math.max(1, best.steps().size() / 2); chunk > 0; chunk /= 2) {
            for (int from = 0; from < best.steps().size(); ) {
                List<Scenario.Step> fewer = new ArrayList<>(best.steps());
                fewer.subList(from, Math.min(fewer.size(), from + chunk)).clear();
                Scenario candidate = best.with(fewer);
                if (live(candidate).violation().map(Simulation::kind).equals(kind)) {
                    best = candidate;
                } else {
                    from += chunk;
                }
            }
        }
        return best;
    }

    /// The door for a simulator that another loader has loaded.
    ///
    /// @param lines of the dialogue; 0: only what is wrong
    /// @return what is wrong with this world; blank: nothing
    public static String tell(long seed, int lines) {
        Simulation simulation = new Simulation();
        Scenario scenario = Scenario.of(seed);
        Optional<String> violation = simulation.live(scenario).violation();
        return violation.isPresent() && lines > 0
                ? simulation.story(scenario, lines, false)
                : violation.orElse("");
    }

    /// What is wrong without where, when and how many.
    private static String kind(String violation) {
        return violation
                .replaceAll("\\b[0-9a-f]{8,16}\\b|[0-9.]+", "#")
                .replaceAll("\\b[ABC](-[ABC](/net#)?)?\\b", "@");
    }

    // ---- the command

    /// `--seeds A-B,C`: lives these worlds one after the other, on this thread; at most `--stories
    /// K` of those that fail are told at length, by their last `--lines L` lines. Ends with 1 if
    /// one failed.
    ///
    /// `--plant BUG`: the same with a mistake in the engine, until a world finds it that holds
    /// without it; ends with 1 if none does.
    public static void main(String[] args) throws IOException {
        String asked = option(args, "--seeds", "1-100");
        long[] seeds = Stream.of(asked.split(",")).flatMapToLong(Simulation::range).toArray();
        long stories = Long.parseLong(option(args, "--stories", "1"));
        int lines = Integer.parseInt(option(args, "--lines", "120"));
        boolean whole = List.of(args).contains("--whole");
        String bug = option(args, "--plant", "");
        if (!bug.isEmpty()) {
            System.exit(plant(PlantedBug.of(bug), seeds, stories == 0 ? 0 : lines) ? 0 : 1);
        }
        Simulation simulation = new Simulation();
        List<Long> failed = new ArrayList<>();
        long messages = 0;
        long packets = 0;
        long lost = 0;
        long recovery = 0;
        long begin = System.nanoTime();
        ThreadMXBean thread = ManagementFactory.getThreadMXBean();
        long processor = thread.getCurrentThreadCpuTime();
        for (long seed : seeds) {
            Scenario scenario = Scenario.of(seed);
            Outcome outcome = simulation.live(scenario);
            messages += outcome.messages();
            packets += outcome.packets();
            lost += outcome.lost();
            recovery = Math.max(recovery, outcome.recovery());
            if (outcome.violation().isPresent()) {
                System.out.println("seed " + seed + ": " + outcome.violation().get());
                failed.add(seed);
                if (failed.size() <= stories) {
                    System.out.println(simulation.story(scenario, lines, whole));
                }
            }
        }
        double seconds = (System.nanoTime() - begin) / 1e9;
        System.out.printf(
                "simulation: %d seeds (%s), worlds of 10 virtual minutes, in %.1f s, %.1f ms of processor"
                        + " each:"
                        + " %d violations %s; %d IKE datagrams, %d packets of which %d did not come"
                        + " out; longest recovery %.1f s%n",
                seeds.length,
                asked,
                seconds,
                (thread.getCurrentThreadCpuTime() - processor) / 1e6 / seeds.length,
                failed.size(),
                failed,
                messages,
                packets,
                lost,
                recovery / 1e9);
        System.exit(failed.isEmpty() ? 0 : 1);
    }

    private static boolean plant(PlantedBug bug, long[] seeds, int lines) throws IOException {
        Simulation without = new Simulation();
        try (PlantedBug.House house = new PlantedBug.House(bug)) {
            for (long seed : seeds) {
                Optional<String> found = house.live(seed, 0);
                if (found.isPresent() && without.live(Scenario.of(seed)).violation().isEmpty()) {
                    System.out.println(bug + " is found by seed " + seed + ": " + found.get());
                    if (lines > 0) {
                        house.live(seed, lines).ifPresent(System.out::println);
                    }
                    return true;
                }
            }
        }
        System.out.println(bug + " is NOT found by " + seeds.length + " seeds");
        return false;
    }

    /// `7` or `1-100`.
    private static LongStream range(String seeds) {
        String[] ends = seeds.split("-", 2);
        return LongStream.rangeClosed(
                Long.parseLong(ends[0]), Long.parseLong(ends[ends.length - 1]));
    }

    private static String option(String[] args, String name, String otherwise) {
        for (int i = 0; i + 1 < args.length; i++) {
            if (args[i].equals(name)) {
                return args[i + 1];
            }
        }
        return otherwise;
    }
}
