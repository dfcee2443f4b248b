package io.sallyport.config.syntax;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The files that an `include` names: relative to the file it stands in, `*`, `?` and `[…]` in any
/// component, sorted by name.
public final class IncludeGlob {
    private IncludeGlob() {}

    /// Existing files for a pattern, the file itself (there or not) for a plain name.
    ///
    /// @param from the file that includes
    public static List<Path> expand(String from, String pattern) {
        try {
            Path parent = Path.of(from).getParent();
            Path whole = parent == null ? Path.of(pattern) : parent.resolve(pattern);
            if (!NamePattern.isPattern(pattern)) {
                return List.of(whole);
            }
            List<Path> level = new ArrayList<>();
            Path root = whole.getRoot();
            level.add(root == null ? Path.of("") : root);
            for (Path part : whole) {
                level = descend(level, part.toString());
            }
            return level.stream().filter(Files::isRegularFile).sorted().toList();
        } catch (InvalidPathException _) {
            return List.of();
        }
    }

    private static List<Path> descend(List<Path> level, String part) {
        List<Path> next = new ArrayList<>();
        NamePattern pattern = new NamePattern(part);
        for (Path folder : level) {
            if (!NamePattern.isPattern(part)) {
                Path below = folder.resolve(part);
                if (Files.exists(below)) {
                    next.add(below);
                }
                continue;
            }
            try (DirectoryStream<Path> found = Files.newDirectoryStream(folder)) {
                for (Path below : found) {
                    String name = below.getFileName().toString();
                    if (pattern.matches(name) && (!name.startsWith(".") || part.startsWith("."))) {
                        next.add(below);
                    }
                }
            } catch (IOException | DirectoryIteratorException _) {
                // a folder that cannot be listed has no files for us; the include then says so
            }
        }
        return next;
    }
}
