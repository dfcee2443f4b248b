/// Tickets by which an IKE SA that was lost is resumed (RFC 5723): as a gateway seals them, and as
/// a client keeps them.
@NullMarked
package io.sallyport.ike.ticket;

import org.jspecify.annotations.NullMarked;
