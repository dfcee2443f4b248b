package io.sallyport.daemon.demo;

import io.sallyport.control.client.ControlClient;
import io.sallyport.control.local.Trouble;
import io.sallyport.control.view.StatusView;
import io.sallyport.control.view.TunnelState;
import io.sallyport.drivers.netns.NetworkNamespace;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// One Sallyport in a process of its own, in a namespace of the stage.
final class Gateway implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 10;

    private final NetworkNamespace namespace;
    private final String name;
    private final Path folder;
    private final List<String> arguments;
    private final boolean verbose;
    private Process process;

    private Gateway(
            NetworkNamespace namespace,
            String name,
            Path folder,
            List<String> arguments,
            boolean verbose,
            Process process) {
        this.namespace = namespace;
        this.name = name;
        this.folder = folder;
        this.arguments = arguments;
        this.verbose = verbose;
        this.process = process;
    }

    /// Starts `sallyport run ARGUMENTS` with socket, state and log in `folder`.
    static Gateway start(
            NetworkNamespace namespace,
            String name,
            Path folder,
            List<String> arguments,
            boolean verbose)
            throws IOException {
        return new Gateway(
                namespace,
                name,
                folder,
                arguments,
                verbose,
                launch(namespace, name, folder, arguments, verbose));
    }

    private static Process launch(
            NetworkNamespace namespace,
            String name,
            Path folder,
            List<String> arguments,
            boolean verbose)
            throws IOException {
        List<String> command = program("run");
        command.addAll(arguments);
        command.addAll(
                List.of(
                        "--socket",
                        socket(folder, name).toString(),
                        "--state-dir",
                        folder.resolve(name + ".state").toString(),
                        "--vici",
                        "off"));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        if (verbose) {
            builder.inheritIO();
        } else {
            builder.redirectOutput(
                    ProcessBuilder.Redirect.appendTo(folder.resolve(name + ".log").toFile()));
        }
        return namespace.start(builder);
    }

    /// This very program, with the same Java and the same classes.
    private static List<String> program(String verb) {
        return new ArrayList<>(
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-Xshare:auto",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "io.sallyport.cli.Main",
                        verb));
    }

    /// Prints what `sallyport status` prints.
    void showStatus() throws IOException {
        List<String> command = program("status");
        command.addAll(List.of("--socket", socket(folder, name).toString()));
        Process status = new ProcessBuilder(command).inheritIO().start();
        try {
            status.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private static Path socket(Path folder, String name) {
        return folder.resolve(name + ".sock");
    }

    Path log() {
        return folder.resolve(name + ".log");
    }

    String name() {
        return name;
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /// `kill -9`.
    void kill() throws IOException {
        process.destroyForcibly();
        gone();
    }

    /// Starts it again after a kill, with what the dead one left.
    void again() throws IOException {
        process = launch(namespace, name, folder, arguments, verbose);
    }

    StatusView status() throws Trouble {
        try (ControlClient client = ControlClient.connect(socket(folder, name))) {
            return client.status();
        }
    }

    boolean answers() {
        try {
            return status().pid() > 0;
        } catch (Trouble e) {
            return false;
        }
    }

    /// How many of its tunnels are up; 0 while it does not answer.
    long tunnelsUp() {
        try {
            return status().tunnels().stream()
                    .filter(t -> t.state().name() == TunnelState.UP)
                    .count();
        } catch (Trouble e) {
            return 0;
        }
    }

    /// SIGTERM, and waits for the orderly end.
    void stop() throws IOException {
        process.destroy();
        gone();
    }

    private void gone() throws IOException {
        try {
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IOException(name + " did not end within " + PATIENCE_SECONDS + " s");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
