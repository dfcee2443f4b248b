package io.sallyport.crypto.jce;

import io.sallyport.base.Octets;
import io.sallyport.base.Secret;
import io.sallyport.crypto.camellia.Camellia;
import io.sallyport.crypto.engine.MessageCipher;
import java.util.Arrays;

/// Camellia in CBC mode (RFC 4312): of ESP's payloads, and of whole messages.
final class CamelliaPayloads implements PayloadCipher {
    private static final int BLOCK = Camellia.BLOCK;

    private final Camellia camellia;
    private final byte[] block = new byte[BLOCK];

    CamelliaPayloads(Secret key) {
        byte[] octets = key.expose();
        camellia = new Camellia(octets);
        Arrays.fill(octets, (byte) 0);
    }

    @Override
    public void encrypt(byte[] in, int at, int length, byte[] out) {
        System.arraycopy(in, at, block, 0, BLOCK);
        int end = at + BLOCK + length;
        for (int p = at + BLOCK; p < end; p += BLOCK) {
            for (int i = 0; i < BLOCK; i++) {
                block[i] ^= in[p + i];
            }
            camellia.encrypt(block, 0, block, 0);
            System.arraycopy(block, 0, out, p, BLOCK);
        }
    }

    @Override
    public void decrypt(byte[] in, int at, int length, byte[] out) {
        int end = at + BLOCK + length;
        for (int p = at + BLOCK; p < end; p += BLOCK) {
            camellia.decrypt(in, p, block, 0);
            for (int i = 0; i < BLOCK; i++) {
                out[p + i] = (byte) (block[i] ^ in[p - BLOCK + i]);
            }
        }
    }

    @Override
    public void close() {
        camellia.close();
        Arrays.fill(block, (byte) 0);
    }

    /// For IKE.
    static MessageCipher messages(int keyOctets) {
        return new MessageCipher() {
            @Override
            public Octets encrypt(Secret key, Octets iv, Octets plain) {
                return run(key, iv, plain, true);
            }

            @Override
            public Octets decrypt(Secret key, Octets iv, Octets sealed) {
                return run(key, iv, sealed, false);
            }

            private Octets run(Secret key, Octets iv, Octets text, boolean encrypts) {
                if (key.length() != keyOctets
                        || iv.length() != BLOCK
                        || text.length() % BLOCK != 0) {
                    throw new IllegalArgumentException(
                            "Camellia with a key of "
                                    + key.length()
                                    + ", an IV of "
                                    + iv.length()
                                    + " and "
                                    + text.length()
                                    + " octets of data");
                }
                byte[] in = Octets.concat(iv, text).toArray();
                byte[] out = new byte[in.length];
                CamelliaPayloads payloads = new CamelliaPayloads(key);
                if (encrypts) {
                    payloads.encrypt(in, 0, text.length(), out);
                } else {
                    payloads.decrypt(in, 0, text.length(), out);
                }
                payloads.close();
                return Octets.owned(Arrays.copyOfRange(out, BLOCK, out.length));
            }
        };
    }
}
