package io.sallyport.drivers.netlink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.base.Octets;
import io.sallyport.base.net.IpAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import org.junit.jupiter.api.Test;

class NetlinkTest {
    private static ByteBuffer host(int octets) {
        return ByteBuffer.allocate(octets).order(ByteOrder.nativeOrder());
    }

    /// A message as the kernel would send it.
    private static Octets message(int type, int flags, int sequence, Octets body) {
        ByteBuffer out = host(16 + (body.length() + 3 & ~3));
        out.putInt(16 + body.length()).putShort((short) type).putShort((short) flags);
        out.putInt(sequence).putInt(0);
        body.emit(out);
        return Octets.owned(out.array());
    }

    private static Octets ints(int... numbers) {
        ByteBuffer out = host(4 * numbers.length);
        for (int n : numbers) {
            out.putInt(n);
        }
        return Octets.owned(out.array());
    }

    private static Octets attribute(int type, Octets value) {
        ByteBuffer out = host(4 + (value.length() + 3 & ~3));
        out.putShort((short) (4 + value.length())).putShort((short) type);
        value.emit(out);
        return Octets.owned(out.array());
    }

    @Test
    void aRequestHasLengthSequenceAndNestedAttributes() {
        NetlinkMessage m = new NetlinkMessage(16, NetlinkMessage.NLM_F_CREATE);
        m.octets(1, 2, 3, 4).attribute(3, "abcd");
        int outer = m.begin(18);
        m.attribute(1, 0x01020304).octetAttribute(2, 9);
        m.end(outer);
        Octets octets = m.finish(77);
        NetlinkReply parsed = new NetlinkReply(16, octets.slice(16, octets.length()));
        ByteBuffer header = octets.buffer().order(ByteOrder.nativeOrder());
        assertEquals(octets.length(), header.getInt(0));
        assertEquals(0x405, header.getShort(6)); // CREATE, ACK, REQUEST
        assertEquals(77, header.getInt(8));
        assertEquals(3, parsed.octet(2));
        Attributes a = parsed.attributes(4);
        assertEquals("abcd", a.text(3));
        assertEquals(5, a.octets(3).orElseThrow().length());
        assertEquals(0x01020304, a.nested(18).number(1).orElseThrow());
        assertEquals(9, a.nested(18).octet(2).orElseThrow());
        assertEquals(0, octets.length() % 4);
    }

    @Test
    void attributesOfTheWrongSizeAreNotThere() {
        Attributes a =
                Attributes.parse(
                        Octets.concat(
                                attribute(1, Octets.of((byte) 1, (byte) 2)),
                                attribute(2, Octets.EMPTY),
                                attribute(0x8003, IpAddress.of("10.0.0.1").octets())));
        assertTrue(a.number(1).isEmpty());
        assertTrue(a.octet(2).isEmpty());
        assertTrue(a.address(1).isEmpty());
        assertEquals(IpAddress.of("10.0.0.1"), a.address(3).orElseThrow());
        assertEquals("", a.text(9));
        assertEquals(0, a.nested(9).count());
    }

    @Test
    void anAttributeThatLiesAboutItsLengthEndsTheReading() {
        Octets good = attribute(1, ints(5));
        Octets tooLong = attribute(2, ints(6)).slice(0, 6);
        Attributes a = Attributes.parse(Octets.concat(good, tooLong));
        assertEquals(1, a.count());
        assertEquals(5, a.number(1).orElseThrow());
        assertEquals(
                0, Attributes.parse(Octets.of((byte) 0, (byte) 0, (byte) 1, (byte) 0)).count());
    }

    @Test
    void nothingMakesTheReadersThrow() {
        Random random = new Random(1);
        for (int i = 0; i < 200_000; i++) {
            byte[] octets = new byte[random.nextInt(80)];
            random.nextBytes(octets);
            if (octets.length > 12 && random.nextBoolean()) {
                octets[0] = (byte) octets.length; // a plausible length
                octets[1] = octets[2] = octets[3] = 0;
                octets[4] = (byte) (1 + random.nextInt(3));
                octets[5] = 0;
                octets[8] = octets[9] = octets[10] = octets[11] = 0;
            }
            Attributes.parse(Octets.of(octets));
            new ReplyReader(0).read(Octets.of(octets));
        }
    }

    @Test
    void anAnswerIsCollectedUntilTheAcknowledgement() throws NetlinkException {
        ReplyReader reader = new ReplyReader(5);
        reader.read(message(24, 0, 4, ints(1))); // of an earlier question
        reader.read(Octets.concat(message(24, 0, 5, ints(2)), message(24, 0, 5, ints(3, 4))));
        assertFalse(reader.isComplete());
        reader.read(message(2, 0x100, 5, ints(0, 36, 0, 0, 0)));
        assertTrue(reader.isComplete());
        assertEquals(2, reader.replies("x").size());
        assertEquals(4, reader.replies("x").get(1).number(4));
        assertEquals(0, reader.replies("x").get(1).number(8));
    }

    @Test
    void anInterruptedDumpIsKnown() {
        ReplyReader reader = new ReplyReader(5);
        reader.read(message(24, 2, 5, ints(2)));
        reader.read(message(3, 2 | 0x10, 5, ints(0)));
        assertTrue(reader.isComplete());
        assertTrue(reader.isInterrupted());
    }

    @Test
    void theKernelsTextStandsBehindTheEchoCappedOrNot() {
        Octets text = attribute(1, Octets.ascii("no such thing\0"));
        ReplyReader capped = new ReplyReader(5);
        capped.read(message(2, 0x300, 5, Octets.concat(ints(-19, 36, 0, 0, 0), text)));
        NetlinkException e =
                assertThrows(NetlinkException.class, () -> capped.replies("find link x"));
        assertEquals("find link x: ENODEV (No such device): no such thing", e.getMessage());
        assertEquals(19, e.errno());
        ReplyReader whole = new ReplyReader(5);
        whole.read(message(2, 0x200, 5, Octets.concat(ints(-19, 24, 0, 0, 0, 7, 8), text)));
        assertEquals(
                "no such thing",
                assertThrows(NetlinkException.class, () -> whole.replies("x")).kernelText());
    }
}
