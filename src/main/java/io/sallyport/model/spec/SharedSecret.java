package io.sallyport.model.spec;

import io.sallyport.base.Secret;
import java.util.List;

/// A secret that both ends know, and the identities it is for; an empty list: for any.
public record SharedSecret(Kind kind, List<Identity> owners, Secret secret, Origin origin) {
    /// What it proves.
    public enum Kind {
        /// A pre-shared key of IKE.
        IKE,
        /// A password for EAP and XAuth.
        EAP,
        XAUTH,
        /// The MD4 hash of a password, for EAP-MSCHAPv2.
        NTLM,
        /// A post-quantum pre-shared key (RFC 8784).
        PPK
    }

    public SharedSecret {
        owners = List.copyOf(owners);
    }

    /// A pre-shared key of IKE.
    public SharedSecret(List<Identity> owners, Secret secret, Origin origin) {
        this(Kind.IKE, owners, secret, origin);
    }

    public SharedSecret from(Origin other) {
        return new SharedSecret(kind, owners, secret, other);
    }
}
