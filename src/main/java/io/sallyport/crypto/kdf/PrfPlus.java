package io.sallyport.crypto.kdf;

import io.sallyport.base.Octets;
import io.sallyport.base.Secret;
import io.sallyport.crypto.engine.PrfFunction;
import io.sallyport.crypto.engine.PrfFunction.Part;
import java.util.Arrays;

/// prf+ of RFC 7296, 2.13:
///
/// ```text
///  prf+ (K,S) = T1 | T2 | T3 | T4 | ...
///  T1 = prf (K, S | 0x01)
///  T2 = prf (K, T1 | S | 0x02)
///  T3 = prf (K, T2 | S | 0x03)
/// ```
public final class PrfPlus {
    /// "prf+ [...] is not defined beyond 255 times the size of the PRF function output."
    private static final int MOST_ROUNDS = 255;

    private PrfPlus() {}

    /// The first `octets` octets of prf+.
    ///
    /// @param key K
    /// @param seed S
    /// @throws IllegalArgumentException for more than 255 outputs of the PRF
    public static Secret expand(PrfFunction prf, Secret key, int octets, Part... seed) {
        if (octets < 0) {
            throw new IllegalArgumentException("prf+ of " + octets + " octets");
        }
        byte[] all = new byte[octets];
        Secret previous = Secret.EMPTY;
        int done = 0;
        for (int round = 1; done < octets; round++) {
            if (round > MOST_ROUNDS) {
                Arrays.fill(all, (byte) 0);
                previous.close();
                throw new IllegalArgumentException("prf+ of " + octets + " octets");
            }
            Part[] input = new Part[seed.length + 2];
            input[0] = PrfFunction.part(previous);
            System.arraycopy(seed, 0, input, 1, seed.length);
            // "the constant concatenated to the end of each prf function is a single octet"
            input[seed.length + 1] = PrfFunction.part(Octets.of((byte) round));
            Secret next = prf.derive(key, input);
            previous.close();
            previous = next;
            done = Expansion.append(next, all, done);
        }
        previous.close();
        return Secret.owned(all);
    }
}
