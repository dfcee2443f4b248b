package io.sallyport.cli.console;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What can be known of the terminal without native code.
public final class Terminal {
    /// Where nothing is known.
    public static final int COLUMNS = 80;

    private static final Pattern SIZE = Pattern.compile("\\d+ (\\d+)\\s*");

    private Terminal() {}

    /// Standard output is a terminal.
    public static boolean present() {
        try {
            String target = Files.readSymbolicLink(Path.of("/proc/self/fd/1")).toString();
            return target.startsWith("/dev/pts/")
                    || target.startsWith("/dev/tty")
                    || target.equals("/dev/console");
        } catch (IOException | UnsupportedOperationException _) {
            return false;
        }
    }

    /// From `COLUMNS`, else from stty(1), else [#COLUMNS]; never less than 40.
    public static int columns(Map<String, String> environment, boolean terminal) {
        String said = environment.getOrDefault("COLUMNS", "");
        if (said.matches("[0-9]{1,4}")) {
            return Math.max(40, Integer.parseInt(said));
        }
        return terminal ? Math.max(40, asked()) : COLUMNS;
    }

    private static int asked() {
        try {
            Process stty =
                    new ProcessBuilder("stty", "size")
                            .redirectInput(new File("/dev/tty"))
                            .redirectError(ProcessBuilder.Redirect.DISCARD)
                            .start();
            String answer =
                    new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            Matcher size = SIZE.matcher(answer);
            if (size.matches() && !size.group(1).equals("0")) {
                return Integer.parseInt(size.group(1));
            }
        } catch (IOException _) {
            // no stty here
        }
        return COLUMNS;
    }
}
