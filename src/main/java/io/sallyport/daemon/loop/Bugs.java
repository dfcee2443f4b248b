package io.sallyport.daemon.loop;

import io.sallyport.daemon.text.LogRing;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// No exception ends a loop: a bug is told once per kind, that input is dropped, the loop goes on.
/// Any thread.
public final class Bugs {
    private final LogRing log;
    private final Set<String> told = ConcurrentHashMap.newKeySet();

    public Bugs(LogRing log) {
        this.log = log;
    }

    /// Tells it, unless one of the same type was told from the same line of code.
    public void caught(String where, RuntimeException bug) {
        StackTraceElement[] trace = bug.getStackTrace();
        String kind = bug.getClass().getName() + (trace.length > 0 ? "@" + trace[0] : "");
        if (told.size() < 1000 && told.add(kind)) {
            log.bug(where, bug);
        }
    }

    /// How many kinds were told.
    public int kinds() {
        return told.size();
    }
}
