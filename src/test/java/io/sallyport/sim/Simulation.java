package io.sallyport.sim;

import io.sallyport.crypto.choose.Crypto;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Lives worlds by their seeds, one after the other: one thread owns it.
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
}
