package io.sallyport.model.trust;

import io.sallyport.base.Octets;
import io.sallyport.crypto.suite.SignatureScheme;
import io.sallyport.model.spec.Identity;
import java.util.List;
import java.util.Map;

/// A key pair of ours that is ready to sign. The private half stays where it is: it is asked to
/// sign by its id.
///
/// @param id SHA-1 over the SubjectPublicKeyInfo, as charon's `get-keys` shows it
/// @param publicKey SubjectPublicKeyInfo in DER: what a CERT payload "Raw Public Key" holds (RFC
///   7670, 3), and what the hash of a CERTREQ is made of
/// @param chain certificates in DER, ours first, the anchor not among them; empty: a raw key
/// @param places where certificates of the chain are to be had by HTTP, by their DER
/// @param ways the authorities that the chain leads to, as a CERTREQ has them: in IKEv2 SHA-1 over
///   their SubjectPublicKeyInfo, in IKEv1 their names in DER; none for a raw key
/// @param subject of our certificate, a distinguished name; ANY for a raw key
/// @param schemes by which it signs, those that suit its length best first; never empty
public record OwnKey(
        Octets id,
        Kind kind,
        int bits,
        Octets publicKey,
        List<Octets> chain,
        Map<Octets, Evidence.Located> places,
        List<Octets> ways,
        Identity subject,
        List<SignatureScheme> schemes) {
    public OwnKey {
        chain = List.copyOf(chain);
        places = Map.copyOf(places);
        ways = List.copyOf(ways);
        schemes = List.copyOf(schemes);
        if (schemes.isEmpty()) {
            throw new IllegalArgumentException("a key that cannot sign");
        }
    }

    /// What sort of key it is; its bits say which curve.
    public enum Kind {
        RSA,
        ECDSA,
        ED25519,
        ED448
    }

    /// Without a certificate (RFC 7670).
    public boolean isRaw() {
        return chain.isEmpty();
    }
}
