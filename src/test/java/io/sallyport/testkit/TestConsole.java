package io.sallyport.testkit;

import io.sallyport.cli.console.Console;
import io.sallyport.cli.console.Daemons;
import io.sallyport.cli.console.Time;
import io.sallyport.control.local.CleanupRequest;
import io.sallyport.control.local.DemoRequest;
import io.sallyport.control.local.EnginesRequest;
import io.sallyport.control.local.Launcher;
import io.sallyport.control.local.RunRequest;
import io.sallyport.control.local.Trouble;
import io.sallyport.control.view.EnginesView;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/// A console in memory, with time that passes only when a verb pauses, and a launcher that writes
/// down what it is asked.
public final class TestConsole implements Daemons, Launcher, Time {
    public final Map<String, String> environment = new HashMap<>();
    public final List<String> launched = new ArrayList<>();
    public boolean terminal;
    public byte[] in = {};
    public Instant now = Instant.parse("2027-01-01T00:00:00Z");
    public int columns = 80;

    /// Called at each pause with its number from 1; false: interrupted.
    public IntPredicate onPause = pause -> true;

    /// What the background start does.
    public @Nullable BiFunction<List<String>, Path, Process> onStart;

    public @Nullable Trouble trouble;
    public List<String> leftovers = List.of();
    public EnginesView enginesView = new EnginesView(List.of(), List.of(), List.of(), List.of());

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private long nanos;
    private int pauses;

    public Console console() {
        return new Console(
                new ByteArrayInputStream(in),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                environment,
                terminal,
                () -> columns,
                this,
                this);
    }

    public String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    /// As octets.
    public byte[] written() {
        return out.toByteArray();
    }

    public String err() {
        return err.toString(StandardCharsets.UTF_8);
    }

    @Override
    public Launcher launcher() {
        return this;
    }

    @Override
    public Process start(List<String> arguments, Path log) throws IOException {
        if (onStart == null) {
            throw new IOException("no start was expected");
        }
        launched.add(String.join(" ", arguments));
        return onStart.apply(arguments, log);
    }

    @Override
    public int run(RunRequest request) throws Trouble {
        return launch("run " + request, 0);
    }

    @Override
    public int demo(DemoRequest request) throws Trouble {
        return launch("demo " + request, 1);
    }

    @Override
    public List<String> cleanup(CleanupRequest request) throws Trouble {
        launch("cleanup " + request, 0);
        return leftovers;
    }

    @Override
    public EnginesView engines(EnginesRequest request) {
        launched.add("engines " + request);
        return enginesView;
    }

    private int launch(String what, int exit) throws Trouble {
        launched.add(what);
        if (trouble != null) {
            throw trouble;
        }
        return exit;
    }

    @Override
    public long nanos() {
        return nanos;
    }

    @Override
    public Instant now() {
        return now;
    }

    @Override
    public boolean pause(Duration duration) {
        nanos += duration.toNanos();
        pauses++;
        return onPause.test(pauses);
    }
}
