package io.sallyport.model.trust;

import io.sallyport.base.Octets;
import io.sallyport.crypto.engine.Signer.CannotSign;
import io.sallyport.crypto.suite.SignatureScheme;
import java.security.PublicKey;
import java.util.List;

/// A private key that never leaves what holds it, a token: that one signs with it. Any thread, but
/// no loop: it waits.
public interface HeldKey {
    PublicKey publicKey();

    /// Certificates in DER that lie beside it under the same name.
    List<Octets> certificates();

    /// Whether its holder can sign by this scheme.
    boolean signsBy(SignatureScheme scheme);

    /// @throws CannotSign if its holder is gone, or refuses: with the reason that it gives
    Octets sign(SignatureScheme scheme, Octets data) throws CannotSign;
}
