package io.sallyport.ffi.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/// sched.h, sys/resource.h and net/if.h: what the calling *thread* sees of the network, and its
/// turn at the processor. Each call gives `-errno` when it fails.
public final class Sched {
    public static final int CLONE_NEWNET = 0x40000000;

    /// setpriority(2): "0" as `who` is the caller; with Linux that is the calling thread.
    private static final int PRIO_PROCESS = 0;

    private static final MethodHandle UNSHARE =
            Native.function("unshare", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    private static final MethodHandle SETNS =
            Native.function("setns", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));
    private static final MethodHandle IF_NAMETOINDEX =
            Native.function("if_nametoindex", FunctionDescriptor.of(JAVA_INT, JAVA_LONG));

    private static final MethodHandle SETPRIORITY =
            Native.function(
                    "setpriority", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT));

    private Sched() {}

    /// Sets how the calling thread gives way to others, -20 (last) to 19; less than it has needs
    /// CAP_SYS_NICE.
    public static int nice(int nice) {
        MemorySegment state = Native.state();
        try {
            return Native.result(
                    (int) SETPRIORITY.invokeExact(state, PRIO_PROCESS, 0, nice), state);
        } catch (Throwable t) {
            throw Native.bug(t);
        }
    }

    public static int unshare(int flags) {
        MemorySegment state = Native.state();
        try {
            return Native.result((int) UNSHARE.invokeExact(state, flags), state);
        } catch (Throwable t) {
            throw Native.bug(t);
        }
    }

    /// @param type CLONE_NEWNET: `fd` must be a network namespace
    public static int setns(int fd, int type) {
        MemorySegment state = Native.state();
        try {
            return Native.result((int) SETNS.invokeExact(state, fd, type), state);
        } catch (Throwable t) {
            throw Native.bug(t);
        }
    }

    /// The number of the interface in the calling thread's namespace.
    public static int ifNameToIndex(String name) {
        MemorySegment state = Native.state();
        try (Arena arena = Arena.ofConfined()) {
            int index = (int) IF_NAMETOINDEX.invokeExact(state, arena.allocateFrom(name).address());
            return index > 0 ? index : Native.result(-1, state);
        } catch (Throwable t) {
            throw Native.bug(t);
        }
    }
}
