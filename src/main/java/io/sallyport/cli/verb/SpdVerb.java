package io.sallyport.cli.verb;

import io.sallyport.cli.console.Console;
import io.sallyport.cli.show.DatabaseTables;
import io.sallyport.control.client.ControlClient;
import io.sallyport.control.local.Exit;
import io.sallyport.control.local.Trouble;
import io.sallyport.control.protocol.Json;
import io.sallyport.control.view.SpdView;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/// `spd`: what stands in the data plane (S1-05).
public final class SpdVerb implements CliVerb {
    @Override
    public CommandSpec spec() {
        return Sheet.of(
                        "spd",
                        "Show the policies that stand",
                        "One line a policy: its action, whether it has an SA, its place (a priority, or by how",
                        "narrow its selectors are), and what it covered on the way out. What no policy covers",
                        "is dropped.")
                .flag("--json", "As JSON, every field always there.")
                .socket()
                .examples(
                        List.of("sallyport spd", "sallyport spd --json"),
                        Exit.UNAVAILABLE,
                        Exit.PROTOCOL,
                        Exit.NOT_PERMITTED);
    }

    @Override
    public int run(ParseResult result, Console console) throws Trouble {
        Said said = new Said(result, console);
        try (ControlClient daemon = said.daemon()) {
            List<SpdView> all = daemon.spd();
            if (said.has("--json")) {
                console.out().println(Json.page(all));
            } else {
                DatabaseTables.spd(all, console.columns().getAsInt())
                        .forEach(console.out()::println);
            }
            console.out().flush();
            return Exit.OK.code();
        }
    }
}
