package io.sallyport.cli.verb;

import io.sallyport.cli.console.Console;
import io.sallyport.config.read.Reading;
import io.sallyport.config.render.ModelText;
import io.sallyport.control.local.Exit;
import io.sallyport.control.local.Trouble;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/// `check`: what a configuration means, and what is wrong with it. Asks no daemon.
public final class CheckVerb implements CliVerb {
    @Override
    public CommandSpec spec() {
        return Sheet.of(
                        "check",
                        "Show what configurations mean and every finding, changing nothing",
                        "Prints the model that the files give, keys masked, then each finding as",
                        "FILE:LINE:COLUMN: error, warning or note: what is wrong, then the totals.",
                        "Errors give exit code 2; warnings and notes alone give 0.")
                .arguments(
                        "1..*",
                        "FILE",
                        "AWS's text for strongSwan, AWS's XML, swanctl.conf, ipsec.conf or ipsec.secrets.")
                .site()
                .examples(
                        List.of(
                                "sallyport check vpn-f6fb86bd.txt --vpc 10.0.0.0/16",
                                "sallyport check /etc/ipsec.conf && sallyport up /etc/ipsec.conf"),
                        Exit.CONFIG,
                        Exit.NO_INPUT);
    }

    @Override
    public int run(ParseResult result, Console console) throws Trouble {
        Said said = new Said(result, console);
        Reading reading = Configuration.read(Said.files(said.arguments()), said.site());
        console.out().print(ModelText.render(reading.spec(), reading.findings()));
        console.out().flush();
        return (reading.hasErrors() ? Exit.CONFIG : Exit.OK).code();
    }
}
