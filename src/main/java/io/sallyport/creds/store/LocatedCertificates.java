package io.sallyport.creds.store;

import io.sallyport.base.Octets;
import io.sallyport.creds.der.BadDer;
import io.sallyport.creds.der.Der;
import io.sallyport.creds.der.DerReader;
import io.sallyport.creds.der.Tag;
import io.sallyport.creds.pem.BadCredential;
import io.sallyport.creds.pem.CredentialFile;
import io.sallyport.creds.x509.Certificates;
import io.sallyport.creds.x509.Locator;
import io.sallyport.model.port.Fetcher;
import io.sallyport.model.port.Fetcher.Unfetched;
import io.sallyport.model.trust.Evidence;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/// Fetches certificates by hash and URL (RFC 7296, 3.6), but only from below the `cert_uri_base` of
/// an authority: who asks is nobody yet, and shall not send us to places of his choice. Any thread.
///
/// What was found is kept: its hash says that it is right for ever.
public final class LocatedCertificates implements Locator {
    private static final int MOST_OCTETS = 1 << 16;
    private static final int MOST_IN_BUNDLE = 8;

    /// What strangers can keep us busy with.
    private static final int MOST_AT_ONCE = 8;

    /// From the beginning of a verdict on nothing more is fetched after it.
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Fetcher fetcher;
    private final InstantSource clock;
    private final List<String> bases;
    private final Kept kept;

    /// What outlives a configuration.
    public static final class Kept {
        private static final int MOST = 1024;
        private static final Duration FAILURE = Duration.ofSeconds(60);

        private final Map<Octets, Octets> found = bounded();
        private final Map<String, Failure> failed = bounded();
        private final Semaphore fetching = new Semaphore(MOST_AT_ONCE);

        private record Failure(String why, Instant until) {}

        private static <K, V> Map<K, V> bounded() {
            return new LinkedHashMap<>() {
                private static final long serialVersionUID = 1;

                @Override
                protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
                    return size() > MOST;
                }
            };
        }

        private synchronized Optional<Octets> found(Octets hash) {
            return Optional.ofNullable(found.get(hash));
        }

        private synchronized void keep(Octets hash, Octets octets) {
            found.put(hash, octets);
        }

        /// Why a place that gave nothing is not asked again at once.
        private synchronized Optional<String> failure(String url, Instant now) {
            return Optional.ofNullable(failed.get(url))
                    .filter(f -> now.isBefore(f.until()))
                    .map(Failure::why);
        }

        private synchronized void failed(String url, String why, Instant now) {
            failed.put(url, new Failure(why, now.plus(FAILURE)));
        }
    }

    /// @param bases beginnings of URLs; none: nothing is fetched
    public LocatedCertificates(
            Fetcher fetcher, InstantSource clock, Collection<String> bases, Kept kept) {
        this.fetcher = fetcher;
        this.clock = clock;
        this.bases = List.copyOf(bases);
        this.kept = kept;
    }

    @Override
    public List<X509Certificate> fetch(Evidence.Located place, Instant began) throws BadCredential {
        String url = place.url();
        Optional<Octets> known = kept.found(place.sha1());
        if (known.isPresent()) {
            return certificates(known.get(), place.bundle());
        }
        // Without a way up, so that what begins like a base stays below it
        if (bases.stream().noneMatch(url::startsWith) || url.contains("..")) {
            throw new BadCredential(
                    "a certificate behind a URL that is below no cert_uri_base of ours");
        }
        Instant now = clock.instant();
        Optional<String> failure = kept.failure(url, now);
        if (failure.isPresent()) {
            throw new BadCredential(failure.get());
        }
        if (now.isAfter(began.plus(PATIENCE))) {
            throw new BadCredential("a certificate behind a URL, and the time for it is over");
        }
        if (!kept.fetching.tryAcquire()) {
            throw new BadCredential("a certificate behind a URL, and too many are fetched now");
        }
        try {
            Octets octets = fetched(url);
            if (!Certificates.sha1(octets).matches(place.sha1())) {
                throw new BadCredential("a certificate behind a URL where something else lies");
            }
            List<X509Certificate> certificates = certificates(octets, place.bundle());
            kept.keep(place.sha1(), octets);
            return certificates;
        } catch (BadCredential e) {
            kept.failed(url, e.why(), now);
            throw e;
        } finally {
            kept.fetching.release();
        }
    }

    private Octets fetched(String url) throws BadCredential {
        try {
            return fetcher.fetch(Fetcher.Request.get(url, MOST_OCTETS));
        } catch (Unfetched e) {
            throw new BadCredential("a certificate behind a URL: " + e.getMessage());
        }
    }

    /// ```text
    /// CertificateOrCRL  ::= CHOICE { cert [0] Certificate, crl [1] CertificateList }
    /// CertificateBundle ::= SEQUENCE OF CertificateOrCRL         EXPLICIT TAGS, RFC 7296, 3.6
    /// ```
    private static List<X509Certificate> certificates(Octets octets, boolean bundle)
            throws BadCredential {
        if (!bundle) {
            return List.of(CredentialFile.x509(octets));
        }
        List<X509Certificate> all = new ArrayList<>();
        try {
            DerReader inside = Der.parse(octets, Tag.SEQUENCE).inside();
            while (inside.hasMore()) {
                Der one = inside.next();
                if (one.tag() == Tag.constructed(0) && all.size() < MOST_IN_BUNDLE) {
                    all.add(CredentialFile.x509(one.content()));
                }
            }
        } catch (BadDer e) {
            throw new BadCredential("no bundle of certificates: " + e.why());
        }
        if (all.isEmpty()) {
            throw new BadCredential("a bundle without certificates");
        }
        return all;
    }
}
