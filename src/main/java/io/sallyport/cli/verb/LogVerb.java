package io.sallyport.cli.verb;

import io.sallyport.cli.console.Console;
import io.sallyport.cli.console.Printable;
import io.sallyport.control.client.ControlClient;
import io.sallyport.control.local.Exit;
import io.sallyport.control.local.Trouble;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/// `log`: what the daemon tells.
public final class LogVerb implements CliVerb {
    private static final int MOST = 100_000;

    @Override
    public CommandSpec spec() {
        return Sheet.of(
                        "log",
                        "Show what the daemon has told, and with --follow what it tells",
                        "The daemon keeps its last lines in memory. No key is ever among them.")
                .flag("-f --follow", "Go on with every new line until Ctrl-C or the daemon ends.")
                .option("-n --lines", "N", "How many of the last lines. Otherwise 100.")
                .socket()
                .examples(
                        List.of("sallyport log", "sallyport log --follow -n 0"),
                        Exit.UNAVAILABLE,
                        Exit.PROTOCOL,
                        Exit.NOT_PERMITTED);
    }

    @Override
    public int run(ParseResult result, Console console) throws Trouble {
        Said said = new Said(result, console);
        int count = said.number("--lines", 100, MOST);
        try (ControlClient daemon = said.daemon()) {
            if (said.has("--follow")) {
                daemon.follow(count, line -> print(console, line));
            } else {
                daemon.log(count).forEach(line -> print(console, line));
            }
        }
        return Exit.OK.code();
    }

    /// False when nobody reads any more, as after `log --follow | head`.
    private static boolean print(Console console, String line) {
        console.out().println(Printable.of(line));
        return !console.out().checkError(); // flushes
    }
}
