package io.sallyport.wire.ip;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.wire.esp.Esp;
import io.sallyport.wire.esp.NatKeepalive;
import io.sallyport.wire.esp.NonEspMarker;
import java.lang.foreign.MemorySegment;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// No input makes an accessor read outside the packet once `fits` said yes: each packet lies in a
/// segment of exactly its size, where one octet too far throws.
class HeaderBoundsTest {
    private static final int ROUNDS = 300_000;

    private long read;

    @Test
    void anythingThatFitsIsReadInside() {
        Random random = new Random(11);
        int whole = 0;
        for (int round = 0; round < ROUNDS; round++) {
            byte[] octets = plausible(random);
            MemorySegment m = MemorySegment.ofArray(octets);
            if (Ipv4.fits(m, 0, octets.length)) {
                whole++;
                readIpv4(m);
                readUpper(m, UpperLayer.inIpv4(m, 0), Ipv4.totalLength(m, 0));
            } else if (Ipv6.fits(m, 0, octets.length)) {
                whole++;
                readIpv6(m);
                long upper = UpperLayer.inIpv6(m, 0);
                if (!UpperLayer.isMalformed(upper)) {
                    readUpper(m, upper, Ipv6.totalLength(m, 0));
                }
            }
            readOuter(m, octets.length);
        }
        assertTrue(read != 0);
        assertTrue(whole > ROUNDS / 10, "only " + whole + " were packets");
    }

    /// Random octets that often have a right version and length and a chain of extension headers.
    private static byte[] plausible(Random random) {
        byte[] octets = new byte[random.nextInt(8) == 0 ? random.nextInt(48) : random.nextInt(140)];
        random.nextBytes(octets);
        if (octets.length < 40 || random.nextInt(10) == 0) {
            return octets;
        }
        int slack = random.nextInt(3) - 1;
        if (random.nextBoolean()) {
            octets[0] = (byte) (0x40 | 5 + random.nextInt(4));
            octets[2] = 0;
            octets[3] = (byte) (octets.length - slack);
            octets[9] = protocol(random);
            if (random.nextBoolean()) {
                octets[6] = 0;
                octets[7] = 0;
            }
        } else {
            octets[0] = 0x60;
            octets[4] = 0;
            octets[5] = (byte) (octets.length - 40 - slack);
            octets[6] = protocol(random);
            for (int at = 40; at + 8 <= octets.length; at += 8) {
                octets[at] = protocol(random);
                octets[at + 1] = (byte) random.nextInt(3);
            }
        }
        return octets;
    }

    private static byte protocol(Random random) {
        int[] known = {0, 1, 6, 6, 17, 43, 44, 50, 51, 58, 59, 60, 132};
        return (byte) known[random.nextInt(known.length)];
    }

    private void readIpv4(MemorySegment m) {
        touch(
                Ipv4.trafficClass(m, 0)
                        + Ipv4.identification(m, 0)
                        + Ipv4.fragmentOffset(m, 0)
                        + Ipv4.timeToLive(m, 0)
                        + Ipv4.source(m, 0)
                        + Ipv4.destination(m, 0)
                        + (Ipv4.checksumCorrect(m, 0) ? 1 : 0)
                        + (Ipv4.moreFragments(m, 0) ? 1 : 0));
        Ipv4.mendChecksum(m, 0);
        assertTrue(Ipv4.checksumCorrect(m, 0));
    }

    private void readIpv6(MemorySegment m) {
        touch(
                Ipv6.trafficClass(m, 0)
                        + Ipv6.flowLabel(m, 0)
                        + Ipv6.hopLimit(m, 0)
                        + (int) Ipv6.sourceHigh(m, 0)
                        + (int) Ipv6.sourceLow(m, 0)
                        + (int) Ipv6.destinationHigh(m, 0)
                        + (int) Ipv6.destinationLow(m, 0));
    }

    private void readUpper(MemorySegment m, long upper, int total) {
        int at = UpperLayer.offset(upper);
        assertTrue(at <= total, "upper layer at " + at + " of " + total);
        int left = total - at;
        if (Udp.fits(m, at, left)) {
            touch(
                    Udp.sourcePort(m, at)
                            + Udp.destinationPort(m, at)
                            + Udp.checksum(m, at)
                            + (m.get(
                                    io.sallyport.base.packet.PacketBatch.U8,
                                    at + Udp.length(m, at) - 1)));
        }
        if (Tcp.fits(m, at, left)) {
            touch(Tcp.flags(m, at) + Tcp.checksum(m, at) + Tcp.sequence(m, at));
            int mss = Tcp.maximumSegmentSizeAt(m, at);
            assertTrue(mss == -1 || mss + 2 <= Tcp.headerLength(m, at));
        }
        if (Icmp.fits(left)) {
            touch(Icmp.type(m, at) + Icmp.code(m, at) + Icmp.nextHopMtu(m, at));
            touch(Icmpv6.mtu(m, at) + Icmp.checksum(m, at));
        }
    }

    private void readOuter(MemorySegment m, int length) {
        touch(NatKeepalive.is(m, 0, length) ? 1 : 0);
        if (length >= NonEspMarker.OCTETS) {
            touch(NonEspMarker.isMarker(m, 0) ? 1 : 0);
        }
        if (Esp.fits(length)) {
            touch(Esp.spi(m, 0) + Esp.sequence(m, 0));
        }
    }

    /// Keeps the reads from being optimised away.
    private void touch(int value) {
        read += value;
    }
}
