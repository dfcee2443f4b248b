package io.sallyport.drivers.xfrm;

import io.sallyport.base.Octets;
import io.sallyport.drivers.xfrm.KernelPolicy.Direction;
import io.sallyport.ffi.linux.LinuxException;
import io.sallyport.ffi.linux.Socket;
import io.sallyport.ffi.linux.Sockets;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// What IKE's sockets need where the kernel has the data plane.
public final class KernelSockets {
    private KernelSockets() {}

    /// The kernel's policies do not hold for this socket: IKE is never inside a tunnel of its own
    /// making, and is heard in clear.
    public static void pass(int fd, boolean v6) throws LinuxException {
        for (Direction direction : new Direction[] {Direction.IN, Direction.OUT}) {
            Octets policy = KernelPolicy.passing(direction, v6);
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment value = arena.allocate(policy.length(), 8);
                value.copyFrom(MemorySegment.ofBuffer(policy.buffer()));
                LinuxException.check(
                        Socket.setsockopt(
                                fd,
                                v6 ? Sockets.IPPROTO_IPV6 : Sockets.IPPROTO_IP,
                                v6 ? Sockets.IPV6_XFRM_POLICY : Sockets.IP_XFRM_POLICY,
                                value.address(),
                                policy.length()),
                        "setsockopt IP_XFRM_POLICY");
            }
        }
    }

    /// The kernel takes ESP out of this socket's datagrams; IKE behind its marker still comes here.
    public static void decapsulate(int fd) throws LinuxException {
        LinuxException.check(
                Socket.setsockopt(fd, Sockets.SOL_UDP, Sockets.UDP_ENCAP, Xfrm.UDP_ENCAP_ESPINUDP),
                "setsockopt UDP_ENCAP");
    }
}
