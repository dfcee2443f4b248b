package io.sallyport.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.platform.commons.annotation.Testable;
import org.junit.platform.commons.support.AnnotationSupport;

/// `docs/security-classes.md` promises tests: they are there, and JUnit runs them.
class SecurityClassesTest {
    private static final Pattern NAMED = Pattern.compile("`([A-Z]\\w*Test)(?:#(\\w+))?`");
    private static final Pattern ROW =
            Pattern.compile("(?m)^\\| (\\d+) \\| ([^|]+) \\| ([^|]+) \\| ([^|]*) \\|$");
    private static final Path PAGE = Path.of("docs/security-classes.md");

    @Test
    void everyTestThatIsNamedIsRun() throws IOException {
        Map<String, List<Class<?>>> classes = classes();
        List<String> missing = new ArrayList<>();
        int named = 0;
        Matcher matcher = NAMED.matcher(Files.readString(PAGE));
        while (matcher.find()) {
            named++;
            String method = matcher.group(2);
            boolean there =
                    classes.getOrDefault(matcher.group(1), List.of()).stream()
                            .flatMap(c -> Arrays.stream(c.getDeclaredMethods()))
                            .filter(m -> method == null || m.getName().equals(method))
                            .anyMatch(SecurityClassesTest::isRun);
            if (!there) {
                missing.add(matcher.group());
            }
        }
        assertEquals(List.of(), missing);
        assertTrue(named > 60, named + " tests are named");
    }

    /// Both halves: what attacks is rejected, and what is normal still passes.
    @Test
    void everyClassHasBothHalves() throws IOException {
        Matcher row = ROW.matcher(Files.readString(PAGE));
        List<String> numbers = new ArrayList<>();
        List<String> halves = new ArrayList<>();
        while (row.find()) {
            numbers.add(row.group(1));
            boolean both =
                    NAMED.matcher(row.group(3)).find()
                            && (NAMED.matcher(row.group(4)).find()
                                    || row.group(4).contains("second half of each")
                                    || row.group(4).contains("of the same tables"));
            if (!both) {
                halves.add(row.group(1) + row.group(2));
            }
        }
        assertEquals(
                Stream.iterate(1, i -> i + 1).limit(22).map(String::valueOf).toList(), numbers);
        assertEquals(List.of(), halves);
    }

    private static boolean isRun(Method method) {
        return AnnotationSupport.isAnnotated(method, Testable.class);
    }

    /// The test classes by their simple name; several of one name together.
    private static Map<String, List<Class<?>>> classes() throws IOException {
        Path root = Path.of("src/test/java");
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(f -> f.toString().endsWith("Test.java"))
                    .map(f -> root.relativize(f).toString().replace(".java", "").replace('/', '.'))
                    .collect(
                            Collectors.groupingBy(
                                    name -> name.substring(name.lastIndexOf('.') + 1),
                                    Collectors.mapping(
                                            SecurityClassesTest::loaded, Collectors.toList())));
        }
    }

    private static Class<?> loaded(String name) {
        try {
            return Class.forName(name);
        } catch (ClassNotFoundException e) {
            throw new AssertionError(e);
        }
    }
}
