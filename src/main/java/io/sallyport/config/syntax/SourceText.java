package io.sallyport.config.syntax;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/// A file as lines: UTF-8, a byte order mark removed, lines ended by LF or CRLF.
public record SourceText(String name, List<String> lines) {
    private static final long LARGEST = 4L << 20;
    private static final int LONGEST_LINE = 32 << 10;

    public SourceText {
        lines = List.copyOf(lines);
    }

    public static SourceText of(String name, String text) {
        String body = text.startsWith("\uFEFF") ? text.substring(1) : text;
        return new SourceText(name, List.of(body.split("\r?\n", -1)));
    }

    /// The text of `file`; where it cannot be read, a finding says why.
    public static Optional<SourceText> read(Path file, Findings findings) {
        String name = file.toString();
        Position at = Position.whole(name);
        try {
            if (Files.isDirectory(file)) {
                findings.error(at, "cannot be read: it is a directory");
                return Optional.empty();
            }
            if (Files.size(file) > LARGEST) {
                findings.error(
                        at, "cannot be read: " + Files.size(file) + " octets are no configuration");
                return Optional.empty();
            }
            byte[] octets = Files.readAllBytes(file);
            for (byte octet : octets) {
                if (octet == 0) {
                    findings.error(at, "cannot be read: it is no text (it contains zero octets)");
                    return Optional.empty();
                }
            }
            SourceText text = of(name, new String(octets, StandardCharsets.UTF_8));
            for (int n = 1; n <= text.lines.size(); n++) {
                if (text.line(n).length() > LONGEST_LINE) {
                    findings.error(
                            text.at(n, 1),
                            "cannot be read: a line of " + text.line(n).length() + " characters");
                    return Optional.empty();
                }
            }
            return Optional.of(text);
        } catch (NoSuchFileException _) {
            findings.error(at, "cannot be read: there is no such file");
        } catch (AccessDeniedException _) {
            findings.error(at, "cannot be read: permission denied");
        } catch (IOException e) {
            findings.error(at, "cannot be read: " + e.getMessage());
        }
        return Optional.empty();
    }

    /// The whole text, lines ended by LF.
    public String text() {
        return String.join("\n", lines);
    }

    /// Line `number`, counted from 1.
    public String line(int number) {
        return lines.get(number - 1);
    }

    public Position at(int line, int column) {
        return new Position(name, line, column);
    }

    /// The same file with every line emptied that `keep` does not name (counted from 1): what is
    /// left keeps its place.
    public SourceText only(IntPredicate keep) {
        return new SourceText(
                name,
                IntStream.rangeClosed(1, lines.size())
                        .mapToObj(n -> keep.test(n) ? line(n) : "")
                        .toList());
    }
}
