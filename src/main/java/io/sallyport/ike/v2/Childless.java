package io.sallyport.ike.v2;

import io.sallyport.model.spec.ConnectionSpec;
import io.sallyport.model.spec.ike.HandshakeSpec;
import java.util.Optional;

/// IKE SAs without a child (RFC 6023), as strongSwan's `childless` says:
///
/// ```text
///           as initiator                                as responder
///  never    a child comes along                         not announced
///  allow    a child comes along                         announced
///  prefer   none, if the peer announces it              announced
///  force    none; fails if the peer does not announce   announced; a child that comes along is refused
/// ```
///
/// Without a child in IKE_AUTH each child has a key exchange of its own, the first one too.
final class Childless {
    private Childless() {}

    private static HandshakeSpec.Childless policy(ConnectionSpec spec) {
        return spec.ike().handshake().childless();
    }

    /// As initiator: whether our IKE_AUTH asks for no child.
    static boolean begins(ConnectionSpec spec, V2State.Features peer) {
        return switch (policy(spec)) {
            case NEVER, ALLOW -> spec.children().isEmpty();
            case PREFER -> peer.childless() || spec.children().isEmpty();
            case FORCE -> true;
        };
    }

    /// As initiator: why we cannot.
    static Optional<String> unable(ConnectionSpec spec, V2State.Features peer) {
        return policy(spec) == HandshakeSpec.Childless.FORCE && !peer.childless()
                ? Optional.of("childless = force, and the peer does not know RFC 6023")
                : Optional.empty();
    }

    static boolean isAnnounced(ConnectionSpec spec) {
        return policy(spec) != HandshakeSpec.Childless.NEVER;
    }

    /// As responder: whether a child in IKE_AUTH is refused.
    static boolean refusesChild(ConnectionSpec spec) {
        return policy(spec) == HandshakeSpec.Childless.FORCE;
    }
}
