package io.sallyport.model.port;

import io.sallyport.base.Octets;

/// Randomness, so that tests can script it.
public interface Entropy {
    Octets octets(int count);

    /// Uniform in 0 (inclusive) .. bound (exclusive).
    long below(long bound);
}
