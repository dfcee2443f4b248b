package io.sallyport.creds.revocation;

import io.sallyport.base.Octets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What was fetched, as long as it is valid, and what could not be fetched, for a short while. It
/// outlives reloads of the configuration; nothing of it is believed for being in it. Any thread.
public final class AnswerCache {
    /// For how long a place that gave nothing is not asked again.
    static final Duration FAILURE = Duration.ofSeconds(60);

    private static final int MOST_LISTS = 256;
    private static final int MOST_ANSWERS = 4096;
    private static final int MOST_FAILURES = 1024;

    private final Map<String, Crl> lists = bounded(MOST_LISTS);
    private final Map<CertId, Answer> answers = bounded(MOST_ANSWERS);
    private final Map<String, Failure> failures = bounded(MOST_FAILURES);

    private record Answer(Octets octets, Instant until) {}

    private record Failure(String why, Instant until) {}

    /// The eldest go when there are more than so many.
    private static <K, V> Map<K, V> bounded(int most) {
        return new LinkedHashMap<>() {
            private static final long serialVersionUID = 1;

            @Override
            protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
                return size() > most;
            }
        };
    }

    /// The list of a place, valid or not.
    synchronized Optional<Crl> list(String uri) {
        return Optional.ofNullable(lists.get(uri));
    }

    /// A newer list takes the place of an older one, never the other way round.
    synchronized void keep(String uri, Crl list) {
        Crl before = lists.get(uri);
        if (before == null || !before.sameScope(list) || !before.isNewerThan(list)) {
            lists.put(uri, list);
        }
    }

    /// An answer that may still be used.
    synchronized Optional<Octets> answer(CertId about, Instant now) {
        Answer answer = answers.get(about);
        return answer == null || now.isAfter(answer.until())
                ? Optional.empty()
                : Optional.of(answer.octets());
    }

    synchronized void keep(CertId about, Octets answer, Instant until) {
        answers.put(about, new Answer(answer, until));
    }

    /// Why a place was of no use, if that is not long ago.
    synchronized Optional<String> failure(String uri, Instant now) {
        Failure failure = failures.get(uri);
        return failure == null || now.isAfter(failure.until())
                ? Optional.empty()
                : Optional.of(failure.why());
    }

    synchronized void failed(String uri, String why, Instant now) {
        failures.put(uri, new Failure(why, now.plus(FAILURE)));
    }

    synchronized void worked(String uri) {
        failures.remove(uri);
    }

    /// The lists that were fetched.
    public synchronized List<Crl> lists() {
        return new ArrayList<>(lists.values());
    }

    /// Forgets everything.
    public synchronized void flush() {
        lists.clear();
        answers.clear();
        failures.clear();
    }

    /// How much is in it.
    @Override
    public synchronized String toString() {
        return lists.size()
                + " lists, "
                + answers.size()
                + " answers, "
                + failures.size()
                + " failures";
    }
}
