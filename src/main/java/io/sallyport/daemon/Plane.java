package io.sallyport.daemon;

import io.sallyport.base.time.Clock;
import io.sallyport.control.local.RunRequest.Backend;
import io.sallyport.daemon.host.HostPlan;
import io.sallyport.daemon.host.LinuxSystem;
import io.sallyport.daemon.loop.IkeLoop;
import io.sallyport.daemon.loop.KernelEar;
import io.sallyport.daemon.loop.KernelLinks;
import io.sallyport.drivers.netlink.NetlinkSocket;
import io.sallyport.drivers.xfrm.KernelTrial;
import io.sallyport.drivers.xfrm.XfrmBackend;
import io.sallyport.drivers.xfrm.XfrmLinks;
import io.sallyport.drivers.xfrm.XfrmMonitor;
import io.sallyport.ffi.linux.Sockets;
import io.sallyport.model.port.DataPlane;
import io.sallyport.model.port.IpsecBackend;
import io.sallyport.model.port.UsageMeter;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Consumer;

/// Who carries the packets: our own road, or the kernel. The three ports are one object.
///
/// @param kernel the kernel, if it is the one
record Plane(
        IpsecBackend backend, DataPlane shown, UsageMeter meter, Optional<XfrmBackend> kernel) {
    /// Our own.
    static <T extends IpsecBackend & DataPlane & UsageMeter> Plane of(T backend) {
        return new Plane(backend, backend, backend, Optional.empty());
    }

    /// The kernel's, and the interfaces that go with it.
    record Kernel(XfrmBackend backend, LinuxSystem.TunOpener links) {
        /// In the calling thread's network namespace.
        ///
        /// @param tell takes what the kernel refuses
        static Kernel open(Clock clock, Consumer<String> tell) throws IOException {
            XfrmLinks links = XfrmLinks.open();
            try {
                NetlinkSocket socket = NetlinkSocket.open(Sockets.NETLINK_XFRM);
                return new Kernel(
                        new XfrmBackend(socket, links, clock, HostPlan.MARK, tell),
                        new KernelLinks(links));
            } catch (IOException e) {
                links.close();
                throw e;
            }
        }

        Plane plane() {
            return new Plane(backend, backend, backend, Optional.of(backend));
        }

        XfrmMonitor monitor(IkeLoop loop, Consumer<String> tell) throws IOException {
            return XfrmMonitor.open(new KernelEar(backend, loop), tell);
        }
    }

    /// Whether the kernel is to carry the packets.
    ///
    /// @param tell takes the reason, as a line for people
    /// @throws IOException if it is demanded and cannot
    static boolean isKernel(Backend wanted, Consumer<String> tell) throws IOException {
        if (wanted == Backend.USERSPACE) {
            return false;
        }
        Optional<String> refused = KernelTrial.refused();
        if (refused.isPresent() && wanted == Backend.KERNEL) {
            throw new IOException(
                    refused.get()
                            + "; run with --backend userspace, Sallyport needs no kernel IPsec");
        }
        tell.accept(
                refused.map(why -> "data plane: our own (" + why + ")")
                        .orElse("data plane: the kernel's XFRM"));
        return refused.isEmpty();
    }
}
