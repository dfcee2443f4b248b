package io.sallyport.drivers.socket;

import io.sallyport.base.net.Path;
import io.sallyport.base.packet.Lane;
import io.sallyport.base.packet.PacketBatch;
import io.sallyport.base.telemetry.Counter;
import io.sallyport.base.telemetry.Drop;
import io.sallyport.base.telemetry.DropCounters;
import io.sallyport.ffi.linux.LinuxException;
import io.sallyport.ffi.linux.MessageVector;
import io.sallyport.ffi.linux.Socket;
import io.sallyport.ffi.linux.Sockets;
import io.sallyport.wire.ip.Ipv4;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// Receives bursts of one socket into a batch: payload behind the headroom, path with the local
/// address the datagram was sent to, and the outer traffic class. One thread; nothing is allocated
/// for known paths.
///
/// A raw socket of IPv4 gives the IP header with each packet, which says all of that: then the
/// kernel is not asked to say it again.
public final class DatagramReader {
    private static final int PATH_SETS = 1024;

    private final boolean v6;
    private final boolean headered;
    private final boolean cutsHeader;
    private final int localPort;
    private final MessageVector vector;
    private final PathCache paths;
    private final DatagramInfo info;
    private final DropCounters drops = new DropCounters();
    private final Counter packets = new Counter();

    /// @param raw a raw socket: IPv4 packets arrive with their header (it is cut), ports are 0
    /// @param localPort the port the socket is bound to; 0 for raw sockets
    public DatagramReader(Arena arena, boolean v6, boolean raw, int localPort) {
        this(arena, v6, raw, raw, localPort);
    }

    /// @param cutsHeader whether the header that IPv4 packets of a raw socket arrive with is cut
    public DatagramReader(Arena arena, boolean v6, boolean raw, boolean cutsHeader, int localPort) {
        this.cutsHeader = cutsHeader && !v6;
        this.v6 = v6;
        this.headered = raw && !v6;
        this.localPort = localPort;
        this.vector = new MessageVector(arena, PacketBatch.MOST);
        this.paths = new PathCache(v6, PATH_SETS);
        this.info = new DatagramInfo(vector, v6, raw, paths);
    }

    /// Switches on what [#read] needs: local address, traffic class and hops left with every
    /// datagram.
    public static void prepare(int fd, boolean v6, boolean raw) throws LinuxException {
        if (raw && !v6) {
            return;
        }
        if (v6) {
            option(fd, Sockets.IPPROTO_IPV6, Sockets.IPV6_RECVPKTINFO, 1, "IPV6_RECVPKTINFO");
            option(fd, Sockets.IPPROTO_IPV6, Sockets.IPV6_RECVTCLASS, 1, "IPV6_RECVTCLASS");
            option(fd, Sockets.IPPROTO_IPV6, Sockets.IPV6_RECVHOPLIMIT, 1, "IPV6_RECVHOPLIMIT");
        } else {
            option(fd, Sockets.IPPROTO_IP, Sockets.IP_PKTINFO, 1, "IP_PKTINFO");
            option(fd, Sockets.IPPROTO_IP, Sockets.IP_RECVTOS, 1, "IP_RECVTOS");
            option(fd, Sockets.IPPROTO_IP, Sockets.IP_RECVTTL, 1, "IP_RECVTTL");
        }
    }

    private static void option(int fd, int level, int option, int value, String name)
            throws LinuxException {
        LinuxException.check(Socket.setsockopt(fd, level, option, value), "setsockopt " + name);
    }

    /// Adds what is there, up to the batch's free slots, and does not wait.
    ///
    /// @return packets added
    /// @throws LinuxException if the socket itself is unusable
    public int read(int fd, PacketBatch batch, Lane lane) throws LinuxException {
        int free = batch.capacity() - batch.count();
        if (free == 0) {
            return 0;
        }
        MemorySegment memory = batch.memory();
        for (int k = 0; k < free; k++) {
            int at = batch.slotStart(batch.count() + k) + batch.headroom();
            vector.prepareReceive(k, memory.address() + at, batch.room());
        }
        int received = Socket.recvmmsg(fd, vector.address(0), free);
        if (received < 0) {
            if (DatagramInfo.concernsOneDatagram(received)) {
                return 0;
            }
            throw new LinuxException("recvmmsg", -received);
        }
        // A packet that is not wanted leaves a hole: the next one is moved down into its slot.
        int added = 0;
        for (int k = 0; k < received; k++) {
            if (take(k, k - added, batch, lane)) {
                added++;
            }
        }
        packets.add(added);
        return added;
    }

    private boolean take(int k, int holes, PacketBatch batch, Lane lane) {
        if ((vector.flags(k) & Sockets.MSG_TRUNC) != 0) {
            drops.count(Drop.TOO_BIG);
            return false;
        }
        int length = vector.length(k);
        int i = batch.add();
        int from = batch.start(i) + holes * (batch.slotEnd(0) - batch.slotStart(0));
        int header = headered ? headerLength(batch, from, length) : 0;
        Path path = headered && header > 0 ? pathOf(batch, from) : info.path(k, localPort);
        int skip = cutsHeader ? header : Math.min(0, header);
        if (path == null || skip < 0) {
            drops.count(skip < 0 ? Drop.MALFORMED_IP : Drop.WRONG_PATH);
            batch.removeLast();
            return false;
        }
        batch.place(i, batch.start(i) + skip, length - skip);
        if (holes > 0) {
            MemorySegment.copy(
                    batch.memory(), from + skip, batch.memory(), batch.start(i), length - skip);
        }
        batch.path(i, path);
        if (headered) {
            batch.trafficClass(i, Ipv4.trafficClass(batch.memory(), from));
            batch.hopLimit(i, Ipv4.timeToLive(batch.memory(), from));
        } else {
            batch.trafficClass(i, info.trafficClass(k));
            batch.hopLimit(i, info.hopLimit(k));
        }
        batch.lane(i, lane);
        return true;
    }

    /// As the IPv4 header at `at` says.
    private Path pathOf(PacketBatch batch, int at) {
        return paths.path(
                0,
                Ipv4.destination(batch.memory(), at) & 0xffffffffL,
                localPort,
                0,
                Ipv4.source(batch.memory(), at) & 0xffffffffL,
                0);
    }

    /// RFC 791, 3.1: "Internet Header Length is the length of the internet header in 32 bit words".
    private static int headerLength(PacketBatch batch, int at, int length) {
        if (length < 20) {
            return -1;
        }
        int octets = (batch.memory().get(PacketBatch.U8, at) & 0x0f) * 4;
        return octets >= 20 && octets <= length ? octets : -1;
    }

    /// What was received and not passed on. Counted by the reading thread.
    public DropCounters drops() {
        return drops;
    }

    /// Datagrams passed on.
    public Counter packets() {
        return packets;
    }
}
