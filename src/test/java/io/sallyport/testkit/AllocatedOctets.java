package io.sallyport.testkit;

import java.lang.management.ManagementFactory;

/// What the current thread allocates on the heap.
public final class AllocatedOctets {
    private static final com.sun.management.ThreadMXBean THREADS =
            (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();

    /// A warm road needs two or three; one that allocates needs them all.
    private static final int ROUNDS = 30;

    private AllocatedOctets() {}

    /// Octets that one run allocates, with what the virtual machine makes in its name.
    public static long once(Runnable work) {
        long before = THREADS.getCurrentThreadAllocatedBytes();
        work.run();
        return THREADS.getCurrentThreadAllocatedBytes() - before;
    }

    /// Octets that `times` runs of `work` in a row allocate: the least of several such rounds. 0
    /// means that not one of them allocated anything, so a road that leaks even one object in
    /// `times` runs is caught.
    ///
    /// There are rounds because the virtual machine itself allocates now and then in the name of
    /// whoever runs: when a method is given to the compiler, HotSpot first makes the strings of its
    /// class's constants (seen by JVMTI: a String and its array, 56 octets or some such, at
    /// bytecode 0 of the method). That happens once a method and level, and late on a busy machine.
    public static long of(int times, Runnable work) {
        long id = Thread.currentThread().threadId();
        THREADS.getThreadAllocatedBytes(id); // the first call allocates for itself
        long least = Long.MAX_VALUE;
        for (int round = 0; round < ROUNDS && least > 0; round++) {
            long before = THREADS.getThreadAllocatedBytes(id);
            for (int i = 0; i < times; i++) {
                work.run();
            }
            least = Math.min(least, THREADS.getThreadAllocatedBytes(id) - before);
        }
        return least;
    }
}
