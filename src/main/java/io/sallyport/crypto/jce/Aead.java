package io.sallyport.crypto.jce;

import io.sallyport.base.Secret;
import io.sallyport.crypto.suite.Encryption;
import java.security.GeneralSecurityException;

/// An AEAD over one packet at a time, from `in` to the same place in `out`. One thread.
///
/// ```text
///  at: | payload (length) | tag |
/// ```
interface Aead {
    /// Writes ciphertext and tag.
    void seal(byte[] nonce, byte[] aad, byte[] in, int at, int length, byte[] out);

    /// Writes the plaintext and says whether it is authentic. If it is not, what `out` holds must
    /// not be released.
    boolean open(byte[] nonce, byte[] aad, byte[] in, int at, int length, byte[] out);

    /// Forgets the key.
    void close();

    /// The one for `encryption`, whose key without salt is copied.
    static Aead of(Encryption encryption, Secret key) throws GeneralSecurityException {
        return switch (encryption) {
            case AES_GCM_8 -> new ShortTagGcm(encryption, key);
            case AES_GMAC -> new GmacAead(key);
            case AES_CCM_8, AES_CCM_8_IIV, AES_CCM_12, AES_CCM_16 -> new CcmAead(encryption, key);
            default -> new JceAead(encryption, key);
        };
    }
}
