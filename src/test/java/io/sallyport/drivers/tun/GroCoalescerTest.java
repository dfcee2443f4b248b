package io.sallyport.drivers.tun;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.base.packet.Lane;
import io.sallyport.base.packet.PacketBatch;
import io.sallyport.testkit.AllocatedOctets;
import io.sallyport.testkit.InnerPackets;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class GroCoalescerTest {
    private final Random random = new Random(4303);

    /// Several streams, interleaved, with losses, repeats, bad checksums and bare ACKs among them:
    /// whoever cuts what was joined gets every stream as it was.
    @Test
    void joinedAndCutAgainEveryStreamIsAsItWas() {
        try (SuperPacketRig rig = new SuperPacketRig()) {
            int written = 0;
            int packets = 0;
            for (int round = 0; round < 400; round++) {
                List<byte[]> batch = disturbed(interleaved(1 + random.nextInt(5)));
                List<byte[]> out = rig.join(batch);
                assertFlows(batch, rig.splitAll(out), "round " + round);
                written += out.size();
                packets += batch.size();
            }
            assertTrue(written < packets / 2, written + " writes for " + packets + " packets");
        }
    }

    @Test
    void aTrainIsOneWrite() {
        try (SuperPacketRig rig = new SuperPacketRig()) {
            for (int round = 0; round < 100; round++) {
                Segments segments = Segments.random(random, 1, 40);
                List<byte[]> out = rig.join(segments.packets());
                assertEquals(1, out.size(), "round " + round + " " + segments);
                assertEquals(segments.whole().length + VirtioHeader.OCTETS, out.getFirst().length);
            }
        }
    }

    @Test
    void whatIsNotOneStreamStaysApart() {
        Segments stream =
                new Segments(
                        false, true, 1, 9, 5000, Segments.ACK, new byte[12], 500, new byte[1000]);
        List<byte[]> two = stream.packets();
        byte[] first = two.getFirst();
        byte[] second = two.getLast();
        assertEquals(1, writes(first, second));
        assertEquals(2, writes(second, first), "wrong order");
        assertEquals(2, writes(first, first), "the same twice");
        assertEquals(2, writes(first, changed(second, 1, 3)), "another ECN");
        assertEquals(2, writes(first, changed(second, 8, 3)), "another time to live");
        assertEquals(2, writes(first, changed(second, 5, 77)), "identification of another");
        assertEquals(2, writes(first, changed(second, 6, 0x40)), "another DF");
        assertEquals(2, writes(first, changed(second, 20 + 13, 0x11)), "FIN");
        assertEquals(2, writes(first, changed(second, 20 + 13, 0x90)), "CWR");
        assertEquals(2, writes(first, changed(second, 20 + 11, 1)), "another acknowledgement");
        assertEquals(2, writes(first, changed(second, 20 + 25, 1)), "other options");
        assertEquals(2, writes(changed(first, 20 + 13, 0x18), second), "PSH with the first");
        byte[] corrupt = second.clone();
        corrupt[corrupt.length - 1] ^= 1;
        assertEquals(2, writes(first, corrupt), "a wrong checksum");
    }

    @Test
    void nothingIsAllocated() {
        try (SuperPacketRig rig = new SuperPacketRig()) {
            Segments segments =
                    new Segments(
                            false,
                            true,
                            1,
                            9,
                            1,
                            Segments.ACK,
                            new byte[12],
                            1300,
                            new byte[50_000]);
            byte[] header = segments.virtioHeader();
            byte[] whole = segments.whole();
            PacketBatch batch = new PacketBatch(rig.arena, PacketBatch.MOST, 2048, 64);
            Runnable burst =
                    () -> {
                        batch.clear();
                        MemorySegment.copy(header, 0, rig.memory, PacketBatch.U8, 6, 10);
                        MemorySegment.copy(whole, 0, rig.memory, PacketBatch.U8, 16, whole.length);
                        rig.splitter.begin(16, whole.length);
                        rig.splitter.cut(batch);
                        for (int i = 0; i < batch.count(); i++) {
                            batch.lane(i, Lane.TUN);
                        }
                        rig.coalescer.plan(batch, 0);
                    };
            for (int i = 0; i < 2_000; i++) {
                burst.run();
            }
            assertEquals(39, batch.count());
            assertEquals(0, AllocatedOctets.of(500, burst), "octets of 500 super-packets");
        }
    }

    private int writes(byte[]... packets) {
        try (SuperPacketRig rig = new SuperPacketRig()) {
            List<byte[]> in = List.of(packets);
            List<byte[]> out = rig.join(in);
            assertFlows(in, rig.splitAll(out), "written");
            return out.size();
        }
    }

    /// One octet is another, and the checksums are right again.
    private static byte[] changed(byte[] packet, int at, int octet) {
        byte[] upper = Arrays.copyOfRange(packet, 20, packet.length);
        byte[] all = packet.clone();
        if (at >= 20) {
            upper[at - 20] = (byte) octet;
        } else {
            all[at] = (byte) octet;
        }
        upper[16] = 0;
        upper[17] = 0;
        byte[] made = InnerPackets.ip("10.1.0.2", "10.2.0.9", 6, upper, 16);
        System.arraycopy(made, 20, all, 20, upper.length);
        return InnerPackets.mendHeader(all);
    }

    private List<byte[]> interleaved(int flows) {
        List<List<byte[]>> streams = new ArrayList<>();
        for (int f = 0; f < flows; f++) {
            streams.add(new ArrayList<>(Segments.random(random, f, 12).packets()));
        }
        List<byte[]> all = new ArrayList<>();
        while (!streams.isEmpty()) {
            List<byte[]> stream = streams.get(random.nextInt(streams.size()));
            for (int run = random.nextInt(8); run >= 0 && !stream.isEmpty(); run--) {
                all.add(stream.removeFirst());
            }
            streams.removeIf(List::isEmpty);
        }
        return all;
    }

    private List<byte[]> disturbed(List<byte[]> packets) {
        List<byte[]> all = new ArrayList<>();
        for (byte[] packet : packets) {
            switch (random.nextInt(20)) {
                case 0 -> {} // lost
                case 1 -> {
                    all.add(packet);
                    all.add(packet);
                }
                case 2 -> {
                    byte[] bad = packet.clone();
                    bad[bad.length - 1] ^= 1;
                    all.add(bad);
                }
                case 3 -> {
                    all.add(
                            InnerPackets.tcp(
                                    "10.1.0." + (1 + random.nextInt(5)), "10.2.0.9", 0x10));
                    all.add(packet);
                }
                default -> all.add(packet);
            }
        }
        return all.subList(0, Math.min(PacketBatch.MOST, all.size()));
    }

    private static void assertFlows(List<byte[]> expected, List<byte[]> actual, String what) {
        Map<String, List<byte[]>> in = flows(expected);
        Map<String, List<byte[]>> out = flows(actual);
        assertEquals(in.keySet(), out.keySet(), what);
        in.forEach((flow, packets) -> {
            List<byte[]> came = out.getOrDefault(flow, List.of());
            assertEquals(packets.size(), came.size(), what + " " + flow);
            for (int i = 0; i < packets.size(); i++) {
                assertArrayEquals(packets.get(i), came.get(i), what + " " + flow + " packet " + i);
            }
        });
    }

    private static Map<String, List<byte[]>> flows(List<byte[]> packets) {
        Map<String, List<byte[]>> flows = new HashMap<>();
        for (byte[] packet : packets) {
            boolean v6 = packet[0] >>> 4 == 6;
            int upper = v6 ? 40 : 20;
            String flow =
                    packet[v6 ? 6 : 9]
                            + Arrays.toString(Arrays.copyOfRange(packet, v6 ? 8 : 12, upper + 4));
            flows.computeIfAbsent(flow, _ -> new ArrayList<>()).add(packet);
        }
        return flows;
    }
}
