package io.sallyport.creds.issue;

import io.sallyport.base.Octets;
import io.sallyport.creds.der.BadDer;
import io.sallyport.creds.der.Der;
import io.sallyport.creds.der.DerWriter;
import io.sallyport.creds.der.Tag;
import io.sallyport.creds.pem.BadCredential;
import io.sallyport.creds.pem.CredentialFile;
import io.sallyport.creds.x509.Certificates;
import io.sallyport.crypto.engine.Signer.CannotSign;
import java.math.BigInteger;
import java.security.cert.X509CRL;
import java.security.cert.X509CRLEntry;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What a revocation list shall say.
///
/// @param base number of the complete list that a delta is upon; empty: a complete list
/// @param freshest URIs of delta lists upon this one
/// @param point the one distribution point whose certificates it is about; empty: all of them
public record ListOrder(
        BigInteger number,
        Optional<BigInteger> base,
        Instant made,
        Instant until,
        List<Revoked> revoked,
        List<String> freshest,
        Optional<String> point) {
    private static final String REASON = "2.5.29.21";

    /// @param reason RFC 5280, 5.3.1; 0, unspecified, is not written
    public record Revoked(BigInteger serial, Instant since, int reason) {}

    /// What another list says.
    public static List<Revoked> of(X509CRL list) {
        Set<? extends X509CRLEntry> entries = list.getRevokedCertificates();
        return entries == null
                ? List.of()
                : entries.stream()
                        .map(e ->
                                new Revoked(
                                        e.getSerialNumber(),
                                        e.getRevocationDate().toInstant(),
                                        e.getRevocationReason() == null
                                                ? 0
                                                : e.getRevocationReason().ordinal()))
                        .toList();
    }

    /// The number of another list; empty if it has none.
    public static Optional<BigInteger> number(X509CRL list) {
        return Certificates.extension(list, Extensions.NUMBER)
                .flatMap(value -> {
                    try {
                        return Optional.of(Der.parse(value, Tag.INTEGER).integer());
                    } catch (BadDer _) {
                        return Optional.empty();
                    }
                });
    }

    public ListOrder {
        revoked = List.copyOf(revoked);
        freshest = List.copyOf(freshest);
    }

    /// ```text
    /// TBSCertList ::= SEQUENCE { version, signature, issuer, thisUpdate, nextUpdate,
    ///     revokedCertificates SEQUENCE OF SEQUENCE { serial, date, extensions }, extensions [0] }
    /// ```
    public X509CRL signedBy(X509Certificate issuer, Seal seal) throws CannotSign {
        List<Octets> parts = new ArrayList<>();
        parts.add(DerWriter.integer(1));
        parts.add(seal.algorithm());
        parts.add(Octets.owned(issuer.getSubjectX500Principal().getEncoded()));
        parts.add(DerWriter.time(made));
        parts.add(DerWriter.time(until));
        // RFC 5280, 5.1.2.6: "When there are no revoked certificates, the revoked certificates list
        // MUST be absent."
        if (!revoked.isEmpty()) {
            parts.add(DerWriter.sequence(revoked.stream().map(ListOrder::entry).toList()));
        }
        Extensions all = new Extensions().authorityKey(issuer).number(number);
        base.ifPresent(all::deltaUpon);
        point.ifPresent(all::issuingPoint);
        parts.add(DerWriter.tagged(0, all.freshest(freshest).emit()));
        try {
            return CredentialFile.crl(seal.on(DerWriter.sequence(parts)));
        } catch (BadCredential e) {
            throw new IllegalStateException("our own list cannot be read: " + e.why(), e);
        }
    }

    private static Octets entry(Revoked one) {
        Octets serial = DerWriter.integer(one.serial());
        Octets since = DerWriter.time(one.since());
        // RFC 5280, 5.3.1: "the reason code CRL entry extension SHOULD be absent instead of using
        // the unspecified (0) reasonCode value"
        return one.reason() == 0
                ? DerWriter.sequence(serial, since)
                : DerWriter.sequence(
                        serial,
                        since,
                        new Extensions()
                                .add(REASON, false, DerWriter.enumerated(one.reason()))
                                .emit());
    }
}
