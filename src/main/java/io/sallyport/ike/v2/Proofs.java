package io.sallyport.ike.v2;

import io.sallyport.base.Octets;
import io.sallyport.base.Secret;
import io.sallyport.base.net.Path;
import io.sallyport.crypto.kdf.Ikev2Keys;
import io.sallyport.ike.auth.SharedKeyProof;
import io.sallyport.ike.auth.SignedOctets;
import io.sallyport.ike.sa.EngineContext;
import io.sallyport.model.spec.Identity;
import io.sallyport.wire.ike.v2.Authentication;
import io.sallyport.wire.ike.v2.Identification;
import io.sallyport.wire.ike.v2.number.AuthMethod;
import java.util.List;
import java.util.Optional;

/// Makes and checks AUTH payloads.
final class Proofs {
    private final EngineContext context;

    Proofs(EngineContext context) {
        this.context = context;
    }

    // ---- identities

    static Identification payload(boolean initiator, Identity identity) {
        return new Identification(initiator, identity.type().number(), identity.data());
    }

    /// Empty for a type we do not know.
    static Optional<Identity> identity(Identification id) {
        for (Identity.Type type : Identity.Type.values()) {
            if (type != Identity.Type.ANY && type.number() == id.idType()) {
                return Optional.of(new Identity(type, id.data()));
            }
        }
        return Optional.empty();
    }

    // ---- shared keys

    /// The key for these two ends; who is meant by more than one identity stands first.
    Optional<Secret> sharedKey(Identity local, Identity remote, Path path) {
        return context.credentials()
                .presharedKey(
                        List.of(local, Identity.of(path.local().address())),
                        List.of(remote, Identity.of(path.remote().address())));
    }

    /// What is signed by the end that is `initiator`.
    static Octets signed(V2State.Init init, Ikev2Keys keys, boolean initiator, Octets idBody) {
        return SignedOctets.of(
                keys.prf(),
                initiator ? init.messageI() : init.messageR(),
                initiator ? init.nonceR() : init.nonceI(),
                keys.proof(initiator),
                idBody,
                Octets.EMPTY);
    }

    static Authentication sharedKeyProof(Ikev2Keys keys, Secret key, Octets signed) {
        return new Authentication(
                AuthMethod.SHARED_KEY.number(), SharedKeyProof.of(keys.prf(), key, signed));
    }

    static boolean isSharedKeyProof(
            Ikev2Keys keys, Secret key, Octets signed, Authentication proof) {
        return proof.method() == AuthMethod.SHARED_KEY.number()
                && SharedKeyProof.of(keys.prf(), key, signed).matches(proof.data());
    }
}
