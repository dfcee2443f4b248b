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
import java.util.Objects;

/// Sends bursts over one socket, each datagram from the local address of its path and with its
/// traffic class. A datagram the kernel refuses is counted and the burst goes on. One thread;
/// nothing is allocated.
///
/// With trains, datagrams of one path and size that follow each other go through the kernel as one
/// message, which the network card, or the kernel at the last moment, cuts (UDP_SEGMENT).
public final class DatagramWriter {
    /// UDP_MAX_SEGMENTS of the oldest kernels that send trains.
    private static final int MOST_IN_TRAIN = 64;

    /// What fits one UDP datagram of IPv4, of which a train is cut.
    private static final int MOST_OCTETS = 65507;

    private static final int NONE = -1;

    private final boolean v6;
    private final MessageVector vector;
    private final DropCounters drops = new DropCounters();
    private final Counter packets = new Counter();
    private final Counter lastErrno = new Counter();
    private final Counter errors = new Counter();
    private final int[] trainLength;
    private volatile boolean trains;

    /// @param capacity datagrams a burst, 1..64
    /// @param trains whether to try UDP_SEGMENT; a kernel that cannot is found out
    public DatagramWriter(Arena arena, boolean v6, int capacity, boolean trains) {
        this.v6 = v6;
        this.vector = new MessageVector(arena, capacity);
        this.trainLength = new int[capacity];
        this.trains = trains;
    }

    /// Which packets go by a socket: its DF is that of all it sends.
    public enum Wanted {
        ALL,
        /// [PacketBatch#dontFragment] is set.
        WHOLE,
        /// It is not.
        MAY_BE_CUT,
        /// What a [HeaderedWriter] leaves.
        WITHOUT_HEADER;

        boolean takes(PacketBatch batch, int i) {
            return switch (this) {
                case ALL -> true;
                case WHOLE -> batch.dontFragment(i);
                case MAY_BE_CUT -> !batch.dontFragment(i);
                case WITHOUT_HEADER -> !HeaderedWriter.takes(batch, i);
            };
        }
    }

    /// Sends the packets of `batch` that are of `lane`, of this family, wanted, and whose path
    /// begins at `localPort`.
    ///
    /// @return packets sent
    public int write(int fd, PacketBatch batch, Lane lane, int localPort, Wanted wanted) {
        return write(fd, NONE, batch, lane, localPort, wanted);
    }

    /// The same; what `fd` refuses because it is larger than its first link goes by `cutting`,
    /// which fragments it.
    public int write(
            int fd, int cutting, PacketBatch batch, Lane lane, int localPort, Wanted wanted) {
        int sent = 0;
        int messages = 0;
        int pieces = 0;
        int i = nextOf(batch, 0, lane, localPort, wanted);
        while (i < batch.count()) {
            Path path = Objects.requireNonNull(batch.path(i));
            if (pieces == vector.capacity()) {
                sent += flush(fd, cutting, messages);
                messages = 0;
                pieces = 0;
                continue;
            }
            int first = pieces;
            int head = i;
            int octets = 0;
            do {
                vector.piece(pieces++, batch.memory().address() + batch.start(i), batch.length(i));
                octets += batch.length(i);
                boolean full = batch.length(i) == batch.length(head);
                i = nextOf(batch, i + 1, lane, localPort, wanted);
                if (!full) {
                    break; // a shorter one ends a train
                }
            } while (trains
                    && i < batch.count()
                    && pieces < vector.capacity()
                    && pieces - first < MOST_IN_TRAIN
                    && octets + batch.length(i) <= MOST_OCTETS
                    && joins(batch, head, i));
            prepare(messages, path, first, pieces - first, batch.trafficClass(head));
            if (batch.hopLimit(head) > 0) {
                hops(messages, batch.hopLimit(head));
            }
            if (pieces - first > 1) {
                vector.memory()
                        .set(
                                ValueLayout.JAVA_SHORT,
                                vector.appendControl(
                                        messages, Sockets.SOL_UDP, Sockets.UDP_SEGMENT, 2),
                                (short) batch.length(head));
            }
            trainLength[messages++] = pieces - first;
        }
        sent += flush(fd, cutting, messages);
        packets.add(sent);
        return sent;
    }

    /// The first packet from `i` on that is ours to send, or the batch's count.
    private int nextOf(PacketBatch batch, int from, Lane lane, int localPort, Wanted wanted) {
        int i = from;
        for (; i < batch.count(); i++) {
            Path path = batch.path(i);
            if (batch.lane(i) == lane
                    && path != null
                    && wanted.takes(batch, i)
                    && path.local().port() == localPort
                    && path.remote().address().v6() == v6) {
                break;
            }
        }
        return i;
    }

    private static boolean joins(PacketBatch batch, int head, int i) {
        return batch.length(i) <= batch.length(head)
                && Objects.equals(batch.path(i), batch.path(head))
                && batch.trafficClass(i) == batch.trafficClass(head)
                && batch.hopLimit(i) == batch.hopLimit(head);
    }

    /// Sends one datagram.
    ///
    /// @param payload native memory that lives until this returns
    public boolean write(int fd, Path path, MemorySegment payload, int length, int trafficClass) {
        vector.piece(0, payload.address(), length);
        prepare(0, path, 0, 1, trafficClass);
        trainLength[0] = 1;
        int sent = flush(fd, NONE, 1);
        packets.add(sent);
        return sent == 1;
    }

    /// Sends packet `i` of a batch.
    boolean write(int fd, PacketBatch batch, int i, Path path) {
        vector.piece(0, batch.memory().address() + batch.start(i), batch.length(i));
        prepare(0, path, 0, 1, batch.trafficClass(i));
        if (batch.hopLimit(i) > 0) {
            hops(0, batch.hopLimit(i));
        }
        trainLength[0] = 1;
        int sent = flush(fd, NONE, 1);
        packets.add(sent);
        return sent == 1;
    }

    private void prepare(int k, Path path, int first, int pieces, int trafficClass) {
        MemorySegment memory = vector.memory();
        int nameLength =
                SocketAddress.write(
                        memory, vector.name(k), path.remote().address(), path.remote().port());
        vector.prepareSend(k, first, pieces, nameLength);
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

    private void hops(int k, int hops) {
        int at =
                v6
                        ? vector.appendControl(k, Sockets.IPPROTO_IPV6, Sockets.IPV6_HOPLIMIT, 4)
                        : vector.appendControl(k, Sockets.IPPROTO_IP, Sockets.IP_TTL, 4);
        vector.memory().set(ValueLayout.JAVA_INT, at, hops);
    }

    private int flush(int fd, int cutting, int count) {
        int sent = 0;
        int at = 0;
        while (at < count) {
            int result = Socket.sendmmsg(fd, vector.address(at), count - at);
            if (result > 0) {
                for (int k = at; k < at + result; k++) {
                    sent += trainLength[k];
                }
                at += result;
            } else if (Errno.EAGAIN.is(result) || Errno.ENOBUFS.is(result)) {
                for (int k = at; k < count; k++) {
                    drops.count(Drop.SOCKET_FULL, trainLength[k]);
                }
                remember(-result);
                return sent;
            } else if (!Errno.EINTR.is(result)) {
                if (trainLength[at] > 1) {
                    // EIO: no checksum offload on that way out. EINVAL, EMSGSIZE: larger than its
                    // MTU, and what goes singly the kernel fragments.
                    trains = trains && !Errno.EIO.is(result);
                    sent += sendSingly(fd, cutting, at);
                } else {
                    sent += refused(result, cutting, at);
                }
                at++;
            }
        }
        return sent;
    }

    /// Sends the train of message `k` datagram by datagram.
    private int sendSingly(int fd, int cutting, int k) {
        int sent = 0;
        int first = vector.firstPiece(k);
        vector.removeLastControl(k, 2);
        for (int p = 0; p < trainLength[k]; p++) {
            vector.pieces(k, first + p, 1);
            int result;
            do {
                result = Socket.sendmmsg(fd, vector.address(k), 1);
            } while (Errno.EINTR.is(result));
            if (result > 0) {
                sent++;
            } else {
                sent += refused(result, cutting, k);
            }
        }
        return sent;
    }

    /// What becomes of the one datagram of message `k` that was not sent: 1 if it went another way.
    private int refused(int result, int cutting, int k) {
        if (cutting != NONE
                && Errno.EMSGSIZE.is(result)
                && Socket.sendmmsg(cutting, vector.address(k), 1) > 0) {
            return 1;
        }
        drops.count(
                Errno.EAGAIN.is(result) || Errno.ENOBUFS.is(result)
                        ? Drop.SOCKET_FULL
                        : Errno.EMSGSIZE.is(result) ? Drop.TOO_BIG : Drop.UNREACHABLE);
        remember(-result);
        return 0;
    }

    /// There is no socket to send by.
    public void failed(int errno) {
        drops.count(Drop.UNREACHABLE);
        remember(errno);
    }

    /// Counts packets that the kernel did not take from another writer.
    void notSent(int result, int packets) {
        drops.count(
                Errno.EAGAIN.is(result) || Errno.ENOBUFS.is(result)
                        ? Drop.SOCKET_FULL
                        : Drop.UNREACHABLE,
                packets);
        remember(-result);
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

    /// Whether trains are sent, as far as is known. Any thread.
    public boolean trains() {
        return trains;
    }

    /// The last error of the kernel, for status; empty if there was none. Any thread.
    public String lastError() {
        return errors.get() == 0 ? "" : Errno.describe((int) lastErrno.get());
    }
}
