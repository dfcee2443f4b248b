package io.sallyport.creds.x509;

import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Finds the ways from a certificate to an authority that signed itself and is trusted: each is
/// signed by the next. What a peer sends cannot make it long: so many certificates on a path, so
/// many signatures in all.
final class PathFinder {
    static final int MOST_ON_PATH = 10;
    private static final int MOST_SIGNATURES = 64;
    private static final int MOST_PATHS = 8;

    private final List<X509Certificate> trusted;
    private final List<X509Certificate> sent;
    private final List<Path> found = new ArrayList<>();
    private final List<String> dead = new ArrayList<>();
    private List<X509Certificate> longest = List.of();
    private int signatures;

    /// The peer's certificate first, the anchor last; it may be both.
    record Path(List<X509Certificate> certificates) {
        Path {
            certificates = List.copyOf(certificates);
        }

        X509Certificate anchor() {
            return certificates.getLast();
        }

        X509Certificate end() {
            return certificates.getFirst();
        }
    }

    /// @param trusted authorities
    /// @param sent by the peer, or known from elsewhere: they may be on the way only
    PathFinder(List<X509Certificate> trusted, List<X509Certificate> sent) {
        this.trusted = trusted;
        this.sent = sent;
    }

    List<Path> from(X509Certificate end) {
        if (trusted.contains(end) && Certificates.isSelfSigned(end)) {
            return List.of(new Path(List.of(end)));
        }
        walk(List.of(end));
        return found;
    }

    /// Why ways ended, for a person.
    List<String> deadEnds() {
        return dead;
    }

    /// As far as a way went that did not arrive.
    List<X509Certificate> longest() {
        return longest;
    }

    private void walk(List<X509Certificate> way) {
        X509Certificate last = way.getLast();
        if (way.size() > longest.size()) {
            longest = way;
        }
        if (way.size() > MOST_ON_PATH) {
            dead.add("more than " + MOST_ON_PATH + " certificates on the way: given up");
            return;
        }
        boolean any = false;
        for (X509Certificate issuer : issuers(last)) {
            if (found.size() == MOST_PATHS || way.contains(issuer)) {
                continue;
            }
            if (++signatures > MOST_SIGNATURES) {
                dead.add("more than " + MOST_SIGNATURES + " signatures on the way: given up");
                return;
            }
            if (!Certificates.isSignedBy(last, issuer)) {
                dead.add(
                        Certificates.quoted(last)
                                + " names "
                                + Certificates.quoted(issuer)
                                + " as its issuer, which did not sign it");
                any = true;
                continue;
            }
            any = true;
            List<X509Certificate> longer = new ArrayList<>(way);
            longer.add(issuer);
            boolean root = Certificates.isSelfSigned(issuer);
            if (root && trusted.contains(issuer)) {
                found.add(new Path(longer));
            } else if (root) {
                dead.add(
                        "the self-signed " + Certificates.quoted(issuer) + " is not trusted by us");
            } else {
                walk(longer);
            }
        }
        if (!any) {
            dead.add(
                    Certificates.isSelfSigned(last)
                            ? "the self-signed " + Certificates.quoted(last) + " is not trusted"
                            : "no certificate of '"
                                    + Certificates.text(last.getIssuerX500Principal())
                                    + "', which issued "
                                    + Certificates.quoted(last));
        }
    }

    /// Those whose key the certificate names come first, and trusted ones before others.
    private List<X509Certificate> issuers(X509Certificate of) {
        Optional<?> key = Certificates.authorityKeyIdentifier(of);
        return Stream.concat(trusted.stream(), sent.stream())
                .filter(c -> c.getSubjectX500Principal().equals(of.getIssuerX500Principal()))
                .distinct()
                .sorted(
                        Comparator.comparing(c ->
                                key.isPresent()
                                        && !Certificates.subjectKeyIdentifier(c).equals(key)))
                .toList();
    }
}
