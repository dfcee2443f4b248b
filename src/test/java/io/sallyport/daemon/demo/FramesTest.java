package io.sallyport.daemon.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sallyport.base.Octets;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;

class FramesTest {
    private static final int IPV4 = 0x0800;
    private static final String ADDRESSES = "c0000222 c633649b";

    private static Frames of(int etherType, String hex) {
        byte[] octets = Octets.hex(hex).toArray();
        MemorySegment frame = Arena.ofAuto().allocate(octets.length);
        MemorySegment.copy(octets, 0, frame, ValueLayout.JAVA_BYTE, 0, octets.length);
        return Frames.of(etherType, frame);
    }

    private static String ipv4(String protocol, String body) {
        return "45000000 00000000 40" + protocol + "0000" + ADDRESSES + body;
    }

    private static String udp(String source, String destination, String body) {
        return ipv4("11", source + destination + "0010 0000" + body);
    }

    @Test
    void ikeAndEspAreTold() {
        assertEquals(Frames.IKE, of(IPV4, udp("01f4", "01f4", "0102030405060708")));
        assertEquals(Frames.IKE, of(IPV4, udp("1194", "1194", "0000000001020304")));
        assertEquals(Frames.ESP, of(IPV4, udp("1194", "c001", "c3a80a1f00000001")));
        assertEquals(Frames.IKE, of(IPV4, ipv4("11", "1194 1194 0009 0000 ff")), "a keepalive");
        assertEquals(Frames.ESP, of(IPV4, ipv4("32", "c3a80a1f00000001")));
        assertEquals(Frames.ARP, of(0x0806, "0001"));
    }

    @Test
    void anIcmpErrorIsOursOnlyIfItQuotesOurs() {
        String unreachable = "0303 0000 00000000";
        assertEquals(
                Frames.ICMP_ABOUT_US,
                of(IPV4, ipv4("01", unreachable + ipv4("32", "c3a80a1f00000001"))));
        assertEquals(
                Frames.OTHER, of(IPV4, ipv4("01", unreachable + ipv4("06", "0050 0051 00000000"))));
    }

    @Test
    void everythingElseMustNotBeThere() {
        assertEquals(Frames.OTHER, of(IPV4, ipv4("01", "0800 0000 00010001")), "a ping");
        assertEquals(Frames.OTHER, of(IPV4, ipv4("06", "0050 0051 00000000")), "TCP");
        assertEquals(Frames.OTHER, of(IPV4, udp("0035", "c001", "0102030405060708")), "DNS");
        assertEquals(Frames.OTHER, of(0x86dd, "60"), "IPv6");
        assertEquals(Frames.OTHER, of(IPV4, "4500"), "a stump");
    }
}
