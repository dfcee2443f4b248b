package io.sallyport.ike.v2;

import io.sallyport.model.event.Event;

/// What came and changed nothing: a few words of it are told, a flood is not; the last one helps to
/// say why a handshake failed.
final class Hearsay {
    private static final int TOLD = 5;

    private final V2Session session;
    private String last = "";
    private int count;

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

    /// For the end of a sentence; empty if nothing came.
    String last() {
        return last.isEmpty() ? "" : " (last heard: " + last + ")";
    }
}
