package io.sallyport.cli.console;

import io.sallyport.control.local.Trouble;
import java.io.InputStream;
import java.io.PrintStream;
import java.util.Map;
import java.util.function.IntSupplier;

/// Everything a verb touches outside itself; tests bring their own.
///
/// @param terminal standard output is one
/// @param columns its width, asked only when needed
public record Console(
        InputStream in,
        PrintStream out,
        PrintStream err,
        Map<String, String> environment,
        boolean terminal,
        IntSupplier columns,
        Time time,
        Daemons daemons) {
    /// NO_COLOR, any value but the empty one, forbids colour (as no-color.org asks); so does a
    /// terminal that says it is dumb.
    public boolean colour() {
        return terminal
                && environment.getOrDefault("NO_COLOR", "").isEmpty()
                && !environment.getOrDefault("TERM", "").equals("dumb");
    }

    public Paint paint() {
        return colour() ? Paint.ANSI : Paint.PLAIN;
    }

    /// `sallyport: what is wrong`, and the next step below it.
    public void tell(Trouble trouble) {
        err.println("sallyport: " + trouble.what());
        if (!trouble.next().isEmpty()) {
            err.println("  " + trouble.next());
        }
        err.flush();
    }
}
