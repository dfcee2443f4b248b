package io.sallyport.model.port;

import io.sallyport.model.command.Probe;
import io.sallyport.model.command.SadEntry;
import io.sallyport.model.command.SpdEntry;
import io.sallyport.model.command.TraceStep;
import java.util.List;

/// For people: what stands in the databases (S1-05), and what would become of a packet. Changes and
/// counts nothing. Called by the IKE loop only.
public interface DataPlane {
    /// All pairs of SAs, by id.
    List<SadEntry> associations();

    /// All policies, in the order in which they came.
    List<SpdEntry> policies();

    /// The road of a packet that is read from a TUN, stage by stage.
    ///
    /// @throws IllegalArgumentException if there is no such TUN
    List<TraceStep> trace(Probe probe);
}
