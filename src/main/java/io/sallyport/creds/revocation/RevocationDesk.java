package io.sallyport.creds.revocation;

import io.sallyport.base.Octets;
import io.sallyport.creds.revocation.Points.Point;
import io.sallyport.creds.revocation.Sources.Places;
import io.sallyport.creds.x509.RevocationCheck;
import io.sallyport.crypto.engine.CryptoEngine;
import io.sallyport.model.port.Entropy;
import io.sallyport.model.port.Fetcher;
import io.sallyport.model.port.Fetcher.Unfetched;
import io.sallyport.model.trust.Evidence;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// Asks about one certificate after the other, cheapest first: lists that are at hand and call it
/// revoked; answers that were handed to us or kept; responders; lists at hand; lists that are
/// fetched. Any thread, many at once; no place is asked twice at the same time.
public final class RevocationDesk implements RevocationCheck {
    private static final int MOST_PLACES = 4;
    private static final int MOST_SENT = 8;
    private static final int MOST_LIST_OCTETS = 16 << 20;
    private static final int MOST_ANSWER_OCTETS = 1 << 16;

    /// From the beginning of a verdict on; after it nothing more is asked, and what is not known is
    /// unknown. A peer waits about half a minute for us, and one question may take eight seconds.
    static final Duration PATIENCE = Duration.ofSeconds(15);

    private final CryptoEngine crypto;
    private final Fetcher fetcher;
    private final Entropy entropy;
    private final Sources sources;
    private final AnswerCache cache;
    private final InstantSource clock;
    private final List<Crl> configured = new ArrayList<>();
    private final List<String> unusable = new ArrayList<>();
    private final SharedWork<String, Got> fetchingLists = new SharedWork<>();
    private final SharedWork<CertId, Answered> asking = new SharedWork<>();

    /// @param why nothing came; empty if something did
    private record Got(Optional<Crl> list, String why) {}

    /// @param told empty: nobody said anything that can be believed
    private record Answered(Optional<OcspCheck.Told> told, List<String> why) {}

    public RevocationDesk(
            CryptoEngine crypto,
            Fetcher fetcher,
            Entropy entropy,
            Sources sources,
            AnswerCache cache,
            InstantSource clock) {
        this.crypto = crypto;
        this.fetcher = fetcher;
        this.entropy = entropy;
        this.sources = sources;
        this.cache = cache;
        this.clock = clock;
        for (X509CRL list : sources.lists()) {
            try {
                configured.add(Crl.of(list));
            } catch (Unbelieved e) {
                unusable.add(e.why());
            }
        }
    }

    @Override
    public Status of(
            X509Certificate certificate, X509Certificate issuer, List<Evidence> sent, Instant now) {
        return new Case(certificate, issuer, sent, now).status();
    }

    /// One certificate.
    private final class Case {
        private final X509Certificate certificate;
        private final X509Certificate issuer;
        private final Instant now;
        private final Places places;
        private final List<String> listUris;
        private final List<String> responderUris;
        private final List<Crl> lists = new ArrayList<>(configured);
        private final List<Octets> answers = new ArrayList<>();
        private final List<String> why = new ArrayList<>(unusable);

        Case(
                X509Certificate certificate,
                X509Certificate issuer,
                List<Evidence> sent,
                Instant now) {
            this.certificate = certificate;
            this.issuer = issuer;
            this.now = now;
            this.places = sources.places(issuer);
            // As charon: what the configuration says of an authority is asked first
            this.listUris = joined(places.lists(), ownLists());
            this.responderUris = joined(places.responders(), Points.responders(certificate));
            Stream.of(listUris, Points.uris(certificate, Points.FRESHEST))
                    .flatMap(List::stream)
                    .forEach(uri -> cache.list(uri).ifPresent(lists::add));
            sent.stream().limit(MOST_SENT).forEach(this::read);
        }

        private List<String> ownLists() {
            List<String> own = new ArrayList<>();
            for (Point point : Points.of(certificate, Points.DISTRIBUTION_POINTS)) {
                if (point.indirect()) {
                    why.add("a distribution point of lists that another signs is not used");
                } else {
                    own.addAll(point.uris());
                }
            }
            return own;
        }

        private void read(Evidence evidence) {
            switch (evidence) {
                case Evidence.RevocationList(Octets der) -> {
                    try {
                        lists.add(Crl.parse(der));
                    } catch (Unbelieved e) {
                        why.add("the peer sent " + e.why());
                    }
                }
                case Evidence.OcspAnswer(Octets der) -> answers.add(der);
                case Evidence.Certificate _, Evidence.RawKey _, Evidence.Located _ -> {}
            }
        }

        Status status() {
            ListCheck.Told held = check(lists);
            if (held instanceof ListCheck.Told.Listed(String line)) {
                return new Status(State.REVOKED, line);
            }
            Optional<Status> answered = handed().or(this::responders);
            if (answered.isPresent()) {
                return answered.get();
            }
            if (!(held instanceof ListCheck.Told.Clear)) {
                held = fetched();
            }
            return switch (deltas(held)) {
                case ListCheck.Told.Listed(String line) -> new Status(State.REVOKED, line);
                case ListCheck.Told.Clear(String line) -> new Status(State.GOOD, line);
                case ListCheck.Told.Nothing(List<String> reasons) -> unknown(reasons);
            };
        }

        private Status unknown(List<String> reasons) {
            Set<String> all = new LinkedHashSet<>(why);
            all.addAll(reasons);
            boolean nowhere = listUris.isEmpty() && responderUris.isEmpty();
            if (all.isEmpty()) {
                all.add("neither it nor the configuration names a list or a responder");
            }
            return new Status(
                    nowhere ? State.NOBODY_TO_ASK : State.NO_ANSWER,
                    "serial "
                            + certificate.getSerialNumber().toString(16)
                            + ": nobody can say whether it was revoked: "
                            + String.join("; ", all));
        }

        // ---- lists

        private ListCheck.Told check(List<Crl> over) {
            return listCheck(over).told();
        }

        private ListCheck listCheck(List<Crl> over) {
            return new ListCheck(
                            crypto, certificate, issuer, sources.authorities(), places.lists(), now)
                    .over(over);
        }

        private ListCheck.Told fetched() {
            ListCheck.Told told = new ListCheck.Told.Nothing(List.of());
            for (String uri : listUris.stream().limit(MOST_PLACES).toList()) {
                fetch(uri);
                told = check(lists);
                if (!(told instanceof ListCheck.Told.Nothing)) {
                    return told;
                }
            }
            return listUris.isEmpty() ? check(lists) : told;
        }

        /// Delta lists are fetched upon complete ones only.
        private ListCheck.Told deltas(ListCheck.Told told) {
            if (!(told instanceof ListCheck.Told.Clear)) {
                return told;
            }
            List<String> uris =
                    joined(Points.uris(certificate, Points.FRESHEST), listCheck(lists).freshest());
            if (uris.isEmpty()) {
                return told;
            }
            uris.stream().limit(MOST_PLACES).forEach(this::fetch);
            return check(lists);
        }

        /// All certificates of a path share the time, for `now` is when their verdict began.
        private boolean isLate(String uri) {
            if (clock.instant().isBefore(now.plus(PATIENCE))) {
                return false;
            }
            why.add(uri + ": not asked, " + PATIENCE.toSeconds() + " s are over");
            return true;
        }

        private void fetch(String uri) {
            Optional<Crl> kept = cache.list(uri);
            if (kept.filter(l -> l.isFresh(now)).isPresent()) {
                lists.add(kept.get());
                return;
            }
            if (isLate(uri)) {
                return;
            }
            Got got = fetchingLists.run(uri, () -> list(uri));
            got.list().ifPresent(lists::add);
            if (!got.why().isEmpty()) {
                why.add(got.why());
            }
        }

        private Got list(String uri) {
            Optional<String> failure = cache.failure(uri, now);
            if (failure.isPresent()) {
                return new Got(Optional.empty(), failure.get());
            }
            try {
                Crl list = Crl.parse(fetcher.fetch(Fetcher.Request.get(uri, MOST_LIST_OCTETS)));
                new ListSigners(crypto, sources.authorities()).of(list, issuer, now);
                if (list.made().isAfter(now.plus(ListCheck.SKEW))) {
                    throw new Unbelieved(list.name() + " is of the future");
                }
                cache.keep(uri, list);
                if (list.isFresh(now)) {
                    cache.worked(uri);
                } else {
                    // It is no use to ask again at once
                    cache.failed(uri, uri + ": " + list.name() + " is old", now);
                }
                return new Got(Optional.of(list), "");
            } catch (Unfetched e) {
                return failed(uri, String.valueOf(e.getMessage()));
            } catch (Unbelieved e) {
                return failed(uri, uri + ": " + e.why());
            }
        }

        private Got failed(String uri, String reason) {
            cache.failed(uri, reason, now);
            return new Got(Optional.empty(), reason);
        }

        // ---- answers

        private record Handed(OcspCheck.Told told, String how) {
            Status status() {
                return Case.status(told, how);
            }
        }

        /// What a peer stapled (RFC 4806), and what was kept: a peer chooses what it staples, and
        /// an answer of last week is valid still. So one that revokes counts whoever handed it, and
        /// else the latest.
        private Optional<Status> handed() {
            List<Handed> all = new ArrayList<>();
            answers.forEach(answer -> believe(answer, "stapled: ", all));
            cache.answer(CertId.of(certificate, issuer), now)
                    .ifPresent(kept -> believe(kept, "", all));
            return all.stream()
                    .max(
                            Comparator.comparing((Handed h) -> h.told().revoked())
                                    .thenComparing(h -> h.told().asOf()))
                    .map(Handed::status);
        }

        private void believe(Octets answer, String how, List<Handed> to) {
            try {
                to.add(new Handed(ocsp().told(answer, Octets.EMPTY), how));
            } catch (Unbelieved e) {
                why.add(how + e.why());
            }
        }

        private static Status status(OcspCheck.Told told, String how) {
            return new Status(told.revoked() ? State.REVOKED : State.GOOD, how + told.line());
        }

        private OcspCheck ocsp() {
            return new OcspCheck(
                    crypto, certificate, issuer, sources.responders(), List.copyOf(lists), now);
        }

        private Optional<Status> responders() {
            if (responderUris.isEmpty()) {
                return Optional.empty();
            }
            CertId about = CertId.of(certificate, issuer);
            Answered answered = asking.run(about, () -> ask(about));
            why.addAll(answered.why());
            return answered.told().map(told -> status(told, ""));
        }

        private Answered ask(CertId about) {
            List<String> reasons = new ArrayList<>();
            for (String uri : responderUris.stream().limit(MOST_PLACES).toList()) {
                // A place that is dead is so for all; one that lies may lie of one only
                String aboutThis = uri + " " + about.keyHash().hex() + " " + about.serial();
                Optional<String> failure =
                        cache.failure(uri, now).or(() -> cache.failure(aboutThis, now));
                if (failure.isPresent()) {
                    reasons.add(failure.get());
                    continue;
                }
                if (isLate(uri)) {
                    continue;
                }
                OcspRequest request =
                        new OcspRequest(List.of(about), entropy.octets(OcspRequest.NONCE_OCTETS));
                try {
                    Octets answer =
                            fetcher.fetch(
                                    new Fetcher.Request(
                                            uri,
                                            request.emit(),
                                            OcspRequest.TYPE,
                                            MOST_ANSWER_OCTETS));
                    OcspCheck.Told told = ocsp().told(answer, request.nonce());
                    if (told.until().isAfter(now)) {
                        cache.keep(about, answer, told.until());
                    }
                    return new Answered(Optional.of(told), reasons);
                } catch (Unfetched e) {
                    String reason = String.valueOf(e.getMessage());
                    cache.failed(uri, reason, now);
                    reasons.add(reason);
                } catch (Unbelieved e) {
                    String reason = uri + ": " + e.why();
                    cache.failed(aboutThis, reason, now);
                    reasons.add(reason);
                }
            }
            return new Answered(Optional.empty(), reasons);
        }
    }

    private static List<String> joined(List<String> first, List<String> second) {
        return Stream.concat(first.stream(), second.stream()).distinct().toList();
    }
}
