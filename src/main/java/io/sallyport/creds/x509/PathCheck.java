package io.sallyport.creds.x509;

import io.sallyport.base.name.DistinguishedName;
import io.sallyport.creds.x509.PathFinder.Path;
import io.sallyport.model.spec.Identity;
import io.sallyport.model.spec.TrustSpec;
import io.sallyport.model.trust.Verdict.Reason;
import java.security.GeneralSecurityException;
import java.security.cert.CertPath;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateParsingException;
import java.security.cert.PKIXParameters;
import java.security.cert.PKIXReason;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Whether a path keeps the rules: RFC 5280, 6 by JCE's validator, which knows names and their
/// constraints, policies, lengths, key usages and critical extensions; and beside it what we
/// demand.
final class PathCheck {
    private static final String EXTENDED_KEY_USAGE = "2.5.29.37";
    private static final int DIGITAL_SIGNATURE = 0;
    private static final int NON_REPUDIATION = 1;

    /// What a key may be for that proves a peer of IKE: for IKE itself (RFC 4945, 5.1.3.12) and
    /// anything; and what gateways and clients of today and of before have in its place.
    private static final Set<String> USES =
            Set.of(
                    "1.3.6.1.5.5.7.3.17", // ipsecIKE
                    "2.5.29.37.0", // anyExtendedKeyUsage
                    "1.3.6.1.5.5.7.3.1", // serverAuth
                    "1.3.6.1.5.5.7.3.2", // clientAuth
                    "1.3.6.1.5.5.7.3.5", // ipsecEndSystem
                    "1.3.6.1.5.5.7.3.6", // ipsecTunnel
                    "1.3.6.1.5.5.7.3.7", // ipsecUser
                    "1.3.6.1.5.5.8.2.2"); // iKEIntermediate

    private final TrustSpec trust;
    private final Strength strength;
    private final Known known;

    PathCheck(TrustSpec trust, Strength strength, Known known) {
        this.trust = trust;
        this.strength = strength;
        this.known = known;
    }

    /// @param signs the end's key is to sign what is not a certificate
    Optional<Objection> against(Path path, boolean signs, Instant now) {
        return strength(path)
                .or(() -> validity(path, now))
                .or(() -> pkix(path, now))
                .or(() -> signs ? usage(path.end()) : Optional.empty())
                .or(() -> demands(path));
    }

    // ---- keys and signatures

    private Optional<Objection> strength(Path path) {
        for (X509Certificate one : path.certificates()) {
            boolean end = one.equals(path.end());
            // The signature of an anchor is nobody's proof
            Optional<String> weak =
                    strength.against(one.getPublicKey(), end)
                            .or(() ->
                                    one.equals(path.anchor())
                                            ? Optional.empty()
                                            : strength.againstSignature(one));
            if (weak.isPresent()) {
                return Optional.of(
                        new Objection(Reason.WEAK, Certificates.quoted(one) + ": " + weak.get()));
            }
        }
        return Optional.empty();
    }

    // ---- time

    private static Optional<Objection> validity(Path path, Instant now) {
        for (X509Certificate one : path.certificates()) {
            Optional<Objection> old = validity(one, now);
            if (old.isPresent()) {
                return old;
            }
        }
        return Optional.empty();
    }

    private static Optional<Objection> validity(X509Certificate one, Instant now) {
        if (now.isAfter(one.getNotAfter().toInstant())) {
            return Optional.of(
                    new Objection(
                            Reason.EXPIRED,
                            Certificates.quoted(one)
                                    + " was valid until "
                                    + one.getNotAfter().toInstant()));
        }
        return now.isBefore(one.getNotBefore().toInstant())
                ? Optional.of(
                        new Objection(
                                Reason.EXPIRED,
                                Certificates.quoted(one)
                                        + " is valid from "
                                        + one.getNotBefore().toInstant()
                                        + " on"))
                : Optional.empty();
    }

    // ---- RFC 5280, 6

    /// Twice: JCE's validator leaves an anchor's constraints out, so at first the anchor stands in
    /// the path itself, below its own key. Policies are asked without it: most anchors name none.
    private Optional<Objection> pkix(Path path, Instant now) {
        if (path.certificates().size() == 1) {
            // Trusted as it is, there is no path; but what it demands holds all the same
            return path.end().hasUnsupportedCriticalExtension()
                    ? Optional.of(
                            new Objection(
                                    Reason.CONSTRAINT,
                                    Certificates.quoted(path.end())
                                            + " has a critical extension that is unknown here"))
                    : Optional.empty();
        }
        X509Certificate anchor = path.anchor();
        List<X509Certificate> all = path.certificates();
        Optional<Objection> broken =
                pkix(
                        all,
                        new TrustAnchor(
                                anchor.getSubjectX500Principal(), anchor.getPublicKey(), null),
                        Set.of(),
                        now);
        return broken.isPresent() || trust.policies().isEmpty()
                ? broken
                : pkix(
                        all.subList(0, all.size() - 1),
                        new TrustAnchor(anchor, null),
                        new HashSet<>(trust.policies()),
                        now);
    }

    private static Optional<Objection> pkix(
            List<X509Certificate> below, TrustAnchor anchor, Set<String> policies, Instant now) {
        try {
            PKIXParameters parameters = new PKIXParameters(Set.of(anchor));
            parameters.setRevocationEnabled(false);
            parameters.setDate(Date.from(now));
            if (!policies.isEmpty()) {
                parameters.setInitialPolicies(policies);
                parameters.setExplicitPolicyRequired(true);
            }
            CertPath chain = CertificateFactory.getInstance("X.509").generateCertPath(below);
            CertPathValidator.getInstance("PKIX").validate(chain, parameters);
            return Optional.empty();
        } catch (CertPathValidatorException e) {
            return Optional.of(objection(e, below));
        } catch (GeneralSecurityException | RuntimeException e) {
            return Optional.of(
                    new Objection(
                            Reason.CONSTRAINT,
                            Certificates.quoted(below.getFirst())
                                    + ": the path cannot be validated: "
                                    + e.getMessage()));
        }
    }

    private static Objection objection(CertPathValidatorException e, List<X509Certificate> below) {
        int at = Math.clamp(e.getIndex(), 0, below.size() - 1);
        String text = Certificates.quoted(below.get(at)) + ": " + e.getMessage();
        if (e.getReason() == BasicReason.EXPIRED || e.getReason() == BasicReason.NOT_YET_VALID) {
            return new Objection(Reason.EXPIRED, text);
        }
        if (e.getReason() == BasicReason.ALGORITHM_CONSTRAINED) {
            return new Objection(Reason.WEAK, text);
        }
        return new Objection(
                e.getReason() == PKIXReason.NO_TRUST_ANCHOR ? Reason.UNTRUSTED : Reason.CONSTRAINT,
                text);
    }

    /// RFC 4945, 5.1.3.2: digitalSignature or nonRepudiation, where keyUsage says anything. An
    /// extended key usage that is critical must name IKE, or what stands for it; one that is not
    /// binds nobody here, for authorities give it to gateways as they like.
    private static Optional<Objection> usage(X509Certificate end) {
        boolean[] usage = end.getKeyUsage();
        if (usage != null && !usage[DIGITAL_SIGNATURE] && !usage[NON_REPUDIATION]) {
            return Optional.of(
                    new Objection(
                            Reason.CONSTRAINT,
                            Certificates.quoted(end) + ": its keyUsage does not allow signatures"));
        }
        return isForOtherUse(end)
                ? Optional.of(
                        new Objection(
                                Reason.CONSTRAINT,
                                Certificates.quoted(end)
                                        + ": its extended key usage, which is critical, does not"
                                        + " allow IKE"))
                : Optional.empty();
    }

    private static boolean isForOtherUse(X509Certificate end) {
        Set<String> critical = end.getCriticalExtensionOIDs();
        if (critical == null || !critical.contains(EXTENDED_KEY_USAGE)) {
            return false;
        }
        try {
            List<String> uses = end.getExtendedKeyUsage();
            return uses == null || uses.stream().noneMatch(USES::contains);
        } catch (CertificateParsingException _) {
            return true;
        }
    }

    // ---- what the configuration demands

    private Optional<Objection> demands(Path path) {
        if (!trust.groups().isEmpty()) {
            return Optional.of(
                    new Objection(
                            Reason.CONSTRAINT,
                            "groups are demanded, and attribute certificates are not read by us"));
        }
        List<X509Certificate> above =
                path.certificates().size() == 1
                        ? path.certificates()
                        : path.certificates().subList(1, path.certificates().size());
        if (!trust.authorities().isEmpty()
                && trust.authorities().stream()
                        .flatMap(s -> known.certificate(s).stream())
                        .noneMatch(above::contains)) {
            return Optional.of(
                    new Objection(
                            Reason.CONSTRAINT,
                            Certificates.quoted(path.end())
                                    + " was not issued under one of the configured cacerts"));
        }
        if (!trust.authority().isAny() && above.stream().noneMatch(this::isDemanded)) {
            return Optional.of(
                    new Objection(
                            Reason.CONSTRAINT,
                            Certificates.quoted(path.end())
                                    + " was not issued under "
                                    + trust.authority()
                                    + ", which ca_id demands"));
        }
        return Optional.empty();
    }

    private boolean isDemanded(X509Certificate authority) {
        Identity wanted = trust.authority();
        return wanted.type() == Identity.Type.DER_ASN1_DN
                        && DistinguishedName.matches(
                                wanted.data(), Certificates.subject(authority).data())
                || Holder.is(authority, wanted);
    }
}
