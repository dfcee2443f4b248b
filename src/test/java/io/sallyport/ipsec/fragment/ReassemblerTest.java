package io.sallyport.ipsec.fragment;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.base.packet.PacketBatch;
import io.sallyport.base.telemetry.Drop;
import io.sallyport.base.telemetry.DropCounters;
import io.sallyport.ipsec.fragment.Reassembler.Piece;
import io.sallyport.ipsec.select.Flow;
import io.sallyport.testkit.InnerPackets;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Fragments become the packet they were, whatever their order; and nothing else ever does.
class ReassemblerTest {
    private static final String[] FOUR = {"10.1.0.1", "10.2.0.1"};
    private static final String[] SIX = {"fd01::1", "fd02::1"};

    private final Random random = new Random(791);
    private final DropCounters drops = new DropCounters();
    private final Reassembler reassembler = new Reassembler(drops);
    private final PacketBatch batch = new PacketBatch(Arena.ofAuto(), 1, 9472, 128);
    private long now = 5;

    private Piece offer(byte[] fragment) {
        return offer(fragment, 1);
    }

    private Piece offer(byte[] fragment, long of) {
        batch.clear();
        batch.add();
        batch.fill(0, fragment, 0, fragment.length);
        Flow flow = new Flow();
        assertTrue(flow.read(batch.memory(), batch.start(0), batch.length(0)));
        assertTrue(flow.isFragment());
        return reassembler.offer(batch, 0, flow, of, now);
    }

    private byte[] packet(String[] ends, int payload) {
        byte[] packet = InnerPackets.udp(ends[0], 5, ends[1], 7, payload, random);
        return packet[0] >>> 4 == 4 ? InnerPackets.mendHeader(packet) : packet;
    }

    private static byte[] identified(byte[] packet, int id) {
        if (packet[0] >>> 4 == 4) {
            packet[4] = (byte) (id >>> 8);
            packet[5] = (byte) id;
            InnerPackets.mendHeader(packet);
        }
        return packet;
    }

    private void assertWhole(byte[] expected, Piece piece) {
        assertEquals(Piece.WHOLE, piece);
        assertArrayEquals(expected, batch.copy(0));
    }

    @Test
    void anyOrderAndBothFamilies() {
        for (String[] ends : List.of(FOUR, SIX)) {
            for (int payload : new int[] {9, 1000, 2993, 8900}) {
                for (int turn = 0; turn < 20; turn++) {
                    byte[] packet = identified(packet(ends, payload), turn);
                    List<byte[]> parts =
                            InnerPackets.fragments(packet, 8 + 8 * (payload / 90), turn);
                    Collections.shuffle(parts, random);
                    byte[] last = parts.removeLast();
                    parts.forEach(p -> assertEquals(Piece.KEPT, offer(p)));
                    assertWhole(packet, offer(last));
                }
            }
        }
        assertEquals(0, reassembler.held());
        assertEquals(Map.of(), drops.snapshot());
    }

    /// Destination options before the fragment header belong to every fragment, and to the whole.
    @Test
    void whatStandsBeforeTheFragmentHeaderStays() {
        byte[] packet = packet(SIX, 500);
        List<byte[]> parts = new ArrayList<>();
        for (byte[] part : InnerPackets.fragments(packet, 200, 9)) {
            parts.add(withOptions(part, 44));
        }
        assertEquals(Piece.KEPT, offer(parts.get(0)));
        assertEquals(Piece.KEPT, offer(parts.get(1)));
        assertWhole(withOptions(packet, 17), offer(parts.get(2)));
    }

    private static byte[] withOptions(byte[] packet, int next) {
        byte[] longer = new byte[packet.length + 8];
        System.arraycopy(packet, 0, longer, 0, 40);
        System.arraycopy(packet, 40, longer, 48, packet.length - 40);
        longer[40] = (byte) next;
        longer[42] = 1; // PadN
        longer[43] = 4;
        longer[6] = 60;
        int length = longer.length - 40;
        longer[4] = (byte) (length >>> 8);
        longer[5] = (byte) length;
        return longer;
    }

    /// Senders, TUNs and packets are told apart.
    @Test
    void nothingIsMixed() {
        byte[] one = packet(FOUR, 100);
        byte[] other = packet(new String[] {"10.1.0.2", "10.2.0.1"}, 100);
        byte[] elsewhere = packet(new String[] {"10.1.0.1", "10.2.0.2"}, 100);
        offer(InnerPackets.fragments(one, 56, 1).get(0));
        assertEquals(Piece.KEPT, offer(InnerPackets.fragments(other, 56, 1).get(1)));
        assertEquals(Piece.KEPT, offer(InnerPackets.fragments(elsewhere, 56, 1).get(1)));
        assertEquals(Piece.KEPT, offer(InnerPackets.fragments(one, 56, 2).get(1)));
        assertEquals(Piece.KEPT, offer(InnerPackets.fragments(one, 56, 1).get(1), 2));
        assertEquals(5, reassembler.held());
        assertWhole(identified(one, 1), offer(InnerPackets.fragments(one, 56, 1).get(1)));
    }

    /// RFC 5722: an overlap ends the whole packet, the fragments included that are still to come.
    @Test
    void anOverlapEndsItAll() {
        for (String[] ends : List.of(FOUR, SIX)) {
            byte[] packet = packet(ends, 592);
            List<byte[]> parts = InnerPackets.fragments(packet, 200, 3);
            List<byte[]> shifted = InnerPackets.fragments(packet, 160, 3);
            offer(parts.get(0));
            assertEquals(Piece.REFUSED, offer(shifted.get(1)));
            assertEquals(Piece.REFUSED, offer(parts.get(1)));
            assertEquals(Piece.REFUSED, offer(parts.get(2)));
            assertEquals(Piece.REFUSED, offer(parts.get(0)));
        }
        // what was kept; those refused are the caller's to count
        assertEquals(Map.of(Drop.REASSEMBLY, 2L), drops.snapshot());
    }

    /// RFC 8200, 4.5: a copy may be let pass; one with other octets is an overlap.
    @Test
    void aCopyIsNoOverlap() {
        byte[] packet = packet(SIX, 592);
        List<byte[]> parts = InnerPackets.fragments(packet, 200, 3);
        offer(parts.get(0));
        assertEquals(Piece.KEPT, offer(parts.get(0)));
        offer(parts.get(2));
        assertEquals(Piece.KEPT, offer(parts.get(2)));
        assertWhole(packet, offer(parts.get(1)));
        offer(parts.get(0));
        byte[] forged = parts.get(0).clone();
        forged[100] ^= 1;
        assertEquals(Piece.REFUSED, offer(forged));
    }

    /// Two ends, an end before what came, something behind the end.
    @Test
    void twoEndsDoNotAgree() {
        byte[] shorter = packet(FOUR, 300);
        byte[] longer = packet(FOUR, 600);
        offer(InnerPackets.fragments(shorter, 200, 4).get(1));
        assertEquals(Piece.REFUSED, offer(InnerPackets.fragments(longer, 400, 4).get(1)));
        offer(InnerPackets.fragments(longer, 400, 5).get(1));
        assertEquals(Piece.REFUSED, offer(InnerPackets.fragments(shorter, 200, 5).get(1)));
        offer(InnerPackets.fragments(longer, 200, 6).get(2));
        assertEquals(Piece.REFUSED, offer(InnerPackets.fragments(shorter, 200, 6).get(1)));
    }

    @Test
    void whatIsNoFragmentOfAnything() {
        byte[] packet = packet(FOUR, 93);
        // more to come, and no multiple of 8 octets
        assertEquals(Piece.REFUSED, offer(InnerPackets.fragment(packet.clone(), true, 0)));
        // behind the largest packet of all
        assertEquals(Piece.REFUSED, offer(InnerPackets.fragment(packet.clone(), false, 9000)));
        // no payload
        byte[] empty = Arrays.copyOf(packet, 20);
        empty[3] = 20;
        empty[2] = 0;
        assertEquals(Piece.REFUSED, offer(InnerPackets.fragment(empty, false, 8)));
    }

    /// A sender who begins too much loses his own oldest, and nobody else's.
    @Test
    void eachSenderHasAShare() {
        byte[] honest = packet(new String[] {"10.1.0.9", "10.2.0.1"}, 300);
        offer(InnerPackets.fragments(honest, 200, 1).get(0));
        byte[] flood = packet(FOUR, 300);
        for (int id = 0; id < 1000; id++) {
            now++;
            assertEquals(Piece.KEPT, offer(InnerPackets.fragments(flood, 200, id).get(0)));
        }
        assertEquals(Reassembler.PER_SOURCE + 1, reassembler.held());
        assertEquals(1000 - Reassembler.PER_SOURCE, drops.get(Drop.REASSEMBLY));
        assertEquals(Piece.WHOLE, offer(InnerPackets.fragments(honest, 200, 1).get(1)));
        assertEquals(Piece.WHOLE, offer(InnerPackets.fragments(flood, 200, 999).get(1)));
    }

    /// However many senders there are, so much is held and no more.
    @Test
    void thereIsAnEndToIt() {
        for (int n = 0; n < 500; n++) {
            byte[] packet =
                    packet(new String[] {"10.1." + n / 250 + "." + n % 250, "10.2.0.1"}, 300);
            now++;
            offer(InnerPackets.fragments(packet, 200, 1).get(0));
        }
        assertEquals(Reassembler.DATAGRAMS, reassembler.held());
        now += Reassembler.PATIENCE_NANOS + 1;
        offer(InnerPackets.fragments(packet(SIX, 300), 200, 1).get(0));
        assertEquals(1, reassembler.held());
        assertEquals(500, drops.get(Drop.REASSEMBLY));
    }

    @Test
    void whatComesTooLateBeginsAnew() {
        List<byte[]> parts = InnerPackets.fragments(packet(SIX, 300), 200, 1);
        offer(parts.get(0));
        now += Reassembler.PATIENCE_NANOS + 1;
        assertEquals(Piece.KEPT, offer(parts.get(1)));
        assertEquals(1, drops.get(Drop.REASSEMBLY));
    }

    /// RFC 3168, 5.3: a congestion mark on one fragment marks the whole; a part that cannot bear
    /// one beside it makes it worthless.
    @Test
    void congestionIsNotLost() {
        for (String[] ends : List.of(FOUR, SIX)) {
            byte[] packet = InnerPackets.trafficClass(identified(packet(ends, 300), 1), 0x02);
            List<byte[]> parts = InnerPackets.fragments(packet, 200, 1);
            offer(parts.get(0));
            byte[] marked = InnerPackets.trafficClass(parts.get(1), 0x03);
            assertWhole(InnerPackets.trafficClass(packet.clone(), 0x03), offer(marked));
            byte[] bare = InnerPackets.trafficClass(packet.clone(), 0);
            offer(InnerPackets.fragments(bare, 200, 1).get(0));
            assertEquals(Piece.REFUSED, offer(marked));
        }
        assertEquals(0, reassembler.held());
    }

    /// A slow truth: fragments of many packets, lost, doubled and in any order. Whatever becomes
    /// whole is one of the packets that were sent.
    @Test
    void onlyWhatWasSentComesOut() {
        int whole = 0;
        for (int round = 0; round < 200; round++) {
            Map<Integer, byte[]> sent = new HashMap<>();
            List<byte[]> wire = new ArrayList<>();
            for (int id = 0; id < 12; id++) {
                String[] ends = random.nextBoolean() ? FOUR : SIX;
                int key = round * 12 + id;
                byte[] packet = identified(packet(ends, 20 + random.nextInt(2000)), key);
                sent.put(Arrays.hashCode(packet), packet);
                for (byte[] part :
                        InnerPackets.fragments(packet, 8 + 8 * random.nextInt(60), key)) {
                    boolean alone =
                            part[0] >>> 4 == 4
                                    ? (part[6] & 0x3f | part[7]) == 0
                                    : (part[42] & 0xff | part[43] & 0xf9) == 0;
                    for (int n = alone ? 0 : random.nextInt(20) == 0 ? random.nextInt(3) : 1;
                            n > 0;
                            n--) {
                        wire.add(part);
                    }
                }
            }
            Collections.shuffle(wire, random);
            for (byte[] part : wire) {
                if (offer(part) == Piece.WHOLE) {
                    byte[] out = batch.copy(0);
                    assertArrayEquals(sent.get(Arrays.hashCode(out)), out);
                    whole++;
                }
            }
            now += Reassembler.PATIENCE_NANOS + 1;
        }
        assertTrue(whole > 800, "whole: " + whole);
    }
}
