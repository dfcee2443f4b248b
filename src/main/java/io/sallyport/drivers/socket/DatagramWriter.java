package io.sallyport.drivers.socket;

import io.sallyport.base.net.IpAddress;
import io.sallyport.base.net.Path;
import io.sallyport.base.packet.Lane;
import io.sallyport.base.packet.PacketBatch;
import io.sallyport.base.telemetry.Counter;
import io.sallyport.base.telemetry.Drop;
import io.sallyport.base.telemetry.DropCounters;
import io.sallyport.ffi.linux.Errno;
import io.sallyport.ffi.linux.MessageVector;
import io.sallyport.ffi.linux.Socket;
import io.sallyport.ffi.linux.SocketAddress;
import io.sallyport.ffi.linux.Sockets;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Sends bursts over one socket, each datagram from the local address of its path and with its
/// traffic class. A datagram the kernel refuses is counted and the burst goes on. One thread;
/// nothing is allocated.
public final class DatagramWriter {
    private final boolean v6;
    private final MessageVector vector;
    private final DropCounters drops = new DropCounters();
    private final Counter packets = new Counter();
    private final Counter lastErrno = new Counter();
    private final Counter errors = new Counter();

    /// @param capacity datagrams a burst, 1..64
    public DatagramWriter(Arena arena, boolean v6, int capacity) {
        this.v6 = v6;
        this.vector = new MessageVector(arena, capacity);
    }

    /// Sends the packets of `batch` that are of `lane`, of this family, and whose path begins at
    /// `localPort`.
    ///
    /// @return packets sent
    public int write(int fd, PacketBatch batch, Lane lane, int localPort) {
        int sent = 0;
        int filled = 0;
        for (int i = 0; i < batch.count(); i++) {
            Path path = batch.path(i);
            if (batch.lane(i) == lane
                    && path != null
                    && path.local().port() == localPort
                    && path.remote().address().v6() == v6) {
                prepare(
                        filled++,
                        path,
                        batch.memory().address() + batch.start(i),
                        batch.length(i),
                        batch.trafficClass(i));
                if (filled == vector.capacity()) {
                    sent += flush(fd, filled);
                    filled = 0;
                }
            }
        }
        sent += flush(fd, filled);
        packets.add(sent);
        return sent;
    }

    /// Sends one datagram.
    ///
    /// @param payload native memory that lives until this returns
    public boolean write(int fd, Path path, MemorySegment payload, int length, int trafficClass) {
        prepare(0, path, payload.address(), length, trafficClass);
        int sent = flush(fd, 1);
        packets.add(sent);
        return sent == 1;
    }

    private void prepare(int k, Path path, long payload, int length, int trafficClass) {
        MemorySegment memory = vector.memory();
        int nameLength =
                SocketAddress.write(
                        memory, vector.name(k), path.remote().address(), path.remote().port());
        vector.prepareSend(k, payload, length, nameLength);
        IpAddress local = path.local().address();
        if (v6) {
            int tos = vector.appendControl(k, Sockets.IPPROTO_IPV6, Sockets.IPV6_TCLASS, 4);
            memory.set(ValueLayout.JAVA_INT, tos, trafficClass);
            if (!local.isAny()) {
                int at = vector.appendControl(k, Sockets.IPPROTO_IPV6, Sockets.IPV6_PKTINFO, 20);
                memory.set(PacketBatch.BE64, at, local.high());
                memory.set(PacketBatch.BE64, at + 8, local.low());
                memory.set(ValueLayout.JAVA_INT, at + 16, 0);
            }
        } else {
            int tos = vector.appendControl(k, Sockets.IPPROTO_IP, Sockets.IP_TOS, 4);
            memory.set(ValueLayout.JAVA_INT, tos, trafficClass);
            if (!local.isAny()) {
                int at = vector.appendControl(k, Sockets.IPPROTO_IP, Sockets.IP_PKTINFO, 12);
                memory.set(ValueLayout.JAVA_INT, at, 0);
                memory.set(PacketBatch.BE32, at + 4, (int) local.low());
                memory.set(PacketBatch.BE32, at + 8, 0);
            }
        }
    }

    private int flush(int fd, int count) {
        int sent = 0;
        int at = 0;
        while (at < count) {
            int result = Socket.sendmmsg(fd, vector.address(at), count - at);
            if (result > 0) {
                sent += result;
                at += result;
            } else if (Errno.EAGAIN.is(result) || Errno.ENOBUFS.is(result)) {
                drops.count(Drop.SOCKET_FULL, count - at);
                remember(-result);
                return sent;
            } else if (!Errno.EINTR.is(result)) {
                drops.count(Errno.EMSGSIZE.is(result) ? Drop.TOO_BIG : Drop.UNREACHABLE);
                remember(-result);
                at++;
            }
        }
        return sent;
    }

    private void remember(int errno) {
        lastErrno.set(errno);
        errors.increment();
    }

    /// What was not sent. Counted by the writing thread.
    public DropCounters drops() {
        return drops;
    }

    /// Datagrams sent.
    public Counter packets() {
        return packets;
    }

    /// The last error of the kernel, for status; empty if there was none. Any thread.
    public String lastError() {
        return errors.get() == 0 ? "" : Errno.describe((int) lastErrno.get());
    }
}
