package io.sallyport.model.trust;

import io.sallyport.base.Octets;
import io.sallyport.crypto.suite.SignatureScheme;
import io.sallyport.model.spec.AuthSpec;
import io.sallyport.model.spec.Identity;
import java.util.List;

/// A peer's claim to be somebody, with all that speaks for it.
///
/// @param identity claimed in IDi or IDr; that it is one we look for is known already
/// @param demand what the configuration demands of the peer
/// @param evidence in the order received
/// @param scheme by which `signature` was made
/// @param signed the octets that `signature` is over
public record PeerProof(
        Identity identity,
        AuthSpec.Pubkey demand,
        List<Evidence> evidence,
        SignatureScheme scheme,
        Octets signature,
        Octets signed) {
    public PeerProof {
        evidence = List.copyOf(evidence);
    }
}
