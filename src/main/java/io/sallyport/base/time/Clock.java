package io.sallyport.base.time;

import java.time.Instant;

/// The two kinds of time. Machines get `nanos()` as an argument; only hosts own a clock.
public interface Clock {
    /// Monotonic nanoseconds; only differences mean something.
    long nanos();

    /// Wall-clock time, for people.
    Instant now();
}
