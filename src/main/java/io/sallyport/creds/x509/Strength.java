package io.sallyport.creds.x509;

import io.sallyport.crypto.suite.SignatureHash;
import io.sallyport.crypto.suite.SignatureScheme;
import io.sallyport.crypto.suite.Standing;
import java.security.Key;
import java.security.interfaces.ECKey;
import java.security.interfaces.EdECKey;
import java.security.interfaces.RSAKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Which keys and signatures will do: strongSwan's words of `auth`, `rsa-2048-sha256` or
/// `ike:ecdsa-sha384`. Without words everything will but what is broken.
final class Strength {
    private static final Set<String> KEYS = Set.of("rsa", "rsa/pss", "ecdsa", "ed25519", "ed448");
    private static final Set<String> HASHES =
            Set.of("sha1", "sha256", "sha384", "sha512", "identity");

    /// Least bits by kind of key; kinds that are not in it will not do, unless it is empty.
    private final Map<String, Integer> keys = new HashMap<>();

    private final Set<String> hashes = new HashSet<>();
    private final List<String> unknown = new ArrayList<>();

    /// For the signature of IKE only, not for certificates.
    private boolean ikeOnly;

    private boolean pssOnly;

    Strength(List<String> words) {
        String kind = "";
        for (String said : words) {
            String word = said.toLowerCase(Locale.ROOT);
            if (word.startsWith("ike:")) {
                ikeOnly = true;
                word = word.substring(4);
            }
            if (KEYS.contains(word)) {
                pssOnly |= word.equals("rsa/pss");
                kind = word.equals("rsa/pss") ? "rsa" : word;
                keys.putIfAbsent(kind, 0);
            } else if (HASHES.contains(word)) {
                hashes.add(word);
            } else if (word.matches("[0-9]{3,5}") && !kind.isEmpty()) {
                keys.put(kind, Integer.parseInt(word));
            } else if (!word.equals("pubkey")) {
                unknown.add(said);
            }
        }
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
        String kind = kind(key);
        int bits = bits(key);
        if (!unknown.isEmpty()) {
            return Optional.of("'" + String.join("-", unknown) + "' of auth is not known");
        }
        if (SignatureScheme.standing(key) == Standing.BROKEN) {
            return Optional.of("a " + kind + " key of " + bits + " bits can be broken");
        }
        Integer least = keys.get(kind);
        if (end && !keys.isEmpty() && least == null) {
            return Optional.of("auth does not allow a key of kind " + kind);
        }
        return least != null && bits < least
                ? Optional.of("auth demands " + least + " bits of " + kind + ", it has " + bits)
                : Optional.empty();
    }

    /// Why the signature of a certificate will not do; empty if it does.
    ///
    /// @param algorithm as JCE names it, `SHA256withRSA`
    Optional<String> againstCertificate(String algorithm) {
        String upper = algorithm.toUpperCase(Locale.ROOT);
        String hash =
                upper.startsWith("ED")
                        ? "identity"
                        : upper.replaceAll("WITH.*", "").replace("-", "").toLowerCase(Locale.ROOT);
        if (!hashes.isEmpty() && !ikeOnly && !upper.startsWith("RSASSA-PSS")) {
            return hashes.contains(hash)
                    ? Optional.empty()
                    : Optional.of("auth does not allow a signature by " + algorithm);
        }
        return Set.of("md2", "md5", "sha1").contains(hash)
                ? Optional.of("it is signed by " + algorithm + ", whose hash is broken")
                : Optional.empty();
    }

    /// Why the signature of the AUTH payload will not do; empty if it does.
    Optional<String> against(SignatureScheme scheme) {
        if (pssOnly && scheme.kind() == SignatureScheme.Kind.RSA_PKCS1) {
            return Optional.of("auth demands RSASSA-PSS");
        }
        // IKEv1 hashes by the PRF, and method 1 of IKEv2 knows SHA-1 only
        boolean free =
                hashes.isEmpty()
                        || scheme.hash() == SignatureHash.NONE
                        || hashes.contains(
                                scheme.hash() == SignatureHash.IDENTITY
                                        ? "identity"
                                        : scheme.hash()
                                                .name()
                                                .toLowerCase(Locale.ROOT)
                                                .replace("sha2_", "sha"));
        return free
                ? Optional.empty()
                : Optional.of("auth does not allow a signature by " + scheme);
    }
}
