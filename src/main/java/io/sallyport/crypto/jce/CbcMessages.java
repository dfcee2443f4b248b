package io.sallyport.crypto.jce;

import io.sallyport.base.Octets;
import io.sallyport.base.Secret;
import io.sallyport.crypto.engine.MessageCipher;
import io.sallyport.crypto.suite.Cipher;
import java.security.GeneralSecurityException;
import javax.crypto.spec.IvParameterSpec;

/// CBC over IKE messages, without padding.
final class CbcMessages implements MessageCipher {
    private final Cipher cipher;

    CbcMessages(Cipher cipher) {
        this.cipher = cipher;
    }

    @Override
    public Octets encrypt(Secret key, Octets iv, Octets plain) {
        return run(javax.crypto.Cipher.ENCRYPT_MODE, key, iv, plain);
    }

    @Override
    public Octets decrypt(Secret key, Octets iv, Octets sealed) {
        return run(javax.crypto.Cipher.DECRYPT_MODE, key, iv, sealed);
    }

    private Octets run(int mode, Secret key, Octets iv, Octets in) {
        if (key.length() != cipher.keyOctets()
                || iv.length() != cipher.encryption().blockOctets()
                || in.length() % cipher.encryption().blockOctets() != 0) {
            throw new IllegalArgumentException(
                    cipher
                            + (" with a key of " + key.length())
                            + (", an IV of " + iv.length())
                            + (" and " + in.length() + " octets of data"));
        }
        RawKey raw = RawKey.of(JceNames.key(cipher.encryption()), key);
        try {
            var jce = javax.crypto.Cipher.getInstance(JceNames.transformation(cipher.encryption()));
            jce.init(mode, raw, new IvParameterSpec(iv.toArray()));
            return Octets.owned(jce.doFinal(in.toArray()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        } finally {
            raw.destroy();
        }
    }
}
