package io.sallyport.crypto.jce;

import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.ShortBufferException;
import javax.crypto.spec.SecretKeySpec;

/// Where the IVs of an outbound SA come from. One thread.
interface InitialVectors {
    /// Octets of an SPI and a sequence number; the IV follows them.
    int HEADER = 8;

    /// Writes the IV behind SPI and sequence number, which are in place already.
    void write(byte[] packet, int sequenceHigh);

    /// The extended sequence number, which never comes twice under one key: the SA ends before it
    /// would (RFC 4303, 3.3.3).
    ///
    /// RFC 3686, 3.1: "The IV MUST be chosen by the encryptor in a manner that ensures that the
    /// same IV value is used only once for a given key." RFC 4106, 3.1: "For a given key, the IV
    /// MUST NOT repeat." RFC 7634, 2, too, asks for uniqueness and not for unpredictability.
    static InitialVectors sequence() {
        return (packet, sequenceHigh) -> {
            packet[HEADER] = (byte) (sequenceHigh >>> 24);
            packet[HEADER + 1] = (byte) (sequenceHigh >>> 16);
            packet[HEADER + 2] = (byte) (sequenceHigh >>> 8);
            packet[HEADER + 3] = (byte) sequenceHigh;
            System.arraycopy(packet, 4, packet, HEADER + 4, 4);
        };
    }

    /// For NULL.
    static InitialVectors none() {
        return (_, _) -> {};
    }

    /// For CBC. RFC 3602, 3: "The IV MUST be chosen at random, and MUST be unpredictable." Who can
    /// foretell the next IV, and has a packet of his choice encrypted, can test guesses at earlier
    /// blocks (a sequence number as IV was CVE-2022-46397 of another gateway). We encrypt a counter
    /// with AES under a key that is random, this SA's own, and used for nothing else: without that
    /// key the outcome cannot be told from random octets, and it costs one block.
    static InitialVectors unpredictable(int octets, SecureRandom random)
            throws GeneralSecurityException {
        return new Encrypted(octets, random);
    }

    /// See [#unpredictable].
    final class Encrypted implements InitialVectors {
        private static final int BLOCK = 16;

        private final Cipher aes = Cipher.getInstance("AES/ECB/NoPadding");
        private final byte[] counter = new byte[BLOCK];
        private final byte[] block = new byte[BLOCK];
        private final int octets;

        private Encrypted(int octets, SecureRandom random) throws GeneralSecurityException {
            byte[] key = new byte[BLOCK];
            random.nextBytes(key);
            aes.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"));
            Arrays.fill(key, (byte) 0);
            this.octets = octets;
        }

        @Override
        public void write(byte[] packet, int sequenceHigh) {
            for (int i = BLOCK - 1; i >= 0 && ++counter[i] == 0; i--) {}
            try {
                aes.update(counter, 0, BLOCK, block, 0);
            } catch (ShortBufferException e) {
                throw new IllegalStateException(e);
            }
            System.arraycopy(block, 0, packet, HEADER, octets);
        }
    }
}
