package io.sallyport.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Worlds of 10 virtual minutes: rekeyings of both ends, loss, doubles, partitions, restarts, jumps
/// of the clock. `scripts/simulate` lives as many as one likes.
final class SimulationTest {
    /// Seeds of 1 to 60 that break a rule on today's engine: what is not mended yet. A seed that
    /// holds again must go from this list, one that fails anew must not come into it.
    private static final Set<Long> OPEN = Set.of(29L, 30L, 31L, 35L, 54L, 55L, 58L);

    @Test
    void aWorldKeepsTheRulesAndASeedRepeatsIt() {
        Simulation simulation = new Simulation();
        Simulation.Outcome first = simulation.live(Scenario.of(1));
        assertEquals(Optional.empty(), first.violation());
        assertTrue(first.messages() > 100 && first.packets() > 100, first::toString);
        assertEquals(first, simulation.live(Scenario.of(1)));
    }

    @Test
    @Tag("slow")
    void whatBreaksARuleIsWhatWeKnowOf() {
        Simulation simulation = new Simulation();
        Set<Long> failing = new TreeSet<>();
        for (long seed = 1; seed <= 60; seed++) {
            if (simulation.live(Scenario.of(seed)).violation().isPresent()) {
                failing.add(seed);
            }
        }
        assertEquals(new TreeSet<>(OPEN), failing);
    }

    @ParameterizedTest
    @Tag("slow")
    @CsvSource({"LOST_DELETE,12", "NONCE_TIE,3"})
    void aPlantedBugIsFoundByAWorldThatHoldsWithoutIt(PlantedBug bug, long seed)
            throws IOException {
        assertEquals(Optional.empty(), new Simulation().live(Scenario.of(seed)).violation());
        try (PlantedBug.House house = new PlantedBug.House(bug)) {
            assertTrue(house.live(seed, 0).isPresent(), bug + " was not found");
        }
    }
}
