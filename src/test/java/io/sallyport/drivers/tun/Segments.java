package io.sallyport.drivers.tun;

import io.sallyport.testkit.InnerPackets;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/// The slow truth: a stream of data, and the packets that carry it, made one by one.
@SuppressWarnings("ArrayRecordComponent") // nothing compares two of them
record Segments(
        boolean v6,
        boolean tcp,
        int host,
        int id,
        int sequence,
        int flags,
        byte[] options,
        int size,
        byte[] data) {
    static final int ACK = 0x10;
    static final int PSH = 0x08;
    static final int CWR = 0x80;

    static Segments random(Random random, int host, int most) {
        boolean tcp = random.nextInt(3) > 0;
        int size = 1 + random.nextInt(1300);
        byte[] data = new byte[1 + random.nextInt(most * size)];
        random.nextBytes(data);
        byte[] options = new byte[tcp ? 4 * random.nextInt(11) : 0];
        random.nextBytes(options);
        int flags = ACK | (random.nextBoolean() ? PSH : 0);
        return new Segments(
                random.nextBoolean(),
                tcp,
                host,
                random.nextInt(65536),
                random.nextInt(),
                flags,
                options,
                size,
                data);
    }

    Segments withFlags(int other) {
        return new Segments(v6, tcp, host, id, sequence, other, options, size, data);
    }

    String from() {
        return v6 ? "fd01::" + (host + 1) : "10.1.0." + (host + 1);
    }

    int count() {
        return (data.length + size - 1) / size;
    }

    List<byte[]> packets() {
        List<byte[]> packets = new ArrayList<>();
        for (int i = 0; i < count(); i++) {
            byte[] part = Arrays.copyOfRange(data, i * size, Math.min(data.length, (i + 1) * size));
            int f = flags;
            if (i < count() - 1) {
                f &= ~(PSH | 0x01);
            }
            if (i > 0) {
                f &= ~CWR;
            }
            packets.add(packet(i, f, part));
        }
        return packets;
    }

    /// All of it in one packet, its upper checksum field in whatever state.
    byte[] whole() {
        return packet(0, flags, data);
    }

    private byte[] packet(int i, int f, byte[] part) {
        ByteBuffer upper = ByteBuffer.allocate(headerOctets() + part.length);
        upper.putShort((short) 40000).putShort((short) 443);
        if (tcp) {
            upper.putInt(sequence + i * size).putInt(77);
            upper.put((byte) (headerOctets() << 2)).put((byte) f).putShort((short) 501);
            upper.putInt(0).put(options);
        } else {
            upper.putShort((short) upper.capacity()).putShort((short) 0);
        }
        upper.put(part);
        byte[] packet =
                InnerPackets.ip(
                        from(),
                        v6 ? "fd02::9" : "10.2.0.9",
                        tcp ? 6 : 17,
                        upper.array(),
                        tcp ? 16 : 6);
        if (!v6) {
            packet[4] = (byte) (id + i >>> 8);
            packet[5] = (byte) (id + i);
            InnerPackets.mendHeader(packet);
        }
        return packet;
    }

    private int headerOctets() {
        return tcp ? 20 + options.length : 8;
    }

    byte[] virtioHeader() {
        int ip = v6 ? 40 : 20;
        return ByteBuffer.allocate(10)
                .order(ByteOrder.nativeOrder())
                .put((byte) 1)
                .put((byte) (tcp ? v6 ? 4 : 1 : 5))
                .putShort((short) (ip + headerOctets()))
                .putShort((short) size)
                .putShort((short) ip)
                .putShort((short) (tcp ? 16 : 6))
                .array();
    }
}
