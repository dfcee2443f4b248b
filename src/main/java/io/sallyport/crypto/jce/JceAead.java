package io.sallyport.crypto.jce;

import io.sallyport.base.Secret;
import io.sallyport.crypto.suite.Encryption;
import java.security.GeneralSecurityException;
import java.security.spec.AlgorithmParameterSpec;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.IvParameterSpec;

/// AES-GCM with tags of 12 and 16 octets (RFC 4106), and ChaCha20-Poly1305 (RFC 7634), as JCE has
/// them. JCE takes a nonce by a parameter object and a new set-up for each packet; that allocation
/// is the price of this engine. In return it refuses to encrypt twice under one nonce.
final class JceAead implements Aead {
    private final Cipher cipher;
    private final RawKey key;
    private final int tagBits;

    JceAead(Encryption encryption, Secret secret) throws GeneralSecurityException {
        this.key = RawKey.of(JceNames.key(encryption), secret);
        this.cipher = Cipher.getInstance(JceNames.transformation(encryption));
        this.tagBits = JceNames.key(encryption).equals("ChaCha20") ? 0 : 8 * encryption.icvOctets();
    }

    private AlgorithmParameterSpec parameters(byte[] nonce) {
        return tagBits == 0 ? new IvParameterSpec(nonce) : new GCMParameterSpec(tagBits, nonce);
    }

    @Override
    public void seal(byte[] nonce, byte[] aad, byte[] in, int at, int length, byte[] out) {
        try {
            cipher.init(Cipher.ENCRYPT_MODE, key, parameters(nonce));
            cipher.updateAAD(aad);
            cipher.doFinal(in, at, length, out, at);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public boolean open(byte[] nonce, byte[] aad, byte[] in, int at, int length, byte[] out) {
        try {
            cipher.init(Cipher.DECRYPT_MODE, key, parameters(nonce));
            cipher.updateAAD(aad);
            int tagOctets = tagBits == 0 ? 16 : tagBits / 8;
            cipher.doFinal(in, at, length + tagOctets, out, at);
            return true;
        } catch (AEADBadTagException _) {
            return false;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        try {
            cipher.init(Cipher.DECRYPT_MODE, key.blank(), parameters(new byte[12]));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        } finally {
            key.destroy();
        }
    }
}
