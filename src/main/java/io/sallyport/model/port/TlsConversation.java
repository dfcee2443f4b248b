package io.sallyport.model.port;

import io.sallyport.base.Octets;
import io.sallyport.base.Secret;
import io.sallyport.model.event.Cause;

/// One handshake of TLS inside of EAP, of which we are one end. One thread at a time, off every
/// loop: a step may sign, judge certificates, and wait for servers that know of revocations.
public interface TlsConversation extends AutoCloseable {
    /// Where there is no certificate to begin with.
    TlsConversation NOTHING =
            new TlsConversation() {
                @Override
                public Step advance(Octets received) {
                    return new Step.Failed(
                            Octets.EMPTY,
                            Cause.OURSELVES,
                            "no private key with a certificate for TLS");
                }

                @Override
                public void close() {}
            };

    /// Takes a flight of the peer's. Never throws for what the peer sent.
    ///
    /// @param received whole TLS records; empty: we begin
    Step advance(Octets received);

    @Override
    void close();

    /// What came of a flight.
    sealed interface Step {
        /// @param flight of ours, perhaps empty
        record Going(Octets flight) implements Step {}

        /// The peer is who was demanded.
        ///
        /// @param flight the last of ours, perhaps empty
        /// @param key the MSK; whoever takes it closes it
        record Done(Octets flight, Secret key) implements Step {}

        /// @param alert that tells the peer, perhaps empty
        record Failed(Octets alert, Cause cause, String why) implements Step {}
    }
}
