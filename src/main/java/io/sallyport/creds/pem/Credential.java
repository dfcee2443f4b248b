package io.sallyport.creds.pem;

import io.sallyport.base.Octets;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;

/// One thing of a file.
public sealed interface Credential {
    /// An X.509 certificate.
    record Certificate(X509Certificate x509) implements Credential {
        @Override
        public String toString() {
            return "an X.509 certificate";
        }
    }

    /// A revocation list.
    record RevocationList(X509CRL crl) implements Credential {
        @Override
        public String toString() {
            return "a revocation list";
        }
    }

    /// A public key alone.
    record PublicKey(java.security.PublicKey key) implements Credential {
        @Override
        public String toString() {
            return "a public key";
        }
    }

    /// A private key, and the public one that belongs to it.
    record KeyPair(java.security.KeyPair pair) implements Credential {
        @Override
        public String toString() {
            return "a private key";
        }
    }

    /// A request for a certificate (RFC 2986), DER.
    record Request(Octets der) implements Credential {
        @Override
        public String toString() {
            return "a certificate request";
        }
    }
}
