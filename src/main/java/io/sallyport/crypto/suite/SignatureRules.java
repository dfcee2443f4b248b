package io.sallyport.crypto.suite;

import io.sallyport.crypto.suite.SignatureScheme.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Which keys and signatures will do, in strongSwan's words: `rsa-3072-sha256-sha384`, `ecdsa-384`,
/// `ike:rsa/pss-sha256`, `pubkey-sha512`. A sort of key stands before its least length in bits and
/// the hashes it may sign with. What stands behind `ike:` is demanded of AUTH alone, all else of
/// the certificates, and of AUTH too where nothing is said of that one.
public final class SignatureRules {
    private static final Map<String, SignatureHash> HASHES =
            Map.of(
                    "sha1", SignatureHash.SHA1,
                    "sha256", SignatureHash.SHA2_256,
                    "sha384", SignatureHash.SHA2_384,
                    "sha512", SignatureHash.SHA2_512,
                    "identity", SignatureHash.IDENTITY);

    /// No demands.
    public static final SignatureRules ANY = new SignatureRules(List.of(), "", "");

    /// A sort of key, as it is named.
    private enum Sort {
        PUBKEY,
        RSA,
        RSA_PSS,
        ECDSA,
        ED25519,
        ED448;

        boolean isOf(SignatureScheme s) {
            return switch (this) {
                case PUBKEY -> true;
                case RSA ->
                        s.kind() == Kind.RSA_PKCS1
                                || s.kind() == Kind.RSA_PSS
                                || s.kind() == Kind.RSA_BARE;
                case RSA_PSS -> s.kind() == Kind.RSA_PSS;
                case ECDSA -> s.kind() == Kind.ECDSA || s.kind() == Kind.ECDSA_RAW;
                case ED25519 -> s == SignatureScheme.ED25519;
                case ED448 -> s == SignatureScheme.ED448;
            };
        }
    }

    /// @param bits least length of the key, 0: any
    /// @param hashes empty: all
    private record Rule(boolean ike, Sort sort, int bits, List<SignatureHash> hashes) {
        boolean allows(SignatureScheme s) {
            boolean hashFits =
                    hashes.isEmpty()
                            || s.hash() == SignatureHash.IDENTITY
                            // IKEv1 signs HASH_I and HASH_R, whose hash the proposal chooses
                            || s.hash() == SignatureHash.NONE
                            || hashes.contains(s.hash());
            return sort.isOf(s) && hashFits;
        }
    }

    private final List<Rule> rules;
    private final String text;
    private final String unknown;

    private SignatureRules(List<Rule> rules, String text, String unknown) {
        this.rules = List.copyOf(rules);
        this.text = text;
        this.unknown = unknown;
    }

    /// @param words split at the hyphens, e.g. `ike:rsa`, `2048`, `sha256`; none: no demands
    public static SignatureRules of(List<String> words) {
        List<Rule> rules = new ArrayList<>();
        String unknown = "";
        boolean fresh = true;
        for (String said : words) {
            String word = said.toLowerCase(Locale.ROOT);
            boolean ike = word.startsWith("ike:");
            Optional<Sort> sort = sort(ike ? word.substring(4) : word);
            SignatureHash hash = HASHES.get(word);
            if (sort.isPresent()) {
                rules.add(new Rule(ike, sort.get(), 0, List.of()));
            } else if (!ike && hash != null) {
                Rule last = fresh ? new Rule(false, Sort.PUBKEY, 0, List.of()) : rules.removeLast();
                List<SignatureHash> hashes = new ArrayList<>(last.hashes);
                hashes.add(hash);
                rules.add(new Rule(last.ike, last.sort, last.bits, hashes));
            } else if (!fresh && rules.getLast().bits == 0 && word.matches("[1-9][0-9]{1,5}")) {
                Rule last = rules.removeLast();
                rules.add(new Rule(last.ike, last.sort, Integer.parseInt(word), last.hashes));
            } else if (unknown.isEmpty()) {
                unknown = said;
            }
            fresh = rules.isEmpty();
        }
        return new SignatureRules(rules, String.join("-", words), unknown);
    }

    private static Optional<Sort> sort(String word) {
        return switch (word) {
            case "pubkey" -> Optional.of(Sort.PUBKEY);
            case "rsa" -> Optional.of(Sort.RSA);
            case "rsa/pss" -> Optional.of(Sort.RSA_PSS);
            case "ecdsa" -> Optional.of(Sort.ECDSA);
            case "ed25519" -> Optional.of(Sort.ED25519);
            case "ed448" -> Optional.of(Sort.ED448);
            default -> Optional.empty();
        };
    }

    /// The first word that means nothing; empty if all do.
    public String unknown() {
        return unknown;
    }

    /// Whether AUTH may be signed so.
    public boolean allowsIke(SignatureScheme scheme) {
        boolean own = rules.stream().anyMatch(Rule::ike);
        return unknown.isEmpty()
                && (rules.isEmpty()
                        || rules.stream().anyMatch(r -> r.ike == own && r.allows(scheme)));
    }

    /// Whether `scheme` was named, so that even a broken one is wanted.
    public boolean names(SignatureScheme scheme) {
        return allowsIke(scheme)
                && rules.stream()
                        .anyMatch(r -> r.hashes.contains(scheme.hash()) && r.allows(scheme));
    }

    /// Whether a certificate may be signed so; by a broken hash only where that is named.
    public boolean allowsChain(SignatureScheme scheme) {
        List<Rule> chain = rules.stream().filter(r -> !r.ike).toList();
        boolean broken = scheme.standing() == Standing.BROKEN;
        return unknown.isEmpty()
                && (chain.isEmpty() && !broken
                        || chain.stream()
                                .anyMatch(r ->
                                        r.allows(scheme)
                                                && (!broken || r.hashes.contains(scheme.hash()))));
    }

    /// Whether a key will do by its sort and length, in AUTH and in the chain.
    ///
    /// @param usual a scheme by which it signs, which tells its sort
    public boolean allowsKey(SignatureScheme usual, int bits) {
        return unknown.isEmpty()
                && (rules.isEmpty()
                        || rules.stream().anyMatch(r -> r.sort.isOf(usual) && bits >= r.bits));
    }

    /// Whether an authority's key will do: as long as is demanded of its sort, if that is named.
    public boolean allowsAuthority(SignatureScheme usual, int bits) {
        return rules.stream().noneMatch(r -> r.sort.isOf(usual)) || allowsKey(usual, bits);
    }

    @Override
    public String toString() {
        return rules.isEmpty() ? "any" : text;
    }
}
