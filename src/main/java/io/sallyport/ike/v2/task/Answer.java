package io.sallyport.ike.v2.task;

import io.sallyport.base.Octets;
import io.sallyport.ike.machine.Input;
import io.sallyport.wire.ike.v2.Notify;
import io.sallyport.wire.ike.v2.Payload;
import io.sallyport.wire.ike.v2.PayloadChain;
import io.sallyport.wire.ike.v2.number.NotifyType;
import java.util.List;

/// A request of the peer's whose answer takes some arithmetic.
public sealed interface Answer permits ChildRequest, IkeRekeyRequest {
    Reply begin(long now);

    Reply onJob(Input answer, long now);

    /// The next IKE_FOLLOWUP_KE of what was answered with a [Reply.Linked] (RFC 9370, 2.2.4).
    Reply followUp(PayloadChain request, long now);

    /// The lower nonce of a rekeying that is answered with a [Reply.Linked].
    Octets lowestNonce();

    /// The session ends before it is answered.
    void abandon();

    /// What is said to it.
    sealed interface Reply {
        record Wait() implements Reply {}

        /// @param afterwards what is done once the answer is under way
        record Send(List<Payload> payloads, Runnable afterwards) implements Reply {
            public Send {
                payloads = List.copyOf(payloads);
            }
        }

        /// @param link by which the peer will name this when it goes on
        record Linked(List<Payload> payloads, Octets link) implements Reply {
            public Linked {
                payloads = List.copyOf(payloads);
            }
        }

        static Reply refuse(NotifyType why) {
            return new Send(List.of(Notify.of(why)), () -> {});
        }
    }
}
