package io.sallyport.ffi.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/// poll.h: looking at one descriptor without waiting, and without `errno`.
///
/// ```text
/// pollfd:  0 fd(4)  4 events(2)  6 revents(2)
/// ```
final class Poll {
    private static final int POLLIN = 1;
    private static final int POLLFD = 8;
    private static final MethodHandle POLL =
            Native.plain("poll", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT));
    private static final ThreadLocal<MemorySegment> QUESTION =
            ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(POLLFD, 8));

    private Poll() {}

    /// Whether a read would tell something: data, the end, or an error.
    static boolean isReadable(int fd) {
        MemorySegment question = QUESTION.get();
        question.set(JAVA_INT, 0, fd);
        question.set(JAVA_SHORT, 4, (short) POLLIN);
        try {
            return (int) POLL.invokeExact(question.address(), 1L, 0) != 0;
        } catch (Throwable t) {
            throw Native.bug(t);
        }
    }
}
