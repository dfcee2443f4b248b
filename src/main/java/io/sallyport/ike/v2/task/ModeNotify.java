package io.sallyport.ike.v2.task;

import io.sallyport.model.spec.ConnectionSpec;
import io.sallyport.model.spec.Mode;
import io.sallyport.wire.ike.v1.VendorIds;
import io.sallyport.wire.ike.v2.Notify;
import io.sallyport.wire.ike.v2.PayloadChain;
import io.sallyport.wire.ike.v2.VendorId;
import io.sallyport.wire.ike.v2.number.NotifyType;
import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/// The mode of a child SA as its exchange says it: a notify, or none for tunnel mode (RFC 7296,
/// 1.3.1).
///
/// BEET mode has no number of IANA's. strongSwan's is of the private range, so a strongSwan heeds
/// it only from a peer that bears its vendor ID: see [#announcement].
public final class ModeNotify {
    private ModeNotify() {}

    /// What asks for `mode`, or grants it; empty for tunnel mode.
    static Optional<Notify> of(Mode mode) {
        return switch (mode) {
            case TRANSPORT -> Optional.of(Notify.of(NotifyType.USE_TRANSPORT_MODE));
            case BEET -> Optional.of(Notify.of(NotifyType.USE_BEET_MODE));
            case TUNNEL, PASS, DROP -> Optional.empty();
        };
    }

    /// What the other end says; of two notifies transport mode's, which is IANA's, is heeded.
    static Mode in(PayloadChain chain) {
        if (chain.notify(NotifyType.USE_TRANSPORT_MODE.number()).isPresent()) {
            return Mode.TRANSPORT;
        }
        return chain.notify(NotifyType.USE_BEET_MODE.number()).isPresent()
                ? Mode.BEET
                : Mode.TUNNEL;
    }

    /// RFC 7296, 3.12: a vendor ID tells "the recipient that the sender will accept" that vendor's
    /// private numbers. Said only where a child is configured for BEET mode.
    public static Optional<VendorId> announcement(Collection<ConnectionSpec> connections) {
        boolean beet =
                connections.stream()
                        .flatMap(c -> c.children().stream())
                        .anyMatch(child -> child.mode() == Mode.BEET && child.negotiates());
        return beet ? Optional.of(new VendorId(VendorIds.STRONGSWAN)) : Optional.empty();
    }

    /// For people.
    static String name(Mode mode) {
        return mode == Mode.BEET ? "BEET" : mode.name().toLowerCase(Locale.ROOT);
    }
}
