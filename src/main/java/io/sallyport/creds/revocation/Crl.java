package io.sallyport.creds.revocation;

import io.sallyport.base.Octets;
import io.sallyport.creds.der.BadDer;
import io.sallyport.creds.der.Der;
import io.sallyport.creds.der.Tag;
import io.sallyport.creds.pem.BadCredential;
import io.sallyport.creds.pem.CredentialFile;
import io.sallyport.creds.x509.Certificates;
import io.sallyport.crypto.engine.CryptoEngine;
import java.math.BigInteger;
import java.security.PublicKey;
import java.security.cert.CRLException;
import java.security.cert.X509CRL;
import java.security.cert.X509CRLEntry;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A revocation list (RFC 5280, 5), complete or a delta. JCE reads it; that it is signed is
/// remembered, because lists are long and asked often. Any thread.
public final class Crl {
    private static final String NUMBER = "2.5.29.20";
    private static final String DELTA = "2.5.29.27";
    private static final String AUTHORITY_KEY = "2.5.29.35";
    private static final String ENTRY_REASON = "2.5.29.21";
    private static final String ENTRY_INVALID_SINCE = "2.5.29.24";
    private static final Set<String> UNDERSTOOD = Set.of(NUMBER, DELTA, AUTHORITY_KEY, Scope.OID);
    private static final Set<String> UNDERSTOOD_OF_ENTRIES =
            Set.of(ENTRY_REASON, ENTRY_INVALID_SINCE);

    private final X509CRL list;
    private final Signed signed;
    private final Scope scope;
    private final Octets scopeOctets;
    private final Optional<BigInteger> number;
    private final Optional<BigInteger> base;
    private volatile @Nullable PublicKey signer;

    /// What a list says of one certificate.
    ///
    /// @param reason as in RFC 5280, 5.3.1; [Reasons#NONE_SAID]
    record Entry(Instant since, int reason) {
        boolean isRemoval() {
            return reason == Reasons.REMOVE_FROM_CRL;
        }
    }

    private Crl(
            X509CRL list,
            Signed signed,
            Octets scopeOctets,
            Optional<BigInteger> number,
            Optional<BigInteger> base)
            throws BadDer {
        this.list = list;
        this.signed = signed;
        this.scopeOctets = scopeOctets;
        this.scope = scopeOctets.isEmpty() ? Scope.EVERYTHING : Scope.parse(scopeOctets);
        this.number = number;
        this.base = base;
    }

    /// @param octets DER or PEM
    static Crl parse(Octets octets) throws Unbelieved {
        try {
            boolean der = !octets.isEmpty() && octets.at(0) == Tag.SEQUENCE;
            return of(der ? CredentialFile.crl(octets) : first(octets));
        } catch (BadCredential e) {
            throw new Unbelieved(e.why());
        }
    }

    private static X509CRL first(Octets pem) throws BadCredential {
        for (var one : CredentialFile.read(pem, io.sallyport.base.Secret.EMPTY)) {
            if (one instanceof io.sallyport.creds.pem.Credential.RevocationList(X509CRL crl)) {
                return crl;
            }
        }
        throw new BadCredential("no revocation list");
    }

    static Crl of(X509CRL list) throws Unbelieved {
        try {
            Signed signed = Signed.parse(Octets.owned(list.getEncoded()));
            Crl crl =
                    new Crl(
                            list,
                            signed,
                            Certificates.extension(list, Scope.OID).orElse(Octets.EMPTY),
                            integer(list, NUMBER),
                            integer(list, DELTA));
            crl.understand();
            return crl;
        } catch (BadDer e) {
            throw new Unbelieved("a revocation list that cannot be read: " + e.why());
        } catch (CRLException e) {
            throw new Unbelieved("a revocation list that cannot be read: " + e.getMessage());
        }
    }

    private static Optional<BigInteger> integer(X509CRL list, String oid) throws BadDer {
        Optional<Octets> value = Certificates.extension(list, oid);
        return value.isEmpty()
                ? Optional.empty()
                : Optional.of(Der.parse(value.get(), Tag.INTEGER).integer());
    }

    /// RFC 5280, 5.2: "If a CRL contains a critical extension that the application cannot process,
    /// then the application MUST NOT use that CRL to determine the status of certificates." The
    /// same holds for its entries (5.3).
    private void understand() throws Unbelieved {
        if (scope.indirect()) {
            throw new Unbelieved(name() + " is an indirect one; such are not used");
        }
        Set<String> critical = list.getCriticalExtensionOIDs();
        if (critical != null) {
            for (String oid : critical) {
                if (!UNDERSTOOD.contains(oid)) {
                    throw new Unbelieved(
                            name() + " has a critical extension unknown to us, " + oid);
                }
            }
        }
        if (isDelta() && number.isEmpty()) {
            throw new Unbelieved(name() + " is a delta without a number");
        }
        Set<? extends X509CRLEntry> entries = list.getRevokedCertificates();
        if (entries == null) {
            return;
        }
        for (X509CRLEntry entry : entries) {
            Set<String> extensions = entry.getCriticalExtensionOIDs();
            if (extensions != null && !UNDERSTOOD_OF_ENTRIES.containsAll(extensions)) {
                throw new Unbelieved(
                        name() + " has an entry with a critical extension unknown to us");
            }
        }
    }

    // ---- what it is

    X509CRL list() {
        return list;
    }

    public Octets der() {
        try {
            return Octets.owned(list.getEncoded());
        } catch (CRLException e) {
            throw new IllegalStateException("a list that was parsed has no octets", e);
        }
    }

    Scope scope() {
        return scope;
    }

    boolean isDelta() {
        return base.isPresent();
    }

    Instant made() {
        return list.getThisUpdate().toInstant();
    }

    /// Until when it may be used. RFC 5280, 5.1.2.5: "Conforming CRL issuers MUST include the
    /// nextUpdate field in all CRLs": one without is never fresh.
    Instant until() {
        Date next = list.getNextUpdate();
        return next == null ? Instant.MIN : next.toInstant();
    }

    boolean isFresh(Instant now) {
        return !now.isAfter(until());
    }

    List<String> freshest() {
        return Points.uris(list, Points.FRESHEST);
    }

    /// `the list of 'CN=Root' (number 7, of 2026-11-26T08:00:00Z)`.
    String name() {
        return (isDelta() ? "the delta list of '" : "the list of '")
                + Certificates.text(list.getIssuerX500Principal())
                + "' ("
                + number.map(n -> "number " + n + ", ").orElse("")
                + "of "
                + made()
                + ")";
    }

    Optional<Entry> entry(BigInteger serial) {
        X509CRLEntry entry = list.getRevokedCertificate(serial);
        if (entry == null) {
            return Optional.empty();
        }
        int reason = Reasons.NONE_SAID;
        Optional<Octets> said =
                Optional.ofNullable(entry.getExtensionValue(ENTRY_REASON)).map(Octets::owned);
        if (said.isPresent()) {
            try {
                reason =
                        Der.parse(Der.parse(said.get(), Tag.OCTET_STRING).content(), Tag.ENUMERATED)
                                .small();
            } catch (BadDer _) {
                reason = Reasons.NONE_SAID;
            }
        }
        return Optional.of(new Entry(entry.getRevocationDate().toInstant(), reason));
    }

    // ---- how lists go together

    boolean sameScope(Crl other) {
        return scopeOctets.equals(other.scopeOctets)
                && list.getIssuerX500Principal().equals(other.list.getIssuerX500Principal());
    }

    /// Of two complete lists or two deltas of one scope: made later.
    boolean isNewerThan(Crl other) {
        int byTime = made().compareTo(other.made());
        return byTime != 0
                ? byTime > 0
                : number.orElse(BigInteger.ZERO).compareTo(other.number.orElse(BigInteger.ZERO))
                        > 0;
    }

    /// RFC 5280, 5.2.4 (c): "The CRL number of the complete CRL is equal to or greater than the
    /// BaseCRLNumber specified in the delta CRL", and (d) "is less than the CRL number of the delta
    /// CRL".
    boolean follows(Crl complete) {
        return base.isPresent()
                && complete.number.isPresent()
                && complete.number.get().compareTo(base.get()) >= 0
                && complete.number.get().compareTo(number.orElse(BigInteger.ZERO)) < 0;
    }

    /// Whether all it says is in `complete`, or overtaken by it.
    boolean isOvertakenBy(Crl complete) {
        return complete.number.isPresent()
                && number.isPresent()
                && complete.number.get().compareTo(number.get()) >= 0;
    }

    // ---- its signature

    /// Returns if it is signed by `key`.
    void verify(CryptoEngine crypto, PublicKey key) throws Unbelieved {
        if (!key.equals(signer)) {
            signed.verify(crypto, key);
            signer = key;
        }
    }

    @Override
    public String toString() {
        return name();
    }
}
