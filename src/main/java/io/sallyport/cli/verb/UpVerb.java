package io.sallyport.cli.verb;

import io.sallyport.cli.console.Console;
import io.sallyport.control.client.ControlClient;
import io.sallyport.control.local.Exit;
import io.sallyport.control.local.RunRequest;
import io.sallyport.control.local.Trouble;
import io.sallyport.control.view.Answer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/// `up`: by the running daemon, or by one that it starts.
public final class UpVerb implements CliVerb {
    private static final int TIMEOUT = 30;

    @Override
    public CommandSpec spec() {
        return Sheet.of(
                        "up",
                        "Bring tunnels up and wait until they carry traffic",
                        "With a FILE, the daemon that answers on the socket loads it; if none answers,",
                        "one is started in the background. With a NAME, the daemon brings that",
                        "connection up. A word with a slash, or that is a file here, is a FILE.")
                .arguments("1..*", "FILE|NAME", "Configurations to load, connections to bring up.")
                .gateway()
                .option(
                        "--timeout",
                        "SECONDS",
                        "How long to wait for the tunnels; 0: not at all. Otherwise 30.")
                .examples(
                        List.of(
                                "sallyport up vpn-f6fb86bd.txt --vpc 10.0.0.0/16",
                                "sallyport up vpn.xml --vpc 10.0.0.0/16 --local 10.9.0.4"
                                        + " --behind-nat",
                                "sallyport up Tunnel2"),
                        Exit.NO,
                        Exit.CONFIG,
                        Exit.NO_INPUT,
                        Exit.UNAVAILABLE,
                        Exit.CANNOT_CREATE,
                        Exit.LATER,
                        Exit.PROTOCOL,
                        Exit.NOT_PERMITTED);
    }

    @Override
    public int run(ParseResult result, Console console) throws Trouble {
        Said said = new Said(result, console);
        List<String> fileNames = new ArrayList<>();
        List<String> names = new ArrayList<>();
        for (String word : said.arguments()) {
            boolean file = word.indexOf('/') >= 0 || Files.exists(Said.absolute(word));
            (file ? fileNames : names).add(word);
        }
        List<Path> files = Said.files(fileNames);
        RunRequest request = said.runRequest(files);
        Duration timeout = Duration.ofSeconds(said.number("--timeout", TIMEOUT, 86_400));
        List<String> loaded =
                files.isEmpty() ? List.of() : Configuration.checked(request.load(), console);
        Optional<ControlClient> running = running(said, files.isEmpty() ? names : List.of());
        try (ControlClient daemon =
                running.isPresent() ? running.get() : BackgroundDaemon.start(request, console)) {
            if (running.isPresent() && !files.isEmpty()) {
                Answers.told(daemon.load(request.load()), console);
            }
            TunnelWait wait = new TunnelWait(console, timeout);
            wait.await(daemon, loaded);
            if (!names.isEmpty()) {
                Answer raised = daemon.up(names);
                Answers.told(raised, console);
                wait.await(daemon, raised.connections());
            }
            return Exit.OK.code();
        }
    }

    /// The daemon that answers; empty where none does.
    ///
    /// @param names that only a daemon could know
    private static Optional<ControlClient> running(Said said, List<String> names) throws Trouble {
        try {
            return Optional.of(said.daemon());
        } catch (Trouble trouble) {
            if (trouble.exit() != Exit.UNAVAILABLE) {
                throw trouble;
            }
            if (!names.isEmpty()) {
                throw new Trouble(
                        Exit.NO_INPUT,
                        "cannot read " + names.getFirst() + ": no such file",
                        "nor is it a connection: no daemon answers on " + said.socket());
            }
            return Optional.empty();
        }
    }
}
