package io.sallyport.crypto.jce;

import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.ShortBufferException;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// IVs for CBC. RFC 3602, 3: "The IV MUST be chosen at random, and MUST be unpredictable." Who can
/// foretell the next IV, and has a packet of his choice encrypted, can test guesses at earlier
/// blocks (a sequence number as IV was CVE-2022-46397 of another gateway).
///
/// The key stream of AES in counter mode under a key that is random, one SA's own, and used for
/// nothing else: without that key the outcome cannot be told from random octets. It is made many
/// IVs at a time, which costs a tenth of what one at a time does. One thread.
public final class IvStream {
    /// 32 IVs of AES.
    private static final int AHEAD = 512;

    private static final byte[] ZEROS = new byte[AHEAD];

    private final Cipher stream;
    private final byte[] ready = new byte[AHEAD];
    private int used = AHEAD;

    /// @param random where the key comes from
    public IvStream(SecureRandom random) throws GeneralSecurityException {
        byte[] key = new byte[16];
        random.nextBytes(key);
        stream = Cipher.getInstance("AES/CTR/NoPadding");
        stream.init(
                Cipher.ENCRYPT_MODE,
                new SecretKeySpec(key, "AES"),
                new IvParameterSpec(ZEROS, 0, 16));
        Arrays.fill(key, (byte) 0);
    }

    /// Makes the next `octets` octets, at most 16, ready: they begin at the returned place of
    /// [#octets()].
    public int next(int octets) {
        if (used + octets > AHEAD) {
            try {
                stream.update(ZEROS, 0, AHEAD, ready, 0);
            } catch (ShortBufferException e) {
                throw new IllegalStateException(e);
            }
            used = 0;
        }
        int at = used;
        used += octets;
        return at;
    }

    /// See [#next]; not to be written.
    public byte[] octets() {
        return ready;
    }
}
