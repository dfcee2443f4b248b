package io.sallyport.drivers.tcp;

import io.sallyport.base.net.Endpoint;
import io.sallyport.base.net.IpAddress;
import io.sallyport.drivers.socket.BoundSocket;
import io.sallyport.ffi.linux.Errno;
import io.sallyport.ffi.linux.LinuxException;
import io.sallyport.ffi.linux.Socket;
import io.sallyport.ffi.linux.SocketAddress;
import io.sallyport.ffi.linux.Sockets;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Opening TCP sockets.
final class TcpSockets {
    /// Connections that wait to be accepted.
    private static final int BACKLOG = 128;

    /// RFC 9329, 9.1: "the outer TCP connection should have limits on its send buffer size": of
    /// what waits to be sent the kernel takes no more than this.
    private static final int MOST_UNSENT = 256 << 10;

    /// A connection on which nothing is acknowledged is given up before an unanswered request is.
    private static final int DEAD_AFTER_MILLISECONDS = 10_000;

    private TcpSockets() {}

    /// @throws LinuxException with advice, if somebody else has the port
    static int listen(boolean v6, int port, int mark) throws LinuxException {
        int fd = open(v6);
        try {
            configure(fd, mark);
            int result = bind(fd, v6 ? IpAddress.ANY6 : IpAddress.ANY4, port);
            if (result < 0) {
                throw new LinuxException(
                        "bind TCP port " + port + (v6 ? " (IPv6)" : " (IPv4)"),
                        -result,
                        Errno.EADDRINUSE.is(result)
                                ? "Another program holds it; `ss -tlpn 'sport = :"
                                        + port
                                        + "'` shows which one"
                                : "");
            }
            LinuxException.check(Socket.listen(fd, BACKLOG), "listen");
            return fd;
        } catch (LinuxException e) {
            BoundSocket.close(fd);
            throw e;
        }
    }

    /// A socket on its way: it can be written to when it is there, or has failed.
    ///
    /// @param local its port is taken if it is free
    static int connect(Endpoint local, Endpoint remote, int mark) throws LinuxException {
        int fd = open(local.address().v6());
        try {
            configure(fd, mark);
            int result = bind(fd, local.address(), local.port());
            if (Errno.EADDRINUSE.is(result)) {
                result = bind(fd, local.address(), 0);
            }
            LinuxException.check(result, "bind to " + local);
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment name = arena.allocate(SocketAddress.SIZE6, 8);
                int length = SocketAddress.write(name, 0, remote.address(), remote.port());
                result = Socket.connect(fd, name.address(), length);
            }
            if (!Errno.EINPROGRESS.is(result)) {
                LinuxException.check(result, "connect to " + remote);
            }
            return fd;
        } catch (LinuxException e) {
            BoundSocket.close(fd);
            throw e;
        }
    }

    private static int open(boolean v6) throws LinuxException {
        return LinuxException.check(
                Socket.socket(
                        v6 ? Sockets.AF_INET6 : Sockets.AF_INET,
                        Sockets.SOCK_STREAM | Sockets.SOCK_NONBLOCK,
                        0),
                "TCP socket");
    }

    /// What an accepted socket inherits, too.
    private static void configure(int fd, int mark) throws LinuxException {
        option(fd, Sockets.SOL_SOCKET, Sockets.SO_REUSEADDR, 1, "SO_REUSEADDR");
        option(fd, Sockets.IPPROTO_TCP, Sockets.TCP_NODELAY, 1, "TCP_NODELAY");
        option(
                fd,
                Sockets.IPPROTO_TCP,
                Sockets.TCP_NOTSENT_LOWAT,
                MOST_UNSENT,
                "TCP_NOTSENT_LOWAT");
        option(
                fd,
                Sockets.IPPROTO_TCP,
                Sockets.TCP_USER_TIMEOUT,
                DEAD_AFTER_MILLISECONDS,
                "TCP_USER_TIMEOUT");
        mark(fd, mark);
    }

    /// @param mark SO_MARK of all that is sent; 0: none
    static void mark(int fd, int mark) throws LinuxException {
        if (mark != 0) {
            option(fd, Sockets.SOL_SOCKET, Sockets.SO_MARK, mark, "SO_MARK");
        }
    }

    private static void option(int fd, int level, int option, int value, String name)
            throws LinuxException {
        LinuxException.check(Socket.setsockopt(fd, level, option, value), "setsockopt " + name);
    }

    private static int bind(int fd, IpAddress address, int port) throws LinuxException {
        if (address.v6()) {
            option(fd, Sockets.IPPROTO_IPV6, Sockets.IPV6_V6ONLY, 1, "IPV6_V6ONLY");
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment name = arena.allocate(SocketAddress.SIZE6, 8);
            int length = SocketAddress.write(name, 0, address, port);
            return Socket.bind(fd, name.address(), length);
        }
    }

    /// Our end of an accepted connection.
    static Endpoint local(int fd) throws LinuxException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment name = arena.allocate(SocketAddress.SIZE6, 8);
            MemorySegment length = arena.allocateFrom(ValueLayout.JAVA_INT, SocketAddress.SIZE6);
            LinuxException.check(
                    Socket.getsockname(fd, name.address(), length.address()), "getsockname");
            return new Endpoint(SocketAddress.address(name, 0), SocketAddress.port(name, 0));
        }
    }
}
