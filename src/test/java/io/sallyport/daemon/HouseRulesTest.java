package io.sallyport.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import io.sallyport.base.Room;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The walls of the house: ARCHITECTURE.md says them in prose, this test holds them.
class HouseRulesTest {
    private static final String ROOT = "io.sallyport.";
    private static final JavaClasses HOUSE =
            new ClassFileImporter()
                    .withImportOption(HouseRulesTest::isProduct)
                    .importPackages("io.sallyport");

    /// ArchUnit's own option knows the tests in `target` only, not those of the inner loop.
    private static boolean isProduct(Location location) {
        return !location.contains("/test-classes/");
    }

    private static String room(JavaClass c) {
        String rest =
                c.getPackageName().substring(Math.min(c.getPackageName().length(), ROOT.length()));
        int dot = rest.indexOf('.');
        return dot < 0 ? rest : rest.substring(0, dot);
    }

    private static Map<String, Set<String>> plates() {
        Map<String, Set<String>> plates = new TreeMap<>();
        for (JavaClass c : HOUSE) {
            if (c.getSimpleName().equals("package-info") && c.isAnnotatedWith(Room.class)) {
                plates.put(room(c), Set.of(c.getAnnotationOfType(Room.class).uses()));
            }
        }
        return plates;
    }

    @Test
    void everyImportIsOnThePlate() {
        Map<String, Set<String>> plates = plates();
        Set<String> wrong = new TreeSet<>();
        for (JavaClass c : HOUSE) {
            String from = room(c);
            if (!plates.containsKey(from)) {
                wrong.add("room '" + from + "' has no door plate (@Room in its package-info.java)");
                continue;
            }
            for (Dependency d : c.getDirectDependenciesFromSelf()) {
                JavaClass target = d.getTargetClass();
                if (target.getPackageName().startsWith(ROOT)
                        && !room(target).equals(from)
                        && !target.isEquivalentTo(Room.class)
                        && !plates.get(from).contains(room(target))) {
                    wrong.add(from + " may not use " + room(target) + ": " + d.getDescription());
                }
            }
        }
        assertEquals(Set.of(), wrong);
    }

    @Test
    void platesFormFloors() {
        Map<String, Set<String>> plates = plates();
        Map<String, Integer> floor = new TreeMap<>();
        for (int round = 0; round <= plates.size(); round++) {
            plates.forEach((name, uses) -> {
                if (uses.stream().allMatch(floor::containsKey)) {
                    floor.putIfAbsent(
                            name, uses.stream().mapToInt(floor::get).max().orElse(-1) + 1);
                }
            });
        }
        assertEquals(
                plates.keySet(),
                floor.keySet(),
                "rooms that use each other in a circle, or a room that is not there");
    }

    @Test
    void noCircleAmongPackages() {
        SlicesRuleDefinition.slices()
                .matching("io.sallyport.(**)")
                .should()
                .beFreeOfCycles()
                .check(HOUSE);
    }

    @Test
    void modelHoldsOnlyRecordsEnumsAndInterfaces() {
        List<String> wrong = new ArrayList<>();
        for (JavaClass c : HOUSE) {
            if (room(c).equals("model")
                    && !c.isInterface()
                    && !c.isEnum()
                    && !c.isRecord()
                    && !c.getSimpleName().equals("package-info")
                    && !c.isAnonymousClass()
                    && !c.getName().contains("$")) {
                wrong.add(c.getName());
            }
        }
        assertEquals(List.of(), wrong);
    }

    @Test
    void machinesTouchNoWorld() {
        Set<String> machines = Set.of("wire", "crypto", "model", "ike", "ipsec", "config");
        Set<String> wrong = new TreeSet<>();
        for (JavaClass c : HOUSE) {
            if (!machines.contains(room(c))) {
                continue;
            }
            for (Dependency d : c.getDirectDependenciesFromSelf()) {
                String target = d.getTargetClass().getName();
                if (target.startsWith("java.net.Socket")
                        || target.startsWith("java.net.Datagram")
                        || target.startsWith("java.nio.channels.")
                        || target.equals("java.lang.Thread")
                        || target.startsWith("java.util.concurrent.")
                                && !target.startsWith("java.util.concurrent.ThreadLocalRandom")
                        || target.startsWith("org.slf4j.")) {
                    wrong.add(d.getDescription());
                }
            }
            c.getMethodCallsFromSelf().stream()
                    .filter(call ->
                            call.getTargetOwner().isEquivalentTo(System.class)
                                    && Set.of("currentTimeMillis", "nanoTime")
                                            .contains(call.getName()))
                    .forEach(call -> wrong.add(call.getDescription()));
        }
        assertEquals(Set.of(), wrong);
    }

    @Test
    void onlyFfiLinksNativeCode() {
        Set<String> wrong = new TreeSet<>();
        for (JavaClass c : HOUSE) {
            if (!room(c).equals("ffi")) {
                c.getDirectDependenciesFromSelf().stream()
                        .filter(d ->
                                Set.of("java.lang.foreign.Linker", "java.lang.foreign.SymbolLookup")
                                        .contains(d.getTargetClass().getName()))
                        .forEach(d -> wrong.add(d.getDescription()));
            }
        }
        assertEquals(Set.of(), wrong);
    }

    @Test
    void noStateInStatics() {
        Set<String> wrong = new TreeSet<>();
        for (JavaClass c : HOUSE) {
            if (!Set.of("daemon", "ffi").contains(room(c))) {
                c.getFields().stream()
                        .filter(f ->
                                f.getModifiers().contains(JavaModifier.STATIC)
                                        && !f.getModifiers().contains(JavaModifier.FINAL))
                        .forEach(f -> wrong.add(f.getFullName()));
            }
        }
        assertEquals(Set.of(), wrong);
    }

    @Test
    void noForbiddenNames() {
        List<String> wrong =
                HOUSE.stream()
                        .map(JavaClass::getSimpleName)
                        .filter(n ->
                                n.matches(
                                        ".*(Util|Utils|Helper|Manager|Impl)$|^(Abstract|Base)[A-Z].*"))
                        .toList();
        assertEquals(List.of(), wrong);
    }

    /// A file up to 400 lines, the wall is 800; a package up to 15 files, the wall is 30.
    @Test
    void sizes() throws IOException {
        List<String> wrong = new ArrayList<>();
        for (String tree : List.of("src/main/java", "src/test/java")) {
            try (Stream<Path> files = Files.walk(Path.of(tree))) {
                for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
                    try (Stream<String> lines = Files.lines(file)) {
                        long count = lines.count();
                        if (count > 800) {
                            wrong.add(file + " has " + count + " lines");
                        }
                    }
                }
            }
            try (Stream<Path> all = Files.walk(Path.of(tree))) {
                for (Path folder : all.filter(Files::isDirectory).toList()) {
                    try (Stream<Path> inside = Files.list(folder)) {
                        long count = inside.filter(f -> f.toString().endsWith(".java")).count();
                        if (count > 30) {
                            wrong.add(folder + " has " + count + " files");
                        }
                    }
                }
            }
        }
        assertEquals(List.of(), wrong);
    }

    @Test
    void everyPackageSaysWhatItIsFor() throws IOException {
        List<String> wrong = new ArrayList<>();
        try (Stream<Path> all = Files.walk(Path.of("src/main/java/io/sallyport"))) {
            for (Path folder : all.filter(Files::isDirectory).toList()) {
                try (Stream<Path> inside = Files.list(folder)) {
                    boolean hasCode = inside.anyMatch(f -> f.toString().endsWith(".java"));
                    Path plate = folder.resolve("package-info.java");
                    if (hasCode
                            && !(Files.exists(plate)
                                    && Files.readString(plate).startsWith("/// "))) {
                        wrong.add(folder.toString());
                    }
                }
            }
        }
        assertEquals(List.of(), wrong);
    }

    @Test
    void theHouseIsNotEmpty() {
        assertTrue(plates().size() >= 4, "plates: " + plates().keySet());
    }
}
