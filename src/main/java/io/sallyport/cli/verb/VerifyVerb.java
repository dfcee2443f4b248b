package io.sallyport.cli.verb;

import io.sallyport.cli.console.Console;
import io.sallyport.cli.show.VerifyReport;
import io.sallyport.control.client.ControlClient;
import io.sallyport.control.local.Exit;
import io.sallyport.control.local.Trouble;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/// `verify`: the five checks of AWS's text, S3-48 to S3-52.
public final class VerifyVerb implements CliVerb {
    @Override
    public CommandSpec spec() {
        return Sheet.of(
                        "verify",
                        "Make the five checks that AWS's instructions end with",
                        "1. Both tunnels are established (as `ipsec status` would show). 2. A route",
                        "leads to the VPC by each (`ip route`). 3. Marks and segment size are set",
                        "(`iptables -t mangle -L -n`). 4. The inside addresses are right (`ifconfig`).",
                        "5. The far side answers (`ping`): the tunnels' inside addresses, and HOST.")
                .arguments("0..*", "HOST", "Addresses in the VPC to ping.")
                .socket()
                .examples(
                        List.of("sallyport verify", "sallyport verify 10.0.1.20"),
                        Exit.NO,
                        Exit.UNAVAILABLE,
                        Exit.PROTOCOL,
                        Exit.NOT_PERMITTED);
    }

    @Override
    public int run(ParseResult result, Console console) throws Trouble {
        Said said = new Said(result, console);
        try (ControlClient daemon = said.daemon()) {
            VerifyReport report = VerifyReport.of(daemon.verify(said.addresses()));
            report.lines(console.paint()).forEach(console.out()::println);
            console.out().flush();
            return (report.holds() ? Exit.OK : Exit.NO).code();
        }
    }
}
