package io.sallyport.ike.auth;

import io.sallyport.base.Octets;
import io.sallyport.base.Secret;
import io.sallyport.crypto.engine.PrfFunction;

/// What an end of an IKEv2 SA signs (RFC 7296, 2.15):
///
/// ```text
///  InitiatorSignedOctets = RealMessage1 | NonceRData | MACedIDForI
///  MACedIDForI = prf(SK_pi, IDType | RESERVED | InitIDData)
/// ```
///
/// and the responder the same with the roles exchanged. After IKE_INTERMEDIATE `IntAuth` follows
/// (RFC 9242, 3.3.2).
public final class SignedOctets {
    private SignedOctets() {}

    /// @param firstMessage the IKE_SA_INIT message that the signer sent, from the first octet of
    ///   its header
    /// @param otherNonce body of the other end's nonce payload
    /// @param proofKey SK_pi or SK_pr of the signer
    /// @param idBody body of the signer's ID payload
    /// @param intAuth empty without IKE_INTERMEDIATE
    public static Octets of(
            PrfFunction prf,
            Octets firstMessage,
            Octets otherNonce,
            Secret proofKey,
            Octets idBody,
            Octets intAuth) {
        return Octets.concat(firstMessage, otherNonce, prf.hash(proofKey, idBody), intAuth);
    }
}
