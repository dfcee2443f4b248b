package io.sallyport.model.spec;

import java.util.List;

/// One round of authentication of one end (RFC 7296, 2.15; several: RFC 4739). For our own end it
/// says how we prove ourselves, for the peer's what we demand of it.
public sealed interface AuthSpec {
    /// IDi or IDr; [Identity#ANY]: our address, or whoever the peer is.
    Identity identity();

    /// By a pre-shared key.
    record Psk(Identity identity) implements AuthSpec {}

    /// By signature.
    ///
    /// @param certificates ours, the best for the peer is taken; the peer's: one of these
    /// @param keys raw public keys (RFC 7670)
    /// @param trust what is demanded of the peer's chain; [TrustSpec#ANY] for our own end
    record Pubkey(
            Identity identity, List<KeySource> certificates, List<KeySource> keys, TrustSpec trust)
            implements AuthSpec {
        public Pubkey {
            certificates = List.copyOf(certificates);
            keys = List.copyOf(keys);
        }
    }

    /// By EAP (RFC 7296, 2.16).
    ///
    /// @param method `mschapv2`, `tls` …; empty: what the other end proposes
    /// @param vendor 0: an IETF method
    /// @param eapIdentity said in EAP; ANY: the IKE identity; for the peer: demanded, ANY: asked
    ///   for
    /// @param certificates ours, for methods that show one; the other end's: none
    /// @param server the identity of the AAA server that its certificate must show; ANY: the peer's
    record Eap(
            Identity identity,
            String method,
            int vendor,
            Identity eapIdentity,
            List<KeySource> certificates,
            Identity server,
            TrustSpec trust)
            implements AuthSpec {
        public Eap {
            certificates = List.copyOf(certificates);
        }
    }

    /// By XAuth, after a round of IKEv1.
    ///
    /// @param backend empty: any
    /// @param user ANY: the IKE identity
    record Xauth(Identity identity, String backend, Identity user) implements AuthSpec {}

    /// Not at all (RFC 7619).
    record Null(Identity identity) implements AuthSpec {}
}
