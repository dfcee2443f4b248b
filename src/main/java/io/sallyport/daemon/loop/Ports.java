package io.sallyport.daemon.loop;

import io.sallyport.base.Octets;
import io.sallyport.base.net.Path;
import io.sallyport.base.packet.PacketBatch;
import io.sallyport.base.telemetry.DropCounters;
import io.sallyport.control.view.RoadView;
import io.sallyport.daemon.capture.Tap;
import io.sallyport.drivers.fault.Faults;
import io.sallyport.drivers.raw.RawPort;
import io.sallyport.drivers.udp.MarkedInlet;
import io.sallyport.drivers.udp.UdpPort;
import io.sallyport.drivers.xfrm.KernelSockets;
import io.sallyport.ffi.linux.LinuxException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// All the sockets of the gateway: UDP 500 and 4500 and protocols 50 and 51, IPv4 and IPv6. The
/// inbound worker reads them, the outbound worker writes them, the IKE loop sends.
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

    private final List<UdpPort> udp = new ArrayList<>();
    private final List<MarkedInlet> marked = new ArrayList<>();
    private final List<RawPort> raw = new ArrayList<>();
    private final List<RawPort> errors = new ArrayList<>();

    private final @Nullable BadLine line;

    private final Tap tap;

    private Ports(@Nullable BadLine line, Tap tap) {
        this.line = line;
        this.tap = tap;
    }

    /// Opens them in the calling thread's network namespace. A host without IPv6 is told of and
    /// goes without.
    ///
    /// @param mark SO_MARK of all that is sent
    /// @param kernel has the data plane: only IKE is sent and received here
    /// @param tap sees what IKE sends
    /// @param faults of the line behind the sockets, both ways; [Faults#NONE] but for labs
    /// @throws LinuxException with advice, if one for IPv4 cannot be had
    public static Ports open(
            int mark, boolean kernel, Faults faults, Tap tap, Consumer<String> tell)
            throws LinuxException {
        Ports ports = new Ports(faults.isNone() ? null : new BadLine(faults), tap);
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

    private void open(boolean v6, int mark, boolean kernel) throws LinuxException {
        if (kernel) {
            UdpPort ike = UdpPort.open(v6, IKE, mark);
            udp.add(ike);
            KernelSockets.pass(ike.fd(), v6);
            UdpPort traversal = UdpPort.open(v6, NAT_TRAVERSAL, mark);
            udp.add(traversal);
            KernelSockets.pass(traversal.fd(), v6);
            KernelSockets.decapsulate(traversal.fd());
            return;
        }
        udp.add(UdpPort.open(v6, IKE, mark));
        UdpPort traversal = UdpPort.openForTrains(v6, NAT_TRAVERSAL, mark);
        udp.add(traversal);
        MarkedInlet ike = traversal.marked();
        if (ike != null) {
            marked.add(ike);
        }
        raw.add(RawPort.open(v6, ESP, mark));
        raw.add(RawPort.open(v6, AH, mark));
        raw.add(RawPort.open(v6, RawPort.WHOLE, mark));
        errors.add(RawPort.openForErrors(v6, mark));
    }

    List<UdpPort> udp() {
        return udp;
    }

    /// What comes to port 4500 with the non-ESP marker, where the data plane is ours.
    List<MarkedInlet> marked() {
        return marked;
    }

    List<RawPort> raw() {
        return raw;
    }

    /// ICMP, to be read.
    List<RawPort> errors() {
        return errors;
    }

    /// Gives `road` what a socket has received: the inbound worker's thread.
    void received(PacketBatch packets, Consumer<PacketBatch> road) {
        if (line == null) {
            road.accept(packets);
        } else {
            line.received(packets, road);
        }
    }

    /// Sends what is in lanes UDP, RAW, AH and CLEAR: the outbound worker's thread.
    void write(PacketBatch batch) {
        if (line == null) {
            send(batch);
        } else {
            line.sent(batch, this::send);
        }
    }

    private void send(PacketBatch batch) {
        for (UdpPort port : udp) {
            port.write(batch);
        }
        for (RawPort port : raw) {
            port.write(batch);
        }
    }

    /// Sends an IKE message: the IKE loop's thread.
    ///
    /// RFC 3948, 2.2: "The Non-ESP Marker is 4 zero-valued octets".
    public void sendIke(Path path, Octets message) {
        send(path, path.local().port() == IKE ? message : Octets.concat(NON_ESP_MARKER, message));
    }

    /// The same, as one datagram that nobody may cut: the IKE loop's thread.
    public void sendWhole(Path path, Octets message) {
        Octets datagram =
                path.local().port() == IKE ? message : Octets.concat(NON_ESP_MARKER, message);
        tap.told(path, datagram);
        for (UdpPort port : udp) {
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
        if (line == null) {
            give(path, datagram);
        } else {
            line.told(path, datagram, this::give);
        }
    }

    private void give(Path path, Octets datagram) {
        for (UdpPort port : udp) {
            if (port.port() == path.local().port() && port.v6() == path.local().address().v6()) {
                port.send(path, datagram);
            }
        }
    }

    /// What a line made bad on purpose did so far; empty if it is as it is.
    public String faults() {
        return line == null ? "" : line.toString();
    }

    /// The last reasons why the kernel did not send; for status and log.
    public List<String> lastErrors() {
        List<String> errors = new ArrayList<>();
        udp.forEach(port -> errors.add(port.lastError()));
        raw.forEach(port -> errors.add(port.lastError()));
        errors.removeIf(String::isEmpty);
        return errors;
    }

    /// What the kernel does for each socket, as far as is known now. Any thread.
    public List<RoadView.Port> offloads() {
        List<RoadView.Port> all = new ArrayList<>();
        udp.forEach(port -> all.add(new RoadView.Port(port.toString(), port.offload())));
        raw.forEach(port -> all.add(new RoadView.Port(port.toString(), "sendmmsg, recvmmsg")));
        return all;
    }

    /// What was not received or sent, by socket and thread.
    public List<DropCounters> drops() {
        List<DropCounters> all = new ArrayList<>();
        udp.forEach(port -> {
            all.add(port.readDrops());
            all.add(port.markedDrops());
            all.add(port.writeDrops());
            all.add(port.sendDrops());
        });
        raw.forEach(port -> {
            all.add(port.readDrops());
            all.add(port.writeDrops());
        });
        return all;
    }

    @Override
    public void close() {
        udp.forEach(UdpPort::close);
        raw.forEach(RawPort::close);
        errors.forEach(RawPort::close);
    }
}
