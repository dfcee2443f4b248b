package io.sallyport.creds.x509;

import io.sallyport.base.Octets;
import io.sallyport.base.name.DistinguishedName;
import io.sallyport.creds.der.BadDer;
import io.sallyport.creds.der.Der;
import io.sallyport.creds.der.DerReader;
import io.sallyport.creds.der.Tag;
import io.sallyport.creds.pem.BadCredential;
import io.sallyport.creds.pem.CredentialFile;
import io.sallyport.model.spec.Identity;
import java.security.Key;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.security.cert.X509Extension;
import java.util.Locale;
import java.util.Optional;
import javax.security.auth.x500.X500Principal;

/// What is read off certificates and keys.
public final class Certificates {
    static final String SUBJECT_KEY_IDENTIFIER = "2.5.29.14";
    static final String AUTHORITY_KEY_IDENTIFIER = "2.5.29.35";

    private Certificates() {}

    public static Octets der(X509Certificate certificate) {
        try {
            return Octets.owned(certificate.getEncoded());
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException("a certificate that was parsed has no octets", e);
        }
    }

    /// SubjectPublicKeyInfo in DER.
    public static Octets publicKey(Key key) {
        return Octets.owned(key.getEncoded());
    }

    /// SHA-1 over the SubjectPublicKeyInfo: the hash of a CERTREQ (RFC 7296, 3.7), and charon's id
    /// of a key.
    public static Octets keyId(Key key) {
        return sha1(publicKey(key));
    }

    /// SHA-1 over the bits of the public key alone (RFC 5280, 4.2.1.2, method 1).
    public static Octets subjectKeyId(Key key) {
        try {
            DerReader inside = Der.parse(publicKey(key), Tag.SEQUENCE).inside();
            inside.next();
            return sha1(inside.next(Tag.BIT_STRING).bits());
        } catch (BadDer e) {
            throw new IllegalStateException("a key of JCE's is no SubjectPublicKeyInfo", e);
        }
    }

    public static Octets sha1(Octets octets) {
        try {
            return Octets.owned(MessageDigest.getInstance("SHA-1").digest(octets.toArray()));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JCE has SHA-1", e);
        }
    }

    public static Identity subject(X509Certificate certificate) {
        return identity(certificate.getSubjectX500Principal());
    }

    public static Identity issuer(X509Certificate certificate) {
        return identity(certificate.getIssuerX500Principal());
    }

    public static Identity identity(X500Principal name) {
        return new Identity(Identity.Type.DER_ASN1_DN, Octets.owned(name.getEncoded()));
    }

    /// `C=CH, O=strongSwan, CN=moon`.
    public static String text(X500Principal name) {
        return DistinguishedName.text(Octets.owned(name.getEncoded())).orElse("(no name)");
    }

    /// `'C=CH, CN=moon'`, for a sentence.
    static String quoted(X509Certificate certificate) {
        return "'" + text(certificate.getSubjectX500Principal()) + "'";
    }

    /// `RSA 2048 bits`, `ECDSA 384 bits`, `ED25519 256 bits`.
    public static String text(PublicKey key) {
        return Strength.kind(key).toUpperCase(Locale.ROOT) + " " + Strength.bits(key) + " bits";
    }

    /// Issued by itself, and signed so.
    public static boolean isSelfSigned(X509Certificate certificate) {
        return certificate.getSubjectX500Principal().equals(certificate.getIssuerX500Principal())
                && isSignedBy(certificate, certificate);
    }

    /// RFC 5280, 4.2.1.9: without basicConstraints it is no CA. Old anchors of version 1 are none.
    public static boolean isAuthority(X509Certificate certificate) {
        return certificate.getBasicConstraints() >= 0;
    }

    public static boolean isSignedBy(X509Certificate certificate, X509Certificate issuer) {
        try {
            certificate.verify(issuer.getPublicKey());
            return true;
        } catch (java.security.GeneralSecurityException | RuntimeException _) {
            return false;
        }
    }

    /// The content of an extension, out of its OCTET STRING; empty if there is none.
    public static Optional<Octets> extension(X509Extension of, String oid) {
        byte[] value = of.getExtensionValue(oid);
        if (value == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(Der.parse(Octets.owned(value), Tag.OCTET_STRING).content());
        } catch (BadDer _) {
            return Optional.empty();
        }
    }

    public static Optional<Octets> subjectKeyIdentifier(X509Certificate certificate) {
        return extension(certificate, SUBJECT_KEY_IDENTIFIER)
                .flatMap(value -> {
                    try {
                        return Optional.of(Der.parse(value, Tag.OCTET_STRING).content());
                    } catch (BadDer _) {
                        return Optional.empty();
                    }
                });
    }

    /// The key identifier of the issuer, if it is named so.
    public static Optional<Octets> authorityKeyIdentifier(X509Extension of) {
        return extension(of, AUTHORITY_KEY_IDENTIFIER)
                .flatMap(value -> {
                    try {
                        return Der.parse(value, Tag.SEQUENCE)
                                .inside()
                                .optional(Tag.primitive(0))
                                .map(Der::content);
                    } catch (BadDer _) {
                        return Optional.empty();
                    }
                });
    }

    /// Empty for octets that are none.
    public static Optional<X509Certificate> parse(Octets der) {
        try {
            return Optional.of(CredentialFile.x509(der));
        } catch (BadCredential _) {
            return Optional.empty();
        }
    }
}
