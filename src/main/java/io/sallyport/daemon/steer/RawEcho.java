package io.sallyport.daemon.steer;

import io.sallyport.base.net.IpAddress;
import io.sallyport.base.packet.Checksum;
import io.sallyport.base.packet.PacketBatch;
import io.sallyport.ffi.linux.Errno;
import io.sallyport.ffi.linux.LinuxException;
import io.sallyport.ffi.linux.Socket;
import io.sallyport.ffi.linux.SocketAddress;
import io.sallyport.ffi.linux.Sockets;
import io.sallyport.ffi.linux.Unistd;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// ICMP echo over raw sockets, in the network namespace of the thread that made it. Any thread may
/// ask; one question after the other is asked.
///
/// ```text
///  RFC 792   | type (1) | code (1) | checksum (2) | identifier (2) | sequence (2) | data
/// ```
public final class RawEcho implements Echo, AutoCloseable {
    private static final int SO_BINDTODEVICE = 25;
    private static final int OCTETS = 64;
    private static final int ECHO_REQUEST = 8;
    private static final int ECHO_REPLY = 0;
    private static final int ECHO_REQUEST_6 = 128;
    private static final int ECHO_REPLY_6 = 129;

    /// Its one thread is made here, and so belongs to this namespace.
    private final ExecutorService asker =
            Executors.newSingleThreadExecutor(
                    Thread.ofPlatform().daemon().name("sallyport-echo").factory());

    private int sequence;

    public RawEcho() {
        var _ = asker.submit(() -> {});
    }

    @Override
    public OptionalLong ask(IpAddress host, String link, long timeoutNanos) throws IOException {
        try {
            return asker.submit(() -> exchange(host, link, timeoutNanos)).get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException refused) {
                throw refused;
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    private OptionalLong exchange(IpAddress host, String link, long timeoutNanos)
            throws LinuxException {
        int fd =
                LinuxException.check(
                        Socket.socket(
                                host.v6() ? Sockets.AF_INET6 : Sockets.AF_INET,
                                Sockets.SOCK_RAW,
                                host.v6() ? Sockets.IPPROTO_ICMPV6 : Sockets.IPPROTO_ICMP),
                        "socket ICMP");
        try (Arena arena = Arena.ofConfined()) {
            if (!link.isEmpty()) {
                MemorySegment name = arena.allocateFrom(link);
                LinuxException.check(
                        Socket.setsockopt(
                                fd,
                                Sockets.SOL_SOCKET,
                                SO_BINDTODEVICE,
                                name.address(),
                                (int) name.byteSize()),
                        "bind to " + link);
            }
            sequence = sequence + 1 & 0xffff;
            int identifier = fd + (int) ProcessHandle.current().pid() & 0xffff;
            long sent = System.nanoTime();
            send(fd, arena, host, identifier);
            return await(fd, arena, host, identifier, sent, timeoutNanos);
        } finally {
            Unistd.close(fd);
        }
    }

    private void send(int fd, Arena arena, IpAddress host, int identifier) throws LinuxException {
        MemorySegment packet = arena.allocate(OCTETS);
        packet.set(PacketBatch.U8, 0, (byte) (host.v6() ? ECHO_REQUEST_6 : ECHO_REQUEST));
        packet.set(PacketBatch.BE16, 4, (short) identifier);
        packet.set(PacketBatch.BE16, 6, (short) sequence);
        if (!host.v6()) {
            // For ICMPv6 the kernel computes it (RFC 3542, 3.1).
            packet.set(PacketBatch.BE16, 2, (short) Checksum.of(packet, 0, OCTETS));
        }
        MemorySegment address = arena.allocate(SocketAddress.SIZE6);
        int length = SocketAddress.write(address, 0, host, 0);
        LinuxException.check(
                Socket.sendto(fd, packet.address(), OCTETS, 0, address.address(), length),
                "send an echo request to " + host);
    }

    private OptionalLong await(
            int fd, Arena arena, IpAddress host, int identifier, long sent, long timeoutNanos)
            throws LinuxException {
        MemorySegment packet = arena.allocate(2048);
        MemorySegment from = arena.allocate(SocketAddress.SIZE6);
        MemorySegment fromLength = arena.allocate(4);
        MemorySegment limit = arena.allocate(16);
        while (true) {
            long left = timeoutNanos - (System.nanoTime() - sent);
            if (left <= 0) {
                return OptionalLong.empty();
            }
            limit.set(ValueLayout.JAVA_LONG, 0, left / 1_000_000_000);
            limit.set(ValueLayout.JAVA_LONG, 8, Math.max(1000, left % 1_000_000_000 / 1000));
            LinuxException.check(
                    Socket.setsockopt(
                            fd, Sockets.SOL_SOCKET, Sockets.SO_RCVTIMEO, limit.address(), 16),
                    "limit the time");
            fromLength.set(ValueLayout.JAVA_INT, 0, SocketAddress.SIZE6);
            int length =
                    Socket.recvfrom(
                            fd,
                            packet.address(),
                            packet.byteSize(),
                            0,
                            from.address(),
                            fromLength.address());
            if (length < 0 && !Errno.EAGAIN.is(length) && !Errno.EINTR.is(length)) {
                throw new LinuxException("receive an echo reply", -length);
            }
            if (length > 0
                    && isReply(packet, length, host, identifier)
                    && SocketAddress.address(from, 0).equals(host)) {
                return OptionalLong.of(System.nanoTime() - sent);
            }
        }
    }

    private boolean isReply(MemorySegment packet, int length, IpAddress host, int identifier) {
        // A raw IPv4 socket gives the IP header, too.
        int at = host.v6() ? 0 : (packet.get(PacketBatch.U8, 0) & 0x0f) * 4;
        return length >= at + 8
                && (packet.get(PacketBatch.U8, at) & 0xff)
                        == (host.v6() ? ECHO_REPLY_6 : ECHO_REPLY)
                && (packet.get(PacketBatch.BE16, at + 4) & 0xffff) == identifier
                && (packet.get(PacketBatch.BE16, at + 6) & 0xffff) == sequence;
    }

    @Override
    public void close() {
        asker.shutdownNow();
    }
}
