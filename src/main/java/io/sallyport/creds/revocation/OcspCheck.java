package io.sallyport.creds.revocation;

import io.sallyport.base.Octets;
import io.sallyport.creds.revocation.OcspAnswer.Single;
import io.sallyport.creds.revocation.OcspAnswer.Status;
import io.sallyport.creds.x509.Certificates;
import io.sallyport.crypto.engine.CryptoEngine;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What an answer of OCSP says of a certificate, once it is believed (RFC 6960, 3.2): signed by who
/// may, about this certificate, of now.
final class OcspCheck {
    private static final String OCSP_SIGNING = "1.3.6.1.5.5.7.3.9";
    private static final String NO_CHECK = "1.3.6.1.5.5.7.48.1.5";
    private static final int DIGITAL_SIGNATURE = 0;
    private static final int NON_REPUDIATION = 1;

    private final CryptoEngine crypto;
    private final X509Certificate certificate;
    private final X509Certificate issuer;
    private final List<X509Certificate> responders;
    private final List<Crl> lists;
    private final Instant now;

    /// @param revoked or good; what is unknown is told as [Unbelieved]
    /// @param as of when it is true
    /// @param until it may be kept
    record Told(boolean revoked, String line, Instant asOf, Instant until) {}

    /// @param responders certificates that may answer for anybody
    /// @param lists on which a responder's certificate may be
    OcspCheck(
            CryptoEngine crypto,
            X509Certificate certificate,
            X509Certificate issuer,
            List<X509Certificate> responders,
            List<Crl> lists,
            Instant now) {
        this.crypto = crypto;
        this.certificate = certificate;
        this.issuer = issuer;
        this.responders = responders;
        this.lists = lists;
        this.now = now;
    }

    /// @param nonce that we sent; empty: nobody asked, somebody handed it to us
    Told told(Octets response, Octets nonce) throws Unbelieved {
        OcspAnswer answer = OcspAnswer.parse(response);
        Single single =
                answer.singles().stream()
                        .filter(s -> s.id().isOf(certificate, issuer))
                        .findFirst()
                        .orElseThrow(() ->
                                new Unbelieved(
                                        "the answer is not about serial "
                                                + certificate.getSerialNumber().toString(16)));
        if (!nonce.isEmpty() && !answer.nonce().isEmpty() && !answer.nonce().equals(nonce)) {
            throw new Unbelieved("the answer repeats another nonce than ours");
        }
        time(answer, single, !nonce.isEmpty() && !answer.nonce().isEmpty());
        String by = signer(answer);
        String line =
                "serial "
                        + certificate.getSerialNumber().toString(16)
                        + " %s, says the responder '"
                        + by
                        + "' (as of "
                        + single.thisUpdate()
                        + single.nextUpdate().map(next -> ", valid until " + next).orElse("")
                        + ")";
        if (single.status() == Status.UNKNOWN) {
            throw new Unbelieved(line.formatted("is unknown"));
        }
        boolean revoked = single.status() == Status.REVOKED;
        String word = Reasons.word(single.reason());
        return new Told(
                revoked,
                line.formatted(
                        revoked
                                ? "was revoked at "
                                        + single.since()
                                        + (word.isEmpty() ? "" : ", " + word)
                                : "is good"),
                single.thisUpdate(),
                single.nextUpdate().orElse(now));
    }

    /// RFC 6960, 3.2: "The time at which the status being indicated is known to be correct
    /// (thisUpdate) is sufficiently recent"; "When available, the time at or before which newer
    /// information will be available about the status of the certificate (nextUpdate) is greater
    /// than the current time."
    private void time(OcspAnswer answer, Single single, boolean fresh) throws Unbelieved {
        if (single.thisUpdate().isAfter(now.plus(ListCheck.SKEW))
                || answer.producedAt().isAfter(now.plus(ListCheck.SKEW))) {
            throw new Unbelieved("the answer is of the future, " + single.thisUpdate());
        }
        if (single.nextUpdate().isPresent()) {
            if (now.isAfter(single.nextUpdate().get())) {
                throw new Unbelieved("the answer was valid until " + single.nextUpdate().get());
            }
        } else if (!fresh && single.thisUpdate().isBefore(now.minus(ListCheck.SKEW))) {
            throw new Unbelieved(
                    "the answer is of "
                            + single.thisUpdate()
                            + ", does not say until when it is valid, and repeats no nonce of ours");
        }
    }

    // ---- who signed it

    /// RFC 6960, 4.2.2.2: the issuer itself, a responder that the configuration trusts, or one
    /// whose certificate the issuer issued for it.
    private String signer(OcspAnswer answer) throws Unbelieved {
        List<X509Certificate> candidates = new ArrayList<>();
        candidates.add(issuer);
        candidates.addAll(responders);
        candidates.addAll(answer.certificates());
        Unbelieved last = new Unbelieved("the answer's signer is not known");
        for (X509Certificate candidate : candidates) {
            if (!isNamed(answer, candidate)) {
                continue;
            }
            try {
                answer.signed().verify(crypto, candidate.getPublicKey());
                if (!candidate.equals(issuer)) {
                    authorised(candidate);
                }
                return Certificates.text(candidate.getSubjectX500Principal());
            } catch (Unbelieved e) {
                last = new Unbelieved("the answer: " + e.why());
            }
        }
        throw last;
    }

    private static boolean isNamed(OcspAnswer answer, X509Certificate candidate) {
        return answer.keyHash().isEmpty()
                ? answer.name()
                        .equals(Octets.owned(candidate.getSubjectX500Principal().getEncoded()))
                : answer.keyHash()
                        .equals(Certificates.sha1(CertId.keyBits(candidate.getPublicKey())));
    }

    private void authorised(X509Certificate responder) throws Unbelieved {
        String name = "'" + Certificates.text(responder.getSubjectX500Principal()) + "'";
        if (now.isBefore(responder.getNotBefore().toInstant())
                || now.isAfter(responder.getNotAfter().toInstant())) {
            throw new Unbelieved("the certificate of its signer " + name + " is not valid now");
        }
        boolean[] usage = responder.getKeyUsage();
        if (usage != null && !usage[DIGITAL_SIGNATURE] && !usage[NON_REPUDIATION]) {
            throw new Unbelieved("the keyUsage of its signer " + name + " does not allow it");
        }
        if (responder.hasUnsupportedCriticalExtension()) {
            throw new Unbelieved(
                    "the certificate of its signer "
                            + name
                            + " has a critical extension that is unknown here");
        }
        if (responders.contains(responder)) {
            return;
        }
        // "This certificate MUST be issued directly by the CA that is identified in the request."
        if (!ListSigners.isSignedBy(crypto, responder, issuer)) {
            throw new Unbelieved(
                    "its signer "
                            + name
                            + " has no certificate of the authority that is asked for");
        }
        // "OCSP signing delegation SHALL be designated by the inclusion of id-kp-OCSPSigning in an
        // extended key usage certificate extension"
        if (!mayAnswer(responder)) {
            throw new Unbelieved(
                    "its signer " + name + " may not answer for others (no OCSPSigning)");
        }
        if (responder.getExtensionValue(NO_CHECK) == null
                && new ListCheck(crypto, responder, issuer, List.of(), List.of(), now)
                                .over(lists)
                                .told()
                        instanceof ListCheck.Told.Listed(String line)) {
            throw new Unbelieved("its signer " + name + " was revoked itself: " + line);
        }
    }

    private static boolean mayAnswer(X509Certificate responder) {
        try {
            return Optional.ofNullable(responder.getExtendedKeyUsage())
                    .orElse(List.of())
                    .contains(OCSP_SIGNING);
        } catch (CertificateParsingException _) {
            return false;
        }
    }
}
