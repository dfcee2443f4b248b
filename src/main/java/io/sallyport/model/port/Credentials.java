package io.sallyport.model.port;

import io.sallyport.base.Octets;
import io.sallyport.base.Secret;
import io.sallyport.model.spec.AuthSpec;
import io.sallyport.model.spec.Identity;
import io.sallyport.model.spec.TrustSpec;
import io.sallyport.model.trust.OwnKey;
import java.util.List;
import java.util.Optional;

/// Keys by identity. What takes time is asked of the [Notary].
public interface Credentials {
    /// The pre-shared key whose owners match best: one of `local` and one of `remote`, else one of
    /// `remote`, else a key for any. Candidates are in order of preference, e.g. the configured
    /// identity before the address. A copy: whoever asked closes it.
    Optional<Secret> presharedKey(List<Identity> local, List<Identity> remote);

    /// The post-quantum preshared key of this PPK_ID (RFC 8784); the caller closes it.
    default Optional<Secret> postQuantumKey(Octets id) {
        return Optional.empty();
    }

    /// Whether there is any such key: a responder says so before it knows who asks.
    default boolean hasPostQuantumKeys() {
        return false;
    }

    /// What tokens are made with by which peers learn that we forgot an IKE SA (RFC 6290); it
    /// outlives this process. The caller closes it. Empty: no such tokens.
    default Optional<Secret> crashSecret() {
        return Optional.empty();
    }

    /// The password of a user of EAP, ours or a peer's; the caller closes it.
    default Optional<Secret> password(Octets user) {
        return Optional.empty();
    }

    /// The MD4 hash of such a password, where that is all there is; the caller closes it.
    default Optional<Secret> passwordHash(Octets user) {
        return Optional.empty();
    }

    /// The key pairs by which we may prove our end, the best first: with the certificates or raw
    /// keys that `local` names; where it names none, all whose certificate bears its identity. Of
    /// these, what leads to one of the authorities that the peer asks for comes before the rest
    /// (RFC 7296, 3.7: a CERTREQ is a wish).
    ///
    /// @param wanted what the peer's CERTREQs name: in IKEv2 hashes, 20 octets each, in IKEv1
    ///   distinguished names in DER; empty: it asked for nobody
    default List<OwnKey> ownKeys(AuthSpec.Pubkey local, List<Octets> wanted) {
        return List.of();
    }

    /// Whether certificates that peers only say the place of are fetched (RFC 7296, 3.6).
    default boolean fetchesCertificates() {
        return false;
    }

    /// What we ask for in a CERTREQ: SHA-1 over the SubjectPublicKeyInfo of each authority that may
    /// vouch for the peer (RFC 7296, 3.7), each once. Where `trust` names authorities, only these.
    default List<Octets> authorities(TrustSpec trust) {
        return List.of();
    }

    /// The same authorities by their distinguished names in DER, as IKEv1 asks for them (RFC 2408,
    /// 3.10).
    default List<Octets> authorityNames(TrustSpec trust) {
        return List.of();
    }
}
