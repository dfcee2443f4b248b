package io.sallyport.drivers.tun;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.testkit.InnerPackets;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class GsoSplitterTest {
    private final Random random = new Random(4301);

    @Test
    void superPacketsBecomeWhatTheSlowTruthMakes() {
        try (SuperPacketRig rig = new SuperPacketRig()) {
            for (int round = 0; round < 500; round++) {
                Segments segments = Segments.random(random, 1, 40);
                assertPackets(
                        segments.packets(),
                        rig.split(
                                segments.virtioHeader(), segments.whole(), 1 + random.nextInt(64)),
                        "round " + round + " " + segments);
            }
        }
    }

    @Test
    void reducedWindowIsToldOnceAndTheEndLast() {
        try (SuperPacketRig rig = new SuperPacketRig()) {
            Segments segments;
            do {
                segments = Segments.random(random, 1, 9);
            } while (!segments.tcp() || segments.count() < 3);
            Segments marked = segments.withFlags(Segments.ACK | Segments.CWR | Segments.PSH | 1);
            byte[] header = marked.virtioHeader();
            header[1] |= (byte) VirtioHeader.ECN;
            assertPackets(marked.packets(), rig.split(header, marked.whole(), 64), "CWR");
        }
    }

    @Test
    void checksumLeftOpenIsFilledAndAWholePacketPassesAsItIs() {
        try (SuperPacketRig rig = new SuperPacketRig()) {
            byte[] packet = InnerPackets.udpOf(777, "10.1.0.9", "10.2.0.9", random);
            assertArrayEquals(packet, rig.split(new byte[10], packet, 1).getFirst());
            byte[] open = packet.clone();
            // the sum of the pseudo header: what the checksum of a datagram without octets leaves
            ByteBuffer pseudo = ByteBuffer.allocate(12);
            pseudo.put(packet, 12, 8).putShort((short) 17).putShort((short) 757);
            long sum = 0;
            for (int i = 0; i < 12; i += 2) {
                sum += pseudo.getShort(i) & 0xffff;
            }
            while (sum >>> 16 != 0) {
                sum = (sum & 0xffff) + (sum >>> 16);
            }
            ByteBuffer.wrap(open).putShort(26, (short) sum);
            byte[] header =
                    ByteBuffer.allocate(10)
                            .order(ByteOrder.nativeOrder())
                            .put(0, (byte) 1)
                            .putShort(6, (short) 20)
                            .putShort(8, (short) 6)
                            .array();
            assertArrayEquals(packet, rig.split(header, open, 1).getFirst());
        }
    }

    @Test
    void headersThatLieAreRefusedAndNothingIsReadBeyondThePacket() {
        try (SuperPacketRig rig = new SuperPacketRig()) {
            int refused = 0;
            for (int round = 0; round < 5_000; round++) {
                Segments segments = Segments.random(random, 1, 3);
                byte[] header = segments.virtioHeader();
                byte[] packet = segments.whole();
                for (int k = 0; k < 3; k++) {
                    header[random.nextInt(10)] = (byte) random.nextInt();
                    packet[random.nextInt(Math.min(60, packet.length))] = (byte) random.nextInt();
                }
                List<byte[]> out = rig.split(header, packet, 64);
                refused += out.isEmpty() ? 1 : 0;
                assertTrue(out.stream().allMatch(p -> p.length <= 2048 - 64));
            }
            assertTrue(refused > 500, refused + " refused");
        }
    }

    private static void assertPackets(List<byte[]> expected, List<byte[]> actual, String what) {
        assertEquals(expected.size(), actual.size(), what);
        for (int i = 0; i < expected.size(); i++) {
            assertArrayEquals(expected.get(i), actual.get(i), what + ", segment " + i);
            assertTrue(InnerPackets.checksumsHold(actual.get(i)), what + ", segment " + i);
        }
    }
}
