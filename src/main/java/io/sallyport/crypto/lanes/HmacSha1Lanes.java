package io.sallyport.crypto.lanes;

import static io.sallyport.base.packet.PacketBatch.BE32;

import io.sallyport.base.Secret;
import io.sallyport.base.packet.PacketBatch;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/// HMAC-SHA1 (RFC 2104, FIPS 180-4) of up to 64 messages side by side.
///
/// Every variable of SHA-1 is an array with a place for each message, every step a loop over the
/// places: such loops the just-in-time compiler turns into vector instructions, while one SHA-1 is
/// a chain in which each step waits for the last. Messages are of a multiple of 4 octets, as ESP
/// with CBC is. One thread.
public final class HmacSha1Lanes {
    private static final int LANES = PacketBatch.MOST;
    private static final int BLOCK = 64;
    private static final int WORDS = 16;
    private static final int END = 0x80000000;
    private static final int DIGEST = 20;
    private static final int[] START = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0};

    // One place until a run comes: most SAs never see a long one
    private int[][] words = new int[WORDS][1];
    private int[][] state = new int[START.length][1];
    private int[][] work = new int[START.length][1];
    private int[][] result = new int[START.length][1];
    private int[] start = new int[1];
    private int[] length = new int[1];
    private int[] hashed = new int[1];
    private int[] behind = new int[1];
    private final int[] inner;
    private final int[] outer;
    private int count;

    /// @param key at most 64 octets
    public HmacSha1Lanes(Secret key) {
        byte[] block = Arrays.copyOf(key.expose(), BLOCK);
        inner = pad(block, 0x36);
        outer = pad(block, 0x5c);
        Arrays.fill(block, (byte) 0);
    }

    private int[] pad(byte[] block, int with) {
        for (int t = 0; t < WORDS; t++) {
            int word = 0;
            for (int k = 0; k < 4; k++) {
                word = word << 8 | (block[4 * t + k] ^ with) & 0xff;
            }
            words[t][0] = word;
        }
        begin(START, 1);
        compress(1);
        int[] padded = new int[START.length];
        for (int v = 0; v < padded.length; v++) {
            padded[v] = state[v][0];
        }
        return padded;
    }

    /// Forgets all messages.
    public void clear() {
        count = 0;
        if (start.length < LANES) {
            words = new int[WORDS][LANES];
            state = new int[START.length][LANES];
            work = new int[START.length][LANES];
            result = new int[START.length][LANES];
            start = new int[LANES];
            length = new int[LANES];
            hashed = new int[LANES];
            behind = new int[LANES];
        }
    }

    /// Adds a message of `octets` octets and, with ESN, 4 more that stand elsewhere.
    public void add(int at, int octets, boolean esn, int high) {
        start[count] = at;
        length[count] = octets;
        hashed[count] = esn ? octets + 4 : octets;
        behind[count] = high;
        count++;
    }

    /// Word `word` (0 to 4) of the HMAC of message `message`, after [#run].
    public int word(int message, int word) {
        return result[word][message];
    }

    /// Hashes all messages.
    public void run(MemorySegment memory) {
        int most = 0;
        for (int l = 0; l < count; l++) {
            most = Math.max(most, blocks(l));
        }
        begin(inner, count);
        for (int block = 0; block < most; block++) {
            for (int l = 0; l < count; l++) {
                load(memory, l, block);
            }
            compress(count);
            for (int l = 0; l < count; l++) {
                if (block + 1 == blocks(l)) {
                    keep(l);
                }
            }
        }
        for (int v = 0; v < START.length; v++) {
            System.arraycopy(result[v], 0, words[v], 0, count);
        }
        Arrays.fill(words[START.length], 0, count, END);
        for (int t = START.length + 1; t < WORDS - 1; t++) {
            Arrays.fill(words[t], 0, count, 0);
        }
        Arrays.fill(words[WORDS - 1], 0, count, 8 * (BLOCK + DIGEST));
        begin(outer, count);
        compress(count);
        for (int l = 0; l < count; l++) {
            keep(l);
        }
    }

    /// FIPS 180-4, 5.1.1: one bit and the length, of 8 octets, follow the message.
    private int blocks(int l) {
        return (hashed[l] + 8) / BLOCK + 1;
    }

    private void load(MemorySegment memory, int l, int block) {
        int from = block * BLOCK;
        int octets = length[l];
        if (from + BLOCK <= octets) {
            for (int t = 0; t < WORDS; t++) {
                words[t][l] = memory.get(BE32, start[l] + from + 4 * t);
            }
            return;
        }
        int end = hashed[l];
        for (int t = 0; t < WORDS; t++) {
            int at = from + 4 * t;
            words[t][l] =
                    at < octets
                            ? memory.get(BE32, start[l] + at)
                            : at < end ? behind[l] : at == end ? END : 0;
        }
        if (block + 1 == blocks(l)) {
            words[WORDS - 1][l] = 8 * (BLOCK + end);
        }
    }

    private void keep(int l) {
        for (int v = 0; v < START.length; v++) {
            result[v][l] = state[v][l];
        }
    }

    private void begin(int[] values, int lanes) {
        for (int v = 0; v < START.length; v++) {
            Arrays.fill(state[v], 0, lanes, values[v]);
        }
    }

    /// FIPS 180-4, 6.1.2.
    private void compress(int lanes) {
        int[] a = work[0];
        int[] b = work[1];
        int[] c = work[2];
        int[] d = work[3];
        int[] e = work[4];
        for (int v = 0; v < START.length; v++) {
            System.arraycopy(state[v], 0, work[v], 0, lanes);
        }
        for (int t = 0; t < 80; t++) {
            int[] w = words[t & 15];
            if (t >= WORDS) {
                expand(w, words[t + 2 & 15], words[t + 8 & 15], words[t + 13 & 15], lanes);
            }
            if (t < 20) {
                choose(a, b, c, d, e, w, lanes);
            } else if (t < 40) {
                parity(a, b, c, d, e, w, 0x6ed9eba1, lanes);
            } else if (t < 60) {
                majority(a, b, c, d, e, w, lanes);
            } else {
                parity(a, b, c, d, e, w, 0xca62c1d6, lanes);
            }
            int[] last = e;
            e = d;
            d = c;
            c = b;
            b = a;
            a = last;
        }
        // 80 turns of five: every variable is at its place again
        for (int v = 0; v < START.length; v++) {
            sum(state[v], work[v], lanes);
        }
    }

    private static void sum(int[] to, int[] from, int lanes) {
        for (int l = 0; l < lanes; l++) {
            to[l] += from[l];
        }
    }

    private static void expand(int[] w, int[] w2, int[] w8, int[] w13, int lanes) {
        for (int l = 0; l < lanes; l++) {
            w[l] = Integer.rotateLeft(w[l] ^ w2[l] ^ w8[l] ^ w13[l], 1);
        }
    }

    private static void choose(int[] a, int[] b, int[] c, int[] d, int[] e, int[] w, int lanes) {
        for (int l = 0; l < lanes; l++) {
            e[l] += Integer.rotateLeft(a[l], 5) + (d[l] ^ b[l] & (c[l] ^ d[l])) + w[l] + 0x5a827999;
            b[l] = Integer.rotateLeft(b[l], 30);
        }
    }

    private static void parity(
            int[] a, int[] b, int[] c, int[] d, int[] e, int[] w, int constant, int lanes) {
        for (int l = 0; l < lanes; l++) {
            e[l] += Integer.rotateLeft(a[l], 5) + (b[l] ^ c[l] ^ d[l]) + w[l] + constant;
            b[l] = Integer.rotateLeft(b[l], 30);
        }
    }

    private static void majority(int[] a, int[] b, int[] c, int[] d, int[] e, int[] w, int lanes) {
        for (int l = 0; l < lanes; l++) {
            e[l] +=
                    Integer.rotateLeft(a[l], 5)
                            + (b[l] & c[l] | d[l] & (b[l] | c[l]))
                            + w[l]
                            + 0x8f1bbcdc;
            b[l] = Integer.rotateLeft(b[l], 30);
        }
    }

    /// Forgets the key.
    public void close() {
        Arrays.fill(inner, 0);
        Arrays.fill(outer, 0);
        for (int[] lane : state) {
            Arrays.fill(lane, 0);
        }
        for (int[] lane : work) {
            Arrays.fill(lane, 0);
        }
        for (int[] lane : words) {
            Arrays.fill(lane, 0);
        }
    }
}
