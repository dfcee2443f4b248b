package io.sallyport.creds.revocation;

import io.sallyport.base.Octets;
import io.sallyport.creds.der.BadDer;
import io.sallyport.creds.der.Der;
import io.sallyport.creds.der.DerReader;
import io.sallyport.creds.der.Tag;
import io.sallyport.creds.revocation.Points.Point;
import io.sallyport.creds.x509.Certificates;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Which certificates a list is about: its IssuingDistributionPoint (RFC 5280, 5.2.5). A list
/// without one is about all of its issuer's.
///
/// ```text
/// IssuingDistributionPoint ::= SEQUENCE {
///     distributionPoint [0], onlyContainsUserCerts [1], onlyContainsCACerts [2],
///     onlySomeReasons [3], indirectCRL [4], onlyContainsAttributeCerts [5] }
/// ```
///
/// @param names of the distribution point, GeneralNames in DER
/// @param named whether there is a distribution point at all
/// @param reasons flags of [Reasons]
record Scope(
        List<Octets> names,
        boolean named,
        boolean usersOnly,
        boolean authoritiesOnly,
        int reasons,
        boolean indirect,
        boolean attributesOnly) {
    static final String OID = "2.5.29.28";
    static final Scope EVERYTHING =
            new Scope(List.of(), false, false, false, Reasons.ALL, false, false);

    static Scope parse(Octets extension) throws BadDer {
        DerReader inside = Der.parse(extension, Tag.SEQUENCE).inside();
        List<Octets> names = new ArrayList<>();
        Optional<Der> point = inside.optional(Tag.constructed(0));
        if (point.isPresent()) {
            names = Points.names(point.get());
        }
        boolean users = flag(inside, 1);
        boolean authorities = flag(inside, 2);
        int reasons =
                inside.optional(Tag.primitive(3))
                        .map(r -> Reasons.flags(r.content()))
                        .orElse(Reasons.ALL);
        boolean indirect = flag(inside, 4);
        boolean attributes = flag(inside, 5);
        inside.end();
        return new Scope(
                names, point.isPresent(), users, authorities, reasons, indirect, attributes);
    }

    private static boolean flag(DerReader inside, int number) throws BadDer {
        Optional<Der> flag = inside.optional(Tag.primitive(number));
        return flag.isPresent() && flag.get().bool();
    }

    /// The reasons for which a list of this scope would name `certificate`; 0: it would not.
    ///
    /// @param configured places that the configuration names for lists of the issuer
    int covers(X509Certificate certificate, List<String> configured) {
        boolean authority = Certificates.isAuthority(certificate);
        if (attributesOnly || usersOnly && authority || authoritiesOnly && !authority) {
            return 0;
        }
        if (!named) {
            return reasons;
        }
        // RFC 5280, 6.3.3 (b)(2)(i): "If the distribution point name is present in the IDP CRL
        // extension and the distribution field is present in the DP, then verify that one of the
        // names in the IDP matches one of the names in the DP."
        int covered = 0;
        for (Point point : Points.of(certificate, Points.DISTRIBUTION_POINTS)) {
            if (point.names().stream().anyMatch(names::contains)) {
                covered |= reasons & point.reasons();
            }
        }
        if (configured.stream().map(Points::uriName).anyMatch(names::contains)) {
            covered |= reasons;
        }
        return covered;
    }
}
