package io.sallyport.ike.v2.task;

import io.sallyport.wire.ike.v2.ExchangeType;
import io.sallyport.wire.ike.v2.Notify;
import io.sallyport.wire.ike.v2.PayloadChain;
import java.util.List;

/// Tells the peer by which other addresses we may be reached (RFC 4555, 3.6).
public final class TellAddresses implements Task {
    private final Ground ground;
    private final List<Notify> others;

    public TellAddresses(Ground ground, List<Notify> others) {
        this.ground = ground;
        this.others = List.copyOf(others);
    }

    @Override
    public String name() {
        return "our other addresses, to " + ground.path().remote();
    }

    @Override
    public Step begin(long now) {
        return new Step.Send(ExchangeType.INFORMATIONAL, List.copyOf(others));
    }

    @Override
    public Step onAnswer(PayloadChain answer, long now) {
        return new Step.Done();
    }
}
