package io.sallyport.crypto.engine;

import io.sallyport.base.Octets;
import java.security.PrivateKey;

/// Signs by one scheme. Any thread; costs up to some milliseconds.
public interface Signer {
    /// @param data the message, in parts
    /// @throws CannotSign if the key is of another kind, too short, or its holder refuses
    Octets sign(PrivateKey key, Octets... data) throws CannotSign;

    /// A key that makes no signature by this scheme.
    final class CannotSign extends Exception {
        private static final long serialVersionUID = 1;

        public CannotSign(String why) {
            super(why, null, false, false);
        }
    }
}
