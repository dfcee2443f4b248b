package io.sallyport.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// `docs/security-classes.md` promises tests: they are there.
class SecurityClassesTest {
    private static final Pattern NAMED = Pattern.compile("`([A-Z]\\w*Test)(?:#(\\w+))?`");

    @Test
    void everyTestThatIsNamedExists() throws IOException {
        String page = Files.readString(Path.of("docs/security-classes.md"));
        Map<String, String> sources = sources();
        List<String> missing = new ArrayList<>();
        int named = 0;
        Matcher matcher = NAMED.matcher(page);
        while (matcher.find()) {
            named++;
            String source = sources.getOrDefault(matcher.group(1), "");
            String method = matcher.group(2);
            if (source.isEmpty() || method != null && !source.contains("void " + method + "(")) {
                missing.add(matcher.group());
            }
        }
        assertEquals(List.of(), missing);
        assertTrue(named > 60, named + " tests are named");
        for (int number = 1; number <= 22; number++) {
            assertTrue(page.contains("\n| " + number + " | "), "class " + number);
        }
    }

    /// The sources of the tests by the name of their class; several of one name together.
    private static Map<String, String> sources() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("src/test/java"))) {
            return files.filter(f -> f.toString().endsWith("Test.java"))
                    .collect(
                            Collectors.toMap(
                                    f -> f.getFileName().toString().replace(".java", ""),
                                    SecurityClassesTest::text,
                                    String::concat));
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
