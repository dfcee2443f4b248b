package io.sallyport.cli.verb;

import io.sallyport.cli.console.Console;
import io.sallyport.control.local.Exit;
import io.sallyport.control.local.RunRequest;
import io.sallyport.control.local.Trouble;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/// `run`: a gateway in the foreground.
public final class RunVerb implements CliVerb {
    @Override
    public CommandSpec spec() {
        return Sheet.of(
                        "run",
                        "Run a gateway in the foreground until Ctrl-C, SIGTERM or `down`",
                        "Reads the configurations, brings up what they say should start, and keeps it",
                        "up. At the end everything it put into the system is removed again (see",
                        "--keep-guards).")
                .arguments(
                        "0..*",
                        "CONFIG",
                        "Files: AWS's text for strongSwan, AWS's XML, swanctl.conf, or ipsec.conf",
                        "(ipsec.secrets beside it is read too). Without one the daemon waits for",
                        "what `up FILE` or swanctl loads.")
                .gateway()
                .examples(
                        List.of(
                                "sallyport run vpn-f6fb86bd.txt --vpc 10.0.0.0/16",
                                "sallyport run /etc/ipsec.conf --log-level debug",
                                "ip netns exec left sallyport run left.conf \\",
                                "  --socket /run/sallyport/left/control.sock"),
                        Exit.CONFIG,
                        Exit.NO_INPUT,
                        Exit.UNAVAILABLE,
                        Exit.CANNOT_CREATE,
                        Exit.NOT_PERMITTED);
    }

    @Override
    public int run(ParseResult result, Console console) throws Trouble {
        Said said = new Said(result, console);
        RunRequest request = said.runRequest(Said.files(said.arguments()));
        return console.daemons().launcher().run(request);
    }
}
