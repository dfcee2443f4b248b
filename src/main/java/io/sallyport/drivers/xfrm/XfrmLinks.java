package io.sallyport.drivers.xfrm;

import io.sallyport.base.net.Path;
import io.sallyport.drivers.netlink.NetlinkException;
import io.sallyport.drivers.route.Links;
import io.sallyport.drivers.route.LinuxNetwork;
import io.sallyport.drivers.tun.TunDevice;
import io.sallyport.ffi.linux.Errno;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/// The interfaces of route-based tunnels where the kernel has the data plane: XFRM interfaces, or
/// VTI where the kernel is older than those (Linux 4.19). The interface that all policy-based
/// children share leads nowhere: packets that a policy covers leave before it, all others are
/// swallowed by it, never sent in clear.
public final class XfrmLinks implements AutoCloseable {
    /// Interface numbers and keys of VTI: high, so that they are nobody else's.
    private static final int FIRST = 0x5a110001;

    private final LinuxNetwork network;
    private final Map<String, Binding> bindings = new HashMap<>();
    private final Map<String, TunDevice> sinks = new HashMap<>();
    private final Map<String, Integer> numbers = new HashMap<>();

    /// What ties states and policies to an interface. Both numbers 0: to none.
    ///
    /// @param interfaceId of an XFRM interface
    /// @param mark of a VTI
    record Binding(int interfaceId, int mark) {
        static final Binding NONE = new Binding(0, 0);
    }

    private XfrmLinks(LinuxNetwork network) {
        this.network = network;
    }

    /// In the calling thread's network namespace.
    public static XfrmLinks open() throws IOException {
        return new XfrmLinks(LinuxNetwork.open());
    }

    /// Makes the interface of a route-based tunnel.
    ///
    /// @throws IOException if the kernel has neither kind
    public void openTunnel(String name) throws IOException {
        Links links = network.links();
        int number = numbers.computeIfAbsent(name, _ -> FIRST + numbers.size());
        try {
            links.addXfrm(name, number);
            bindings.put(name, new Binding(number, 0));
        } catch (NetlinkException e) {
            if (!e.is(Errno.EOPNOTSUPP)) {
                throw e;
            }
            links.addVti(name, number);
            bindings.put(name, new Binding(0, number));
        }
    }

    /// Makes the interface that leads nowhere.
    public void openSink(String name) throws IOException {
        try {
            network.links().addDummy(name);
        } catch (NetlinkException e) {
            if (!e.is(Errno.EOPNOTSUPP)) {
                throw e;
            }
            sinks.put(name, TunDevice.open(name, 0)); // nobody reads it
        }
    }

    /// Ends an interface; no error if it is not there.
    public void close(String name) throws IOException {
        bindings.remove(name);
        TunDevice sink = sinks.remove(name);
        if (sink != null) {
            sink.close();
        } else if (network.links().find(name).isPresent()) {
            network.links().delete(name);
        }
    }

    Binding binding(String link) {
        return bindings.getOrDefault(link, Binding.NONE);
    }

    /// An SA of this link goes along this path: a VTI finds its packets by their addresses.
    void lead(String link, Path path) throws IOException {
        Binding binding = binding(link);
        if (binding.mark() != 0) {
            network.links()
                    .leadVti(link, binding.mark(), path.local().address(), path.remote().address());
        }
    }

    @Override
    public void close() {
        sinks.values().forEach(TunDevice::close);
        network.close();
    }
}
