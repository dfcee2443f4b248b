package io.sallyport.base.telemetry;

import java.util.EnumMap;
import java.util.Map;

/// One counter for each [Drop] reason; one thread counts, any thread reads.
public final class DropCounters {
    private final Counter[] counters = new Counter[Drop.values().length];

    public DropCounters() {
        for (int i = 0; i < counters.length; i++) {
            counters[i] = new Counter();
        }
    }

    public void count(Drop reason) {
        counters[reason.ordinal()].increment();
    }

    public void count(Drop reason, int packets) {
        counters[reason.ordinal()].add(packets);
    }

    public long get(Drop reason) {
        return counters[reason.ordinal()].get();
    }

    /// Reasons that occurred, with their counts.
    public Map<Drop, Long> snapshot() {
        Map<Drop, Long> seen = new EnumMap<>(Drop.class);
        for (Drop reason : Drop.values()) {
            if (get(reason) > 0) {
                seen.put(reason, get(reason));
            }
        }
        return seen;
    }
}
