package io.sallyport.creds.revocation;

import io.sallyport.base.Octets;
import io.sallyport.creds.der.BadDer;
import io.sallyport.creds.der.Der;
import io.sallyport.creds.der.DerReader;
import io.sallyport.creds.der.DerWriter;
import io.sallyport.creds.der.Tag;
import io.sallyport.creds.x509.Certificates;
import java.security.cert.X509Certificate;
import java.security.cert.X509Extension;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Places that a certificate or a list names: distribution points (RFC 5280, 4.2.1.13), those of
/// delta lists (4.2.1.15, 5.2.6), and OCSP responders (4.2.2.1). What cannot be read names none.
public final class Points {
    public static final String DISTRIBUTION_POINTS = "2.5.29.31";
    public static final String FRESHEST = "2.5.29.46";
    static final String AUTHORITY_INFORMATION = "1.3.6.1.5.5.7.1.1";
    static final String OCSP = "1.3.6.1.5.5.7.48.1";
    private static final int URI = Tag.primitive(6);
    private static final int MOST = 16;

    private Points() {}

    /// One distribution point.
    ///
    /// @param names GeneralNames in DER; empty: only relative to its issuer
    /// @param reasons flags of [Reasons] that lists there are about
    /// @param indirect somebody else signs the lists there
    record Point(List<Octets> names, int reasons, boolean indirect) {
        List<String> uris() {
            List<String> uris = new ArrayList<>();
            names.forEach(name -> uri(name).ifPresent(uris::add));
            return uris;
        }
    }

    static List<Point> of(X509Extension holder, String oid) {
        List<Point> points = new ArrayList<>();
        Optional<Octets> value = Certificates.extension(holder, oid);
        if (value.isPresent()) {
            try {
                DerReader all = Der.parse(value.get(), Tag.SEQUENCE).inside();
                while (all.hasMore() && points.size() < MOST) {
                    points.add(point(all.next(Tag.SEQUENCE).inside()));
                }
            } catch (BadDer _) {
                return List.of();
            }
        }
        return points;
    }

    /// ```text
    /// DistributionPoint ::= SEQUENCE { distributionPoint [0], reasons [1], cRLIssuer [2] }
    /// ```
    private static Point point(DerReader inside) throws BadDer {
        List<Octets> names = new ArrayList<>();
        Optional<Der> name = inside.optional(Tag.constructed(0));
        if (name.isPresent()) {
            names = names(name.get());
        }
        Optional<Der> reasons = inside.optional(Tag.primitive(1));
        boolean indirect = inside.optional(Tag.constructed(2)).isPresent();
        inside.end();
        return new Point(
                names, reasons.map(r -> Reasons.flags(r.content())).orElse(Reasons.ALL), indirect);
    }

    /// ```text
    /// DistributionPointName ::= CHOICE { fullName [0] GeneralNames, nameRelativeToCRLIssuer [1] }
    /// ```
    static List<Octets> names(Der distributionPoint) throws BadDer {
        List<Octets> names = new ArrayList<>();
        Der choice = Der.parse(distributionPoint.content());
        if (choice.tag() == Tag.constructed(0)) {
            DerReader all = choice.inside();
            while (all.hasMore() && names.size() < MOST) {
                names.add(all.next().whole());
            }
        }
        return names;
    }

    static Octets uriName(String uri) {
        return DerWriter.implicit(6, Octets.utf8(uri));
    }

    private static Optional<String> uri(Octets name) {
        try {
            Der der = Der.parse(name);
            return der.tag() == URI ? Optional.of(der.content().text()) : Optional.empty();
        } catch (BadDer _) {
            return Optional.empty();
        }
    }

    /// URIs of an extension's points, in its order.
    public static List<String> uris(X509Extension holder, String oid) {
        return of(holder, oid).stream().flatMap(p -> p.uris().stream()).distinct().toList();
    }

    /// ```text
    /// AuthorityInfoAccessSyntax ::= SEQUENCE OF SEQUENCE { accessMethod OID, GeneralName }
    /// ```
    public static List<String> responders(X509Certificate certificate) {
        List<String> uris = new ArrayList<>();
        Optional<Octets> value = Certificates.extension(certificate, AUTHORITY_INFORMATION);
        if (value.isPresent()) {
            try {
                DerReader all = Der.parse(value.get(), Tag.SEQUENCE).inside();
                while (all.hasMore() && uris.size() < MOST) {
                    DerReader one = all.next(Tag.SEQUENCE).inside();
                    boolean ocsp = one.next(Tag.OID).oid().equals(OCSP);
                    Octets name = one.next().whole();
                    if (ocsp) {
                        uri(name).ifPresent(uris::add);
                    }
                }
            } catch (BadDer _) {
                return List.of();
            }
        }
        return uris;
    }
}
