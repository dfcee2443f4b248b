package io.sallyport.drivers.raw;

import io.sallyport.base.net.IpAddress;
import io.sallyport.base.packet.Lane;
import io.sallyport.base.packet.PacketBatch;
import io.sallyport.base.telemetry.DropCounters;
import io.sallyport.drivers.socket.BoundSocket;
import io.sallyport.drivers.socket.DatagramReader;
import io.sallyport.drivers.socket.DatagramWriter;
import io.sallyport.drivers.socket.DatagramWriter.Wanted;
import io.sallyport.drivers.socket.HeaderedWriter;
import io.sallyport.drivers.socket.SpiFilters;
import io.sallyport.ffi.linux.LinuxException;
import io.sallyport.ffi.linux.Socket;
import io.sallyport.ffi.linux.Sockets;
import io.sallyport.wire.ip.Icmp;
import io.sallyport.wire.ip.Icmpv6;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One IP protocol, e.g. 50 for ESP, on all local addresses of one family, in the namespace of the
/// thread that opened it. Ports in paths are 0. The packets of AH are in lane AH, all others in
/// lane RAW, whole packets (which are not read) in lane CLEAR; those of AH in IPv4 have their IP
/// header when read, and must have it when written.
///
/// One thread may read and one may write at the same time. Close it when both have ended.
public final class RawPort implements AutoCloseable {
    /// IP protocol number of AH.
    private static final int AH = 51;

    private static final int NONE = -1;

    /// IP protocol number of ESP.
    private static final int ESP = 50;

    /// IPPROTO_RAW: whole packets of any protocol, to be sent only.
    public static final int WHOLE = 255;

    private final boolean v6;
    private final int protocol;
    private final Lane lane;
    private final int fd;

    /// For what must not be fragmented, in IPv4 for all of ESP: it takes the IP header from us;
    /// [#NONE]: the header says so itself, or it never is.
    private final int wholeFd;

    private final Arena arena = Arena.ofShared();
    private final DatagramReader reader;
    private final DatagramWriter writer;
    private final @Nullable HeaderedWriter headered;

    /// Of the port for strangers; null: another port.
    private final @Nullable SpiFilters filters;

    private boolean closed;

    private RawPort(
            boolean v6,
            int protocol,
            int fd,
            int wholeFd,
            int worker,
            int workers,
            @Nullable SpiFilters filters) {
        this.filters = filters;
        this.wholeFd = wholeFd;
        this.v6 = v6;
        this.protocol = protocol;
        this.fd = fd;
        this.lane = laneOf(protocol);
        this.reader = new DatagramReader(arena, v6, true, lane == Lane.RAW || lane == Lane.ICMP, 0);
        this.writer = new DatagramWriter(arena, v6, PacketBatch.MOST, false);
        this.headered =
                protocol == ESP && !v6 && wholeFd != NONE
                        ? new HeaderedWriter(arena, ESP, wholeFd, writer, fd, worker, workers)
                        : null;
    }

    private static Lane laneOf(int protocol) {
        return switch (protocol) {
            case AH -> Lane.AH;
            case WHOLE -> Lane.CLEAR;
            case Sockets.IPPROTO_ICMP, Sockets.IPPROTO_ICMPV6 -> Lane.ICMP;
            default -> Lane.RAW;
        };
    }

    /// ICMP, of which only what may be about the size of a packet comes; to be read only.
    public static RawPort openForErrors(boolean v6, int socketMark) throws LinuxException {
        int protocol = v6 ? Sockets.IPPROTO_ICMPV6 : Sockets.IPPROTO_ICMP;
        int fd = BoundSocket.open(v6, Sockets.SOCK_RAW, protocol, socketMark);
        try {
            BoundSocket.onlyIcmp(fd, v6, v6 ? Icmpv6.PACKET_TOO_BIG : Icmp.DESTINATION_UNREACHABLE);
            return new RawPort(v6, protocol, fd, NONE, 0, 1, null);
        } catch (LinuxException e) {
            BoundSocket.close(fd);
            throw e;
        }
    }

    /// `count` ports of ESP or AH: each receives what bears an SPI that leaves its place in the
    /// list when it is divided by `count`. One more, the last, is to be read only: it receives what
    /// strangers send, once it is known who is none ([#know]).
    public static List<RawPort> openBySpi(boolean v6, int protocol, int socketMark, int count)
            throws LinuxException {
        List<RawPort> ports = new ArrayList<>();
        try {
            for (int i = 0; i < count; i++) {
                ports.add(open(v6, protocol, socketMark, i, count));
            }
            List<Integer> fds = ports.stream().map(RawPort::fd).toList();
            int fd = BoundSocket.open(v6, Sockets.SOCK_RAW, protocol, socketMark);
            // RFC 4302, 2: next header, length, two reserved octets, then the SPI
            SpiFilters filters = new SpiFilters(fds, fd, v6, protocol == AH ? 4 : 0);
            ports.add(new RawPort(v6, protocol, fd, NONE, 0, 1, filters));
            filters.allAlike();
            return List.copyOf(ports);
        } catch (LinuxException e) {
            ports.forEach(RawPort::close);
            throw e;
        }
    }

    /// Whoever else sends this protocol is a stranger from now on. Any thread, for the port of the
    /// strangers.
    ///
    /// @param senders the peer's address for each of our SPIs; empty: nobody is a stranger, as when
    ///   they are too many for the kernel
    public void know(Optional<Map<Integer, IpAddress>> senders) throws LinuxException {
        if (filters == null) {
            throw new IllegalStateException(this + " is not that of the strangers");
        }
        if (senders.isPresent()) {
            filters.apart(senders.get());
        } else {
            filters.allAlike();
        }
    }

    /// @param protocol 1..255
    /// @param socketMark SO_MARK of all that is sent; 0: none
    public static RawPort open(boolean v6, int protocol, int socketMark) throws LinuxException {
        return open(v6, protocol, socketMark, 0, 1);
    }

    private static RawPort open(boolean v6, int protocol, int socketMark, int worker, int workers)
            throws LinuxException {
        if (protocol < 1 || protocol > 255) {
            throw new IllegalArgumentException("IP protocol " + protocol);
        }
        // Where the header is ours its DF is too; and what the kernel heard of the path, which
        // anybody can have told it, cuts and refuses nothing
        int fd =
                protocol == AH && !v6
                        ? BoundSocket.openWhole(v6, Sockets.SOCK_RAW, protocol, socketMark)
                        : BoundSocket.open(v6, Sockets.SOCK_RAW, protocol, socketMark);
        try {
            if (protocol == AH && !v6) {
                LinuxException.check(
                        Socket.setsockopt(fd, Sockets.IPPROTO_IP, Sockets.IP_HDRINCL, 1),
                        "setsockopt IP_HDRINCL");
            }
            int whole = NONE;
            if (protocol == ESP && !v6) {
                // Nothing comes to it, so that the kernel copies nothing for it
                whole = BoundSocket.openWhole(false, Sockets.SOCK_RAW, WHOLE, socketMark);
            } else if (protocol == ESP || protocol == AH && v6) {
                whole = openWhole(v6, protocol, socketMark);
            }
            return new RawPort(v6, protocol, fd, whole, worker, workers, null);
        } catch (LinuxException e) {
            BoundSocket.close(fd);
            throw e;
        }
    }

    /// To send only.
    private static int openWhole(boolean v6, int protocol, int mark) throws LinuxException {
        int fd = BoundSocket.openWhole(v6, Sockets.SOCK_RAW, protocol, mark);
        try {
            BoundSocket.receiveNothing(fd);
            return fd;
        } catch (LinuxException e) {
            BoundSocket.close(fd);
            throw e;
        }
    }

    /// Adds the packets that are there to `batch`, in lane RAW, without their IP header,
    /// reassembled by the kernel.
    ///
    /// @return packets added
    /// @throws LinuxException if the socket itself is unusable
    public int read(PacketBatch batch) throws LinuxException {
        return reader.read(fd, batch, lane);
    }

    /// Sends the packets of lane RAW whose path is of this family; an IP header is put in front, of
    /// ESP in IPv4 by us, for which its slot has room.
    ///
    /// @return packets sent; those not sent are counted in [#writeDrops()]
    public int write(PacketBatch batch) {
        if (headered != null) {
            return headered.write(batch, lane)
                    + writer.write(fd, batch, lane, 0, Wanted.WITHOUT_HEADER);
        }
        if (wholeFd == NONE) {
            return writer.write(fd, batch, lane, 0, Wanted.ALL);
        }
        return writer.write(fd, batch, lane, 0, Wanted.MAY_BE_CUT)
                + writer.write(wholeFd, fd, batch, lane, 0, Wanted.WHOLE);
    }

    public int fd() {
        return fd;
    }

    public boolean v6() {
        return v6;
    }

    public int protocol() {
        return protocol;
    }

    public DropCounters readDrops() {
        return reader.drops();
    }

    public DropCounters writeDrops() {
        return writer.drops();
    }

    /// Why the kernel last refused to send; empty if it never did.
    public String lastError() {
        return writer.lastError();
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            BoundSocket.close(fd);
            if (wholeFd != NONE) {
                BoundSocket.close(wholeFd);
            }
            arena.close();
        }
    }

    @Override
    public String toString() {
        return "IP protocol " + protocol + (v6 ? " (IPv6)" : " (IPv4)");
    }
}
