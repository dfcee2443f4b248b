package io.sallyport.drivers.xfrm;

import io.sallyport.drivers.netlink.NetlinkReply;
import io.sallyport.drivers.netlink.NetlinkSocket;
import io.sallyport.ffi.linux.Errno;
import io.sallyport.ffi.linux.LinuxException;
import io.sallyport.ffi.linux.Sockets;
import java.util.function.Consumer;

/// The thread that hears what the kernel tells of its states and policies.
public final class XfrmMonitor implements Runnable, AutoCloseable {
    /// How soon it ends when it is told to.
    private static final long PATIENCE_MILLIS = 300;

    private final NetlinkSocket socket;
    private final Consumer<KernelNews> take;
    private final Consumer<String> tell;
    private volatile boolean stopped;

    private XfrmMonitor(NetlinkSocket socket, Consumer<KernelNews> take, Consumer<String> tell) {
        this.socket = socket;
        this.take = take;
        this.tell = tell;
    }

    /// @param take on the thread that runs this
    /// @param tell takes what went wrong, as lines for people
    public static XfrmMonitor open(Consumer<KernelNews> take, Consumer<String> tell)
            throws LinuxException {
        return new XfrmMonitor(
                NetlinkSocket.listen(
                        Sockets.NETLINK_XFRM,
                        Xfrm.GROUP_ACQUIRE | Xfrm.GROUP_EXPIRE | Xfrm.GROUP_MAPPING,
                        PATIENCE_MILLIS),
                take,
                tell);
    }

    @Override
    public void run() {
        while (!stopped) {
            try {
                for (NetlinkReply reply : socket.hear()) {
                    KernelNews.of(reply).ifPresent(take);
                }
            } catch (LinuxException e) {
                tell.accept("what the kernel told was not heard: " + e.getMessage());
                if (!e.is(Errno.ENOBUFS)) {
                    return;
                }
            }
        }
    }

    public void stop() {
        stopped = true;
    }

    /// When the thread has ended.
    @Override
    public void close() {
        socket.close();
    }
}
