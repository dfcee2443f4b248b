package io.sallyport.drivers.netns;

import io.sallyport.ffi.linux.Errno;
import io.sallyport.ffi.linux.LinuxException;
import io.sallyport.ffi.linux.Sched;
import io.sallyport.ffi.linux.Unistd;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/// A network namespace and one platform thread that lives in it. Sockets opened, files of
/// /proc/sys/net touched and processes started on that thread belong to the namespace; a socket
/// keeps belonging to it when other threads use it.
///
/// The namespace itself lives as long as the thread, a descriptor, a socket or a process in it.
public final class NetworkNamespace implements AutoCloseable {
    private static final String NAMED = "/run/netns/";
    private static final Duration END = Duration.ofSeconds(2);
    private static final String CURRENT = "/proc/thread-self/ns/net";

    private final String name;
    private final BlockingQueue<FutureTask<?>> work = new LinkedBlockingQueue<>();
    private final Thread thread;
    private volatile boolean closed;
    private int fd = -1;

    private NetworkNamespace(String name) {
        this.name = name;
        this.thread = Thread.ofPlatform().daemon().name("netns " + name).unstarted(this::serve);
    }

    /// A new, empty namespace: its loopback is down.
    ///
    /// @param name for people and thread dumps only
    /// @throws LinuxException with advice, if not root
    public static NetworkNamespace create(String name) throws IOException {
        return begin(
                name,
                () -> {
                    int result = Sched.unshare(Sched.CLONE_NEWNET);
                    if (result < 0) {
                        throw new LinuxException(
                                "unshare CLONE_NEWNET",
                                -result,
                                Errno.EPERM.is(result)
                                        ? "Network namespaces need root, or CAP_SYS_ADMIN in a container"
                                        : "");
                    }
                    return null;
                });
    }

    /// The namespace that `ip netns add NAME` made, /run/netns/NAME.
    public static NetworkNamespace enter(String name) throws IOException {
        return begin(
                name,
                () -> {
                    int fd;
                    try {
                        fd = Unistd.open(NAMED + name, Unistd.O_RDONLY);
                    } catch (LinuxException e) {
                        throw e.is(Errno.ENOENT)
                                ? new LinuxException(
                                        e.call(),
                                        e.errno(),
                                        "`ip netns list` shows the names there are")
                                : e;
                    }
                    try {
                        LinuxException.check(
                                Sched.setns(fd, Sched.CLONE_NEWNET), "setns " + NAMED + name);
                    } finally {
                        Unistd.close(fd);
                    }
                    return null;
                });
    }

    private static NetworkNamespace begin(String name, Callable<@Nullable Void> move)
            throws IOException {
        NetworkNamespace namespace = new NetworkNamespace(name);
        namespace.thread.start();
        try {
            namespace.fd =
                    namespace.call(() -> {
                        move.call();
                        return Unistd.open(CURRENT, Unistd.O_RDONLY);
                    });
            return namespace;
        } catch (IOException e) {
            namespace.close();
            throw e;
        }
    }

    private void serve() {
        while (!closed) {
            try {
                work.take().run();
            } catch (InterruptedException e) {
                // Only close() interrupts, or a callable that was itself interrupted: look again.
            }
        }
        for (FutureTask<?> left = work.poll(); left != null; left = work.poll()) {
            left.cancel(false);
        }
    }

    /// Runs `action` on the namespace's thread and waits for it. Its exceptions come out here,
    /// checked ones other than IOException inside one.
    public <T extends @Nullable Object> T call(Callable<T> action) throws IOException {
        if (closed) {
            throw new IllegalStateException(this + " is closed");
        }
        if (Thread.currentThread() == thread) {
            return unwrapped(action);
        }
        FutureTask<T> task = new FutureTask<>(action);
        work.add(task);
        if (closed) {
            task.cancel(false); // perhaps the thread did not see it any more
        }
        try {
            return task.get();
        } catch (InterruptedException e) {
            task.cancel(true);
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for " + this, e);
        } catch (CancellationException e) {
            throw new IllegalStateException(this + " was closed", e);
        } catch (ExecutionException e) {
            throw thrown(e.getCause() == null ? e : e.getCause());
        }
    }

    private static <T extends @Nullable Object> T unwrapped(Callable<T> action) throws IOException {
        try {
            return action.call();
        } catch (Exception e) {
            throw thrown(e);
        }
    }

    private static IOException thrown(Throwable cause) {
        if (cause instanceof IOException checked) {
            return checked;
        }
        if (cause instanceof RuntimeException unchecked) {
            throw unchecked;
        }
        if (cause instanceof Error error) {
            throw error;
        }
        return new IOException(cause);
    }

    /// A child process in the namespace: a child inherits it from the thread that starts it.
    public Process start(ProcessBuilder process) throws IOException {
        return call(process::start);
    }

    /// A descriptor of the namespace, for moving links into it; closed by [#close()].
    public int fd() {
        return fd;
    }

    public String name() {
        return name;
    }

    /// Interrupts what the thread is doing and ends it. What is still running in the namespace
    /// keeps it alive.
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            thread.interrupt();
            if (Thread.currentThread() != thread) {
                awaitEnd();
            }
            if (fd >= 0) {
                Unistd.close(fd);
            }
        }
    }

    private void awaitEnd() {
        try {
            thread.join(END);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public String toString() {
        return "network namespace " + name;
    }
}
