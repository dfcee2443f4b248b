package io.sallyport.control.view;

import java.util.List;

/// What would become of a packet, stage by stage.
///
/// @param refused why the question makes no sense; empty: it does
public record TraceView(String refused, List<Step> steps) {
    public TraceView {
        steps = List.copyOf(steps);
    }

    /// @param last the packet goes no further
    public record Step(String stage, String says, boolean last) {}
}
