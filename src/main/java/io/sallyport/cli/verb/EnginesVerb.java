package io.sallyport.cli.verb;

import io.sallyport.cli.console.Console;
import io.sallyport.cli.show.EnginesScreen;
import io.sallyport.control.local.EnginesRequest;
import io.sallyport.control.local.Exit;
import io.sallyport.control.local.Trouble;
import io.sallyport.control.protocol.Json;
import io.sallyport.control.view.EnginesView;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/// `engines`: who encrypts on this machine, and how fast. Asks no daemon.
public final class EnginesVerb implements CliVerb {
    private static final int MILLISECONDS = 120;

    @Override
    public CommandSpec spec() {
        return Sheet.of(
                        "engines",
                        "Show the crypto engines of this machine, what they have and how fast",
                        "Looks for engines as a daemon does at its start, asks each for its known",
                        "answers, then measures packets of 64 and 1420 octets in runs of 32. Takes",
                        "some seconds of one core; measure on a quiet machine.")
                .option("--milliseconds", "N", "Time for each figure, 1 to 10000. Otherwise 120.")
                .flag("--list", "Measure nothing.")
                .flag("--prove", "Ask every engine for all its known answers; 1 if one is wrong.")
                .flag("--json", "As JSON.")
                .examples(
                        List.of(
                                "sallyport engines",
                                "sallyport engines --list --prove",
                                "sallyport engines --json | jq '.suites[].servedBy'"),
                        Exit.NO);
    }

    @Override
    public int run(ParseResult result, Console console) throws Trouble {
        Said said = new Said(result, console);
        int milliseconds = said.number("--milliseconds", MILLISECONDS, 10_000);
        EnginesView view =
                console.daemons()
                        .launcher()
                        .engines(
                                new EnginesRequest(
                                        said.has("--list") ? 0 : Math.max(1, milliseconds),
                                        said.has("--prove")));
        if (said.has("--json")) {
            console.out().println(Json.page(view));
        } else {
            new EnginesScreen(console.columns().getAsInt())
                    .lines(view)
                    .forEach(console.out()::println);
        }
        console.out().flush();
        return (said.has("--prove") && !view.refused().isEmpty() ? Exit.NO : Exit.OK).code();
    }
}
