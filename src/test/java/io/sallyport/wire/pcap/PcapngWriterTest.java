package io.sallyport.wire.pcap;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sallyport.base.Octets;
import io.sallyport.wire.pcap.PcapngWriter.LinkType;
import io.sallyport.wire.pcap.PcapngWriter.Resolution;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Reads what was written by the letter of the format.
class PcapngWriterTest {
    private record Block(int type, ByteBuffer body) {}

    private record Option(int code, Octets value) {}

    private final ByteArrayOutputStream file = new ByteArrayOutputStream();

    private List<Block> blocks() {
        ByteBuffer in = ByteBuffer.wrap(file.toByteArray());
        List<Block> blocks = new ArrayList<>();
        while (in.hasRemaining()) {
            int start = in.position();
            int type = in.getInt();
            int length = in.getInt();
            assertEquals(0, length % 4);
            blocks.add(new Block(type, in.slice(start + 8, length - 12)));
            in.position(start + length - 4);
            assertEquals(length, in.getInt(), "length before and after a block");
        }
        return blocks;
    }

    private static List<Option> options(ByteBuffer in) {
        List<Option> options = new ArrayList<>();
        while (in.hasRemaining()) {
            int code = in.getShort();
            int length = in.getShort() & 0xffff;
            if (code == 0) {
                assertEquals(0, length);
                assertEquals(0, in.remaining(), "octets behind the last option");
                return options;
            }
            options.add(new Option(code, Octets.take(in, length)));
            in.position((in.position() + 3) / 4 * 4);
        }
        return options;
    }

    @Test
    void aSectionBeginsInNetworkOrderAndNamesItsWriter() throws IOException {
        try (PcapngWriter writer = new PcapngWriter(file, "sallyport 0.1")) {
            writer.flush();
        }
        Block section = blocks().getFirst();
        assertEquals(0x0a0d0d0a, section.type());
        assertEquals(0x1a2b3c4d, section.body().getInt());
        assertEquals(0x00010000, section.body().getInt());
        assertEquals(-1, section.body().getLong());
        assertEquals(
                List.of(new Option(4, Octets.ascii("sallyport 0.1"))), options(section.body()));
    }

    @Test
    void interfacesAreNumberedAndKeepTheirUnit() throws IOException {
        PcapngWriter writer = new PcapngWriter(file, "test");
        assertEquals(0, writer.addInterface(LinkType.RAW_IP, "tun0", Resolution.NANOSECONDS));
        assertEquals(1, writer.addInterface(LinkType.ETHERNET, "eth0", Resolution.MICROSECONDS));
        Block tun = blocks().get(1);
        assertEquals(1, tun.type());
        assertEquals(101, tun.body().getShort());
        assertEquals(0, tun.body().getShort());
        assertEquals(0, tun.body().getInt());
        assertEquals(
                List.of(new Option(2, Octets.ascii("tun0")), new Option(9, Octets.hex("09"))),
                options(tun.body()));
        Block eth = blocks().get(2);
        assertEquals(1, eth.body().getShort());
        eth.body().position(8);
        assertEquals(
                List.of(new Option(2, Octets.ascii("eth0")), new Option(9, Octets.hex("06"))),
                options(eth.body()));
    }

    @Test
    void packetsOfEveryLengthComeBack() throws IOException {
        Random random = new Random(6);
        PcapngWriter writer = new PcapngWriter(file, "test");
        int tun = writer.addInterface(LinkType.RAW_IP, "tun0", Resolution.NANOSECONDS);
        List<byte[]> packets = new ArrayList<>();
        for (int length = 0; length < 70; length++) {
            byte[] packet = new byte[length];
            random.nextBytes(packet);
            packets.add(packet);
            writer.write(tun, 0x1122334455667788L + length, Octets.of(packet));
        }
        byte[] large = new byte[65535];
        random.nextBytes(large);
        packets.add(large);
        writer.write(tun, 0x1122334455667788L + 70, Octets.of(large));
        List<Block> blocks = blocks();
        assertEquals(2 + packets.size(), blocks.size());
        for (int i = 0; i < packets.size(); i++) {
            Block block = blocks.get(2 + i);
            ByteBuffer body = block.body();
            assertEquals(6, block.type());
            assertEquals(0, body.getInt());
            assertEquals(0x1122334455667788L + i, body.getLong());
            assertEquals(packets.get(i).length, body.getInt());
            assertEquals(packets.get(i).length, body.getInt());
            assertArrayEquals(packets.get(i), Octets.take(body, packets.get(i).length).toArray());
            assertEquals(body.position() + (4 - body.position() % 4) % 4, body.limit());
        }
    }

    @Test
    void commentsStandBesideThePacketAndItsBufferDoesNotMove() throws IOException {
        PcapngWriter writer = new PcapngWriter(file, "test");
        int tun = writer.addInterface(LinkType.RAW_IP, "tun0", Resolution.NANOSECONDS);
        ByteBuffer packet = ByteBuffer.wrap(new byte[] {1, 2, 3, 4, 5}, 1, 3);
        writer.write(tun, 1, packet, List.of("für Menschen", "second"));
        assertEquals(1, packet.position());
        writer.write(tun, 2, Octets.hex("01"), "x".repeat(70000));
        ByteBuffer body = blocks().get(2).body();
        body.position(16);
        assertEquals(3, body.getInt());
        assertEquals(Octets.hex("020304"), Octets.take(body, 3));
        body.get();
        assertEquals(
                List.of(
                        new Option(1, Octets.utf8("für Menschen")),
                        new Option(1, Octets.ascii("second"))),
                options(body));
        ByteBuffer cut = blocks().get(3).body();
        cut.position(24);
        assertEquals(65535, options(cut).getFirst().value().length());
    }

    @Test
    void aPacketOfNoInterfaceIsABugOfTheCaller() throws IOException {
        PcapngWriter writer = new PcapngWriter(file, "test");
        assertThrows(IllegalArgumentException.class, () -> writer.write(0, 1, Octets.hex("01")));
    }

    @Test
    void directionDescriptionAndStatisticsAreWhereTheFormatHasThem() throws IOException {
        try (PcapngWriter writer = new PcapngWriter(file, "x")) {
            writer.addInterface(LinkType.RAW_IP, "tun0", "inner", Resolution.NANOSECONDS);
            writer.write(
                    0,
                    7,
                    ByteBuffer.wrap(new byte[] {1, 2, 3}),
                    PcapngWriter.Direction.OUT,
                    List.of("c"));
            writer.statistics(0, 0x1_0000_0002L, 12, 5);
        }
        List<Block> blocks = blocks();
        ByteBuffer described = blocks.get(1).body();
        described.position(8);
        assertEquals(
                List.of(
                        new Option(2, Octets.ascii("tun0")),
                        new Option(3, Octets.ascii("inner")),
                        new Option(9, Octets.of((byte) 9))),
                options(described));
        ByteBuffer packet = blocks.get(2).body();
        packet.position(24); // 20, and 3 padded to 4
        assertEquals(
                List.of(new Option(1, Octets.ascii("c")), new Option(2, Octets.ofInt(2))),
                options(packet));
        Block statistics = blocks.get(3);
        assertEquals(5, statistics.type());
        assertEquals(0, statistics.body().getInt());
        assertEquals(1, statistics.body().getInt());
        assertEquals(2, statistics.body().getInt());
        assertEquals(
                List.of(new Option(4, Octets.ofLong(12)), new Option(5, Octets.ofLong(5))),
                options(statistics.body()));
    }
}
