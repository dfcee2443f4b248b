package io.sallyport.creds.pem;

import io.sallyport.base.Octets;
import io.sallyport.base.Secret;
import io.sallyport.creds.der.BadDer;
import io.sallyport.creds.der.Der;
import io.sallyport.creds.der.DerReader;
import io.sallyport.creds.der.Tag;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.CRLException;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Enumeration;
import java.util.List;
import java.util.Optional;

/// What a file of keys and certificates holds, PEM or DER, whatever it is.
public final class CredentialFile {
    /// Revocation lists are the largest; more is refused unread.
    public static final int MOST_OCTETS = 32 << 20;

    private CredentialFile() {}

    /// Everything in it, in order.
    ///
    /// @param passphrase empty: none
    /// @throws BadCredential if anything in it is damaged, or it is nothing of ours
    public static List<Credential> read(Octets file, Secret passphrase) throws BadCredential {
        if (file.isEmpty()) {
            throw new BadCredential("it is empty");
        }
        if (file.length() > MOST_OCTETS) {
            throw new BadCredential("it has more than " + MOST_OCTETS + " octets");
        }
        if (file.at(0) == Tag.SEQUENCE && isWhole(file)) {
            return der(file, passphrase);
        }
        if (!Pem.isPem(file)) {
            throw new BadCredential("it is neither PEM nor DER");
        }
        List<Credential> all = new ArrayList<>();
        for (Pem block : Pem.parse(file.text())) {
            of(block, passphrase).ifPresent(all::add);
        }
        if (all.isEmpty()) {
            throw new BadCredential("there is no key and no certificate in it");
        }
        return all;
    }

    /// The one certificate of a file; what follows the first is its chain, and is not looked at.
    public static X509Certificate certificate(Octets file) throws BadCredential {
        for (Credential one : read(file, Secret.EMPTY)) {
            if (one instanceof Credential.Certificate(X509Certificate x509)) {
                return x509;
            }
            throw new BadCredential("it is " + one + "; an X.509 certificate is expected");
        }
        throw new BadCredential("it is empty");
    }

    /// The one private key of a file.
    public static KeyPair keyPair(Octets file, Secret passphrase) throws BadCredential {
        Optional<Credential> other = Optional.empty();
        for (Credential one : read(file, passphrase)) {
            if (one instanceof Credential.KeyPair(KeyPair pair)) {
                return pair;
            }
            other = Optional.of(one);
        }
        throw new BadCredential(
                "it is "
                        + other.map(Object::toString).orElse("empty")
                        + "; a private key is expected");
    }

    private static boolean isWhole(Octets file) {
        try {
            Der.parse(file);
            return true;
        } catch (BadDer _) {
            return false;
        }
    }

    /// Empty for a block that is of no use, and harmless.
    private static Optional<Credential> of(Pem block, Secret passphrase) throws BadCredential {
        Octets data = block.data();
        boolean locked = block.headers().getOrDefault("PROC-TYPE", "").contains("ENCRYPTED");
        try {
            return switch (block.label()) {
                case "CERTIFICATE", "X509 CERTIFICATE", "TRUSTED CERTIFICATE" ->
                        Optional.of(new Credential.Certificate(x509(data)));
                case "X509 CRL" -> Optional.of(new Credential.RevocationList(crl(data)));
                case "PUBLIC KEY" -> Optional.of(new Credential.PublicKey(Keys.publicKey(data)));
                case "RSA PUBLIC KEY" ->
                        Optional.of(new Credential.PublicKey(Keys.rsaPublic(data)));
                case "PRIVATE KEY" -> Optional.of(new Credential.KeyPair(Keys.pkcs8(data)));
                case "ENCRYPTED PRIVATE KEY" ->
                        Optional.of(
                                new Credential.KeyPair(Keys.pkcs8(Locked.pkcs8(data, passphrase))));
                case "RSA PRIVATE KEY" ->
                        Optional.of(
                                new Credential.KeyPair(
                                        Keys.pkcs1(
                                                locked
                                                        ? Locked.traditional(block, passphrase)
                                                        : data)));
                case "EC PRIVATE KEY" ->
                        Optional.of(
                                new Credential.KeyPair(
                                        Keys.sec1(
                                                locked
                                                        ? Locked.traditional(block, passphrase)
                                                        : data)));
                case "CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST" ->
                        Optional.of(new Credential.Request(data));
                case "EC PARAMETERS" -> Optional.empty();
                default -> throw new BadCredential("no key and no certificate that is known to us");
            };
        } catch (BadCredential e) {
            String label = block.label().replaceAll("[^A-Za-z0-9 ]", "?");
            throw new BadCredential(
                    "BEGIN " + label.substring(0, Math.min(40, label.length())) + ": " + e.why());
        }
    }

    /// By the shape of what is inside.
    private static List<Credential> der(Octets der, Secret passphrase) throws BadCredential {
        try {
            DerReader inside = Der.parse(der, Tag.SEQUENCE).inside();
            Der first = inside.next();
            if (first.tag() == Tag.INTEGER) {
                Der second = inside.next();
                if (first.content().equals(Octets.of((byte) 3)) && second.tag() == Tag.SEQUENCE) {
                    return pkcs12(der, passphrase);
                }
                return List.of(
                        !inside.hasMore() && second.tag() == Tag.INTEGER
                                ? new Credential.PublicKey(Keys.rsaPublic(der))
                                : new Credential.KeyPair(Keys.privateKey(der)));
            }
            first.as(Tag.SEQUENCE);
            Der second = inside.next();
            if (second.tag() == Tag.BIT_STRING) {
                return List.of(new Credential.PublicKey(Keys.publicKey(der)));
            }
            if (second.tag() == Tag.OCTET_STRING) {
                return List.of(new Credential.KeyPair(Keys.pkcs8(Locked.pkcs8(der, passphrase))));
            }
            return List.of(signed(der, first));
        } catch (BadDer e) {
            throw new BadCredential("neither a key nor a certificate: " + e.why());
        }
    }

    /// Certificate, revocation list or request: they differ in what the signed part begins with.
    private static Credential signed(Octets der, Der toBeSigned) throws BadDer, BadCredential {
        DerReader inside = toBeSigned.inside();
        if (inside.optional(Tag.constructed(0)).isPresent()) {
            return new Credential.Certificate(x509(der));
        }
        inside.optional(Tag.INTEGER);
        inside.next(Tag.SEQUENCE);
        DerReader third = inside.next(Tag.SEQUENCE).inside();
        // A name is a sequence of sets, a SubjectPublicKeyInfo begins with a sequence
        if (third.hasMore() && third.next().tag() == Tag.SEQUENCE) {
            return new Credential.Request(der);
        }
        int fourth = inside.hasMore() ? inside.next().tag() : 0;
        return fourth == Tag.UTC_TIME || fourth == Tag.GENERALIZED_TIME
                ? new Credential.RevocationList(crl(der))
                : new Credential.Certificate(x509(der));
    }

    /// @throws BadCredential for what is no certificate
    public static X509Certificate x509(Octets der) throws BadCredential {
        try {
            Der.parse(der, Tag.SEQUENCE);
            Certificate parsed =
                    CertificateFactory.getInstance("X.509")
                            .generateCertificate(new ByteArrayInputStream(der.toArray()));
            if (parsed instanceof X509Certificate certificate) {
                return certificate;
            }
        } catch (BadDer e) {
            throw new BadCredential("no X.509 certificate: " + e.why());
        } catch (CertificateException | RuntimeException e) {
            throw new BadCredential("no X.509 certificate: " + e.getMessage());
        }
        throw new BadCredential("no X.509 certificate");
    }

    /// @throws BadCredential for what is no revocation list
    public static X509CRL crl(Octets der) throws BadCredential {
        try {
            Der.parse(der, Tag.SEQUENCE);
            if (CertificateFactory.getInstance("X.509")
                            .generateCRL(new ByteArrayInputStream(der.toArray()))
                    instanceof X509CRL crl) {
                return crl;
            }
        } catch (BadDer e) {
            throw new BadCredential("no revocation list: " + e.why());
        } catch (CertificateException | CRLException | RuntimeException e) {
            throw new BadCredential("no revocation list: " + e.getMessage());
        }
        throw new BadCredential("no revocation list");
    }

    /// Keys first, then certificates: our own before those of its chain.
    private static List<Credential> pkcs12(Octets der, Secret passphrase) throws BadCredential {
        char[] characters = Locked.characters(passphrase);
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(new ByteArrayInputStream(der.toArray()), characters);
            List<Credential> keys = new ArrayList<>();
            List<Credential> certificates = new ArrayList<>();
            for (Enumeration<String> names = store.aliases(); names.hasMoreElements(); ) {
                String name = names.nextElement();
                if (store.getKey(name, characters) instanceof PrivateKey key) {
                    keys.add(new Credential.KeyPair(Keys.pkcs8(Octets.owned(key.getEncoded()))));
                }
                Certificate[] chain = store.getCertificateChain(name);
                Certificate alone = store.getCertificate(name);
                List<Certificate> all =
                        chain != null ? List.of(chain) : alone != null ? List.of(alone) : List.of();
                for (Certificate one : all) {
                    if (one instanceof X509Certificate x509) {
                        certificates.add(new Credential.Certificate(x509));
                    }
                }
            }
            keys.addAll(certificates);
            return keys;
        } catch (IOException e) {
            throw new BadCredential(
                    e.getCause() instanceof GeneralSecurityException
                            ? passphrase.length() == 0
                                    ? "it is encrypted, and no passphrase is configured for it"
                                    : "the passphrase is wrong, or the file is damaged"
                            : "no PKCS#12 container that we can read");
        } catch (GeneralSecurityException | RuntimeException _) {
            throw new BadCredential("no PKCS#12 container that we can read");
        } finally {
            Arrays.fill(characters, '\0');
        }
    }
}
