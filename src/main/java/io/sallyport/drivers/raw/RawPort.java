package io.sallyport.drivers.raw;

import io.sallyport.base.net.IpAddress;
import io.sallyport.base.packet.Lane;
import io.sallyport.base.packet.PacketBatch;
import io.sallyport.base.telemetry.DropCounters;
import io.sallyport.drivers.socket.BoundSocket;
import io.sallyport.drivers.socket.DatagramReader;
import io.sallyport.drivers.socket.DatagramWriter;
import io.sallyport.drivers.socket.DatagramWriter.Wanted;
import io.sallyport.ffi.linux.LinuxException;
import io.sallyport.ffi.linux.Socket;
import io.sallyport.ffi.linux.Sockets;
import java.lang.foreign.Arena;

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

    /// For what must not be fragmented; [#NONE]: its header says so itself, or it never is.
    private final int wholeFd;

    private final Arena arena = Arena.ofShared();
    private final DatagramReader reader;
    private final DatagramWriter writer;
    private boolean closed;

    private RawPort(boolean v6, int protocol, int fd, int wholeFd) {
        this.wholeFd = wholeFd;
        this.v6 = v6;
        this.protocol = protocol;
        this.fd = fd;
        this.lane = protocol == AH ? Lane.AH : protocol == WHOLE ? Lane.CLEAR : Lane.RAW;
        this.reader = new DatagramReader(arena, v6, true, lane == Lane.RAW, 0);
        this.writer = new DatagramWriter(arena, v6, PacketBatch.MOST, false);
    }

    /// @param protocol 1..255
    /// @param socketMark SO_MARK of all that is sent; 0: none
    public static RawPort open(boolean v6, int protocol, int socketMark) throws LinuxException {
        if (protocol < 1 || protocol > 255) {
            throw new IllegalArgumentException("IP protocol " + protocol);
        }
        int fd = BoundSocket.open(v6, Sockets.SOCK_RAW, protocol, socketMark);
        try {
            if (protocol == AH && !v6) {
                LinuxException.check(
                        Socket.setsockopt(fd, Sockets.IPPROTO_IP, Sockets.IP_HDRINCL, 1),
                        "setsockopt IP_HDRINCL");
            }
            boolean twin = protocol == ESP || protocol == AH && v6;
            return new RawPort(v6, protocol, fd, twin ? openWhole(v6, protocol, socketMark) : NONE);
        } catch (LinuxException e) {
            BoundSocket.close(fd);
            throw e;
        }
    }

    /// Bound to the loopback address, so that nothing comes to it; the source of what it sends is
    /// said packet by packet.
    private static int openWhole(boolean v6, int protocol, int mark) throws LinuxException {
        int fd = BoundSocket.openWhole(v6, Sockets.SOCK_RAW, protocol, mark);
        try {
            BoundSocket.bind(fd, IpAddress.of(v6 ? "::1" : "127.0.0.1"), 0);
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

    /// Sends the packets of lane RAW whose path is of this family; the kernel puts the IP header in
    /// front.
    ///
    /// @return packets sent; those not sent are counted in [#writeDrops()]
    public int write(PacketBatch batch) {
        if (wholeFd == NONE) {
            return writer.write(fd, batch, lane, 0, Wanted.ALL);
        }
        return writer.write(fd, batch, lane, 0, Wanted.MAY_BE_CUT)
                + writer.write(wholeFd, batch, lane, 0, Wanted.WHOLE);
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
