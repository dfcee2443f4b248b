package io.sallyport.crypto.jce;

import io.sallyport.base.Octets;
import io.sallyport.base.Secret;
import io.sallyport.crypto.engine.MessageCipher;
import io.sallyport.crypto.suite.Cipher;
import java.security.GeneralSecurityException;
import java.util.Arrays;

/// AES-CTR over IKE messages (RFC 5930): the key with its nonce, and an IV of 8 octets as in ESP.
final class CtrMessages implements MessageCipher {
    private final Cipher cipher;

    CtrMessages(Cipher cipher) {
        this.cipher = cipher;
    }

    @Override
    public Octets encrypt(Secret key, Octets iv, Octets plain) {
        if (key.length() != cipher.keyingOctets()
                || iv.length() != cipher.encryption().ivOctets()) {
            throw new IllegalArgumentException(
                    cipher + " with a key of " + key.length() + " and an IV of " + iv.length());
        }
        byte[] in = Octets.concat(iv, plain).toArray();
        byte[] out = new byte[in.length];
        PayloadCipher ctr = payloads(key);
        try {
            ctr.encrypt(in, 0, plain.length(), out);
            return Octets.owned(Arrays.copyOfRange(out, iv.length(), out.length));
        } finally {
            Arrays.fill(in, (byte) 0);
            ctr.close();
        }
    }

    @Override
    public Octets decrypt(Secret key, Octets iv, Octets sealed) {
        return encrypt(key, iv, sealed);
    }

    private PayloadCipher payloads(Secret key) {
        try {
            return new CtrPayloads(cipher.encryption(), key);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
