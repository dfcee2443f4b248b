package io.sallyport.crypto.suite;

import io.sallyport.base.Octets;
import java.util.Arrays;
import java.util.Optional;

/// Hash algorithms of signatures, as peers tell each other which ones they know: the numbers of the
/// notify SIGNATURE_HASH_ALGORITHMS (RFC 7427, 4).
public enum SignatureHash {
    /// No notify's: signatures of IKEv1, whose input is a hash already.
    NONE(0, "", 0),
    SHA1(1, "SHA-1", 20),
    SHA2_256(2, "SHA-256", 32),
    SHA2_384(3, "SHA-384", 48),
    SHA2_512(4, "SHA-512", 64),
    /// RFC 8420, 2: Ed25519 and Ed448 hash for themselves.
    IDENTITY(5, "", 0);

    private final int number;
    private final String jceName;
    private final int octets;

    SignatureHash(int number, String jceName, int octets) {
        this.number = number;
        this.jceName = jceName;
        this.octets = octets;
    }

    public static Optional<SignatureHash> byNumber(int number) {
        return number == 0
                ? Optional.empty()
                : Arrays.stream(values()).filter(h -> h.number == number).findFirst();
    }

    public int number() {
        return number;
    }

    /// Empty where nothing is hashed beforehand.
    public String jceName() {
        return jceName;
    }

    /// Octets of the digest.
    public int octets() {
        return octets;
    }

    /// RFC 8017, 9.2, note 1: what stands before the digest in a DigestInfo, in the one form that
    /// is signed: with NULL for its parameters.
    public Octets digestInfo() {
        return Octets.hex(
                switch (this) {
                    case SHA1 -> "3021300906052b0e03021a05000414";
                    case SHA2_256 -> "3031300d060960864801650304020105000420";
                    case SHA2_384 -> "3041300d060960864801650304020205000430";
                    case SHA2_512 -> "3051300d060960864801650304020305000440";
                    case NONE, IDENTITY -> throw new IllegalStateException(this + " has no digest");
                });
    }
}
