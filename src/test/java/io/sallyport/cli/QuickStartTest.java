package io.sallyport.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.control.server.ControlServer;
import io.sallyport.testkit.MemoryOperator;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The program as a process: exit codes arrive at the shell, and verbs that only ask load neither
/// daemon nor logger nor native code.
class QuickStartTest {
    @TempDir Path folder;

    private record Ended(int exit, String out, String err) {}

    private Ended sallyport(List<String> javaOptions, String... words) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-XX:+UseSerialGC");
        command.add("-XX:TieredStopAtLevel=1");
        command.addAll(javaOptions);
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add("io.sallyport.cli.Main");
        command.addAll(List.of(words));
        File err = folder.resolve("err").toFile();
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(err);
        builder.environment().put("SALLYPORT_SOCKET", folder.resolve("s").toString());
        Process process = builder.start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ended(process.waitFor(), out, Files.readString(err.toPath()));
    }

    @Test
    void statusLoadsNoDaemonNoLoggerAndNoNativeCode() throws Exception {
        Path loaded = folder.resolve("classes");
        try (ControlServer _ = ControlServer.start(folder.resolve("s"), new MemoryOperator())) {
            Ended ended =
                    sallyport(List.of("-Xlog:class+load:file=" + loaded), "status", "--short");
            assertEquals(1, ended.exit(), ended.err());
            assertTrue(ended.out().contains("Tunnel1  UP"), ended.out());
        }
        String classes = Files.readString(loaded);
        assertTrue(classes.contains(" io.sallyport.cli.Main "), "the list is one of classes");
        for (String heavy :
                List.of(
                        " io.sallyport.daemon.",
                        " io.sallyport.ffi.",
                        " io.sallyport.config.read.",
                        " org.slf4j.",
                        " ch.qos.logback.",
                        " jdk.internal.foreign.abi.AbstractLinker ",
                        " java.lang.foreign.Linker ")) {
            assertFalse(classes.contains(heavy), heavy);
        }
    }

    @Test
    void messagesAndExitCodesArriveAtTheShell() throws Exception {
        Ended ended = sallyport(List.of(), "status");
        assertEquals(69, ended.exit());
        assertEquals("", ended.out());
        assertEquals(
                "sallyport: no daemon answers on "
                        + folder.resolve("s")
                        + ": is `sallyport run` running?\n"
                        + "  start one with `sallyport up FILE`, or name its socket with"
                        + " --socket\n",
                ended.err());
    }
}
