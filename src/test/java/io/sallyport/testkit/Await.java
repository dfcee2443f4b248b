package io.sallyport.testkit;

import static org.junit.jupiter.api.Assertions.fail;

import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/// Waits for what another thread does, with a deadline.
public final class Await {
    private static final long DEADLINE_NANOS = 10_000_000_000L;

    private Await() {}

    public static void until(String what, BooleanSupplier holds) {
        long begin = System.nanoTime();
        while (!holds.getAsBoolean()) {
            if (System.nanoTime() - begin > DEADLINE_NANOS) {
                fail("still not after 10 s: " + what);
            }
            LockSupport.parkNanos(200_000);
        }
    }
}
