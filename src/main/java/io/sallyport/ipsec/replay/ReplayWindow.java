package io.sallyport.ipsec.replay;

import java.util.Arrays;

/// The anti-replay window of one inbound SA (RFC 4303, 3.4.3), with the high half of extended
/// sequence numbers found as in appendix A2.1. Sequence numbers here are 64 bits; without ESN the
/// high half is 0. One thread.
///
/// ```text
///              |<------------ packets ------------>|
///   0 ... seen or too old | seen or not, a bit each | not seen yet ...
///                                                   ^top
/// ```
///
/// The bits are a ring of 64-bit blocks, one block more than the window needs, so that the window
/// slides by clearing blocks and never by shifting (RFC 6479).
///
/// The order is [#infer], [#mayAccept], authenticate, [#accept]: nothing an unauthentic packet says
/// moves the window.
public final class ReplayWindow {
    /// Largest window, in packets.
    public static final int MOST = 4096;

    /// Without a window ESN still needs one to find the high half: half the number space.
    private static final long HALF_SPACE = 1L << 31;

    private static final long LOW = 0xffffffffL;

    private final int packets;
    private final boolean esn;
    private final long[] blocks;
    private final int blockMask;
    private long top;

    /// @param packets 0..4096; 0: no replay check
    public ReplayWindow(int packets, boolean esn) {
        this(packets, esn, 0);
    }

    /// @param top the highest number accepted before: it and all below count as seen
    public ReplayWindow(int packets, boolean esn, long top) {
        if (packets < 0 || packets > MOST) {
            throw new IllegalArgumentException("replay window of " + packets + " packets");
        }
        this.packets = packets;
        this.esn = esn;
        int needed = (packets + 63) / 64 + 1;
        int ring = Integer.highestOneBit(needed - 1) << 1;
        this.blocks = new long[Math.max(ring, 1)];
        this.blockMask = blocks.length - 1;
        this.top = top;
        if (top > 0) {
            Arrays.fill(blocks, -1);
            blocks[(int) (top >>> 6) & blockMask] = -1L >>> 63 - (top & 63);
        }
    }

    public int packets() {
        return packets;
    }

    /// The highest sequence number accepted, 0 at first.
    public long top() {
        return top;
    }

    /// The whole sequence number of a packet whose header says `low`. Negative if there is none: it
    /// would stand before the first packet.
    public long infer(int low) {
        long seql = low & LOW;
        if (!esn) {
            return seql;
        }
        long th = top >>> 32;
        long tl = top & LOW;
        long w = packets == 0 ? HALF_SPACE : packets;
        long seqh;
        if (tl >= w - 1) {
            // Case A: the window lies within one subspace
            seqh = seql >= tl - w + 1 ? th : th + 1;
        } else {
            // Case B: the window reaches back into the subspace before
            seqh = seql >= (tl - w + 1 & LOW) ? th - 1 : th;
        }
        return seqh << 32 | seql;
    }

    /// Whether a packet with this number may be worth the work of authenticating it.
    public boolean mayAccept(long sequence) {
        if (packets == 0) {
            return sequence >= 0;
        }
        if (sequence > top) {
            return true;
        }
        // RFC 4303, 3.3.3: the first packet of an SA has the number 1, so 0 is never right
        if (sequence <= 0 || sequence <= top - packets) {
            return false;
        }
        return (blocks[(int) (sequence >>> 6) & blockMask] & 1L << sequence) == 0;
    }

    /// Marks an authentic packet as seen. False if it was seen meanwhile (twice in one burst) or
    /// has left the window: it must be dropped.
    public boolean accept(long sequence) {
        if (!mayAccept(sequence)) {
            return false;
        }
        long block = sequence >>> 6;
        if (sequence > top) {
            long ahead = Math.min(block - (top >>> 6), blocks.length);
            for (long b = 0; b < ahead; b++) {
                blocks[(int) (block - b) & blockMask] = 0;
            }
            top = sequence;
        }
        blocks[(int) block & blockMask] |= 1L << sequence;
        return true;
    }
}
