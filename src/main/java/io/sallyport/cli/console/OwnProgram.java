package io.sallyport.cli.console;

import io.sallyport.control.local.Exit;
import io.sallyport.control.local.Launcher;
import io.sallyport.control.local.Trouble;
import java.io.File;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// This very program: its daemon half loaded by name, its copies started with the same Java.
///
/// @param mainClass started again by [#start]
public record OwnProgram(String mainClass, Map<String, String> environment) implements Daemons {
    /// A small, steady heap, as `./sallyport` has it: it begins small, is collected before it has
    /// touched much, and what it does not need is given back, of malloc's memory too.
    static final List<String> SMALL =
            List.of(
                    "-XX:+UseSerialGC",
                    "-Xms16m",
                    "-XX:MaxNewSize=32m",
                    "-XX:MinHeapFreeRatio=20",
                    "-XX:MaxHeapFreeRatio=40",
                    "-XX:+UseCompactObjectHeaders",
                    "-XX:TrimNativeHeapInterval=15000");

    private static final String LAUNCHER = "io.sallyport.daemon.Launch";

    @Override
    public Launcher launcher() throws Trouble {
        try {
            return (Launcher) Class.forName(LAUNCHER).getDeclaredConstructor().newInstance();
        } catch (InvocationTargetException e) {
            throw new IllegalStateException("the daemon cannot be loaded", e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new Trouble(
                    Exit.BUG, "this program was packed without its daemon (" + LAUNCHER + ")", "");
        }
    }

    @Override
    public Process start(List<String> arguments, Path log) throws IOException {
        List<String> command = new ArrayList<>(ownSession());
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(SMALL);
        command.add("--enable-native-access=ALL-UNNAMED");
        for (String option : environment.getOrDefault("SALLYPORT_JAVA_OPTS", "").split("\\s+")) {
            if (!option.isEmpty()) {
                command.add(option);
            }
        }
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add(mainClass);
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().putIfAbsent("MALLOC_ARENA_MAX", "2");
        builder.redirectInput(new File("/dev/null"));
        builder.redirectErrorStream(true);
        builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        return builder.start();
    }

    /// setsid(1), or where there is none a shell that has the signals of a terminal ignored, which
    /// Java leaves ignored.
    private List<String> ownSession() {
        for (String folder : environment.getOrDefault("PATH", "/usr/bin:/bin").split(":")) {
            Path setsid = Path.of(folder, "setsid");
            if (Files.isExecutable(setsid)) {
                return List.of(setsid.toString());
            }
        }
        return List.of("/bin/sh", "-c", "trap '' HUP INT QUIT TSTP; exec \"$@\"", "sallyport");
    }
}
