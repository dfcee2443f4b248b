package io.sallyport.daemon;

import io.sallyport.base.time.Clock;
import java.time.Instant;

/// The host's clock.
final class SystemClock implements Clock {
    @Override
    public long nanos() {
        return System.nanoTime();
    }

    @Override
    public Instant now() {
        return Instant.now();
    }
}
