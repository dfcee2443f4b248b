package io.sallyport.model.spec;

import java.time.Duration;

/// Back-off of unanswered requests: the n-th wait is `first * factor^n`, after `tries`
/// retransmissions we give up. strongSwan's defaults: 4 s, 1.8, 5 (165 s in all).
public record RetransmitSpec(Duration first, double factor, int tries) {
    public static final RetransmitSpec DEFAULT = new RetransmitSpec(Duration.ofSeconds(4), 1.8, 5);

    /// The wait after `sent` transmissions of the same message (1 = the first).
    public Duration wait(int sent) {
        return Duration.ofNanos((long) (first.toNanos() * Math.pow(factor, sent - 1)));
    }
}
