package io.sallyport.creds.issue;

import io.sallyport.base.Octets;
import io.sallyport.creds.der.DerWriter;
import io.sallyport.creds.x509.Certificates;
import java.math.BigInteger;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;

/// Extensions of certificates and lists (RFC 5280, 4.2 and 5.2), each as it stands in them.
final class Extensions {
    static final String NUMBER = "2.5.29.20";

    private final List<Octets> all = new ArrayList<>();

    Extensions add(String oid, boolean critical, Octets value) {
        List<Octets> parts = new ArrayList<>(List.of(DerWriter.oid(oid)));
        if (critical) {
            parts.add(DerWriter.bool(true));
        }
        parts.add(DerWriter.octetString(value));
        all.add(DerWriter.sequence(parts));
        return this;
    }

    boolean isEmpty() {
        return all.isEmpty();
    }

    Octets emit() {
        return DerWriter.sequence(all);
    }

    /// @param pathLength -1: none
    Extensions basicConstraints(boolean authority, int pathLength) {
        List<Octets> parts = new ArrayList<>();
        if (authority) {
            parts.add(DerWriter.bool(true));
            if (pathLength >= 0) {
                parts.add(DerWriter.integer(pathLength));
            }
        }
        return add("2.5.29.19", true, DerWriter.sequence(parts));
    }

    Extensions keyUsage(int... bits) {
        return add("2.5.29.15", true, DerWriter.namedBits(bits));
    }

    Extensions extendedKeyUsage(List<String> oids) {
        return oids.isEmpty()
                ? this
                : add(
                        "2.5.29.37",
                        false,
                        DerWriter.sequence(oids.stream().map(DerWriter::oid).toList()));
    }

    Extensions subjectKey(PublicKey key) {
        return add("2.5.29.14", false, DerWriter.octetString(Certificates.subjectKeyId(key)));
    }

    /// @param issuer its own identifier, if it bears one
    Extensions authorityKey(X509Certificate issuer) {
        return authorityKey(
                Certificates.subjectKeyIdentifier(issuer)
                        .orElseGet(() -> Certificates.subjectKeyId(issuer.getPublicKey())));
    }

    Extensions authorityKey(Octets identifier) {
        return add("2.5.29.35", false, DerWriter.sequence(DerWriter.implicit(0, identifier)));
    }

    /// @param critical RFC 5280, 4.1.2.6: if the subject is empty
    Extensions alternatives(List<Octets> names, boolean critical) {
        return names.isEmpty() ? this : add("2.5.29.17", critical, DerWriter.sequence(names));
    }

    Extensions distributionPoints(List<String> uris) {
        return points("2.5.29.31", uris);
    }

    Extensions freshest(List<String> uris) {
        return points("2.5.29.46", uris);
    }

    private Extensions points(String oid, List<String> uris) {
        return uris.isEmpty()
                ? this
                : add(
                        oid,
                        false,
                        DerWriter.sequence(
                                uris.stream()
                                        .map(uri ->
                                                DerWriter.sequence(
                                                        DerWriter.tagged(0, fullName(uri))))
                                        .toList()));
    }

    private static Octets fullName(String uri) {
        return DerWriter.tagged(0, AltName.uri(uri));
    }

    Extensions issuingPoint(String uri) {
        return add("2.5.29.28", true, DerWriter.sequence(DerWriter.tagged(0, fullName(uri))));
    }

    Extensions responders(List<String> uris) {
        return uris.isEmpty()
                ? this
                : add(
                        "1.3.6.1.5.5.7.1.1",
                        false,
                        DerWriter.sequence(
                                uris.stream()
                                        .map(uri ->
                                                DerWriter.sequence(
                                                        DerWriter.oid("1.3.6.1.5.5.7.48.1"),
                                                        AltName.uri(uri)))
                                        .toList()));
    }

    Extensions nameConstraints(List<Octets> permitted, List<Octets> excluded) {
        List<Octets> parts = new ArrayList<>();
        if (!permitted.isEmpty()) {
            parts.add(DerWriter.tagged(0, subtrees(permitted)));
        }
        if (!excluded.isEmpty()) {
            parts.add(DerWriter.tagged(1, subtrees(excluded)));
        }
        return parts.isEmpty() ? this : add("2.5.29.30", true, DerWriter.sequence(parts));
    }

    private static Octets[] subtrees(List<Octets> names) {
        return names.stream().map(DerWriter::sequence).toArray(Octets[]::new);
    }

    Extensions policies(List<String> oids) {
        return oids.isEmpty()
                ? this
                : add(
                        "2.5.29.32",
                        false,
                        DerWriter.sequence(
                                oids.stream()
                                        .map(oid -> DerWriter.sequence(DerWriter.oid(oid)))
                                        .toList()));
    }

    Extensions number(BigInteger number) {
        return add(NUMBER, false, DerWriter.integer(number));
    }

    Extensions deltaUpon(BigInteger base) {
        return add("2.5.29.27", true, DerWriter.integer(base));
    }

    /// RFC 6960, 4.2.2.2.1: nobody asks about this responder's own certificate.
    Extensions notChecked() {
        return add("1.3.6.1.5.5.7.48.1.5", false, DerWriter.none());
    }
}
