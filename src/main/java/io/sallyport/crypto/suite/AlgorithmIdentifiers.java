package io.sallyport.crypto.suite;

import io.sallyport.base.Octets;
import java.util.ArrayList;
import java.util.List;

/// AlgorithmIdentifiers in DER, of which RFC 7427, appendix A, prints some:
///
/// ```text
///  AlgorithmIdentifier ::= SEQUENCE { algorithm OBJECT IDENTIFIER, parameters ANY OPTIONAL }
/// ```
final class AlgorithmIdentifiers {
    private static final Octets NULL = Octets.hex("0500");
    private static final String PKCS1 = "06092a864886f70d0101";

    private AlgorithmIdentifiers() {}

    /// What we send, and behind it the other encodings that we take for the same.
    static List<Octets> of(SignatureScheme.Kind kind, SignatureHash hash, String word) {
        return switch (kind) {
            case RSA_PKCS1 -> {
                Octets oid = Octets.hex(PKCS1 + pkcs1(hash));
                // RFC 4055, 5: parameters "MUST be NULL. Implementations MUST accept the
                // parameters being absent as well as present"
                yield List.of(sequence(oid, NULL), sequence(oid));
            }
            case RSA_PSS -> pss(hash);
            // RFC 5758, 3.2: "the encoding MUST omit the parameters field"
            case ECDSA -> List.of(sequence(Octets.hex("06" + ecdsa(hash))));
            // RFC 8410, 3: "the parameters MUST be absent"
            case EDDSA ->
                    List.of(sequence(Octets.hex("06032b65" + (word.equals("ed448") ? 71 : 70))));
            case RSA_BARE, ECDSA_RAW -> List.of();
        };
    }

    private static String pkcs1(SignatureHash hash) {
        return switch (hash) {
            case SHA1 -> "05";
            case SHA2_256 -> "0b";
            case SHA2_384 -> "0c";
            case SHA2_512 -> "0d";
            case NONE, IDENTITY -> throw new IllegalArgumentException("RSA with " + hash);
        };
    }

    private static String ecdsa(SignatureHash hash) {
        return switch (hash) {
            case SHA1 -> "072a8648ce3d0401";
            case SHA2_256 -> "082a8648ce3d040302";
            case SHA2_384 -> "082a8648ce3d040303";
            case SHA2_512 -> "082a8648ce3d040304";
            case NONE, IDENTITY -> throw new IllegalArgumentException("ECDSA with " + hash);
        };
    }

    /// RFC 4055, 3.1:
    ///
    /// ```text
    ///  RSASSA-PSS-params ::= SEQUENCE {
    ///      hashAlgorithm    [0] AlgorithmIdentifier,
    ///      maskGenAlgorithm [1] AlgorithmIdentifier,   -- MGF1 with an AlgorithmIdentifier
    ///      saltLength       [2] INTEGER,
    ///      trailerField     [3] INTEGER DEFAULT 1 }
    /// ```
    ///
    /// The parameters of a hash may be NULL or absent, and a default may wrongly be written out.
    private static List<Octets> pss(SignatureHash hash) {
        Octets oid = Octets.hex("0609608648016503040201");
        oid = Octets.concat(oid.slice(0, 10), Octets.of((byte) (hash.number() - 1)));
        List<Octets> hashes = List.of(sequence(oid, NULL), sequence(oid));
        Octets salt = tagged(0xa2, Octets.of((byte) 2, (byte) 1, (byte) hash.octets()));
        Octets trailer = tagged(0xa3, Octets.hex("020101"));
        List<Octets> all = new ArrayList<>();
        for (Octets end : List.of(salt, Octets.concat(salt, trailer))) {
            for (Octets digest : hashes) {
                for (Octets maskDigest : hashes) {
                    Octets mask = sequence(Octets.hex(PKCS1 + "08"), maskDigest);
                    Octets parameters = sequence(tagged(0xa0, digest), tagged(0xa1, mask), end);
                    all.add(sequence(Octets.hex(PKCS1 + "0a"), parameters));
                }
            }
        }
        return List.copyOf(all);
    }

    private static Octets sequence(Octets... parts) {
        return tagged(0x30, Octets.concat(parts));
    }

    private static Octets tagged(int tag, Octets content) {
        return Octets.concat(Octets.of((byte) tag, (byte) content.length()), content);
    }
}
