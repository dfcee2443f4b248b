package io.sallyport.crypto.mschap;

import java.util.Arrays;

/// MD4 (RFC 1320), which JCE does not have. It is broken as a hash: Windows password hashes are
/// made with it, and nothing else is here.
final class Md4 {
    private static final int BLOCK = 64;
    private static final int[][] SHIFTS = {{3, 7, 11, 19}, {3, 5, 9, 13}, {3, 9, 11, 15}};
    private static final int[] ADDED = {0, 0x5a827999, 0x6ed9eba1};
    private static final int[][] ORDER = {
        {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15},
        {0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15},
        {0, 8, 4, 12, 2, 10, 6, 14, 1, 9, 5, 13, 3, 11, 7, 15}
    };

    private Md4() {}

    /// @return 16 octets
    static byte[] of(byte[] message) {
        int blocks = (message.length + 8) / BLOCK + 1;
        byte[] padded = Arrays.copyOf(message, blocks * BLOCK);
        padded[message.length] = (byte) 0x80;
        writeLong(padded, padded.length - 8, 8L * message.length);
        int[] state = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476};
        for (int at = 0; at < padded.length; at += BLOCK) {
            compress(state, padded, at);
        }
        Arrays.fill(padded, (byte) 0);
        byte[] digest = new byte[16];
        for (int i = 0; i < 4; i++) {
            for (int j = 0; j < 4; j++) {
                digest[4 * i + j] = (byte) (state[i] >>> 8 * j);
            }
        }
        return digest;
    }

    private static void compress(int[] state, byte[] block, int at) {
        int[] x = new int[16];
        for (int i = 0; i < 16; i++) {
            x[i] = readInt(block, at + 4 * i);
        }
        int a = state[0];
        int b = state[1];
        int c = state[2];
        int d = state[3];
        for (int round = 0; round < 3; round++) {
            for (int step = 0; step < 16; step++) {
                int mixed =
                        switch (round) {
                            case 0 -> b & c | ~b & d;
                            case 1 -> b & c | b & d | c & d;
                            default -> b ^ c ^ d;
                        };
                int sum = a + mixed + x[ORDER[round][step]] + ADDED[round];
                a = d;
                d = c;
                c = b;
                b = Integer.rotateLeft(sum, SHIFTS[round][step & 3]);
            }
        }
        Arrays.fill(x, 0);
        state[0] += a;
        state[1] += b;
        state[2] += c;
        state[3] += d;
    }

    private static int readInt(byte[] from, int at) {
        return from[at] & 0xff
                | (from[at + 1] & 0xff) << 8
                | (from[at + 2] & 0xff) << 16
                | (from[at + 3] & 0xff) << 24;
    }

    private static void writeLong(byte[] to, int at, long value) {
        for (int i = 0; i < 8; i++) {
            to[at + i] = (byte) (value >>> 8 * i);
        }
    }
}
