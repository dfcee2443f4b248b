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

    /// Whole octets allocated for each run. An object has 16 at least, so 0 means that runs
    /// allocate nothing; what the virtual machine allocates once, when it compiles anew, does not
    /// count.
    public static long perRun(int times, Runnable work) {
        return of(times, work) / times;
    }
}
