package io.sallyport.crypto.jce;

import io.sallyport.base.Secret;
import java.security.GeneralSecurityException;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;

/// AES-GMAC for ESP (RFC 4543): AES-GCM that encrypts nothing. The payload stays as it is.
///
/// ```text
///  AAD: | SPI | sequence number | IV | payload |
/// ```
final class GmacAead implements Aead {
    private static final int IV = 8;
    private static final int TAG = 16;

    private final Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    private final RawKey key;

    GmacAead(Secret secret) throws GeneralSecurityException {
        key = RawKey.of("AES", secret);
    }

    @Override
    public void seal(byte[] nonce, byte[] aad, byte[] in, int at, int length, byte[] out) {
        try {
            cipher.init(Cipher.ENCRYPT_MODE, key, new GCMParameterSpec(8 * TAG, nonce));
            cipher.updateAAD(aad);
            cipher.updateAAD(in, at - IV, IV + length);
            cipher.doFinal(in, at, 0, out, at + length);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
        System.arraycopy(in, at, out, at, length);
    }

    @Override
    public boolean open(byte[] nonce, byte[] aad, byte[] in, int at, int length, byte[] out) {
        try {
            cipher.init(Cipher.DECRYPT_MODE, key, new GCMParameterSpec(8 * TAG, nonce));
            cipher.updateAAD(aad);
            cipher.updateAAD(in, at - IV, IV + length);
            cipher.doFinal(in, at + length, TAG, out, at);
        } catch (AEADBadTagException _) {
            return false;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
        System.arraycopy(in, at, out, at, length);
        return true;
    }

    @Override
    public void close() {
        try {
            cipher.init(
                    Cipher.DECRYPT_MODE, key.blank(), new GCMParameterSpec(8 * TAG, new byte[12]));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        } finally {
            key.destroy();
        }
    }
}
