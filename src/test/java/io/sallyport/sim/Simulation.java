package io.sallyport.sim;

import io.sallyport.crypto.choose.Crypto;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
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
    public String tell(long seed, int lines) {
        Scenario scenario = Scenario.of(seed);
        Optional<String> violation = live(scenario).violation();
        return violation.isPresent() && lines > 0
                ? story(scenario, lines, false)
                : violation.orElse("");
    }

    /// What is wrong without where, when and how many.
    private static String kind(String violation) {
        return violation
                .replaceAll("\\b[0-9a-f]{8,16}\\b|[0-9.]+", "#")
                .replaceAll("\\b[ABC](-[ABC](/net#)?)?\\b", "@");
    }

    // ---- the command

    /// What `scripts/simulate` was asked for.
    ///
    /// @param lines of a dialogue
    /// @param stories so many dialogues at most
    /// @param whole with all steps of the script
    /// @param slice so many worlds to a line of `keep`
    private record Asked(
            List<LongRange> ranges,
            int lines,
            long stories,
            boolean whole,
            String plant,
            Optional<Path> keep,
            long slice) {
        static Asked of(String[] args) {
            Iterator<String> rest = List.of(args).iterator();
            Asked asked =
                    new Asked(
                            List.of(LongRange.of("1-100")),
                            120,
                            1,
                            false,
                            "",
                            Optional.empty(),
                            500);
            while (rest.hasNext()) {
                asked = asked.with(rest.next(), rest);
            }
            return asked;
        }

        private Asked with(String option, Iterator<String> rest) {
            return switch (option) {
                case "--seeds" -> with(Stream.of(rest.next().split(",")).map(LongRange::of));
                case "--lines" ->
                        new Asked(ranges, number(rest), stories, whole, plant, keep, slice);
                case "--stories" ->
                        new Asked(ranges, lines, number(rest), whole, plant, keep, slice);
                case "--whole" -> new Asked(ranges, lines, stories, true, plant, keep, slice);
                case "--plant" -> new Asked(ranges, lines, stories, whole, rest.next(), keep, slice);
                case "--keep" ->
                        new Asked(
                                ranges,
                                lines,
                                stories,
                                whole,
                                plant,
                                Optional.of(Path.of(rest.next())),
                                slice);
                case "--slice" ->
                        new Asked(ranges, lines, stories, whole, plant, keep, number(rest));
                default -> throw new IllegalArgumentException(option);
            };
        }

        private Asked with(Stream<LongRange> other) {
            return new Asked(other.toList(), lines, stories, whole, plant, keep, slice);
        }

        private static int number(Iterator<String> rest) {
            return Integer.parseInt(rest.next());
        }
    }

    /// `7` or `1-100`.
    private record LongRange(long first, long last) {
        static LongRange of(String text) {
            String[] ends = text.split("-", 2);
            return new LongRange(Long.parseLong(ends[0]), Long.parseLong(ends[ends.length - 1]));
        }

        LongStream seeds() {
            return LongStream.rangeClosed(first, last);
        }
    }

    /// See `scripts/simulate --help`.
    public static void main(String[] args) throws IOException {
        Asked asked;
        try {
            asked = Asked.of(args);
        } catch (IllegalArgumentException | NoSuchElementException e) {
            System.err.println("simulate: what is " + e.getMessage() + "? See --help.");
            System.exit(64);
            return;
        }
        boolean fine =
                asked.plant().isEmpty()
                        ? new Simulation().liveAll(asked)
                        : plant(
                                PlantedBug.of(asked.plant()),
                                asked.ranges().stream().flatMapToLong(LongRange::seeds).toArray(),
                                asked.stories() == 0 ? 0 : asked.lines());
        System.exit(fine ? 0 : 1);
    }

    /// Lives worlds one after the other, on this thread.
    ///
    /// @return whether none failed, those included that were kept of earlier runs
    private boolean liveAll(Asked asked) throws IOException {
        List<Sums> kept = asked.keep().isPresent() ? Sums.read(asked.keep().get()) : List.of();
        Sums all = kept.stream().reduce(Sums.none(0), Sums::and);
        for (LongRange range : asked.ranges()) {
            for (long first = range.first(); first <= range.last(); first += asked.slice()) {
                long begin = first;
                if (kept.stream().anyMatch(k -> k.has(begin))) {
                    continue;
                }
                LongRange slice =
                        new LongRange(first, Math.min(range.last(), first + asked.slice() - 1));
                Sums sums = liveSlice(slice, asked, all.failed().size());
                all = all.and(sums);
                if (asked.keep().isPresent()) {
                    sums.append(asked.keep().get());
                    System.out.println(slice.first() + "-" + slice.last() + ": " + sums);
                }
            }
        }
        System.out.println("simulation: " + all);
        return all.failed().isEmpty();
    }

    private Sums liveSlice(LongRange seeds, Asked asked, long failedBefore) {
        ThreadMXBean thread = ManagementFactory.getThreadMXBean();
        long began = System.nanoTime();
        long processor = thread.getCurrentThreadCpuTime();
        Sums sums = Sums.none(seeds.first());
        for (long seed = seeds.first(); seed <= seeds.last(); seed++) {
            Scenario scenario = Scenario.of(seed);
            Outcome outcome = live(scenario);
            sums = sums.and(seed, outcome);
            if (outcome.violation().isPresent()) {
                System.out.println("seed " + seed + ": " + outcome.violation().get());
                if (failedBefore + sums.failed().size() <= asked.stories()) {
                    System.out.println(story(scenario, asked.lines(), asked.whole()));
                }
            }
        }
        return sums.taking(
                System.nanoTime() - began, thread.getCurrentThreadCpuTime() - processor);
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
}
