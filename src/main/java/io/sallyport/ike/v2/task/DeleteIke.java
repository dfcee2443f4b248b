package io.sallyport.ike.v2.task;

import io.sallyport.wire.ike.v2.Delete;
import io.sallyport.wire.ike.v2.ExchangeType;
import io.sallyport.wire.ike.v2.Notify;
import io.sallyport.wire.ike.v2.Payload;
import io.sallyport.wire.ike.v2.PayloadChain;
import io.sallyport.wire.ike.v2.number.NotifyType;
import java.util.List;

/// Tells the peer that this IKE SA is closed, and with it all its child SAs (RFC 7296, 1.4.1).
public final class DeleteIke implements Task {
    private final List<Payload> payloads;

    private DeleteIke(List<Payload> payloads) {
        this.payloads = payloads;
    }

    public static DeleteIke plain() {
        return new DeleteIke(List.of(Delete.ofIkeSa()));
    }

    /// We do not take the peer's AUTH. RFC 7296, 2.21.2: "If the error occurs on the initiator, the
    /// notification MAY be returned in a separate INFORMATIONAL exchange, usually with no other
    /// payloads." The Delete is for those that do not know this use of the notify.
    public static DeleteIke ofWhoProvedNothing() {
        return new DeleteIke(
                List.of(Notify.of(NotifyType.AUTHENTICATION_FAILED), Delete.ofIkeSa()));
    }

    @Override
    public String name() {
        return "delete of the IKE SA";
    }

    @Override
    public Step begin(long now) {
        return new Step.Send(ExchangeType.INFORMATIONAL, payloads);
    }

    @Override
    public Step onAnswer(PayloadChain answer, long now) {
        return new Step.Done();
    }
}
