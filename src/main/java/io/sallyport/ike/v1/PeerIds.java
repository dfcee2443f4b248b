package io.sallyport.ike.v1;

import io.sallyport.model.spec.Identity;
import io.sallyport.wire.ike.v1.Identification;
import java.util.Optional;

/// Phase 1 identities: between the model and the ID payload.
final class PeerIds {
    private PeerIds() {}

    /// Protocol and port are 0: RFC 2407, 4.6.2 allows "either 0 or UDP/500", and 0 survives a NAT.
    static Identification payload(Identity identity) {
        return new Identification(identity.type().number(), 0, 0, identity.data());
    }

    /// Empty for a type we do not know or an address of the wrong length.
    static Optional<Identity> parse(Identification id) {
        for (Identity.Type type : Identity.Type.values()) {
            if (type != Identity.Type.ANY && type.number() == id.idType()) {
                try {
                    return Optional.of(new Identity(type, id.data()));
                } catch (IllegalArgumentException e) {
                    return Optional.empty();
                }
            }
        }
        return Optional.empty();
    }

    /// Names compare without regard to case (RFC 4343 for FQDN), all else octet for octet.
    static boolean matches(Identity wanted, Identity given) {
        if (wanted.isAny()) {
            return true;
        }
        if (wanted.type() != given.type()) {
            return false;
        }
        return switch (wanted.type()) {
            case FQDN, USER_FQDN -> wanted.data().text().equalsIgnoreCase(given.data().text());
            default -> wanted.data().equals(given.data());
        };
    }
}
