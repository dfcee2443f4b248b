package io.sallyport.cli.console;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// Time as a waiting person has it.
public interface Time {
    /// Monotonic nanoseconds.
    long nanos();

    /// What the clock on the wall says.
    Instant now();

    /// Waits.
    ///
    /// @return false: interrupted, give up
    boolean pause(Duration duration);

    /// The real one.
    static Time real() {
        return new Time() {
            @Override
            public long nanos() {
                return System.nanoTime();
            }

            @Override
            public Instant now() {
                return Instant.now();
            }

            @Override
            public boolean pause(Duration duration) {
                try {
                    return !new Semaphore(0).tryAcquire(duration.toNanos(), TimeUnit.NANOSECONDS);
                } catch (InterruptedException _) {
                    Thread.currentThread().interrupt();
                    return false;
                }
            }
        };
    }
}
