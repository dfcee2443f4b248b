package io.sallyport.creds.x509;

import io.sallyport.crypto.suite.SignatureHash;
import io.sallyport.crypto.suite.SignatureRules;
import io.sallyport.crypto.suite.SignatureScheme;
import io.sallyport.crypto.suite.SignatureScheme.Kind;
import io.sallyport.crypto.suite.Standing;
import java.io.IOException;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECKey;
import java.security.interfaces.EdECKey;
import java.security.interfaces.RSAKey;
import java.security.spec.PSSParameterSpec;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;

/// Why a key or a signature will not do: [SignatureRules] asked about what certificates hold.
final class Strength {
    private final SignatureRules rules;

    Strength(SignatureRules rules) {
        this.rules = rules;
    }

    static String kind(Key key) {
        return switch (key) {
            case RSAKey _ -> "rsa";
            case ECKey _ -> "ecdsa";
            case EdECKey ed -> ed.getParams().getName().toLowerCase(Locale.ROOT);
            default -> key.getAlgorithm();
        };
    }

    static int bits(Key key) {
        return switch (key) {
            case RSAKey rsa -> rsa.getModulus().bitLength();
            case ECKey ec -> ec.getParams().getCurve().getField().getFieldSize();
            case EdECKey ed -> ed.getParams().getName().equalsIgnoreCase("Ed448") ? 448 : 256;
            default -> 0;
        };
    }

    /// Why a key will not do; empty if it does.
    ///
    /// @param end the peer's own, not an authority's
    Optional<String> against(Key key, boolean end) {
        if (!rules.unknown().isEmpty()) {
            return Optional.of("'" + rules.unknown() + "' of auth is not known");
        }
        String what = "a " + kind(key) + " key of " + bits(key) + " bits";
        if (SignatureScheme.standing(key) == Standing.BROKEN) {
            return Optional.of(what + " can be broken");
        }
        int bits = bits(key);
        Predicate<SignatureScheme> allowed =
                s -> end ? rules.allowsKey(s, bits) : rules.allowsAuthority(s, bits);
        return Arrays.stream(SignatureScheme.values()).filter(s -> s.fits(key)).anyMatch(allowed)
                ? Optional.empty()
                : Optional.of("auth (" + rules + ") does not allow " + what);
    }

    /// Why the signature of a certificate will not do; empty if it does.
    Optional<String> againstSignature(X509Certificate certificate) {
        return scheme(certificate).filter(rules::allowsChain).isPresent()
                ? Optional.empty()
                : Optional.of(
                        "it is signed by "
                                + certificate.getSigAlgName()
                                + ", which is broken or unknown, or not allowed by auth ("
                                + rules
                                + ")");
    }

    /// Why the signature of the AUTH payload will not do; empty if it does.
    Optional<String> against(SignatureScheme scheme) {
        if (!rules.unknown().isEmpty()) {
            return Optional.of("'" + rules.unknown() + "' of auth is not known");
        }
        return rules.allowsIke(scheme)
                ? Optional.empty()
                : Optional.of("auth (" + rules + ") does not allow a signature by " + scheme);
    }

    /// How a certificate was signed; empty for what we do not know, and for hashes older than
    /// SHA-1.
    private static Optional<SignatureScheme> scheme(X509Certificate certificate) {
        String name = certificate.getSigAlgName().toUpperCase(Locale.ROOT).replace("-", "");
        int with = name.indexOf("WITH");
        if (name.startsWith("RSASSAPSS")) {
            return pssHash(certificate).flatMap(hash -> scheme(Kind.RSA_PSS, hash));
        }
        if (with > 0) {
            String hash = name.substring(0, with);
            return switch (name.substring(with + 4)) {
                case "RSA" -> scheme(Kind.RSA_PKCS1, hash);
                case "ECDSA" -> scheme(Kind.ECDSA, hash);
                default -> Optional.empty();
            };
        }
        return Arrays.stream(SignatureScheme.values())
                .filter(s -> s.kind() == Kind.EDDSA && s.toString().equalsIgnoreCase(name))
                .findFirst();
    }

    private static Optional<SignatureScheme> scheme(Kind kind, String hash) {
        Optional<SignatureHash> known =
                switch (hash) {
                    case "SHA1" -> Optional.of(SignatureHash.SHA1);
                    case "SHA256" -> Optional.of(SignatureHash.SHA2_256);
                    case "SHA384" -> Optional.of(SignatureHash.SHA2_384);
                    case "SHA512" -> Optional.of(SignatureHash.SHA2_512);
                    default -> Optional.empty();
                };
        return Arrays.stream(SignatureScheme.values())
                .filter(s -> s.kind() == kind && known.equals(Optional.of(s.hash())))
                .findFirst();
    }

    private static Optional<String> pssHash(X509Certificate certificate) {
        byte[] encoded = certificate.getSigAlgParams();
        if (encoded == null) {
            return Optional.empty();
        }
        try {
            AlgorithmParameters parameters = AlgorithmParameters.getInstance("RSASSA-PSS");
            parameters.init(encoded);
            PSSParameterSpec spec = parameters.getParameterSpec(PSSParameterSpec.class);
            return Optional.of(spec.getDigestAlgorithm().toUpperCase(Locale.ROOT).replace("-", ""));
        } catch (GeneralSecurityException | IOException _) {
            return Optional.empty();
        }
    }
}
