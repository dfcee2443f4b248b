import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.Attributes;
import java.lang.classfile.AttributedElement;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.Utf8Entry;
import java.lang.reflect.AccessFlag;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.ToolProvider;

/// Compiles what a change can have touched, and nothing else: the compiler of `./check --fast`.
///
/// ```text
/// java scripts/Compile.java PLACE CLASSPATH     in the root of the sources; PLACE/classes and PLACE/test-classes come up to date
/// ```
/// Ends with 0, or with 1 after the compiler's own messages; then nothing in PLACE has changed.
///
/// Why it can be trusted. A source is compiled when its text changed. A class that others see differently than before (its *face*: everything
/// but bodies and private members, with the values of constants) takes along every source that can have looked at it: whose text has the
/// class's simple name as a word (constants leave no trace in class files), or whose class files name it (types that an expression only passes through),
/// and the same for the subtypes of the class, which show its members as their own. The faces of those are compared in turn, until nothing
/// new comes in. A source or a class that is gone, other options, another JDK, another class path or another version of this file: everything.
public final class Compile {
    private static final List<String> OPTIONS =
            List.of("-proc:none", "--release", "25", "-Xlint:all,-serial,-processing,-restricted,-options", "-Werror", "-encoding", "UTF-8");
    private static final Pattern WORD = Pattern.compile("\\p{javaJavaIdentifierStart}\\p{javaJavaIdentifierPart}*");

    private final Path place;
    private final String classPath;

    private Compile(Path place, String classPath) {
        this.place = place;
        this.classPath = classPath;
    }

    public static void main(String[] args) throws IOException {
        if (args.length != 2) {
            System.err.println("usage: java scripts/Compile.java PLACE CLASSPATH");
            System.exit(64);
        }
        System.exit(new Compile(Path.of(args[0]), args[1]).run() ? 0 : 1);
    }

    private boolean run() throws IOException {
        long begin = System.nanoTime();
        Files.createDirectories(place);
        Map<String, String> now = new TreeMap<>();
        now.put("(settings)", hash(String.join(" ", OPTIONS), Runtime.version().toString(), classPath, Files.readString(Path.of("scripts/Compile.java"))));
        for (Side side : Side.values()) {
            for (Path source : files(side.sources, ".java")) {
                now.put(source.toString(), hash(Files.readString(source)));
            }
        }
        Path stateFile = place.resolve("compiled");
        Map<String, String> before = Files.exists(stateFile) ? read(stateFile) : Map.of();
        Set<String> wanted = new TreeSet<>();
        now.forEach((source, hash) -> {
            if (!hash.equals(before.get(source))) {
                wanted.add(source);
            }
        });
        boolean everything = wanted.remove("(settings)") || !now.keySet().containsAll(before.keySet());
        int rounds = 0;
        if (everything) {
            now.keySet().stream().filter(s -> !s.startsWith("(")).forEach(wanted::add);
        }
        if (!wanted.isEmpty()) {
            Path fresh = place.resolve("fresh");
            Faces old = everything ? null : new Faces();
            boolean settled = false;
            while (!settled) {
                rounds++;
                delete(fresh);
                if (!javac(wanted, fresh, old == null)) {
                    delete(fresh);
                    return false;
                }
                if (old == null) {
                    settled = true;
                } else if (old.missIn(fresh, wanted)) {
                    now.keySet().stream().filter(s -> !s.startsWith("(")).forEach(wanted::add);
                    old = null;
                } else {
                    settled = !wanted.addAll(old.touchedBy(fresh, wanted));
                }
            }
            // From here on a crash must not leave a state that claims too much.
            Files.deleteIfExists(stateFile);
            publish(fresh, wanted, old);
            write(stateFile, now);
        }
        for (Side side : Side.values()) {
            copyResources(side);
        }
        System.out.printf(
                "compiled %d of %d sources%s in %.1f s%n",
                wanted.size(), now.size() - 1, rounds > 1 ? " in " + rounds + " rounds" : "", (System.nanoTime() - begin) / 1e9);
        return true;
    }

    /// The two source roots; tests see the product, never the other way round.
    private enum Side {
        MAIN("src/main", "classes"),
        TEST("src/test", "test-classes");

        final Path sources;
        final Path resources;
        final String classes;

        Side(String root, String classes) {
            this.sources = Path.of(root, "java");
            this.resources = Path.of(root, "resources");
            this.classes = classes;
        }

        boolean has(String source) {
            return Path.of(source).startsWith(sources);
        }
    }

    private boolean javac(Collection<String> wanted, Path fresh, boolean everything) throws IOException {
        List<String> path = new ArrayList<>();
        for (Side side : Side.values()) {
            Path to = fresh.resolve(side.classes);
            Files.createDirectories(to);
            path.addFirst(to.toString());
            List<String> args = new ArrayList<>(OPTIONS);
            wanted.stream().filter(side::has).forEach(args::add);
            if (args.size() > OPTIONS.size()) {
                List<String> all = new ArrayList<>(path);
                if (!everything) {
                    all.add(place.resolve(side.classes).toString());
                    all.add(place.resolve(Side.MAIN.classes).toString());
                }
                all.add(classPath);
                args.addAll(0, List.of("-d", to.toString(), "-cp", String.join(":", all)));
                if (ToolProvider.getSystemJavaCompiler().run(null, null, null, args.toArray(String[]::new)) != 0) {
                    return false;
                }
            }
        }
        return true;
    }

    private void publish(Path fresh, Set<String> wanted, Faces old) throws IOException {
        if (old != null) {
            for (Face face : old.faces.values()) {
                if (wanted.contains(face.source)) {
                    Files.deleteIfExists(face.file);
                }
            }
        }
        for (Side side : Side.values()) {
            Path to = place.resolve(side.classes);
            if (old == null) {
                delete(to);
            }
            for (Path file : files(fresh.resolve(side.classes), ".class")) {
                Path target = to.resolve(fresh.resolve(side.classes).relativize(file));
                Files.createDirectories(target.getParent());
                Files.move(file, target, StandardCopyOption.REPLACE_EXISTING);
            }
        }
        delete(fresh);
    }

    private void copyResources(Side side) throws IOException {
        for (Path file : files(side.resources, "")) {
            Path target = place.resolve(side.classes).resolve(side.resources.relativize(file));
            Files.createDirectories(target.getParent());
            Files.copy(file, target, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /// What others see of one class. `hash` is empty for a class that nobody outside its source can name.
    private record Face(String name, String source, Path file, String hash, Set<String> supers, Set<String> mentions) {
        String simpleName() {
            return name.substring(Math.max(name.lastIndexOf('/'), name.lastIndexOf('$')) + 1);
        }
    }

    /// The faces of everything that is compiled, and who looks at whom.
    private final class Faces {
        final Map<String, Face> faces = new HashMap<>();
        private final Map<String, Set<String>> words = new HashMap<>();

        Faces() throws IOException {
            for (Side side : Side.values()) {
                read(side, place.resolve(side.classes), faces);
            }
        }

        /// Whether a class is gone: what still names it would find its old file.
        boolean missIn(Path fresh, Set<String> compiled) {
            return faces.values().stream()
                    .filter(face -> compiled.contains(face.source) && !face.hash.isEmpty())
                    .anyMatch(face -> Stream.of(Side.values())
                            .noneMatch(side -> Files.exists(fresh.resolve(side.classes).resolve(face.name + ".class"))));
        }

        /// Every source that can have seen a difference between what was compiled and what is in `fresh`.
        Set<String> touchedBy(Path fresh, Set<String> compiled) throws IOException {
            Map<String, Face> next = new HashMap<>();
            for (Side side : Side.values()) {
                read(side, fresh.resolve(side.classes), next);
            }
            Set<Face> changed = new HashSet<>();
            for (Face face : next.values()) {
                Face was = faces.get(face.name);
                if (was == null || !was.hash.equals(face.hash)) {
                    changed.add(face);
                }
            }
            changed.removeIf(face -> face.hash.isEmpty());
            if (changed.isEmpty()) {
                return Set.of();
            }
            Set<String> names = new HashSet<>();
            changed.forEach(face -> names.add(face.name));
            boolean more = true;
            while (more) {
                more = false;
                for (Map<String, Face> all : List.of(faces, next)) {
                    for (Face face : all.values()) {
                        if (face.supers.stream().anyMatch(names::contains)) {
                            more |= names.add(face.name);
                        }
                    }
                }
            }
            Set<String> simple = new HashSet<>();
            for (String name : names) {
                Face face = next.containsKey(name) ? next.get(name) : faces.get(name);
                simple.add(face.simpleName());
            }
            Set<String> touched = new TreeSet<>();
            for (Face face : faces.values()) {
                if (face.mentions.stream().anyMatch(names::contains) || words(face.source).stream().anyMatch(simple::contains)) {
                    touched.add(face.source);
                }
            }
            return touched;
        }

        private Set<String> words(String source) {
            return words.computeIfAbsent(source, s -> {
                try {
                    Set<String> found = new HashSet<>();
                    WORD.matcher(Files.readString(Path.of(s))).results().forEach(m -> found.add(m.group()));
                    return found;
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }

        private void read(Side side, Path classes, Map<String, Face> into) throws IOException {
            for (Path file : files(classes, ".class")) {
                ClassModel model = ClassFile.of().parse(file);
                String name = model.thisClass().asInternalName();
                String source = model.findAttribute(Attributes.sourceFile()).orElseThrow().sourceFile().stringValue();
                Set<String> supers = new HashSet<>();
                model.superclass().ifPresent(s -> supers.add(s.asInternalName()));
                model.interfaces().forEach(i -> supers.add(i.asInternalName()));
                Set<String> mentions = new HashSet<>();
                model.constantPool().forEach(entry -> {
                    if (entry instanceof ClassEntry c) {
                        mentions.add(c.asInternalName().replaceAll("^\\[+L|;$", ""));
                    } else if (entry instanceof Utf8Entry u && u.stringValue().contains("L")) {
                        // descriptors and generic signatures
                        for (String part : u.stringValue().split("[;<>()\\[*+:-]")) {
                            int at = part.indexOf('L');
                            if (at >= 0) {
                                mentions.add(part.substring(at + 1));
                            }
                        }
                    }
                });
                Path at = side.sources.resolve(name.contains("/") ? name.substring(0, name.lastIndexOf('/')) : "").resolve(source);
                into.put(name, new Face(name, at.toString(), file, faceOf(model, name), supers, mentions));
            }
        }
    }

    private static String faceOf(ClassModel model, String name) {
        if (name.matches(".*\\$\\d.*")) {
            return "";
        }
        List<String> lines = new ArrayList<>();
        lines.add(model.flags().flagsMask() + " " + model.superclass() + " " + model.interfaces());
        lines.add(attributes(model));
        model.findAttribute(Attributes.innerClasses()).ifPresent(a -> a.classes().stream()
                .filter(c -> c.innerClass().asInternalName().equals(name))
                .forEach(c -> lines.add("" + c.flagsMask())));
        model.fields().stream()
                .filter(f -> !f.flags().has(AccessFlag.PRIVATE) && !f.flags().has(AccessFlag.SYNTHETIC))
                .forEach(f -> lines.add(f.flags().flagsMask() + " " + f.fieldName() + " " + f.fieldType() + attributes(f)));
        model.methods().stream()
                .filter(m -> !m.flags().has(AccessFlag.PRIVATE) && !m.flags().has(AccessFlag.SYNTHETIC))
                .forEach(m -> lines.add(m.flags().flagsMask() + " " + m.methodName() + " " + m.methodType() + attributes(m)));
        return hash(lines.toArray(String[]::new));
    }

    /// The attributes that another source's compilation can depend on, as text.
    private static String attributes(AttributedElement element) {
        StringBuilder text = new StringBuilder();
        element.findAttribute(Attributes.signature()).ifPresent(a -> text.append(a.signature()));
        element.findAttribute(Attributes.constantValue()).ifPresent(a -> text.append(a.constant()));
        element.findAttribute(Attributes.exceptions()).ifPresent(a -> text.append(a.exceptions()));
        element.findAttribute(Attributes.annotationDefault()).ifPresent(a -> text.append(a.defaultValue()));
        element.findAttribute(Attributes.permittedSubclasses()).ifPresent(a -> text.append(a.permittedSubclasses()));
        element.findAttribute(Attributes.record())
                .ifPresent(a -> a.components().forEach(c -> text.append(c.name()).append(c.descriptor()).append(attributes(c))));
        element.findAttribute(Attributes.runtimeVisibleAnnotations()).ifPresent(a -> text.append(a.annotations()));
        element.findAttribute(Attributes.runtimeInvisibleAnnotations()).ifPresent(a -> text.append(a.annotations()));
        return text.toString();
    }

    private static List<Path> files(Path root, String end) throws IOException {
        if (!Files.isDirectory(root)) {
            return List.of();
        }
        try (Stream<Path> walk = Files.walk(root)) {
            return walk.filter(Files::isRegularFile).filter(p -> p.toString().endsWith(end)).sorted().toList();
        }
    }

    private static void delete(Path root) throws IOException {
        if (Files.exists(root)) {
            try (Stream<Path> walk = Files.walk(root)) {
                for (Path path : walk.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }

    private static Map<String, String> read(Path file) throws IOException {
        Map<String, String> state = new TreeMap<>();
        for (String line : Files.readAllLines(file)) {
            int tab = line.indexOf('\t');
            state.put(line.substring(0, tab), line.substring(tab + 1));
        }
        return state;
    }

    private static void write(Path file, Map<String, String> state) throws IOException {
        List<String> lines = new ArrayList<>();
        state.forEach((source, hash) -> lines.add(source + "\t" + hash));
        Files.write(file, lines);
    }

    private static String hash(String... texts) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (String text : texts) {
                digest.update(text.getBytes(StandardCharsets.UTF_8));
                digest.update((byte) 0);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
