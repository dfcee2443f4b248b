package io.sallyport.ike.sa;

import io.sallyport.base.time.Deadlines;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Sessions that peers began and have not proved to mean. After a power cut a thousand peers wait
/// here at the same time: each is looked at when its own time has come, none for another's message.
final class Anteroom {
    /// Made for the first who comes, let go of with the last: of ten thousand connections nearly
    /// all have nobody waiting.
    private @Nullable Bench bench;

    private static final class Bench {
        private final Set<IkeSession> waiting = new LinkedHashSet<>();
        private final Deadlines<IkeSession> deadlines = new Deadlines<>();
    }

    void admit(IkeSession session) {
        Bench b = bench == null ? new Bench() : bench;
        bench = b;
        b.waiting.add(session);
        b.deadlines.set(session, session.nextDeadline());
    }

    /// @return whether it was here
    boolean remove(IkeSession session) {
        Bench b = bench;
        if (b == null || !b.waiting.remove(session)) {
            return false;
        }
        b.deadlines.cancel(session);
        if (b.waiting.isEmpty()) {
            bench = null;
        }
        return true;
    }

    /// It was given something, so that its time may be another one now.
    void look(IkeSession session) {
        if (bench != null && bench.waiting.contains(session)) {
            bench.deadlines.set(session, session.nextDeadline());
        }
    }

    void tick(long now) {
        Bench b = bench;
        if (b == null) {
            return;
        }
        List<IkeSession> due = new ArrayList<>();
        for (Optional<IkeSession> next = b.deadlines.takeDue(now);
                next.isPresent();
                next = b.deadlines.takeDue(now)) {
            due.add(next.get());
        }
        for (IkeSession session : due) {
            session.onTick(now);
            look(session);
        }
    }

    long nextDeadline() {
        return bench == null ? Deadlines.NEVER : bench.deadlines.next();
    }

    boolean isEmpty() {
        return bench == null;
    }

    /// In the order of their coming.
    Set<IkeSession> all() {
        return bench == null ? Set.of() : bench.waiting;
    }
}
