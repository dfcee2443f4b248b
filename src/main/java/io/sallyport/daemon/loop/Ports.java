package io.sallyport.daemon.loop;

import io.sallyport.base.Octets;
import io.sallyport.base.net.IpAddress;
import io.sallyport.base.net.Path;
import io.sallyport.base.telemetry.DropCounters;
import io.sallyport.control.view.RoadView;
import io.sallyport.daemon.capture.Tap;
import io.sallyport.drivers.fault.Faults;
import io.sallyport.drivers.raw.RawPort;
import io.sallyport.drivers.tcp.TcpPort;
import io.sallyport.drivers.udp.UdpPort;
import io.sallyport.drivers.xfrm.KernelSockets;
import io.sallyport.ffi.linux.LinuxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// All the sockets of the gateway: UDP 500 and 4500, protocols 50 and 51, and TCP, IPv4 and IPv6.
/// Each worker has those of its own ([#of]); the IKE loop sends by the first worker's.
public final class Ports implements AutoCloseable {
    /// RFC 2408, 2.5.1.
    public static final int IKE = 500;

    /// RFC 3948, 2.2.
    public static final int NAT_TRAVERSAL = 4500;

    /// IP protocol number of ESP.
    private static final int ESP = 50;

    /// IP protocol number of AH.
    private static final int AH = 51;

    private static final Octets NON_ESP_MARKER = Octets.ofInt(0);
    private static final Octets KEEPALIVE = Octets.of((byte) 0xff);

    private final List<WorkerPorts> workers = new ArrayList<>();

    private final Tap tap;
    private final Consumer<String> tell;
    private @Nullable TcpPort tcp;

    private Ports(int count, Faults faults, Tap tap, Consumer<String> tell) {
        this.tap = tap;
        this.tell = tell;
        for (int i = 0; i < count; i++) {
            workers.add(
                    new WorkerPorts(faults.isNone() ? faults : faults.withSeed(faults.seed() + i)));
        }
    }

    /// Opens them in the calling thread's network namespace. A host without IPv6 is told of and
    /// goes without.
    ///
    /// @param mark SO_MARK of all that is sent
    /// @param kernel has the data plane: only IKE is sent and received here
    /// @param count of workers
    /// @param tap sees what IKE sends
    /// @param faults of the line behind the sockets, both ways; [Faults#NONE] but for labs
    /// @throws LinuxException with advice, if one for IPv4 cannot be had
    public static Ports open(
            int mark, boolean kernel, int count, Faults faults, Tap tap, Consumer<String> tell)
            throws LinuxException {
        Ports ports = new Ports(count, faults, tap, tell);
        try {
            ports.open(false, mark, kernel);
        } catch (LinuxException e) {
            ports.close();
            throw e;
        }
        try {
            ports.open(true, mark, kernel);
        } catch (LinuxException e) {
            tell.accept("no IPv6: " + e.getMessage());
        }
        return ports;
    }

    /// Has TCP connections, too. Where the kernel has the data plane there are none: ESP could not
    /// go along them.
    ///
    /// @param opened in the same namespace
    public void attach(TcpPort opened) {
        tcp = opened;
        workers.forEach(worker -> worker.tcp(opened.writer()));
    }

    /// Null: there are no connections.
    public @Nullable TcpPort tcp() {
        return tcp;
    }

    private void open(boolean v6, int mark, boolean kernel) throws LinuxException {
        WorkerPorts first = workers.getFirst();
        first.udp().add(UdpPort.open(v6, IKE, mark));
        if (kernel) {
            KernelSockets.pass(first.udp().getLast().fd(), v6);
            UdpPort traversal = UdpPort.open(v6, NAT_TRAVERSAL, mark);
            first.udp().add(traversal);
            KernelSockets.pass(traversal.fd(), v6);
            KernelSockets.decapsulate(traversal.fd());
            return;
        }
        int count = workers.size();
        List<UdpPort> traversal = UdpPort.openBySpi(v6, NAT_TRAVERSAL, mark, count);
        for (int i = 0; i < count; i++) {
            workers.get(i).udp().add(traversal.get(i));
        }
        for (int protocol : new int[] {ESP, AH}) {
            List<RawPort> raw = RawPort.openBySpi(v6, protocol, mark, count);
            for (int i = 0; i < count; i++) {
                workers.get(i).raw().add(raw.get(i));
            }
            first.rawStrangers().add(raw.getLast());
        }
        for (WorkerPorts worker : workers) {
            worker.raw().add(RawPort.open(v6, RawPort.WHOLE, mark));
        }
        first.errors().add(RawPort.openForErrors(v6, mark));
    }

    /// Those of one worker.
    WorkerPorts of(int worker) {
        return workers.get(worker);
    }

    /// Sends an IKE message: the IKE loop's thread.
    ///
    /// RFC 3948, 2.2: "The Non-ESP Marker is 4 zero-valued octets".
    public void sendIke(Path path, Octets message) {
        if (path.tcp()) {
            tap.told(path, Octets.concat(NON_ESP_MARKER, message));
            if (tcp != null) {
                tcp.send(path, message);
            }
            return;
        }
        send(path, path.local().port() == IKE ? message : Octets.concat(NON_ESP_MARKER, message));
    }

    /// The same, as one datagram that nobody may cut: the IKE loop's thread.
    public void sendWhole(Path path, Octets message) {
        Octets datagram =
                path.local().port() == IKE ? message : Octets.concat(NON_ESP_MARKER, message);
        tap.told(path, datagram);
        for (UdpPort port : workers.getFirst().udp()) {
            if (port.port() == path.local().port() && port.v6() == path.local().address().v6()) {
                port.sendWhole(path, datagram);
            }
        }
    }

    /// RFC 3948, 2.3: "The sender MUST use a one-octet-long payload with the value 0xFF."
    public void sendKeepalive(Path path) {
        send(path, KEEPALIVE);
    }

    private void send(Path path, Octets datagram) {
        tap.told(path, datagram);
        BadLine line = workers.getFirst().line();
        if (line == null) {
            give(path, datagram);
        } else {
            line.told(path, datagram, this::give);
        }
    }

    private void give(Path path, Octets datagram) {
        for (UdpPort port : workers.getFirst().udp()) {
            if (port.port() == path.local().port() && port.v6() == path.local().address().v6()) {
                port.send(path, datagram);
            }
        }
    }

    /// What comes from anybody else, to port 4500 or as protocol 50 or 51, is kept apart from now
    /// on, where the kernel can: without, a flood is paid for by all. The IKE loop's thread.
    ///
    /// @param senders the peer's address for each of our SPIs; empty: nobody is kept apart
    public void know(Optional<Map<Integer, IpAddress>> senders) {
        WorkerPorts first = workers.getFirst();
        first.udp().forEach(port -> keepApart(port, () -> port.know(senders)));
        first.rawStrangers().forEach(port -> keepApart(port, () -> port.know(senders)));
    }

    private interface Filter {
        void attach() throws LinuxException;
    }

    private void keepApart(Object port, Filter filter) {
        try {
            filter.attach();
        } catch (LinuxException e) {
            tell.accept(port + ": strangers are not kept apart: " + e.getMessage());
        }
    }

    /// What a line made bad on purpose did so far; empty if it is as it is.
    public String faults() {
        return workers.stream()
                .map(WorkerPorts::line)
                .filter(Objects::nonNull)
                .map(Object::toString)
                .collect(Collectors.joining("; "));
    }

    /// The last reasons why the kernel did not send; for status and log.
    public List<String> lastErrors() {
        return workers.stream().flatMap(w -> w.lastErrors().stream()).toList();
    }

    /// What the kernel does for each socket, as far as is known now; for those of the first worker
    /// as for all. Any thread.
    public List<RoadView.Port> offloads() {
        List<RoadView.Port> all = new ArrayList<>();
        WorkerPorts first = workers.getFirst();
        first.udp().forEach(port -> all.add(new RoadView.Port(port.toString(), port.offload())));
        first.raw()
                .forEach(port -> all.add(new RoadView.Port(port.toString(), "sendmmsg, recvmmsg")));
        if (tcp != null) {
            String name = tcp.listening() == 0 ? "TCP" : "TCP port " + tcp.listening();
            all.add(new RoadView.Port(name, tcp.counts()));
        }
        return all;
    }

    /// What was not received or sent, by socket and thread.
    public List<DropCounters> drops() {
        List<DropCounters> all = new ArrayList<>();
        workers.forEach(w -> all.addAll(w.drops()));
        if (tcp != null) {
            all.add(tcp.sendDrops());
        }
        return all;
    }

    @Override
    public void close() {
        workers.forEach(WorkerPorts::close);
        if (tcp != null) {
            tcp.close();
        }
    }
}
