package io.sallyport.creds.x509;

import io.sallyport.model.spec.Identity;
import io.sallyport.model.spec.KeySource;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;

/// What a judge knows beside what the peer sends.
public interface Known {
    /// Certificates of authorities that are trusted: those that signed themselves are the ends of
    /// all paths, the others are on the way.
    List<X509Certificate> authorities();

    /// Certificates of peers that are trusted as they are.
    List<X509Certificate> peers();

    /// Certificates that may be on the way to an authority, and are trusted for nothing.
    default List<X509Certificate> between() {
        return List.of();
    }

    /// Public keys that are trusted for whoever claims their identifier.
    List<PublicKey> keys();

    /// What a configuration names; empty if it could not be read.
    Optional<X509Certificate> certificate(KeySource source);

    /// What a configuration names as a raw key; empty if it could not be read.
    Optional<PublicKey> key(KeySource source);

    /// Trusted peers' certificates that are `identity`'s.
    default List<X509Certificate> peers(Identity identity) {
        return peers().stream().filter(c -> Holder.is(c, identity)).toList();
    }
}
