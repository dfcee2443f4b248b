package io.sallyport.crypto.jce;

import io.sallyport.base.Secret;
import io.sallyport.crypto.suite.Encryption;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.IvParameterSpec;

/// AES-GCM with a tag of 8 octets, which JCE does not know.
///
/// SP 800-38D, 7.1: the tag is the leftmost bits of the full one, so that *sealing* makes a full
/// tag and cuts it. *Opening* cannot hand a full tag to JCE: it decrypts in counter mode, seals the
/// outcome again and compares the tags. What it decrypted stays in an array of ours until then.
final class ShortTagGcm implements Aead {
    private static final int TAG = 8;
    private static final int FULL_TAG = 16;

    private final Cipher gcm;
    private final Cipher ctr;
    private final RawKey key;
    private final byte[] counter = new byte[16];
    private byte[] sealed = new byte[2048];

    ShortTagGcm(Encryption encryption, Secret secret) throws GeneralSecurityException {
        key = RawKey.of(JceNames.key(encryption), secret);
        gcm = Cipher.getInstance(JceNames.transformation(encryption));
        ctr = Cipher.getInstance(JceNames.transformation(Encryption.AES_CTR));
    }

    @Override
    public void seal(byte[] nonce, byte[] aad, byte[] in, int at, int length, byte[] out) {
        try {
            gcm.init(Cipher.ENCRYPT_MODE, key, new GCMParameterSpec(8 * FULL_TAG, nonce));
            sealInto(aad, in, at, length);
            System.arraycopy(sealed, 0, out, at, length + TAG);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public boolean open(byte[] nonce, byte[] aad, byte[] in, int at, int length, byte[] out) {
        try {
            // SP 800-38D, 7.2: J0 = nonce | 1 makes the tag, the payload begins with inc(J0).
            System.arraycopy(nonce, 0, counter, 0, nonce.length);
            counter[15] = 2;
            ctr.init(Cipher.DECRYPT_MODE, key, new IvParameterSpec(counter));
            ctr.doFinal(in, at, length, out, at);
            // A second packet with the nonce of the last one is a replay or a forgery; JCE takes it
            // for a nonce used twice unless it has seen another in between: one of another salt,
            // which no packet can have. Nothing sealed here ever leaves.
            nonce[0] ^= 1;
            gcm.init(Cipher.ENCRYPT_MODE, key, new GCMParameterSpec(8 * FULL_TAG, nonce));
            nonce[0] ^= 1;
            gcm.init(Cipher.ENCRYPT_MODE, key, new GCMParameterSpec(8 * FULL_TAG, nonce));
            sealInto(aad, out, at, length);
            return Tags.equal(sealed, length, in, at + length, TAG);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private void sealInto(byte[] aad, byte[] in, int at, int length)
            throws GeneralSecurityException {
        if (sealed.length < length + FULL_TAG) {
            sealed = new byte[Math.max(length + FULL_TAG, 2 * sealed.length)];
        }
        gcm.updateAAD(aad);
        gcm.doFinal(in, at, length, sealed, 0);
    }

    @Override
    public void close() {
        Arrays.fill(sealed, (byte) 0);
        try {
            var blank = key.blank();
            gcm.init(Cipher.DECRYPT_MODE, blank, new GCMParameterSpec(8 * FULL_TAG, new byte[12]));
            ctr.init(Cipher.DECRYPT_MODE, blank, new IvParameterSpec(new byte[16]));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        } finally {
            key.destroy();
        }
    }
}
