package io.sallyport.creds.issue;

import io.sallyport.base.Octets;
import io.sallyport.creds.der.DerWriter;
import io.sallyport.creds.revocation.CertId;
import io.sallyport.creds.revocation.OcspRequest;
import io.sallyport.creds.x509.Certificates;
import io.sallyport.crypto.engine.Signer.CannotSign;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What a responder shall say (RFC 6960, 4.2).
///
/// @param nonce of the request; empty: none
/// @param until empty: newer news is always there
public record AnswerOrder(
        List<Single> singles, Octets nonce, Instant made, Optional<Instant> until) {
    /// Its state.
    public enum Status {
        GOOD,
        REVOKED,
        UNKNOWN
    }

    /// @param since when it was revoked
    /// @param reason RFC 5280, 5.3.1; 0 is not written
    public record Single(CertId id, Status status, Instant since, int reason) {}

    public AnswerOrder {
        singles = List.copyOf(singles);
    }

    /// Of an OCSPResponse without an answer (RFC 6960, 4.2.1), which nobody signs.
    public enum Refusal {
        MALFORMED_REQUEST(1),
        INTERNAL_ERROR(2),
        UNAUTHORIZED(6);

        private final int number;

        Refusal(int number) {
            this.number = number;
        }

        public Octets emit() {
            return DerWriter.sequence(DerWriter.enumerated(number));
        }
    }

    /// An OCSPResponse in DER.
    ///
    /// @param signer its certificate goes with the answer
    public Octets signedBy(X509Certificate signer, Seal seal) throws CannotSign {
        List<Octets> data = new ArrayList<>();
        Octets name = Octets.owned(signer.getSubjectX500Principal().getEncoded());
        data.add(DerWriter.tagged(1, name));
        data.add(DerWriter.generalizedTime(made));
        data.add(DerWriter.sequence(singles.stream().map(this::single).toList()));
        if (!nonce.isEmpty()) {
            data.add(DerWriter.tagged(1, DerWriter.sequence(OcspRequest.extension(nonce))));
        }
        Octets basic =
                seal.on(
                        DerWriter.sequence(data),
                        DerWriter.tagged(0, DerWriter.sequence(Certificates.der(signer))));
        return DerWriter.sequence(
                DerWriter.enumerated(0),
                DerWriter.tagged(
                        0,
                        DerWriter.sequence(
                                DerWriter.oid("1.3.6.1.5.5.7.48.1.1"),
                                DerWriter.octetString(basic))));
    }

    private Octets single(Single one) {
        List<Octets> parts = new ArrayList<>();
        parts.add(one.id().emit());
        parts.add(
                switch (one.status()) {
                    case GOOD -> DerWriter.implicit(0, Octets.EMPTY);
                    case UNKNOWN -> DerWriter.implicit(2, Octets.EMPTY);
                    case REVOKED ->
                            one.reason() == 0
                                    ? DerWriter.tagged(1, DerWriter.generalizedTime(one.since()))
                                    : DerWriter.tagged(
                                            1,
                                            DerWriter.generalizedTime(one.since()),
                                            DerWriter.tagged(
                                                    0, DerWriter.enumerated(one.reason())));
                });
        parts.add(DerWriter.generalizedTime(made));
        until.ifPresent(u -> parts.add(DerWriter.tagged(0, DerWriter.generalizedTime(u))));
        return DerWriter.sequence(parts);
    }
}
