package io.sallyport.ffi.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/// sys/epoll.h and sys/eventfd.h. Each call gives `-errno` when it fails.
public final class Epoll {
    public static final int EPOLL_CTL_ADD = 1;
    public static final int EPOLL_CTL_DEL = 2;
    public static final int EPOLL_CTL_MOD = 3;
    public static final int EPOLLIN = 1;
    public static final int EPOLLOUT = 4;
    private static final int EPOLL_CLOEXEC = 0x80000;
    private static final int EFD_NONBLOCK_CLOEXEC = 0x80800;

    // `struct epoll_event` is packed on x86-64 only.
    private static final boolean PACKED = System.getProperty("os.arch", "").equals("amd64");

    /// Octets of `struct epoll_event`.
    public static final int EVENT_SIZE = PACKED ? 12 : 16;

    /// Offset of `data` in it; `events` stands at 0.
    public static final int EVENT_DATA = PACKED ? 4 : 8;

    private static final MethodHandle CREATE =
            Native.function("epoll_create1", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    private static final MethodHandle CTL =
            Native.function(
                    "epoll_ctl",
                    FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG));
    private static final FunctionDescriptor AWAIT =
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_INT);
    private static final MethodHandle WAIT = Native.plain("epoll_wait", AWAIT);
    private static final MethodHandle WAIT_ERRNO = Native.function("epoll_wait", AWAIT);
    private static final MethodHandle EVENTFD =
            Native.function("eventfd", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));

    private Epoll() {}

    public static int create() {
        MemorySegment state = Native.state();
        try {
            return Native.result((int) CREATE.invokeExact(state, EPOLL_CLOEXEC), state);
        } catch (Throwable t) {
            throw Native.bug(t);
        }
    }

    /// @param event address of a `struct epoll_event`, 0 for EPOLL_CTL_DEL
    public static int control(int epoll, int operation, int fd, long event) {
        MemorySegment state = Native.state();
        try {
            return Native.result((int) CTL.invokeExact(state, epoll, operation, fd, event), state);
        } catch (Throwable t) {
            throw Native.bug(t);
        }
    }

    /// How many events were written to `events`.
    ///
    /// @param milliseconds -1: for ever
    public static int await(int epoll, long events, int most, int milliseconds) {
        try {
            int ready = (int) WAIT.invokeExact(epoll, events, most, milliseconds);
            if (ready >= 0) {
                return ready;
            }
            MemorySegment state = Native.state();
            return Native.result(
                    (int) WAIT_ERRNO.invokeExact(state, epoll, events, most, 0), state);
        } catch (Throwable t) {
            throw Native.bug(t);
        }
    }

    /// A non-blocking eventfd that begins at zero.
    public static int eventfd() {
        MemorySegment state = Native.state();
        try {
            return Native.result((int) EVENTFD.invokeExact(state, 0, EFD_NONBLOCK_CLOEXEC), state);
        } catch (Throwable t) {
            throw Native.bug(t);
        }
    }
}
