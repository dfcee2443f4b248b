package io.sallyport.cli.verb;

import io.sallyport.cli.console.Console;
import io.sallyport.cli.show.DatabaseTables;
import io.sallyport.control.client.ControlClient;
import io.sallyport.control.local.Exit;
import io.sallyport.control.local.Trouble;
import io.sallyport.control.protocol.Json;
import io.sallyport.control.view.SadView;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/// `sad`: what stands in the data plane (S1-05).
public final class SadVerb implements CliVerb {
    @Override
    public CommandSpec spec() {
        return Sheet.of(
                        "sad",
                        "Show the security associations that stand",
                        "One line a pair: whether packets leave by it, both SPIs, how it travels, the numbers",
                        "of the last packets, and what it carried. Keys are never shown.")
                .flag("--json", "As JSON, every field always there.")
                .socket()
                .examples(
                        List.of("sallyport sad", "sallyport sad --json"),
                        Exit.UNAVAILABLE,
                        Exit.PROTOCOL,
                        Exit.NOT_PERMITTED);
    }

    @Override
    public int run(ParseResult result, Console console) throws Trouble {
        Said said = new Said(result, console);
        try (ControlClient daemon = said.daemon()) {
            List<SadView> all = daemon.sad();
            if (said.has("--json")) {
                console.out().println(Json.page(all));
            } else {
                DatabaseTables.sad(all, console.columns().getAsInt())
                        .forEach(console.out()::println);
            }
            console.out().flush();
            return Exit.OK.code();
        }
    }
}
