package io.sallyport.creds.issue;

import io.sallyport.base.Octets;
import io.sallyport.creds.der.BadDer;
import io.sallyport.creds.der.Der;
import io.sallyport.creds.der.DerReader;
import io.sallyport.creds.der.DerWriter;
import io.sallyport.creds.der.Tag;
import io.sallyport.creds.pem.BadCredential;
import io.sallyport.creds.pem.Keys;
import io.sallyport.creds.x509.Certificates;
import io.sallyport.crypto.engine.CryptoEngine;
import io.sallyport.crypto.engine.Signer.CannotSign;
import io.sallyport.crypto.engine.Verifier.BadSignature;
import io.sallyport.crypto.suite.SignatureScheme;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A request for a certificate (RFC 2986, 4), whose signature shows that its maker has the key.
///
/// ```text
/// CertificationRequestInfo ::= SEQUENCE { version 0, subject, subjectPKInfo,
///     attributes [0] SET OF SEQUENCE { type OID, SET OF value } }
/// ```
///
/// @param subject a distinguished name in DER
/// @param names GeneralNames in DER that are asked for
public record CertificateRequest(Octets subject, PublicKey key, List<Octets> names) {
    private static final String EXTENSION_REQUEST = "1.2.840.113549.1.9.14";
    private static final String SUBJECT_ALT_NAME = "2.5.29.17";
    private static final int MOST_NAMES = 1000;

    public CertificateRequest {
        names = List.copyOf(names);
    }

    /// @param seal of the key itself
    public Octets signedBy(Seal seal) throws CannotSign {
        Octets attributes =
                names.isEmpty()
                        ? DerWriter.tagged(0)
                        : DerWriter.tagged(
                                0,
                                DerWriter.sequence(
                                        DerWriter.oid(EXTENSION_REQUEST),
                                        DerWriter.value(
                                                Tag.SET,
                                                new Extensions()
                                                        .alternatives(names, false)
                                                        .emit())));
        return seal.on(
                DerWriter.sequence(
                        DerWriter.integer(0), subject, Certificates.publicKey(key), attributes));
    }

    /// @throws BadCredential if it is none, or is not signed by the key that it names
    public static CertificateRequest parse(CryptoEngine crypto, Octets der) throws BadCredential {
        try {
            DerReader inside = Der.parse(der, Tag.SEQUENCE).inside();
            Der body = inside.next(Tag.SEQUENCE);
            Octets algorithm = inside.next(Tag.SEQUENCE).whole();
            Octets signature = inside.next(Tag.BIT_STRING).bits();
            inside.end();
            DerReader info = body.inside();
            info.next(Tag.INTEGER);
            Octets subject = info.next(Tag.SEQUENCE).whole();
            PublicKey key = Keys.publicKey(info.next(Tag.SEQUENCE).whole());
            SignatureScheme scheme =
                    SignatureScheme.byAlgorithmIdentifier(algorithm)
                            .filter(crypto::offers)
                            .orElseThrow(() ->
                                    new BadCredential(
                                            "the request is signed by an algorithm unknown to us"));
            crypto.verifier(scheme).verify(key, signature, body.whole());
            Optional<Der> attributes = info.optional(Tag.constructed(0));
            return new CertificateRequest(
                    subject, key, attributes.isPresent() ? names(attributes.get()) : List.of());
        } catch (BadDer e) {
            throw new BadCredential("no certificate request: " + e.why());
        } catch (BadSignature e) {
            throw new BadCredential("the request is not signed by its key: " + e.getMessage());
        }
    }

    private static List<Octets> names(Der attributes) throws BadDer {
        List<Octets> names = new ArrayList<>();
        DerReader all = attributes.inside();
        while (all.hasMore()) {
            DerReader attribute = all.next(Tag.SEQUENCE).inside();
            if (!attribute.next(Tag.OID).oid().equals(EXTENSION_REQUEST)) {
                continue;
            }
            DerReader extensions = attribute.next(Tag.SET).inside().next(Tag.SEQUENCE).inside();
            while (extensions.hasMore()) {
                DerReader one = extensions.next(Tag.SEQUENCE).inside();
                String oid = one.next(Tag.OID).oid();
                one.optional(Tag.BOOLEAN);
                Octets value = one.next(Tag.OCTET_STRING).content();
                if (oid.equals(SUBJECT_ALT_NAME)) {
                    DerReader list = Der.parse(value, Tag.SEQUENCE).inside();
                    while (list.hasMore() && names.size() < MOST_NAMES) {
                        names.add(list.next().whole());
                    }
                }
            }
        }
        return names;
    }
}
