package io.sallyport.model.spec;

import io.sallyport.base.Secret;

/// A private key to load.
///
/// @param passphrase of the file, or the token's PIN; empty: none
public record PrivateKeySpec(Kind kind, KeySource source, Secret passphrase) {
    /// What the file should hold.
    public enum Kind {
        ANY,
        RSA,
        ECDSA,
        PKCS8,
        /// Certificates, too.
        PKCS12,
        TOKEN
    }

    /// What is in it is nobody's to read.
    @Override
    public String toString() {
        return kind + " key of " + source.origin();
    }
}
