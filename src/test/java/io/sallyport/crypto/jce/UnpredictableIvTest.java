package io.sallyport.crypto.jce;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.base.Octets;
import io.sallyport.base.packet.PacketBatch;
import io.sallyport.crypto.engine.PacketCipher;
import io.sallyport.crypto.suite.Encryption;
import io.sallyport.crypto.suite.EspSuite;
import io.sallyport.crypto.suite.Integrity;
import java.lang.foreign.Arena;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// RFC 3602, 3: "The IV MUST be chosen at random, and MUST be unpredictable."
class UnpredictableIvTest {
    private static final int PACKETS = 2048;

    /// Two SAs with the same keys, packets and sequence numbers have no IV in common, none comes
    /// twice, and every bit of them is set about half the time: with 4096 IVs within 8 standard
    /// deviations of 32.
    @ParameterizedTest
    @EnumSource(names = {"AES_CBC", "TRIPLE_DES_CBC", "DES_CBC"})
    void noneComesTwiceAndEveryBitIsEven(Encryption encryption) {
        EspSuite suite =
                Sealed.suite(
                        encryption,
                        encryption.keyBits().getFirst(),
                        Integrity.HMAC_SHA2_256_128,
                        false);
        Set<Octets> seen = new HashSet<>();
        int[] set = new int[8 * encryption.ivOctets()];
        try (Arena arena = Arena.ofConfined();
                PacketCipher one = Sealed.sealer(suite);
                PacketCipher other = Sealed.sealer(suite)) {
            PacketBatch batch = new PacketBatch(arena, 64, 256, 0);
            for (int n = 0; n < PACKETS; n += 64) {
                for (PacketCipher sealer : new PacketCipher[] {one, other}) {
                    batch.clear();
                    for (int i = 0; i < 64; i++) {
                        Sealed.add(batch, suite, n + i + 1, 16);
                    }
                    sealer.seal(batch, 0, 64);
                    for (int i = 0; i < 64; i++) {
                        Octets iv = Sealed.packet(batch, i).slice(8, Sealed.front(suite));
                        seen.add(iv);
                        for (int bit = 0; bit < set.length; bit++) {
                            set[bit] += iv.at(bit / 8) >> bit % 8 & 1;
                        }
                    }
                }
            }
        }
        assertEquals(2 * PACKETS, seen.size());
        for (int count : set) {
            assertTrue(Math.abs(count - PACKETS) < 8 * 32, "a bit was set " + count + " times");
        }
    }
}
