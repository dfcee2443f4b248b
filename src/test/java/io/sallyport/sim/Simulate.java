package io.sallyport.sim;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/// The command `scripts/simulate`: ranges of seeds, on some threads of which each has a simulation
/// of its own.
public final class Simulate {
    private final Asked asked;
    private final Deque<Range> slices = new ArrayDeque<>();
    private Sums all = Sums.none(0);
    private int told;

    private Simulate(Asked asked) {
        this.asked = asked;
    }

    /// `7` or `1-100`.
    private record Range(long first, long last) {
        static Range of(String text) {
            String[] ends = text.split("-", 2);
            return new Range(Long.parseLong(ends[0]), Long.parseLong(ends[ends.length - 1]));
        }

        LongStream seeds() {
            return LongStream.rangeClosed(first, last);
        }
    }

    /// What the command line says.
    private static final class Asked {
        private List<Range> ranges = List.of(Range.of("1-100"));

        /// Of a dialogue.
        private int lines = 120;

        /// So many dialogues at most.
        private int stories = 1;

        /// A dialogue with all steps of the script.
        private boolean whole;

        private int jobs = 1;
        private Optional<PlantedBug> plant = Optional.empty();
        private Optional<Path> keep = Optional.empty();

        /// So many worlds to a line of `keep`.
        private long slice = 500;

        /// @throws IllegalArgumentException where it makes no sense
        /// @throws NoSuchElementException where it ends too early
        Asked(String[] args) {
            Iterator<String> rest = List.of(args).iterator();
            while (rest.hasNext()) {
                String option = rest.next();
                switch (option) {
                    case "--seeds" ->
                            ranges = Stream.of(rest.next().split(",")).map(Range::of).toList();
                    case "--lines" -> lines = Integer.parseInt(rest.next());
                    case "--stories" -> stories = Integer.parseInt(rest.next());
                    case "--whole" -> whole = true;
                    case "--jobs" -> jobs = Integer.parseInt(rest.next());
                    case "--plant" -> plant = Optional.of(PlantedBug.of(rest.next()));
                    case "--keep" -> keep = Optional.of(Path.of(rest.next()));
                    case "--slice" -> slice = Long.parseLong(rest.next());
                    default -> throw new IllegalArgumentException(option);
                }
            }
        }
    }

    /// See `scripts/simulate --help`.
    public static void main(String[] args) throws IOException, InterruptedException {
        Asked asked;
        try {
            asked = new Asked(args);
        } catch (IllegalArgumentException | NoSuchElementException e) {
            System.err.println("simulate: what is " + e.getMessage() + "? See --help.");
            System.exit(64);
            return;
        }
        boolean fine =
                asked.plant.isPresent()
                        ? find(asked.plant.get(), asked)
                        : new Simulate(asked).liveAll();
        System.exit(fine ? 0 : 1);
    }

    // ---- worlds

    /// @return whether none failed, those included that were kept of earlier runs
    private boolean liveAll() throws IOException, InterruptedException {
        List<Sums> kept = asked.keep.isPresent() ? Sums.read(asked.keep.get()) : List.of();
        all = kept.stream().reduce(Sums.none(0), Sums::and);
        for (Range range : asked.ranges) {
            for (long first = range.first(); first <= range.last(); first += asked.slice) {
                long begin = first;
                if (kept.stream().noneMatch(k -> k.has(begin))) {
                    slices.add(new Range(first, Math.min(range.last(), first + asked.slice - 1)));
                }
            }
        }
        long began = System.nanoTime();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < asked.jobs; i++) {
            threads.add(Thread.ofPlatform().name("worlds-" + i).start(this::work));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        System.out.printf(
                "simulation: %s; this run took %.0f s on %d threads%n",
                all, (System.nanoTime() - began) / 1e9, asked.jobs);
        return all.failed().isEmpty();
    }

    private void work() {
        Simulation simulation = new Simulation();
        for (Optional<Range> next = take(); next.isPresent(); next = take()) {
            done(live(simulation, next.get()));
        }
    }

    private synchronized Optional<Range> take() {
        return Optional.ofNullable(slices.poll());
    }

    private synchronized void done(Sums sums) {
        all = all.and(sums);
        System.out.println(sums.first() + "-" + sums.last() + ": " + sums);
        asked.keep.ifPresent(file -> {
            try {
                sums.append(file);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    private Sums live(Simulation simulation, Range seeds) {
        ThreadMXBean thread = ManagementFactory.getThreadMXBean();
        long began = System.nanoTime();
        long processor = thread.getCurrentThreadCpuTime();
        Sums sums = Sums.none(seeds.first());
        for (long seed = seeds.first(); seed <= seeds.last(); seed++) {
            Scenario scenario = Scenario.of(seed);
            Simulation.Outcome outcome = simulation.live(scenario);
            sums = sums.and(seed, outcome);
            if (outcome.violation().isPresent()) {
                tell(simulation, scenario, outcome.violation().get());
            }
        }
        return sums.taking(System.nanoTime() - began, thread.getCurrentThreadCpuTime() - processor);
    }

    private void tell(Simulation simulation, Scenario scenario, String violation) {
        System.out.println("seed " + scenario.seed() + ": " + violation);
        if (isWorthAStory()) {
            System.out.println(simulation.story(scenario, asked.lines, asked.whole));
        }
    }

    private synchronized boolean isWorthAStory() {
        return ++told <= asked.stories;
    }

    // ---- planted bugs

    /// @return whether a world finds it that holds without it
    private static boolean find(PlantedBug bug, Asked asked) throws IOException {
        Simulation without = new Simulation();
        long tried = 0;
        try (PlantedBug.House house = new PlantedBug.House(bug)) {
            for (Range range : asked.ranges) {
                for (long seed : range.seeds().toArray()) {
                    tried++;
                    Optional<String> found = house.live(seed, 0);
                    if (found.isPresent()
                            && without.live(Scenario.of(seed)).violation().isEmpty()) {
                        System.out.println(bug + " is found by seed " + seed + ": " + found.get());
                        if (asked.stories > 0) {
                            house.live(seed, asked.lines).ifPresent(System.out::println);
                        }
                        return true;
                    }
                }
            }
        }
        System.out.println(bug + " is NOT found by " + tried + " seeds");
        return false;
    }
}
