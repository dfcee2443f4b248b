package io.sallyport.crypto.jce;

import io.sallyport.base.Secret;
import io.sallyport.crypto.suite.Encryption;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.ShortBufferException;
import javax.crypto.spec.IvParameterSpec;

/// CBC over the payloads of one SA: the JCE cipher is set up once and never again, for setting an
/// IV in JCE means an allocation and a key comparison for each packet.
///
/// Its chaining value runs on from packet to packet instead. *Encrypting*, the first block gets `IV
/// xor chain` added beforehand, where `chain` is the last block of ciphertext that went through:
/// the cipher adds `chain` again, and what it encrypts is `P1 xor IV`. *Decrypting*, the IV goes
/// through the cipher like a block of ciphertext: its "plaintext" is thrown away, and after it the
/// chaining value is the IV.
final class CbcPayloads implements PayloadCipher {
    private final Cipher cipher;
    private final RawKey key;
    private final int mode;
    private final int block;
    private final byte[] chain;

    CbcPayloads(Encryption encryption, Secret secret, int mode) throws GeneralSecurityException {
        this.key = RawKey.of(JceNames.key(encryption), secret);
        this.mode = mode;
        this.block = encryption.blockOctets();
        this.chain = new byte[block];
        this.cipher = Cipher.getInstance(JceNames.transformation(encryption));
        cipher.init(mode, key, new IvParameterSpec(chain));
    }

    @Override
    public void encrypt(byte[] in, int at, int length, byte[] out) {
        int payload = at + block;
        if (length == 0) {
            return;
        }
        for (int i = 0; i < block; i++) {
            in[payload + i] = (byte) (in[payload + i] ^ in[at + i] ^ chain[i]);
        }
        run(in, payload, length, out);
        System.arraycopy(out, payload + length - block, chain, 0, block);
    }

    @Override
    public void decrypt(byte[] in, int at, int length, byte[] out) {
        run(in, at, block + length, out);
    }

    private void run(byte[] in, int from, int length, byte[] out) {
        try {
            int done = cipher.update(in, from, length, out, from);
            if (done != length) {
                throw new IllegalStateException("cipher kept " + (length - done) + " octets");
            }
        } catch (ShortBufferException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        Arrays.fill(chain, (byte) 0);
        try {
            cipher.init(mode, key.blank(), new IvParameterSpec(chain));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        } finally {
            key.destroy();
        }
    }
}
