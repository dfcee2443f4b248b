package io.sallyport.daemon.demo;

import java.io.PrintStream;
import java.util.Locale;

/// The demonstration's lines: each step with a tick or a cross, and when it was done.
final class Report {
    private static final String GREEN = "\u001b[32m";
    private static final String RED = "\u001b[31m";
    private static final String PLAIN = "\u001b[0m";

    private final PrintStream out;
    private final boolean colour;
    private final String good;
    private final String bad;
    private final long start = System.nanoTime();
    private int failures;

    Report(PrintStream out, boolean colour) {
        this.out = out;
        this.colour = colour;
        boolean signs = out.charset().newEncoder().canEncode('✓');
        this.good = signs ? "✓" : "ok";
        this.bad = signs ? "✗" : "FAILED";
    }

    void say(String text) {
        out.println(text);
    }

    /// What is about to be done.
    void step(String title) {
        out.printf(Locale.ROOT, "%n%5.1f s  %s%n", seconds(), title);
    }

    /// A claim, and whether it held.
    void claim(boolean held, String format, Object... values) {
        failures += held ? 0 : 1;
        String mark = held ? good : bad;
        String shown = colour ? (held ? GREEN : RED) + mark + PLAIN : mark;
        out.printf(
                Locale.ROOT,
                "%5.1f s    %s %s%n",
                seconds(),
                shown,
                String.format(Locale.ROOT, format, values));
    }

    double seconds() {
        return (System.nanoTime() - start) / 1e9;
    }

    int failures() {
        return failures;
    }
}
