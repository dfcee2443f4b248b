package io.sallyport.drivers.socket;

import static io.sallyport.ffi.linux.Sockets.IPPROTO_IP;
import static io.sallyport.ffi.linux.Sockets.IPPROTO_IPV6;
import static io.sallyport.ffi.linux.Sockets.SOL_SOCKET;

import io.sallyport.base.net.IpAddress;
import io.sallyport.ffi.linux.Errno;
import io.sallyport.ffi.linux.LinuxException;
import io.sallyport.ffi.linux.Socket;
import io.sallyport.ffi.linux.SocketAddress;
import io.sallyport.ffi.linux.Sockets;
import io.sallyport.ffi.linux.Unistd;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Opening and binding the sockets of the road, with what a person can do when it fails.
public final class BoundSocket {
    private static final int BUFFER_OCTETS = 4 << 20;

    private BoundSocket() {}

    /// A non-blocking socket of one family, ready for [DatagramReader] and [DatagramWriter]: large
    /// buffers, DF clear, marked. In IPv4 the kernel cuts for its own link only: what it heard of
    /// the path anybody can have told it. In IPv6 no router cuts, so it must.
    ///
    /// @param type SOCK_DGRAM or SOCK_RAW
    /// @param protocol 0 for UDP
    /// @param mark SO_MARK; 0: none
    public static int open(boolean v6, int type, int protocol, int mark) throws LinuxException {
        int discovery = v6 ? Sockets.PMTUDISC_DONT : Sockets.PMTUDISC_OMIT;
        return open(v6, type, protocol, mark, discovery);
    }

    /// The same with DF, always, whatever the kernel heard of the path: of ICMP it believes more
    /// than we do. What is larger than the first link is refused.
    ///
    /// With IP_PMTUDISC_WANT the kernel leaves DF out of every train, whose length it takes for
    /// that of a packet.
    public static int openWhole(boolean v6, int type, int protocol, int mark)
            throws LinuxException {
        return open(v6, type, protocol, mark, Sockets.PMTUDISC_PROBE);
    }

    private static int open(boolean v6, int type, int protocol, int mark, int discovery)
            throws LinuxException {
        int family = v6 ? Sockets.AF_INET6 : Sockets.AF_INET;
        int fd = Socket.socket(family, type | Sockets.SOCK_NONBLOCK, protocol);
        if (fd < 0) {
            throw new LinuxException(
                    (type == Sockets.SOCK_RAW ? "raw socket for IP protocol " + protocol : "socket")
                            + (v6 ? " (IPv6)" : " (IPv4)"),
                    -fd,
                    adviceOnSocket(fd));
        }
        try {
            configure(fd, v6, type == Sockets.SOCK_RAW, mark, discovery);
            return fd;
        } catch (LinuxException e) {
            close(fd);
            throw e;
        }
    }

    private static String adviceOnSocket(int result) {
        if (Errno.EPERM.is(result) || Errno.EACCES.is(result)) {
            return "Raw sockets need root, or CAP_NET_RAW";
        }
        return Errno.EAFNOSUPPORT.is(result) ? "This kernel does not speak this family" : "";
    }

    private static void configure(int fd, boolean v6, boolean raw, int mark, int discovery)
            throws LinuxException {
        if (v6) {
            if (!raw) { // a raw socket knows one family only, and refuses the question
                option(fd, IPPROTO_IPV6, Sockets.IPV6_V6ONLY, 1, "IPV6_V6ONLY");
            }
            option(fd, IPPROTO_IPV6, Sockets.IPV6_MTU_DISCOVER, discovery, "IPV6_MTU_DISCOVER");
        } else {
            option(fd, IPPROTO_IP, Sockets.IP_MTU_DISCOVER, discovery, "IP_MTU_DISCOVER");
        }
        buffer(fd, Sockets.SO_RCVBUFFORCE, Sockets.SO_RCVBUF);
        buffer(fd, Sockets.SO_SNDBUFFORCE, Sockets.SO_SNDBUF);
        if (mark != 0) {
            int result = Socket.setsockopt(fd, SOL_SOCKET, Sockets.SO_MARK, mark);
            if (result < 0) {
                throw new LinuxException(
                        "setsockopt SO_MARK", -result, "Marks need root, or CAP_NET_ADMIN");
            }
        }
        DatagramReader.prepare(fd, v6, raw);
    }

    /// More than the system's limit if we may, else as much as the limit allows.
    private static void buffer(int fd, int forced, int plain) {
        if (Socket.setsockopt(fd, SOL_SOCKET, forced, BUFFER_OCTETS) < 0) {
            Socket.setsockopt(fd, SOL_SOCKET, plain, BUFFER_OCTETS);
        }
    }

    private static void option(int fd, int level, int option, int value, String name)
            throws LinuxException {
        LinuxException.check(Socket.setsockopt(fd, level, option, value), "setsockopt " + name);
    }

    /// Binds a socket.
    ///
    /// @param port of UDP; 0: any free one, or a raw socket
    public static void bind(int fd, IpAddress address, int port) throws LinuxException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment name = arena.allocate(SocketAddress.SIZE6, 8);
            int length = SocketAddress.write(name, 0, address, port);
            int result = Socket.bind(fd, name.address(), length);
            if (result < 0) {
                throw new LinuxException(
                        address.isAny()
                                ? "bind UDP port " + port + (address.v6() ? " (IPv6)" : " (IPv4)")
                                : "bind to " + address,
                        -result,
                        adviceOnBind(result, port));
            }
        }
    }

    private static String adviceOnBind(int result, int port) {
        if (Errno.EADDRINUSE.is(result)) {
            return "Another program holds it; `ss -ulpn 'sport = :" + port + "'` shows which one";
        }
        if (Errno.EACCES.is(result)) {
            return "Ports below 1024 need root, or CAP_NET_BIND_SERVICE";
        }
        return "";
    }

    /// Others of ours may be bound to the same port from now on.
    public static void share(int fd) throws LinuxException {
        option(fd, SOL_SOCKET, Sockets.SO_REUSEPORT, 1, "SO_REUSEPORT");
    }

    /// Of the sockets that share a port, the one that was bound first gets all that comes.
    public static void firstReceives(int fd) throws LinuxException {
        new PacketProgram().answer(0).choose(fd);
    }

    /// Nothing that comes is kept by this socket.
    public static void receiveNothing(int fd) throws LinuxException {
        new PacketProgram().answer(0).filter(fd);
    }

    /// Of ICMP only messages of this type come to a raw socket: a bit that is set keeps those of
    /// its type away.
    public static void onlyIcmp(int fd, boolean v6, int type) throws LinuxException {
        if (!v6) {
            option(fd, Sockets.SOL_RAW, Sockets.ICMP_FILTER, ~(1 << type), "ICMP_FILTER");
            return;
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment filter = arena.allocate(32, 4);
            filter.fill((byte) 0xff);
            filter.set(ValueLayout.JAVA_INT, type / 32 * 4, ~(1 << type % 32));
            LinuxException.check(
                    Socket.setsockopt(
                            fd, Sockets.SOL_ICMPV6, Sockets.ICMPV6_FILTER, filter.address(), 32),
                    "setsockopt ICMPV6_FILTER");
        }
    }

    /// The port a socket was given by the kernel.
    public static int localPort(int fd) throws LinuxException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment name = arena.allocate(SocketAddress.SIZE6, 8);
            MemorySegment length = arena.allocateFrom(ValueLayout.JAVA_INT, SocketAddress.SIZE6);
            LinuxException.check(
                    Socket.getsockname(fd, name.address(), length.address()), "getsockname");
            return SocketAddress.port(name, 0);
        }
    }

    public static void close(int fd) {
        Unistd.close(fd);
    }
}
