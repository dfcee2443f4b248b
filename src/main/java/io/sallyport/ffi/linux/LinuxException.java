package io.sallyport.ffi.linux;

import java.io.IOException;

/// A system call that failed: what was called, the error number, and, where we know, what a person
/// can do.
public final class LinuxException extends IOException {
    private final String call;
    private final int errno;
    private final String advice;

    /// @param call what was tried, e.g. `open /dev/net/tun`
    /// @param errno positive
    public LinuxException(String call, int errno) {
        this(call, errno, "");
    }

    /// @param advice a sentence on what to do next; may be empty
    public LinuxException(String call, int errno, String advice) {
        super(call + ": " + Errno.describe(errno) + (advice.isEmpty() ? "" : ". " + advice));
        this.call = call;
        this.errno = errno;
        this.advice = advice;
    }

    /// Passes the result of a fast call through, or throws what it says.
    ///
    /// @param result not negative, or `-errno`
    public static int check(int result, String call) throws LinuxException {
        if (result < 0) {
            throw new LinuxException(call, -result);
        }
        return result;
    }

    public String call() {
        return call;
    }

    public int errno() {
        return errno;
    }

    public boolean is(Errno error) {
        return errno == error.number();
    }

    /// What to do next, or empty.
    public String advice() {
        return advice;
    }
}
