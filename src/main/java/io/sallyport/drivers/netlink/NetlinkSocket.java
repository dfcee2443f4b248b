package io.sallyport.drivers.netlink;

import io.sallyport.base.Octets;
import io.sallyport.ffi.linux.Errno;
import io.sallyport.ffi.linux.LinuxException;
import io.sallyport.ffi.linux.Socket;
import io.sallyport.ffi.linux.Sockets;
import io.sallyport.ffi.linux.Unistd;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/// A socket to one of the kernel's netlink families, bound to the namespace of the thread that
/// opened it; after that any one thread at a time may ask.
public final class NetlinkSocket implements AutoCloseable {
    private static final int ADDRESS = 12;
    private static final int ROOM = 1 << 16;
    private static final long PATIENCE_SECONDS = 5;
    private static final int DUMPS = 8;

    private final int fd;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment kernel = arena.allocate(ADDRESS, 8);
    private final MemorySegment sender = arena.allocate(ADDRESS, 8);
    private final MemorySegment senderLength = arena.allocate(4, 8);
    private final MemorySegment memory = arena.allocate(ROOM, 8);
    private int sequence;
    private boolean closed;

    private NetlinkSocket(int fd) {
        this.fd = fd;
        kernel.set(ValueLayout.JAVA_SHORT, 0, (short) Sockets.AF_NETLINK);
    }

    /// To rtnetlink.
    public static NetlinkSocket open() throws LinuxException {
        return open(Sockets.NETLINK_ROUTE, 0, PATIENCE_SECONDS * 1000);
    }

    /// @param family e.g. `Sockets.NETLINK_XFRM`
    /// @throws LinuxException EPROTONOSUPPORT: this kernel does not have the family
    public static NetlinkSocket open(int family) throws LinuxException {
        return open(family, 0, PATIENCE_SECONDS * 1000);
    }

    /// For [#hear()].
    ///
    /// @param groups what is to be heard, a bit each
    public static NetlinkSocket listen(int family, int groups, long patienceMillis)
            throws LinuxException {
        return open(family, groups, patienceMillis);
    }

    private static NetlinkSocket open(int family, int groups, long patienceMillis)
            throws LinuxException {
        int fd =
                LinuxException.check(
                        Socket.socket(Sockets.AF_NETLINK, Sockets.SOCK_RAW, family),
                        "netlink socket");
        NetlinkSocket socket = new NetlinkSocket(fd);
        try {
            socket.configure(groups, patienceMillis);
            return socket;
        } catch (LinuxException e) {
            socket.close();
            throw e;
        }
    }

    private void configure(int groups, long patienceMillis) throws LinuxException {
        sender.set(ValueLayout.JAVA_SHORT, 0, (short) Sockets.AF_NETLINK);
        sender.set(ValueLayout.JAVA_INT, 8, groups);
        LinuxException.check(Socket.bind(fd, sender.address(), ADDRESS), "bind netlink socket");
        // Old kernels do without the text of errors.
        Socket.setsockopt(fd, Sockets.SOL_NETLINK, Sockets.NETLINK_EXT_ACK, 1);
        Socket.setsockopt(fd, Sockets.SOL_NETLINK, Sockets.NETLINK_CAP_ACK, 1);
        MemorySegment time = memory.asSlice(0, 16);
        time.set(ValueLayout.JAVA_LONG, 0, patienceMillis / 1000);
        time.set(ValueLayout.JAVA_LONG, 8, patienceMillis % 1000 * 1000);
        LinuxException.check(
                Socket.setsockopt(fd, Sockets.SOL_SOCKET, Sockets.SO_RCVTIMEO, time.address(), 16),
                "setsockopt SO_RCVTIMEO");
    }

    /// Asks the kernel and collects its whole answer.
    ///
    /// @param what the request in words, for errors
    /// @throws NetlinkException if the kernel refuses
    public List<NetlinkReply> ask(NetlinkMessage request, String what) throws IOException {
        for (int i = 1; ; i++) {
            ReplyReader reader = new ReplyReader(++sequence);
            send(request.finish(sequence), what);
            while (!reader.isComplete()) {
                reader.read(receive(what));
            }
            List<NetlinkReply> replies = reader.replies(what);
            if (!reader.isInterrupted() || i == DUMPS) {
                return replies;
            }
        }
    }

    /// Sends messages that the kernel takes or refuses as one (nfnetlink): the first begins the
    /// batch, the last ends it.
    ///
    /// @throws NetlinkException if the kernel refuses any: then it did nothing
    public void askBatch(List<NetlinkMessage> batch, String what) throws IOException {
        ReplyReader reader = new ReplyReader(++sequence);
        List<Octets> parts = new ArrayList<>();
        // One number for all: what is refused is told before the last one that does something is
        // acknowledged
        int acknowledged = batch.size() - 2;
        for (int i = 0; i < batch.size(); i++) {
            NetlinkMessage m = batch.get(i);
            parts.add(i == acknowledged ? m.finish(sequence) : m.finishQuiet(sequence));
        }
        int octets = parts.stream().mapToInt(Octets::length).sum();
        try (Arena once = Arena.ofConfined()) {
            MemorySegment all = once.allocate(octets, 8);
            ByteBuffer out = all.asByteBuffer();
            parts.forEach(p -> p.emit(out));
            roomToSend(octets);
            LinuxException.check(
                    Socket.sendto(fd, all.address(), octets, 0, kernel.address(), ADDRESS), what);
        }
        while (!reader.isComplete()) {
            reader.read(receive(what));
        }
        reader.replies(what);
    }

    /// Netlink takes no message that is larger than the socket's buffer.
    private void roomToSend(int octets) throws LinuxException {
        if (octets > ROOM) {
            LinuxException.check(
                    Socket.setsockopt(fd, Sockets.SOL_SOCKET, Sockets.SO_SNDBUFFORCE, octets),
                    "setsockopt SO_SNDBUFFORCE");
        }
    }

    /// Waits for what the kernel tells of itself; nothing if it was silent for as long as the
    /// patience lasts.
    ///
    /// @throws LinuxException ENOBUFS: some of it was lost
    public List<NetlinkReply> hear() throws LinuxException {
        try {
            return NetlinkReply.all(receive("hear the kernel"));
        } catch (LinuxException e) {
            if (e.is(Errno.ETIMEDOUT)) {
                return List.of();
            }
            throw e;
        }
    }

    private void send(Octets message, String what) throws LinuxException {
        memory.copyFrom(MemorySegment.ofBuffer(message.buffer()));
        int sent =
                Socket.sendto(fd, memory.address(), message.length(), 0, kernel.address(), ADDRESS);
        LinuxException.check(sent, what);
    }

    private Octets receive(String what) throws LinuxException {
        while (true) {
            senderLength.set(ValueLayout.JAVA_INT, 0, ADDRESS);
            int length =
                    Socket.recvfrom(
                            fd,
                            memory.address(),
                            ROOM,
                            Sockets.MSG_TRUNC,
                            sender.address(),
                            senderLength.address());
            if (Errno.EINTR.is(length)) {
                continue;
            }
            if (length > ROOM) {
                throw new LinuxException(what, Errno.EMSGSIZE.number());
            }
            LinuxException.check(
                    Errno.EAGAIN.is(length) ? -Errno.ETIMEDOUT.number() : length, what);
            // Any process may send to a netlink socket; port 0 is the kernel.
            if (sender.get(ValueLayout.JAVA_INT, 4) == 0) {
                return Octets.owned(memory.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE));
            }
        }
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            Unistd.close(fd);
            arena.close();
        }
    }
}
