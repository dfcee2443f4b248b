package io.sallyport.cli.verb;

import io.sallyport.cli.console.Console;
import io.sallyport.cli.show.FailureScreen;
import io.sallyport.control.client.ControlClient;
import io.sallyport.control.local.Exit;
import io.sallyport.control.local.Trouble;
import io.sallyport.control.protocol.Json;
import io.sallyport.control.view.FailureView;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/// `why`: what failed, what both sides said, and what to do.
public final class WhyVerb implements CliVerb {
    @Override
    public CommandSpec spec() {
        return Sheet.of(
                        "why",
                        "Say why negotiations failed",
                        "Of each failure: what decided, who the two ends are and what they offered and",
                        "wanted, what was thought of the peer's proof, the line of configuration, and",
                        "what to do next. The last one comes first. Nothing in it is secret.")
                .arguments(
                        "0..1",
                        "PEER",
                        "A connection, or the address or identity of a peer; none: all.")
                .flag("--json", "As JSON, every field always there.")
                .socket()
                .examples(
                        List.of("sallyport why", "sallyport why office", "sallyport why --json"),
                        Exit.UNAVAILABLE,
                        Exit.PROTOCOL,
                        Exit.NOT_PERMITTED);
    }

    @Override
    public int run(ParseResult result, Console console) throws Trouble {
        Said said = new Said(result, console);
        String peer = said.arguments().isEmpty() ? "" : said.arguments().getFirst();
        try (ControlClient daemon = said.daemon()) {
            List<FailureView> found = daemon.why(peer);
            if (said.has("--json")) {
                console.out().println(Json.page(found));
            } else if (found.isEmpty()) {
                List<FailureView> all = peer.isEmpty() ? List.of() : daemon.why("");
                FailureScreen.none(peer, all).forEach(console.out()::println);
            } else {
                FailureScreen.of(found, console.columns().getAsInt())
                        .forEach(console.out()::println);
            }
            console.out().flush();
            return Exit.OK.code();
        }
    }
}
