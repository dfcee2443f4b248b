package io.sallyport.base.telemetry;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.EnumMap;
import java.util.Map;

/// One counter for each [Drop] reason; any thread counts, any thread reads. One array, for there is
/// one of these for each SA.
public final class DropCounters {
    private static final VarHandle COUNT = MethodHandles.arrayElementVarHandle(long[].class);

    private final long[] counts = new long[Drop.values().length];

    public void count(Drop reason) {
        count(reason, 1);
    }

    public void count(Drop reason, int packets) {
        long _ = (long) COUNT.getAndAdd(counts, reason.ordinal(), (long) packets);
    }

    public long get(Drop reason) {
        return (long) COUNT.getOpaque(counts, reason.ordinal());
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
