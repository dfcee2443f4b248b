package io.sallyport.cli.verb;

import io.sallyport.cli.console.Console;
import io.sallyport.control.client.ControlClient;
import io.sallyport.control.local.Exit;
import io.sallyport.control.local.Trouble;
import io.sallyport.control.view.Answer;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/// `rekey`: new keys now.
public final class RekeyVerb implements CliVerb {
    @Override
    public CommandSpec spec() {
        return Sheet.of(
                        "rekey",
                        "Negotiate new keys now, without losing a packet",
                        "With a connection alone its IKE SA is renewed, with a child that child SA.",
                        "The old SA goes when the new one carries traffic.")
                .arguments(
                        "1..2",
                        "NAME",
                        "The connection, and perhaps one of its children (an ipsec.conf `conn` is",
                        "both: name it twice to renew its child SA).")
                .socket()
                .examples(
                        List.of("sallyport rekey Tunnel1", "sallyport rekey Tunnel1 Tunnel1"),
                        Exit.NO,
                        Exit.UNAVAILABLE,
                        Exit.PROTOCOL,
                        Exit.NOT_PERMITTED);
    }

    @Override
    public int run(ParseResult result, Console console) throws Trouble {
        Said said = new Said(result, console);
        List<String> names = said.arguments();
        if (names.size() > 2) {
            throw Said.wrong("rekey takes a connection and perhaps one child, not more");
        }
        try (ControlClient daemon = said.daemon()) {
            Answer answer = daemon.rekey(names.getFirst(), names.size() > 1 ? names.get(1) : "");
            return Answers.told(answer, console);
        }
    }
}
