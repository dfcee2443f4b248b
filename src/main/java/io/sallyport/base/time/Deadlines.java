package io.sallyport.base.time;

import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/// Deadlines by key, the nearest first. One thread owns it.
public final class Deadlines<K> {
    /// No deadline: later than any time.
    public static final long NEVER = Long.MAX_VALUE;

    private record Entry<K>(K key, long at, long order) {}

    private final Map<K, Entry<K>> byKey = new HashMap<>();
    private final TreeSet<Entry<K>> byTime =
            new TreeSet<>(
                    Comparator.<Entry<K>>comparingLong(Entry::at).thenComparingLong(Entry::order));
    private long order;

    /// Sets or moves the deadline of `key`; [#NEVER] removes it.
    public void set(K key, long atNanos) {
        Entry<K> old = byKey.remove(key);
        if (old != null) {
            byTime.remove(old);
        }
        if (atNanos != NEVER) {
            Entry<K> entry = new Entry<>(key, atNanos, order++);
            byKey.put(key, entry);
            byTime.add(entry);
        }
    }

    public void cancel(K key) {
        set(key, NEVER);
    }

    /// The nearest deadline, or [#NEVER].
    public long next() {
        return byTime.isEmpty() ? NEVER : byTime.first().at();
    }

    /// How many are set.
    public int size() {
        return byKey.size();
    }

    /// Takes a key whose deadline is not after `now`, the oldest first.
    public Optional<K> takeDue(long now) {
        if (byTime.isEmpty() || byTime.first().at() > now) {
            return Optional.empty();
        }
        Entry<K> entry = byTime.removeFirst();
        byKey.remove(entry.key());
        return Optional.of(entry.key());
    }
}
