package io.sallyport.daemon.demo;

import io.sallyport.base.packet.PacketBatch;
import java.lang.foreign.MemorySegment;

/// What a packet on the demonstration's internet can be.
enum Frames {
    /// UDP port 500, or 4500 behind the non-ESP marker, or a NAT keepalive.
    IKE,
    /// IP protocol 50, or UDP port 4500 with an SPI.
    ESP,
    /// Who has this address?
    ARP,
    /// An ICMP error that quotes one of ours, as the host of a dead gateway sends.
    ICMP_ABOUT_US,
    /// Anything else: what must not be there.
    OTHER;

    private static final int ETHER_TYPE_IPV4 = 0x0800;
    private static final int ETHER_TYPE_ARP = 0x0806;
    private static final int ICMP = 1;
    private static final int UDP = 17;
    private static final int ESP_PROTOCOL = 50;
    private static final int DESTINATION_UNREACHABLE = 3;

    /// @param packet from its network header on
    static Frames of(int etherType, MemorySegment packet) {
        return switch (etherType) {
            case ETHER_TYPE_ARP -> ARP;
            case ETHER_TYPE_IPV4 -> ipv4(packet, 0, (int) packet.byteSize());
            default -> OTHER;
        };
    }

    private static Frames ipv4(MemorySegment frame, int at, int length) {
        if (length < at + 20) {
            return OTHER;
        }
        int header = (u8(frame, at) & 0x0f) * 4;
        int body = at + header;
        int protocol = u8(frame, at + 9);
        boolean laterFragment = (u16(frame, at + 6) & 0x1fff) != 0;
        if (protocol == ESP_PROTOCOL) {
            return ESP;
        }
        if (laterFragment || length < body + 8) {
            return OTHER;
        }
        return switch (protocol) {
            case UDP -> udp(frame, body, length);
            case ICMP ->
                    u8(frame, body) == DESTINATION_UNREACHABLE
                                    && isOurs(ipv4(frame, body + 8, length))
                            ? ICMP_ABOUT_US
                            : OTHER;
            default -> OTHER;
        };
    }

    private static boolean isOurs(Frames quoted) {
        return quoted == IKE || quoted == ESP;
    }

    private static Frames udp(MemorySegment frame, int at, int length) {
        int source = u16(frame, at);
        int destination = u16(frame, at + 2);
        if (source == 500 && destination == 500) {
            return IKE;
        }
        if (source != 4500 && destination != 4500) {
            return OTHER;
        }
        boolean marker = length >= at + 12 && frame.get(PacketBatch.BE32, at + 8) == 0;
        return marker || u16(frame, at + 4) == 9 ? IKE : ESP;
    }

    private static int u8(MemorySegment frame, int at) {
        return frame.get(PacketBatch.U8, at) & 0xff;
    }

    private static int u16(MemorySegment frame, int at) {
        return frame.get(PacketBatch.BE16, at) & 0xffff;
    }
}
