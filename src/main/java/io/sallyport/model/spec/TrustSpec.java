package io.sallyport.model.spec;

import java.util.List;

/// What a peer's chain of certificates must satisfy.
///
/// @param authorities one of these signed it, directly or not; empty: any that is trusted
/// @param authority subject of a CA that must be in the chain; ANY: no such demand
/// @param groups of attribute certificates, one must match
/// @param policies object identifiers, one must be in the certificate
/// @param schemes in strongSwan's words, `rsa-2048`, `sha256`, `ecdsa-256-sha256`: keys and
///   signatures that will do; empty: all
public record TrustSpec(
        List<KeySource> authorities,
        Identity authority,
        List<String> groups,
        List<String> policies,
        List<String> schemes,
        Revocation revocation) {
    /// No demands.
    public static final TrustSpec ANY =
            new TrustSpec(
                    List.of(), Identity.ANY, List.of(), List.of(), List.of(), Revocation.RELAXED);

    /// When a certificate whose revocation cannot be asked is refused.
    public enum Revocation {
        /// Always.
        STRICT,
        /// If it or its CA names a place to ask.
        IFURI,
        /// Never: only one known as revoked is refused.
        RELAXED
    }

    public TrustSpec {
        authorities = List.copyOf(authorities);
        groups = List.copyOf(groups);
        policies = List.copyOf(policies);
        schemes = List.copyOf(schemes);
    }

    public TrustSpec schemes(List<String> words) {
        return new TrustSpec(authorities, authority, groups, policies, words, revocation);
    }
}
