package io.sallyport.daemon.loop;

import io.sallyport.daemon.host.HostPlan;
import io.sallyport.daemon.host.LinkWish;
import io.sallyport.daemon.host.LinuxSystem;
import io.sallyport.drivers.xfrm.XfrmLinks;
import java.io.IOException;

/// The interfaces of a gateway whose data plane is the kernel. The IKE loop's thread owns it.
public final class KernelLinks implements LinuxSystem.TunOpener {
    private final XfrmLinks links;

    public KernelLinks(XfrmLinks links) {
        this.links = links;
    }

    @Override
    public void open(LinkWish wish) throws IOException {
        if (wish.name().equals(HostPlan.SHARED)) {
            links.openSink(wish.name());
        } else {
            links.openTunnel(wish.name());
        }
    }

    @Override
    public void close(String name) throws IOException {
        links.close(name);
    }
}
