package io.sallyport.daemon.capture;

import io.sallyport.base.Octets;
import io.sallyport.base.net.Endpoint;
import io.sallyport.base.net.IpAddress;
import io.sallyport.base.net.Path;
import io.sallyport.base.packet.Lane;
import io.sallyport.base.packet.PacketBatch;
import io.sallyport.wire.ip.Ipv4;
import io.sallyport.wire.ip.Ipv6;
import io.sallyport.wire.ip.Protocol;
import io.sallyport.wire.ip.Udp;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// A packet of the outer network from its IP header on. Sockets keep the headers to themselves, so
/// they are written here as the kernel writes them; a datagram that the kernel fragments is whole.
/// What is a part of a TCP stream looks like a datagram between the same ports.
final class OuterPacket {
    /// Of a header whose own is not known.
    private static final int HOPS = 64;

    private OuterPacket() {}

    /// A datagram of ours.
    static byte[] udp(Path path, Octets payload) {
        int udp = Udp.HEADER + payload.length();
        int header = header(path);
        byte[] packet = new byte[header + udp];
        MemorySegment memory = MemorySegment.ofArray(packet);
        for (int i = 0; i < payload.length(); i++) {
            packet[header + Udp.HEADER + i] = (byte) payload.at(i);
        }
        ip(memory, path.local().address(), path.remote().address(), Protocol.UDP, udp, 0, 0, false);
        udp(memory, header, path.local(), path.remote(), udp);
        return packet;
    }

    /// Packet `i` of a batch, of lane UDP, TCP, RAW or AH.
    ///
    /// @param path its own, local is our end
    /// @param out whether we send it
    static byte[] of(PacketBatch batch, int i, Path path, boolean out) {
        boolean v6 = path.local().address().v6();
        Lane lane = batch.lane(i);
        if (lane == Lane.AH && !v6) {
            byte[] packet = batch.copy(i);
            if (out && packet.length >= Ipv4.HEADER) {
                // what the kernel fills in
                Ipv4.totalLength(MemorySegment.ofArray(packet), 0, packet.length);
                Ipv4.mendChecksum(MemorySegment.ofArray(packet), 0);
            }
            return packet;
        }
        boolean inUdp = lane == Lane.UDP || lane == Lane.TCP;
        int header = header(path);
        int body = batch.length(i) + (inUdp ? Udp.HEADER : 0);
        byte[] packet = new byte[header + body];
        MemorySegment.copy(
                batch.memory(),
                ValueLayout.JAVA_BYTE,
                batch.start(i),
                packet,
                packet.length - batch.length(i),
                batch.length(i));
        MemorySegment memory = MemorySegment.ofArray(packet);
        Endpoint from = out ? path.local() : path.remote();
        Endpoint to = out ? path.remote() : path.local();
        ip(
                memory,
                from.address(),
                to.address(),
                inUdp ? Protocol.UDP : lane == Lane.AH ? Protocol.AH : Protocol.ESP,
                body,
                batch.trafficClass(i),
                batch.hopLimit(i),
                batch.dontFragment(i));
        if (inUdp) {
            udp(memory, header, from, to, body);
        }
        return packet;
    }

    private static int header(Path path) {
        return path.remote().address().v6() ? Ipv6.HEADER : Ipv4.HEADER;
    }

    private static void ip(
            MemorySegment memory,
            IpAddress from,
            IpAddress to,
            int protocol,
            int body,
            int trafficClass,
            int hops,
            boolean dontFragment) {
        int left = hops == 0 ? HOPS : hops;
        if (to.v6()) {
            Ipv6.write(
                    memory,
                    0,
                    trafficClass,
                    body,
                    protocol,
                    left,
                    from.high(),
                    from.low(),
                    to.high(),
                    to.low());
            return;
        }
        Ipv4.write(
                memory,
                0,
                trafficClass,
                Ipv4.HEADER + body,
                left,
                protocol,
                (int) from.low(),
                (int) to.low());
        if (dontFragment) {
            memory.set(PacketBatch.BE16, 6, (short) 0x4000);
            Ipv4.mendChecksum(memory, 0);
        }
    }

    /// RFC 3948, 2.1: the checksum of ESP in UDP over IPv4 may be zero; over IPv6 there is one.
    private static void udp(MemorySegment memory, int at, Endpoint from, Endpoint to, int length) {
        Udp.write(memory, at, from.port(), to.port(), length);
        if (to.address().v6()) {
            Udp.sumOverIpv6(memory, at, length, from.address(), to.address());
        }
    }
}
