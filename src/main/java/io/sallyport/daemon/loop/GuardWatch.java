package io.sallyport.daemon.loop;

import io.sallyport.daemon.host.HostPlan;
import io.sallyport.drivers.filter.ClearFilter;
import io.sallyport.drivers.netlink.NetlinkReply;
import io.sallyport.drivers.netlink.NetlinkSocket;
import io.sallyport.drivers.route.RouteNews;
import io.sallyport.ffi.linux.Errno;
import io.sallyport.ffi.linux.LinuxException;
import io.sallyport.ffi.linux.Sockets;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;

/// The thread that hears that something of ours went from the system, by us or by somebody else: a
/// firewall that is loaded anew, a network manager that tidies up.
public final class GuardWatch implements Runnable, AutoCloseable {
    /// How soon it ends when it is told to.
    private static final long PATIENCE_MILLIS = 200;

    /// Between two times of telling: whoever removes goes on for a moment, or for ever.
    private static final long PAUSE_MILLIS = 20;

    private final NetlinkSocket socket;
    private final Predicate<NetlinkReply> removal;
    private final Runnable gone;
    private final Consumer<String> tell;
    private final Semaphore end = new Semaphore(0);

    private GuardWatch(
            NetlinkSocket socket,
            Predicate<NetlinkReply> removal,
            Runnable gone,
            Consumer<String> tell) {
        this.socket = socket;
        this.removal = removal;
        this.gone = gone;
        this.tell = tell;
    }

    /// Of our routes and rules.
    ///
    /// @param gone on the thread that runs this
    /// @param tell takes what went wrong, as lines for people
    public static GuardWatch ofRoutes(Runnable gone, Consumer<String> tell) throws LinuxException {
        return new GuardWatch(
                NetlinkSocket.listen(Sockets.NETLINK_ROUTE, RouteNews.GROUPS, PATIENCE_MILLIS),
                news -> RouteNews.removes(news, HostPlan.PROTOCOL),
                gone,
                tell);
    }

    /// Of addresses of this machine, those that come too.
    public static GuardWatch ofAddresses(Runnable changed, Consumer<String> tell)
            throws LinuxException {
        return new GuardWatch(
                NetlinkSocket.listen(
                        Sockets.NETLINK_ROUTE, RouteNews.ADDRESS_GROUPS, PATIENCE_MILLIS),
                RouteNews::isOfAddresses,
                changed,
                tell);
    }

    /// Of our table of nf_tables.
    public static GuardWatch ofFilter(Runnable gone, Consumer<String> tell) throws LinuxException {
        return new GuardWatch(
                NetlinkSocket.listen(
                        Sockets.NETLINK_NETFILTER, ClearFilter.GROUPS, PATIENCE_MILLIS),
                ClearFilter::removes,
                gone,
                tell);
    }

    @Override
    public void run() {
        try {
            for (boolean heard = false; !end.tryAcquire(); heard = hear()) {
                if (heard) {
                    gone.run();
                    if (end.tryAcquire(PAUSE_MILLIS, TimeUnit.MILLISECONDS)) {
                        return;
                    }
                }
            }
        } catch (LinuxException e) {
            tell.accept("the guards are not watched any more: " + e.getMessage());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean hear() throws LinuxException {
        try {
            return socket.hear().stream().anyMatch(removal);
        } catch (LinuxException e) {
            if (e.is(Errno.ENOBUFS)) {
                return true; // something was lost: perhaps that
            }
            throw e;
        }
    }

    /// Ends [#run()].
    public void stop() {
        end.release();
    }

    /// When the thread has ended.
    @Override
    public void close() {
        socket.close();
    }
}
