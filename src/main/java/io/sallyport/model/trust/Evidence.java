package io.sallyport.model.trust;

import io.sallyport.base.Octets;

/// One thing that a peer sent in a CERT payload. Nothing of it is believed for being sent.
public sealed interface Evidence {
    /// X.509 Certificate - Signature (RFC 7296, 3.6, encoding 4), DER.
    record Certificate(Octets der) implements Evidence {}

    /// Raw Public Key (RFC 7670, 3, encoding 15): a SubjectPublicKeyInfo in DER.
    record RawKey(Octets publicKey) implements Evidence {}

    /// Certificate Revocation List (encoding 7), DER.
    record RevocationList(Octets der) implements Evidence {}

    /// OCSP Content (RFC 4806, 3, encoding 14): an OCSPResponse in DER.
    record OcspAnswer(Octets der) implements Evidence {}

    /// Hash and URL of X.509 certificate or bundle (RFC 7296, 3.6, encodings 12 and 13).
    ///
    /// @param sha1 over what is found there
    record Located(Octets sha1, String url, boolean bundle) implements Evidence {}
}
