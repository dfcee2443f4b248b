package io.sallyport.ffi.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/// sys/socket.h. Each call gives `-errno` when it fails; addresses are native memory.
public final class Socket {
    private static final MethodHandle SOCKET =
            Native.function(
                    "socket", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT));
    private static final MethodHandle BIND =
            Native.function("bind", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_INT));
    private static final MethodHandle CONNECT =
            Native.function(
                    "connect", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_INT));
    private static final MethodHandle LISTEN =
            Native.function("listen", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));
    private static final MethodHandle ACCEPT =
            Native.function(
                    "accept4",
                    FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT));
    private static final MethodHandle GETSOCKNAME =
            Native.function(
                    "getsockname", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG));
    private static final MethodHandle SETSOCKOPT =
            Native.function(
                    "setsockopt",
                    FunctionDescriptor.of(
                            JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_INT));
    private static final MethodHandle GETSOCKOPT =
            Native.function(
                    "getsockopt",
                    FunctionDescriptor.of(
                            JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG));
    private static final MethodHandle SENDTO =
            Native.function(
                    "sendto",
                    FunctionDescriptor.of(
                            JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_LONG,
                            JAVA_INT));
    private static final MethodHandle RECVFROM =
            Native.function(
                    "recvfrom",
                    FunctionDescriptor.of(
                            JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_LONG,
                            JAVA_LONG));
    private static final FunctionDescriptor MANY_OUT =
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_INT);
    private static final FunctionDescriptor MANY_IN =
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_LONG);
    private static final MethodHandle SENDMMSG = Native.plain("sendmmsg", MANY_OUT);
    private static final MethodHandle SENDMMSG_ERRNO = Native.function("sendmmsg", MANY_OUT);
    private static final MethodHandle RECVMMSG = Native.plain("recvmmsg", MANY_IN);
    private static final MethodHandle RECVMMSG_ERRNO = Native.function("recvmmsg", MANY_IN);

    private Socket() {}

    /// A new descriptor, closed on exec.
    public static int socket(int family, int type, int protocol) {
        MemorySegment state = Native.state();
        try {
            return Native.result(
                    (int) SOCKET.invokeExact(state, family, type | Sockets.SOCK_CLOEXEC, protocol),
                    state);
        } catch (Throwable t) {
            throw Native.bug(t);
        }
    }

    public static int bind(int fd, long address, int length) {
        MemorySegment state = Native.state();
        try {
            return Native.result((int) BIND.invokeExact(state, fd, address, length), state);
        } catch (Throwable t) {
            throw Native.bug(t);
        }
    }

    /// EINPROGRESS from a non-blocking socket: it can be written to when it is connected, and
    /// `SO_ERROR` says whether it is.
    public static int connect(int fd, long address, int length) {
        MemorySegment state = Native.state();
        try {
            return Native.result((int) CONNECT.invokeExact(state, fd, address, length), state);
        } catch (Throwable t) {
            throw Native.bug(t);
        }
    }

    /// @param backlog connections that wait to be accepted
    public static int listen(int fd, int backlog) {
        MemorySegment state = Native.state();
        try {
            return Native.result((int) LISTEN.invokeExact(state, fd, backlog), state);
        } catch (Throwable t) {
            throw Native.bug(t);
        }
    }

    /// A new descriptor of a connection, non-blocking and closed on exec.
    ///
    /// @param length address of a 32-bit number: room before, octets used after
    public static int accept(int fd, long address, long length) {
        MemorySegment state = Native.state();
        try {
            return Native.result(
                    (int)
                            ACCEPT.invokeExact(
                                    state,
                                    fd,
                                    address,
                                    length,
                                    Sockets.SOCK_NONBLOCK | Sockets.SOCK_CLOEXEC),
                    state);
        } catch (Throwable t) {
            throw Native.bug(t);
        }
    }

    /// @param length address of a 32-bit number: room before, octets used after
    public static int getsockname(int fd, long address, long length) {
        MemorySegment state = Native.state();
        try {
            return Native.result((int) GETSOCKNAME.invokeExact(state, fd, address, length), state);
        } catch (Throwable t) {
            throw Native.bug(t);
        }
    }

    public static int setsockopt(int fd, int level, int option, long value, int length) {
        MemorySegment state = Native.state();
        try {
            return Native.result(
                    (int) SETSOCKOPT.invokeExact(state, fd, level, option, value, length), state);
        } catch (Throwable t) {
            throw Native.bug(t);
        }
    }

    /// An option that is one `int`.
    public static int setsockopt(int fd, int level, int option, int value) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment number = arena.allocateFrom(JAVA_INT, value);
            return setsockopt(fd, level, option, number.address(), 4);
        }
    }

    /// @param length address of a 32-bit number: room before, octets used after
    public static int getsockopt(int fd, int level, int option, long value, long length) {
        MemorySegment state = Native.state();
        try {
            return Native.result(
                    (int) GETSOCKOPT.invokeExact(state, fd, level, option, value, length), state);
        } catch (Throwable t) {
            throw Native.bug(t);
        }
    }

    /// An option that is one `int` and not negative.
    public static int getsockopt(int fd, int level, int option) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment value = arena.allocate(JAVA_INT);
            MemorySegment length = arena.allocateFrom(JAVA_INT, 4);
            int result = getsockopt(fd, level, option, value.address(), length.address());
            return result < 0 ? result : value.get(JAVA_INT, 0);
        }
    }

    public static int sendto(
            int fd, long data, long length, int flags, long address, int addressLength) {
        MemorySegment state = Native.state();
        try {
            return Native.result(
                    (long)
                            SENDTO.invokeExact(
                                    state, fd, data, length, flags, address, addressLength),
                    state);
        } catch (Throwable t) {
            throw Native.bug(t);
        }
    }

    /// @param addressLength address of a 32-bit number: room before, octets used after
    public static int recvfrom(
            int fd, long data, long length, int flags, long address, long addressLength) {
        MemorySegment state = Native.state();
        try {
            return Native.result(
                    (long)
                            RECVFROM.invokeExact(
                                    state, fd, data, length, flags, address, addressLength),
                    state);
        } catch (Throwable t) {
            throw Native.bug(t);
        }
    }

    /// How many messages were sent; an error only if the first was not. Does not wait.
    ///
    /// @param messages address of an array of `struct mmsghdr`, see [MessageVector]
    public static int sendmmsg(int fd, long messages, int count) {
        try {
            int sent = (int) SENDMMSG.invokeExact(fd, messages, count, Sockets.MSG_DONTWAIT);
            if (sent >= 0) {
                return sent;
            }
            MemorySegment state = Native.state();
            return Native.result(
                    (int)
                            SENDMMSG_ERRNO.invokeExact(
                                    state, fd, messages, count, Sockets.MSG_DONTWAIT),
                    state);
        } catch (Throwable t) {
            throw Native.bug(t);
        }
    }

    /// How many messages were received. Does not wait: EAGAIN whenever there is nothing.
    public static int recvmmsg(int fd, long messages, int count) {
        try {
            int received =
                    (int) RECVMMSG.invokeExact(fd, messages, count, Sockets.MSG_DONTWAIT, 0L);
            if (received >= 0) {
                return received;
            }
            if (!Poll.isReadable(fd)) {
                return -Errno.EAGAIN.number();
            }
            MemorySegment state = Native.state();
            return Native.result(
                    (int)
                            RECVMMSG_ERRNO.invokeExact(
                                    state, fd, messages, count, Sockets.MSG_DONTWAIT, 0L),
                    state);
        } catch (Throwable t) {
            throw Native.bug(t);
        }
    }
}
