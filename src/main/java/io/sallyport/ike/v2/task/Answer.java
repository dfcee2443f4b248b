package io.sallyport.ike.v2.task;

import io.sallyport.ike.machine.Input;
import io.sallyport.wire.ike.v2.Notify;
import io.sallyport.wire.ike.v2.Payload;
import io.sallyport.wire.ike.v2.number.NotifyType;
import java.util.List;

/// A request of the peer's whose answer takes some arithmetic.
public sealed interface Answer permits ChildRequest, IkeRekeyRequest {
    Reply begin(long now);

    Reply onJob(Input answer, long now);

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

        static Reply refuse(NotifyType why) {
            return new Send(List.of(Notify.of(why)), () -> {});
        }
    }
}
