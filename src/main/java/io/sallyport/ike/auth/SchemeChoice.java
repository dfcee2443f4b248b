package io.sallyport.ike.auth;

import io.sallyport.base.Octets;
import io.sallyport.crypto.choose.Crypto;
import io.sallyport.crypto.suite.SignatureHash;
import io.sallyport.crypto.suite.SignatureRules;
import io.sallyport.crypto.suite.SignatureScheme;
import io.sallyport.crypto.suite.Standing;
import io.sallyport.model.trust.OwnKey;
import io.sallyport.wire.ike.MalformedException;
import io.sallyport.wire.ike.v2.Authentication;
import io.sallyport.wire.ike.v2.number.HashAlgorithm;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// By which scheme AUTH is signed, and which of the peer's are taken.
///
/// ```text
///  the peer said SIGNATURE_HASH_ALGORITHMS   method 14 with a hash of its list; else 9 to 11 (RFC 4754)
///  it did not                                9 to 11 with ECDSA, 1 with RSA: SHA-1, there is no other (RFC 7296, 3.8)
/// ```
///
/// A peer that knows of better hashes has no excuse for a method 1: it is not taken, unless
/// configured by name.
public final class SchemeChoice {
    private SchemeChoice() {}

    /// The hashes that we say we know: those of the schemes that an engine offers. SHA-1 is not
    /// among them.
    public static List<HashAlgorithm> hashes(Crypto crypto) {
        List<HashAlgorithm> known = new ArrayList<>();
        for (HashAlgorithm h : HashAlgorithm.values()) {
            boolean offered =
                    List.of(SignatureScheme.values()).stream()
                            .anyMatch(s ->
                                    s.hash().number() == h.number()
                                            && s.standing() != Standing.BROKEN
                                            && crypto.offers(s));
            if (offered) {
                known.add(h);
            }
        }
        return known;
    }

    /// How we sign.
    ///
    /// @param named by method 14, which says in front of the signature how it was made
    public record Choice(SignatureScheme scheme, boolean named) {
        public Authentication payload(Octets signature) {
            return named
                    ? Authentication.of(
                            new Authentication.DigitalSignature(
                                    scheme.algorithmIdentifier(), signature))
                    : new Authentication(scheme.method(), signature);
        }
    }

    /// The best scheme of `key` that the peer can check.
    ///
    /// @param theirs the hashes that the peer knows; empty: it does not know RFC 7427
    /// @param announced what else it says of that; nothing: it says no more
    public static Optional<Choice> ours(
            OwnKey key,
            SignatureRules rules,
            Set<SignatureHash> theirs,
            Announced announced,
            Crypto crypto) {
        List<SignatureScheme> all =
                key.schemes().stream()
                        .filter(s ->
                                crypto.offers(s)
                                        && rules.allowsIke(s)
                                        && rules.allowsKey(s, key.bits()))
                        .toList();
        Optional<Choice> named =
                all.stream()
                        .filter(s ->
                                !s.algorithmIdentifier().isEmpty() && theirs.contains(s.hash()))
                        .filter(s -> s.standing() != Standing.BROKEN || rules.names(s))
                        .filter(s -> !announced.names() || announced.takes(s, true, key.ways()))
                        .findFirst()
                        .map(s -> new Choice(s, true));
        return named.or(() ->
                all.stream()
                        .filter(s -> hasMethod(s))
                        .filter(s -> theirs.isEmpty() || s.standing() != Standing.BROKEN)
                        .filter(s -> !announced.names() || announced.takes(s, false, key.ways()))
                        .findFirst()
                        .map(s -> new Choice(s, false)));
    }

    /// Whether it can be used without RFC 7427.
    static boolean hasMethod(SignatureScheme s) {
        return s.method() != 0 && s.method() != SignatureScheme.DIGITAL_SIGNATURE;
    }

    /// What a peer's AUTH is, or why it is not taken.
    public sealed interface Theirs {
        record Taken(SignatureScheme scheme, Octets signature) implements Theirs {}

        record Refused(String why) implements Theirs {}
    }

    /// @param knownToThem the hashes that the peer knows; empty: it does not know RFC 7427
    public static Theirs theirs(
            Authentication auth,
            SignatureRules rules,
            Set<SignatureHash> knownToThem,
            Crypto crypto) {
        if (auth.method() == SignatureScheme.DIGITAL_SIGNATURE) {
            try {
                Authentication.DigitalSignature signature = auth.digitalSignature();
                Optional<SignatureScheme> scheme =
                        SignatureScheme.byAlgorithmIdentifier(signature.algorithm());
                return scheme.isEmpty()
                        ? new Theirs.Refused(
                                "a signature algorithm that is not known: "
                                        + signature.algorithm().hex())
                        : judged(scheme.get(), signature.value(), rules, true, crypto);
            } catch (MalformedException e) {
                return new Theirs.Refused("AUTH is no digital signature: " + e.what());
            }
        }
        Optional<SignatureScheme> scheme = SignatureScheme.byMethod(auth.method());
        return scheme.isEmpty()
                ? new Theirs.Refused("auth method " + auth.method() + " where a signature is due")
                : judged(scheme.get(), auth.data(), rules, !knownToThem.isEmpty(), crypto);
    }

    /// @param better whether the peer could have signed with another hash than SHA-1
    private static Theirs judged(
            SignatureScheme scheme,
            Octets signature,
            SignatureRules rules,
            boolean better,
            Crypto crypto) {
        if (!crypto.offers(scheme)) {
            return new Theirs.Refused("no engine checks " + scheme);
        }
        if (!rules.allowsIke(scheme)) {
            return new Theirs.Refused("the configuration does not allow " + scheme);
        }
        if (better && scheme.standing() == Standing.BROKEN && !rules.names(scheme)) {
            return new Theirs.Refused(
                    scheme + " by a peer that knows better hashes; name it in auth to allow it");
        }
        return new Theirs.Taken(scheme, signature);
    }
}
