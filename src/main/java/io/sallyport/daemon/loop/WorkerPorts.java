package io.sallyport.daemon.loop;

import io.sallyport.base.packet.PacketBatch;
import io.sallyport.base.telemetry.DropCounters;
import io.sallyport.drivers.fault.Faults;
import io.sallyport.drivers.raw.RawPort;
import io.sallyport.drivers.tcp.TcpWriter;
import io.sallyport.drivers.udp.Inlet;
import io.sallyport.drivers.udp.UdpPort;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The sockets of one inbound worker, who reads them, and one outbound worker, who writes them. The
/// first workers have those that all share, too.
final class WorkerPorts {
    private final List<UdpPort> udp = new ArrayList<>();
    private final List<RawPort> raw = new ArrayList<>();
    private final List<RawPort> rawStrangers = new ArrayList<>();
    private final List<RawPort> errors = new ArrayList<>();
    private final @Nullable BadLine line;

    /// For connections; null: there are none.
    private @Nullable TcpWriter tcp;

    WorkerPorts(Faults faults) {
        line = faults.isNone() ? null : new BadLine(faults);
    }

    List<UdpPort> udp() {
        return udp;
    }

    /// Packets of lane TCP are given to this one.
    void tcp(TcpWriter writer) {
        tcp = writer;
    }

    /// Of these, what carries ESP.
    List<UdpPort> data() {
        return udp.stream().filter(UdpPort::inTrains).toList();
    }

    /// Of these, what carries nothing but IKE: the first worker's.
    List<UdpPort> ike() {
        return udp.stream().filter(port -> !port.inTrains()).toList();
    }

    /// What comes to port 4500 with the non-ESP marker, where the data plane is ours: in the same
    /// place.
    List<Inlet> marked() {
        return udp.stream().map(UdpPort::marked).filter(Objects::nonNull).toList();
    }

    /// What strangers send to port 4500, in the same place.
    List<Inlet> strangers() {
        return udp.stream().map(UdpPort::strangers).filter(Objects::nonNull).toList();
    }

    List<RawPort> raw() {
        return raw;
    }

    /// What strangers send as protocol 50 or 51, to be read: the first worker's.
    List<RawPort> rawStrangers() {
        return rawStrangers;
    }

    /// ICMP, to be read.
    List<RawPort> errors() {
        return errors;
    }

    /// That makes them bad on purpose.
    @Nullable BadLine line() {
        return line;
    }

    /// Gives `road` what a socket has received: the inbound worker's thread.
    void received(PacketBatch packets, Consumer<PacketBatch> road) {
        if (line == null) {
            road.accept(packets);
        } else {
            line.received(packets, road);
        }
    }

    /// Gives `next` what a socket of IKE has received: the thread of [IkeReader].
    void receivedIke(PacketBatch packets, Consumer<PacketBatch> next) {
        if (line == null) {
            next.accept(packets);
        } else {
            line.receivedIke(packets, next);
        }
    }

    /// Sends what is in lanes UDP, TCP, RAW, AH and CLEAR: the outbound worker's thread.
    void write(PacketBatch batch) {
        if (line == null) {
            send(batch);
        } else {
            line.sent(batch, this::send);
        }
    }

    private void send(PacketBatch batch) {
        for (int k = 0; k < udp.size(); k++) {
            udp.get(k).write(batch);
        }
        for (int k = 0; k < raw.size(); k++) {
            raw.get(k).write(batch);
        }
        if (tcp != null) {
            tcp.write(batch);
        }
    }

    List<String> lastErrors() {
        List<String> errors = new ArrayList<>();
        udp.forEach(port -> errors.add(port.lastError()));
        raw.forEach(port -> errors.add(port.lastError()));
        errors.removeIf(String::isEmpty);
        return errors;
    }

    List<DropCounters> drops() {
        List<DropCounters> all = new ArrayList<>();
        udp.forEach(port -> {
            all.add(port.readDrops());
            all.add(port.markedDrops());
            all.add(port.strangersDrops());
            all.add(port.writeDrops());
            all.add(port.sendDrops());
        });
        raw.forEach(port -> {
            all.add(port.readDrops());
            all.add(port.writeDrops());
        });
        rawStrangers.forEach(port -> all.add(port.readDrops()));
        if (tcp != null) {
            all.add(tcp.drops());
        }
        return all;
    }

    void close() {
        udp.forEach(UdpPort::close);
        raw.forEach(RawPort::close);
        rawStrangers.forEach(RawPort::close);
        errors.forEach(RawPort::close);
    }
}
