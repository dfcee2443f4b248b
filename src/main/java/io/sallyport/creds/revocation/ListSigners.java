package io.sallyport.creds.revocation;

import io.sallyport.creds.der.BadDer;
import io.sallyport.creds.x509.Certificates;
import io.sallyport.crypto.engine.CryptoEngine;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/// Who may sign the lists of an authority: its own key, and other keys of the same name that the
/// same authority vouches for (RFC 5280, 6.3.3 (f)).
///
/// @param known certificates among which other keys are looked for; none of them is trusted for
///   being among them
record ListSigners(CryptoEngine crypto, List<X509Certificate> known) {
    private static final int CRL_SIGN = 6;
    private static final int MOST_TRIED = 8;

    /// Returns the certificate whose key signed `list`.
    ///
    /// @param issuer of the certificate that is asked about, on a path that is trusted
    X509Certificate of(Crl list, X509Certificate issuer, Instant now) throws Unbelieved {
        String why = "";
        List<X509Certificate> candidates =
                Stream.concat(
                                Stream.of(issuer),
                                known.stream().filter(c -> isSameAuthority(c, issuer, now)))
                        .distinct()
                        .limit(MOST_TRIED)
                        .toList();
        for (X509Certificate candidate : candidates) {
            try {
                list.verify(crypto, candidate.getPublicKey());
            } catch (Unbelieved e) {
                why = why.isEmpty() ? e.why() : why;
                continue;
            }
            // RFC 5280, 6.3.3 (f): "If a key usage extension is present in the CRL issuer's
            // certificate, verify that the cRLSign bit is set."
            boolean[] usage = candidate.getKeyUsage();
            if (usage != null && !usage[CRL_SIGN]) {
                throw new Unbelieved(
                        list.name()
                                + " is signed by a key whose certificate does not allow it"
                                + " (keyUsage without cRLSign)");
            }
            return candidate;
        }
        throw new Unbelieved(list.name() + ": " + why + " of its issuer");
    }

    /// Another certificate of the same name, and vouched for by `issuer` or by who vouches for it.
    private boolean isSameAuthority(X509Certificate other, X509Certificate issuer, Instant now) {
        return !other.equals(issuer)
                && other.getSubjectX500Principal().equals(issuer.getSubjectX500Principal())
                && !now.isBefore(other.getNotBefore().toInstant())
                && !now.isAfter(other.getNotAfter().toInstant())
                && other.getKeyUsage() != null
                && !other.hasUnsupportedCriticalExtension()
                && (isSignedBy(crypto, other, issuer)
                        || known.stream()
                                .filter(Certificates::isAuthority)
                                .filter(p -> !p.equals(other) && !p.equals(issuer))
                                .anyMatch(p ->
                                        isSignedBy(crypto, other, p)
                                                && isSignedBy(crypto, issuer, p)));
    }

    /// By an algorithm that can be believed, too.
    static boolean isSignedBy(
            CryptoEngine crypto, X509Certificate certificate, X509Certificate issuer) {
        if (!certificate.getIssuerX500Principal().equals(issuer.getSubjectX500Principal())) {
            return false;
        }
        try {
            Signed.parse(Certificates.der(certificate)).verify(crypto, issuer.getPublicKey());
            return true;
        } catch (Unbelieved | BadDer _) {
            return false;
        }
    }
}
