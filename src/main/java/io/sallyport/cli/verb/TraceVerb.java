package io.sallyport.cli.verb;

import io.sallyport.cli.console.Console;
import io.sallyport.cli.console.Printable;
import io.sallyport.control.client.ControlClient;
import io.sallyport.control.local.Exit;
import io.sallyport.control.local.TraceRequest;
import io.sallyport.control.local.Trouble;
import io.sallyport.control.protocol.Json;
import io.sallyport.control.view.TraceView;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/// `trace`: what would become of a packet, stage by stage.
public final class TraceVerb implements CliVerb {
    @Override
    public CommandSpec spec() {
        return Sheet.of(
                        "trace",
                        "Explain what would become of a packet",
                        "Walks the road that a packet from FROM to TO would take out of this gateway:",
                        "the policy that covers it, the SA, the size, the outer packet. Nothing is sent",
                        "and nothing counted. Exit code 0: it would leave; 1: it would not.")
                .arguments("2", "ADDRESS", "Where it comes from, and where it goes.")
                .option("-p --protocol", "WORD", "tcp, udp, icmp or a number. Otherwise udp.")
                .option("--from-port", "N", "Its port; of icmp the type. Otherwise 0.")
                .option("--to-port", "N", "The other port; of icmp the code. Otherwise 0.")
                .option("-l --length", "OCTETS", "Of the whole packet. Otherwise 100.")
                .flag("--df", "It must not be fragmented.")
                .option("--link", "NAME", "The tunnel's interface. Otherwise the shared one.")
                .flag("--json", "As JSON, every field always there.")
                .socket()
                .examples(
                        List.of(
                                "sallyport trace 192.168.1.5 10.0.0.9 --protocol tcp --to-port 443",
                                "sallyport trace 192.168.1.5 10.0.0.9 --link vti1 -l 1500 --df"),
                        Exit.NO,
                        Exit.UNAVAILABLE,
                        Exit.PROTOCOL,
                        Exit.NOT_PERMITTED);
    }

    @Override
    public int run(ParseResult result, Console console) throws Trouble {
        Said said = new Said(result, console);
        List<String> ends = said.addresses();
        if (ends.size() != 2) {
            throw Said.wrong("trace takes two addresses: where from, and where to");
        }
        String link = said.value("--link");
        TraceRequest request =
                new TraceRequest(
                        link == null ? "" : link,
                        ends.getFirst(),
                        ends.getLast(),
                        protocol(said, ends.getFirst().indexOf(':') >= 0),
                        said.number("--from-port", 0, 0xffff),
                        said.number("--to-port", 0, 0xffff),
                        said.number("--length", 100, 0xffff),
                        said.has("--df"));
        try (ControlClient daemon = said.daemon()) {
            TraceView trace = daemon.trace(request);
            if (!trace.refused().isEmpty()) {
                throw Said.wrong(trace.refused());
            }
            if (said.has("--json")) {
                console.out().println(Json.page(trace));
            } else {
                for (TraceView.Step step : trace.steps()) {
                    String stage =
                            step.stage() + " ".repeat(Math.max(1, 8 - step.stage().length()));
                    console.out()
                            .println(
                                    Printable.of(
                                            stage
                                                    + step.says()
                                                    + (step.last() ? "  [ends here]" : "")));
                }
            }
            console.out().flush();
            boolean leaves = trace.steps().stream().noneMatch(TraceView.Step::last);
            return (leaves ? Exit.OK : Exit.NO).code();
        }
    }

    private static int protocol(Said said, boolean v6) throws Trouble {
        String word = said.value("--protocol");
        return switch (word == null ? "udp" : word.toLowerCase(Locale.ROOT)) {
            case "udp" -> 17;
            case "tcp" -> 6;
            case "icmp" -> v6 ? 58 : 1;
            default -> said.number("--protocol", 0, 255);
        };
    }
}
