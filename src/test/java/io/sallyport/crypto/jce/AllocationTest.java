package io.sallyport.crypto.jce;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.sallyport.base.packet.PacketBatch;
import io.sallyport.crypto.engine.PacketCipher;
import io.sallyport.crypto.suite.Encryption;
import io.sallyport.crypto.suite.EspSuite;
import io.sallyport.crypto.suite.Integrity;
import java.lang.foreign.Arena;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Octets allocated for a packet, after warm-up. What there is is JCE's: the tag that `Mac.doFinal`
/// hands out, and the set-up of counter modes and AEADs, which takes its nonce in an object.
class AllocationTest {
    private static final int BURSTS = 12;

    @ParameterizedTest
    @CsvSource({
        "NULL, 0, HMAC_SHA1_96, 64",
        "AES_CBC, 128, HMAC_SHA1_96, 64",
        "AES_CBC, 256, HMAC_SHA2_256_128, 96",
        "TRIPLE_DES_CBC, 192, HMAC_SHA1_96, 64",
        "AES_CTR, 128, HMAC_SHA1_96, 256",
        "AES_GCM_16, 128, NONE, 1536",
        "CHACHA20_POLY1305, 256, NONE, 4096",
    })
    void nothingIsAllocatedForAPacketButByJce(
            Encryption encryption, int bits, Integrity integrity, int most) {
        EspSuite suite = Sealed.suite(encryption, bits, integrity, true);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        try (Arena arena = Arena.ofConfined();
                PacketCipher sealer = Sealed.sealer(suite);
                PacketCipher opener = Sealed.opener(suite)) {
            PacketBatch batch = new PacketBatch(arena, 64, 2048, 0);
            long least = Long.MAX_VALUE; // of all bursts: classes are loaded in the first ones
            for (int burst = 0; burst < BURSTS; burst++) {
                batch.clear();
                for (int i = 0; i < 64; i++) {
                    Sealed.add(batch, suite, burst * 64 + i + 1, 1024);
                }
                long before = threads.getCurrentThreadAllocatedBytes();
                sealer.seal(batch, 0, 64);
                long authentic = opener.open(batch, 0, 64);
                long after = threads.getCurrentThreadAllocatedBytes();
                assertTrue(authentic == -1L);
                least = Math.min(least, (after - before) / 128);
            }
            assertTrue(least <= most, suite + ": " + least + " octets a packet and direction");
        }
    }
}
