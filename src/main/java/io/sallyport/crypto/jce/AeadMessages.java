package io.sallyport.crypto.jce;

import io.sallyport.base.Octets;
import io.sallyport.base.Secret;
import io.sallyport.crypto.engine.MessageAead;
import io.sallyport.crypto.suite.Cipher;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Optional;

/// AES-GCM and ChaCha20-Poly1305 over IKE messages.
final class AeadMessages implements MessageAead {
    private final Cipher cipher;

    AeadMessages(Cipher cipher) {
        this.cipher = cipher;
    }

    @Override
    public Octets seal(Secret key, Octets iv, Octets aad, Octets plain) {
        byte[] out = new byte[plain.length() + cipher.encryption().icvOctets()];
        byte[] in = Arrays.copyOf(plain.toArray(), out.length);
        Aead aead = aead(key);
        try {
            aead.seal(nonce(key, iv), aad.toArray(), in, 0, plain.length(), out);
            return Octets.owned(out);
        } finally {
            Arrays.fill(in, (byte) 0);
            aead.close();
        }
    }

    @Override
    public Optional<Octets> open(Secret key, Octets iv, Octets aad, Octets sealed) {
        int length = sealed.length() - cipher.encryption().icvOctets();
        if (length < 0) {
            return Optional.empty();
        }
        byte[] out = new byte[sealed.length()];
        Aead aead = aead(key);
        try {
            return aead.open(nonce(key, iv), aad.toArray(), sealed.toArray(), 0, length, out)
                    ? Optional.of(Octets.owned(Arrays.copyOf(out, length)))
                    : Optional.empty();
        } finally {
            Arrays.fill(out, (byte) 0);
            aead.close();
        }
    }

    private byte[] nonce(Secret key, Octets iv) {
        if (iv.length() != cipher.encryption().ivOctets()) {
            throw new IllegalArgumentException(cipher + " with an IV of " + iv.length());
        }
        byte[] nonce = new byte[cipher.encryption().saltOctets() + iv.length()];
        try (Secret salt = key.slice(cipher.keyOctets(), cipher.keyingOctets())) {
            byte[] exposed = salt.expose();
            System.arraycopy(exposed, 0, nonce, 0, exposed.length);
        }
        iv.buffer().get(nonce, cipher.encryption().saltOctets(), iv.length());
        return nonce;
    }

    private Aead aead(Secret key) {
        if (key.length() != cipher.keyingOctets()) {
            throw new IllegalArgumentException(cipher + " with a key of " + key.length());
        }
        try (Secret bare = key.slice(0, cipher.keyOctets())) {
            return cipher.encryption().icvOctets() < 12
                    ? new ShortTagGcm(cipher.encryption(), bare)
                    : new JceAead(cipher.encryption(), bare);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
