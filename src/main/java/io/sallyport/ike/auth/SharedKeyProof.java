package io.sallyport.ike.auth;

import io.sallyport.base.Octets;
import io.sallyport.base.Secret;
import io.sallyport.crypto.engine.PrfFunction;

/// AUTH by a shared secret, a pre-shared key or what an EAP method left (RFC 7296, 2.15):
///
/// ```text
///  AUTH = prf( prf(Shared Secret, "Key Pad for IKEv2"), <SignedOctets>)
/// ```
public final class SharedKeyProof {
    private static final Octets PAD = Octets.ascii("Key Pad for IKEv2");

    private SharedKeyProof() {}

    public static Octets of(PrfFunction prf, Secret shared, Octets signed) {
        try (Secret key = prf.derive(shared, PrfFunction.part(PAD))) {
            return prf.hash(key, signed);
        }
    }
}
