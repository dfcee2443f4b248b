package io.sallyport.ike.v1;

import io.sallyport.model.spec.Identity;
import io.sallyport.wire.ike.v1.Identification;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/// Phase 1 identities: between the model and the ID payload.
final class PeerIds {
    /// What is an identity in a configuration only, or in IKEv2 only.
    private static final Set<Identity.Type> TYPES =
            EnumSet.complementOf(
                    EnumSet.of(Identity.Type.ANY, Identity.Type.NULL, Identity.Type.REGEX));

    private PeerIds() {}

    /// Protocol and port are 0: RFC 2407, 4.6.2 allows "either 0 or UDP/500", and 0 survives a NAT.
    static Identification payload(Identity identity) {
        return new Identification(identity.type().number(), 0, 0, identity.data());
    }

    /// Empty for a type we do not know or an address of the wrong length.
    static Optional<Identity> parse(Identification id) {
        for (Identity.Type type : Identity.Type.values()) {
            if (TYPES.contains(type) && type.number() == id.idType()) {
                try {
                    return Optional.of(new Identity(type, id.data()));
                } catch (IllegalArgumentException e) {
                    return Optional.empty();
                }
            }
        }
        return Optional.empty();
    }
}
