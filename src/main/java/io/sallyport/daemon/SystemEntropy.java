package io.sallyport.daemon;

import io.sallyport.base.Octets;
import io.sallyport.model.port.Entropy;
import java.security.SecureRandom;

/// The host's randomness.
final class SystemEntropy implements Entropy {
    private final SecureRandom random = new SecureRandom();

    @Override
    public Octets octets(int count) {
        byte[] octets = new byte[count];
        random.nextBytes(octets);
        return Octets.owned(octets);
    }

    @Override
    public long below(long bound) {
        return random.nextLong(bound);
    }
}
