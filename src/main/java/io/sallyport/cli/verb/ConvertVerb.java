package io.sallyport.cli.verb;

import io.sallyport.cli.console.Console;
import io.sallyport.config.read.Reading;
import io.sallyport.config.render.SwanctlText;
import io.sallyport.config.syntax.Diagnostic;
import io.sallyport.control.local.Exit;
import io.sallyport.control.local.Trouble;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/// `convert`: the same VPN in another dialect. Asks no daemon.
public final class ConvertVerb implements CliVerb {
    @Override
    public CommandSpec spec() {
        return Sheet.of(
                        "convert",
                        "Print configurations in another dialect",
                        "Prints the model that the files give as a swanctl.conf, which read again",
                        "gives the same model. Keys are left out unless --secrets is said. Findings",
                        "go to standard error; what has an error is left out, and gives exit code",
                        "2.")
                .arguments(
                        "1..*",
                        "FILE",
                        "AWS's text for strongSwan, AWS's XML, ipsec.conf or swanctl.conf.")
                .option("--to", "DIALECT", "swanctl, which is also meant if nothing is said.")
                .flag("--secrets", "Write the keys, too: whoever reads the output has them.")
                .site()
                .examples(
                        List.of(
                                "sallyport convert /etc/ipsec.conf --to swanctl",
                                "(umask 077; sallyport convert vpn.txt --secrets > swanctl.conf)"),
                        Exit.CONFIG,
                        Exit.NO_INPUT);
    }

    @Override
    public int run(ParseResult result, Console console) throws Trouble {
        Said said = new Said(result, console);
        String to = said.value("--to");
        if (to != null && !to.equals("swanctl")) {
            throw Said.wrong("--to '" + to + "' is not known; use swanctl");
        }
        Reading reading = Configuration.read(Said.files(said.arguments()), said.site());
        for (Diagnostic finding : reading.findings()) {
            console.err().println(finding);
        }
        console.out().print(SwanctlText.render(reading.spec(), said.has("--secrets")));
        console.out().flush();
        return (reading.hasErrors() ? Exit.CONFIG : Exit.OK).code();
    }
}
