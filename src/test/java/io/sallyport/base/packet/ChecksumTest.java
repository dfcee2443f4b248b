package io.sallyport.base.packet;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ChecksumTest {
    /// RFC 1071, 2: the sum as it is defined, word by word.
    private static int slowly(byte[] octets) {
        int sum = 0;
        for (int i = 0; i < octets.length; i += 2) {
            int low = i + 1 < octets.length ? octets[i + 1] & 0xff : 0;
            sum += (octets[i] & 0xff) << 8 | low;
            sum = (sum & 0xffff) + (sum >>> 16);
        }
        return ~sum & 0xffff;
    }

    private static MemorySegment memory(byte[] octets, int at) {
        MemorySegment memory = Arena.ofAuto().allocate(at + octets.length + 8, 8);
        memory.fill((byte) 0xa5); // what stands around must not count
        MemorySegment.copy(octets, 0, memory, PacketBatch.U8, at, octets.length);
        return memory;
    }

    @Test
    @DisplayName("RFC 1071, 3: the example")
    void example() {
        byte[] octets = {
            0x00, 0x01, (byte) 0xf2, 0x03, (byte) 0xf4, (byte) 0xf5, (byte) 0xf6, (byte) 0xf7
        };
        assertEquals(0xddf2, Checksum.fold(Checksum.sum(memory(octets, 0), 0, 8)));
    }

    @Test
    @DisplayName("any length at any place is as the slow sum says")
    void slowTruth() {
        Random random = new Random(1071);
        for (int length = 0; length < 1600; length++) {
            byte[] octets = new byte[length];
            random.nextBytes(octets);
            int at = random.nextInt(9);
            assertEquals(
                    slowly(octets),
                    Checksum.of(memory(octets, at), at, length),
                    "length " + length);
        }
    }

    @Test
    @DisplayName("64 KiB of ones do not run over")
    void largest() {
        byte[] octets = new byte[65535];
        Arrays.fill(octets, (byte) 0xff);
        assertEquals(slowly(octets), Checksum.of(memory(octets, 1), 1, octets.length));
    }

    @Test
    @DisplayName("RFC 1624, 4: the example of the incremental update")
    void update() {
        assertEquals(0x0000, Checksum.update(0xdd2f, 0x5555, 0x3285));
    }
}
