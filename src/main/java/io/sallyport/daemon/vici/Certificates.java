package io.sallyport.daemon.vici;

import io.sallyport.base.Octets;
import java.io.ByteArrayInputStream;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import javax.security.auth.x500.X500Principal;

/// X.509 certificates as clients send and see them.
final class Certificates {
    /// The short name that charon has for it.
    private static final Map<String, String> SHORT = Map.of("1.2.840.113549.1.9.1", "E");

    private Certificates() {}

    static Optional<X509Certificate> parse(Octets octets) {
        try {
            return CertificateFactory.getInstance("X.509")
                                    .generateCertificate(new ByteArrayInputStream(octets.toArray()))
                            instanceof X509Certificate certificate
                    ? Optional.of(certificate)
                    : Optional.empty();
        } catch (CertificateException _) {
            return Optional.empty();
        }
    }

    /// DER, whatever it was read from.
    static Octets encoded(X509Certificate certificate) {
        try {
            return Octets.of(certificate.getEncoded());
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException("a certificate that was parsed", e);
        }
    }

    /// `C=CH, O=strongSwan, CN=moon`: in the order of the encoding.
    static String name(X500Principal principal) {
        String text = principal.getName(X500Principal.RFC2253, SHORT);
        try {
            List<Rdn> parts = new LdapName(text).getRdns();
            return parts.stream()
                    .map(rdn -> rdn.getType() + "=" + rdn.getValue())
                    .collect(Collectors.joining(", "));
        } catch (InvalidNameException _) {
            return text;
        }
    }

    static boolean isAuthority(X509Certificate certificate) {
        return certificate.getBasicConstraints() >= 0;
    }
}
