package io.sallyport.crypto.engine;

import io.sallyport.base.Octets;
import io.sallyport.base.Secret;

/// A keyed pseudo-random function: an HMAC, or one made of a block cipher. Any thread.
public interface PrfFunction {
    /// `prf(key, data[0] | data[1] | ...)` as a value that may be sent.
    Octets hash(Secret key, Octets... data);

    /// The same as a key that may not. Parts of the input that are secret come as [Secret], the
    /// rest as octets.
    Secret derive(Secret key, Part... data);

    /// The bare hash under the HMAC: `HASH(data...)`.
    ///
    /// @throws UnsupportedOperationException if it is no HMAC
    Octets digest(Octets... data);

    /// One part of what a key is derived from.
    sealed interface Part {
        record Clear(Octets octets) implements Part {}

        record Hidden(Secret secret) implements Part {}
    }

    static Part part(Octets octets) {
        return new Part.Clear(octets);
    }

    static Part part(Secret secret) {
        return new Part.Hidden(secret);
    }
}
