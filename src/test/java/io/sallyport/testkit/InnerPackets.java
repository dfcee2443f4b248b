package io.sallyport.testkit;

import io.sallyport.base.net.IpAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// Makes IP packets for tests, octet by octet and with checksums of its own, so that it shares no
/// mistake with the code under test.
public final class InnerPackets {
    public static final int TCP_SYN = 0x02;
    public static final int TCP_RST = 0x04;
    public static final int TCP_ACK = 0x10;

    private InnerPackets() {}

    /// A UDP datagram in IPv4 or IPv6, by the addresses; the payload is random.
    public static byte[] udp(
            String from, int fromPort, String to, int toPort, int payload, Random random) {
        byte[] data = new byte[payload];
        random.nextBytes(data);
        ByteBuffer udp = ByteBuffer.allocate(8 + payload);
        udp.putShort((short) fromPort).putShort((short) toPort);
        udp.putShort((short) (8 + payload)).putShort((short) 0).put(data);
        return ip(from, to, 17, udp.array(), 6);
    }

    /// A UDP datagram whose IP packet is `total` octets long.
    public static byte[] udpOf(int total, String from, String to, Random random) {
        int header = from.indexOf(':') >= 0 ? 40 : 20;
        return udp(from, 1234, to, 4321, total - header - 8, random);
    }

    /// A TCP segment without data, with these options (padded to words).
    public static byte[] tcp(String from, String to, int flags, byte... options) {
        int words = (options.length + 3) / 4;
        ByteBuffer tcp = ByteBuffer.allocate(20 + words * 4);
        tcp.putShort((short) 40000).putShort((short) 443).putInt(7).putInt(9);
        tcp.put((byte) ((5 + words) << 4)).put((byte) flags).putShort((short) 65535);
        tcp.putInt(0).put(options);
        return ip(from, to, 6, tcp.array(), 16);
    }

    /// The MSS option, behind `pad` no-operations.
    public static byte[] mss(int value, int pad) {
        byte[] options = new byte[pad + 4];
        java.util.Arrays.fill(options, (byte) 1);
        options[pad] = 2;
        options[pad + 1] = 4;
        options[pad + 2] = (byte) (value >>> 8);
        options[pad + 3] = (byte) value;
        return options;
    }

    public static byte[] icmp(String from, String to, int type, int code, int payload) {
        boolean v6 = from.indexOf(':') >= 0;
        ByteBuffer icmp = ByteBuffer.allocate(8 + payload).put((byte) type).put((byte) code);
        return ip(from, to, v6 ? 58 : 1, icmp.array(), 2);
    }

    /// A whole packet; if `checksumAt` is not negative, the upper layer's checksum with the
    /// pseudo-header (none for ICMPv4) is put there.
    public static byte[] ip(String from, String to, int protocol, byte[] upper, int checksumAt) {
        byte[] source = IpAddress.of(from).octets().toArray();
        byte[] destination = IpAddress.of(to).octets().toArray();
        if (checksumAt >= 0) {
            int sum = upperChecksum(source, destination, protocol, upper);
            upper[checksumAt] = (byte) (sum >>> 8);
            upper[checksumAt + 1] = (byte) sum;
        }
        if (source.length == 16) {
            ByteBuffer p = ByteBuffer.allocate(40 + upper.length);
            p.putInt(6 << 28).putShort((short) upper.length);
            p.put((byte) protocol).put((byte) 63).put(source).put(destination).put(upper);
            return p.array();
        }
        ByteBuffer p = ByteBuffer.allocate(20 + upper.length);
        p.put((byte) 0x45).put((byte) 0).putShort((short) (20 + upper.length));
        p.putShort((short) 0x1234).putShort((short) 0).put((byte) 63).put((byte) protocol);
        p.putShort((short) 0).put(source).put(destination).put(upper);
        return mendHeader(p.array());
    }

    /// The checksum that a TCP, UDP, ICMP or ICMPv6 message should carry, its field taken as zero
    /// if it is.
    public static int upperChecksum(byte[] source, byte[] destination, int protocol, byte[] upper) {
        long sum = sum(upper, 0, upper.length);
        if (protocol != 1) {
            sum += sum(source, 0, source.length) + sum(destination, 0, destination.length);
            sum += protocol + upper.length;
        }
        return complement(sum);
    }

    /// Whether the IPv4 header's checksum and that of the TCP, UDP, ICMP or ICMPv6 message hold.
    public static boolean checksumsHold(byte[] packet) {
        boolean v6 = packet[0] >>> 4 == 6;
        int header = v6 ? 40 : (packet[0] & 0xf) * 4;
        if (!v6 && complement(sum(packet, 0, header)) != 0) {
            return false;
        }
        byte[] source =
                v6
                        ? java.util.Arrays.copyOfRange(packet, 8, 24)
                        : java.util.Arrays.copyOfRange(packet, 12, 16);
        byte[] destination =
                v6
                        ? java.util.Arrays.copyOfRange(packet, 24, 40)
                        : java.util.Arrays.copyOfRange(packet, 16, 20);
        byte[] upper = java.util.Arrays.copyOfRange(packet, header, packet.length);
        return upperChecksum(source, destination, packet[v6 ? 6 : 9] & 0xff, upper) == 0;
    }

    /// Sets DF of an IPv4 packet.
    public static byte[] dontFragment(byte[] packet) {
        packet[6] |= 0x40;
        return mendHeader(packet);
    }

    /// Sets flags and offset (octets) of an IPv4 packet.
    public static byte[] fragment(byte[] packet, boolean more, int offset) {
        packet[6] = (byte) ((more ? 0x20 : 0) | offset >>> 11);
        packet[7] = (byte) (offset >>> 3);
        return mendHeader(packet);
    }

    /// Cuts a packet without extension headers into fragments of `each` octets of payload (a
    /// multiple of 8), as a host would, in order.
    public static List<byte[]> fragments(byte[] packet, int each, int identification) {
        boolean v6 = packet[0] >>> 4 == 6;
        int header = v6 ? 40 : 20;
        List<byte[]> parts = new ArrayList<>();
        for (int from = header; from < packet.length; from += each) {
            int octets = Math.min(each, packet.length - from);
            boolean more = from + octets < packet.length;
            ByteBuffer p = ByteBuffer.allocate(header + (v6 ? 8 : 0) + octets);
            p.put(packet, 0, header);
            if (v6) {
                p.putShort(4, (short) (8 + octets)).put(6, (byte) 44);
                p.put(packet[6]).put((byte) 0);
                p.putShort((short) (from - header | (more ? 1 : 0))).putInt(identification);
                parts.add(p.put(packet, from, octets).array());
            } else {
                p.putShort(2, (short) (header + octets)).putShort(4, (short) identification);
                parts.add(fragment(p.put(packet, from, octets).array(), more, from - header));
            }
        }
        return parts;
    }

    /// An IPv6 packet with a destination options header of eight octets before its upper layer.
    public static byte[] withOptions(byte[] packet) {
        ByteBuffer p = ByteBuffer.allocate(packet.length + 8).put(packet, 0, 40);
        p.putShort(4, (short) (packet.length - 32)).put(6, (byte) 60);
        p.put(packet[6]).put((byte) 0).put(new byte[] {1, 4, 0, 0, 0, 0}); // PadN
        return p.put(packet, 40, packet.length - 40).array();
    }

    /// Sets DSCP and ECN.
    public static byte[] trafficClass(byte[] packet, int octet) {
        if (packet[0] >>> 4 == 6) {
            packet[0] = (byte) (0x60 | octet >>> 4);
            packet[1] = (byte) (octet << 4 | packet[1] & 0xf);
            return packet;
        }
        packet[1] = (byte) octet;
        return mendHeader(packet);
    }

    public static byte[] mendHeader(byte[] packet) {
        packet[10] = 0;
        packet[11] = 0;
        int sum = complement(sum(packet, 0, (packet[0] & 0xf) * 4));
        packet[10] = (byte) (sum >>> 8);
        packet[11] = (byte) sum;
        return packet;
    }

    private static long sum(byte[] octets, int from, int to) {
        long sum = 0;
        for (int i = from; i < to; i++) {
            sum += (octets[i] & 0xff) << ((i - from) % 2 == 0 ? 8 : 0);
        }
        return sum;
    }

    private static int complement(long sum) {
        long s = sum;
        while (s >>> 16 != 0) {
            s = (s & 0xffff) + (s >>> 16);
        }
        return (int) ~s & 0xffff;
    }
}
