package io.sallyport.creds.revocation;

import io.sallyport.creds.revocation.Crl.Entry;
import io.sallyport.crypto.engine.CryptoEngine;
import java.math.BigInteger;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What lists say of a certificate. That it is listed counts whenever the list is its issuer's, old
/// or partial; that it is not listed counts only of lists that are fresh and about it.
final class ListCheck {
    /// How far others' clocks may be ahead of ours.
    static final Duration SKEW = Duration.ofMinutes(5);

    private final X509Certificate certificate;
    private final X509Certificate issuer;
    private final List<String> configured;
    private final Instant now;
    private final List<String> useless = new ArrayList<>();
    private final List<Group> groups = new ArrayList<>();
    private final ListSigners signers;

    /// What came of it.
    sealed interface Told {
        /// Revoked.
        record Listed(String line) implements Told {}

        /// Not revoked.
        record Clear(String line) implements Told {}

        /// Nothing can be said.
        record Nothing(List<String> why) implements Told {}
    }

    /// The newest lists of one scope and one key.
    private static final class Group {
        private final PublicKey key;
        private Optional<Crl> complete = Optional.empty();
        private final List<Crl> deltas = new ArrayList<>();

        Group(PublicKey key) {
            this.key = key;
        }

        Crl any() {
            return complete.orElseGet(deltas::getFirst);
        }

        void add(Crl list) {
            if (list.isDelta()) {
                deltas.add(list);
            } else if (complete.isEmpty() || list.isNewerThan(complete.get())) {
                complete = Optional.of(list);
            }
        }

        /// The newest that is not overtaken by the complete list.
        Optional<Crl> delta() {
            return deltas.stream()
                    .filter(d -> complete.isEmpty() || !d.isOvertakenBy(complete.get()))
                    .reduce((a, b) -> b.isNewerThan(a) ? b : a);
        }
    }

    /// @param known certificates among which other signers of lists are looked for
    /// @param configured URIs that the configuration names for lists of `issuer`
    ListCheck(
            CryptoEngine crypto,
            X509Certificate certificate,
            X509Certificate issuer,
            List<X509Certificate> known,
            List<String> configured,
            Instant now) {
        this.certificate = certificate;
        this.issuer = issuer;
        this.configured = configured;
        this.now = now;
        this.signers = new ListSigners(crypto, known);
    }

    /// Lists of other authorities are passed over.
    ListCheck over(List<Crl> lists) {
        for (Crl list : lists) {
            if (list.list().getIssuerX500Principal().equals(certificate.getIssuerX500Principal())) {
                add(list);
            }
        }
        return this;
    }

    void complain(String why) {
        if (!useless.contains(why)) {
            useless.add(why);
        }
    }

    private void add(Crl list) {
        try {
            PublicKey key = signers.of(list, issuer, now).getPublicKey();
            if (list.made().isAfter(now.plus(SKEW))) {
                throw new Unbelieved(list.name() + " is of the future");
            }
            for (Group group : groups) {
                if (group.key.equals(key) && group.any().sameScope(list)) {
                    group.add(list);
                    return;
                }
            }
            Group group = new Group(key);
            group.add(list);
            groups.add(group);
        } catch (Unbelieved e) {
            complain(e.why());
        }
    }

    /// URIs of delta lists that the lists themselves name.
    List<String> freshest() {
        return groups.stream()
                .flatMap(g -> g.complete.stream())
                .flatMap(c -> c.freshest().stream())
                .distinct()
                .toList();
    }

    Told told() {
        BigInteger serial = certificate.getSerialNumber();
        int covered = 0;
        List<String> clear = new ArrayList<>();
        for (Group group : groups) {
            Optional<Crl> delta = group.delta();
            Optional<Entry> news = delta.flatMap(d -> d.entry(serial));
            if (news.isPresent() && !news.get().isRemoval()) {
                return new Told.Listed(listed(delta.get(), news.get()));
            }
            if (group.complete.isEmpty()) {
                complain(group.any().name() + " stands alone: its complete list is not there");
                continue;
            }
            Crl complete = group.complete.get();
            Optional<Crl> fitting = delta.filter(d -> d.follows(complete));
            boolean removed = news.isPresent() && fitting.isPresent();
            Optional<Entry> entry = complete.entry(serial);
            if (entry.isPresent() && !removed) {
                return new Told.Listed(listed(complete, entry.get()));
            }
            Optional<Crl> fresh =
                    fitting.filter(d -> d.isFresh(now))
                            .or(() -> Optional.of(complete).filter(c -> c.isFresh(now)));
            if (fresh.isEmpty()) {
                complain(complete.name() + " was valid until " + until(complete));
                continue;
            }
            if (removed && !delta.get().isFresh(now)) {
                complain(delta.get().name() + " was valid until " + until(delta.get()));
                continue;
            }
            int covers = complete.scope().covers(certificate, configured);
            if (covers == 0) {
                complain(complete.name() + " is not about this certificate");
                continue;
            }
            covered |= covers;
            clear.add(
                    fresh.get().name()
                            + (fresh.get().isDelta() ? " upon " + complete.name() : "")
                            + ", valid until "
                            + fresh.get().until());
        }
        if ((covered & Reasons.ALL) == Reasons.ALL) {
            return new Told.Clear(
                    "serial "
                            + serial.toString(16)
                            + " is not on "
                            + String.join(", nor on ", clear));
        }
        if (covered != 0) {
            complain(String.join(", ", clear) + " tells of some reasons only");
        }
        return new Told.Nothing(useless);
    }

    private static String until(Crl list) {
        return list.until().equals(Instant.MIN)
                ? "(it does not say when)"
                : list.until().toString();
    }

    private String listed(Crl list, Entry entry) {
        String word = Reasons.word(entry.reason());
        return "serial "
                + certificate.getSerialNumber().toString(16)
                + " is on "
                + list.name()
                + ": revoked at "
                + entry.since()
                + (word.isEmpty() ? "" : ", " + word);
    }
}
