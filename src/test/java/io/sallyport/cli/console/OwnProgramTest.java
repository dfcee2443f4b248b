package io.sallyport.cli.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.testkit.SessionMain;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The background daemon outlives the terminal it was started from.
class OwnProgramTest {
    @TempDir Path folder;

    private Map<String, String> started(String path) throws Exception {
        Path log = Files.writeString(folder.resolve("log"), "before 1\n");
        OwnProgram program =
                new OwnProgram(
                        SessionMain.class.getName(),
                        Map.of(
                                "PATH",
                                path,
                                "SALLYPORT_JAVA_OPTS",
                                " -Dsallyport.test=yes -Xmx64m"));
        Process process = program.start(List.of("run", "a b", "--x=\"y\""), log);
        assertEquals(0, process.waitFor());
        Map<String, String> said = new HashMap<>();
        for (String line : Files.readAllLines(log)) {
            said.put(line.split(" ", 2)[0], line.split(" ", 2)[1]);
        }
        assertEquals("1", said.get("before"), "the log is appended to");
        assertEquals("run|a b|--x=\"y\"", said.get("words"));
        assertEquals("yes", said.get("property"));
        assertEquals("this on the other stream", said.get("and"));
        assertEquals(Long.toString(process.pid()), said.get("pid"), "the pid is the daemon's own");
        return said;
    }

    /// A daemon that `up` starts is as small as one that a person runs.
    @Test
    void itsVirtualMachineHasTheOptionsOfTheLauncher() throws IOException {
        String launcher = Files.readString(Path.of("sallyport"));
        for (String option : OwnProgram.SMALL) {
            assertTrue(launcher.contains(" " + option + " "), option);
        }
    }

    @Test
    void itLeadsASessionOfItsOwn() throws Exception {
        Map<String, String> said = started("/nowhere:/usr/bin:/bin");
        assertEquals(said.get("pid"), said.get("session"));
    }

    @Test
    void withoutSetsidItIgnoresHangupAndInterrupt() throws Exception {
        Map<String, String> said = started("/nowhere");
        long ignored = Long.parseLong(said.getOrDefault("ignored", "0"), 16);
        assertTrue((ignored & 1) != 0, "SIGHUP (1)");
        assertTrue((ignored & 2) != 0, "SIGINT (2)");
    }

    @Test
    void theWidthIsThatOfTheEnvironmentOrEighty() {
        assertEquals(132, Terminal.columns(Map.of("COLUMNS", "132"), true));
        assertEquals(40, Terminal.columns(Map.of("COLUMNS", "3"), false));
        assertEquals(80, Terminal.columns(Map.of("COLUMNS", "wide"), false));
        assertEquals(80, Terminal.columns(Map.of(), false));
    }
}
