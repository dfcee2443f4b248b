package io.sallyport.control.view;

import java.util.List;

/// The crypto engines of this machine, the preferred one first.
///
/// @param suites what was measured
/// @param refused what an engine offered and may not run, because a known answer was wrong
/// @param hint what a person could do for more speed, a line for each; empty: nothing
public record EnginesView(
        List<EngineView> engines,
        List<SuiteSpeedView> suites,
        List<String> refused,
        List<String> hint) {
    public EnginesView {
        engines = List.copyOf(engines);
        suites = List.copyOf(suites);
        refused = List.copyOf(refused);
        hint = List.copyOf(hint);
    }
}
