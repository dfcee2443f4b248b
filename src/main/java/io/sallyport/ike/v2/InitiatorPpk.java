package io.sallyport.ike.v2;

import io.sallyport.base.Octets;
import io.sallyport.base.Secret;
import io.sallyport.model.spec.ike.HandshakeSpec;
import io.sallyport.wire.ike.v2.Authentication;
import io.sallyport.wire.ike.v2.Notify;
import io.sallyport.wire.ike.v2.Payload;
import io.sallyport.wire.ike.v2.PayloadChain;
import io.sallyport.wire.ike.v2.notify.PpkIdentity;
import io.sallyport.wire.ike.v2.number.NotifyType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A post-quantum preshared key in a handshake that we begin (RFC 8784, 3):
///
/// ```text
///  HDR, SAi1, KEi, Ni, N(USE_PPK)                            -->
///                                      <-- HDR, SAr1, KEr, Nr, N(USE_PPK)
///  HDR, SK { IDi, AUTH, SAi2, TSi, TSr,
///            N(PPK_IDENTITY), [ N(NO_PPK_AUTH) ] }           -->
///                                      <-- HDR, SK { IDr, AUTH, SAr2, TSi, TSr, [ N(PPK_IDENTITY) ] }
/// ```
///
/// Where the key is not required there are two AUTHs, one with it and one without; the peer's
/// PPK_IDENTITY says which one it took, and so with which keys both go on.
final class InitiatorPpk {
    private final V2Session session;
    private final HandshakeSpec.Ppk spec;
    private final boolean peerHasSome;

    private Optional<Secret> key = Optional.empty();

    /// Our AUTH without the key, as NO_PPK_AUTH bears it: empty until it is made.
    private Octets without = Octets.EMPTY;

    private boolean isMixed;

    /// @param peerHasSome whether the peer said USE_PPK
    InitiatorPpk(V2Session session, boolean peerHasSome) {
        this.session = session;
        this.spec = spec(session);
        this.peerHasSome = peerHasSome;
    }

    private static HandshakeSpec.Ppk spec(V2Session session) {
        return session.connection().spec().ike().handshake().ppk();
    }

    private static Optional<Secret> find(V2Session session) {
        HandshakeSpec.Ppk spec = spec(session);
        return spec.id().isEmpty()
                ? Optional.empty()
                : session.context().credentials().postQuantumKey(spec.id());
    }

    // ---- IKE_SA_INIT

    /// Why there is no point in asking.
    static Optional<String> missing(V2Session session) {
        if (!spec(session).required()) {
            return Optional.empty();
        }
        Optional<Secret> found = find(session);
        found.ifPresent(Secret::close);
        return found.isPresent()
                ? Optional.empty()
                : Optional.of("no post-quantum key for ppk_id " + spec(session).id().text());
    }

    static List<Notify> announcement(V2Session session) {
        Optional<Secret> found = find(session);
        found.ifPresent(Secret::close);
        return found.map(_ -> Notify.of(NotifyType.USE_PPK)).stream().toList();
    }

    // ---- IKE_AUTH

    /// Decides whether the key is used.
    ///
    /// @return why it comes to nothing
    Optional<String> begin() {
        key = peerHasSome ? find(session) : Optional.empty();
        if (key.isEmpty()) {
            return spec.required()
                    ? Optional.of(
                            peerHasSome
                                    ? "the post-quantum key is not loaded any more"
                                    : "the peer has no post-quantum key (no USE_PPK)")
                    : Optional.empty();
        }
        if (spec.required()) {
            mix();
        }
        return Optional.empty();
    }

    private void mix() {
        key.ifPresent(session.keyring()::mix);
        key = Optional.empty();
        isMixed = true;
    }

    /// Whether that was our AUTH without the key, and the one with it is still to be made.
    boolean isAnotherDue(Authentication made) {
        if (key.isEmpty()) {
            return false;
        }
        without = made.data();
        mix();
        return true;
    }

    List<Payload> payloads() {
        List<Payload> all = new ArrayList<>();
        if (isMixed) {
            all.add(new PpkIdentity(PpkIdentity.FIXED, spec.id()).emit());
        }
        if (!without.isEmpty()) {
            all.add(Notify.of(NotifyType.NO_PPK_AUTH, without));
        }
        return all;
    }

    /// What the peer took; before its AUTH is judged.
    ///
    /// @return why it comes to nothing
    Optional<String> answered(PayloadChain answer) {
        if (!isMixed || answer.notify(NotifyType.PPK_IDENTITY.number()).isPresent()) {
            return Optional.empty();
        }
        if (spec.required()) {
            return Optional.of("the peer goes on without the post-quantum key");
        }
        session.keyring().unmix();
        return Optional.empty();
    }

    void close() {
        key.ifPresent(Secret::close);
        key = Optional.empty();
    }
}
