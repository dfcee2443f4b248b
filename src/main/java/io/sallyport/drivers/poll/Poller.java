package io.sallyport.drivers.poll;

import io.sallyport.ffi.linux.Epoll;
import io.sallyport.ffi.linux.Errno;
import io.sallyport.ffi.linux.LinuxException;
import io.sallyport.ffi.linux.Unistd;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Waits until one of several descriptors can be read, or written to. One thread adds, removes,
/// awaits and closes; any thread may [#wake()] it.
public final class Poller implements AutoCloseable {
    private static final int MOST = 64;
    private static final long WAKE = -1;
    private static final ValueLayout.OfLong DATA = ValueLayout.JAVA_LONG_UNALIGNED;

    private final Arena arena = Arena.ofShared();
    private final MemorySegment events = arena.allocate((long) MOST * Epoll.EVENT_SIZE, 8);
    private final MemorySegment event = arena.allocate(Epoll.EVENT_SIZE, 8);
    private final MemorySegment counter = arena.allocate(8, 8);
    private final MemorySegment one = arena.allocateFrom(ValueLayout.JAVA_LONG, 1);
    private final int[] tokens = new int[MOST];
    private final int epoll;
    private final int wakeup;
    private boolean closed;

    private Poller(int epoll, int wakeup) {
        this.epoll = epoll;
        this.wakeup = wakeup;
    }

    public static Poller open() throws LinuxException {
        int epoll = LinuxException.check(Epoll.create(), "epoll_create1");
        int wakeup = Epoll.eventfd();
        if (wakeup < 0) {
            Unistd.close(epoll);
            throw new LinuxException("eventfd", -wakeup);
        }
        Poller poller = new Poller(epoll, wakeup);
        try {
            poller.control(Epoll.EPOLL_CTL_ADD, wakeup, WAKE);
        } catch (LinuxException e) {
            poller.close();
            throw e;
        }
        return poller;
    }

    /// From now on [#await] gives `token` while `fd` can be read (or is in error: reading tells
    /// which).
    ///
    /// @param token not negative
    public void add(int fd, int token) throws LinuxException {
        if (token < 0) {
            throw new IllegalArgumentException("token " + token);
        }
        control(Epoll.EPOLL_CTL_ADD, fd, token);
    }

    /// Call it before `fd` is closed.
    public void remove(int fd) throws LinuxException {
        control(Epoll.EPOLL_CTL_DEL, fd, 0);
    }

    /// [#await] says nothing of `fd`, which was added with `token`, until it is to [#hear] of it.
    public void mute(int fd, int token) throws LinuxException {
        control(Epoll.EPOLL_CTL_MOD, fd, token, 0);
    }

    /// [#await] tells of `fd` again, which was added with `token`.
    public void hear(int fd, int token) throws LinuxException {
        control(Epoll.EPOLL_CTL_MOD, fd, token, Epoll.EPOLLIN);
    }

    /// [#await] tells of `fd`, which was added with `token`, while it can be written to, too.
    public void hearRoom(int fd, int token) throws LinuxException {
        control(Epoll.EPOLL_CTL_MOD, fd, token, Epoll.EPOLLIN | Epoll.EPOLLOUT);
    }

    private void control(int operation, int fd, long data) throws LinuxException {
        control(operation, fd, data, Epoll.EPOLLIN);
    }

    private void control(int operation, int fd, long data, int events) throws LinuxException {
        event.set(ValueLayout.JAVA_INT, 0, events);
        event.set(DATA, Epoll.EVENT_DATA, data);
        LinuxException.check(Epoll.control(epoll, operation, fd, event.address()), "epoll_ctl");
    }

    /// Waits until a descriptor is ready, [#wake()] was called or the time is over.
    ///
    /// @param timeoutNanos rounded up to milliseconds; 0: only looks; negative: no limit
    /// @return how many tokens are ready; 0 after a wake or a timeout
    public int await(long timeoutNanos) throws LinuxException {
        int milliseconds =
                timeoutNanos < 0
                        ? -1
                        : (int) Math.min(Integer.MAX_VALUE, ceilToMilliseconds(timeoutNanos));
        int ready = Epoll.await(epoll, events.address(), MOST, milliseconds);
        if (Errno.EINTR.is(ready)) {
            return 0;
        }
        LinuxException.check(ready, "epoll_wait");
        int count = 0;
        for (int i = 0; i < ready; i++) {
            long data = events.get(DATA, (long) i * Epoll.EVENT_SIZE + Epoll.EVENT_DATA);
            if (data == WAKE) {
                int _ = Unistd.read(wakeup, counter.address(), 8);
            } else {
                tokens[count++] = (int) data;
            }
        }
        return count;
    }

    private static long ceilToMilliseconds(long nanos) {
        return nanos / 1_000_000 + (nanos % 1_000_000 == 0 ? 0 : 1);
    }

    /// Ready token `i` of the last [#await].
    public int token(int i) {
        return tokens[i];
    }

    /// Ends the current or the next [#await] at once. Any thread; nothing happens after [#close()].
    // The lock keeps the number of a closed eventfd, perhaps already another file's, from being
    // written to.
    public synchronized void wake() {
        if (!closed) {
            int _ = Unistd.write(wakeup, one.address(), 8);
        }
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            Unistd.close(wakeup);
            Unistd.close(epoll);
            arena.close();
        }
    }
}
