package io.sallyport.ike.v1;

import io.sallyport.base.Octets;
import io.sallyport.crypto.suite.SignatureRules;
import io.sallyport.crypto.suite.SignatureScheme;
import io.sallyport.ike.auth.Identities;
import io.sallyport.ike.sa.EngineContext;
import io.sallyport.ike.v1.offer.AuthenticationMethod;
import io.sallyport.model.spec.AuthSpec;
import io.sallyport.model.spec.ConnectionSpec;
import io.sallyport.model.spec.Identity;
import io.sallyport.model.spec.PeerSpec;
import io.sallyport.model.trust.OwnKey;
import io.sallyport.model.trust.PeerProof;
import io.sallyport.wire.ike.v1.PayloadChain;
import io.sallyport.wire.ike.v1.Signature;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// By what main mode proves both ends.
///
/// ```text
///  demanded of both ends   method           judged by
///  psk                     1                HASH_I, HASH_R: only who knows the key has SKEYID
///  pubkey                  3                the notary: signature over the hash, chain, identity
/// ```
///
/// All else is refused, and what differs between the ends is, too: the method stands in the
/// transform and holds for both (RFC 2409, 5).
final class Proofs {
    private Proofs() {}

    /// Whether main mode can prove both ends as this connection wants them.
    static boolean canBe(ConnectionSpec spec) {
        return isByKey(spec) || isBySignature(spec);
    }

    private static boolean isBy(Class<? extends AuthSpec> proof, ConnectionSpec spec) {
        return isBy(proof, spec.local()) && isBy(proof, spec.remote());
    }

    private static boolean isBy(Class<? extends AuthSpec> proof, PeerSpec end) {
        return end.rounds().size() == 1 && proof.isInstance(end.auth());
    }

    static boolean isByKey(ConnectionSpec spec) {
        return isBy(AuthSpec.Psk.class, spec);
    }

    static boolean isBySignature(ConnectionSpec spec) {
        return isBy(AuthSpec.Pubkey.class, spec);
    }

    /// The methods that are offered and taken for this connection: for signatures, those that our
    /// keys sign by, the best key's first. Empty: none will do.
    static List<AuthenticationMethod> methods(ConnectionSpec spec, EngineContext context) {
        if (isByKey(spec)) {
            return List.of(AuthenticationMethod.PRE_SHARED_KEY);
        }
        if (!isBySignature(spec)
                || !(spec.local().auth() instanceof AuthSpec.Pubkey ours)
                || !(spec.remote().auth() instanceof AuthSpec.Pubkey theirs)) {
            return List.of();
        }
        SignatureRules rules = SignatureRules.of(theirs.trust().schemes());
        return context.credentials().ownKeys(ours, List.of()).stream()
                .flatMap(key ->
                        Arrays.stream(AuthenticationMethod.values())
                                .filter(m -> m.scheme().filter(rules::allowsIke).isPresent())
                                .filter(m -> signs(key, m, ours, context)))
                .distinct()
                .toList();
    }

    private static boolean signs(
            OwnKey key, AuthenticationMethod method, AuthSpec.Pubkey ours, EngineContext context) {
        SignatureScheme scheme = method.scheme().orElseThrow();
        SignatureRules rules = SignatureRules.of(ours.trust().schemes());
        return key.schemes().contains(scheme)
                && context.crypto().offers(scheme)
                && rules.allowsIke(scheme)
                && rules.allowsKey(scheme, key.bits());
    }

    /// How we sign for our end.
    record Own(Identity identity, OwnKey key, SignatureScheme scheme) {}

    /// Empty if we have no key for it.
    static Optional<Own> own(
            ConnectionSpec spec,
            AuthenticationMethod method,
            Certificates.Asked asked,
            Identity address,
            EngineContext context) {
        if (!(spec.local().auth() instanceof AuthSpec.Pubkey ours)) {
            return Optional.empty();
        }
        return context.credentials().ownKeys(ours, asked.authorities()).stream()
                .filter(key -> signs(key, method, ours, context))
                .findFirst()
                .map(key ->
                        new Own(
                                Identities.own(ours, Optional.empty(), key, address),
                                key,
                                method.scheme().orElseThrow()));
    }

    /// What a peer's signature says, for the notary; empty where this connection demands none.
    ///
    /// @param hash HASH_I or HASH_R, which RFC 2409, 5.1, has signed
    static Optional<PeerProof> shown(
            ConnectionSpec spec,
            AuthenticationMethod method,
            Identity claimed,
            PayloadChain chain,
            Octets hash) {
        Optional<Signature> signature = chain.first(Signature.class);
        return method.scheme().isPresent()
                        && signature.isPresent()
                        && spec.remote().auth() instanceof AuthSpec.Pubkey demanded
                ? Optional.of(
                        new PeerProof(
                                claimed,
                                demanded,
                                Certificates.evidence(chain),
                                method.scheme().get(),
                                signature.get().value(),
                                hash))
                : Optional.empty();
    }
}
