package io.sallyport.daemon.text;

import io.sallyport.base.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Where every line goes: to the console (slf4j), to the last lines kept for `sallyport log`, and
/// to those who follow. Any thread.
public final class LogRing {
    private static final Logger CONSOLE = LoggerFactory.getLogger("sallyport");

    private final Clock clock;
    private final int capacity;
    private final Deque<Entry> last = new ArrayDeque<>();
    private final List<Consumer<Entry>> followers = new CopyOnWriteArrayList<>();

    /// A line with its time.
    public record Entry(Instant at, LogLine line) {
        private static final DateTimeFormatter TIME =
                DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS");

        /// Local time, level, line.
        @Override
        public String toString() {
            return TIME.format(at.atZone(ZoneId.systemDefault()))
                    + " "
                    + (line.level() + " ").substring(0, 5)
                    + " "
                    + line;
        }
    }

    /// Ends a following.
    public interface Following extends AutoCloseable {
        @Override
        void close();
    }

    /// @param capacity lines kept
    public LogRing(Clock clock, int capacity) {
        this.clock = clock;
        this.capacity = capacity;
    }

    public void add(LogLine line) {
        Entry entry = new Entry(clock.now(), line);
        switch (line.level()) {
            case INFO -> CONSOLE.info("{}", line);
            case WARN -> CONSOLE.warn("{}", line);
            case ERROR -> CONSOLE.error("{}", line);
        }
        synchronized (last) {
            if (last.size() == capacity) {
                last.removeFirst();
            }
            last.addLast(entry);
            for (Consumer<Entry> follower : followers) {
                follower.accept(entry);
            }
        }
    }

    /// A bug: one line for `log`, the stack trace on the console.
    public void bug(String where, Throwable bug) {
        add(LogLine.error("bug in " + where + ": " + bug + " (the input was dropped)"));
        CONSOLE.error("stack trace of the bug in {}", where, bug);
    }

    /// The newest lines, the oldest of them first.
    public List<Entry> last(int count) {
        synchronized (last) {
            List<Entry> all = new ArrayList<>(last);
            return List.copyOf(all.subList(Math.max(0, all.size() - count), all.size()));
        }
    }

    /// Tells `follower` the last `count` lines and every line from now on, without a gap and
    /// without a repetition. It must not block: it is called on the thread that logs.
    public Following follow(int count, Consumer<Entry> follower) {
        synchronized (last) {
            last(count).forEach(follower);
            followers.add(follower);
        }
        return () -> followers.remove(follower);
    }
}
