package io.sallyport.daemon.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sallyport.base.Octets;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;

class FramesTest {
    private static final String ETHERNET = "020000000001 020000000002 0800";
    private static final String ADDRESSES = "c0000222 c633649b";

    private static Frames of(String hex) {
        byte[] octets = Octets.hex(hex).toArray();
        MemorySegment frame = Arena.ofAuto().allocate(octets.length);
        MemorySegment.copy(octets, 0, frame, ValueLayout.JAVA_BYTE, 0, octets.length);
        return Frames.of(frame, octets.length);
    }

    private static String ipv4(String protocol, String body) {
        return "45000000 00000000 40" + protocol + "0000" + ADDRESSES + body;
    }

    private static String udp(String source, String destination, String body) {
        return ipv4("11", source + destination + "0010 0000" + body);
    }

    @Test
    void ikeAndEspAreTold() {
        assertEquals(Frames.IKE, of(ETHERNET + udp("01f4", "01f4", "0102030405060708")));
        assertEquals(Frames.IKE, of(ETHERNET + udp("1194", "1194", "0000000001020304")));
        assertEquals(Frames.ESP, of(ETHERNET + udp("1194", "c001", "c3a80a1f00000001")));
        assertEquals(
                Frames.IKE, of(ETHERNET + ipv4("11", "1194 1194 0009 0000 ff")), "a keepalive");
        assertEquals(Frames.ESP, of(ETHERNET + ipv4("32", "c3a80a1f00000001")));
        assertEquals(Frames.ARP, of("ffffffffffff 020000000002 0806 0001"));
    }

    @Test
    void anIcmpErrorIsOursOnlyIfItQuotesOurs() {
        String unreachable = "0303 0000 00000000";
        assertEquals(
                Frames.ICMP_ABOUT_US,
                of(ETHERNET + ipv4("01", unreachable + ipv4("32", "c3a80a1f00000001"))));
        assertEquals(
                Frames.OTHER,
                of(ETHERNET + ipv4("01", unreachable + ipv4("06", "0050 0051 00000000"))));
    }

    @Test
    void everythingElseMustNotBeThere() {
        assertEquals(Frames.OTHER, of(ETHERNET + ipv4("01", "0800 0000 00010001")), "a ping");
        assertEquals(Frames.OTHER, of(ETHERNET + ipv4("06", "0050 0051 00000000")), "TCP");
        assertEquals(Frames.OTHER, of(ETHERNET + udp("0035", "c001", "0102030405060708")), "DNS");
        assertEquals(Frames.OTHER, of("020000000001 020000000002 86dd 60"), "IPv6");
        assertEquals(Frames.OTHER, of("0200"), "a stump");
    }
}
