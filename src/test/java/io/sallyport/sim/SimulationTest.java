package io.sallyport.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Worlds of 10 virtual minutes: rekeyings of both ends, loss, doubles, partitions, restarts, jumps
/// of the clock. `scripts/simulate` lives as many as one likes.
final class SimulationTest {
    private static final int MANY = 300;

    /// A mistake is found within so many.
    private static final int FEW = 100;

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
    void manyWorldsKeepTheRules() {
        Simulation simulation = new Simulation();
        List<String> broken = new ArrayList<>();
        for (long seed = 1; seed <= MANY; seed++) {
            long here = seed;
            simulation
                    .live(Scenario.of(seed))
                    .violation()
                    .ifPresent(v -> broken.add("seed " + here + ": " + v));
        }
        assertEquals(List.of(), broken);
    }

    /// Worlds that keep all rules with the engine as it is ([#manyWorldsKeepTheRules]) break one
    /// with the mistake in it.
    @ParameterizedTest
    @Tag("slow")
    @EnumSource(PlantedBug.class)
    void aMistakeInTheEngineIsFound(PlantedBug bug) throws IOException {
        try (PlantedBug.House house = new PlantedBug.House(bug)) {
            for (long seed = 1; seed <= FEW; seed++) {
                if (house.live(seed, 0).isPresent()) {
                    return;
                }
            }
        }
        throw new AssertionError(bug + " is not found by " + FEW + " worlds");
    }
}
