package io.sallyport.testkit;

import java.lang.management.ManagementFactory;

/// What the current thread allocated on the heap.
public final class AllocatedOctets {
    private static final com.sun.management.ThreadMXBean THREADS =
            (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();

    private AllocatedOctets() {}

    /// Octets allocated while `work` ran `times` times; warm it up before.
    public static long of(int times, Runnable work) {
        long id = Thread.currentThread().threadId();
        THREADS.getThreadAllocatedBytes(id); // the first call allocates for itself
        long before = THREADS.getThreadAllocatedBytes(id);
        for (int i = 0; i < times; i++) {
            work.run();
        }
        return THREADS.getThreadAllocatedBytes(id) - before;
    }
}
