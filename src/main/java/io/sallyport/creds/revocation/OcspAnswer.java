package io.sallyport.creds.revocation;

import io.sallyport.base.Octets;
import io.sallyport.creds.der.BadDer;
import io.sallyport.creds.der.Der;
import io.sallyport.creds.der.DerReader;
import io.sallyport.creds.der.Tag;
import io.sallyport.creds.pem.BadCredential;
import io.sallyport.creds.pem.CredentialFile;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What a responder says (RFC 6960, 4.2): read, and not yet believed.
///
/// ```text
/// OCSPResponse      ::= SEQUENCE { responseStatus ENUMERATED, [0] SEQUENCE { OID, OCTET STRING } }
/// BasicOCSPResponse ::= SEQUENCE { ResponseData, AlgorithmIdentifier, BIT STRING, certs [0] }
/// ResponseData      ::= SEQUENCE { version [0], responderID, producedAt, responses SEQUENCE OF
///                           SingleResponse, responseExtensions [1] }
/// ```
///
/// @param name of the responder, DER; empty: it is named by its key
/// @param keyHash SHA-1 over its key; empty: it is named by its name
/// @param nonce empty: none
/// @param certificates that came with it
record OcspAnswer(
        Signed signed,
        Octets name,
        Octets keyHash,
        Instant producedAt,
        List<Single> singles,
        Octets nonce,
        List<X509Certificate> certificates) {
    static final String BASIC = "1.3.6.1.5.5.7.48.1.1";
    private static final int MOST_SINGLES = 1000;
    private static final int MOST_CERTIFICATES = 8;

    /// What it says of one certificate.
    enum Status {
        GOOD,
        REVOKED,
        UNKNOWN
    }

    /// ```text
    /// SingleResponse ::= SEQUENCE { CertID, good [0] | revoked [1] | unknown [2], thisUpdate,
    ///     nextUpdate [0] OPTIONAL, singleExtensions [1] OPTIONAL }
    /// ```
    ///
    /// @param since when it was revoked; else `thisUpdate`
    /// @param reason [Reasons#NONE_SAID] if none is said
    /// @param nextUpdate empty: newer news is always there
    record Single(
            CertId id,
            Status status,
            Instant since,
            int reason,
            Instant thisUpdate,
            Optional<Instant> nextUpdate) {}

    OcspAnswer {
        singles = List.copyOf(singles);
        certificates = List.copyOf(certificates);
    }

    static OcspAnswer parse(Octets der) throws Unbelieved {
        try {
            DerReader outer = Der.parse(der, Tag.SEQUENCE).inside();
            int status = outer.next(Tag.ENUMERATED).small();
            if (status != 0) {
                throw new Unbelieved("the responder answers '" + status(status) + "'");
            }
            DerReader typed =
                    Der.parse(outer.next(Tag.constructed(0)).content(), Tag.SEQUENCE).inside();
            String type = typed.next(Tag.OID).oid();
            if (!type.equals(BASIC)) {
                throw new Unbelieved("the responder's answer is of a type unknown to us, " + type);
            }
            return basic(typed.next(Tag.OCTET_STRING).content());
        } catch (BadDer e) {
            throw new Unbelieved("the responder's answer cannot be read: " + e.why());
        }
    }

    private static String status(int status) {
        return switch (status) {
            case 1 -> "malformed request";
            case 2 -> "internal error";
            case 3 -> "try later";
            case 5 -> "the request must be signed";
            case 6 -> "unauthorized";
            default -> "status " + status;
        };
    }

    private static OcspAnswer basic(Octets der) throws BadDer, Unbelieved {
        DerReader inside = Der.parse(der, Tag.SEQUENCE).inside();
        Signed signed = Signed.read(inside);
        List<X509Certificate> certificates = new ArrayList<>();
        Optional<Der> sent = inside.optional(Tag.constructed(0));
        inside.end();
        if (sent.isPresent()) {
            DerReader all = Der.parse(sent.get().content(), Tag.SEQUENCE).inside();
            while (all.hasMore() && certificates.size() < MOST_CERTIFICATES) {
                certificate(all.next().whole()).ifPresent(certificates::add);
            }
        }
        DerReader data = Der.parse(signed.body(), Tag.SEQUENCE).inside();
        data.optional(Tag.constructed(0));
        Der responder = data.next();
        Octets name = Octets.EMPTY;
        Octets keyHash = Octets.EMPTY;
        if (responder.tag() == Tag.constructed(1)) {
            name = Der.parse(responder.content(), Tag.SEQUENCE).whole();
        } else {
            keyHash =
                    Der.parse(responder.as(Tag.constructed(2)).content(), Tag.OCTET_STRING)
                            .content();
        }
        Instant produced = data.next(Tag.GENERALIZED_TIME).time();
        DerReader responses = data.next(Tag.SEQUENCE).inside();
        List<Single> singles = new ArrayList<>();
        while (responses.hasMore()) {
            if (singles.size() == MOST_SINGLES) {
                throw new BadDer("more than " + MOST_SINGLES + " certificates");
            }
            singles.add(single(responses.next(Tag.SEQUENCE).inside()));
        }
        Octets nonce = Octets.EMPTY;
        Optional<Der> extensions = data.optional(Tag.constructed(1));
        data.end();
        if (extensions.isPresent()) {
            for (Extension extension : Extension.list(extensions.get())) {
                if (extension.oid().equals(OcspRequest.NONCE)) {
                    nonce = extension.nonce();
                } else if (extension.critical()) {
                    throw critical(extension);
                }
            }
        }
        return new OcspAnswer(signed, name, keyHash, produced, singles, nonce, certificates);
    }

    private static Unbelieved critical(Extension extension) {
        return new Unbelieved(
                "the responder's answer has a critical extension unknown to us, "
                        + extension.oid());
    }

    private static Optional<X509Certificate> certificate(Octets der) {
        try {
            return Optional.of(CredentialFile.x509(der));
        } catch (BadCredential _) {
            return Optional.empty();
        }
    }

    private static Single single(DerReader inside) throws BadDer, Unbelieved {
        CertId id = CertId.parse(inside.next());
        Der said = inside.next();
        Status status;
        Optional<Instant> since = Optional.empty();
        int reason = Reasons.NONE_SAID;
        if (said.tag() == Tag.primitive(0)) {
            status = Status.GOOD;
        } else if (said.tag() == Tag.primitive(2)) {
            status = Status.UNKNOWN;
        } else {
            status = Status.REVOKED;
            DerReader revoked = said.as(Tag.constructed(1)).inside();
            since = Optional.of(revoked.next(Tag.GENERALIZED_TIME).time());
            Optional<Der> why = revoked.optional(Tag.constructed(0));
            if (why.isPresent()) {
                reason = Der.parse(why.get().content(), Tag.ENUMERATED).small();
            }
        }
        Instant thisUpdate = inside.next(Tag.GENERALIZED_TIME).time();
        Optional<Der> next = inside.optional(Tag.constructed(0));
        Optional<Instant> nextUpdate = Optional.empty();
        if (next.isPresent()) {
            nextUpdate = Optional.of(Der.parse(next.get().content(), Tag.GENERALIZED_TIME).time());
        }
        Optional<Der> extensions = inside.optional(Tag.constructed(1));
        inside.end();
        if (extensions.isPresent()) {
            for (Extension extension : Extension.list(extensions.get())) {
                if (extension.critical()) {
                    throw critical(extension);
                }
            }
        }
        return new Single(id, status, since.orElse(thisUpdate), reason, thisUpdate, nextUpdate);
    }
}
