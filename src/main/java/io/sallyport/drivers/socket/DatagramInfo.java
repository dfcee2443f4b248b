package io.sallyport.drivers.socket;

import io.sallyport.base.net.Path;
import io.sallyport.base.packet.PacketBatch;
import io.sallyport.ffi.linux.Errno;
import io.sallyport.ffi.linux.MessageVector;
import io.sallyport.ffi.linux.SocketAddress;
import io.sallyport.ffi.linux.Sockets;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;

/// What a received message says about itself: where it came along, and how. One thread.
final class DatagramInfo {
    private final MessageVector vector;
    private final boolean v6;
    private final boolean raw;
    private final PathCache paths;

    DatagramInfo(MessageVector vector, boolean v6, boolean raw, PathCache paths) {
        this.vector = vector;
        this.v6 = v6;
        this.raw = raw;
        this.paths = paths;
    }

    /// Errors that stand for one datagram, or for an ICMP message about an earlier one, not for the
    /// socket.
    static boolean concernsOneDatagram(int result) {
        return Errno.EAGAIN.is(result)
                || Errno.EINTR.is(result)
                || Errno.ECONNREFUSED.is(result)
                || Errno.EHOSTUNREACH.is(result)
                || Errno.ENETUNREACH.is(result)
                || Errno.EHOSTDOWN.is(result)
                || Errno.ENETDOWN.is(result)
                || Errno.EMSGSIZE.is(result)
                || Errno.ENOBUFS.is(result)
                || Errno.ENOMEM.is(result);
    }

    /// From the sender of message `k` to the address it was sent to; null if the kernel does not
    /// tell.
    @Nullable Path path(int k, int localPort) {
        int info =
                v6
                        ? vector.findControl(k, Sockets.IPPROTO_IPV6, Sockets.IPV6_PKTINFO, 20)
                        : vector.findControl(k, Sockets.IPPROTO_IP, Sockets.IP_PKTINFO, 12);
        if (info < 0) {
            return null;
        }
        MemorySegment memory = vector.memory();
        int name = vector.name(k);
        return paths.path(
                v6 ? memory.get(PacketBatch.BE64, info) : 0,
                v6
                        ? memory.get(PacketBatch.BE64, info + 8)
                        : memory.get(PacketBatch.BE32, info + 4) & 0xffffffffL,
                localPort,
                SocketAddress.high(memory, name),
                SocketAddress.low(memory, name),
                raw ? 0 : SocketAddress.port(memory, name));
    }

    /// TTL or hop limit of the outer header; 0: not known.
    int hopLimit(int k) {
        int at =
                v6
                        ? vector.findControl(k, Sockets.IPPROTO_IPV6, Sockets.IPV6_HOPLIMIT, 4)
                        : vector.findControl(k, Sockets.IPPROTO_IP, Sockets.IP_TTL, 4);
        return at < 0 ? 0 : vector.memory().get(ValueLayout.JAVA_INT, at) & 0xff;
    }

    /// DSCP and ECN of the outer header.
    int trafficClass(int k) {
        if (v6) {
            int at = vector.findControl(k, Sockets.IPPROTO_IPV6, Sockets.IPV6_TCLASS, 4);
            return at < 0 ? 0 : vector.memory().get(ValueLayout.JAVA_INT, at) & 0xff;
        }
        int at = vector.findControl(k, Sockets.IPPROTO_IP, Sockets.IP_TOS, 1);
        return at < 0 ? 0 : vector.octet(at);
    }
}
