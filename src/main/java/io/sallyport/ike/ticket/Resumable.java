package io.sallyport.ike.ticket;

import io.sallyport.base.Octets;
import io.sallyport.base.Secret;
import io.sallyport.ike.select.IkeOffers;
import io.sallyport.model.spec.Identity;

/// What a client keeps to resume an IKE SA with: the ticket, and of the IKE SA what the gateway has
/// in it (RFC 5723, 4.2: "the local storage MUST also include all items marked as 'from the
/// ticket'").
///
/// @param choice what was agreed on
/// @param d SK_d, this object's
/// @param local who we are to the gateway
/// @param spiI of the IKE SA that the ticket was given under
/// @param expiresAt nanoseconds of the engine's time
public record Resumable(
        Octets ticket,
        IkeOffers.Choice choice,
        Secret d,
        Identity local,
        Identity remote,
        long spiI,
        long spiR,
        long expiresAt)
        implements AutoCloseable {
    @Override
    public void close() {
        d.close();
    }

    /// The ticket is a secret of ours as the key is.
    @Override
    public String toString() {
        return "Resumable[ticket of " + ticket.length() + " octets with " + remote + "]";
    }
}
