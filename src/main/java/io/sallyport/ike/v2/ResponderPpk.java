package io.sallyport.ike.v2;

import io.sallyport.base.Octets;
import io.sallyport.base.Secret;
import io.sallyport.model.spec.ConnectionSpec;
import io.sallyport.wire.ike.MalformedException;
import io.sallyport.wire.ike.v2.Authentication;
import io.sallyport.wire.ike.v2.Notify;
import io.sallyport.wire.ike.v2.PayloadChain;
import io.sallyport.wire.ike.v2.notify.PpkIdentity;
import io.sallyport.wire.ike.v2.number.NotifyType;
import java.util.Optional;

/// A post-quantum preshared key in a handshake that the peer begins (RFC 8784, 3). The peer says
/// which key; without that key here its AUTH without one counts, if it sent such an AUTH and the
/// connection does not require a key:
///
/// ```text
///  USE_PPK of both   key here   NO_PPK_AUTH   required
///  no                                         no         without
///  no                                         yes        refused
///  yes               yes                                 with the key
///  yes               no         yes           no         without
///  yes               no         yes           yes        refused
///  yes               no         no                       refused
/// ```
final class ResponderPpk {
    private ResponderPpk() {}

    /// What a request comes to.
    sealed interface Outcome {
        /// The key is in the session's keys now.
        record With() implements Outcome {}

        /// @param auth the peer's proof without such a key
        record Without(Authentication auth) implements Outcome {}

        record Refuse(String why) implements Outcome {}
    }

    /// USE_PPK in our answer: only to a USE_PPK of the peer's.
    static V2State.Features agreed(V2Session session, V2State.Features peer) {
        return peer.withPpk(peer.ppk() && session.context().credentials().hasPostQuantumKeys());
    }

    /// @param both whether both ends said USE_PPK
    /// @param auth the peer's AUTH payload
    static Outcome of(V2Session session, boolean both, PayloadChain request, Authentication auth) {
        Optional<Notify> named = request.notify(NotifyType.PPK_IDENTITY.number());
        if (!both || named.isEmpty()) {
            return new Outcome.Without(auth);
        }
        Octets id;
        try {
            id = PpkIdentity.of(named.get()).id();
        } catch (MalformedException e) {
            return new Outcome.Refuse("PPK_IDENTITY: " + e.what());
        }
        Optional<Secret> key = session.context().credentials().postQuantumKey(id);
        if (key.isPresent()) {
            session.keyring().mix(key.get());
            return new Outcome.With();
        }
        // RFC 8784, 3: NO_PPK_AUTH is what AUTH would be without a key, in the form of its method
        return request.notify(NotifyType.NO_PPK_AUTH.number())
                .<Outcome>map(n -> new Outcome.Without(new Authentication(auth.method(), n.data())))
                .orElseGet(() ->
                        new Outcome.Refuse(
                                "no post-quantum key with the peer's PPK_ID, and it does not go"
                                        + " without"));
    }

    static boolean isRequired(ConnectionSpec spec) {
        return spec.ike().handshake().ppk().required();
    }

    /// What acknowledges the key.
    static Notify acknowledgement() {
        return Notify.of(NotifyType.PPK_IDENTITY);
    }
}
