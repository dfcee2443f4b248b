package io.sallyport.ike.v2;

import io.sallyport.model.event.Cause;
import io.sallyport.model.event.Event;
import java.util.Optional;

/// What came and changed nothing: a few words of it are told, a flood is not; the last one helps to
/// say why a handshake failed.
final class Hearsay {
    private static final int TOLD = 5;

    private final V2Session session;
    private String last = "";
    private Optional<Suspicion> suspicion = Optional.empty();
    private int count;

    /// Why it will most likely fail, by the word of somebody who may not be the peer.
    private record Suspicion(Cause cause, String what) {}

    Hearsay(V2Session session) {
        this.session = session;
    }

    void notice(String what) {
        last = what;
        if (count++ < TOLD) {
            session.context()
                    .tell(new Event.Noticed(session.connection().name(), session.path(), what));
        }
    }

    /// Anybody could have said it, so it changes nothing; a person hears of it once, at once.
    void suspect(Cause cause, String what) {
        notice(what + " (not authenticated)");
        if (suspicion.isEmpty()) {
            suspicion = Optional.of(new Suspicion(cause, what));
            session.context()
                    .tell(
                            new Event.Suspected(
                                    session.failure(
                                            cause,
                                            session.exchangeName(),
                                            what + " (not authenticated, so we go on trying)",
                                            session.minutes().account().us().proposals(),
                                            "")));
        }
    }

    /// What an end without an answer is most likely due to.
    Cause suspected() {
        return suspicion.map(Suspicion::cause).orElse(Cause.SILENCE);
    }

    /// For the end of a sentence; empty if nothing came.
    String last() {
        String heard = suspicion.map(Suspicion::what).orElse(last);
        return heard.isEmpty() ? "" : " (last heard: " + heard + ")";
    }
}
