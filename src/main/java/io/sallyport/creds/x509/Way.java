package io.sallyport.creds.x509;

import io.sallyport.creds.x509.PathFinder.Path;
import io.sallyport.crypto.suite.SignatureRules;
import io.sallyport.model.spec.TrustSpec;
import io.sallyport.model.trust.Evidence;
import io.sallyport.model.trust.Verdict.Reason;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The way from a certificate to an authority that is trusted: it is found, keeps the rules, and
/// nobody on it was revoked. One certificate at a time; not for threads.
public final class Way {
    private final TrustSpec trust;
    private final Strength strength;
    private final Known known;
    private final RevocationCheck revocation;
    private final List<Evidence> evidence;
    private final Instant now;
    private final List<String> why = new ArrayList<>();

    /// @param evidence of revocation that came with the certificate
    public Way(
            TrustSpec trust,
            Known known,
            RevocationCheck revocation,
            List<Evidence> evidence,
            Instant now) {
        this(
                trust,
                new Strength(SignatureRules.of(trust.schemes())),
                known,
                revocation,
                evidence,
                now);
    }

    Way(
            TrustSpec trust,
            Strength strength,
            Known known,
            RevocationCheck revocation,
            List<Evidence> evidence,
            Instant now) {
        this.trust = trust;
        this.strength = strength;
        this.known = known;
        this.revocation = revocation;
        this.evidence = List.copyOf(evidence);
        this.now = now;
    }

    /// Each step for a person, in order.
    public List<String> why() {
        return List.copyOf(why);
    }

    /// Empty if it is trusted.
    ///
    /// @param between certificates that may be on the way, beside what is known
    /// @param pinned it is trusted as it is where no way is demanded
    /// @param signs its key is to sign what is not a certificate
    public Optional<Objection> trust(
            X509Certificate certificate,
            List<X509Certificate> between,
            boolean pinned,
            boolean signs) {
        List<X509Certificate> onTheWay = new ArrayList<>(between);
        onTheWay.addAll(known.peers());
        onTheWay.addAll(known.between());
        PathFinder finder = new PathFinder(known.authorities(), onTheWay);
        Optional<Objection> last = Optional.empty();
        for (Path path : finder.from(certificate)) {
            last = follow(path, signs);
            if (last.isEmpty()) {
                return last;
            }
            why.add(last.get().text());
        }
        if (last.isPresent()) {
            return last;
        }
        why.addAll(finder.deadEnds());
        if (pinned && demandsNoPath()) {
            why.add(
                    "the certificate "
                            + Certificates.quoted(certificate)
                            + " is trusted as it is configured");
            Path alone = new Path(List.of(certificate));
            return new PathCheck(TrustSpec.ANY, strength, known).against(alone, signs, now);
        }
        return Optional.of(
                new Objection(
                        Reason.UNTRUSTED,
                        "there is no way from "
                                + Certificates.quoted(certificate)
                                + " to an authority that we trust: "
                                + String.join("; ", finder.deadEnds())));
    }

    /// A certificate without a path meets no demand on one.
    private boolean demandsNoPath() {
        return trust.authorities().isEmpty()
                && trust.authority().isAny()
                && trust.groups().isEmpty()
                && trust.policies().isEmpty()
                && trust.revocation() != TrustSpec.Revocation.STRICT;
    }

    private Optional<Objection> follow(Path path, boolean signs) {
        Optional<Objection> broken =
                new PathCheck(trust, strength, known).against(path, signs, now);
        if (broken.isPresent()) {
            return broken;
        }
        why.add(
                "path: "
                        + String.join(
                                " < ",
                                path.certificates().stream().map(Certificates::quoted).toList()));
        // From the anchor down: what a certificate names is asked only when its issuer is
        // good, so nobody makes us fetch by one of a revoked authority (CVE-2022-40617)
        for (int i = path.certificates().size() - 2; i >= 0; i--) {
            Optional<Objection> revoked =
                    revoked(path.certificates().get(i), path.certificates().get(i + 1));
            if (revoked.isPresent()) {
                return revoked;
            }
        }
        return Optional.empty();
    }

    private Optional<Objection> revoked(X509Certificate one, X509Certificate issuer) {
        RevocationCheck.Status status = revocation.of(one, issuer, evidence, now);
        why.add(Certificates.quoted(one) + ": " + status.line());
        boolean unknownWillDo =
                switch (status.state()) {
                    case GOOD -> true;
                    case REVOKED -> false;
                    case NOBODY_TO_ASK -> trust.revocation() != TrustSpec.Revocation.STRICT;
                    case NO_ANSWER -> trust.revocation() == TrustSpec.Revocation.RELAXED;
                };
        return unknownWillDo
                ? Optional.empty()
                : Optional.of(
                        new Objection(
                                status.state() == RevocationCheck.State.REVOKED
                                        ? Reason.REVOKED
                                        : Reason.REVOCATION_UNKNOWN,
                                Certificates.quoted(one) + ": " + status.line()));
    }
}
