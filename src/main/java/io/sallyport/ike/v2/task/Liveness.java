package io.sallyport.ike.v2.task;

import io.sallyport.wire.ike.v2.ExchangeType;
import io.sallyport.wire.ike.v2.PayloadChain;
import java.util.List;
import java.util.function.LongConsumer;

/// Asks for a sign of life: an empty INFORMATIONAL request (RFC 7296, 2.4).
public final class Liveness implements Task {
    private final LongConsumer rtt;
    private long askedAt;

    /// @param rtt is told the round trip in nanoseconds
    public Liveness(LongConsumer rtt) {
        this.rtt = rtt;
    }

    @Override
    public String name() {
        return "liveness check";
    }

    @Override
    public Step begin(long now) {
        askedAt = now;
        return new Step.Send(ExchangeType.INFORMATIONAL, List.of());
    }

    @Override
    public Step onAnswer(PayloadChain answer, long now) {
        rtt.accept(now - askedAt);
        return new Step.Done();
    }
}
