package io.sallyport.cli.verb;

import io.sallyport.cli.console.Console;
import io.sallyport.control.client.ControlClient;
import io.sallyport.control.local.CleanupRequest;
import io.sallyport.control.local.Exit;
import io.sallyport.control.local.Trouble;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/// `down`: connections, or the daemon and all that it put into the system.
public final class DownVerb implements CliVerb {
    private static final Duration STEP = Duration.ofMillis(100);
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @Override
    public CommandSpec spec() {
        return Sheet.of(
                        "down",
                        "Take connections down; without a name, the daemon as well",
                        "The peers are told. A connection taken down stays down until `up` names it.",
                        "Without a name the daemon ends, and with it every interface, route and",
                        "setting it made. Where no daemon runs, what a killed one left is removed.")
                .arguments("0..*", "NAME", "Connections; none: all, with the daemon.")
                .socket()
                .stateDirectory()
                .examples(
                        List.of("sallyport down", "sallyport down Tunnel2"),
                        Exit.NO,
                        Exit.UNAVAILABLE,
                        Exit.PROTOCOL,
                        Exit.NOT_PERMITTED);
    }

    @Override
    public int run(ParseResult result, Console console) throws Trouble {
        Said said = new Said(result, console);
        if (!said.arguments().isEmpty()) {
            try (ControlClient daemon = said.daemon()) {
                return Answers.told(daemon.down(said.arguments()), console);
            }
        }
        ControlClient daemon;
        try {
            daemon = said.daemon();
        } catch (Trouble trouble) {
            if (trouble.exit() == Exit.UNAVAILABLE) {
                return cleanUp(said);
            }
            throw trouble;
        }
        Optional<ProcessHandle> process;
        try (daemon) {
            process = process(daemon.version().pid());
            Answers.told(daemon.stop(), console);
        }
        return awaitEnd(said.socket(), process, console);
    }

    private static int cleanUp(Said said) throws Trouble {
        Console console = said.console();
        List<String> removed =
                console.daemons()
                        .launcher()
                        .cleanup(new CleanupRequest(said.socket(), said.stateDirectory()));
        console.out()
                .println(
                        removed.isEmpty()
                                ? "no daemon runs and nothing was left behind"
                                : "no daemon runs; removed what one left behind:");
        removed.forEach(line -> console.out().println("  " + line));
        console.out().flush();
        return Exit.OK.code();
    }

    /// The daemon's process, if it can be seen from here: in another process namespace the number
    /// means something else or nothing.
    private static Optional<ProcessHandle> process(long pid) {
        return ProcessHandle.of(pid)
                .filter(found -> found.info().command().orElse("").endsWith("/java"));
    }

    /// The socket goes first, the last interface and route before the process.
    private static int awaitEnd(Path socket, Optional<ProcessHandle> process, Console console)
            throws Trouble {
        long deadline = console.time().nanos() + PATIENCE.toNanos();
        while (answers(socket) || process.isPresent() && process.get().isAlive()) {
            if (console.time().nanos() - deadline >= 0 || !console.time().pause(STEP)) {
                throw new Trouble(
                        Exit.LATER,
                        "the daemon on " + socket + " was asked to stop and still runs",
                        "see what keeps it with `sallyport log`");
            }
        }
        return Exit.OK.code();
    }

    private static boolean answers(Path socket) {
        try (ControlClient _ = ControlClient.connect(socket)) {
            return true;
        } catch (Trouble _) {
            return false;
        }
    }
}
