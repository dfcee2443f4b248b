package io.sallyport.config.syntax;

import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IncludeGlobTest {
    @TempDir Path folder;

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "*.conf a.conf true",
                "*.conf a.conf.bak false",
                "* a true",
                "a*b*c abbc true",
                "a*b*c abcb false",
                "*a*a aa true",
                "*a*a a false",
                "?.conf ab.conf false",
                "[a-c]x bx true",
                "[a-c]x dx false",
                "[!a-c]x dx true",
                "[!a-c]x ax false",
                "[]a]x ]x true",
                "[a-]x -x true",
                "[ab [ab true",
                "a\\*b a*b true",
                "a\\*b axb false",
                "{a,b} {a,b} true",
                "a**b ab true",
                "ab a false",
            })
    void namesMatchAsGlobSays(String pattern, String name, boolean matches) {
        assertEquals(matches, new NamePattern(pattern).matches(name), pattern + " " + name);
    }

    /// Found by fuzzing: a regular expression made of such a pattern does not come to an end.
    @Test
    void manyStarsEnd() {
        assertFalse(
                assertTimeoutPreemptively(
                        ofSeconds(5),
                        () -> new NamePattern("*a".repeat(100) + "b").matches("a".repeat(250))));
    }

    @Test
    void everyComponentMayBeAPattern() throws IOException {
        for (String name :
                List.of("b/2.conf", "a/1.conf", "a/.hidden.conf", "a/1.txt", "c/3.conf")) {
            Files.createDirectories(folder.resolve(name).getParent());
            Files.createFile(folder.resolve(name));
        }
        String from = folder.resolve("main.conf").toString();
        assertEquals(
                List.of(folder.resolve("a/1.conf"), folder.resolve("b/2.conf")),
                IncludeGlob.expand(from, "[ab]/*.conf"));
        assertEquals(List.of(folder.resolve("none")), IncludeGlob.expand(from, "none"));
        assertEquals(List.of(), IncludeGlob.expand(from, "none/*"));
    }
}
