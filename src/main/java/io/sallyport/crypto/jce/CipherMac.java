package io.sallyport.crypto.jce;

import io.sallyport.base.Secret;
import io.sallyport.crypto.suite.Prf;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.Key;
import java.security.spec.AlgorithmParameterSpec;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.MacSpi;
import javax.crypto.ShortBufferException;
import javax.crypto.spec.IvParameterSpec;
import org.jspecify.annotations.Nullable;

/// AES-XCBC-MAC (RFC 3566) and AES-CMAC (RFC 4493), which JCE has not: the last block of CBC, whose
/// last block of input was mixed with one of two keys.
///
/// ```text
///            chain key       last block whole     last block padded with 10...0
///  XCBC      E(K, 01 01 ..)  E(K, 02 02 ..)       E(K, 03 03 ..)
///  CMAC      K               2 L                  4 L             with L = E(K, 0), in GF(2^128)
/// ```
final class CipherMac extends MacSpi {
    static final String XCBC = "AesXcbc";
    static final String CMAC = "AesCmac";

    private static final int BLOCK = 16;
    private static final int CHUNK = 1024;

    private final boolean xcbc;
    private final byte[] whole = new byte[BLOCK];
    private final byte[] padded = new byte[BLOCK];
    private final byte[] last = new byte[BLOCK];

    /// What went through last: the chain of a JCE cipher cannot be set back without an allocation,
    /// so it is taken out of the next message's first block.
    private final byte[] chain = new byte[BLOCK];

    private final byte[] sink = new byte[CHUNK];
    private @Nullable Cipher cbc;
    private int held;
    private boolean begun;

    private CipherMac(boolean xcbc) {
        this.xcbc = xcbc;
    }

    private static final class Own extends Mac {
        Own(MacSpi spi, String name) {
            super(spi, null, name);
        }
    }

    /// As `Mac.getInstance`, for these as well.
    static Mac find(String name) throws GeneralSecurityException {
        if (name.equals(XCBC) || name.equals(CMAC)) {
            Cipher.getInstance("AES/CBC/NoPadding");
            return new Own(new CipherMac(name.equals(XCBC)), name);
        }
        return Mac.getInstance(name);
    }

    /// The key of a PRF of this kind, which may be of any length (RFC 4434, 2; RFC 4615, 3).
    static RawKey prfKey(Prf prf, Secret key) {
        if (key.length() == BLOCK) {
            return RawKey.of("AES", key);
        }
        byte[] octets = key.expose();
        byte[] fixed;
        if (prf == Prf.AES128_XCBC && octets.length < BLOCK) {
            fixed = Arrays.copyOf(octets, BLOCK);
        } else {
            try {
                Mac mac = find(prf.jceName());
                mac.init(RawKey.of("AES", Secret.owned(new byte[BLOCK])));
                fixed = mac.doFinal(octets);
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
        }
        Arrays.fill(octets, (byte) 0);
        try (Secret made = Secret.owned(fixed)) {
            return RawKey.of("AES", made);
        }
    }

    @Override
    protected int engineGetMacLength() {
        return BLOCK;
    }

    @Override
    protected void engineInit(Key key, @Nullable AlgorithmParameterSpec parameters)
            throws InvalidKeyException {
        if (key.getEncoded() == null || key.getEncoded().length != BLOCK) {
            throw new InvalidKeyException("AES-128 key expected");
        }
        try {
            Cipher ecb = Cipher.getInstance("AES/ECB/NoPadding");
            ecb.init(Cipher.ENCRYPT_MODE, own(key.getEncoded()));
            byte[] chaining = key.getEncoded();
            if (xcbc) {
                chaining = ecb.doFinal(all(1));
                copy(ecb.doFinal(all(2)), whole);
                copy(ecb.doFinal(all(3)), padded);
            } else {
                copy(ecb.doFinal(all(0)), whole);
                twice(whole);
                copy(whole, padded);
                twice(padded);
            }
            Cipher made = Cipher.getInstance("AES/CBC/NoPadding");
            Arrays.fill(chain, (byte) 0);
            made.init(Cipher.ENCRYPT_MODE, own(chaining), new IvParameterSpec(chain));
            Arrays.fill(chaining, (byte) 0);
            cbc = made;
            begun = false;
            held = 0;
        } catch (InvalidKeyException e) {
            throw e;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Key own(byte[] octets) {
        try (Secret secret = Secret.of(octets)) {
            return RawKey.of("AES", secret);
        }
    }

    private static byte[] all(int octet) {
        byte[] block = new byte[BLOCK];
        Arrays.fill(block, (byte) octet);
        return block;
    }

    private static void copy(byte[] from, byte[] to) {
        System.arraycopy(from, 0, to, 0, BLOCK);
    }

    /// RFC 4493, 2.3: one bit to the left, and 0x87 to the last octet for a bit that falls out.
    private static void twice(byte[] block) {
        int carry = block[0] < 0 ? 0x87 : 0;
        for (int i = 0; i < BLOCK; i++) {
            int next = i + 1 < BLOCK ? (block[i + 1] & 0xff) >>> 7 : 0;
            block[i] = (byte) (block[i] << 1 | next);
        }
        block[BLOCK - 1] ^= (byte) carry;
    }

    @Override
    protected void engineUpdate(byte input) {
        engineUpdate(new byte[] {input}, 0, 1);
    }

    @Override
    protected void engineUpdate(byte[] input, int offset, int length) {
        int at = offset;
        int left = length;
        // The last block, whole or not, waits for the end
        while (left > 0) {
            if (held == BLOCK) {
                through(last, 0, BLOCK);
                held = 0;
            }
            if (held == 0 && begun && left > BLOCK) {
                int blocks = Math.min((left - 1) / BLOCK * BLOCK, CHUNK);
                through(input, at, blocks);
                at += blocks;
                left -= blocks;
                continue;
            }
            int count = Math.min(BLOCK - held, left);
            System.arraycopy(input, at, last, held, count);
            held += count;
            at += count;
            left -= count;
        }
    }

    /// The first block of a message always comes by [#last].
    private void through(byte[] input, int at, int length) {
        Cipher cipher = cbc;
        if (cipher == null) {
            throw new IllegalStateException("no key");
        }
        if (!begun) {
            begun = true;
            for (int i = 0; i < BLOCK; i++) {
                last[i] ^= chain[i];
            }
        }
        try {
            cipher.update(input, at, length, sink, 0);
        } catch (ShortBufferException e) {
            throw new IllegalStateException(e);
        }
        System.arraycopy(sink, length - BLOCK, chain, 0, BLOCK);
    }

    @Override
    protected byte[] engineDoFinal() {
        byte[] key = whole;
        if (held < BLOCK) {
            last[held] = (byte) 0x80;
            Arrays.fill(last, held + 1, BLOCK, (byte) 0);
            key = padded;
        }
        for (int i = 0; i < BLOCK; i++) {
            last[i] ^= key[i];
        }
        through(last, 0, BLOCK);
        engineReset();
        return chain.clone();
    }

    @Override
    protected void engineReset() {
        held = 0;
        begun = false;
    }
}
