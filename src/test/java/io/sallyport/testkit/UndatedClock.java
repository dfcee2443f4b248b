package io.sallyport.testkit;

import io.sallyport.base.time.Clock;
import java.time.Instant;

/// The machine's clock, on a day that is always the same.
public final class UndatedClock implements Clock {
    @Override
    public long nanos() {
        return System.nanoTime();
    }

    @Override
    public Instant now() {
        return Instant.EPOCH;
    }
}
