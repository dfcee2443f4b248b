package io.sallyport.wire.ike.v2.notify;

import io.sallyport.base.Octets;
import io.sallyport.wire.ike.MalformedException;
import io.sallyport.wire.ike.Reader;
import io.sallyport.wire.ike.Writer;
import io.sallyport.wire.ike.v2.Notify;
import io.sallyport.wire.ike.v2.number.NotifyType;

/// A ticket to resume an IKE SA with, as its gateway gives it: TICKET_LT_OPAQUE (RFC 5723, 7.2).
/// Presented again, the ticket stands alone in a TICKET_OPAQUE.
///
/// @param lifetimeSeconds 0..2^32-1
/// @param ticket opaque for all but the gateway; at least one octet
public record Ticket(long lifetimeSeconds, Octets ticket) {
    public Ticket {
        if (lifetimeSeconds < 0 || lifetimeSeconds >>> 32 != 0 || ticket.isEmpty()) {
            throw new IllegalArgumentException("ticket of " + ticket.length() + " octets");
        }
    }

    /// @param notify a TICKET_LT_OPAQUE
    public static Ticket of(Notify notify) throws MalformedException {
        if (!notify.is(NotifyType.TICKET_LT_OPAQUE)) {
            throw new IllegalArgumentException(NotifyType.name(notify.notifyType()));
        }
        Reader in = new Reader(notify.data());
        long lifetime = in.u32("ticket lifetime");
        if (in.atEnd()) {
            throw in.malformed("no ticket behind its lifetime");
        }
        return new Ticket(lifetime, in.rest());
    }

    /// TICKET_LT_OPAQUE.
    public Notify given() {
        return Notify.of(
                NotifyType.TICKET_LT_OPAQUE,
                new Writer(4 + ticket.length())
                        .u32((int) lifetimeSeconds)
                        .octets(ticket)
                        .toOctets());
    }

    /// TICKET_OPAQUE.
    public Notify presented() {
        return Notify.of(NotifyType.TICKET_OPAQUE, ticket);
    }
}
