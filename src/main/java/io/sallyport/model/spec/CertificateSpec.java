package io.sallyport.model.spec;

/// A certificate, revocation list or public key to load.
public record CertificateSpec(Kind kind, KeySource source) {
    /// What it is, and what it is trusted for.
    public enum Kind {
        X509,
        /// Trusted as an anchor.
        X509_CA,
        /// Trusted to sign attribute certificates.
        X509_AA,
        /// Trusted to sign OCSP answers.
        X509_OCSP,
        X509_CRL,
        X509_AC,
        PUBKEY
    }
}
