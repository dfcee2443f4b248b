package io.sallyport.ike.v2.task;

import io.sallyport.wire.ike.v2.Delete;
import io.sallyport.wire.ike.v2.ExchangeType;
import io.sallyport.wire.ike.v2.PayloadChain;
import java.util.List;

/// Tells the peer that this IKE SA is closed, and with it all its child SAs (RFC 7296, 1.4.1).
public final class DeleteIke implements Task {
    @Override
    public String name() {
        return "delete of the IKE SA";
    }

    @Override
    public Step begin(long now) {
        return new Step.Send(ExchangeType.INFORMATIONAL, List.of(Delete.ofIkeSa()));
    }

    @Override
    public Step onAnswer(PayloadChain answer, long now) {
        return new Step.Done();
    }
}
