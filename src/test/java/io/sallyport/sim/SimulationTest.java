package io.sallyport.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Worlds of 10 virtual minutes: rekeyings of both ends, loss, doubles, partitions, restarts, jumps
/// of the clock. `scripts/simulate` lives as many as one likes.
final class SimulationTest {
    @Test
    void aWorldKeepsTheRulesAndASeedRepeatsIt() {
        Simulation simulation = new Simulation();
        Simulation.Outcome first = simulation.live(Scenario.of(1));
        assertEquals(Optional.empty(), first.violation());
        assertTrue(first.messages() > 100 && first.packets() > 100, first::toString);
        assertEquals(first, simulation.live(Scenario.of(1)));
    }

    /// Each of these broke a rule once, by a mistake in the engine.
    @ParameterizedTest
    @Tag("slow")
    @ValueSource(longs = {29, 30, 35, 55, 58, 70, 82, 96})
    void aWorldThatBrokeARuleOnceKeepsThemAll(long seed) {
        assertEquals(Optional.empty(), new Simulation().live(Scenario.of(seed)).violation());
    }
}
