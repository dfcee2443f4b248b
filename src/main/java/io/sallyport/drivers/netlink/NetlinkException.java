package io.sallyport.drivers.netlink;

import io.sallyport.ffi.linux.Errno;
import java.io.IOException;

/// The kernel refused a netlink request: what was asked, the error number, and the kernel's own
/// sentence where it gave one (extended acknowledgement).
public final class NetlinkException extends IOException {
    private final int errno;
    private final String kernelText;

    /// @param request what was asked, e.g. `add route 10.0.0.0/8 dev vti1`
    /// @param errno positive
    /// @param kernelText may be empty
    public NetlinkException(String request, int errno, String kernelText) {
        super(
                request
                        + ": "
                        + Errno.describe(errno)
                        + (kernelText.isEmpty() ? "" : ": " + kernelText));
        this.errno = errno;
        this.kernelText = kernelText;
    }

    public int errno() {
        return errno;
    }

    public boolean is(Errno error) {
        return errno == error.number();
    }

    public String kernelText() {
        return kernelText;
    }
}
