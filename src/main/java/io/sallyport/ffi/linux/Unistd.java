package io.sallyport.ffi.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/// unistd.h and fcntl.h: files by descriptor. Each call gives `-errno` when it fails.
public final class Unistd {
    // The same on x86-64 and aarch64; those that differ (O_DIRECT and its neighbours) are not here.
    public static final int O_RDONLY = 0;
    public static final int O_RDWR = 2;
    public static final int O_NONBLOCK = 0x800;
    public static final int O_CLOEXEC = 0x80000;
    private static final int F_GETFL = 3;
    private static final int F_SETFL = 4;

    private static final FunctionDescriptor TRANSFER =
            FunctionDescriptor.of(JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG);
    private static final MethodHandle READ = Native.plain("read", TRANSFER);
    private static final MethodHandle READ_ERRNO = Native.function("read", TRANSFER);
    private static final MethodHandle WRITE = Native.plain("write", TRANSFER);
    private static final MethodHandle WRITE_ERRNO = Native.function("write", TRANSFER);
    private static final FunctionDescriptor GATHER =
            FunctionDescriptor.of(JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_INT);
    private static final MethodHandle WRITEV = Native.plain("writev", GATHER);
    private static final MethodHandle WRITEV_ERRNO = Native.function("writev", GATHER);
    private static final MethodHandle CLOSE =
            Native.function("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    private static final MethodHandle OPEN =
            Native.variadic(
                    "open", 2, FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_INT));
    private static final MethodHandle FCNTL =
            Native.variadic(
                    "fcntl", 2, FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT));

    private Unistd() {}

    /// Octets read, 0 at the end. EAGAIN whenever there is nothing to read.
    ///
    /// @param fd non-blocking
    /// @param address native memory of at least `length` octets
    public static int read(int fd, long address, long length) {
        try {
            long count = (long) READ.invokeExact(fd, address, length);
            if (count >= 0) {
                return (int) count;
            }
            if (!Poll.isReadable(fd)) {
                return -Errno.EAGAIN.number();
            }
            MemorySegment state = Native.state();
            return Native.result((long) READ_ERRNO.invokeExact(state, fd, address, length), state);
        } catch (Throwable t) {
            throw Native.bug(t);
        }
    }

    /// Octets written.
    public static int write(int fd, long address, long length) {
        try {
            long count = (long) WRITE.invokeExact(fd, address, length);
            if (count >= 0) {
                return (int) count;
            }
            MemorySegment state = Native.state();
            return Native.result((long) WRITE_ERRNO.invokeExact(state, fd, address, length), state);
        } catch (Throwable t) {
            throw Native.bug(t);
        }
    }

    /// Octets written, of all pieces together.
    ///
    /// @param vectors address of an array of `struct iovec`, see [IoVector]
    public static int writev(int fd, long vectors, int count) {
        try {
            long octets = (long) WRITEV.invokeExact(fd, vectors, count);
            if (octets >= 0) {
                return (int) octets;
            }
            MemorySegment state = Native.state();
            return Native.result((long) WRITEV_ERRNO.invokeExact(state, fd, vectors, count), state);
        } catch (Throwable t) {
            throw Native.bug(t);
        }
    }

    /// A descriptor is gone after this whatever the result says, so it must never be tried again.
    public static int close(int fd) {
        MemorySegment state = Native.state();
        try {
            return Native.result((int) CLOSE.invokeExact(state, fd), state);
        } catch (Throwable t) {
            throw Native.bug(t);
        }
    }

    /// A new descriptor, closed on exec.
    ///
    /// @throws LinuxException named `open PATH`
    public static int open(String path, int flags) throws LinuxException {
        MemorySegment state = Native.state();
        int fd;
        try (var arena = java.lang.foreign.Arena.ofConfined()) {
            long address = arena.allocateFrom(path).address();
            fd = Native.result((int) OPEN.invokeExact(state, address, flags | O_CLOEXEC, 0), state);
        } catch (Throwable t) {
            throw Native.bug(t);
        }
        return LinuxException.check(fd, "open " + path);
    }

    public static int fcntl(int fd, int command, int argument) {
        MemorySegment state = Native.state();
        try {
            return Native.result((int) FCNTL.invokeExact(state, fd, command, argument), state);
        } catch (Throwable t) {
            throw Native.bug(t);
        }
    }

    /// Makes reads and writes of `fd` give EAGAIN where they would block.
    public static void nonBlocking(int fd) throws LinuxException {
        int flags = LinuxException.check(fcntl(fd, F_GETFL, 0), "fcntl F_GETFL");
        LinuxException.check(fcntl(fd, F_SETFL, flags | O_NONBLOCK), "fcntl F_SETFL");
    }
}
