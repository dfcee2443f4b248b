package io.sallyport.ipsec.path;

import static io.sallyport.base.packet.PacketBatch.BE16;
import static io.sallyport.base.packet.PacketBatch.BE32;

import io.sallyport.base.net.IpAddress;
import io.sallyport.base.packet.Checksum;
import io.sallyport.wire.esp.Esp;
import io.sallyport.wire.ip.Icmp;
import io.sallyport.wire.ip.Icmpv6;
import io.sallyport.wire.ip.Ipv4;
import io.sallyport.wire.ip.Ipv6;
import io.sallyport.wire.ip.Protocol;
import io.sallyport.wire.ip.Udp;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// "Fragmentation needed" (RFC 1191, 4) or "packet too big" (RFC 4443, 3.2) about an ESP or AH
/// packet. Anybody can send one: it is to be believed only if what it quotes is a packet of ours.
///
/// ```text
///  | ICMP header, MTU | IP header | UDP | SPI | sequence number | ...
///                      <- quoted ->
/// ```
///
/// @param source of the packet that is quoted: our outer address
/// @param udp whether the quoted packet is ESP in UDP
/// @param packet octets of the quoted packet as it was sent
/// @param mtu what the next link takes; 0: not said
public record IcmpQuote(
        IpAddress source,
        IpAddress destination,
        boolean udp,
        int sourcePort,
        int destinationPort,
        int spi,
        int sequence,
        int packet,
        int mtu) {
    /// An AH header's SPI and sequence number stand behind next header, length and reserved.
    private static final int AH_SPI = 4;

    private static final int SPI_AND_SEQUENCE = 8;

    /// Reads an ICMP message without its IP header; null if it is none of those, is broken or
    /// quotes too little.
    public static @Nullable IcmpQuote read(MemorySegment memory, int at, int length, boolean v6) {
        if (!Icmp.fits(length)) {
            return null;
        }
        int type = Icmp.type(memory, at);
        int code = Icmp.code(memory, at);
        int ip = at + Icmp.HEADER;
        int left = length - Icmp.HEADER;
        if (v6) {
            // The kernel has looked at the checksum already
            return type == Icmpv6.PACKET_TOO_BIG && left >= Ipv6.HEADER
                    ? six(memory, ip, left, Icmpv6.mtu(memory, at))
                    : null;
        }
        return type == Icmp.DESTINATION_UNREACHABLE
                        && code == Icmp.FRAGMENTATION_NEEDED
                        && left >= Ipv4.HEADER
                        && Checksum.of(memory, at, length) == 0
                ? four(memory, ip, left, Icmp.nextHopMtu(memory, at))
                : null;
    }

    private static @Nullable IcmpQuote four(MemorySegment memory, int ip, int left, int mtu) {
        int header = Ipv4.headerLength(memory, ip);
        if (Ipv4.version(memory, ip) != 4
                || header < Ipv4.HEADER
                || left < header
                || Ipv4.fragmentOffset(memory, ip) != 0) {
            return null;
        }
        return upper(
                memory,
                ip + header,
                left - header,
                Ipv4.protocol(memory, ip),
                IpAddress.v4(Ipv4.source(memory, ip)),
                IpAddress.v4(Ipv4.destination(memory, ip)),
                Ipv4.totalLength(memory, ip),
                mtu);
    }

    private static @Nullable IcmpQuote six(MemorySegment memory, int ip, int left, int mtu) {
        if (Ipv4.version(memory, ip) != 6 || mtu < 0 || mtu > 0xffff) {
            return null;
        }
        return upper(
                memory,
                ip + Ipv6.HEADER,
                left - Ipv6.HEADER,
                Ipv6.nextHeader(memory, ip),
                new IpAddress(true, Ipv6.sourceHigh(memory, ip), Ipv6.sourceLow(memory, ip)),
                new IpAddress(
                        true, Ipv6.destinationHigh(memory, ip), Ipv6.destinationLow(memory, ip)),
                Ipv6.totalLength(memory, ip),
                mtu);
    }

    private static @Nullable IcmpQuote upper(
            MemorySegment memory,
            int at,
            int left,
            int protocol,
            IpAddress source,
            IpAddress destination,
            int packet,
            int mtu) {
        boolean udp = protocol == Protocol.UDP;
        int before =
                switch (protocol) {
                    case Protocol.UDP -> Udp.HEADER;
                    case Protocol.ESP -> 0;
                    case Protocol.AH -> AH_SPI;
                    default -> -1;
                };
        // RFC 792 quotes 64 bits only: with UDP that is no proof of anything
        if (before < 0 || left < before + SPI_AND_SEQUENCE) {
            return null;
        }
        return new IcmpQuote(
                source,
                destination,
                udp,
                udp ? memory.get(BE16, at) & 0xffff : 0,
                udp ? memory.get(BE16, at + 2) & 0xffff : 0,
                Esp.spi(memory, at + before),
                memory.get(BE32, at + before + 4),
                packet,
                mtu);
    }
}
