package io.sallyport.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.control.local.Exit;
import io.sallyport.control.local.Trouble;
import io.sallyport.control.server.ControlServer;
import io.sallyport.control.view.Answer;
import io.sallyport.control.view.TunnelState;
import io.sallyport.testkit.HoldMain;
import io.sallyport.testkit.MemoryOperator;
import io.sallyport.testkit.TestConsole;
import io.sallyport.testkit.Views;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `up` and `down` against a daemon in memory behind a real socket.
class UpAndDownTest {
    @TempDir Path folder;

    private final TestConsole console = new TestConsole();
    private final MemoryOperator operator = new MemoryOperator();
    private final List<ControlServer> servers = new ArrayList<>();
    private final List<Process> processes = new ArrayList<>();
    private Path conf;

    @BeforeEach
    void write() throws IOException {
        console.environment.put("SALLYPORT_SOCKET", socket().toString());
        conf = Files.writeString(folder.resolve("ipsec.conf"), CommandLineTest.CONF);
        Files.writeString(folder.resolve("ipsec.secrets"), CommandLineTest.SECRETS);
        operator.status = Views.statusOf(Views.up());
    }

    @AfterEach
    void stop() {
        servers.forEach(ControlServer::close);
        processes.forEach(Process::destroyForcibly);
    }

    private Path socket() {
        return folder.resolve("run/control.sock");
    }

    private int sallyport(String... words) {
        return new CommandShell(new CommandTree("0.1.0"), console.console()).execute(words);
    }

    private ControlServer daemon() {
        try {
            ControlServer server = ControlServer.start(socket(), operator);
            servers.add(server);
            return server;
        } catch (Trouble trouble) {
            throw new IllegalStateException(trouble);
        }
    }

    /// A process that plays the daemon's: ends with a script, its output in the log.
    private Process process(Path log, String script) {
        try {
            Process process =
                    new ProcessBuilder("sh", "-c", script)
                            .redirectInput(new File("/dev/null"))
                            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                            .start();
            processes.add(process);
            return process;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void whereNoDaemonAnswersOneIsStartedAndTheTunnelsAreWaitedFor() {
        operator.status = Views.statusOf(Views.withState(Views.up(), TunnelState.CONNECTING, ""));
        console.onStart =
                (arguments, log) -> {
                    daemon();
                    return process(log, "sleep 60");
                };
        console.onPause =
                pause -> {
                    if (pause == 3) {
                        operator.status = Views.statusOf(Views.up());
                    }
                    return true;
                };
        assertEquals(
                0,
                sallyport(
                        "up",
                        conf.toString(),
                        "--vpc",
                        "10.0.0.0/16",
                        "--behind-nat",
                        "--backend",
                        "auto",
                        "--keep-guards",
                        "--without-filter"),
                console.err());
        assertEquals("Tunnel1: UP after 300 ms\n", console.out());
        assertEquals(
                List.of(
                        "run "
                                + conf
                                + " --vpc=10.0.0.0/16 --behind-nat --socket="
                                + socket()
                                + " --state-dir="
                                + socket().getParent()
                                + " --log-level=info --backend=auto --keep-guards --without-filter"),
                console.launched);
    }

    @Test
    void aDaemonThatAnswersBeforeItHasLoadedIsWaitedFor() {
        operator.status = Views.statusOf();
        console.onStart =
                (arguments, log) -> {
                    daemon();
                    return process(log, "sleep 60");
                };
        console.onPause =
                pause -> {
                    operator.status = Views.statusOf(Views.up());
                    return true;
                };
        assertEquals(0, sallyport("up", conf.toString()), console.err());
        assertEquals("Tunnel1: UP after 100 ms\n", console.out());
    }

    @Test
    void whatTheDaemonSaidWhenItEndedIsSaidAgain() throws IOException {
        Files.createDirectories(socket().getParent());
        Files.writeString(
                socket().resolveSibling("daemon.log"), "sallyport: of another day\n  old\n");
        console.onStart =
                (arguments, log) -> {
                    Process process =
                            process(
                                    log,
                                    "echo '12:00:00 INFO starts'; echo 'sallyport: UDP port 500 is"
                                            + " in use by pid 812 (charon)'; echo '  stop it, or"
                                            + " choose'; exit 69");
                    try {
                        process.waitFor();
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                    return process;
                };
        assertEquals(Exit.UNAVAILABLE.code(), sallyport("up", conf.toString()));
        assertEquals(
                "sallyport: UDP port 500 is in use by pid 812 (charon)\n  stop it, or choose\n",
                console.err());
    }

    @Test
    void aDaemonThatEndsWithoutAWordIsSaidSo() {
        console.onStart =
                (arguments, log) -> {
                    Process process = process(log, "exit 3");
                    try {
                        process.waitFor();
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                    return process;
                };
        assertEquals(Exit.BUG.code(), sallyport("up", conf.toString()));
        assertEquals(
                "sallyport: the daemon ended at once with exit code 3\n  see "
                        + socket().resolveSibling("daemon.log")
                        + "\n",
                console.err());
    }

    @Test
    void aDaemonThatRunsIsAskedToLoad() {
        daemon();
        assertEquals(0, sallyport("up", conf.toString(), "--vpc", "10.0.0.0/16"), console.err());
        assertEquals(
                List.of(
                        "load LoadRequest[files=["
                                + conf
                                + "], site=Site[vpcs=[10.0.0.0/16], local=null, behindNat=false]]"),
                operator.asked);
        assertEquals("as you say\nTunnel1: UP after 0.00 ms\n", console.out());
    }

    @Test
    void whatIsNotUpInTimeIsSaidWithItsReason() {
        daemon();
        operator.status = Views.statusOf(Views.up(), Views.connecting());
        operator.answer = Answer.done("bringing up Tunnel2", List.of("Tunnel2"));
        assertEquals(
                Exit.LATER.code(), sallyport("up", "Tunnel2", "--timeout", "5"), console.err());
        assertEquals(
                "sallyport: not up after 5 s: Tunnel2 is CONNECTING: Tunnel2 (54.77.23.12): main"
                        + " mode failed: NO_PROPOSAL_CHOSEN; ours: aes128-sha1-modp1024"
                        + " [vpn.txt:80]\n"
                        + "  the daemon goes on trying; see `sallyport status` and `sallyport"
                        + " log`\n",
                console.err());
        assertEquals("bringing up Tunnel2\n", console.out());
    }

    @Test
    void withoutTimeNothingIsWaitedFor() {
        daemon();
        operator.status = Views.statusOf(Views.connecting());
        assertEquals(0, sallyport("up", "Tunnel2", "--timeout", "0"), console.err());
    }

    @Test
    void aRefusalIsAnAnswer() {
        daemon();
        operator.answer = Answer.refused("there is no connection Tunel1", "there are: Tunnel1");
        assertEquals(Exit.NO.code(), sallyport("up", "Tunel1"));
        assertEquals(
                "sallyport: there is no connection Tunel1\n  there are: Tunnel1\n", console.err());
    }

    @Test
    void downWithANameLeavesTheDaemon() {
        daemon();
        assertEquals(0, sallyport("down", "Tunnel1"), console.err());
        assertEquals(List.of("down [Tunnel1]"), operator.asked);
        assertEquals(1, operator.stopped.getCount());
    }

    @Test
    void downWithoutANameWaitsForTheDaemonsEnd() {
        ControlServer server = daemon();
        console.onPause =
                pause -> {
                    if (pause == 2) {
                        server.close();
                    }
                    return true;
                };
        assertEquals(0, sallyport("down"), console.err());
        assertEquals("the daemon stops\n", console.out());
        assertEquals(0, operator.stopped.getCount());
    }

    @Test
    void downWaitsForTheProcessToo() throws IOException {
        ControlServer server = daemon();
        operator.onStop = server::close;
        Process java =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-cp",
                                System.getProperty("java.class.path"),
                                HoldMain.class.getName())
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
        processes.add(java);
        operator.pid = java.pid();
        console.onPause =
                pause -> {
                    if (pause == 5) {
                        java.destroyForcibly();
                        java.onExit().join();
                    }
                    return true;
                };
        assertEquals(0, sallyport("down"), console.err());
        assertEquals(500_000_000L, console.nanos());
    }

    @Test
    void aDaemonThatDoesNotEndIsSaidSo() {
        daemon();
        assertEquals(Exit.LATER.code(), sallyport("down"));
        assertTrue(
                console.err()
                        .startsWith(
                                "sallyport: the daemon on "
                                        + socket()
                                        + " was asked to stop and still runs\n"),
                console.err());
    }

    @Test
    void downCleansUpAfterAKilledDaemon() {
        console.leftovers = List.of("interface Tunnel1", "route 10.0.0.0/16 dev Tunnel1");
        assertEquals(0, sallyport("down", "--state-dir", "/tmp/y"), console.err());
        assertEquals(
                List.of("cleanup CleanupRequest[socket=" + socket() + ", stateDirectory=/tmp/y]"),
                console.launched);
        assertEquals(
                "no daemon runs; removed what one left behind:\n"
                        + "  interface Tunnel1\n  route 10.0.0.0/16 dev Tunnel1\n",
                console.out());
    }

    @Test
    void downTwiceIsNoFailure() {
        assertEquals(0, sallyport("down"), console.err());
        assertEquals("no daemon runs and nothing was left behind\n", console.out());
    }

    @Test
    void rekeyNamesConnectionAndChild() {
        daemon();
        assertEquals(0, sallyport("rekey", "Tunnel1"), console.err());
        assertEquals(0, sallyport("rekey", "Tunnel1", "net"), console.err());
        assertEquals(List.of("rekey Tunnel1 ", "rekey Tunnel1 net"), operator.asked);
        assertEquals(Exit.USAGE.code(), sallyport("rekey", "a", "b", "c"));
    }

    @Test
    void logShowsTheLastLinesWithoutControlCharacters() {
        daemon();
        operator.log.addAll(List.of("one", "two \033[31mred", "three"));
        assertEquals(0, sallyport("log", "-n", "2"), console.err());
        assertEquals("two ?[31mred\nthree\n", console.out());
    }

    @Test
    void versionNamesTheDaemon() {
        daemon();
        assertEquals(0, sallyport("version"));
        assertTrue(
                console.out().endsWith("\ndaemon    0.1.0, Java 25.0.1, pid 5000000\n"),
                console.out());
    }
}
