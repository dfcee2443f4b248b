package io.sallyport.wire.ip;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.base.Octets;
import io.sallyport.testkit.InnerPackets;
import java.lang.foreign.MemorySegment;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Field values of headers written by others, and the walk to the upper layer.
class HeaderViewTest {
    private static MemorySegment hex(String hex) {
        return MemorySegment.ofArray(Octets.hex(hex).toArray());
    }

    /// The well-known example of an IPv4 header, checksum b861.
    @Test
    void ipv4FieldsAreWhereRfc791PutsThem() {
        MemorySegment m = MemorySegment.ofArray(new byte[0x73]);
        MemorySegment.copy(hex("4500 0073 0000 4000 4011 b861 c0a8 0001 c0a8 00c7"), 0, m, 0, 20);
        assertTrue(Ipv4.fits(m, 0, 0x73));
        assertFalse(Ipv4.fits(m, 0, 0x72));
        assertEquals(20, Ipv4.headerLength(m, 0));
        assertEquals(0x73, Ipv4.totalLength(m, 0));
        assertTrue(Ipv4.dontFragment(m, 0));
        assertFalse(Ipv4.isFragment(m, 0));
        assertEquals(64, Ipv4.timeToLive(m, 0));
        assertEquals(17, Ipv4.protocol(m, 0));
        assertEquals(0xb861, Ipv4.checksum(m, 0));
        assertEquals(0xc0a80001, Ipv4.source(m, 0));
        assertEquals(0xc0a800c7, Ipv4.destination(m, 0));
        assertTrue(Ipv4.checksumCorrect(m, 0));
        Ipv4.trafficClass(m, 0, 0xb8);
        assertEquals(0xb8, Ipv4.trafficClass(m, 0));
        assertTrue(Ipv4.checksumCorrect(m, 0));
        Ipv4.mendChecksum(m, 0);
        assertTrue(Ipv4.checksumCorrect(m, 0));
    }

    @Test
    void ipv6FieldsAreWhereRfc8200PutsThem() {
        MemorySegment m =
                hex(
                        "6b8a bcde 0008 3a40 20010db8000000000000000000000001"
                                + "fe80000000000000000000000000abcd 8000 0000 0001 0002");
        assertTrue(Ipv6.fits(m, 0, 48));
        assertFalse(Ipv6.fits(m, 0, 47));
        assertEquals(0xb8, Ipv6.trafficClass(m, 0));
        assertEquals(0xabcde, Ipv6.flowLabel(m, 0));
        assertEquals(8, Ipv6.payloadLength(m, 0));
        assertEquals(58, Ipv6.nextHeader(m, 0));
        assertEquals(64, Ipv6.hopLimit(m, 0));
        assertEquals(0x20010db800000000L, Ipv6.sourceHigh(m, 0));
        assertEquals(1, Ipv6.sourceLow(m, 0));
        assertEquals(0xfe80000000000000L, Ipv6.destinationHigh(m, 0));
        assertEquals(0xabcd, Ipv6.destinationLow(m, 0));
        Ipv6.trafficClass(m, 0, 0x47);
        assertEquals(0x47, Ipv6.trafficClass(m, 0));
        assertEquals(0xabcde, Ipv6.flowLabel(m, 0));
        assertEquals(6, Ipv4.version(m, 0));
        long upper = UpperLayer.inIpv6(m, 0);
        assertEquals(58, UpperLayer.protocol(upper));
        assertEquals(40, UpperLayer.offset(upper));
        assertEquals(Icmpv6.ECHO_REQUEST, Icmp.type(m, 40));
    }

    /// Hop-by-hop, routing, destination options, AH, then TCP.
    @Test
    void extensionHeadersAreWalked() {
        byte[] chain =
                Octets.hex(
                                "2b00 0000 0000 0000" // hop-by-hop, then routing
                                        + "3c01"
                                        + "00".repeat(14) // routing of 16, then options
                                        + "3300 0000 0000 0000" // options, then AH
                                        + "0604"
                                        + "00".repeat(22) // AH of 24, then TCP
                                        + "1234 5678"
                                        + "00".repeat(16))
                        .toArray();
        byte[] packet = InnerPackets.ip("fd01::1", "fd02::2", 0, chain, -1);
        MemorySegment m = MemorySegment.ofArray(packet);
        assertTrue(Ipv6.fits(m, 0, packet.length));
        long upper = UpperLayer.inIpv6(m, 0);
        assertFalse(UpperLayer.isMalformed(upper));
        assertEquals(6, UpperLayer.protocol(upper));
        assertEquals(40 + 8 + 16 + 8 + 24, UpperLayer.offset(upper));
        assertEquals(0x1234, Tcp.sourcePort(m, UpperLayer.offset(upper)));
        assertFalse(UpperLayer.isFragment(upper));
    }

    @Test
    void fragmentHeadersAreUnderstood() {
        long first = walk("11000001 00000007" + "00".repeat(8));
        assertTrue(UpperLayer.isFragment(first));
        assertFalse(UpperLayer.isLaterFragment(first));
        assertEquals(17, UpperLayer.protocol(first));
        assertEquals(48, UpperLayer.offset(first));
        long later = walk("3c000008 00000007" + "00".repeat(8));
        assertTrue(UpperLayer.isLaterFragment(later));
        assertEquals(60, UpperLayer.protocol(later)); // not walked: it is the middle of something
        assertTrue(UpperLayer.isHidden(later));
        assertFalse(UpperLayer.isHidden(first));
        // The first one has the options, the later ones have not: none is told from the others
        long options = walk("3c000001 00000007" + "1100010400000000");
        assertTrue(UpperLayer.isHidden(options));
        assertFalse(UpperLayer.isLaterFragment(options));
        assertEquals(60, UpperLayer.protocol(options));
        long atomic = walk("11000000 00000007" + "00".repeat(8));
        assertFalse(UpperLayer.isFragment(atomic));
    }

    private static long walk(String fragment) {
        byte[] packet =
                InnerPackets.ip("fd01::1", "fd02::2", 44, Octets.hex(fragment).toArray(), -1);
        return UpperLayer.inIpv6(MemorySegment.ofArray(packet), 0);
    }

    @Test
    void aChainThatRunsOutOrOnIsMalformed() {
        byte[] past =
                InnerPackets.ip(
                        "fd01::1", "fd02::2", 0, Octets.hex("0601000000000000").toArray(), -1);
        assertTrue(UpperLayer.isMalformed(UpperLayer.inIpv6(MemorySegment.ofArray(past), 0)));
        byte[] stub =
                InnerPackets.ip("fd01::1", "fd02::2", 60, Octets.hex("06000000").toArray(), -1);
        assertTrue(UpperLayer.isMalformed(UpperLayer.inIpv6(MemorySegment.ofArray(stub), 0)));
        byte[] endless = InnerPackets.ip("fd01::1", "fd02::2", 60, optionsHeaders(17), -1);
        assertTrue(UpperLayer.isMalformed(UpperLayer.inIpv6(MemorySegment.ofArray(endless), 0)));
        byte[] long16 = InnerPackets.ip("fd01::1", "fd02::2", 60, optionsHeaders(16), -1);
        assertFalse(UpperLayer.isMalformed(UpperLayer.inIpv6(MemorySegment.ofArray(long16), 0)));
    }

    private static byte[] optionsHeaders(int count) {
        byte[] headers = new byte[count * 8];
        for (int i = 0; i < count; i++) {
            headers[i * 8] = (byte) (i == count - 1 ? 59 : 60);
        }
        return headers;
    }

    @Test
    void theMssOptionIsFoundWhereverItStands() {
        assertEquals(22, mssAt(2, 4, 5, 0xb4));
        assertEquals(23, mssAt(1, 2, 4, 5, 0xb4));
        assertEquals(26, mssAt(3, 3, 7, 1, 2, 4, 5, 0xb4)); // behind window scale
        assertEquals(-1, mssAt(0, 2, 4, 5, 0xb4)); // behind the end of options
        assertEquals(-1, mssAt(2, 3, 5, 0)); // of a wrong length
        assertEquals(-1, mssAt(3, 0, 2, 4, 5, 0xb4)); // behind an option without length
        assertEquals(-1, mssAt(3, 40, 2, 4)); // behind one that runs past the header
        assertEquals(-1, mssAt(1, 1, 1, 2)); // its length is not there
        assertEquals(-1, mssAt());
    }

    private static int mssAt(int... options) {
        byte[] octets = new byte[options.length];
        for (int i = 0; i < octets.length; i++) {
            octets[i] = (byte) options[i];
        }
        byte[] packet = InnerPackets.tcp("10.1.0.1", "10.2.0.1", InnerPackets.TCP_SYN, octets);
        MemorySegment m = MemorySegment.ofArray(packet);
        assertTrue(Tcp.fits(m, 20, packet.length - 20));
        return Tcp.maximumSegmentSizeAt(m, 20);
    }

    @Test
    void udpAndIcmpFields() {
        byte[] packet = InnerPackets.udp("10.1.0.1", 500, "10.2.0.1", 4500, 12, new Random(1));
        MemorySegment m = MemorySegment.ofArray(packet);
        assertTrue(Udp.fits(m, 20, 20));
        assertFalse(Udp.fits(m, 20, 19));
        assertEquals(500, Udp.sourcePort(m, 20));
        assertEquals(4500, Udp.destinationPort(m, 20));
        assertEquals(20, Udp.length(m, 20));
        Udp.write(m, 20, 1, 65535, 8);
        assertEquals(65535, Udp.destinationPort(m, 20));
        assertEquals(0, Udp.checksum(m, 20));
        Icmp.write(m, 20, 3, 4, 1419);
        assertEquals(1419, Icmp.nextHopMtu(m, 20));
        assertTrue(Icmp.isError(Icmp.type(m, 20)));
        assertEquals(4, Icmp.code(m, 20));
        assertFalse(Icmp.isError(Icmp.ECHO));
        assertTrue(Icmpv6.isError(Icmpv6.PACKET_TOO_BIG));
        assertTrue(Icmpv6.isError(Icmpv6.REDIRECT));
        assertFalse(Icmpv6.isError(Icmpv6.ECHO_REPLY));
    }
}
