package io.sallyport.crypto.jce;

import io.sallyport.base.Secret;
import io.sallyport.crypto.suite.Encryption;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.ShortBufferException;
import javax.crypto.spec.IvParameterSpec;

/// AES-CCM for ESP (RFC 4309; CCM itself is RFC 3610), which JCE has not: counter mode, and a tag
/// that is the last block of CBC over the plaintext. The length field L has 4 octets.
///
/// ```text
///  B0:   | flags: AAD, tag length, L - 1 | nonce (11) | payload's length (4) |
///  B1:   | AAD's length (2) | AAD, filled up with zeros |
///  Ai:   | L - 1 | nonce (11) | i (4) |          A0 masks the tag, A1 begins with the payload
/// ```
final class CcmAead implements Aead {
    private static final int BLOCK = 16;
    private static final int NONCE = 11;
    private static final int LENGTH_FIELD = 4;

    private final Cipher ctr = Cipher.getInstance("AES/CTR/NoPadding");
    private final Cipher cbc = Cipher.getInstance("AES/CBC/NoPadding");
    private final RawKey key;
    private final int tagOctets;
    private final byte[] counter = new byte[BLOCK];
    private final byte[] head = new byte[2 * BLOCK];
    private final byte[] mask = new byte[BLOCK];
    private final byte[] chain = new byte[BLOCK];
    private byte[] work = new byte[2048];

    CcmAead(Encryption encryption, Secret secret) throws GeneralSecurityException {
        this.key = RawKey.of("AES", secret);
        this.tagOctets = encryption.icvOctets();
        cbc.init(Cipher.ENCRYPT_MODE, key, new IvParameterSpec(chain));
    }

    @Override
    public void seal(byte[] nonce, byte[] aad, byte[] in, int at, int length, byte[] out) {
        authenticate(nonce, aad, in, at, length);
        begin(nonce);
        crypt(in, at, length, out);
        for (int i = 0; i < tagOctets; i++) {
            out[at + length + i] = (byte) (chain[i] ^ mask[i]);
        }
    }

    @Override
    public boolean open(byte[] nonce, byte[] aad, byte[] in, int at, int length, byte[] out) {
        begin(nonce);
        crypt(in, at, length, out);
        authenticate(nonce, aad, out, at, length);
        int different = 0;
        for (int i = 0; i < tagOctets; i++) {
            different |= in[at + length + i] ^ chain[i] ^ mask[i];
        }
        return different == 0;
    }

    private void begin(byte[] nonce) {
        counter[0] = LENGTH_FIELD - 1;
        System.arraycopy(nonce, 0, counter, 1, NONCE);
        try {
            ctr.init(Cipher.ENCRYPT_MODE, key, new IvParameterSpec(counter));
            Arrays.fill(mask, (byte) 0);
            ctr.update(mask, 0, BLOCK, mask, 0);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private void crypt(byte[] in, int at, int length, byte[] out) {
        try {
            ctr.doFinal(in, at, length, out, at);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Leaves the tag, not masked yet, in [#chain].
    private void authenticate(byte[] nonce, byte[] aad, byte[] plain, int at, int length) {
        head[0] = (byte) (0x40 | (tagOctets - 2) / 2 << 3 | LENGTH_FIELD - 1);
        System.arraycopy(nonce, 0, head, 1, NONCE);
        head[12] = (byte) (length >>> 24);
        head[13] = (byte) (length >>> 16);
        head[14] = (byte) (length >>> 8);
        head[15] = (byte) length;
        head[16] = 0;
        head[17] = (byte) aad.length;
        System.arraycopy(aad, 0, head, 18, aad.length);
        Arrays.fill(head, 18 + aad.length, head.length, (byte) 0);
        // The chain of the cipher runs on from packet to packet: out of the first block with it
        for (int i = 0; i < BLOCK; i++) {
            head[i] ^= chain[i];
        }
        int blocks = (length + BLOCK - 1) / BLOCK * BLOCK;
        if (work.length < blocks) {
            work = new byte[Math.max(blocks, 2 * work.length)];
        }
        System.arraycopy(plain, at, work, 0, length);
        Arrays.fill(work, length, blocks, (byte) 0);
        try {
            cbc.update(head, 0, head.length, head, 0);
            System.arraycopy(head, BLOCK, chain, 0, BLOCK);
            if (blocks > 0) {
                cbc.update(work, 0, blocks, work, 0);
                System.arraycopy(work, blocks - BLOCK, chain, 0, BLOCK);
            }
        } catch (ShortBufferException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        Arrays.fill(work, (byte) 0);
        Arrays.fill(chain, (byte) 0);
        try {
            RawKey blank = key.blank();
            ctr.init(Cipher.ENCRYPT_MODE, blank, new IvParameterSpec(chain));
            cbc.init(Cipher.ENCRYPT_MODE, blank, new IvParameterSpec(chain));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        } finally {
            key.destroy();
        }
    }
}
