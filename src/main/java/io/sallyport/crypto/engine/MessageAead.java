package io.sallyport.crypto.engine;

import io.sallyport.base.Octets;
import io.sallyport.base.Secret;
import java.util.Optional;

/// An AEAD over whole IKE messages (RFC 5282; RFC 7634, 4). Any thread.
///
/// `key` is key and salt, [io.sallyport.crypto.suite.Cipher#keyingOctets()]; the nonce is the salt
/// and then `iv`, which must never come twice under one key.
public interface MessageAead {
    /// Ciphertext and tag.
    Octets seal(Secret key, Octets iv, Octets aad, Octets plain);

    /// The plaintext; empty if it is not authentic.
    ///
    /// @param sealed ciphertext and tag
    Optional<Octets> open(Secret key, Octets iv, Octets aad, Octets sealed);
}
