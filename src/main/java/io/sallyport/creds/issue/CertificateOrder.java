package io.sallyport.creds.issue;

import io.sallyport.base.Octets;
import io.sallyport.creds.der.DerWriter;
import io.sallyport.creds.pem.BadCredential;
import io.sallyport.creds.pem.CredentialFile;
import io.sallyport.creds.x509.Certificates;
import io.sallyport.crypto.engine.Signer.CannotSign;
import java.math.BigInteger;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What a certificate shall say; one order may make several. Not for threads.
public final class CertificateOrder {
    /// `[KeyUsage]` bits of RFC 5280, 4.2.1.3 that authorities and end entities get.
    private static final int DIGITAL_SIGNATURE = 0;

    private static final int KEY_ENCIPHERMENT = 2;
    private static final int KEY_AGREEMENT = 4;
    private static final int KEY_CERT_SIGN = 5;
    private static final int CRL_SIGN = 6;

    /// What it is for, in the words of strongSwan's `pki --flag`.
    public enum Flag {
        SERVER_AUTH("serverAuth", "1.3.6.1.5.5.7.3.1"),
        CLIENT_AUTH("clientAuth", "1.3.6.1.5.5.7.3.2"),
        OCSP_SIGNING("ocspSigning", "1.3.6.1.5.5.7.3.9"),
        IKE_INTERMEDIATE("ikeIntermediate", "1.3.6.1.5.5.8.2.2"),
        MS_SMARTCARD_LOGON("msSmartcardLogon", "1.3.6.1.4.1.311.20.2.2"),
        /// May sign lists, though it is no authority.
        CRL_SIGN("crlSign", "");

        private final String word;
        private final String oid;

        Flag(String word, String oid) {
            this.word = word;
            this.oid = oid;
        }

        public static Optional<Flag> of(String word) {
            for (Flag flag : values()) {
                if (flag.word.equalsIgnoreCase(word)) {
                    return Optional.of(flag);
                }
            }
            return Optional.empty();
        }

        /// In extendedKeyUsage; empty if it is none of that.
        public String oid() {
            return oid;
        }

        @Override
        public String toString() {
            return word;
        }
    }

    private final Octets subject;
    private final PublicKey key;
    private final BigInteger serial;
    private final Instant from;
    private final Instant until;
    private boolean authority;
    private int pathLength = -1;
    private final List<Octets> names = new ArrayList<>();
    private final Set<Flag> flags = EnumSet.noneOf(Flag.class);
    private final List<String> lists = new ArrayList<>();
    private final List<String> deltas = new ArrayList<>();
    private final List<String> responders = new ArrayList<>();
    private final List<Octets> permitted = new ArrayList<>();
    private final List<Octets> excluded = new ArrayList<>();
    private final List<String> policies = new ArrayList<>();

    /// @param subject a distinguished name in DER
    /// @param serial positive, at most 20 octets (RFC 5280, 4.1.2.2)
    public CertificateOrder(
            Octets subject, PublicKey key, BigInteger serial, Instant from, Instant until) {
        if (serial.signum() <= 0 || serial.bitLength() > 159) {
            throw new IllegalArgumentException("no serial number: " + serial);
        }
        this.subject = subject;
        this.key = key;
        this.serial = serial;
        this.from = from;
        this.until = until;
    }

    /// @param length of paths below it; -1: any
    public CertificateOrder authority(int length) {
        authority = true;
        pathLength = length;
        return this;
    }

    /// @param more GeneralNames in DER
    public CertificateOrder names(List<Octets> more) {
        names.addAll(more);
        return this;
    }

    public CertificateOrder flags(Set<Flag> more) {
        flags.addAll(more);
        return this;
    }

    /// @param delta URIs of delta lists
    public CertificateOrder lists(List<String> complete, List<String> delta) {
        lists.addAll(complete);
        deltas.addAll(delta);
        return this;
    }

    public CertificateOrder responders(List<String> uris) {
        responders.addAll(uris);
        return this;
    }

    /// @param in GeneralNames as subtrees, in DER
    public CertificateOrder constraints(List<Octets> in, List<Octets> out) {
        permitted.addAll(in);
        excluded.addAll(out);
        return this;
    }

    public CertificateOrder policies(List<String> oids) {
        policies.addAll(oids);
        return this;
    }

    /// Signed by its own key.
    public X509Certificate selfSigned(Seal seal) throws CannotSign {
        return made(seal, subject, Certificates.subjectKeyId(key));
    }

    public X509Certificate issuedBy(X509Certificate issuer, Seal seal) throws CannotSign {
        return made(
                seal,
                Octets.owned(issuer.getSubjectX500Principal().getEncoded()),
                Certificates.subjectKeyIdentifier(issuer)
                        .orElseGet(() -> Certificates.subjectKeyId(issuer.getPublicKey())));
    }

    /// ```text
    /// TBSCertificate ::= SEQUENCE { version [0], serialNumber, signature, issuer, validity,
    ///     subject, subjectPublicKeyInfo, extensions [3] }
    /// ```
    private X509Certificate made(Seal seal, Octets issuer, Octets issuerKey) throws CannotSign {
        Octets body =
                DerWriter.sequence(
                        DerWriter.tagged(0, DerWriter.integer(2)),
                        DerWriter.integer(serial),
                        seal.algorithm(),
                        issuer,
                        DerWriter.sequence(DerWriter.time(from), DerWriter.time(until)),
                        subject,
                        Certificates.publicKey(key),
                        DerWriter.tagged(3, extensions(issuerKey).emit()));
        try {
            return CredentialFile.x509(seal.on(body));
        } catch (BadCredential e) {
            throw new IllegalStateException("our own certificate cannot be read: " + e.why(), e);
        }
    }

    private Extensions extensions(Octets issuerKey) {
        Extensions all = new Extensions();
        all.authorityKey(issuerKey).subjectKey(key);
        if (authority) {
            all.basicConstraints(true, pathLength).keyUsage(KEY_CERT_SIGN, CRL_SIGN);
        } else if (flags.contains(Flag.CRL_SIGN)) {
            all.keyUsage(CRL_SIGN);
        } else if (key.getAlgorithm().equals("RSA")) {
            all.keyUsage(DIGITAL_SIGNATURE, KEY_ENCIPHERMENT);
        } else if (key.getAlgorithm().equals("EC")) {
            all.keyUsage(DIGITAL_SIGNATURE, KEY_AGREEMENT);
        } else {
            all.keyUsage(DIGITAL_SIGNATURE);
        }
        all.extendedKeyUsage(flags.stream().map(f -> f.oid).filter(oid -> !oid.isEmpty()).toList());
        if (flags.contains(Flag.OCSP_SIGNING)) {
            all.notChecked();
        }
        // RFC 5280, 4.2.1.6: "If the subject field contains an empty sequence, [...] the
        // subjectAltName extension MUST be marked as critical"
        return all.alternatives(names, subject.length() == 2)
                .distributionPoints(lists)
                .freshest(deltas)
                .responders(responders)
                .nameConstraints(permitted, excluded)
                .policies(policies);
    }
}
