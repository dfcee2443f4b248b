package io.sallyport.ike.ticket;

import io.sallyport.base.Secret;
import io.sallyport.wire.ike.v2.Identification;
import io.sallyport.wire.ike.v2.SaPayload;

/// What of an IKE SA stands in a ticket: of RFC 5723, 5, what is "from the ticket", and no more.
///
/// @param idI body of the client's ID payload
/// @param idR body of the gateway's
/// @param spiI of the IKE SA that the ticket was given under
/// @param sa what was agreed on, one proposal
/// @param d SK_d of that IKE SA
/// @param method how the client proved itself: an AUTH method, or [#EAP]
/// @param expiresAt nanoseconds of the engine's time
public record TicketState(
        Identification idI,
        Identification idR,
        long spiI,
        long spiR,
        SaPayload sa,
        Secret d,
        int method,
        long expiresAt)
        implements AutoCloseable {
    /// A method for private use (RFC 7296, 3.8), which no peer ever sees.
    public static final int EAP = 201;

    @Override
    public void close() {
        d.close();
    }
}
