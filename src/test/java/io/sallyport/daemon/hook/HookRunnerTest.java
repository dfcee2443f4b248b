package io.sallyport.daemon.hook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.daemon.text.LogLine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Real programs: what they find, in which order they run, and what becomes of those that hang.
@Timeout(30)
final class HookRunnerTest {
    @TempDir Path folder;
    private final List<LogLine> log = new CopyOnWriteArrayList<>();
    private final HookRunner runner = new HookRunner(Duration.ofSeconds(10), log::add);

    private static HookRunner.Run run(String line, Map<String, String> env, String... words) {
        return new HookRunner.Run(
                "c", line, "up-client of child net", String.join(" ", words), env);
    }

    private Path script(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.writeString(file, "#!/bin/sh\n" + text);
        assertTrue(file.toFile().setExecutable(true));
        return file;
    }

    /// One that is dead and that nobody has asked for yet does not run.
    private static boolean runs(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
            return stat.charAt(stat.lastIndexOf(')') + 2) != 'Z';
        } catch (IOException _) {
            return false;
        }
    }

    private List<String> said() {
        return log.stream().map(LogLine::text).toList();
    }

    @Test
    void aProgramFindsWhatItIsGivenAndNothingElse() throws IOException {
        Path record =
                script("record", "env | grep -v '^_=\\|^PWD=\\|^OLDPWD=\\|^SHLVL=' | sort > $1\n");
        Path out = folder.resolve("out");
        String hostile = "$(touch " + folder + "/bad); `reboot` '\" | x";
        runner.add(
                run(
                        "c",
                        Map.of("PLUTO_PEER_ID", hostile),
                        // even where the command names it
                        record.toString(),
                        out.toString(),
                        "$PLUTO_PEER_ID"));
        assertTrue(runner.finish(Duration.ofSeconds(10)));
        assertEquals(
                List.of("PATH=" + HookRunner.PATH, "PLUTO_PEER_ID=" + hostile),
                Files.readAllLines(out));
        assertFalse(Files.exists(folder.resolve("bad")), "a shell read the peer's words");
    }

    /// The first of `c` waits for the one of `d`: lines do not wait for each other, runs of one do.
    @Test
    void runsOfALineKeepTheirOrder() throws IOException {
        Path out = folder.resolve("order");
        Path waits =
                script(
                        "waits",
                        "while [ ! -e " + folder + "/go ]; do :; done\necho first >> " + out);
        Path says = script("says", "echo $1 >> " + out);
        Path frees = script("frees", "touch " + folder + "/go");
        runner.add(run("c", Map.of(), waits.toString()));
        for (String word : List.of("second", "third", "fourth")) {
            runner.add(run("c", Map.of(), says.toString(), word));
        }
        runner.add(run("d", Map.of(), frees.toString()));
        assertTrue(runner.finish(Duration.ofSeconds(20)));
        assertEquals(List.of("first", "second", "third", "fourth"), Files.readAllLines(out));
    }

    @Test
    void aProgramThatHangsIsKilledWithItsChildrenAndTheNextOneRuns() throws IOException {
        HookRunner hasty = new HookRunner(Duration.ofMillis(300), log::add);
        Path hangs = script("hangs", "echo $$ > " + folder + "/pid\nsleep 600 & wait\n");
        Path after = script("after", "echo here\n");
        hasty.add(run("c", Map.of(), hangs.toString()));
        hasty.add(run("c", Map.of(), after.toString()));
        assertTrue(hasty.finish(Duration.ofSeconds(20)));
        assertEquals(
                List.of(
                        "updown, up-client of child net, was killed: not done after 300 ms",
                        "updown says: here"),
                said());
        long pid = Long.parseLong(Files.readString(folder.resolve("pid")).strip());
        assertFalse(runs(pid), "it goes on");
    }

    /// Its child keeps the output open: nobody waits for that.
    @Test
    void whatAProgramLeavesInTheBackgroundHoldsNobodyUp() throws IOException {
        Path leaves = script("leaves", "sleep 600 &\necho $! > " + folder + "/left\n");
        runner.add(run("c", Map.of(), leaves.toString()));
        assertTrue(runner.finish(Duration.ofSeconds(8)));
        long pid = Long.parseLong(Files.readString(folder.resolve("left")).strip());
        ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
    }

    @Test
    void whatGoesWrongIsTold() throws IOException {
        runner.add(run("c", Map.of(), script("fails", "echo no >&2; exit 3").toString()));
        runner.add(run("c", Map.of(), "/nowhere/at/all"));
        Path chatter = script("chatter", "i=0; while [ $i -lt 150 ]; do i=$((i+1)); echo $i; done");
        runner.add(run("c", Map.of(), chatter.toString()));
        assertTrue(runner.finish(Duration.ofSeconds(20)));
        List<String> expected = new ArrayList<>();
        for (int i = 1; i <= 100; i++) {
            expected.add("updown says: " + i);
        }
        List<String> lines = said();
        assertTrue(lines.contains("updown says: no"), lines.toString());
        assertTrue(lines.contains("updown, up-client of child net, ended with 3"));
        assertTrue(lines.contains("updown, up-client of child net, ended with 127"));
        assertTrue(
                lines.stream().anyMatch(l -> l.contains("/nowhere/at/all: not found")),
                lines.toString());
        assertEquals(
                expected, lines.stream().filter(l -> l.matches("updown says: [0-9]+")).toList());
        assertTrue(
                lines.contains(
                        "updown, up-client of child net, said 150 lines; the first 100 are"
                                + " above"),
                lines.toString());
        assertTrue(log.stream().allMatch(l -> l.connection().equals("c")));
    }

    /// A hundred that hang: the next one's turn comes when the first of them is killed.
    @Test
    void manyThatHangAreNoManyProcesses() throws IOException {
        HookRunner hasty = new HookRunner(Duration.ofMillis(300), log::add);
        Path hangs = script("hangs", "echo x >> " + folder + "/begun; exec sleep 600");
        for (int i = 0; i < 100; i++) {
            hasty.add(run("line " + i, Map.of(), hangs.toString()));
        }
        assertTrue(hasty.finish(Duration.ofSeconds(25)));
        assertEquals(
                100, said().stream().filter(l -> l.contains("was killed")).count(), "each is told");
        assertTrue(Files.readAllLines(folder.resolve("begun")).size() <= 100);
    }

    @Test
    void aCommandIsReadByAShellAsCharonDoesIt() throws IOException {
        Path out = folder.resolve("out");
        Path says = script("says", "for w; do echo \"$w\"; done");
        runner.add(
                run(
                        "c",
                        Map.of("PLUTO_VERB", "up-client"),
                        "[ $PLUTO_VERB = up-client ] && "
                                + says
                                + "  -x 'a b' \"c'd\" '' >"
                                + out));
        assertTrue(runner.finish(Duration.ofSeconds(10)));
        assertEquals(List.of("-x", "a b", "c'd", ""), Files.readAllLines(out));
    }
}
