package io.sallyport.fuzz;

import org.jspecify.annotations.Nullable;

/// What Jazzer calls: the target is its one argument (`--target_args=inside-sk`).
public final class Jazzer {
    private static @Nullable Target target;

    private Jazzer() {}

    /// Called once.
    public static void fuzzerInitialize(String[] arguments) {
        target =
                Target.of(arguments[0])
                        .orElseThrow(() ->
                                new IllegalArgumentException("no target '" + arguments[0] + "'"));
    }

    /// Called for each input.
    public static void fuzzerTestOneInput(byte[] input) throws Exception {
        java.util.Objects.requireNonNull(target).feed(input);
    }
}
