package io.sallyport.drivers.probe;

import io.sallyport.base.net.IpAddress;
import io.sallyport.base.packet.Checksum;
import io.sallyport.base.packet.PacketBatch;
import io.sallyport.drivers.socket.BoundSocket;
import io.sallyport.ffi.linux.Errno;
import io.sallyport.ffi.linux.LinuxException;
import io.sallyport.ffi.linux.Socket;
import io.sallyport.ffi.linux.SocketAddress;
import io.sallyport.ffi.linux.Sockets;
import io.sallyport.wire.ip.Icmp;
import io.sallyport.wire.ip.Icmpv6;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;

/// Sends ICMP echo requests and takes the replies to them (RFC 792, RFC 4443, 4), in the namespace
/// of the thread that opened it. Nothing waits; one thread, and it fits into a poller.
///
/// The data of a request begins with a number of this port and the time it was sent: replies to
/// others are not ours, and no list of open questions is kept.
///
/// ```text
///  8 type, code, checksum, identifier, sequence | 8 number of this port | 8 sent (nanoseconds) | zeros
/// ```
public final class EchoPort implements AutoCloseable {
    /// Fewest octets of data in a request.
    public static final int LEAST_DATA = 16;

    /// Most octets of data in a request.
    public static final int MOST_DATA = 9000;

    private static final int HEADER = 8;
    private static final int ROOM = 60 + HEADER + MOST_DATA;

    /// Gets the replies.
    @FunctionalInterface
    public interface Replies {
        /// @param roundTripNanos from [#send] to [#read]
        void reply(IpAddress from, int sequence, int data, long roundTripNanos);
    }

    private final boolean v6;
    private final int fd;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment out = arena.allocate(HEADER + MOST_DATA, 8);
    private final MemorySegment in = arena.allocate(ROOM, 8);
    private final MemorySegment address = arena.allocate(SocketAddress.SIZE6, 8);
    private final MemorySegment addressLength = arena.allocate(4, 4);
    private final int identifier;
    private final long number;
    private boolean closed;

    private EchoPort(boolean v6, int fd) {
        SecureRandom random = new SecureRandom();
        this.v6 = v6;
        this.fd = fd;
        this.identifier = random.nextInt(0x10000);
        this.number = random.nextLong();
    }

    /// @param link the only interface to send and hear by; empty: any
    /// @param local our address; all zeros: as the routes say
    /// @param socketMark SO_MARK; 0: none
    public static EchoPort open(IpAddress local, String link, int socketMark)
            throws LinuxException {
        boolean v6 = local.v6();
        int fd =
                BoundSocket.open(
                        v6,
                        Sockets.SOCK_RAW,
                        v6 ? Sockets.IPPROTO_ICMPV6 : Sockets.IPPROTO_ICMP,
                        socketMark);
        try {
            if (!link.isEmpty()) {
                bindToLink(fd, link);
            }
            if (!local.isAny()) {
                BoundSocket.bind(fd, local, 0);
            }
            BoundSocket.onlyIcmp(fd, v6, v6 ? Icmpv6.ECHO_REPLY : Icmp.ECHO_REPLY);
            return new EchoPort(v6, fd);
        } catch (LinuxException e) {
            BoundSocket.close(fd);
            throw e;
        }
    }

    private static void bindToLink(int fd, String link) throws LinuxException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment name = arena.allocateFrom(link, StandardCharsets.UTF_8);
            LinuxException.check(
                    Socket.setsockopt(
                            fd,
                            Sockets.SOL_SOCKET,
                            Sockets.SO_BINDTODEVICE,
                            name.address(),
                            (int) name.byteSize()),
                    "send by " + link);
        }
    }

    /// Sends one echo request.
    ///
    /// @param sequence 0..65535
    /// @param data octets of data, [#LEAST_DATA]..[#MOST_DATA]
    /// @param now monotonic nanoseconds
    /// @throws LinuxException e.g. without a route
    public void send(IpAddress to, int sequence, int data, long now) throws LinuxException {
        if (to.v6() != v6 || data < LEAST_DATA || data > MOST_DATA) {
            throw new IllegalArgumentException(data + " octets to " + to);
        }
        out.fill((byte) 0);
        Icmp.write(
                out,
                0,
                v6 ? Icmpv6.ECHO_REQUEST : Icmp.ECHO,
                0,
                identifier << 16 | sequence & 0xffff);
        out.set(PacketBatch.BE64, HEADER, number);
        out.set(PacketBatch.BE64, HEADER + 8, now);
        // RFC 3542, 3.1: "The kernel will calculate and insert the ICMPv6 checksum for ICMPv6 raw
        // sockets"
        if (!v6) {
            Icmp.checksum(out, 0, Checksum.of(out, 0, HEADER + data));
        }
        int length = SocketAddress.write(address, 0, to, 0);
        LinuxException.check(
                Socket.sendto(
                        fd,
                        out.address(),
                        HEADER + data,
                        Sockets.MSG_DONTWAIT,
                        address.address(),
                        length),
                "echo request to " + to);
    }

    /// Gives the replies that are there to `sink`.
    ///
    /// @param now monotonic nanoseconds
    /// @return replies given
    /// @throws LinuxException if the socket itself is unusable
    public int read(Replies sink, long now) throws LinuxException {
        int count = 0;
        while (true) {
            addressLength.set(ValueLayout.JAVA_INT, 0, SocketAddress.SIZE6);
            int length =
                    Socket.recvfrom(
                            fd,
                            in.address(),
                            ROOM,
                            Sockets.MSG_DONTWAIT,
                            address.address(),
                            addressLength.address());
            if (Errno.EAGAIN.is(length) || Errno.ENETDOWN.is(length)) {
                return count;
            }
            if (length >= 0) {
                count += take(length, sink, now) ? 1 : 0;
            } else if (!Errno.EINTR.is(length)) {
                throw new LinuxException("read echo replies", -length);
            }
        }
    }

    private boolean take(int length, Replies sink, long now) {
        // A raw IPv4 socket gives the IP header, too.
        int at = v6 || length == 0 ? 0 : (in.get(PacketBatch.U8, 0) & 0x0f) * 4;
        int data = length - at - HEADER;
        if (data < LEAST_DATA
                || Icmp.type(in, at) != (v6 ? Icmpv6.ECHO_REPLY : Icmp.ECHO_REPLY)
                || (in.get(PacketBatch.BE16, at + 4) & 0xffff) != identifier
                || in.get(PacketBatch.BE64, at + HEADER) != number) {
            return false;
        }
        sink.reply(
                SocketAddress.address(address, 0),
                in.get(PacketBatch.BE16, at + 6) & 0xffff,
                data,
                now - in.get(PacketBatch.BE64, at + HEADER + 8));
        return true;
    }

    public int fd() {
        return fd;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            BoundSocket.close(fd);
            arena.close();
        }
    }
}
