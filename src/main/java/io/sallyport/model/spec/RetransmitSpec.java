package io.sallyport.model.spec;

import java.time.Duration;

/// Back-off of unanswered requests: the n-th wait is `first * factor^(n-1)`, never above `most`;
/// after `tries` retransmissions we give up.
public record RetransmitSpec(Duration first, double factor, Duration most, int tries) {
    /// Quick enough that a peer which comes back is met within seconds, slow enough to be no
    /// burden: 1, 1.5, 2.3, 3.4, 5, 6, 6, 6 s, given up after 37 s.
    public static final RetransmitSpec DEFAULT =
            new RetransmitSpec(Duration.ofSeconds(1), 1.5, Duration.ofSeconds(6), 8);

    /// How long an answer is waited for in all.
    public Duration patience() {
        Duration all = Duration.ZERO;
        for (int sent = 1; sent <= tries + 1; sent++) {
            all = all.plus(wait(sent));
        }
        return all;
    }

    /// The wait after `sent` transmissions of the same message (1 = the first).
    public Duration wait(int sent) {
        double nanos = first.toNanos() * Math.pow(factor, sent - 1);
        return nanos >= most.toNanos() ? most : Duration.ofNanos((long) nanos);
    }
}
