package io.sallyport.creds.revocation;

import io.sallyport.base.Octets;
import io.sallyport.creds.der.BadDer;
import io.sallyport.creds.der.Der;
import io.sallyport.creds.der.DerReader;
import io.sallyport.creds.der.DerWriter;
import io.sallyport.creds.der.Tag;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A question to a responder (RFC 6960, 4.1), not signed.
///
/// ```text
/// OCSPRequest ::= SEQUENCE { tbsRequest SEQUENCE {
///     version [0], requestorName [1], requestList SEQUENCE OF SEQUENCE { CertID, [0] },
///     requestExtensions [2] }, optionalSignature [0] }
/// ```
///
/// @param nonce 1 to 32 octets (RFC 8954, 2.1), which a fresh answer repeats; empty: none
public record OcspRequest(List<CertId> about, Octets nonce) {
    public static final String NONCE = "1.3.6.1.5.5.7.48.1.2";
    public static final String TYPE = "application/ocsp-request";

    /// RFC 8954, 2.1: the length that requesters should use.
    public static final int NONCE_OCTETS = 32;

    private static final int MOST = 64;

    public OcspRequest {
        about = List.copyOf(about);
    }

    public Octets emit() {
        Octets list =
                DerWriter.sequence(
                        about.stream().map(id -> DerWriter.sequence(id.emit())).toList());
        return DerWriter.sequence(
                nonce.isEmpty()
                        ? DerWriter.sequence(list)
                        : DerWriter.sequence(
                                list, DerWriter.tagged(2, DerWriter.sequence(extension(nonce)))));
    }

    public static Octets extension(Octets nonce) {
        return DerWriter.sequence(
                DerWriter.oid(NONCE), DerWriter.octetString(DerWriter.octetString(nonce)));
    }

    /// As a responder reads it.
    public static OcspRequest parse(Octets der) throws BadDer {
        DerReader request = Der.parse(der, Tag.SEQUENCE).inside().next(Tag.SEQUENCE).inside();
        request.optional(Tag.constructed(0));
        request.optional(Tag.constructed(1));
        DerReader list = request.next(Tag.SEQUENCE).inside();
        List<CertId> about = new ArrayList<>();
        while (list.hasMore()) {
            if (about.size() == MOST) {
                throw new BadDer("more than " + MOST + " questions");
            }
            about.add(CertId.parse(list.next(Tag.SEQUENCE).inside().next()));
        }
        Octets nonce = Octets.EMPTY;
        Optional<Der> extensions = request.optional(Tag.constructed(2));
        if (extensions.isPresent()) {
            nonce =
                    Extension.list(extensions.get()).stream()
                            .filter(e -> e.oid().equals(NONCE))
                            .map(Extension::nonce)
                            .findFirst()
                            .orElse(Octets.EMPTY);
        }
        return new OcspRequest(about, nonce);
    }
}
