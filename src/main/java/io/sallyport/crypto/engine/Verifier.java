package io.sallyport.crypto.engine;

import io.sallyport.base.Octets;
import java.security.PublicKey;

/// Verifies signatures of one scheme. Any thread.
public interface Verifier {
    /// Returns if the signature is that of `key` over the message, and in no other case.
    ///
    /// @param data the message, in parts
    /// @throws BadSignature if it is not, or is encoded in a way that the scheme does not allow, or
    ///   the key is of another kind or too short
    void verify(PublicKey key, Octets signature, Octets... data) throws BadSignature;

    /// Not signed by that key.
    final class BadSignature extends Exception {
        private static final long serialVersionUID = 1;

        public BadSignature(String why) {
            super(why, null, false, false);
        }
    }
}
