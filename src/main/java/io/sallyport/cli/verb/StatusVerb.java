package io.sallyport.cli.verb;

import io.sallyport.cli.console.Console;
import io.sallyport.cli.show.StatusScreen;
import io.sallyport.control.client.ControlClient;
import io.sallyport.control.local.Exit;
import io.sallyport.control.local.Trouble;
import io.sallyport.control.protocol.Json;
import io.sallyport.control.view.StatusView;
import java.time.Duration;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/// `status`: what every tunnel does, once or again and again.
public final class StatusVerb implements CliVerb {
    // Control sequences of ECMA-48, and the private modes of xterm for cursor and second screen.
    private static final String ENTER = "\033[?1049h\033[?25l";
    private static final String LEAVE = "\033[?25h\033[?1049l";
    private static final String HOME = "\033[H";
    private static final String CLEAR_LINE = "\033[K";
    private static final String CLEAR_BELOW = "\033[J";

    @Override
    public CommandSpec spec() {
        return Sheet.of(
                        "status",
                        "Show what every tunnel does",
                        "A table, then for each tunnel its state, SPIs, algorithms, ages and next",
                        "rekey, packets and octets each way, drops by reason, when the peer was last",
                        "heard and the round trip time. Exit code 0 means that every tunnel is up (or",
                        "stands by, or waits for its peer); 1 that at least one is not.")
                .flag("-s --short", "The table only.")
                .optionWithFallback(
                        "-w --watch",
                        "SECONDS",
                        "2",
                        "Again every SECONDS (2 if not said) until Ctrl-C, on a screen of its own;",
                        "with --json one object a line.")
                .flag("--json", "As JSON, every field always there; see docs/status-json.md.")
                .socket()
                .examples(
                        List.of(
                                "sallyport status",
                                "sallyport status --watch 1",
                                "sallyport status --json | jq '.tunnels[].state.name'"),
                        Exit.NO,
                        Exit.UNAVAILABLE,
                        Exit.PROTOCOL,
                        Exit.NOT_PERMITTED);
    }

    @Override
    public int run(ParseResult result, Console console) throws Trouble {
        Said said = new Said(result, console);
        try (ControlClient daemon = said.daemon()) {
            return said.has("--watch") ? watch(said, daemon) : once(said, daemon);
        }
    }

    private static int once(Said said, ControlClient daemon) throws Trouble {
        StatusView status = daemon.status();
        if (said.has("--json")) {
            said.console().out().println(Json.page(status));
        } else {
            lines(said, status).forEach(said.console().out()::println);
        }
        said.console().out().flush();
        return exit(status);
    }

    private static int exit(StatusView status) {
        boolean allWell = status.tunnels().stream().allMatch(t -> t.state().name().settled());
        return (allWell ? Exit.OK : Exit.NO).code();
    }

    private static List<String> lines(Said said, StatusView status) {
        Console console = said.console();
        StatusScreen screen = new StatusScreen(console.columns().getAsInt(), console.paint());
        return said.has("--short") ? screen.overview(status) : screen.full(status);
    }

    private static int watch(Said said, ControlClient daemon) throws Trouble {
        Console console = said.console();
        int seconds = said.number("--watch", 2, 86_400);
        boolean screen = console.terminal() && !said.has("--json");
        Thread restore = new Thread(() -> leave(console));
        if (screen) {
            Runtime.getRuntime().addShutdownHook(restore);
            console.out().print(ENTER);
        }
        try {
            StatusView status;
            do {
                status = daemon.status();
                show(said, status, screen);
            } while (console.time().pause(Duration.ofSeconds(Math.max(1, seconds))));
            return exit(status);
        } finally {
            if (screen) {
                Runtime.getRuntime().removeShutdownHook(restore);
                leave(console);
            }
        }
    }

    private static void leave(Console console) {
        console.out().print(LEAVE);
        console.out().flush();
    }

    private static void show(Said said, StatusView status, boolean screen) {
        Console console = said.console();
        StringBuilder page = new StringBuilder(screen ? HOME : "");
        if (said.has("--json")) {
            page.append(Json.line(status)).append('\n');
        } else {
            for (String line : lines(said, status)) {
                page.append(line).append(screen ? CLEAR_LINE : "").append('\n');
            }
            page.append(screen ? CLEAR_BELOW : "\n");
        }
        // In one piece, so that the screen does not flicker.
        console.out().print(page);
        console.out().flush();
    }
}
