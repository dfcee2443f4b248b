package io.sallyport.wire.pcap;

import io.sallyport.base.Octets;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/// Writes a capture file in pcapng (draft-ietf-opsawg-pcapng): one section in network order,
/// interfaces as they are added, one enhanced packet block a packet.
///
/// ```text
///  0                   1                   2                   3
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
/// +---------------------------------------------------------------+
/// |                          block type                           |
/// +---------------------------------------------------------------+
/// |                    length of the whole block                  |
/// +---------------------------------------------------------------+
/// |          body, then options, padded to 4 octets each          |
/// +---------------------------------------------------------------+
/// |                    length of the whole block                  |
/// +---------------------------------------------------------------+
/// ```
///
/// Every block goes to the stream in one `write`. Not for several threads.
public final class PcapngWriter implements Closeable {
    private static final int SECTION_HEADER = 0x0a0d0d0a;
    private static final int INTERFACE_DESCRIPTION = 1;
    private static final int INTERFACE_STATISTICS = 5;
    private static final int ENHANCED_PACKET = 6;
    private static final int BYTE_ORDER_MAGIC = 0x1a2b3c4d;

    private static final int OPT_END = 0;
    private static final int OPT_COMMENT = 1;
    private static final int SHB_USER_APPLICATION = 4;
    private static final int IF_NAME = 2;
    private static final int IF_DESCRIPTION = 3;
    private static final int IF_TIMESTAMP_RESOLUTION = 9;
    private static final int EPB_FLAGS = 2;
    private static final int ISB_RECEIVED = 4;
    private static final int ISB_DROPPED = 5;

    /// What a packet of an interface begins with (the registry of link types of pcap).
    public enum LinkType {
        ETHERNET(1),
        /// An IPv4 or IPv6 header at once.
        RAW_IP(101);

        private final int number;

        LinkType(int number) {
            this.number = number;
        }

        public int number() {
            return number;
        }
    }

    /// Which way a packet went, as bits 0 and 1 of its flags say it.
    public enum Direction {
        NOT_SAID,
        IN,
        OUT
    }

    /// Unit of the timestamps of an interface.
    public enum Resolution {
        MICROSECONDS(6),
        NANOSECONDS(9);

        /// Negative power of ten.
        private final int exponent;

        Resolution(int exponent) {
            this.exponent = exponent;
        }
    }

    private final OutputStream out;
    private int interfaces;
    private ByteBuffer block = ByteBuffer.allocate(2048);

    /// Begins a section.
    ///
    /// @param application who writes, e.g. `sallyport 0.1`
    public PcapngWriter(OutputStream out, String application) throws IOException {
        this.out = out;
        begin(SECTION_HEADER, 64 + 3 * application.length());
        block.putInt(BYTE_ORDER_MAGIC);
        block.putShort((short) 1);
        block.putShort((short) 0);
        block.putLong(-1); // section length: not known
        option(SHB_USER_APPLICATION, application);
        endOptions();
        finish();
    }

    /// Adds an interface.
    ///
    /// @param name for people
    /// @return the number by which [#write] names it, counted from 0
    public int addInterface(LinkType linkType, String name, Resolution resolution)
            throws IOException {
        return addInterface(linkType, name, "", resolution);
    }

    /// The same.
    ///
    /// @param description for people; may be empty
    public int addInterface(
            LinkType linkType, String name, String description, Resolution resolution)
            throws IOException {
        begin(INTERFACE_DESCRIPTION, 64 + 3 * name.length() + 3 * description.length());
        block.putShort((short) linkType.number);
        block.putShort((short) 0);
        block.putInt(0); // no limit on the captured length
        option(IF_NAME, name);
        if (!description.isEmpty()) {
            option(IF_DESCRIPTION, description);
        }
        option(IF_TIMESTAMP_RESOLUTION, new byte[] {(byte) resolution.exponent});
        endOptions();
        finish();
        return interfaces++;
    }

    /// @see #write(int, long, ByteBuffer, List)
    public void write(int interfaceNumber, long timestamp, Octets packet) throws IOException {
        write(interfaceNumber, timestamp, packet.buffer(), List.of());
    }

    /// @see #write(int, long, ByteBuffer, List)
    public void write(int interfaceNumber, long timestamp, Octets packet, String comment)
            throws IOException {
        write(interfaceNumber, timestamp, packet.buffer(), List.of(comment));
    }

    /// Writes a packet.
    ///
    /// @param interfaceNumber what [#addInterface] returned
    /// @param timestamp since 1970-01-01 00:00 UTC, in the unit of the interface
    /// @param packet what remains in it; its position does not move
    /// @param comments for people, shown beside the packet
    /// @throws IllegalArgumentException if there is no such interface
    public void write(int interfaceNumber, long timestamp, ByteBuffer packet, List<String> comments)
            throws IOException {
        write(interfaceNumber, timestamp, packet, Direction.NOT_SAID, comments);
    }

    /// The same, with the way it went.
    public void write(
            int interfaceNumber,
            long timestamp,
            ByteBuffer packet,
            Direction direction,
            List<String> comments)
            throws IOException {
        if (interfaceNumber < 0 || interfaceNumber >= interfaces) {
            throw new IllegalArgumentException("interface " + interfaceNumber);
        }
        int length = packet.remaining();
        int text = 0;
        for (String comment : comments) {
            text += 8 + 3 * comment.length();
        }
        begin(ENHANCED_PACKET, 64 + length + text);
        block.putInt(interfaceNumber);
        block.putInt((int) (timestamp >>> 32));
        block.putInt((int) timestamp);
        block.putInt(length);
        block.putInt(length);
        block.put(packet.duplicate());
        pad();
        for (String comment : comments) {
            option(OPT_COMMENT, comment);
        }
        if (direction != Direction.NOT_SAID) {
            block.putShort((short) EPB_FLAGS);
            block.putShort((short) 4);
            block.putInt(direction.ordinal());
        }
        if (!comments.isEmpty() || direction != Direction.NOT_SAID) {
            endOptions();
        }
        finish();
    }

    /// Says how many packets of an interface there were, at the end of what is written of it.
    ///
    /// @param received packets that came, those dropped included
    /// @param dropped packets that are not in the file for want of room
    public void statistics(int interfaceNumber, long timestamp, long received, long dropped)
            throws IOException {
        begin(INTERFACE_STATISTICS, 96);
        block.putInt(interfaceNumber);
        block.putInt((int) (timestamp >>> 32));
        block.putInt((int) timestamp);
        block.putShort((short) ISB_RECEIVED);
        block.putShort((short) 8);
        block.putLong(received);
        block.putShort((short) ISB_DROPPED);
        block.putShort((short) 8);
        block.putLong(dropped);
        endOptions();
        finish();
    }

    public void flush() throws IOException {
        out.flush();
    }

    /// Closes the stream.
    @Override
    public void close() throws IOException {
        out.close();
    }

    private void begin(int type, int atMost) {
        if (block.capacity() < atMost) {
            block = ByteBuffer.allocate(atMost);
        }
        block.clear();
        block.putInt(type);
        block.putInt(0);
    }

    private void option(int code, String text) {
        byte[] octets = text.getBytes(StandardCharsets.UTF_8);
        // An option's length field has 16 bits; a cut comment is better than a broken file.
        option(code, octets.length <= 0xffff ? octets : Arrays.copyOf(octets, 0xffff));
    }

    private void option(int code, byte[] value) {
        block.putShort((short) code);
        block.putShort((short) value.length);
        block.put(value);
        pad();
    }

    private void endOptions() {
        block.putShort((short) OPT_END);
        block.putShort((short) 0);
    }

    private void pad() {
        while (block.position() % 4 != 0) {
            block.put((byte) 0);
        }
    }

    private void finish() throws IOException {
        int length = block.position() + 4;
        block.putInt(4, length);
        block.putInt(length);
        out.write(block.array(), 0, length);
    }
}
