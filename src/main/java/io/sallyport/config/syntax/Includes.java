package io.sallyport.config.syntax;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// Follows the includes of one file: no circles, no bottomless depth, no flood.
public final class Includes {
    private static final int DEEPEST = 16;
    private static final int MOST = 1000;

    private final Findings findings;
    private final Deque<Path> open = new ArrayDeque<>();
    private int count;

    public Includes(Findings findings) {
        this.findings = findings;
    }

    /// Scans every file that `pattern` (quotes round it allowed) names from within `from`.
    public void follow(SourceText from, String pattern, Position at, Consumer<SourceText> scan) {
        String bare = pattern.strip();
        if (bare.length() > 1 && bare.startsWith("\"") && bare.endsWith("\"")) {
            bare = bare.substring(1, bare.length() - 1);
        }
        if (open.size() >= DEEPEST) {
            findings.error(at, "includes are nested deeper than " + DEEPEST);
            return;
        }
        List<Path> files = IncludeGlob.expand(from.name(), bare);
        if (files.isEmpty()) {
            findings.note(at, "include: no file matches");
        }
        open.push(real(from.name()));
        for (Path file : files) {
            if (open.contains(real(file.toString()))) {
                findings.error(at, "include: " + file + " includes itself");
            } else if (++count > MOST) {
                findings.error(at, "more than " + MOST + " files are included");
                break;
            } else {
                Optional<SourceText> source = SourceText.read(file, findings);
                source.ifPresent(scan);
                if (source.isEmpty()) {
                    findings.note(at, "it was to be included here");
                }
            }
        }
        open.pop();
    }

    private static Path real(String name) {
        try {
            return Path.of(name).toAbsolutePath().normalize();
        } catch (InvalidPathException _) {
            return Path.of("");
        }
    }
}
