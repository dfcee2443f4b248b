package io.sallyport.drivers.socket;

import static io.sallyport.base.packet.PacketBatch.BE16;

import io.sallyport.base.net.Path;
import io.sallyport.base.packet.Lane;
import io.sallyport.base.packet.PacketBatch;
import io.sallyport.ffi.linux.Errno;
import io.sallyport.ffi.linux.MessageVector;
import io.sallyport.ffi.linux.Socket;
import io.sallyport.ffi.linux.SocketAddress;
import io.sallyport.wire.ip.Ipv4;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Objects;

/// Sends bursts of IPv4 packets of one protocol with a header that is written here, in front of
/// each packet (IP_HDRINCL). The kernel has less to do then: no control messages, and no packet put
/// together of parts. What it refuses as larger than the first link goes by a [DatagramWriter]. One
/// thread; nothing is allocated.
public final class HeaderedWriter {
    private static final int TIME_TO_LIVE = 64;

    /// What may be cut and is larger than most links take is not tried first.
    private static final int ETHERNET = 1500;

    private final MessageVector vector;
    private final int protocol;
    private final int fd;
    private final DatagramWriter other;
    private final int otherFd;
    private final int step;
    private final int[] packet;
    private int identification;

    /// @param fd a raw socket that takes headers
    /// @param other counts what is not sent, and sends what must be cut
    /// @param otherFd that it sends by
    /// @param worker of so many that choose identifications each by itself
    public HeaderedWriter(
            Arena arena,
            int protocol,
            int fd,
            DatagramWriter other,
            int otherFd,
            int worker,
            int workers) {
        this.vector = new MessageVector(arena, PacketBatch.MOST);
        this.packet = new int[PacketBatch.MOST];
        this.protocol = protocol;
        this.fd = fd;
        this.other = other;
        this.otherFd = otherFd;
        this.step = workers;
        this.identification = worker;
    }

    /// Sends the packets of `lane` whose path is of IPv4 and that it [#takes].
    ///
    /// @return packets sent
    public int write(PacketBatch batch, Lane lane) {
        int messages = 0;
        for (int i = 0; i < batch.count(); i++) {
            Path path = batch.path(i);
            if (batch.lane(i) == lane
                    && path != null
                    && !path.remote().address().v6()
                    && takes(batch, i)) {
                prepare(messages, batch, i, path);
                packet[messages++] = i;
            }
        }
        int sent = 0;
        int at = 0;
        while (at < messages) {
            int result = Socket.sendmmsg(fd, vector.address(at), messages - at);
            if (result > 0) {
                sent += result;
                at += result;
            } else if (Errno.EAGAIN.is(result) || Errno.ENOBUFS.is(result)) {
                other.notSent(result, messages - at);
                return sent;
            } else if (Errno.EMSGSIZE.is(result)) {
                // The kernel cuts what is larger than the first link, DF or not: a tunnel's own
                // packets are never refused for that
                int i = packet[at++];
                Path path = Objects.requireNonNull(batch.path(i));
                sent += other.write(otherFd, batch, i, path) ? 1 : 0;
            } else if (!Errno.EINTR.is(result)) {
                other.notSent(result, 1);
                at++;
            }
        }
        return sent;
    }

    /// Whether packet `i` goes this way: its slot has room for the header, and it need not be cut.
    static boolean takes(PacketBatch batch, int i) {
        return batch.start(i) - Ipv4.HEADER >= batch.slotStart(i)
                && (batch.dontFragment(i) || batch.length(i) <= ETHERNET - Ipv4.HEADER);
    }

    private void prepare(int k, PacketBatch batch, int i, Path path) {
        MemorySegment memory = batch.memory();
        int at = batch.start(i) - Ipv4.HEADER;
        int length = batch.length(i) + Ipv4.HEADER;
        int hops = batch.hopLimit(i) > 0 ? batch.hopLimit(i) : TIME_TO_LIVE;
        Ipv4.write(
                memory,
                at,
                batch.trafficClass(i),
                length,
                hops,
                protocol,
                (int) path.local().address().low(),
                (int) path.remote().address().low());
        // The kernel would choose another one for 0. It computes the checksum anew, whatever it is.
        identification = identification + step & 0xffff;
        identification = identification == 0 ? step : identification;
        memory.set(BE16, at + 4, (short) identification);
        Ipv4.fragment(memory, at, batch.dontFragment(i), false, 0);
        int name = SocketAddress.write(vector.memory(), vector.name(k), path.remote().address(), 0);
        vector.prepareSend(k, memory.address() + at, length, name);
    }
}
