package io.sallyport.crypto.jce;

import io.sallyport.base.Secret;
import io.sallyport.crypto.suite.Encryption;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;

/// AES in counter mode (RFC 3686). Encrypting and decrypting are the same.
///
/// ```text
///  counter block: | nonce (4, of the key) | IV (8, of the packet) | 00 00 00 01 |
/// ```
final class CtrPayloads implements PayloadCipher {
    private static final int NONCE = 4;
    private static final int IV = 8;

    private final Cipher cipher;
    private final RawKey key;
    private final byte[] counter = new byte[16];

    CtrPayloads(Encryption encryption, Secret secret) throws GeneralSecurityException {
        int keyOctets = secret.length() - NONCE;
        try (Secret aes = secret.slice(0, keyOctets);
                Secret nonce = secret.slice(keyOctets, secret.length())) {
            key = RawKey.of(JceNames.key(encryption), aes);
            System.arraycopy(nonce.expose(), 0, counter, 0, NONCE);
        }
        // RFC 3686, 4: "The block counter [...] begins with the value of one"
        counter[15] = 1;
        cipher = Cipher.getInstance(JceNames.transformation(encryption));
    }

    @Override
    public void encrypt(byte[] in, int at, int length, byte[] out) {
        System.arraycopy(in, at, counter, NONCE, IV);
        try {
            cipher.init(Cipher.ENCRYPT_MODE, key, new IvParameterSpec(counter));
            cipher.doFinal(in, at + IV, length, out, at + IV);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void decrypt(byte[] in, int at, int length, byte[] out) {
        encrypt(in, at, length, out);
    }

    @Override
    public void close() {
        Arrays.fill(counter, (byte) 0);
        try {
            cipher.init(Cipher.ENCRYPT_MODE, key.blank(), new IvParameterSpec(counter));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        } finally {
            key.destroy();
        }
    }
}
