package io.sallyport.ike.v2.task;

import io.sallyport.base.Octets;
import io.sallyport.base.net.Path;
import io.sallyport.ike.machine.Input;
import io.sallyport.wire.ike.v2.Payload;
import io.sallyport.wire.ike.v2.PayloadChain;
import java.util.List;
import java.util.Optional;

/// Something that we want of the peer after the handshake: a request that is built, perhaps after
/// some arithmetic, and the processing of its answer.
public sealed interface Task
        permits CreateChild,
                RekeyIke,
                DeleteChild,
                DeleteIke,
                Liveness,
                PathCheck,
                PathProbe,
                UpdateAddresses {
    /// For people, e.g. `CREATE_CHILD_SA for net`.
    String name();

    /// Another path than that of the IKE SA to ask along.
    default Optional<Path> along() {
        return Optional.empty();
    }

    Step begin(long now);

    /// Something that was computed off the loop.
    default Step onJob(Input answer, long now) {
        return new Step.Wait();
    }

    Step onAnswer(PayloadChain answer, long now);

    /// Of a rekeying that goes on in IKE_FOLLOWUP_KE: the lower nonce of its CREATE_CHILD_SA, by
    /// which it is judged against another one of the same SA (RFC 7296, 2.8.1).
    default Optional<Octets> lowestNonce() {
        return Optional.empty();
    }

    /// It lost against the peer's, and goes no further.
    default Step lose(long now) {
        abandon();
        return new Step.Done();
    }

    /// The session ends, or nobody answers.
    default void abandon() {}

    /// What a task wants next.
    sealed interface Step {
        /// Send this request.
        record Send(int exchangeType, List<Payload> payloads) implements Step {
            public Send {
                payloads = List.copyOf(payloads);
            }
        }

        /// A job is under way.
        record Wait() implements Step {}

        record Done() implements Step {}
    }
}
