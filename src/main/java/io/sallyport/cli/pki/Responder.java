package io.sallyport.cli.pki;

import io.sallyport.base.Octets;
import io.sallyport.control.local.Trouble;
import io.sallyport.creds.der.BadDer;
import io.sallyport.creds.issue.AnswerOrder;
import io.sallyport.creds.issue.AnswerOrder.Refusal;
import io.sallyport.creds.issue.AnswerOrder.Single;
import io.sallyport.creds.issue.AnswerOrder.Status;
import io.sallyport.creds.issue.ListOrder;
import io.sallyport.creds.issue.ListOrder.Revoked;
import io.sallyport.creds.revocation.CertId;
import io.sallyport.creds.revocation.OcspRequest;
import io.sallyport.crypto.engine.Signer.CannotSign;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Answers questions of OCSP about what one authority issued (RFC 6960). The files that know are
/// read anew for each question. Any thread.
///
/// @param lifetime empty: newer news is always there
record Responder(
        Given given, X509Certificate authority, Signing signer, Optional<Duration> lifetime) {
    /// RFC 8954, 2.1.
    private static final int MOST_NONCE_OCTETS = 32;

    /// What is known of certificates.
    ///
    /// @param complete what is not among them was never issued
    private record Register(Map<BigInteger, Single> known, boolean complete) {}

    /// An OCSPResponse in DER.
    Octets answer(Octets question) {
        Instant now = given.said().console().time().now().truncatedTo(ChronoUnit.SECONDS);
        try {
            OcspRequest request = OcspRequest.parse(question);
            // RFC 8954, 2.1: "A server MUST reject any OCSP request that has a nonce in the
            // Nonce extension with a length of either 0 octets or more than 32 octets with the
            // malformedRequest OCSPResponseStatus"
            if (request.nonce().length() > MOST_NONCE_OCTETS || request.about().isEmpty()) {
                return Refusal.MALFORMED_REQUEST.emit();
            }
            Register register = register(request.about().getFirst(), now);
            List<Single> singles = new ArrayList<>();
            for (CertId id : request.about()) {
                singles.add(single(id, register, now));
            }
            return new AnswerOrder(singles, request.nonce(), now, lifetime.map(now::plus))
                    .signedBy(signer.certificate(), signer.seal());
        } catch (BadDer _) {
            return Refusal.MALFORMED_REQUEST.emit();
        } catch (CannotSign | Trouble e) {
            given.said().console().err().println("sallyport: " + e.getMessage());
            given.said().console().err().flush();
            return Refusal.INTERNAL_ERROR.emit();
        }
    }

    private Single single(CertId id, Register register, Instant now) {
        if (!id.isIssuedBy(authority)) {
            return new Single(id, Status.UNKNOWN, now, 0);
        }
        Single known = register.known.get(id.serial());
        if (known != null) {
            return new Single(id, known.status(), known.since(), known.reason());
        }
        return new Single(id, register.complete ? Status.UNKNOWN : Status.GOOD, now, 0);
    }

    /// @param any of a certificate; only what is beside it is looked at
    private Register register(CertId any, Instant now) throws Trouble {
        Map<BigInteger, Single> known = new HashMap<>();
        String index = given.said().value("--index");
        if (index != null) {
            for (IndexLine line : IndexLine.parse(index, given.text(index))) {
                known.put(
                        line.serial(),
                        line.isRevoked()
                                ? new Single(any, Status.REVOKED, line.since(), line.reason())
                                : new Single(any, Status.GOOD, now, 0));
            }
        }
        for (String file : given.said().values("--crl")) {
            X509CRL list = given.list(file);
            try {
                list.verify(authority.getPublicKey());
            } catch (GeneralSecurityException _) {
                throw Given.unfit(file, "another key than this authority's signed it", "");
            }
            for (Revoked one : ListOrder.of(list)) {
                known.put(one.serial(), new Single(any, Status.REVOKED, one.since(), one.reason()));
            }
        }
        return new Register(known, index != null);
    }
}
