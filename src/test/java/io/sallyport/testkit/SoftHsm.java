package io.sallyport.testkit;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// SoftHSM with tokens of its own in a folder: a PKCS#11 module that we did not write. Its tools
/// make tokens and keys before our process initializes the module.
public final class SoftHsm {
    public static final String PIN = "1234";
    private static final List<Path> PLACES =
            List.of(
                    Path.of("/usr/lib/softhsm/libsofthsm2.so"),
                    Path.of("/usr/lib64/pkcs11/libsofthsm2.so"));

    private final Path folder;
    private final Path conf;
    private final Path module;

    private SoftHsm(Path folder, Path module) throws IOException {
        this.folder = folder;
        this.module = module;
        this.conf = folder.resolve("softhsm2.conf");
        Files.createDirectories(folder.resolve("tokens"));
        Files.writeString(
                conf,
                "directories.tokendir = "
                        + folder.resolve("tokens")
                        + "\nobjectstore.backend = file\nlog.level = ERROR\n");
    }

    /// Skips the test, with a reason, where it is not installed.
    public static SoftHsm in(Path folder) throws IOException {
        Path module = PLACES.stream().filter(Files::isRegularFile).findFirst().orElse(Path.of(""));
        assumeTrue(Files.isRegularFile(module), "libsofthsm2 is not installed");
        assumeTrue(
                Files.isExecutable(Path.of("/usr/bin/softhsm2-util"))
                        && Files.isExecutable(Path.of("/usr/bin/pkcs11-tool")),
                "softhsm2-util (softhsm2) or pkcs11-tool (opensc) is not installed");
        SoftHsm hsm = new SoftHsm(folder, module);
        environment("SOFTHSM2_CONF", hsm.conf.toString());
        return hsm;
    }

    /// What the module asks libc for: Java has no way to change it.
    private static void environment(String name, String value) {
        Linker linker = Linker.nativeLinker();
        try (Arena arena = Arena.ofConfined()) {
            int _ =
                    (int)
                            linker.downcallHandle(
                                            linker.defaultLookup().findOrThrow("setenv"),
                                            FunctionDescriptor.of(
                                                    ValueLayout.JAVA_INT,
                                                    ValueLayout.ADDRESS,
                                                    ValueLayout.ADDRESS,
                                                    ValueLayout.JAVA_INT))
                                    .invokeExact(
                                            arena.allocateFrom(name), arena.allocateFrom(value), 1);
        } catch (Throwable t) {
            throw new AssertionError(t);
        }
    }

    public String module() {
        return module.toString();
    }

    /// @return its slot
    public long token(String label) throws IOException {
        String said =
                run(
                        "softhsm2-util",
                        "--init-token",
                        "--free",
                        "--label",
                        label,
                        "--pin",
                        PIN,
                        "--so-pin",
                        "56789");
        Matcher slot = Pattern.compile("slot (\\d+)\\s*$").matcher(said);
        if (!slot.find()) {
            throw new IOException(said);
        }
        return Long.parseLong(slot.group(1));
    }

    /// @param type as pkcs11-tool has it, e.g. `rsa:2048`
    public void pair(String label, String type, String id) throws IOException {
        tool(label, "--keypairgen", "--key-type", type, "--id", id);
    }

    public void tool(String label, String... arguments) throws IOException {
        List<String> all =
                new ArrayList<>(
                        List.of(
                                "pkcs11-tool",
                                "--module",
                                module(),
                                "--token-label",
                                label,
                                "--login",
                                "--pin",
                                PIN));
        all.addAll(List.of(arguments));
        run(all.toArray(String[]::new));
    }

    /// As if somebody took them all out.
    public void takeOut() throws IOException {
        Files.move(folder.resolve("tokens"), folder.resolve("away"));
    }

    /// As if somebody put them in again.
    public void putIn() throws IOException {
        Files.move(folder.resolve("away"), folder.resolve("tokens"));
    }

    private String run(String... command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("SOFTHSM2_CONF", conf.toString());
        Process process = builder.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (process.waitFor() != 0) {
                throw new IOException(said);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
        return said;
    }
}
