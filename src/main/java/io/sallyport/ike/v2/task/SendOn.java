package io.sallyport.ike.v2.task;

import io.sallyport.wire.ike.v2.ExchangeType;
import io.sallyport.wire.ike.v2.Notify;
import io.sallyport.wire.ike.v2.PayloadChain;
import java.util.List;

/// Sends the peer on to another gateway (RFC 5685, 5): it closes this IKE SA when it is there.
public final class SendOn implements Task {
    private final Notify redirect;

    public SendOn(Notify redirect) {
        this.redirect = redirect;
    }

    @Override
    public String name() {
        return "REDIRECT";
    }

    @Override
    public Step begin(long now) {
        return new Step.Send(ExchangeType.INFORMATIONAL, List.of(redirect));
    }

    @Override
    public Step onAnswer(PayloadChain answer, long now) {
        return new Step.Done();
    }
}
