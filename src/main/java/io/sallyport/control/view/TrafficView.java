package io.sallyport.control.view;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/// What was carried and what was not. Octets are inner octets.
///
/// @param drops packets by reason, the names of `base.telemetry.Drop`; only those that occurred
public record TrafficView(
        long packetsIn, long octetsIn, long packetsOut, long octetsOut, Map<String, Long> drops) {
    public static final TrafficView NONE = new TrafficView(0, 0, 0, 0, Map.of());

    public TrafficView {
        drops = Collections.unmodifiableMap(new TreeMap<>(drops));
    }
}
