package io.sallyport.cli.pki;

import io.sallyport.base.Octets;
import io.sallyport.base.name.DistinguishedName;
import io.sallyport.base.net.IpAddress;
import io.sallyport.cli.console.Printable;
import io.sallyport.creds.der.BadDer;
import io.sallyport.creds.der.Der;
import io.sallyport.creds.der.DerReader;
import io.sallyport.creds.der.Tag;
import io.sallyport.creds.issue.CertificateOrder.Flag;
import io.sallyport.creds.issue.CertificateRequest;
import io.sallyport.creds.issue.ListOrder;
import io.sallyport.creds.revocation.Points;
import io.sallyport.creds.x509.Certificates;
import java.math.BigInteger;
import java.security.PublicKey;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Optional;

/// Certificates, lists and keys in lines like those of strongSwan's `pki --print`. Not for threads.
final class Portrait {
    private static final String ALTERNATIVES = "2.5.29.17";
    private static final String DELTA = "2.5.29.27";
    private static final int CERT_SIGN = 5;
    private static final int CRL_SIGN = 6;

    private final Instant now;
    private final StringBuilder text = new StringBuilder();

    Portrait(Instant now) {
        this.now = now;
    }

    // ---- what there is

    void certificate(X509Certificate one) {
        line("subject", quoted(one.getSubjectX500Principal()));
        line("issuer", quoted(one.getIssuerX500Principal()));
        Instant from = one.getNotBefore().toInstant();
        Instant until = one.getNotAfter().toInstant();
        line("validity", "not before " + from + (now.isBefore(from) ? ", not valid yet" : ", ok"));
        line("", "not after  " + until + ", " + end(until));
        line("serial", KeyIdVerb.pretty(serial(one.getSerialNumber())));
        lines("altNames", names(Certificates.extension(one, ALTERNATIVES).orElse(Octets.EMPTY)));
        List<String> flags = flags(one);
        if (!flags.isEmpty()) {
            line("flags", String.join(" ", flags));
        }
        int length = one.getBasicConstraints();
        if (length >= 0 && length < Integer.MAX_VALUE) {
            line("pathlen", Integer.toString(length));
        }
        constraints(one);
        lines("CRL URIs", Points.uris(one, Points.DISTRIBUTION_POINTS));
        lines("delta URIs", Points.uris(one, Points.FRESHEST));
        lines("OCSP URIs", Points.responders(one));
        line("signed by", one.getSigAlgName());
        Certificates.authorityKeyIdentifier(one)
                .ifPresent(id -> line("authkeyId", KeyIdVerb.pretty(id)));
        Certificates.subjectKeyIdentifier(one)
                .ifPresent(id -> line("subjkeyId", KeyIdVerb.pretty(id)));
        key("pubkey", one.getPublicKey());
    }

    void list(X509CRL list) {
        line("issuer", quoted(list.getIssuerX500Principal()));
        line("update", "this on " + list.getThisUpdate().toInstant());
        Date next = list.getNextUpdate();
        line(
                "",
                next == null
                        ? "no next one is named"
                        : "next on " + next.toInstant() + ", " + end(next.toInstant()));
        ListOrder.number(list).ifPresent(n -> line("number", n.toString()));
        Certificates.extension(list, DELTA)
                .flatMap(Portrait::integer)
                .ifPresent(base -> line("delta upon", base.toString()));
        lines("delta URIs", Points.uris(list, Points.FRESHEST));
        line("signed by", list.getSigAlgName());
        Certificates.authorityKeyIdentifier(list)
                .ifPresent(id -> line("authkeyId", KeyIdVerb.pretty(id)));
        List<ListOrder.Revoked> revoked = ListOrder.of(list);
        line("entries", Integer.toString(revoked.size()));
        for (ListOrder.Revoked one : revoked) {
            line(
                    "",
                    KeyIdVerb.pretty(serial(one.serial()))
                            + " "
                            + one.since()
                            + (one.reason() == 0 ? "" : " " + Revocations.word(one.reason())));
        }
    }

    void request(CertificateRequest request) {
        line("subject", '"' + DistinguishedName.text(request.subject()).orElse("(no name)") + '"');
        List<String> names = new ArrayList<>();
        request.names().forEach(name -> names.add(name(name)));
        lines("altNames", names);
        line("signature", "good");
        key("pubkey", request.key());
    }

    void key(String what, PublicKey key) {
        line(what, Certificates.text(key));
        line("keyid", KeyIdVerb.pretty(Certificates.keyId(key)));
        line("subjkey", KeyIdVerb.pretty(Certificates.subjectKeyId(key)));
    }

    // ---- parts

    private void line(String what, String value) {
        text.append("  ")
                .append(what.isEmpty() ? " ".repeat(11) : String.format("%-11s", what + ":"))
                .append(' ')
                .append(Printable.of(value))
                .append('\n');
    }

    private void lines(String what, List<String> values) {
        for (int i = 0; i < values.size(); i++) {
            line(i == 0 ? what : "", values.get(i));
        }
    }

    private static String quoted(javax.security.auth.x500.X500Principal name) {
        return '"' + Certificates.text(name) + '"';
    }

    private String end(Instant until) {
        Duration left = Duration.between(now, until);
        return left.isNegative()
                ? "over since " + left.negated().toDays() + " days"
                : "ok (" + left.toDays() + " days left)";
    }

    private static Octets serial(BigInteger serial) {
        return Octets.owned(serial.toByteArray());
    }

    private static Optional<BigInteger> integer(Octets der) {
        try {
            return Optional.of(Der.parse(der, Tag.INTEGER).integer());
        } catch (BadDer _) {
            return Optional.empty();
        }
    }

    private static List<String> flags(X509Certificate one) {
        List<String> flags = new ArrayList<>();
        if (Certificates.isAuthority(one)) {
            flags.add("CA");
        }
        boolean[] usage = one.getKeyUsage();
        if (usage != null && usage[CERT_SIGN]) {
            flags.add("certSign");
        }
        if (usage != null && usage[CRL_SIGN]) {
            flags.add("crlSign");
        }
        try {
            List<String> extended = one.getExtendedKeyUsage();
            for (String oid : extended == null ? List.<String>of() : extended) {
                flags.add(
                        Arrays.stream(Flag.values())
                                .filter(f -> f.oid().equals(oid))
                                .map(Flag::toString)
                                .findFirst()
                                .orElse(oid));
            }
        } catch (CertificateParsingException _) {
            flags.add("(extendedKeyUsage that cannot be read)");
        }
        if (Certificates.isSelfSigned(one)) {
            flags.add("self-signed");
        }
        return flags;
    }

    /// ```text
    /// NameConstraints ::= SEQUENCE { permitted [0] SEQUENCE OF { base, ... }, excluded [1] }
    /// ```
    private void constraints(X509Certificate one) {
        Optional<Octets> value = Certificates.extension(one, "2.5.29.30");
        if (value.isEmpty()) {
            return;
        }
        try {
            DerReader both = Der.parse(value.get(), Tag.SEQUENCE).inside();
            while (both.hasMore()) {
                Der half = both.next();
                List<String> names = new ArrayList<>();
                for (DerReader all = half.inside(); all.hasMore(); ) {
                    names.add(name(all.next(Tag.SEQUENCE).inside().next().whole()));
                }
                lines(half.tag() == Tag.constructed(0) ? "permitted" : "excluded", names);
            }
        } catch (BadDer _) {
            line("names", "(constraints that cannot be read)");
        }
    }

    private static List<String> names(Octets sequence) {
        List<String> names = new ArrayList<>();
        if (sequence.isEmpty()) {
            return names;
        }
        try {
            for (DerReader all = Der.parse(sequence, Tag.SEQUENCE).inside(); all.hasMore(); ) {
                names.add(name(all.next().whole()));
            }
        } catch (BadDer _) {
            names.add("(names that cannot be read)");
        }
        return names;
    }

    /// A GeneralName.
    private static String name(Octets der) {
        try {
            Der name = Der.parse(der);
            Octets content = name.content();
            return switch (name.tag()) {
                case 0x81, 0x82, 0x86 -> content.text();
                case 0xa4 -> DistinguishedName.text(content).orElse("(no name)");
                case 0x87 -> address(content);
                case 0x88 -> "registered ID " + content.hex();
                default -> "other name " + content.hex();
            };
        } catch (BadDer _) {
            return "(a name that cannot be read)";
        }
    }

    /// An address, or with a mask behind it a network.
    private static String address(Octets octets) {
        int length = octets.length();
        return switch (length) {
            case 4, 16 -> IpAddress.ofOctets(octets).toString();
            case 8, 32 ->
                    IpAddress.ofOctets(octets.slice(0, length / 2))
                            + "/"
                            + new BigInteger(1, octets.slice(length / 2, length).toArray())
                                    .bitCount();
            default -> "(an address of " + length + " octets)";
        };
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
