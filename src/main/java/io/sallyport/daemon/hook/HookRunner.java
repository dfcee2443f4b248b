package io.sallyport.daemon.hook;

import io.sallyport.daemon.text.LogLine;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/// Runs commands off every loop: those of one line one after the other, in the order in which they
/// were asked for, each with nothing in its environment but what it is given and a `PATH`. A line
/// is a child of one peer: a program that hangs holds up what else that child has to say, and
/// nobody else. One that takes too long is killed with all its children. Any thread.
final class HookRunner {
    /// Where programs that are named without a folder are looked for.
    static final String PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    /// Runs of one line that may wait; a child that flaps faster than its program runs must not
    /// fill the memory.
    private static final int MOST_WAITING = 256;

    /// Programs at a time: ten thousand clients that come at once are no ten thousand processes.
    private static final int MOST_AT_ONCE = 32;

    private static final long DYING_MILLIS = 500;
    private static final int MOST_LINES = 100;
    private static final int LONGEST_LINE = 400;

    private final Duration limit;
    private final Consumer<LogLine> log;

    /// What waits, by line, while something of it runs.
    private final Map<String, Deque<Run>> busy = new HashMap<>();

    private final Semaphore turns = new Semaphore(MOST_AT_ONCE);

    /// @param line runs with the same one do not overtake each other
    /// @param what for people, e.g. `up-client of child net`
    /// @param command as it is configured; `/bin/sh` reads it, as it does for charon, and never
    ///   anything that a peer said
    record Run(
            String connection,
            String line,
            String what,
            String command,
            Map<String, String> environment) {
        Run {
            environment = Map.copyOf(environment);
        }
    }

    HookRunner(Duration limit, Consumer<LogLine> log) {
        this.limit = limit;
        this.log = log;
    }

    synchronized void add(Run run) {
        Deque<Run> waiting = busy.get(run.line());
        if (waiting == null) {
            busy.put(run.line(), new ArrayDeque<>(List.of(run)));
            Thread.ofVirtual().name("updown").start(() -> work(run.line()));
        } else if (waiting.size() < MOST_WAITING) {
            waiting.add(run);
        } else {
            log.accept(warning(run, "was left out: " + MOST_WAITING + " wait before it"));
        }
    }

    private void work(String line) {
        while (true) {
            Run run;
            synchronized (this) {
                Deque<Run> waiting = busy.get(line);
                run = waiting == null ? null : waiting.poll();
                if (run == null) {
                    busy.remove(line);
                    notifyAll();
                    return;
                }
            }
            try {
                turns.acquireUninterruptibly();
                try {
                    carryOut(run);
                } finally {
                    turns.release();
                }
            } catch (RuntimeException bug) {
                log.accept(warning(run, "failed: " + bug));
            }
        }
    }

    /// Waits until nothing runs and nothing waits.
    ///
    /// @return false if that took longer
    synchronized boolean finish(Duration most) {
        long deadline = System.nanoTime() + most.toNanos();
        try {
            while (!busy.isEmpty()) {
                long left = deadline - System.nanoTime();
                if (left <= 0) {
                    return false;
                }
                TimeUnit.NANOSECONDS.timedWait(this, left);
            }
            return true;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void carryOut(Run run) {
        ProcessBuilder builder = new ProcessBuilder("/bin/sh", "-c", run.command());
        builder.environment().clear();
        builder.environment().put("PATH", PATH);
        builder.environment().putAll(run.environment());
        builder.directory(new File("/"));
        builder.redirectErrorStream(true);
        builder.redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
        try {
            watch(run, builder.start());
        } catch (IOException e) {
            log.accept(warning(run, "could not be run: " + e.getMessage()));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /// What the program leaves in the background may hold its output open: nobody waits for that.
    private void watch(Run run, Process process) throws InterruptedException {
        Thread reader = Thread.ofVirtual().name("updown-says").start(() -> read(run, process));
        try {
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                kill(process);
                log.accept(warning(run, "was killed: not done after " + text(limit)));
            } else if (process.exitValue() != 0) {
                log.accept(warning(run, "ended with " + process.exitValue()));
            }
            reader.join(Duration.ofMillis(500));
        } finally {
            process.destroyForcibly();
        }
    }

    /// The shell first: it must not go on to the next command because one of its own is gone.
    private static void kill(Process process) throws InterruptedException {
        List<ProcessHandle> all = process.descendants().toList();
        process.destroyForcibly().waitFor();
        all.forEach(ProcessHandle::destroyForcibly);
        for (ProcessHandle one : all) {
            try {
                one.onExit().get(DYING_MILLIS, TimeUnit.MILLISECONDS);
            } catch (TimeoutException | ExecutionException _) {
                // nobody has asked what became of it: it does nothing any more
            }
        }
    }

    private void read(Run run, Process process) {
        int lines = 0;
        try (BufferedReader said =
                new BufferedReader(
                        new InputStreamReader(
                                process.getInputStream(), StandardCharsets.US_ASCII))) {
            for (String line = said.readLine(); line != null; line = said.readLine()) {
                if (++lines <= MOST_LINES) {
                    String cut =
                            line.length() > LONGEST_LINE ? line.substring(0, LONGEST_LINE) : line;
                    log.accept(
                            new LogLine(
                                    LogLine.Level.INFO, run.connection(), "updown says: " + cut));
                }
            }
        } catch (IOException _) {
            // it was killed
        }
        if (lines > MOST_LINES) {
            log.accept(
                    warning(
                            run,
                            "said " + lines + " lines; the first " + MOST_LINES + " are above"));
        }
    }

    private static String text(Duration time) {
        return time.toMillis() % 1000 == 0 ? time.toSeconds() + " s" : time.toMillis() + " ms";
    }

    private static LogLine warning(Run run, String text) {
        return new LogLine(
                LogLine.Level.WARN, run.connection(), "updown, " + run.what() + ", " + text);
    }
}
