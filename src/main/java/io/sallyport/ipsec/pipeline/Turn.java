package io.sallyport.ipsec.pipeline;

import io.sallyport.ipsec.sad.SequenceNumbers;
import org.jspecify.annotations.Nullable;

/// The numbers that one burst took, so that it is sent when those before have been. One thread.
///
/// Only a burst of one SA waits. So nobody who waits holds what another one waits for, but for a
/// later number of the same SA, and there is no circle.
final class Turn {
    private @Nullable SequenceNumbers of;
    private long before;
    private long last;
    private boolean several;

    void begin() {
        of = null;
        several = false;
    }

    /// The burst took the numbers from behind `before` to `last`.
    void took(SequenceNumbers numbers, long before, long last) {
        SequenceNumbers known = of;
        if (known != null && known != numbers) {
            several = true;
            known.left(this.last);
        } else if (known != null && this.last != before) {
            several = true; // another worker took some between
        }
        if (known != numbers) {
            this.before = before;
        }
        of = numbers;
        this.last = last;
    }

    boolean isNow() {
        SequenceNumbers known = of;
        return known == null || several || known.isTurn(before);
    }

    void pass() {
        SequenceNumbers known = of;
        if (known != null) {
            known.left(last);
            of = null;
        }
    }
}
