package io.sallyport.crypto.suite;

import java.util.Arrays;
import java.util.Optional;

/// Diffie-Hellman groups by their IANA number, shared by IKEv1 and IKEv2. The primes are in
/// [ModpPrimes].
public enum Group {
    /// No exchange: quick mode without PFS.
    NONE(0, "none", Kind.NONE, 0, Standing.CURRENT),
    MODP_768(1, "modp768", Kind.MODP, 96, Standing.BROKEN),
    MODP_1024(2, "modp1024", Kind.MODP, 128, Standing.BROKEN),
    MODP_1536(5, "modp1536", Kind.MODP, 192, Standing.BROKEN),
    MODP_2048(14, "modp2048", Kind.MODP, 256, Standing.CURRENT),
    MODP_3072(15, "modp3072", Kind.MODP, 384, Standing.CURRENT),
    MODP_4096(16, "modp4096", Kind.MODP, 512, Standing.CURRENT),
    MODP_6144(17, "modp6144", Kind.MODP, 768, Standing.CURRENT),
    MODP_8192(18, "modp8192", Kind.MODP, 1024, Standing.CURRENT),
    ECP_256(19, "ecp256", Kind.ECP, 64, Standing.CURRENT),
    ECP_384(20, "ecp384", Kind.ECP, 96, Standing.CURRENT),
    ECP_521(21, "ecp521", Kind.ECP, 132, Standing.CURRENT),
    MODP_1024_160(22, "modp1024s160", Kind.MODP, 128, Standing.BROKEN),
    MODP_2048_224(23, "modp2048s224", Kind.MODP, 256, Standing.LEGACY),
    MODP_2048_256(24, "modp2048s256", Kind.MODP, 256, Standing.LEGACY),
    CURVE_25519(31, "x25519", Kind.XDH, 32, Standing.CURRENT),
    CURVE_448(32, "x448", Kind.XDH, 56, Standing.CURRENT),
    /// ML-KEM (FIPS 203), numbers by draft-ietf-ipsecme-ikev2-mlkem. IKEv2 only.
    ML_KEM_512(35, "mlkem512", Kind.KEM, 800, Standing.CURRENT),
    ML_KEM_768(36, "mlkem768", Kind.KEM, 1184, Standing.CURRENT),
    ML_KEM_1024(37, "mlkem1024", Kind.KEM, 1568, Standing.CURRENT);

    /// What mathematics a group is made of.
    public enum Kind {
        NONE,
        MODP,
        ECP,
        XDH,
        /// The initiator sends a key, the responder answers with a ciphertext made by it.
        KEM
    }

    private final int number;
    private final String word;
    private final Kind kind;
    private final int publicOctets;
    private final Standing standing;

    Group(int number, String word, Kind kind, int publicOctets, Standing standing) {
        this.number = number;
        this.word = word;
        this.kind = kind;
        this.publicOctets = publicOctets;
        this.standing = standing;
    }

    public static Optional<Group> byNumber(int number) {
        return Arrays.stream(values()).filter(g -> g.number == number).findFirst();
    }

    public int number() {
        return number;
    }

    public Kind kind() {
        return kind;
    }

    /// Octets of a public value in a KE payload: the prime's length, or x and y of a point (RFC
    /// 5903, 7). With a KEM, of the initiator's.
    public int publicOctets() {
        return publicOctets;
    }

    /// Octets of the responder's value, the ciphertext of a KEM; elsewhere as [#publicOctets()].
    public int answerOctets() {
        return switch (this) {
            case ML_KEM_512 -> 768;
            case ML_KEM_768 -> 1088;
            case ML_KEM_1024 -> 1568;
            default -> publicOctets;
        };
    }

    /// Whether IKEv1 knows it.
    public boolean isForIkev1() {
        return kind != Kind.KEM;
    }

    public Standing standing() {
        return standing;
    }

    /// strongSwan's word, e.g. `modp2048`.
    @Override
    public String toString() {
        return word;
    }
}
