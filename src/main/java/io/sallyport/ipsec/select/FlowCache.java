package io.sallyport.ipsec.select;

import org.jspecify.annotations.Nullable;

/// What was found for the flows seen last: a table of fixed size in which a new flow takes the
/// place of an old one. An answer holds for the generation it was found in. One thread; creates
/// nothing.
///
/// @param <A> an answer
public final class FlowCache<A> {
    private static final int WORDS = 6;
    private static final long PRESENT = 1L << 62;

    private final long[] words;
    private final @Nullable Object[] answers;
    private final int mask;

    /// @param flows a power of two
    public FlowCache(int flows) {
        if (Integer.bitCount(flows) != 1) {
            throw new IllegalArgumentException(flows + " flows");
        }
        words = new long[flows * WORDS];
        answers = new Object[flows];
        mask = flows - 1;
    }

    /// The answer put in for the same flow in the same generation, or null.
    @SuppressWarnings("unchecked")
    public @Nullable A find(Flow flow, int link, long generation) {
        long rest = rest(flow, link);
        int slot = slot(flow, rest);
        int at = slot * WORDS;
        return words[at] == rest
                        && words[at + 1] == flow.sourceLow()
                        && words[at + 2] == flow.destinationLow()
                        && words[at + 3] == generation
                        && words[at + 4] == flow.sourceHigh()
                        && words[at + 5] == flow.destinationHigh()
                ? (A) answers[slot]
                : null;
    }

    public void put(Flow flow, int link, long generation, A answer) {
        long rest = rest(flow, link);
        int slot = slot(flow, rest);
        int at = slot * WORDS;
        words[at] = rest;
        words[at + 1] = flow.sourceLow();
        words[at + 2] = flow.destinationLow();
        words[at + 3] = generation;
        words[at + 4] = flow.sourceHigh();
        words[at + 5] = flow.destinationHigh();
        answers[slot] = answer;
    }

    /// Link, protocol, family, fragment and both ports: 16 + 8 + 1 + 1 + 17 + 17 bits.
    private static long rest(Flow flow, int link) {
        return PRESENT
                | (long) (link & 0xffff) << 44
                | (long) flow.protocol() << 36
                | (flow.v6() ? 1L << 35 : 0)
                | (flow.isFragment() ? 1L << 34 : 0)
                | (long) (flow.sourcePort() & 0x1ffff) << 17
                | flow.destinationPort() & 0x1ffff;
    }

    private int slot(Flow flow, long rest) {
        long hash = flow.sourceHigh() ^ Long.rotateLeft(flow.destinationHigh(), 32);
        hash = (hash ^ flow.sourceLow()) * 0x9e3779b97f4a7c15L;
        hash = (Long.rotateLeft(hash, 31) ^ flow.destinationLow()) * 0xbf58476d1ce4e5b9L;
        hash = (Long.rotateLeft(hash, 29) ^ rest) * 0x94d049bb133111ebL;
        return (int) (hash >>> 32) & mask;
    }
}
