package io.sallyport.creds.revocation;

import io.sallyport.base.Octets;
import io.sallyport.creds.der.BadDer;
import io.sallyport.creds.der.Der;
import io.sallyport.creds.der.DerReader;
import io.sallyport.creds.der.DerWriter;
import io.sallyport.creds.der.Tag;
import io.sallyport.creds.x509.Certificates;
import java.math.BigInteger;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.util.Map;

/// Which certificate is asked about (RFC 6960, 4.1.1).
///
/// ```text
/// CertID ::= SEQUENCE { hashAlgorithm AlgorithmIdentifier, issuerNameHash OCTET STRING,
///     issuerKeyHash OCTET STRING, serialNumber INTEGER }
/// ```
///
/// @param hash object identifier of the hash
public record CertId(String hash, Octets nameHash, Octets keyHash, BigInteger serial) {
    /// What every responder knows; nothing hangs on its strength.
    public static final String SHA1 = "1.3.14.3.2.26";

    private static final Map<String, String> HASHES =
            Map.of(
                    SHA1,
                    "SHA-1",
                    "2.16.840.1.101.3.4.2.1",
                    "SHA-256",
                    "2.16.840.1.101.3.4.2.2",
                    "SHA-384",
                    "2.16.840.1.101.3.4.2.3",
                    "SHA-512");

    public static CertId of(X509Certificate certificate, X509Certificate issuer) {
        return of(SHA1, certificate, issuer);
    }

    private static CertId of(String hash, X509Certificate certificate, X509Certificate issuer) {
        return new CertId(
                hash,
                digest(hash, Octets.owned(certificate.getIssuerX500Principal().getEncoded())),
                digest(hash, keyBits(issuer.getPublicKey())),
                certificate.getSerialNumber());
    }

    /// Whether it is of one that `authority` issued, if there is one of that serial number.
    public boolean isIssuedBy(X509Certificate authority) {
        return HASHES.containsKey(hash)
                && nameHash.equals(
                        digest(
                                hash,
                                Octets.owned(authority.getSubjectX500Principal().getEncoded())))
                && keyHash.equals(digest(hash, keyBits(authority.getPublicKey())));
    }

    /// Whether it is this certificate's, by whichever hash it is made.
    boolean isOf(X509Certificate certificate, X509Certificate issuer) {
        return HASHES.containsKey(hash)
                && serial.equals(certificate.getSerialNumber())
                && equals(of(hash, certificate, issuer));
    }

    static Octets keyBits(PublicKey key) {
        try {
            DerReader inside = Der.parse(Certificates.publicKey(key), Tag.SEQUENCE).inside();
            inside.next();
            return inside.next(Tag.BIT_STRING).bits();
        } catch (BadDer e) {
            throw new IllegalStateException("a key of JCE's is no SubjectPublicKeyInfo", e);
        }
    }

    private static Octets digest(String hash, Octets octets) {
        try {
            return Octets.owned(
                    MessageDigest.getInstance(HASHES.get(hash)).digest(octets.toArray()));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JCE has it", e);
        }
    }

    static CertId parse(Der der) throws BadDer {
        DerReader inside = der.as(Tag.SEQUENCE).inside();
        String hash = inside.next(Tag.SEQUENCE).inside().next(Tag.OID).oid();
        Octets name = inside.next(Tag.OCTET_STRING).content();
        Octets key = inside.next(Tag.OCTET_STRING).content();
        BigInteger serial = inside.next(Tag.INTEGER).integer();
        inside.end();
        return new CertId(hash, name, key, serial);
    }

    public Octets emit() {
        return DerWriter.sequence(
                DerWriter.sequence(DerWriter.oid(hash), DerWriter.none()),
                DerWriter.octetString(nameHash),
                DerWriter.octetString(keyHash),
                DerWriter.integer(serial));
    }
}
