package io.sallyport.ipsec.transform;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.base.packet.PacketBatch;
import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import java.util.zip.Deflater;
import org.junit.jupiter.api.Test;

/// IPComp payloads: smaller or as they were, and nothing that would not fit comes out of one.
class CompressionTest {
    private static final int CPI = 4711;

    /// By zlib in Python, raw, level 6, window of 2048 as the Linux kernel has it.
    private static final String BY_ZLIB =
            "73770d51d0cfcc4b49add0cb28c9cd51f0080909d037d433e4e5f2c82f2eb15248ad48cc2dc849d52b492d2e"
                    + "e1e5721f34aa01";

    private static final byte[] PLAIN =
            "GET /index.html HTTP/1.1\r\nHost: example.test\r\n"
                    .repeat(4)
                    .getBytes(StandardCharsets.US_ASCII);

    private final Random random = new Random(3173);
    private final PacketBatch batch = new PacketBatch(Arena.ofAuto(), 1, 2400, 128);
    private final Compressor compressor = new Compressor();
    private final Expander expander = new Expander();

    private void fill(byte[] octets) {
        batch.clear();
        batch.add();
        batch.fill(0, octets, 0, octets.length);
    }

    private static byte[] payload(int next, int cpi, byte[] deflated) {
        byte[] all = new byte[4 + deflated.length];
        all[0] = (byte) next;
        all[2] = (byte) (cpi >>> 8);
        all[3] = (byte) cpi;
        System.arraycopy(deflated, 0, all, 4, deflated.length);
        return all;
    }

    @Test
    void whatAnotherMadeIsRead() {
        fill(payload(4, CPI, HexFormat.of().parseHex(BY_ZLIB)));
        assertEquals(4, expander.expand(batch, 0, CPI));
        assertArrayEquals(PLAIN, batch.copy(0));
    }

    @Test
    void thereAndBack() {
        for (int length = Compressor.SMALLEST; length <= Compressor.LARGEST; length += 97) {
            byte[] text = new byte[length];
            for (int i = 0; i < length; i++) {
                text[i] = (byte) ('a' + random.nextInt(4));
            }
            fill(text);
            assertTrue(Compressor.suits(batch, 0));
            assertTrue(compressor.compress(batch, 0, 41, CPI));
            assertTrue(batch.length(0) < length);
            byte[] packed = batch.copy(0);
            assertArrayEquals(new byte[] {41, 0, 0x12, 0x67}, Arrays.copyOf(packed, 4));
            assertEquals(41, expander.expand(batch, 0, CPI));
            assertArrayEquals(text, batch.copy(0));
        }
    }

    /// RFC 3173, 2.2: never longer, and as it was.
    @Test
    void whatDoesNotShrinkIsLeftAlone() {
        for (int length = Compressor.SMALLEST; length <= Compressor.LARGEST; length += 61) {
            byte[] noise = new byte[length];
            random.nextBytes(noise);
            fill(noise);
            assertFalse(compressor.compress(batch, 0, 4, CPI));
            assertArrayEquals(noise, batch.copy(0));
        }
        fill(new byte[Compressor.SMALLEST - 1]);
        assertFalse(Compressor.suits(batch, 0));
        fill(new byte[Compressor.LARGEST + 1]);
        assertFalse(Compressor.suits(batch, 0));
    }

    /// A few octets that would become many; then what just fills the slot.
    @Test
    void aBombDoesNotGoOff() {
        int room = 2400 - 128;
        for (int octets : new int[] {60_000, 1 << 20, room + 1}) {
            byte[] bomb = zeros(octets);
            assertTrue(bomb.length < 1100);
            fill(payload(4, CPI, bomb));
            assertEquals(Expander.WRONG, expander.expand(batch, 0, CPI));
        }
        fill(payload(4, CPI, zeros(room)));
        assertEquals(4, expander.expand(batch, 0, CPI));
        assertArrayEquals(new byte[room], batch.copy(0));
    }

    private static byte[] zeros(int octets) {
        Deflater deflater = new Deflater(9, true);
        deflater.setInput(new byte[octets]);
        deflater.finish();
        byte[] out = new byte[2000];
        int length = deflater.deflate(out);
        deflater.end();
        return Arrays.copyOf(out, length);
    }

    @Test
    void whatIsNoPayloadOfOurs() {
        byte[] good = HexFormat.of().parseHex(BY_ZLIB);
        byte[][] bad = {
            payload(4, CPI + 1, good),
            payload(108, CPI, good),
            payload(4, CPI, Arrays.copyOf(good, good.length - 3)),
            payload(4, CPI, new byte[0]),
            payload(4, CPI, new byte[] {3, 0}), // an empty block
            payload(4, CPI, new byte[] {(byte) 0xff, 1, 2, 3}),
            {4, 0, 0x12},
            {},
        };
        for (byte[] one : bad) {
            fill(one);
            assertEquals(Expander.WRONG, expander.expand(batch, 0, CPI));
        }
        // and the next is read as if they had not been
        fill(payload(4, CPI, good));
        assertEquals(4, expander.expand(batch, 0, CPI));
    }

    /// Octets turned in an honest payload: whatever comes out of it stays in its slot.
    @Test
    void garbageStaysInItsSlot() {
        byte[] good = payload(4, CPI, HexFormat.of().parseHex(BY_ZLIB));
        int passed = 0;
        for (int n = 0; n < 20_000; n++) {
            byte[] turned = good.clone();
            for (int k = random.nextInt(4); k >= 0; k--) {
                turned[4 + random.nextInt(good.length - 4)] = (byte) random.nextInt(256);
            }
            fill(turned);
            if (expander.expand(batch, 0, CPI) != Expander.WRONG) {
                passed++;
                assertTrue(batch.start(0) + batch.length(0) <= batch.slotEnd(0));
            }
        }
        assertTrue(passed > 0 && passed < 20_000, "passed: " + passed);
    }
}
