package io.sallyport.drivers.tun;

import io.sallyport.base.packet.Lane;
import io.sallyport.base.packet.PacketBatch;
import io.sallyport.base.telemetry.Counter;
import io.sallyport.base.telemetry.Drop;
import io.sallyport.base.telemetry.DropCounters;
import io.sallyport.ffi.linux.Errno;
import io.sallyport.ffi.linux.Ioctl;
import io.sallyport.ffi.linux.LinuxException;
import io.sallyport.ffi.linux.Unistd;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A TUN interface in the namespace of the thread that opened it: whole IP packets, no link layer.
/// It lives as long as this object; addresses, MTU and "up" are set by `drivers.route`.
///
/// Where the kernel can, it hands over TCP in super-packets of up to 64 KiB, which we cut
/// ([GsoSplitter]), and takes super-packets, which we join ([GroCoalescer]); whoever uses this
/// device sees packets only.
///
/// An interface may have several queues: each is an object of its own with the same name and link.
/// The kernel gives all packets of a flow to one queue, that by which packets of the other
/// direction were written last; what is written is spread over the queues by flow, so that what is
/// read is, too.
///
/// One thread may read and one may write at the same time. Close it, and all other queues of its
/// interface, when nobody uses any of them.
public final class TunDevice implements AutoCloseable {
    /// Most octets of an interface's name: IFNAMSIZ without the final NUL.
    public static final int NAME_MOST = 15;

    private static final String CLONE_DEVICE = "/dev/net/tun";

    private final String name;
    private final int link;
    private final int fd;
    private final Offload offload;
    private final Arena arena = Arena.ofShared();
    private final @Nullable SuperPackets superPackets;
    private final DropCounters drops = new DropCounters();
    private final DropCounters readDrops;
    private final Counter errors = new Counter();
    private final Counter lastErrno = new Counter();

    /// Of all queues of the interface.
    private int[] queues;

    private boolean closed;

    private TunDevice(String name, int link, int fd, Offload offload) {
        this.name = name;
        this.link = link;
        this.fd = fd;
        this.queues = new int[] {fd};
        this.offload = offload;
        this.superPackets =
                offload == Offload.NONE
                        ? null
                        : new SuperPackets(name, fd, link, arena, offload, this::refused);
        this.readDrops = superPackets == null ? new DropCounters() : superPackets.readDrops();
    }

    /// Makes the interface; it must not be there yet.
    ///
    /// @param name 1..15 octets, no blank, slash or colon; `%d` becomes a free number
    /// @param link the number its packets carry in a batch
    /// @throws LinuxException with advice: no TUN driver, no permission, name taken
    public static TunDevice open(String name, int link) throws LinuxException {
        return open(name, link, Offload.TCP_AND_UDP);
    }

    /// Makes an interface with `count` queues, one for each worker. A single one is as by [#open].
    ///
    /// @throws LinuxException also if the kernel has no multi-queue TUNs
    public static List<TunDevice> openQueues(String name, int link, int count)
            throws LinuxException {
        if (count == 1) {
            return List.of(open(name, link));
        }
        List<TunDevice> queues = new ArrayList<>();
        try {
            int many = Ioctl.IFF_MULTI_QUEUE;
            queues.add(
                    open(name, link, Offload.TCP_AND_UDP, CLONE_DEVICE, many | Ioctl.IFF_TUN_EXCL));
            String given = queues.getFirst().name();
            while (queues.size() < count) {
                queues.add(open(given, link, Offload.TCP_AND_UDP, CLONE_DEVICE, many));
            }
        } catch (LinuxException e) {
            queues.forEach(TunDevice::close);
            throw e;
        }
        int[] all = queues.stream().mapToInt(TunDevice::fd).toArray();
        queues.forEach(queue -> queue.queues = all);
        return List.copyOf(queues);
    }

    /// The same with no more than `most`; what the kernel gives may be less, see [#offload()].
    public static TunDevice open(String name, int link, Offload most) throws LinuxException {
        return open(name, link, most, CLONE_DEVICE, Ioctl.IFF_TUN_EXCL);
    }

    static TunDevice open(String name, int link, String device) throws LinuxException {
        return open(name, link, Offload.TCP_AND_UDP, device, Ioctl.IFF_TUN_EXCL);
    }

    private static TunDevice open(String name, int link, Offload most, String device, int how)
            throws LinuxException {
        if (!isName(name)) {
            throw new IllegalArgumentException(
                    "'"
                            + name
                            + "' is no interface name: 1 to "
                            + NAME_MOST
                            + " characters, no blank, slash or colon");
        }
        int fd = openClone(device);
        int flags = Ioctl.IFF_TUN | Ioctl.IFF_NO_PI | how;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment request = arena.allocate(Ioctl.IFREQ_SIZE, 8);
            boolean header = most != Offload.NONE;
            int result = make(fd, request, name, header ? flags | Ioctl.IFF_VNET_HDR : flags);
            if (header && Errno.EINVAL.is(result)) {
                header = false;
                result = make(fd, request, name, flags);
            }
            if (result < 0) {
                Unistd.close(fd);
                throw new LinuxException("make TUN " + name, -result, adviceOnMake(result, name));
            }
            return new TunDevice(
                    request.getString(0, StandardCharsets.US_ASCII),
                    link,
                    fd,
                    header ? SuperPackets.agree(fd, most) : Offload.NONE);
        }
    }

    private static int make(int fd, MemorySegment request, String name, int flags) {
        request.setString(0, name, StandardCharsets.US_ASCII);
        request.set(ValueLayout.JAVA_SHORT, Ioctl.IFREQ_FLAGS, (short) flags);
        return Ioctl.ioctl(fd, Ioctl.TUNSETIFF, request.address());
    }

    private static int openClone(String device) throws LinuxException {
        try {
            return Unistd.open(device, Unistd.O_RDWR | Unistd.O_NONBLOCK);
        } catch (LinuxException e) {
            String advice = "";
            if (e.is(Errno.ENOENT) || e.is(Errno.ENODEV) || e.is(Errno.ENXIO)) {
                advice =
                        "The kernel's TUN driver is not there: run `modprobe tun`; in a container, "
                                + "start it with --device /dev/net/tun";
            } else if (e.is(Errno.EPERM) || e.is(Errno.EACCES)) {
                advice =
                        "Run as root; in a container, also allow the device "
                                + "(--device /dev/net/tun)";
            }
            throw advice.isEmpty() ? e : new LinuxException(e.call(), e.errno(), advice);
        }
    }

    private static String adviceOnMake(int result, String name) {
        if (Errno.EPERM.is(result)) {
            return "Making interfaces needs root, or CAP_NET_ADMIN in a container";
        }
        if (Errno.EBUSY.is(result) || Errno.EEXIST.is(result)) {
            return "An interface of this name is there already, perhaps of another running Sallyport; "
                    + "choose another name, or remove it with `ip link delete "
                    + name
                    + "`";
        }
        return "";
    }

    /// Whether Linux takes `name` for an interface.
    public static boolean isName(String name) {
        return !name.equals(".")
                && !name.equals("..")
                && name.matches("[!-~&&[^/:]]{1," + NAME_MOST + "}");
    }

    /// Adds packets to `batch`, each with this link and lane TUN, until there are no more or it is
    /// full.
    ///
    /// @return packets added
    /// @throws LinuxException if the interface is gone
    public int read(PacketBatch batch) throws LinuxException {
        if (superPackets != null) {
            return superPackets.read(batch);
        }
        int added = 0;
        long memory = batch.memory().address();
        while (!batch.isFull()) {
            int i = batch.add();
            int length = Unistd.read(fd, memory + batch.start(i), batch.room());
            if (length <= 0) {
                batch.removeLast();
                if (length == 0 || Errno.EAGAIN.is(length) || Errno.EINTR.is(length)) {
                    return added;
                }
                if (added > 0) {
                    return added; // the next read tells
                }
                throw new LinuxException("read " + name, -length);
            }
            batch.place(i, batch.start(i), length);
            batch.link(i, link);
            batch.lane(i, Lane.TUN);
            added++;
        }
        return added;
    }

    /// Writes the packets of lane TUN that carry this link.
    ///
    /// @return packets written; those the kernel did not take are counted in [#drops()]
    public int write(PacketBatch batch) {
        if (superPackets != null) {
            return superPackets.write(batch, queues);
        }
        int written = 0;
        long memory = batch.memory().address();
        for (int i = 0; i < batch.count(); i++) {
            if (batch.lane(i) == Lane.TUN && batch.link(i) == link) {
                int to = queue(batch, i, queues);
                int result = Unistd.write(to, memory + batch.start(i), batch.length(i));
                if (result >= 0) {
                    written++;
                } else {
                    refused(result, 1);
                }
            }
        }
        return written;
    }

    /// The queue that packet `i` is written by: of a flow always the same.
    static int queue(PacketBatch batch, int i, int[] queues) {
        return queues.length == 1
                ? queues[0]
                : queues[(FlowHash.of(batch, i) >>> 1) % queues.length];
    }

    private void refused(int result, int packets) {
        // EINVAL: neither version 4 nor 6. EIO: the interface is down.
        drops.count(Errno.EINVAL.is(result) ? Drop.BAD_INNER : Drop.SOCKET_FULL, packets);
        lastErrno.set(-result);
        errors.increment();
    }

    /// Whether [#read] has more without asking the kernel: no poller will tell.
    public boolean hasMore() {
        return superPackets != null && superPackets.hasMore();
    }

    /// What the kernel agreed to.
    public Offload offload() {
        return offload;
    }

    /// The interface's name as the kernel has it.
    public String name() {
        return name;
    }

    /// The number its packets carry in a batch.
    public int link() {
        return link;
    }

    public int fd() {
        return fd;
    }

    /// What was not written. Counted by the writing thread.
    public DropCounters drops() {
        return drops;
    }

    /// What the kernel gave and was no packet. Counted by the reading thread.
    public DropCounters readDrops() {
        return readDrops;
    }

    /// Why the kernel last refused a packet; empty if it never did.
    public String lastError() {
        return errors.get() == 0 ? "" : Errno.describe((int) lastErrno.get());
    }

    /// With its last queue the interface disappears, and with it its addresses and routes.
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            Unistd.close(fd);
            arena.close();
        }
    }

    @Override
    public String toString() {
        return "TUN " + name;
    }
}
