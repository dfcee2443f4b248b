package io.sallyport.wire.ike.v2.number;

import java.util.Arrays;
import java.util.Optional;

/// Hashes for digital signatures (RFC 7427, 7; RFC 8420, 2).
public enum HashAlgorithm {
    SHA1(1),
    SHA2_256(2),
    SHA2_384(3),
    SHA2_512(4),
    /// The hash that EdDSA brings itself.
    IDENTITY(5);

    private final int number;

    HashAlgorithm(int number) {
        this.number = number;
    }

    public int number() {
        return number;
    }

    public static Optional<HashAlgorithm> byNumber(int number) {
        return Arrays.stream(values()).filter(h -> h.number == number).findFirst();
    }
}
