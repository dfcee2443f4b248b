package io.sallyport.ipsec.fragment;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.base.packet.PacketBatch;
import io.sallyport.testkit.InnerPackets;
import io.sallyport.wire.ip.Ipv4;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// RFC 791: what was cut is whole again when joined by its offsets.
class FragmenterTest {
    @Test
    void piecesJoinToThePacket() {
        Random random = new Random(7);
        try (Arena arena = Arena.ofConfined()) {
            PacketBatch batch = new PacketBatch(arena, 32, 4096, 128);
            PacketBatch spare = new PacketBatch(arena, 32, 4096, 128);
            for (int round = 0; round < 3_000; round++) {
                batch.clear();
                spare.clear();
                int mtu = 68 + random.nextInt(1400);
                int payload = mtu + random.nextInt(1200);
                byte[] packet = withOptions(payload, random);
                int offset = random.nextInt(4) == 0 ? 8 * random.nextInt(4000) : 0;
                boolean more = random.nextInt(4) == 0;
                InnerPackets.fragment(packet, more, offset);
                int i = batch.add();
                batch.fill(i, packet, 0, packet.length);
                batch.link(i, 5);
                assertTrue(Fragmenter.cut(batch, i, mtu, spare));
                join(batch, spare, packet, mtu, offset, more);
            }
        }
    }

    private static byte[] withOptions(int payload, Random random) {
        int header = 20 + 4 * random.nextInt(4);
        byte[] packet = new byte[header + payload];
        random.nextBytes(packet);
        byte[] plain = InnerPackets.ip("10.1.0.1", "10.2.0.1", 17, new byte[0], -1);
        System.arraycopy(plain, 0, packet, 0, 20);
        packet[0] = (byte) (0x40 | header / 4);
        ByteBuffer.wrap(packet).putShort(2, (short) packet.length);
        // security (copied), record route (not copied), then the end
        byte[] options = {(byte) 0x82, 4, 1, 2, 7, 3, 4, 1, 0, 0, 0, 0};
        System.arraycopy(options, 0, packet, 20, header - 20);
        return InnerPackets.mendHeader(packet);
    }

    private static void join(
            PacketBatch batch,
            PacketBatch spare,
            byte[] packet,
            int mtu,
            int offset,
            boolean more) {
        int header = (packet[0] & 0xf) * 4;
        byte[] joined = Arrays.copyOf(packet, header);
        int pieces = batch.count() + spare.count();
        for (int k = 0; k < pieces; k++) {
            boolean first = k < batch.count();
            byte[] piece = first ? batch.copy(k) : spare.copy(k - batch.count());
            MemorySegment m = MemorySegment.ofArray(piece);
            assertTrue(piece.length <= mtu);
            assertTrue(Ipv4.fits(m, 0, piece.length));
            assertEquals(piece.length, Ipv4.totalLength(m, 0));
            assertTrue(Ipv4.checksumCorrect(m, 0));
            assertEquals(0x1234, Ipv4.identification(m, 0));
            assertEquals(more || k < pieces - 1, Ipv4.moreFragments(m, 0));
            assertEquals(offset + joined.length - header, Ipv4.fragmentOffset(m, 0));
            int own = Ipv4.headerLength(m, 0);
            assertEquals(k == 0 ? header : header == 20 ? 20 : 24, own);
            int at = joined.length;
            joined = Arrays.copyOf(joined, at + piece.length - own);
            System.arraycopy(piece, own, joined, at, piece.length - own);
            assertEquals(5, first ? batch.link(k) : spare.link(k - batch.count()));
        }
        assertArrayEquals(
                Arrays.copyOfRange(packet, header, packet.length),
                Arrays.copyOfRange(joined, header, joined.length));
    }

    @Test
    void withoutRoomThePacketStaysAsItWas() {
        Random random = new Random(7);
        try (Arena arena = Arena.ofConfined()) {
            PacketBatch batch = new PacketBatch(arena, 2, 4096, 128);
            PacketBatch spare = new PacketBatch(arena, 1, 4096, 128);
            byte[] packet = InnerPackets.udpOf(3000, "10.1.0.1", "10.2.0.1", random);
            batch.fill(batch.add(), packet, 0, packet.length);
            assertFalse(Fragmenter.cut(batch, 0, 700, spare));
            assertArrayEquals(packet, batch.copy(0));
            assertEquals(1, batch.count());
            assertFalse(Fragmenter.cut(batch, 0, 24, spare));
            assertTrue(Fragmenter.cut(batch, 0, 1400, spare));
            assertEquals(2, batch.count());
            assertEquals(1, spare.count());
        }
    }
}
