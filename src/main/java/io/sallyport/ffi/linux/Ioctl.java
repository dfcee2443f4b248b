package io.sallyport.ffi.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/// sys/ioctl.h, and the requests of linux/if_tun.h.
public final class Ioctl {
    public static final long TUNSETIFF = 0x400454caL;
    public static final int IFF_TUN = 0x0001;
    public static final int IFF_NO_PI = 0x1000;

    /// Linux 3.8: an interface may be opened several times, each of which is a queue of it.
    public static final int IFF_MULTI_QUEUE = 0x0100;

    /// A `struct virtio_net_hdr` stands in front of each packet.
    public static final int IFF_VNET_HDR = 0x4000;

    /// What the kernel may leave to us of the packets that we read.
    public static final long TUNSETOFFLOAD = 0x400454d0L;

    public static final int TUN_F_CSUM = 0x01;
    public static final int TUN_F_TSO4 = 0x02;
    public static final int TUN_F_TSO6 = 0x04;
    public static final int TUN_F_TSO_ECN = 0x08;

    /// Linux 6.2 and newer.
    public static final int TUN_F_USO4 = 0x20;

    public static final int TUN_F_USO6 = 0x40;

    /// Refuse to attach to an interface that is there already.
    public static final int IFF_TUN_EXCL = 0x8000;

    /// `struct ifreq`: the name, NUL-ended, then a union that begins with the flags.
    public static final int IFREQ_SIZE = 40;

    public static final int IFREQ_FLAGS = 16;

    private static final MethodHandle IOCTL =
            Native.variadic(
                    "ioctl", 2, FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG));

    private Ioctl() {}

    /// @param argument an address, or a number where the request wants one
    /// @return not negative, or `-errno`
    public static int ioctl(int fd, long request, long argument) {
        MemorySegment state = Native.state();
        try {
            return Native.result((int) IOCTL.invokeExact(state, fd, request, argument), state);
        } catch (Throwable t) {
            throw Native.bug(t);
        }
    }
}
