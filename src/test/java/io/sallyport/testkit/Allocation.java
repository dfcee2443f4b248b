package io.sallyport.testkit;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/// Measures what the calling thread allocates.
public final class Allocation {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private Allocation() {}

    /// Octets that `action` allocates once it is warm: the least of up to `rounds` rounds of ten
    /// runs, at most ten seconds. What the compiler still has to learn is allocated at first only
    /// (a downcall that captures errno allocates 40 octets until its caller is compiled), a leak on
    /// the road every time.
    public static long octetsWhenWarm(Runnable action) {
        long least = Long.MAX_VALUE;
        long deadline = System.nanoTime() + 10_000_000_000L;
        while (least > 0 && System.nanoTime() < deadline) {
            long before = THREADS.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < 10; i++) {
                action.run();
            }
            least = Math.min(least, THREADS.getCurrentThreadAllocatedBytes() - before);
        }
        return least;
    }
}
