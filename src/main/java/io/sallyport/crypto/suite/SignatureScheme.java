package io.sallyport.crypto.suite;

import io.sallyport.base.Octets;
import java.math.BigInteger;
import java.security.Key;
import java.security.interfaces.ECKey;
import java.security.interfaces.EdECKey;
import java.security.interfaces.RSAKey;
import java.security.spec.ECFieldFp;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// How IKE peers sign. The authentication method is IKEv2's (RFC 7296, 3.8): 1, 9, 10 and 11 name
/// one scheme each, 14 leaves it to an AlgorithmIdentifier in front of the signature (RFC 7427, 3).
public enum SignatureScheme {
    /// Method 1, and with 14: RSASSA-PKCS1-v1_5.
    RSA_PKCS1_SHA1("rsa-sha1", Kind.RSA_PKCS1, SignatureHash.SHA1, 1, Standing.BROKEN),
    RSA_PKCS1_SHA2_256("rsa-sha256", Kind.RSA_PKCS1, SignatureHash.SHA2_256, 14, Standing.CURRENT),
    RSA_PKCS1_SHA2_384("rsa-sha384", Kind.RSA_PKCS1, SignatureHash.SHA2_384, 14, Standing.CURRENT),
    RSA_PKCS1_SHA2_512("rsa-sha512", Kind.RSA_PKCS1, SignatureHash.SHA2_512, 14, Standing.CURRENT),
    /// RSASSA-PSS with a salt as long as the hash, and MGF1 with the same hash.
    RSA_PSS_SHA2_256("rsa/pss-sha256", Kind.RSA_PSS, SignatureHash.SHA2_256, 14, Standing.CURRENT),
    RSA_PSS_SHA2_384("rsa/pss-sha384", Kind.RSA_PSS, SignatureHash.SHA2_384, 14, Standing.CURRENT),
    RSA_PSS_SHA2_512("rsa/pss-sha512", Kind.RSA_PSS, SignatureHash.SHA2_512, 14, Standing.CURRENT),
    /// IKEv1 (RFC 2409, 5.1): "RSA signatures MUST be encoded as a private key encryption in PKCS
    /// #1 format and not as a signature in PKCS #1 format (which includes the OID of the hash
    /// algorithm)". What is signed is a hash already.
    RSA_BARE("rsa", Kind.RSA_BARE, SignatureHash.NONE, 0, Standing.LEGACY),
    /// ASN.1: `SEQUENCE { r, s }`, over any of the three curves.
    ECDSA_SHA1("ecdsa-sha1", Kind.ECDSA, SignatureHash.SHA1, 14, Standing.BROKEN),
    ECDSA_SHA2_256("ecdsa-sha256", Kind.ECDSA, SignatureHash.SHA2_256, 14, Standing.CURRENT),
    ECDSA_SHA2_384("ecdsa-sha384", Kind.ECDSA, SignatureHash.SHA2_384, 14, Standing.CURRENT),
    ECDSA_SHA2_512("ecdsa-sha512", Kind.ECDSA, SignatureHash.SHA2_512, 14, Standing.CURRENT),
    /// RFC 4754: r and s one behind the other, each as long as the curve's order.
    ECDSA_P256_RAW("ecdsa-256", Kind.ECDSA_RAW, SignatureHash.SHA2_256, 9, Standing.CURRENT),
    ECDSA_P384_RAW("ecdsa-384", Kind.ECDSA_RAW, SignatureHash.SHA2_384, 10, Standing.CURRENT),
    ECDSA_P521_RAW("ecdsa-521", Kind.ECDSA_RAW, SignatureHash.SHA2_512, 11, Standing.CURRENT),
    /// RFC 8420.
    ED25519("ed25519", Kind.EDDSA, SignatureHash.IDENTITY, 14, Standing.CURRENT),
    ED448("ed448", Kind.EDDSA, SignatureHash.IDENTITY, 14, Standing.CURRENT);

    /// The method that says which scheme in front of each signature (RFC 7427, 3).
    public static final int DIGITAL_SIGNATURE = 14;

    /// What a signature is made of.
    public enum Kind {
        RSA_PKCS1,
        RSA_PSS,
        RSA_BARE,
        ECDSA,
        ECDSA_RAW,
        EDDSA
    }

    private final String word;
    private final Kind kind;
    private final SignatureHash hash;
    private final int method;
    private final Standing standing;
    private final List<Octets> identifiers;

    SignatureScheme(String word, Kind kind, SignatureHash hash, int method, Standing standing) {
        this.word = word;
        this.kind = kind;
        this.hash = hash;
        this.method = method;
        this.standing = standing;
        this.identifiers = AlgorithmIdentifiers.of(kind, hash, word);
    }

    /// The scheme that a peer names in front of its signature (RFC 7427, 3).
    ///
    /// @param identifier a whole AlgorithmIdentifier in DER
    public static Optional<SignatureScheme> byAlgorithmIdentifier(Octets identifier) {
        return Arrays.stream(values())
                .filter(scheme -> scheme.identifiers.contains(identifier))
                .findFirst();
    }

    /// The one scheme of an authentication method; empty for 14, and for what is no signature.
    public static Optional<SignatureScheme> byMethod(int method) {
        return method == 0 || method == DIGITAL_SIGNATURE
                ? Optional.empty()
                : Arrays.stream(values()).filter(s -> s.method == method).findFirst();
    }

    public Kind kind() {
        return kind;
    }

    public SignatureHash hash() {
        return hash;
    }

    /// IKEv2's authentication method by which this scheme can be used without RFC 7427; 14 if there
    /// is none, 0 for what is IKEv1's only.
    public int method() {
        return method;
    }

    /// The AlgorithmIdentifier of RFC 7427, appendix A, in DER; empty for what cannot be used with
    /// method 14.
    public Octets algorithmIdentifier() {
        return identifiers.isEmpty() ? Octets.EMPTY : identifiers.getFirst();
    }

    public Standing standing() {
        return standing;
    }

    /// Whether keys such as this one sign by this scheme. Says nothing about its strength.
    public boolean fits(Key key) {
        return switch (kind) {
            case RSA_PKCS1, RSA_BARE -> key.getAlgorithm().equals("RSA");
            // RFC 4055, 1.2: a key for RSASSA-PSS is of no other use; one for RSA is
            case RSA_PSS ->
                    key.getAlgorithm().equals("RSA") || key.getAlgorithm().equals("RSASSA-PSS");
            case ECDSA -> List.of(256, 384, 521).contains(curveBits(key));
            case ECDSA_RAW -> curveBits(key) == orderBits();
            case EDDSA ->
                    key instanceof EdECKey ed && ed.getParams().getName().equalsIgnoreCase(word);
        };
    }

    /// 0 for what is no key of a NIST curve: those have a = -3, and nobody else's of their size.
    private static int curveBits(Key key) {
        if (!(key instanceof ECKey ec)
                || !(ec.getParams().getCurve().getField() instanceof ECFieldFp field)
                || !ec.getParams()
                        .getCurve()
                        .getA()
                        .equals(field.getP().subtract(BigInteger.valueOf(3)))) {
            return 0;
        }
        return field.getFieldSize();
    }

    private int orderBits() {
        return switch (method) {
            case 9 -> 256;
            case 10 -> 384;
            default -> 521;
        };
    }

    /// How far a key's length may be trusted: RSA below 2048 bits is [Standing#LEGACY], to be
    /// warned of; below 1024 bits [Standing#BROKEN], and refused.
    public static Standing standing(Key key) {
        if (!(key instanceof RSAKey rsa)) {
            return Standing.CURRENT;
        }
        int bits = rsa.getModulus().bitLength();
        return bits < 1024 ? Standing.BROKEN : bits < 2048 ? Standing.LEGACY : Standing.CURRENT;
    }

    /// E.g. `rsa-sha256`, `ecdsa-384`.
    @Override
    public String toString() {
        return word;
    }
}
