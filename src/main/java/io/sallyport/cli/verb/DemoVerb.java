package io.sallyport.cli.verb;

import io.sallyport.cli.console.Console;
import io.sallyport.control.local.DemoRequest;
import io.sallyport.control.local.Exit;
import io.sallyport.control.local.Trouble;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/// `demo`: the main job, end to end.
public final class DemoVerb implements CliVerb {
    @Override
    public CommandSpec spec() {
        return Sheet.of(
                        "demo",
                        "Show the main job end to end, in network namespaces of its own",
                        "Makes a customer's network and two AWS endpoints as namespaces, brings both",
                        "tunnels up from a file in AWS's format, pings, moves data by TCP, kills one",
                        "endpoint and shows the traffic move to the other tunnel and back, proves by",
                        "its own capture that only IKE and ESP crossed the wire, and cleans up. Takes",
                        "less than a minute. Needs root.")
                .option("--megabytes", "N", "How much to move by TCP, 1 to 1000. Otherwise 20.")
                .flag("--keep", "Leave the namespaces and daemons, for looking round.")
                .flag("-v --verbose", "Show what the daemons log.")
                .examples(
                        List.of("sallyport demo", "sallyport demo --megabytes 200 --verbose"),
                        Exit.NO,
                        Exit.UNAVAILABLE,
                        Exit.NOT_PERMITTED);
    }

    @Override
    public int run(ParseResult result, Console console) throws Trouble {
        Said said = new Said(result, console);
        int megabytes = said.number("--megabytes", 20, 1000);
        if (megabytes == 0) {
            throw Said.wrong("--megabytes '0' is no number from 1 to 1000");
        }
        return console.daemons()
                .launcher()
                .demo(
                        new DemoRequest(
                                megabytes,
                                said.has("--keep"),
                                said.has("--verbose"),
                                console.colour()));
    }
}
