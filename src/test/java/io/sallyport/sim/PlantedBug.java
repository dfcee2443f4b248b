package io.sallyport.sim;

import io.sallyport.ike.IkeEngine;
import java.io.File;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.jspecify.annotations.NullMarked;

/// A mistake that is written into one sentence of the engine's source, compiled, and put before the
/// engine as it is: what the simulator is worth is whether it finds it.
enum PlantedBug {
    /// A child SA is closed without a word to the peer, who keeps it.
    LOST_DELETE(
            "ike/v2/task/DeleteChild",
            "return new Step.Send(\n"
                    + "                ExchangeType.INFORMATIONAL,\n"
                    + "                List.of(Delete.ofChildSas(protocolId, List.of(Octets.ofInt(ourSpi)))));",
            "return new Step.Done();"),
    /// Of two SAs whose rekeyings crossed, each end keeps the one that it began, not the one that
    /// the nonces tell (RFC 7296, 2.8.1).
    NONCE_TIE(
            "ike/sa/ChildLedger",
            "? record.birth.lowestNonce().compareTo(other.birth.lowestNonce()) < 0",
            "? !record.birth.initiator()"),
    /// An answer that comes late is taken for the one to the request under way (RFC 7296, 2.2).
    LATE_RESPONSE(
            "ike/v2/Courier",
            "&& window.isAwaited(header.messageId())\n"
                    + "                && header.exchangeType() == asked;",
            "&& window.isWaiting();"),
    /// The same, but only if it is of the same exchange type.
    LATE_RESPONSE_OF_ITS_TYPE(
            "ike/exchange/MessageWindow",
            "return waiting && messageId == nextOurs - 1;",
            "return waiting;");

    private static final String ROOT = "io/sallyport/";

    private final String file;
    private final String right;
    private final String wrong;

    PlantedBug(String file, String right, String wrong) {
        this.file = file;
        this.right = right;
        this.wrong = wrong;
    }

    /// @throws IllegalArgumentException there is none of this name
    static PlantedBug of(String name) {
        return valueOf(name.toUpperCase(Locale.ROOT).replace('-', '_'));
    }

    /// The engine with the mistake in it, and a simulator for it.
    static final class House implements AutoCloseable {
        private final Path home;
        private final URLClassLoader loader;
        private final Object simulation;

        House(PlantedBug bug) throws IOException {
            this.home = Files.createTempDirectory("planted");
            bug.compile(home);
            List<URL> places = new ArrayList<>(List.of(home.toUri().toURL()));
            for (String place : classPath()) {
                places.add(Path.of(place).toUri().toURL());
            }
            this.loader = new OwnFirst(places.toArray(URL[]::new));
            try {
                Class<?> changed = loader.loadClass((ROOT + bug.file).replace('/', '.'));
                if (!place(changed).equals(home.toUri())) {
                    throw new IllegalStateException(changed + " is not the changed one");
                }
                this.simulation =
                        loader.loadClass(Simulation.class.getName()).getConstructor().newInstance();
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException("the simulator has no such door", e);
            }
        }

        /// @param lines of the dialogue; 0: only the sentence that says what is wrong
        /// @return what is wrong; empty: nothing was found
        Optional<String> live(long seed, int lines) {
            try {
                String said =
                        (String)
                                simulation
                                        .getClass()
                                        .getMethod("tell", long.class, int.class)
                                        .invoke(simulation, seed, lines);
                return Optional.of(said).filter(s -> !s.isEmpty());
            } catch (InvocationTargetException e) {
                throw new IllegalStateException("seed " + seed, e.getCause());
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException("the simulator has no such door", e);
            }
        }

        @Override
        public void close() throws IOException {
            loader.close();
            try (var all = Files.walk(home)) {
                for (Path p : all.sorted((a, b) -> b.compareTo(a)).toList()) {
                    Files.delete(p);
                }
            }
        }
    }

    /// Where our classes and what they name lie, whoever started us.
    private static List<String> classPath() {
        List<String> all = new ArrayList<>();
        for (Class<?> one : List.of(PlantedBug.class, IkeEngine.class, NullMarked.class)) {
            all.add(Path.of(place(one)).toString());
        }
        return all;
    }

    private static URI place(Class<?> one) {
        try {
            return one.getProtectionDomain().getCodeSource().getLocation().toURI();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private void compile(Path home) throws IOException {
        String source = Files.readString(Path.of("src/main/java", ROOT + file + ".java"));
        if (source.indexOf(right) < 0 || source.indexOf(right) != source.lastIndexOf(right)) {
            throw new IllegalStateException(
                    this
                            + ": the sentence it changes is not in "
                            + file
                            + " once: mend PlantedBug");
        }
        Path changed = home.resolve("source/" + ROOT + file + ".java");
        Files.createDirectories(changed.getParent());
        Files.writeString(changed, source.replace(right, wrong));
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        int result =
                compiler.run(
                        null,
                        null,
                        null,
                        "-proc:none",
                        "-nowarn",
                        "-d",
                        home.toString(),
                        "-cp",
                        String.join(File.pathSeparator, classPath()),
                        changed.toString());
        if (result != 0) {
            throw new IllegalStateException(this + " does not compile");
        }
    }

    /// Loads what is ours anew, so that the changed class is found and everything sees it.
    private static final class OwnFirst extends URLClassLoader {
        OwnFirst(URL[] places) {
            super(places, PlantedBug.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (!name.startsWith("io.sallyport.")) {
                return super.loadClass(name, resolve);
            }
            synchronized (getClassLoadingLock(name)) {
                Class<?> known = findLoadedClass(name);
                return known != null ? known : findClass(name);
            }
        }
    }
}
