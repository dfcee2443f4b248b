package io.sallyport.testkit;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/// Measures what the calling thread allocates.
public final class Allocation {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private Allocation() {}

    /// Octets that ten runs of `action` allocate once it is warm: the least of as many rounds as
    /// fit into ten seconds. What is loaded and linked is allocated at first only, a leak on the
    /// road every time.
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
