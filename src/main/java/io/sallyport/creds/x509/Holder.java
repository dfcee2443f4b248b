package io.sallyport.creds.x509;

import io.sallyport.base.Octets;
import io.sallyport.base.net.IpAddress;
import io.sallyport.creds.der.BadDer;
import io.sallyport.creds.der.Der;
import io.sallyport.creds.der.DerReader;
import io.sallyport.creds.der.Tag;
import io.sallyport.model.spec.Identity;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javax.security.auth.x500.X500Principal;

/// Who may call himself what: the identities that a certificate gives its holder (RFC 4945, 3.1).
/// Nothing in a certificate or in a claim is a wildcard.
public final class Holder {
    private static final String SUBJECT_ALT_NAME = "2.5.29.17";
    private static final int MOST_NAMES = 1000;
    private static final int RFC822_NAME = 1;
    private static final int DNS_NAME = 2;
    private static final int IP_ADDRESS = 7;

    private Holder() {}

    /// Whether `claimed` is one of its identities.
    public static boolean is(X509Certificate certificate, Identity claimed) {
        return switch (claimed.type()) {
            case DER_ASN1_DN ->
                    sameName(certificate.getSubjectX500Principal(), claimed.data())
                            || !claimed.data().isEmpty()
                                    && alternatives(certificate).contains(claimed);
            case FQDN, USER_FQDN ->
                    alternatives(certificate).stream()
                            .anyMatch(a ->
                                    a.type() == claimed.type() && lower(a).equals(lower(claimed)));
            case IPV4_ADDR, IPV6_ADDR -> alternatives(certificate).contains(claimed);
            // As charon: the key's own identifiers
            case KEY_ID ->
                    claimed.data().equals(Certificates.keyId(certificate.getPublicKey()))
                            || claimed.data()
                                    .equals(Certificates.subjectKeyId(certificate.getPublicKey()))
                            || Certificates.subjectKeyIdentifier(certificate)
                                    .filter(claimed.data()::equals)
                                    .isPresent();
            case ANY,
                    NULL,
                    REGEX,
                    DER_ASN1_GN,
                    IPV4_ADDR_SUBNET,
                    IPV6_ADDR_SUBNET,
                    IPV4_ADDR_RANGE,
                    IPV6_ADDR_RANGE ->
                    false;
        };
    }

    /// Distinguished names compare as RFC 5280, 7.1 says: without regard to case, to the kind of
    /// string and to blanks in a row.
    private static boolean sameName(X500Principal subject, Octets claimed) {
        try {
            return subject.equals(new X500Principal(claimed.toArray()))
                    && !subject.getName().isEmpty();
        } catch (IllegalArgumentException _) {
            return false;
        }
    }

    private static String lower(Identity name) {
        return name.data().text().toLowerCase(Locale.ROOT);
    }

    /// The subjectAltNames that are IKE identities: DNS name, mail address, IP address, name. A
    /// name with anything but visible ASCII in it is nobody's.
    public static List<Identity> alternatives(X509Certificate certificate) {
        List<Identity> all = new ArrayList<>();
        Optional<Octets> value = Certificates.extension(certificate, SUBJECT_ALT_NAME);
        if (value.isEmpty()) {
            return all;
        }
        try {
            DerReader names = Der.parse(value.get(), Tag.SEQUENCE).inside();
            while (names.hasMore() && all.size() < MOST_NAMES) {
                identity(names.next()).ifPresent(all::add);
            }
        } catch (BadDer _) {
            return List.of();
        }
        return all;
    }

    /// ```text
    /// GeneralName ::= CHOICE { rfc822Name [1], dNSName [2], directoryName [4], iPAddress [7], ... }
    /// ```
    private static Optional<Identity> identity(Der name) throws BadDer {
        Octets content = name.content();
        if (name.tag() == Tag.constructed(4)) {
            return Optional.of(
                    new Identity(
                            Identity.Type.DER_ASN1_DN, Der.parse(content, Tag.SEQUENCE).whole()));
        }
        return switch (name.tag() - Tag.primitive(0)) {
            case RFC822_NAME -> text(Identity.Type.USER_FQDN, content);
            case DNS_NAME -> text(Identity.Type.FQDN, content);
            case IP_ADDRESS ->
                    content.length() == 4 || content.length() == 16
                            ? Optional.of(Identity.of(IpAddress.ofOctets(content)))
                            : Optional.empty();
            default -> Optional.empty();
        };
    }

    private static Optional<Identity> text(Identity.Type type, Octets text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.at(i) <= ' ' || text.at(i) > '~') {
                return Optional.empty();
            }
        }
        return text.isEmpty() ? Optional.empty() : Optional.of(new Identity(type, text));
    }
}
