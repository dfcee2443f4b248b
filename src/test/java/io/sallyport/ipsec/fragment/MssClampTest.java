package io.sallyport.ipsec.fragment;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.ipsec.select.Flow;
import io.sallyport.testkit.InnerPackets;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

/// S3-35, octet by octet.
class MssClampTest {
    private static final int SYN = InnerPackets.TCP_SYN;

    private static byte[] clamped(byte[] packet, int mtu) {
        byte[] copy = packet.clone();
        MemorySegment memory = MemorySegment.ofArray(copy);
        Flow flow = new Flow();
        assertTrue(flow.read(memory, 0, copy.length));
        MssClamp.clamp(memory, 0, flow, mtu);
        return copy;
    }

    private static byte[] tcp4(int flags, byte... options) {
        return InnerPackets.tcp("10.1.0.1", "10.2.0.1", flags, options);
    }

    @Test
    void synIsLoweredAndItsChecksumHolds() {
        for (int pad = 0; pad < 4; pad++) {
            for (int offered : new int[] {1380, 1460, 8960, 65535}) {
                byte[] four = clamped(tcp4(SYN, InnerPackets.mss(offered, pad)), 1419);
                assertEquals(1379, ByteBuffer.wrap(four).getShort(20 + 20 + pad + 2));
                assertTrue(InnerPackets.checksumsHold(four), offered + " behind " + pad);
                byte[] six =
                        clamped(
                                InnerPackets.tcp(
                                        "fd01::1",
                                        "fd02::1",
                                        SYN | InnerPackets.TCP_ACK,
                                        InnerPackets.mss(offered, pad)),
                                1419);
                assertEquals(1359, ByteBuffer.wrap(six).getShort(40 + 20 + pad + 2));
                assertTrue(InnerPackets.checksumsHold(six));
            }
        }
    }

    @Test
    void allElseIsLeftAsItIs() {
        byte[][] untouched = {
            tcp4(SYN, InnerPackets.mss(1379, 0)), // exactly fits
            tcp4(SYN, InnerPackets.mss(536, 0)), // never raised
            tcp4(InnerPackets.TCP_ACK, InnerPackets.mss(1460, 0)), // no SYN
            tcp4(InnerPackets.TCP_RST | SYN, InnerPackets.mss(1460, 0)), // RST
            tcp4(SYN), // no option: none is added
            InnerPackets.fragment(tcp4(SYN, InnerPackets.mss(1460, 0)), false, 8),
            InnerPackets.icmp("10.1.0.1", "10.2.0.1", 8, 0, 30),
            InnerPackets.ip("10.1.0.1", "10.2.0.1", 6, new byte[19], -1), // no whole header
        };
        for (byte[] packet : untouched) {
            assertArrayEquals(packet, clamped(packet, 1419));
        }
    }
}
