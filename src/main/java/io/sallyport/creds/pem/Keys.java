package io.sallyport.creds.pem;

import io.sallyport.base.Octets;
import io.sallyport.base.Secret;
import io.sallyport.creds.der.BadDer;
import io.sallyport.creds.der.Der;
import io.sallyport.creds.der.DerReader;
import io.sallyport.creds.der.DerWriter;
import io.sallyport.creds.der.Tag;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Map;
import java.util.Optional;

/// Keys of every encoding that is in use, to JCE's.
public final class Keys {
    public static final String RSA = "1.2.840.113549.1.1.1";
    public static final String RSA_PSS = "1.2.840.113549.1.1.10";
    public static final String EC = "1.2.840.10045.2.1";
    public static final String ED25519 = "1.3.101.112";
    public static final String ED448 = "1.3.101.113";

    private static final Map<String, String> NAMES =
            Map.of(
                    RSA, "RSA",
                    RSA_PSS, "RSASSA-PSS",
                    EC, "EC",
                    ED25519, "Ed25519",
                    ED448, "Ed448");

    private static final Map<String, String> CURVES =
            Map.of(
                    "1.2.840.10045.3.1.7", "P-256",
                    "1.3.132.0.34", "P-384",
                    "1.3.132.0.35", "P-521");

    private static final String UNUSED =
            "; used are RSA, ECDSA on P-256, P-384 and P-521, Ed25519 and Ed448";

    private Keys() {}

    /// ```text
    /// SubjectPublicKeyInfo ::= SEQUENCE { algorithm AlgorithmIdentifier, BIT STRING }
    /// ```
    public static PublicKey publicKey(Octets info) throws BadCredential {
        try {
            DerReader inside = Der.parse(info, Tag.SEQUENCE).inside();
            String name = algorithm(inside.next(Tag.SEQUENCE));
            inside.next(Tag.BIT_STRING).bits();
            inside.end();
            return KeyFactory.getInstance(name)
                    .generatePublic(new X509EncodedKeySpec(info.toArray()));
        } catch (BadDer e) {
            throw new BadCredential("no SubjectPublicKeyInfo: " + e.why());
        } catch (GeneralSecurityException | RuntimeException e) {
            throw new BadCredential("no public key: " + e.getMessage());
        }
    }

    /// The name of JCE's key factory.
    private static String algorithm(Der identifier) throws BadDer, BadCredential {
        DerReader inside = identifier.inside();
        String oid = inside.next(Tag.OID).oid();
        String name = NAMES.get(oid);
        if (name == null) {
            throw new BadCredential("a key of type " + oid + UNUSED);
        }
        if (oid.equals(EC)) {
            curve(inside.hasMore() ? inside.next() : null);
        }
        return name;
    }

    private static void curve(@org.jspecify.annotations.Nullable Der parameters)
            throws BadDer, BadCredential {
        if (parameters == null || parameters.tag() != Tag.OID) {
            throw new BadCredential("an EC key whose curve has no name" + UNUSED);
        }
        String oid = parameters.oid();
        if (!CURVES.containsKey(oid)) {
            throw new BadCredential("an EC key on the curve " + oid + UNUSED);
        }
    }

    /// ```text
    /// RSAPublicKey ::= SEQUENCE { modulus INTEGER, publicExponent INTEGER }
    /// ```
    static PublicKey rsaPublic(Octets pkcs1) throws BadCredential {
        return publicKey(
                DerWriter.sequence(
                        DerWriter.sequence(DerWriter.oid(RSA), DerWriter.none()),
                        DerWriter.bitString(pkcs1)));
    }

    /// ```text
    /// OneAsymmetricKey ::= SEQUENCE {                            RFC 5958, 2
    ///     version INTEGER, AlgorithmIdentifier, privateKey OCTET STRING,
    ///     attributes [0] OPTIONAL, publicKey [1] IMPLICIT BIT STRING OPTIONAL }
    /// ```
    static KeyPair pkcs8(Octets pkcs8) throws BadCredential {
        try {
            DerReader inside = Der.parse(pkcs8, Tag.SEQUENCE).inside();
            int version = inside.next(Tag.INTEGER).small();
            if (version != 0 && version != 1) {
                throw new BadDer("version " + version);
            }
            Der identifier = inside.next(Tag.SEQUENCE);
            String name = algorithm(identifier);
            Octets bare = inside.next(Tag.OCTET_STRING).content();
            // Without what may follow: providers differ in what they know of it
            Octets plain =
                    DerWriter.sequence(
                            DerWriter.integer(0), identifier.whole(), DerWriter.octetString(bare));
            PrivateKey key =
                    KeyFactory.getInstance(name)
                            .generatePrivate(new PKCS8EncodedKeySpec(plain.toArray()));
            return new KeyPair(PublicHalf.of(key), key);
        } catch (BadDer e) {
            throw new BadCredential("no private key of PKCS#8: " + e.why());
        } catch (GeneralSecurityException | RuntimeException _) {
            // JCE's messages may quote what it read
            throw new BadCredential("no private key: its parts do not fit each other");
        }
    }

    /// ```text
    /// RSAPrivateKey ::= SEQUENCE { version 0, modulus, publicExponent, ... }   RFC 8017, A.1.2
    /// ```
    static KeyPair pkcs1(Octets pkcs1) throws BadCredential {
        return pkcs8(
                DerWriter.sequence(
                        DerWriter.integer(0),
                        DerWriter.sequence(DerWriter.oid(RSA), DerWriter.none()),
                        DerWriter.octetString(pkcs1)));
    }

    /// ```text
    /// ECPrivateKey ::= SEQUENCE { version 1, OCTET STRING,       RFC 5915, 3
    ///     parameters [0] OPTIONAL, publicKey [1] BIT STRING OPTIONAL }
    /// ```
    static KeyPair sec1(Octets sec1) throws BadCredential {
        try {
            DerReader inside = Der.parse(sec1, Tag.SEQUENCE).inside();
            Der version = inside.next(Tag.INTEGER);
            Der scalar = inside.next(Tag.OCTET_STRING);
            Optional<Der> parameters = inside.optional(Tag.constructed(0));
            if (version.small() != 1 || parameters.isEmpty()) {
                throw new BadCredential("an EC key that does not name its curve");
            }
            Der curve = Der.parse(parameters.get().content());
            return pkcs8(
                    DerWriter.sequence(
                            DerWriter.integer(0),
                            DerWriter.sequence(DerWriter.oid(EC), curve.whole()),
                            DerWriter.octetString(
                                    DerWriter.sequence(version.whole(), scalar.whole()))));
        } catch (BadDer e) {
            throw new BadCredential("no EC private key of SEC 1: " + e.why());
        }
    }

    /// A private key in PKCS#8, under a passphrase (RFC 5958, 3) unless that is empty.
    public static Pem emit(PrivateKey key, Secret passphrase) {
        Octets plain = Octets.owned(key.getEncoded());
        return passphrase.length() == 0
                ? new Pem("PRIVATE KEY", plain)
                : new Pem("ENCRYPTED PRIVATE KEY", Locked.lock(plain, passphrase));
    }

    /// A SubjectPublicKeyInfo.
    public static Pem emit(PublicKey key) {
        return new Pem("PUBLIC KEY", Octets.owned(key.getEncoded()));
    }

    /// A private key in DER of any of the three kinds.
    static KeyPair privateKey(Octets der) throws BadCredential {
        try {
            DerReader inside = Der.parse(der, Tag.SEQUENCE).inside();
            inside.next(Tag.INTEGER);
            int second = inside.next().tag();
            return second == Tag.SEQUENCE
                    ? pkcs8(der)
                    : second == Tag.OCTET_STRING ? sec1(der) : pkcs1(der);
        } catch (BadDer e) {
            throw new BadCredential("no private key: " + e.why());
        }
    }
}
