package io.sallyport.testkit;

import io.sallyport.base.Octets;
import io.sallyport.model.port.Entropy;
import java.util.Random;

/// Randomness that a seed repeats.
public final class ScriptedRandom implements Entropy {
    private final Random random;

    public ScriptedRandom(long seed) {
        this.random = new Random(seed);
    }

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
