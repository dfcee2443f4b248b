package io.sallyport.ipsec.pipeline;

import io.sallyport.base.ring.Turnstile;
import io.sallyport.ipsec.sad.OutboundSa;
import io.sallyport.ipsec.sad.SequenceNumbers;
import org.jspecify.annotations.Nullable;

/// The runs of one SA that a burst consists of, and the numbers that they took. One thread.
///
/// All numbers of a burst are taken in one go ([Turnstile]): of two bursts the one took all its
/// numbers before the other took any. So a burst may wait for all that was numbered before it, on
/// whatever SA, and nobody waits in a circle.
final class Runs {
    private final @Nullable OutboundSa[] sa;
    private final int[] from;
    private final int[] to;
    private final long[] before;
    private final long[] outerBefore;
    private int count;

    /// Runs that have their numbers.
    private int numbered;

    private int firstOfSpare;

    /// @param most packets, each of which may be a run
    Runs(int most) {
        sa = new OutboundSa[most];
        from = new int[most];
        to = new int[most];
        before = new long[most];
        outerBefore = new long[most];
    }

    void clear() {
        for (int run = 0; run < count; run++) {
            sa[run] = null;
        }
        count = 0;
        numbered = 0;
    }

    /// What is added from now on is of the spare batch.
    void turnToSpare() {
        firstOfSpare = count;
    }

    /// Adds the runs of packets 0 to `packets`; null: not to be sealed.
    void add(@Nullable OutboundSa[] of, int packets) {
        int at = 0;
        while (at < packets) {
            OutboundSa here = of[at];
            int end = at + 1;
            if (here != null) {
                while (end < packets && of[end] == here) {
                    end++;
                }
                sa[count] = here;
                from[count] = at;
                to[count] = end;
                count++;
            }
            at = end;
        }
    }

    /// Takes a number for each packet, as far as there are any; of a bundle for its AH, too.
    void take(Turnstile order) {
        if (count == 0) {
            return;
        }
        order.enter();
        try {
            while (numbered < count) {
                number(numbered);
                numbered++;
            }
        } finally {
            order.leave();
        }
    }

    private void number(int run) {
        OutboundSa here = sa(run);
        int packets = to[run] - from[run];
        before[run] = here.numbers().take(packets);
        OutboundSa outer = here.outer();
        if (outer != null) {
            outerBefore[run] = outer.numbers().take(here.numbers().granted(before[run], packets));
        }
    }

    int count() {
        return count;
    }

    OutboundSa sa(int run) {
        OutboundSa here = sa[run];
        if (here == null) {
            throw new IllegalStateException("run " + run + " of " + count);
        }
        return here;
    }

    boolean isOfSpare(int run) {
        return run >= firstOfSpare;
    }

    int from(int run) {
        return from[run];
    }

    int to(int run) {
        return to[run];
    }

    /// The number before that of the first packet.
    long before(int run) {
        return before[run];
    }

    /// The same of the AH of a bundle.
    long outerBefore(int run) {
        return outerBefore[run];
    }

    /// Whether all that was numbered before has left.
    boolean isTurn() {
        for (int run = 0; run < count; run++) {
            if (!sa(run).numbers().isTurn(before[run]) && !hasEarlier(run)) {
                return false;
            }
        }
        return true;
    }

    /// Whether an earlier run is of the same SA: its numbers are those just before.
    private boolean hasEarlier(int run) {
        for (int k = 0; k < run; k++) {
            if (sa[k] == sa[run]) {
                return true;
            }
        }
        return false;
    }

    /// All packets that were numbered have left, or never will.
    void left() {
        for (int run = 0; run < numbered; run++) {
            SequenceNumbers numbers = sa(run).numbers();
            numbers.left(before[run] + numbers.granted(before[run], to[run] - from[run]));
        }
    }
}
