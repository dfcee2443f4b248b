package io.sallyport.ipsec.sad;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/// The sequence numbers of one outbound SA. Workers take as many at once as a run of packets needs,
/// so that they meet here once a run; no number is ever given twice, on which the IVs of counter
/// modes rest.
///
/// ```text
///  1 ... left to the network ... | taken ... | free ...        last
///                                ^left       ^next            (none after it)
/// ```
///
/// Who took earlier numbers should send them earlier, for a peer's replay window may be small (RFC
/// 4303, 3.4.3: "a minimum window size of 32 packets MUST be supported"): [#isTurn] and [#left].
public final class SequenceNumbers {
    private static final long LAST_WITHOUT_ESN = 0xffffffffL;

    private static final VarHandle TAKEN;

    static {
        try {
            TAKEN =
                    MethodHandles.lookup()
                            .findVarHandle(SequenceNumbers.class, "taken", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final long last;
    private volatile long taken;
    private volatile long left;

    /// @param esn whether numbers have 64 bits
    /// @param taken number of the last packet sent, 0 for a new SA
    SequenceNumbers(boolean esn, long taken) {
        this.last = esn ? Long.MAX_VALUE : LAST_WITHOUT_ESN;
        this.taken = taken;
        this.left = taken;
    }

    /// Takes the next `count` numbers, or as many as there are, see [#granted]: those behind the
    /// returned one. Any worker. RFC 4303, 3.3.3: "the sender MUST NOT send a packet on an SA if
    /// doing so would cause the sequence number to cycle".
    public long take(int count) {
        while (true) {
            long before = taken;
            if (TAKEN.compareAndSet(this, before, before + granted(before, count))) {
                return before;
            }
        }
    }

    /// How many of `count` numbers behind `before` there are.
    public int granted(long before, int count) {
        return (int) Math.min(count, last - before);
    }

    /// The last one taken. Any thread.
    public long taken() {
        return taken;
    }

    /// Whether all up to `before` have left.
    public boolean isTurn(long before) {
        return left >= before;
    }

    /// All up to `number` left, or are not waited for any more. Of workers that say so at the same
    /// moment the lower one may win: then somebody waits a while for nothing.
    public void left(long number) {
        if (number > left) {
            left = number;
        }
    }
}
