package io.sallyport.testkit;

import io.sallyport.wire.ike.MalformedException;
import io.sallyport.wire.ike.v2.ExchangeType;
import io.sallyport.wire.ike.v2.Message;
import io.sallyport.wire.ike.v2.Notify;
import io.sallyport.wire.ike.v2.Payload;
import io.sallyport.wire.ike.v2.number.NotifyType;
import java.util.List;

/// Somebody on the way who takes out of IKE_SA_INIT, which is in clear, what he does not like.
public final class Downgrade {
    private Downgrade() {}

    /// `f` without the notify, if it is an IKE_SA_INIT.
    public static TwoPeers.Flying without(NotifyType notify, TwoPeers.Flying f) {
        try {
            Message m = Message.parse(f.octets());
            if (m.header().exchangeType() != ExchangeType.IKE_SA_INIT) {
                return f;
            }
            List<Payload> rest =
                    m.chain().payloads().stream()
                            .filter(p -> !(p instanceof Notify n && n.is(notify)))
                            .toList();
            return new TwoPeers.Flying(
                    f.from(),
                    f.path(),
                    Message.emit(
                            m.header().initiatorSpi(),
                            m.header().responderSpi(),
                            ExchangeType.IKE_SA_INIT,
                            m.header().fromInitiator(),
                            m.header().response(),
                            m.header().messageId(),
                            rest));
        } catch (MalformedException e) {
            throw new AssertionError(e);
        }
    }
}
