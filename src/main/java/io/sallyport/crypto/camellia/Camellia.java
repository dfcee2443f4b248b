package io.sallyport.crypto.camellia;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HexFormat;

/// The block cipher Camellia (RFC 3713): blocks of 16 octets, keys of 16, 24 or 32.
///
/// ```text
///  key schedule        KL, KR, KA, KB  ->  kw1..4 (whitening), k1..18 or 24 (rounds), ke1..4 or 6
///  a block             kw | six rounds | FL, FLINV | six rounds | ... | kw
/// ```
///
/// It looks up secret-dependent places of tables (16 KiB), as most implementations in software do:
/// who can measure this machine's cache may learn of the key. `SECURITY.md` says so. One thread.
public final class Camellia implements AutoCloseable {
    public static final int BLOCK = 16;

    private static final VarHandle WORD =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final int SIX = 6;

    private static final byte[] SBOX1 =
            HexFormat.of()
                    .parseHex(
                            """
                            70822cecb327c0e5e4855735ea0cae4123ef6b934519a521ed0e4f4e1d6592bd
                            86b8af8f7ceb1fce3e30dc5f5ec50b1aa6e139cad5475d3dd9015ad651566c4d
                            8b0d9a66fbccb02d74122b20f0b18499df4ccbc2347e76056db7a931d11704d7
                            14583a61de1b111c320f9c165318f222fe44cfb2c3b57a912408e8a860fc6950
                            aad0a07da1896297545b1e95e0ff64d210c40048a3f775db8a03e6da093fdd94
                            875c8302cd4a90337367f6f39d7fbfe2529bd826c837c63b81966f4b13be632e
                            e979a78c9f6ebc8e29f5f9b62ffdb4597898066ae74671bad425ab4288a28dfa
                            7207b955f8eeac0a36492a683c38f1a44028d37bbbc943c115e3adf477c7809e
                            """
                                    .replaceAll("\\s", ""));

    /// What each octet of F's input, the first one at 0, contributes to its output.
    private static final long[] SP = sp();

    private static final long[] SIGMA = {
        0xa09e667f3bcc908bL,
        0xb67ae8584caa73b2L,
        0xc6ef372fe94f82beL,
        0x54ff53a5f1d36f1cL,
        0x10e527fade682d1dL,
        0xb05688c2b3e6c1fdL
    };

    private final int groups;
    private final long[] whitening = new long[4];
    private final long[] rounds;
    private final long[] layers;

    /// @throws IllegalArgumentException if the key is not of 16, 24 or 32 octets
    public Camellia(byte[] key) {
        if (key.length != 16 && key.length != 24 && key.length != 32) {
            throw new IllegalArgumentException("Camellia with a key of " + key.length + " octets");
        }
        groups = key.length == 16 ? 3 : 4;
        rounds = new long[SIX * groups];
        layers = new long[2 * (groups - 1)];
        long[] kl = {word(key, 0), word(key, 8)};
        long[] kr = new long[2];
        if (key.length > 16) {
            kr[0] = word(key, 16);
            kr[1] = key.length == 32 ? word(key, 24) : ~kr[0];
        }
        long[] ka = {kl[0] ^ kr[0], kl[1] ^ kr[1]};
        two(ka, 0);
        ka[0] ^= kl[0];
        ka[1] ^= kl[1];
        two(ka, 2);
        if (groups == 3) {
            schedule128(kl, ka);
        } else {
            long[] kb = {ka[0] ^ kr[0], ka[1] ^ kr[1]};
            two(kb, 4);
            schedule256(kl, kr, ka, kb);
            Arrays.fill(kb, 0);
        }
        Arrays.fill(kl, 0);
        Arrays.fill(kr, 0);
        Arrays.fill(ka, 0);
    }

    private static void two(long[] d, int sigma) {
        d[1] ^= f(d[0], SIGMA[sigma]);
        d[0] ^= f(d[1], SIGMA[sigma + 1]);
    }

    private static long word(byte[] in, int at) {
        return (long) WORD.get(in, at);
    }

    /// RFC 3713, 2.2, table of the subkeys for 128 bits. Two of them, k9 and k10, are halves of
    /// different rotations.
    private void schedule128(long[] kl, long[] ka) {
        put(whitening, 0, kl, 0);
        put(rounds, 0, ka, 0);
        put(rounds, 2, kl, 15);
        put(rounds, 4, ka, 15);
        put(layers, 0, ka, 30);
        put(rounds, 6, kl, 45);
        put(rounds, 8, kl, 60);
        rounds[8] = high(ka, 45);
        put(rounds, 10, ka, 60);
        put(layers, 2, kl, 77);
        put(rounds, 12, kl, 94);
        put(rounds, 14, ka, 94);
        put(rounds, 16, kl, 111);
        put(whitening, 2, ka, 111);
    }

    private void schedule256(long[] kl, long[] kr, long[] ka, long[] kb) {
        put(whitening, 0, kl, 0);
        put(rounds, 0, kb, 0);
        put(rounds, 2, kr, 15);
        put(rounds, 4, ka, 15);
        put(layers, 0, kr, 30);
        put(rounds, 6, kb, 30);
        put(rounds, 8, kl, 45);
        put(rounds, 10, ka, 45);
        put(layers, 2, kl, 60);
        put(rounds, 12, kr, 60);
        put(rounds, 14, kb, 60);
        put(rounds, 16, kl, 77);
        put(layers, 4, ka, 77);
        put(rounds, 18, kr, 94);
        put(rounds, 20, ka, 94);
        put(rounds, 22, kl, 111);
        put(whitening, 2, kb, 111);
    }

    private static void put(long[] into, int at, long[] of, int rotated) {
        into[at] = high(of, rotated);
        into[at + 1] = high(of, rotated + 64);
    }

    /// The upper half of 128 bits rotated to the left.
    private static long high(long[] of, int rotated) {
        long first = of[rotated >>> 6 & 1];
        long second = of[(rotated >>> 6 & 1) ^ 1];
        int bits = rotated & 63;
        return bits == 0 ? first : first << bits | second >>> 64 - bits;
    }

    /// One block from `in` to `out`, which may be the same place.
    public void encrypt(byte[] in, int from, byte[] out, int to) {
        long left = word(in, from) ^ whitening[0];
        long right = word(in, from + 8) ^ whitening[1];
        for (int group = 0; group < groups; group++) {
            if (group > 0) {
                left = fl(left, layers[2 * group - 2]);
                right = inverse(right, layers[2 * group - 1]);
            }
            for (int i = SIX * group; i < SIX * group + SIX; i += 2) {
                right ^= f(left, rounds[i]);
                left ^= f(right, rounds[i + 1]);
            }
        }
        WORD.set(out, to, right ^ whitening[2]);
        WORD.set(out, to + 8, left ^ whitening[3]);
    }

    /// One block from `in` to `out`, which may be the same place.
    public void decrypt(byte[] in, int from, byte[] out, int to) {
        long left = word(in, from) ^ whitening[2];
        long right = word(in, from + 8) ^ whitening[3];
        for (int group = groups - 1; group >= 0; group--) {
            for (int i = SIX * group + SIX - 1; i > SIX * group; i -= 2) {
                right ^= f(left, rounds[i]);
                left ^= f(right, rounds[i - 1]);
            }
            if (group > 0) {
                left = fl(left, layers[2 * group - 1]);
                right = inverse(right, layers[2 * group - 2]);
            }
        }
        WORD.set(out, to, right ^ whitening[0]);
        WORD.set(out, to + 8, left ^ whitening[1]);
    }

    private static long fl(long x, long key) {
        int left = (int) (x >>> 32);
        int right = (int) x ^ Integer.rotateLeft(left & (int) (key >>> 32), 1);
        return (long) (left ^ (right | (int) key)) << 32 | right & 0xffffffffL;
    }

    private static long inverse(long y, long key) {
        int right = (int) y;
        int left = (int) (y >>> 32) ^ (right | (int) key);
        right ^= Integer.rotateLeft(left & (int) (key >>> 32), 1);
        return (long) left << 32 | right & 0xffffffffL;
    }

    private static long f(long in, long key) {
        long x = in ^ key;
        return SP[(int) (x >>> 56)]
                ^ SP[0x100 | (int) (x >>> 48) & 0xff]
                ^ SP[0x200 | (int) (x >>> 40) & 0xff]
                ^ SP[0x300 | (int) (x >>> 32) & 0xff]
                ^ SP[0x400 | (int) (x >>> 24) & 0xff]
                ^ SP[0x500 | (int) (x >>> 16) & 0xff]
                ^ SP[0x600 | (int) (x >>> 8) & 0xff]
                ^ SP[0x700 | (int) x & 0xff];
    }

    /// S and P of RFC 3713, 2.4.1 in one: which octets of the output y1 .. y8 have t1 .. t8 in
    /// them.
    private static long[] sp() {
        long[] spread = {
            0xffffff00_ff0000ffL,
            0x00ffffff_ffff0000L,
            0xff00ffff_00ffff00L,
            0xffff00ff_0000ffffL,
            0x00ffffff_00ffffffL,
            0xff00ffff_ff00ffffL,
            0xffff00ff_ffff00ffL,
            0xffffff00_ffffff00L
        };
        int[] box = {1, 2, 3, 4, 2, 3, 4, 1};
        long[] sp = new long[8 * 256];
        for (int i = 0; i < 8; i++) {
            for (int v = 0; v < 256; v++) {
                long octet = substituted(box[i], v);
                sp[i << 8 | v] = octet * 0x0101010101010101L & spread[i];
            }
        }
        return sp;
    }

    private static int substituted(int box, int v) {
        int s = SBOX1[box == 4 ? (v << 1 | v >>> 7) & 0xff : v] & 0xff;
        return switch (box) {
            case 2 -> (s << 1 | s >>> 7) & 0xff;
            case 3 -> (s >>> 1 | s << 7) & 0xff;
            default -> s;
        };
    }

    /// Forgets the key.
    @Override
    public void close() {
        Arrays.fill(whitening, 0);
        Arrays.fill(rounds, 0);
        Arrays.fill(layers, 0);
    }
}
