package io.sallyport.crypto.engine;

import io.sallyport.base.Octets;
import io.sallyport.base.Secret;

/// A block cipher in CBC mode over whole messages, without padding. Any thread.
public interface MessageCipher {
    /// @param plain a multiple of the block
    Octets encrypt(Secret key, Octets iv, Octets plain);

    /// @param sealed a multiple of the block
    Octets decrypt(Secret key, Octets iv, Octets sealed);
}
